/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/ldap_login.h"

#include "base/memory.h"
#include "source/watchdog.h"

#include <sasl/sasl.h>
#include <string.h>

/* Whether SASL is to load the file: its plug-in for GSSAPI, which brings GSS-SPNEGO as well. */
static int choose_gssapi(void *context, const char *file, sasl_verify_type_t type)
{
	(void)context;
	return type != SASL_VRFY_PLUGIN || strstr(file, "gssapi") ? SASL_OK : SASL_CONTINUE;
}

static int choose_none(void *context, const char *file, sasl_verify_type_t type)
{
	(void)context;
	(void)file;
	return type != SASL_VRFY_PLUGIN ? SASL_OK : SASL_CONTINUE;
}

/* SASL takes callbacks of any type as this one. */
#define CALLBACK(function) ((int (*)(void))(void (*)(void))(function))

void ldap_login_prepare(bool by_kerberos)
{
	static const sasl_callback_t gssapi[] = {
		{SASL_CB_VERIFYFILE, CALLBACK(choose_gssapi), NULL},
		{SASL_CB_LIST_END, NULL, NULL},
	};
	static const sasl_callback_t none[] = {
		{SASL_CB_VERIFYFILE, CALLBACK(choose_none), NULL},
		{SASL_CB_LIST_END, NULL, NULL},
	};

	/* where it fails, it fails again when it is needed, and is reported then */
	(void)sasl_client_init(by_kerberos ? gssapi : none);
}

#define REFUSED_BINDING                                                                            \
	"the TLS channel binding was refused: use --transport gssapi, or leave out what ends TLS " \
	"between here and the controller"

/* What AD means by "data 52e" in the diagnostic of a refused bind (its Windows error
 * codes, [MS-ERREF] 2.2), and what to do. */
static const struct {
	const char *code;
	const char *meaning;
} refusals[] = {
	{"data 525,", "there is no such account: look at its name"},
	{"data 52e,", "wrong password, or no such account: look at both"},
	{"data 530,", "the account may not log in at this hour: change its logon hours"},
	{"data 531,", "the account may not log in from this machine: add it to its workstations"},
	{"data 532,", "the account's password has expired: set a new one"},
	{"data 533,", "the account is disabled: enable it"},
	{"data 701,", "the account has expired: set a later date for it"},
	{"data 773,", "the account must change its password first: set it without that demand"},
	{"data 775,", "the account is locked out: unlock it"},
	{"data 57,", REFUSED_BINDING},
	{"data 80090346,", REFUSED_BINDING},
};

/* What code and words of a refused bind mean; NULL where they say it themselves. */
static const char *meaning_of(int code, const char *words)
{
	if (code == LDAP_STRONG_AUTH_REQUIRED)
		return "the controller demands signing: use --transport gssapi";
	for (size_t i = 0; code == LDAP_INVALID_CREDENTIALS && i < countof(refusals); i++) {
		if (strstr(words, refusals[i].code))
			return refusals[i].meaning;
	}
	return NULL;
}

/* Fills error for a bind that ended with code. */
static bool refused(const struct ldap_connection *connection, int code, struct error *error)
{
	const char *words = ldap_connection_words(connection, connection, code);
	const char *meaning = meaning_of(code, words);

	if (meaning)
		return error_set(error, ERROR_LOGIN, "login refused, %s: %s", meaning, words);
	/* what can not work at another controller either, and might lock the account */
	if (code == LDAP_INVALID_CREDENTIALS || code == LDAP_INVALID_DN_SYNTAX ||
	    code == LDAP_STRONG_AUTH_REQUIRED || code == LDAP_INAPPROPRIATE_AUTH ||
	    code == LDAP_CONFIDENTIALITY_REQUIRED || code == LDAP_NO_SUCH_OBJECT)
		return error_set(error, ERROR_LOGIN, "login refused: %s", words);
	return error_set(error, ERROR_CONNECT, "login failed: %s", words);
}

bool ldap_login_simple(struct ldap_connection *connection, const char *dn,
		       const struct ldap_password *password, struct error *error)
{
	struct berval credentials = {
		.bv_val = (char *)(uintptr_t)password->bytes, /* libldap only reads it */
		.bv_len = password->size,
	};
	LDAPMessage *answer;
	int code;
	int id;

	watchdog_waiting_for("the simple bind to %s", connection->server);
	(void)ldap_connection_limit_ms(connection);
	code = ldap_sasl_bind(connection->ld, dn, LDAP_SASL_SIMPLE, &credentials, NULL, NULL, &id);
	if (code != LDAP_SUCCESS)
		return refused(connection, code, error);
	ldap_connection_sent(connection, id);
	answer = ldap_connection_take(connection, id, error);
	if (!answer)
		return error_context(error, "simple bind");
	code = ldap_connection_result(connection, answer);
	ldap_msgfree(answer);
	return code == LDAP_SUCCESS || refused(connection, code, error);
}

/* SASL's questions (a name to act for, a realm) get no answer but their default. */
static int answer_nothing(LDAP *ld, unsigned flags, void *defaults, void *questions)
{
	(void)ld;
	(void)flags;
	(void)defaults;
	for (sasl_interact_t *question = questions; question->id != SASL_CB_LIST_END; question++) {
		question->result = question->defresult ? question->defresult : "";
		question->len = (unsigned)strlen(question->result);
	}
	return LDAP_SUCCESS;
}

/* One bind by that mechanism; libldap's code. *taken is false where no answer came and
 * error says so. */
static int bind_by(struct ldap_connection *connection, const char *mechanism, bool *taken,
		   struct error *error)
{
	LDAPMessage *answer = NULL;
	const char *chosen = NULL;
	int code;
	int id = 0;

	*taken = true;
	do {
		(void)ldap_connection_limit_ms(connection);
		code = ldap_sasl_interactive_bind(connection->ld, NULL, mechanism, NULL, NULL,
						  LDAP_SASL_QUIET, answer_nothing, NULL, answer,
						  &chosen, &id);
		ldap_msgfree(answer);
		answer = NULL;
		if (code == LDAP_SASL_BIND_IN_PROGRESS) {
			ldap_connection_sent(connection, id);
			answer = ldap_connection_take(connection, id, error);
			*taken = answer;
		}
	} while (answer);
	return code;
}

/* SASL failed on this machine, before the server could say anything. */
static bool failed_here(const struct ldap_connection *connection, int code, struct error *error)
{
	const char *words = ldap_connection_words(connection, connection, code);

	if (code == LDAP_AUTH_UNKNOWN)
		return error_set(error, ERROR_LOGIN,
				 "SASL has no Kerberos plug-in on this machine: install "
				 "libsasl2-modules-gssapi-mit (Debian) or cyrus-sasl-gssapi (Red "
				 "Hat): %s",
				 words);
	return error_set(error, ERROR_CONNECT, "Kerberos login failed: %s", words);
}

/* Whether the layer that SASL agreed upon both signs and seals. */
static bool check_sealed(const struct ldap_connection *connection, struct error *error)
{
	ber_len_t strength = 0;

	if (ldap_get_option(connection->ld, LDAP_OPT_X_SASL_SSF, &strength) == LDAP_OPT_SUCCESS &&
	    strength > 1)
		return true;
	return error_set(error, ERROR_LOGIN,
			 "the connection would not be encrypted (strength %lu), so it is not used",
			 (unsigned long)strength);
}

bool ldap_login_kerberos(struct ldap_connection *connection, bool sealed, struct error *error)
{
	/* SPNEGO needs one round trip, GSSAPI three; old libraries know the latter only */
	static const char *const mechanisms[] = {"GSS-SPNEGO", "GSSAPI"};
	int code = LDAP_AUTH_UNKNOWN;
	bool taken;

	watchdog_waiting_for("the Kerberos bind to %s", connection->server);
	for (size_t i = 0; i < countof(mechanisms); i++) {
		code = bind_by(connection, mechanisms[i], &taken, error);
		if (!taken)
			return error_context(error, "Kerberos bind");
		if (code != LDAP_AUTH_UNKNOWN && code != LDAP_AUTH_METHOD_NOT_SUPPORTED)
			break;
	}
	if (code == LDAP_SUCCESS)
		return !sealed || check_sealed(connection, error);
	return code < 0 ? failed_here(connection, code, error) : refused(connection, code, error);
}
