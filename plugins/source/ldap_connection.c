/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/ldap_connection.h"

#include "base/memory.h"
#include "source/ldap_tls.h"
#include "source/watchdog.h"

#include <openldap.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

/*
 * libldap opens a lost connection anew by itself: without TLS, without login, to an
 * address of its own choice. This callback, which it asks after each connect of its own,
 * forbids that; our sockets never pass here.
 */
static int refuse_connect(LDAP *ld, Sockbuf *sockbuf, LDAPURLDesc *server, struct sockaddr *address,
			  struct ldap_conncb *callback)
{
	(void)ld;
	(void)sockbuf;
	(void)server;
	(void)address;
	(void)callback;
	return -1;
}

static void ignore_close(LDAP *ld, Sockbuf *sockbuf, struct ldap_conncb *callback)
{
	(void)ld;
	(void)sockbuf;
	(void)callback;
}

static int close_connection(struct ldap_connection *connection)
{
	if (connection->ld)
		(void)ldap_unbind_ext(connection->ld, NULL, NULL);
	return 0;
}

static bool set_options(struct ldap_connection *connection, const struct ldap_settings *settings,
			struct error *error)
{
	const int version = LDAP_VERSION3;
	const int deref = LDAP_DEREF_NEVER;
	const int binding = LDAP_OPT_X_SASL_CBINDING_TLS_ENDPOINT;
	bool sealed = settings->transport == TRANSPORT_GSSAPI;
	/* over TLS, AD refuses a second layer: [MS-ADTS] 5.1.1.1.2 */
	const char *layers =
		sealed ? "noanonymous,noplain,minssf=56" : "noanonymous,noplain,maxssf=0";
	const struct {
		int option;
		const void *value;
	} options[] = {
		{LDAP_OPT_PROTOCOL_VERSION, &version},
		/* libldap would chase with our credentials whatever an answer names */
		{LDAP_OPT_REFERRALS, LDAP_OPT_OFF},
		{LDAP_OPT_DEREF, &deref},
		/* a signal must not end a wait */
		{LDAP_OPT_RESTART, LDAP_OPT_ON},
		{LDAP_OPT_CONNECT_CB, &connection->no_reconnect},
		/* the SPN is that of the name we were given, whatever DNS says of it */
		{LDAP_OPT_X_SASL_NOCANON, LDAP_OPT_ON},
		{LDAP_OPT_X_SASL_SECPROPS, layers},
		{LDAP_OPT_X_SASL_CBINDING, &binding},
	};

	for (size_t i = 0; i < countof(options); i++) {
		if (ldap_set_option(connection->ld, options[i].option, options[i].value) !=
		    LDAP_OPT_SUCCESS)
			return error_set(error, ERROR_INTERNAL,
					 "libldap does not take the option 0x%x",
					 (unsigned)options[i].option);
	}
	return true;
}

/* Gives the connected socket to a new handle, which closes it from then on. */
static bool make_handle(struct ldap_connection *connection, const struct ldap_settings *settings,
			struct error *error)
{
	bool brackets = strchr(connection->server, ':');
	/* certificate and SPN are checked against the host of this URL; TLS is begun by
	 * ldap_tls_start, whatever the scheme */
	char *url =
		memory_format(connection, "ldap://%s%s%s:%u", brackets ? "[" : "",
			      connection->server, brackets ? "]" : "", connection->controller.port);
	int code = ldap_init_fd(connection->socket.fd, LDAP_PROTO_TCP, url, &connection->ld);

	if (code != LDAP_SUCCESS) {
		connection->ld = NULL;
		(void)close(connection->socket.fd);
		return error_set(error, ERROR_INTERNAL, "libldap: %s", ldap_err2string(code));
	}
	connection->patience.fd = connection->socket.fd;
	(void)ldap_connection_limit_ms(connection);
	if (!ldap_patience_install(connection->ld, &connection->patience))
		return error_set(error, ERROR_INTERNAL, "libldap does not give its socket");
	return set_options(connection, settings, error);
}

struct ldap_connection *
ldap_connection_open(const void *context, const struct dc_candidate *controller,
		     unsigned left_count, const struct ldap_settings *settings, const char *ca_file,
		     struct trace *trace, struct error *error)
{
	struct ldap_connection *connection = memory_new(context, struct ldap_connection);
	uint64_t begin_us = trace_clock_us();
	int limit_ms;

	*connection = (struct ldap_connection){
		.controller = *controller,
		.server = controller->host,
		.left_count = left_count,
		.trace = trace,
		.round_begin = 1,
		.no_reconnect = {.lc_add = refuse_connect, .lc_del = ignore_close},
	};
	talloc_set_destructor(connection, close_connection);
	limit_ms = ldap_connection_limit_ms(connection);
	/* half of the share, since the login has to follow */
	if (!ldap_socket_connect(controller->host, controller->port, settings->family,
				 limit_ms / 2 + 1, &connection->socket, error) ||
	    !make_handle(connection, settings, error) ||
	    (ca_file && !ldap_tls_prepare(connection, ca_file, error))) {
		talloc_free(connection);
		return NULL;
	}
	trace_add(trace, "%.1f ms: connect to %s (%s), port %u",
		  (double)(trace_clock_us() - begin_us) / 1000, controller->host,
		  connection->socket.address, controller->port);
	return connection;
}

int ldap_connection_limit_ms(struct ldap_connection *connection)
{
	int left_ms = watchdog_left_ms();
	int limit_ms = (left_ms - left_ms / 10) / (int)(connection->left_count + 1);
	struct timeval limit;

	if (limit_ms < 1)
		limit_ms = 1;
	if (!connection->ld)
		return limit_ms;
	limit = (struct timeval){.tv_sec = limit_ms / 1000, .tv_usec = limit_ms % 1000 * 1000};
	(void)ldap_set_option(connection->ld, LDAP_OPT_NETWORK_TIMEOUT, &limit);
	(void)ldap_set_option(connection->ld, LDAP_OPT_TIMEOUT, &limit);
	ldap_patience_begin(&connection->patience, limit_ms);
	return limit_ms;
}

bool ldap_connection_ping(struct ldap_connection *connection, struct error *error)
{
	char none[] = LDAP_NO_ATTRS;
	char *attributes[] = {none, NULL};
	LDAPMessage *answer;
	bool ended;
	int id;
	int code = ldap_search_ext(connection->ld, "", LDAP_SCOPE_BASE, "(objectClass=*)",
				   attributes, 0, NULL, NULL, NULL, LDAP_NO_LIMIT, &id);

	if (code != LDAP_SUCCESS)
		return error_set(error, ERROR_CONNECT, "%s",
				 ldap_connection_words(connection, connection, code));
	ldap_connection_sent(connection, id);
	watchdog_waiting_for("the first answer of %s", connection->server);
	do {
		answer = ldap_connection_take(connection, id, error);
		if (!answer)
			return false;
		ended = ldap_msgtype(answer) == LDAP_RES_SEARCH_RESULT;
		ldap_msgfree(answer);
	} while (!ended);
	return true;
}

void ldap_connection_sent(struct ldap_connection *connection, int id)
{
	connection->last_id = id;
	connection->trace->request_count++;
}

/* What was sent before this answer came did not wait for it. */
static void count_round_trip(struct ldap_connection *connection, int id)
{
	if (id < connection->round_begin)
		return;
	connection->trace->round_trip_count++;
	connection->round_begin = connection->last_id + 1;
}

LDAPMessage *ldap_connection_take(struct ldap_connection *connection, int id, struct error *error)
{
	int limit_ms = ldap_connection_limit_ms(connection);
	struct timeval limit = {.tv_sec = limit_ms / 1000, .tv_usec = limit_ms % 1000 * 1000};
	LDAPMessage *answer = NULL;
	int code = LDAP_OTHER;
	char *words;
	int type;

	type = ldap_result(connection->ld, id, LDAP_MSG_ONE, &limit, &answer);
	if (type > 0) {
		count_round_trip(connection, ldap_msgid(answer));
		return answer;
	}
	connection->lost = true;
	(void)ldap_get_option(connection->ld, LDAP_OPT_RESULT_CODE, &code);
	if (type == 0 || connection->patience.ended) {
		error_set(error, ERROR_TIMEOUT, "no answer for %.1f s", limit_ms / 1000.0);
		return NULL;
	}
	words = memory_text(NULL, ldap_connection_words(connection, connection, code));
	error_set(error, ERROR_CONNECT, "the connection was lost: %s", words);
	talloc_free(words);
	return NULL;
}

int ldap_connection_result(struct ldap_connection *connection, LDAPMessage *answer)
{
	int code = LDAP_OTHER;
	int failure = ldap_parse_result(connection->ld, answer, &code, NULL, NULL, NULL, NULL, 0);

	return failure == LDAP_SUCCESS ? code : failure;
}

const char *ldap_connection_words(const void *context, const struct ldap_connection *connection,
				  int code)
{
	char *diagnostic = NULL;
	const char *words = ldap_err2string(code);

	(void)ldap_get_option(connection->ld, LDAP_OPT_DIAGNOSTIC_MESSAGE, &diagnostic);
	if (diagnostic && *diagnostic)
		words = memory_format(context, "%s (%s, %d)", diagnostic, words, code);
	else
		words = memory_format(context, "%s (%d)", words, code);
	ldap_memfree(diagnostic);
	return words;
}
