/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/ldap_session.h"

#include "base/memory.h"
#include "source/dc_locator.h"
#include "source/krb5_login.h"
#include "source/ldap_ca.h"
#include "source/ldap_connection.h"
#include "source/ldap_login.h"
#include "source/ldap_password.h"
#include "source/ldap_tls.h"
#include "source/watchdog.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

struct ldap_session {
	struct krb5_login *login; /* NULL for a simple bind; outlives the connection */
	struct ldap_connection *connection;
	bool reached;              /* the controller answered before the login */
	const char *const *others; /* the hosts that were not tried */
	size_t other_count;
};

/* What a login needs, gathered before the network is touched. */
struct attempt {
	const struct ldap_settings *settings;
	const char *ca_file; /* NULL without TLS */
	struct ldap_password password;
	struct dc_candidate *candidates;
	size_t candidate_count;
	const char **hosts; /* of the candidates, in the same order */
	bool each;          /* every candidate is asked, in its share of the time */
	const char *kdc;    /* then: the address of one that is known to answer; or NULL */
	struct trace *trace;
};

/*
 * A scheduler runs us in /tmp, where anybody may leave an ldaprc that turns verification
 * off; libldap is not touched before this. Diagnostics go to standard error only where
 * the user asked: a tracing variable left in the environment is no such wish.
 */
static void prepare_environment(const struct ldap_settings *settings)
{
	/* calls and connections; not packets (0x10), where a password would show */
	const int diagnostics = 0x1 | 0x8;
	const int silence = 0;
	bool verbose = settings->verbosity >= 3;

	(void)setenv("LDAPNOINIT", "1", 1);
	/* a server that hangs up while libldap writes must not end the process */
	(void)signal(SIGPIPE, SIG_IGN);
	/* glibc waits 5 s for a dead name server, half of the usual deadline */
	(void)setenv("RES_OPTIONS", "timeout:1 attempts:3", 0);
	if (verbose)
		(void)setenv("KRB5_TRACE", "/dev/stderr", 1);
	else
		(void)unsetenv("KRB5_TRACE");
	(void)ldap_set_option(NULL, LDAP_OPT_DEBUG_LEVEL, verbose ? &diagnostics : &silence);
}

/* Reads what is on this machine: certificates, password, keytab or cache. */
static bool prepare(struct ldap_session *session, struct attempt *attempt, struct error *error)
{
	const struct ldap_settings *settings = attempt->settings;
	bool tls = settings->transport != TRANSPORT_GSSAPI;

	if (tls && !ldap_ca_find(settings->ca_file, &attempt->ca_file, error))
		return false;
	if (!settings->bind_dn) {
		session->login = krb5_login_new(session, settings, error);
		return session->login;
	}
	if (!tls)
		return error_set(error, ERROR_USAGE,
				 "--bind-dn sends the password: only with --transport starttls or "
				 "ldaps");
	if (!settings->password_file)
		return error_set(error, ERROR_USAGE, "--bind-dn needs --password-file");
	return ldap_password_read(settings->password_file, &attempt->password, error);
}

/* Logs in at the controller of that index. */
static bool log_in(struct ldap_session *session, const struct attempt *attempt, size_t index,
		   struct error *error)
{
	const struct ldap_settings *settings = attempt->settings;
	struct ldap_connection *connection = session->connection;
	const char *kdc = attempt->kdc ? attempt->kdc : connection->socket.address;
	size_t others = attempt->each ? 0 : attempt->candidate_count - index - 1;
	uint64_t begin_us;
	bool done;

	if (session->login && (connection->left_count || attempt->each) && !attempt->ca_file &&
	    !ldap_connection_ping(connection, error))
		return false;
	session->reached = true;
	if (session->login &&
	    (!krb5_login_choose_kdc(session->login, connection->server, kdc,
				    attempt->hosts + index + 1, others, error) ||
	     !krb5_login_get_tickets(session->login, connection->server, kdc,
				     ldap_connection_limit_ms(connection), attempt->trace, error)))
		return false;
	begin_us = trace_clock_us();
	if (session->login)
		done = ldap_login_kerberos(connection, settings->transport == TRANSPORT_GSSAPI,
					   error);
	else
		done = ldap_login_simple(connection, settings->bind_dn, &attempt->password, error);
	if (done)
		trace_add(attempt->trace, "%.1f ms: bind to %s",
			  (double)(trace_clock_us() - begin_us) / 1000, connection->server);
	return done;
}

/* Connects, protects and logs in at the controller of that index. */
static bool try_candidate(struct ldap_session *session, const struct attempt *attempt, size_t index,
			  struct error *error)
{
	size_t left = attempt->each ? 0 : attempt->candidate_count - index - 1;

	session->connection =
		ldap_connection_open(session, &attempt->candidates[index], (unsigned)left,
				     attempt->settings, attempt->ca_file, attempt->trace, error);
	if (!session->connection)
		return false;
	if ((!attempt->ca_file ||
	     ldap_tls_start(session->connection, attempt->settings, attempt->ca_file, error)) &&
	    log_in(session, attempt, index, error)) {
		session->connection->left_count = 0;
		return true;
	}
	talloc_free(session->connection);
	session->connection = NULL;
	return false;
}

/* Tries each controller; the reasons of all that failed make the error. */
static bool try_candidates(struct ldap_session *session, const struct attempt *attempt,
			   struct error *error)
{
	char *reasons = memory_text(session, "");
	enum error_kind kind = ERROR_TIMEOUT;

	for (size_t i = 0; i < attempt->candidate_count; i++) {
		if (try_candidate(session, attempt, i, error)) {
			session->others = attempt->hosts + i + 1;
			session->other_count = attempt->candidate_count - i - 1;
			talloc_free(reasons);
			return true;
		}
		trace_add(attempt->trace, "%s failed: %s", attempt->hosts[i], error->text);
		reasons = memory_check(talloc_asprintf_append(reasons, "%s%s: %s", i ? "; " : "",
							      attempt->hosts[i], error->text));
		if (error->kind != ERROR_TIMEOUT)
			kind = error->kind;
		/* elsewhere it would fail as well, and count towards a lock-out */
		if (error->kind == ERROR_LOGIN)
			break;
	}
	error_set(error, kind, "%s", reasons);
	talloc_free(reasons);
	return false;
}

static int compare_hosts(const void *a, const void *b)
{
	const struct dc_candidate *left = a, *right = b;

	return strcmp(left->host, right->host);
}

static bool find_candidates(const void *context, struct attempt *attempt, struct error *error)
{
	if (!dc_locator_find(context, attempt->settings, &attempt->candidates,
			     &attempt->candidate_count, attempt->trace, error))
		return false;
	/* which of equals is the first must not be up to DNS where all of them are asked */
	if (attempt->each && attempt->candidates && !attempt->settings->server_count)
		qsort(attempt->candidates, attempt->candidate_count, sizeof *attempt->candidates,
		      compare_hosts);
	attempt->hosts = memory_array(context, const char *, attempt->candidate_count);
	for (size_t i = 0; attempt->candidates && i < attempt->candidate_count; i++)
		attempt->hosts[i] = attempt->candidates[i].host;
	return true;
}

struct ldap_session *ldap_session_open(const void *context, const struct ldap_settings *settings,
				       struct trace *trace, struct error *error)
{
	struct ldap_session *session = memory_new(context, struct ldap_session);
	struct attempt attempt = {.settings = settings, .trace = trace};
	bool open;

	prepare_environment(settings);
	open = prepare(session, &attempt, error) && find_candidates(session, &attempt, error) &&
	       try_candidates(session, &attempt, error);
	ldap_password_wipe(&attempt.password);
	if (open)
		return session;
	talloc_free(session);
	return NULL;
}

struct ldap_servers {
	struct ldap_session *keeper; /* holds the login, and no connection */
	struct attempt attempt;
	const char *refused_by; /* the controller at which the login failed, or NULL */
};

static int wipe_password(struct ldap_servers *servers)
{
	ldap_password_wipe(&servers->attempt.password);
	return 0;
}

struct ldap_servers *ldap_servers_find(const void *context, const struct ldap_settings *settings,
				       struct trace *trace, struct error *error)
{
	struct ldap_servers *servers = memory_new(context, struct ldap_servers);

	talloc_set_destructor(servers, wipe_password);
	servers->keeper = memory_new(servers, struct ldap_session);
	servers->attempt = (struct attempt){.settings = settings, .trace = trace, .each = true};
	prepare_environment(settings);
	if (prepare(servers->keeper, &servers->attempt, error) &&
	    find_candidates(servers, &servers->attempt, error))
		return servers;
	talloc_free(servers);
	return NULL;
}

size_t ldap_servers_count(const struct ldap_servers *servers)
{
	return servers->attempt.candidate_count;
}

const char *ldap_servers_host(const struct ldap_servers *servers, size_t index)
{
	return servers->attempt.hosts[index];
}

/*
 * Tries the controller of that index. A silent KDC costs it its share of the time, so one that
 * is known to answer is asked for the ticket; what it does not know yet the controller's own
 * may.
 */
static bool try_server(struct ldap_servers *servers, struct ldap_session *session, size_t index,
		       struct error *error)
{
	struct attempt *attempt = &servers->attempt;
	const char *kdc = attempt->kdc;

	if (try_candidate(session, attempt, index, error)) {
		if (!kdc)
			attempt->kdc = memory_text(servers, session->connection->socket.address);
		return true;
	}
	trace_add(attempt->trace, "%s failed: %s", attempt->hosts[index], error->text);
	if (!kdc || !session->login || !session->reached || error->kind == ERROR_TIMEOUT)
		return false;
	attempt->kdc = NULL;
	if (try_candidate(session, attempt, index, error)) {
		attempt->kdc = kdc;
		return true;
	}
	attempt->kdc = kdc;
	return false;
}

struct ldap_session *ldap_servers_open(struct ldap_servers *servers, size_t index,
				       struct error *error)
{
	struct ldap_session *session;

	if (servers->refused_by) {
		error_set(error, ERROR_LOGIN,
			  "not asked, since the login failed at %s, and failing again would "
			  "count towards a lock-out",
			  servers->refused_by);
		return NULL;
	}
	session = memory_new(servers, struct ldap_session);
	session->login = servers->keeper->login;
	if (try_server(servers, session, index, error))
		return session;
	/* a ticket that is there already is no guess at a password */
	if (error->kind == ERROR_LOGIN && !(session->login && servers->attempt.kdc))
		servers->refused_by = ldap_servers_host(servers, index);
	talloc_free(session);
	return NULL;
}

bool ldap_session_choose_kdc(const struct ldap_session *session, struct error *error)
{
	const struct ldap_connection *connection = session->connection;

	return !session->login || krb5_login_choose_kdc(session->login, connection->server,
							connection->socket.address, NULL, 0, error);
}

const char *ldap_session_server(const struct ldap_session *session)
{
	return session->connection->server;
}

const char *const *ldap_session_others(const struct ldap_session *session, size_t *count)
{
	*count = session->other_count;
	return session->others;
}

bool ldap_session_is_spent(const struct ldap_session *session)
{
	return session->connection->lost || session->connection->overloaded;
}

struct ldap_connection *ldap_session_connection(struct ldap_session *session)
{
	return session->connection;
}
