/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/ldap_session.h"

#include "base/memory.h"
#include "source/dc_locator.h"
#include "source/dc_tries.h"
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
	bool reached;              /* the last try may be repeated: there was a connection, with
				      TLS if any, and no password was sent */
	bool refused;              /* the bind failed then */
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
	const char *kdc;    /* its host or address; NULL: the controller itself */
	unsigned kept;      /* beside a session, whose login serves: shares of the time kept */
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
	ldap_login_prepare(!settings->bind_dn);
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
	if (!settings->password_file && !settings->password)
		return error_set(error, ERROR_USAGE, "--bind-dn needs --password-file");
	if (settings->password) {
		attempt->password = *settings->password;
		return true;
	}
	return ldap_password_read(settings->password_file, &attempt->password, error);
}

/* Beside another session the KDC was chosen already. */
static bool choose_kdc(struct ldap_session *session, const struct attempt *attempt, size_t index,
		       const char *kdc, struct error *error)
{
	return attempt->kept || krb5_login_choose_kdc(session->login, attempt->hosts[index], kdc,
						      attempt->hosts + index + 1,
						      attempt->candidate_count - index - 1, error);
}

/* Logs in at the controller of that index. */
static bool log_in(struct ldap_session *session, const struct attempt *attempt, size_t index,
		   struct error *error)
{
	const struct ldap_settings *settings = attempt->settings;
	struct ldap_connection *connection = session->connection;
	const char *kdc = attempt->kdc ? attempt->kdc : connection->socket.address;
	uint64_t begin_us;
	bool done;

	if (session->login && connection->left_count && !attempt->ca_file &&
	    !ldap_connection_ping(connection, error))
		return false;
	if (session->login &&
	    (!choose_kdc(session, attempt, index, kdc, error) ||
	     !krb5_login_get_tickets(session->login, connection->server, kdc,
				     ldap_connection_limit_ms(connection), attempt->trace, error)))
		return false;
	begin_us = trace_clock_us();
	/* whether a password was counted is not known where no answer came: it is not sent again */
	session->reached = session->login;
	if (session->login)
		done = ldap_login_kerberos(connection, settings->transport == TRANSPORT_GSSAPI,
					   error);
	else
		done = ldap_login_simple(connection, settings->bind_dn, &attempt->password, error);
	session->refused = !done;
	if (done)
		trace_add(attempt->trace, "%.1f ms: bind to %s",
			  (double)(trace_clock_us() - begin_us) / 1000, connection->server);
	return done;
}

/* Connects, protects and logs in at the controller of that index. */
static bool connect_and_log_in(struct ldap_session *session, const struct attempt *attempt,
			       size_t index, struct error *error)
{
	size_t left = attempt->candidate_count - index - 1 + attempt->kept;

	session->reached = false;
	session->connection =
		ldap_connection_open(session, &attempt->candidates[index], (unsigned)left,
				     attempt->settings, attempt->ca_file, attempt->trace, error);
	if (!session->connection)
		return false;
	session->reached =
		!attempt->ca_file ||
		ldap_tls_start(session->connection, attempt->settings, attempt->ca_file, error);
	if (session->reached && log_in(session, attempt, index, error)) {
		session->connection->left_count = attempt->kept ? 1 : 0;
		return true;
	}
	talloc_free(session->connection);
	session->connection = NULL;
	return false;
}

/* Tries the controller of that index, and once more where it refused tickets that were kept. */
static bool try_candidate(struct ldap_session *session, const struct attempt *attempt, size_t index,
			  struct error *error)
{
	struct error first;

	session->refused = false;
	if (connect_and_log_in(session, attempt, index, error))
		return true;
	if (!session->refused || !session->login || error->kind == ERROR_TIMEOUT ||
	    !krb5_login_renew(session->login))
		return false;
	trace_add(attempt->trace, "tickets that were kept are renewed: %s", error->text);
	first = *error;
	return connect_and_log_in(session, attempt, index, error) ||
	       error_set(error, error->kind, "%s; and with new tickets: %s", first.text,
			 error->text);
}

/* What dc_tries calls. */
struct trial {
	struct ldap_session *session;
	const struct attempt *attempt;
};

static bool try_of_many(void *data, size_t index, bool *reached, struct error *error)
{
	struct trial *trial = data;
	bool open = try_candidate(trial->session, trial->attempt, index, error);

	*reached = trial->session->reached;
	return open;
}

static bool try_candidates(struct ldap_session *session, const struct attempt *attempt,
			   struct error *error)
{
	struct trial trial = {.session = session, .attempt = attempt};
	size_t tried;

	if (!dc_tries_run(attempt->hosts, attempt->candidate_count, try_of_many, &trial, &tried,
			  attempt->trace, error))
		return false;
	session->others = attempt->hosts + tried;
	session->other_count = attempt->candidate_count - tried;
	return true;
}

/* Reads what a login beside session needs on this machine. */
static bool prepare_beside(struct ldap_session *session, struct attempt *attempt,
			   struct error *error)
{
	const struct ldap_settings *settings = attempt->settings;

	if (settings->transport != TRANSPORT_GSSAPI &&
	    !ldap_ca_find(settings->ca_file, &attempt->ca_file, error))
		return false;
	if (session->login)
		return true;
	if (settings->password) {
		attempt->password = *settings->password;
		return true;
	}
	if (!strcmp(settings->password_file, "-"))
		return error_set(error, ERROR_LOGIN,
				 "standard input gives the password for one login only: put it "
				 "into a file (--password-file)");
	return ldap_password_read(settings->password_file, &attempt->password, error);
}

struct ldap_session *ldap_session_open_beside(const void *context, struct ldap_session *session,
					      const struct ldap_settings *settings,
					      const struct dc_candidate *candidate, unsigned kept,
					      struct trace *trace, struct error *error)
{
	struct ldap_session *beside = memory_new(context, struct ldap_session);
	struct dc_candidate copy = *candidate;
	struct attempt attempt = {
		.settings = settings,
		.candidates = &copy,
		.candidate_count = 1,
		.hosts = &copy.host,
		.kdc = settings->kdc ? settings->kdc : session->connection->socket.address,
		.kept = kept,
		.trace = trace,
	};
	bool open;

	beside->login = session->login;
	open = prepare_beside(session, &attempt, error) &&
	       try_candidate(beside, &attempt, 0, error);
	ldap_password_wipe(&attempt.password);
	if (open)
		return beside;
	talloc_free(beside);
	return NULL;
}

static bool find_candidates(const void *context, struct attempt *attempt, struct error *error)
{
	if (!dc_locator_find(context, attempt->settings, &attempt->candidates,
			     &attempt->candidate_count, attempt->trace, error))
		return false;
	attempt->hosts = memory_array(context, const char *, attempt->candidate_count);
	for (size_t i = 0; attempt->candidates && i < attempt->candidate_count; i++)
		attempt->hosts[i] = attempt->candidates[i].host;
	return true;
}

struct ldap_session *ldap_session_open(const void *context, const struct ldap_settings *settings,
				       struct trace *trace, struct error *error)
{
	struct ldap_session *session = memory_new(context, struct ldap_session);
	struct attempt attempt = {.settings = settings, .kdc = settings->kdc, .trace = trace};
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

bool ldap_session_find_all(const void *context, const struct ldap_settings *settings,
			   struct ldap_password *password, struct ldap_settings **each,
			   size_t *count, struct trace *trace, struct error *error)
{
	struct dc_candidate *candidates;

	prepare_environment(settings);
	if (settings->bind_dn && !ldap_password_read(settings->password_file, password, error))
		return false;
	if (!dc_locator_find(context, settings, &candidates, count, trace, error))
		return false;
	*each = memory_array(context, struct ldap_settings, *count);
	for (size_t i = 0; i < *count; i++) {
		(*each)[i] = *settings;
		(*each)[i].servers = &candidates[i].host;
		(*each)[i].server_count = 1;
		(*each)[i].port = candidates[i].port;
		(*each)[i].password = settings->bind_dn ? password : NULL;
	}
	return true;
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
