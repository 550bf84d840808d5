/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/ldap_tls.h"

#include "base/memory.h"
#include "source/ldap_certificate.h"
#include "source/ldap_connection.h"
#include "source/watchdog.h"

/* Sets all options and makes a TLS context of them; require is how strict it is. */
static bool set_options(struct ldap_connection *connection, const char *ca_file, int require,
			struct error *error)
{
	const int minimum = LDAP_OPT_X_TLS_PROTOCOL_TLS1_2;
	const int client = 0;
#ifdef LDAP_OPT_X_TLS_REQUIRE_SAN
	/* the common name counts only where there is no alternative one: RFC 6125 6.4.4 */
	const int name = LDAP_OPT_X_TLS_TRY;
#endif
	const struct {
		int option;
		const void *value;
	} options[] = {
		{LDAP_OPT_X_TLS_CACERTFILE, ca_file},    {LDAP_OPT_X_TLS_REQUIRE_CERT, &require},
		{LDAP_OPT_X_TLS_PROTOCOL_MIN, &minimum},
#ifdef LDAP_OPT_X_TLS_REQUIRE_SAN
		{LDAP_OPT_X_TLS_REQUIRE_SAN, &name},
#endif
		{LDAP_OPT_X_TLS_NEWCTX, &client}, /* the last one: it applies the others */
	};

	for (size_t i = 0; i < countof(options); i++) {
		if (ldap_set_option(connection->ld, options[i].option, options[i].value) !=
		    LDAP_OPT_SUCCESS)
			return error_set(error, ERROR_INTERNAL,
					 "the TLS library does not take the option 0x%x "
					 "(certificates of %s)",
					 (unsigned)options[i].option, ca_file);
	}
	return true;
}

bool ldap_tls_prepare(struct ldap_connection *connection, const char *ca_file, struct error *error)
{
	return set_options(connection, ca_file, LDAP_OPT_X_TLS_DEMAND, error);
}

/* Asks the server to go on with TLS. */
static bool ask_starttls(struct ldap_connection *connection, struct error *error)
{
	LDAPMessage *answer;
	int id;
	int code;

	watchdog_waiting_for("the answer of %s to StartTLS", connection->server);
	(void)ldap_connection_limit_ms(connection);
	code = ldap_start_tls(connection->ld, NULL, NULL, &id);
	if (code == LDAP_SUCCESS) {
		ldap_connection_sent(connection, id);
		answer = ldap_connection_take(connection, id, error);
		if (!answer)
			return error_context(error, "StartTLS");
		code = ldap_connection_result(connection, answer);
		ldap_msgfree(answer);
	}
	if (code == LDAP_SUCCESS)
		return true;
	return error_set(error, ERROR_CONNECT, "StartTLS was refused: %s",
			 ldap_connection_words(connection, connection, code));
}

/* How much of the certificate another handshake overlooks. */
enum leniency {
	OVERLOOK_NAME,
	OVERLOOK_ALL,
};

/*
 * Repeats a handshake that failed on a connection of its own, which is closed after it and
 * carries nothing: GnuTLS tells every cause alike ("unknown error code"). certificate, whose
 * bv_val is the caller's, is filled where it succeeds.
 */
static bool repeat_handshake(const struct ldap_connection *failed,
			     const struct ldap_settings *settings, const char *ca_file,
			     enum leniency leniency, struct berval *certificate)
{
	const int allow = LDAP_OPT_X_TLS_ALLOW;
	struct error ignored;
	struct ldap_connection *again =
		ldap_connection_open(failed, &failed->controller, failed->left_count + 1, settings,
				     ca_file, failed->trace, &ignored);
	bool succeeded;

	if (!again)
		return false;
	/* libldap checks the chain as the context was made, the name as the handle is set */
	succeeded = (leniency == OVERLOOK_NAME ||
		     set_options(again, ca_file, LDAP_OPT_X_TLS_ALLOW, &ignored)) &&
		    ldap_set_option(again->ld, LDAP_OPT_X_TLS_REQUIRE_CERT, &allow) ==
			    LDAP_OPT_SUCCESS &&
		    (settings->transport != TRANSPORT_STARTTLS || ask_starttls(again, &ignored)) &&
		    ldap_install_tls(again->ld) == LDAP_SUCCESS;
#ifdef LDAP_OPT_X_TLS_PEERCERT
	if (succeeded)
		(void)ldap_get_option(again->ld, LDAP_OPT_X_TLS_PEERCERT, certificate);
#endif
	talloc_free(again);
	return succeeded;
}

/* Says why the handshake failed with code. */
static bool explain(const struct ldap_connection *connection, const struct ldap_settings *settings,
		    const char *ca_file, int code, struct error *error)
{
	const char *words = ldap_connection_words(connection, connection, code);
	char date[LDAP_CERTIFICATE_DATE_SIZE];
	enum ldap_certificate_age age;
	struct berval certificate = {0};

	if (repeat_handshake(connection, settings, ca_file, OVERLOOK_NAME, &certificate)) {
		ber_memfree(certificate.bv_val);
		return error_set(error, ERROR_CONNECT,
				 "TLS: its certificate is not for %s: name the controller as the "
				 "certificate does",
				 connection->server);
	}
	if (!repeat_handshake(connection, settings, ca_file, OVERLOOK_ALL, &certificate))
		return error_set(
			error, ERROR_CONNECT,
			"TLS: no handshake with port %u (is that the port of this transport?): %s",
			connection->controller.port, words);
	age = ldap_certificate_age(&certificate, date);
	ber_memfree(certificate.bv_val);
	if (age == CERTIFICATE_EXPIRED || age == CERTIFICATE_EARLY)
		return error_set(error, ERROR_CONNECT, "TLS: its certificate is %s %.4s-%.2s-%.2s",
				 age == CERTIFICATE_EARLY ? "not valid before" : "expired since",
				 date, date + 4, date + 6);
	return error_set(error, ERROR_CONNECT,
			 "TLS: its certificate does not verify (%s): name the domain's CA by "
			 "--ca-file",
			 ca_file);
}

bool ldap_tls_start(struct ldap_connection *connection, const struct ldap_settings *settings,
		    const char *ca_file, struct error *error)
{
	uint64_t begin_us = trace_clock_us();
	int limit_ms;
	int code;

	if (settings->transport == TRANSPORT_STARTTLS && !ask_starttls(connection, error))
		return false;
	watchdog_waiting_for("the TLS handshake with %s", connection->server);
	limit_ms = ldap_connection_limit_ms(connection);
	code = ldap_install_tls(connection->ld);
	if (code != LDAP_SUCCESS && connection->patience.ended)
		return error_set(error, ERROR_TIMEOUT, "TLS: no answer for %.1f s",
				 limit_ms / 1000.0);
	if (code != LDAP_SUCCESS)
		return explain(connection, settings, ca_file, code, error);
	trace_add(connection->trace, "%.1f ms: TLS", (double)(trace_clock_us() - begin_us) / 1000);
	return true;
}
