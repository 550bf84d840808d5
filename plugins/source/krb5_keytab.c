/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/krb5_keytab.h"

#include "base/memory.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/*
 * Says why a keytab file can not be read in the system's words: libkrb5 would say
 * "nonexistent or empty" of each.
 */
static bool check_file(const char *name, struct error *error)
{
	const char *file = strncmp(name, "FILE:", 5) ? name : name + 5;

	if (file == name && *name != '/' && strchr(name, ':'))
		return true; /* of another type: libkrb5's matter */
	return !access(file, R_OK) ||
	       error_set(error, ERROR_INPUT, "keytab %s: %s", file, strerror(errno));
}

static krb5_error_code first_entry(krb5_context krb5, krb5_keytab keytab, krb5_keytab_entry *entry)
{
	krb5_kt_cursor cursor;
	krb5_error_code code = krb5_kt_start_seq_get(krb5, keytab, &cursor);

	if (code)
		return code;
	code = krb5_kt_next_entry(krb5, keytab, entry, &cursor);
	(void)krb5_kt_end_seq_get(krb5, keytab, &cursor);
	return code;
}

bool krb5_keytab_look(const void *context, krb5_context krb5, const char *name,
		      const char **principal, struct error *error)
{
	krb5_keytab keytab = NULL;
	krb5_keytab_entry entry;
	krb5_error_code code;
	bool known = false;

	if (!check_file(name, error))
		return false;
	code = krb5_kt_resolve(krb5, name, &keytab);
	if (!code)
		code = first_entry(krb5, keytab, &entry);
	if (code == KRB5_KT_END) {
		error_set(error, ERROR_INPUT, "keytab %s: no key in it", name);
	} else if (code) {
		krb5_library_failed(krb5, code, ERROR_INPUT,
				    memory_format(context, "keytab %s", name), error);
	} else {
		known = krb5_library_principal(context, krb5, entry.principal, principal, error);
		(void)krb5_free_keytab_entry_contents(krb5, &entry);
	}
	if (keytab)
		(void)krb5_kt_close(krb5, keytab);
	return known;
}

/* What libkrb5's error means to who runs the check; "%s" is the principal. */
static const struct {
	krb5_error_code code;
	enum error_kind kind;
	const char *meaning;
} meanings[] = {
	{KRB5KDC_ERR_PREAUTH_FAILED, ERROR_LOGIN,
	 "the KDC refuses the key of %s: its password was changed after the keytab was written"},
	{KRB5KRB_AP_ERR_BAD_INTEGRITY, ERROR_LOGIN,
	 "the key of %s does not fit: its password was changed after the keytab was written"},
	{KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN, ERROR_LOGIN, "the domain has no account %s"},
	{KRB5KDC_ERR_CLIENT_REVOKED, ERROR_LOGIN,
	 "the account %s is disabled, locked out or expired"},
	{KRB5KDC_ERR_NAME_EXP, ERROR_LOGIN, "the account %s has expired"},
	{KRB5KDC_ERR_KEY_EXP, ERROR_LOGIN, "the password of %s has expired"},
	{KRB5KDC_ERR_ETYPE_NOSUPP, ERROR_LOGIN,
	 "the keytab has no key of %s of a type that the domain accepts"},
	{KRB5_KT_NOTFOUND, ERROR_LOGIN, "the keytab has no key of %s"},
	{KRB5KRB_AP_ERR_SKEW, ERROR_LOGIN,
	 "the clocks of this machine and the KDC of %s are too far apart"},
	{KRB5KDC_ERR_SVC_UNAVAILABLE, ERROR_CONNECT, "the KDC of %s is not available"},
	{KRB5_KDC_UNREACH, ERROR_CONNECT, "no KDC answered for %s"},
	{KRB5_REALM_UNKNOWN, ERROR_CONNECT, "no KDC is known for %s"},
	{KRB5_REALM_CANT_RESOLVE, ERROR_CONNECT, "no KDC could be found for %s"},
	{0, ERROR_LOGIN, "no ticket for %s"}, /* the last one: whatever else */
};

static bool refused(krb5_context krb5, krb5_error_code code, const char *principal,
		    struct error *error)
{
	char sentence[512];
	size_t i = 0;

	while (meanings[i].code && meanings[i].code != code)
		i++;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* the table above has all of them */
	(void)snprintf(sentence, sizeof sentence, meanings[i].meaning, principal);
#pragma GCC diagnostic pop
	return krb5_library_failed(krb5, code, meanings[i].kind, sentence, error);
}

static krb5_error_code get_ticket(krb5_context krb5, krb5_keytab keytab, krb5_principal principal,
				  bool forwardable, krb5_creds *ticket)
{
	krb5_get_init_creds_opt *options = NULL;
	krb5_error_code code = krb5_get_init_creds_opt_alloc(krb5, &options);

	if (code)
		return code;
	/* a ticket that leaks must not be of use to others */
	krb5_get_init_creds_opt_set_forwardable(options, forwardable);
	krb5_get_init_creds_opt_set_proxiable(options, 0);
	code = krb5_get_init_creds_keytab(krb5, ticket, principal, keytab, 0, NULL, options);
	krb5_get_init_creds_opt_free(krb5, options);
	return code;
}

static krb5_error_code store_ticket(krb5_context krb5, const char *name, krb5_principal principal,
				    krb5_creds *ticket)
{
	krb5_ccache cache = NULL;
	krb5_error_code code = krb5_cc_resolve(krb5, name, &cache);

	if (code)
		return code;
	code = krb5_cc_initialize(krb5, cache, principal);
	if (!code)
		code = krb5_cc_store_cred(krb5, cache, ticket);
	(void)krb5_cc_close(krb5, cache);
	return code;
}

bool krb5_keytab_login(krb5_context krb5, const char *keytab, const char *principal,
		       const char *cache, bool forwardable, struct error *error)
{
	krb5_keytab keys = NULL;
	krb5_principal owner = NULL;
	krb5_creds ticket = {0};
	krb5_error_code code = krb5_parse_name(krb5, principal, &owner);

	if (!code)
		code = krb5_kt_resolve(krb5, keytab, &keys);
	if (!code)
		code = get_ticket(krb5, keys, owner, forwardable, &ticket);
	if (code) {
		refused(krb5, code, principal, error);
	} else {
		code = store_ticket(krb5, cache, owner, &ticket);
		if (code)
			krb5_library_failed(krb5, code, ERROR_INPUT,
					    "the credential cache can not be written", error);
	}
	krb5_free_cred_contents(krb5, &ticket);
	if (keys)
		(void)krb5_kt_close(krb5, keys);
	krb5_free_principal(krb5, owner);
	return !code;
}
