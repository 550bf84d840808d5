/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/krb5_keytab.h"

#include "base/memory.h"
#include "base/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
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
	return !access(file, R_OK) || error_set_cause(error, ERROR_INPUT, errno, "keytab %s", file);
}

/* Whose keys were found, each once, in the order of the keytab. */
struct owners {
	const void *context;
	struct text_list names;
};

static bool add_owner(struct owners *owners, krb5_context krb5, krb5_const_principal principal,
		      struct error *error)
{
	const char *name;

	if (!krb5_library_principal(owners->context, krb5, principal, &name, error))
		return false;
	for (size_t i = 0; i < owners->names.count; i++) {
		if (!strcmp(owners->names.items[i], name))
			return true; /* another key: an earlier password or another cipher */
	}
	text_list_add(owners->context, &owners->names, name);
	return true;
}

static bool read_owners(krb5_context krb5, const char *name, krb5_keytab keytab,
			struct owners *owners, struct error *error)
{
	krb5_keytab_entry entry;
	krb5_kt_cursor cursor;
	krb5_error_code code = krb5_kt_start_seq_get(krb5, keytab, &cursor);
	bool read = true;

	if (!code) {
		while (read && !(code = krb5_kt_next_entry(krb5, keytab, &entry, &cursor))) {
			read = add_owner(owners, krb5, entry.principal, error);
			(void)krb5_free_keytab_entry_contents(krb5, &entry);
		}
		(void)krb5_kt_end_seq_get(krb5, keytab, &cursor);
	}
	if (!read || code == KRB5_KT_END)
		return read;
	return krb5_library_failed(krb5, code, ERROR_INPUT,
				   memory_format(owners->context, "keytab %s", name), error);
}

/* The one of names that is wanted (NULL: the first): the KDC of a domain does not mind the
 * case of letters, libkrb5 does, so the keytab's spelling is the one to use. */
static bool choose(const char *keytab, const struct text_list *names, const char *wanted,
		   const char **principal, struct error *error)
{
	enum { SHOWN_MAX = 5 };
	char *list;

	if (!names->count)
		return error_set(error, ERROR_INPUT, "keytab %s: no key in it", keytab);
	*principal = names->items[0];
	if (!wanted)
		return true;
	for (size_t i = 0; i < names->count; i++) {
		*principal = names->items[i];
		if (text_equal(*principal, wanted))
			return true;
	}
	list = memory_text(NULL, "");
	for (size_t i = 0; i < names->count && i < SHOWN_MAX; i++)
		list = memory_append(list, "%s%s", i ? ", " : "", names->items[i]);
	if (names->count > SHOWN_MAX)
		list = memory_append(list, " and %zu more", names->count - SHOWN_MAX);
	error_set(error, ERROR_INPUT, "the keytab has no key of %s, only of %s", wanted, list);
	talloc_free(list);
	return false;
}

bool krb5_keytab_look(const void *context, krb5_context krb5, const char *name, const char *wanted,
		      const char **principal, struct error *error)
{
	struct owners owners = {.context = context};
	krb5_keytab keytab = NULL;
	krb5_error_code code;
	bool known;

	if (!check_file(name, error))
		return false;
	code = krb5_kt_resolve(krb5, name, &keytab);
	if (code)
		return krb5_library_failed(krb5, code, ERROR_INPUT,
					   memory_format(context, "keytab %s", name), error);
	known = read_owners(krb5, name, keytab, &owners, error) &&
		choose(name, &owners.names, wanted, principal, error);
	(void)krb5_kt_close(krb5, keytab);
	return known;
}

const char *krb5_keytab_of_client(const void *context, krb5_context krb5)
{
	char name[MAX_KEYTAB_NAME_LEN + 1];
	krb5_keytab keytab = NULL;
	bool usable;

	if (krb5_kt_client_default(krb5, &keytab))
		return NULL;
	/* one that the user names is used, if only to say why it can not be */
	usable = (getenv("KRB5_CLIENT_KTNAME") || !krb5_kt_have_content(krb5, keytab)) &&
		 !krb5_kt_get_name(krb5, keytab, name, sizeof name);
	(void)krb5_kt_close(krb5, keytab);
	return usable ? memory_text(context, name) : NULL;
}

/* What libkrb5's error means to who runs the check; "%s" is the principal. */
static const struct {
	krb5_error_code code;
	enum error_kind kind;
	const char *meaning;
} meanings[] = {
	{KRB5KDC_ERR_PREAUTH_FAILED, ERROR_LOGIN,
	 "the KDC refuses the key of %s: its password was changed after the keytab was written, "
	 "so write the keytab anew"},
	{KRB5KRB_AP_ERR_BAD_INTEGRITY, ERROR_LOGIN,
	 "the key of %s does not fit: its password was changed after the keytab was written, so "
	 "write the keytab anew"},
	{KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN, ERROR_LOGIN,
	 "the domain has no account %s: name another one by --logname, or make it"},
	{KRB5KDC_ERR_CLIENT_REVOKED, ERROR_LOGIN,
	 "the account %s is disabled, locked out or expired: look at it in the directory and "
	 "enable "
	 "or unlock it"},
	{KRB5KDC_ERR_NAME_EXP, ERROR_LOGIN,
	 "the account %s has expired: set a later date for it in the directory"},
	{KRB5KDC_ERR_KEY_EXP, ERROR_LOGIN,
	 "the password of %s has expired: set a new one and write the keytab anew"},
	{KRB5KDC_ERR_ETYPE_NOSUPP, ERROR_LOGIN,
	 "the keytab has no key of %s of a type that the domain accepts: write it anew with AES "
	 "keys"},
	{KRB5_KT_NOTFOUND, ERROR_LOGIN, "the keytab has no key of %s"},
	{KRB5KRB_AP_ERR_SKEW, ERROR_LOGIN,
	 "the clocks of this machine and the KDC of %s are too far apart: set both by NTP"},
	{KRB5KDC_ERR_SVC_UNAVAILABLE, ERROR_CONNECT, "the KDC of %s is not available"},
	{KRB5_KDC_UNREACH, ERROR_CONNECT, "no KDC answered for %s"},
	{KRB5_REALM_UNKNOWN, ERROR_CONNECT,
	 "no KDC is known for %s: is the keytab of the domain that --domain names?"},
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
	if (code == KRB5_REALM_UNKNOWN) /* libkrb5 would only name the realm again */
		return error_set(error, meanings[i].kind, "%s", sentence);
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

/* The path of a cache that is a file, else NULL. */
static const char *path_of(const char *cache)
{
	if (!strncmp(cache, "FILE:", 5))
		return cache + 5;
	return strchr(cache, ':') ? NULL : cache;
}

/*
 * Stores the ticket so that other checks, which read the cache at the same time or fill it
 * as well, see it whole: a file is made beside it and takes its place.
 */
static krb5_error_code replace_ticket(krb5_context krb5, const char *cache,
				      krb5_principal principal, krb5_creds *ticket)
{
	const char *path = path_of(cache);
	krb5_error_code code;
	char *beside;
	int fd;

	if (!path)
		return store_ticket(krb5, cache, principal, ticket);
	beside = memory_format(NULL, "FILE:%s.XXXXXX", path);
	fd = mkstemp(beside + 5);
	if (fd < 0) {
		code = errno;
	} else {
		(void)close(fd);
		code = store_ticket(krb5, beside, principal, ticket);
		if (!code && rename(beside + 5, path))
			code = errno;
		if (code)
			(void)unlink(beside + 5);
	}
	talloc_free(beside);
	return code;
}

/* Says why the cache could not be written: libkrb5 passes on what the system says. */
static void not_written(krb5_context krb5, krb5_error_code code, const char *cache,
			struct error *error)
{
	char *sentence = memory_format(NULL, "the credential cache %s can not be written", cache);

	if (code == EACCES || code == EPERM)
		error_set_cause(error, ERROR_INPUT, code, "%s", sentence);
	else
		krb5_library_failed(krb5, code, ERROR_INPUT, sentence, error);
	talloc_free(sentence);
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
		code = replace_ticket(krb5, cache, owner, &ticket);
		if (code)
			not_written(krb5, code, cache, error);
	}
	krb5_free_cred_contents(krb5, &ticket);
	if (keys)
		(void)krb5_kt_close(krb5, keys);
	krb5_free_principal(krb5, owner);
	return !code;
}
