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
	uint64_t begin_us;
	bool done;

	if (session->login && (connection->left_count || attempt->each) && !attempt->ca_file &&
	    !ldap_connection_ping(connection, error))
		return false;
	if (session->login &&
	    !krb5_login_get_ticket(session->login, connection->server, connection->socket.address,
				   attempt->hosts + index + 1, attempt->candidate_count - index - 1,
				   attempt->trace, error))
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
			     &attempt->candidate_count, error))
		return false;
	/* which of equals is the first must not be up to DNS where all of them are asked */
	if (attempt->each && !attempt->settings->server_count)
		qsort(attempt->candidates, attempt->candidate_count, sizeof *attempt->candidates,
		      compare_hosts);
	attempt->hosts = memory_array(context, const char *, attempt->candidate_count);
	for (size_t i = 0; i < attempt->candidate_count; i++)
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

/* Tries the controller of that index alone, on the login of another session. */
static void open_one(struct ldap_server *servers, const struct attempt *attempt, size_t index,
		     struct krb5_login *login)
{
	struct ldap_server *server = &servers[index];

	watchdog_share(attempt->candidate_count - index);
	server->session = memory_new(servers, struct ldap_session);
	server->session->login = login;
	if (try_candidate(server->session, attempt, index, &server->error))
		return;
	trace_add(attempt->trace, "%s failed: %s", server->host, server->error.text);
	talloc_free(server->session);
	server->session = NULL;
}

static struct ldap_server *open_each(const void *context, const struct attempt *attempt,
				     struct krb5_login *login)
{
	struct ldap_server *servers =
		memory_array(context, struct ldap_server, attempt->candidate_count);
	const struct ldap_server *refused = NULL;

	for (size_t i = 0; i < attempt->candidate_count; i++) {
		servers[i] = (struct ldap_server){.host = attempt->hosts[i]};
		if (refused)
			error_set(&servers[i].error, ERROR_LOGIN,
				  "not asked, since the login failed at %s, and failing again "
				  "would count towards a lock-out",
				  refused->host);
		else
			open_one(servers, attempt, i, login);
		if (servers[i].error.kind == ERROR_LOGIN && !refused)
			refused = &servers[i];
	}
	watchdog_share(1);
	return servers;
}

struct ldap_server *ldap_session_open_each(const void *context,
					   const struct ldap_settings *settings,
					   struct trace *trace, size_t *count, struct error *error)
{
	/* holds the login and the names, and no connection */
	struct ldap_session *keeper = memory_new(context, struct ldap_session);
	struct attempt attempt = {.settings = settings, .trace = trace, .each = true};
	struct ldap_server *servers = NULL;

	prepare_environment(settings);
	if (prepare(keeper, &attempt, error) && find_candidates(keeper, &attempt, error)) {
		servers = open_each(keeper, &attempt, keeper->login);
		*count = attempt.candidate_count;
	}
	ldap_password_wipe(&attempt.password);
	if (!servers)
		talloc_free(keeper);
	return servers;
}

const char *ldap_session_server(const struct ldap_session *session)
{
	return session->connection->server;
}

struct ldap_connection *ldap_session_connection(struct ldap_session *session)
{
	return session->connection;
}
