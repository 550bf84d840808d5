/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/krb5_cache.h"

#include "base/memory.h"

#include <string.h>
#include <time.h>

/* A ticket that ends within so many seconds is as good as none. */
enum { USABLE_S = 60 };

static krb5_error_code open_cache(krb5_context krb5, const char *name, const char *principal,
				  krb5_ccache *cache)
{
	krb5_principal owner = NULL;
	krb5_error_code code;

	if (name)
		return krb5_cc_resolve(krb5, name, cache);
	if (!principal)
		return krb5_cc_default(krb5, cache);
	code = krb5_parse_name(krb5, principal, &owner);
	if (!code)
		code = krb5_cc_cache_match(krb5, owner, cache);
	krb5_free_principal(krb5, owner);
	return code;
}

/* When the last ticket of cache ends, 0 where there is none. */
static time_t last_end(krb5_context krb5, krb5_ccache cache)
{
	krb5_cc_cursor cursor;
	krb5_creds ticket;
	time_t last = 0;

	if (krb5_cc_start_seq_get(krb5, cache, &cursor))
		return 0;
	while (!krb5_cc_next_cred(krb5, cache, &cursor, &ticket)) {
		time_t end = (time_t)(uint32_t)ticket.times.endtime; /* good until 2106 */

		if (!krb5_is_config_principal(krb5, ticket.server) && end > last)
			last = end;
		krb5_free_cred_contents(krb5, &ticket);
	}
	(void)krb5_cc_end_seq_get(krb5, cache, &cursor);
	return last;
}

static bool look(const void *context, krb5_context krb5, krb5_ccache cache, const char *principal,
		 const char **owner, struct error *error)
{
	const char *type = krb5_cc_get_type(krb5, cache);
	const char *name = krb5_cc_get_name(krb5, cache);
	krb5_principal holder = NULL;
	krb5_error_code code = krb5_cc_get_principal(krb5, cache, &holder);
	bool known;

	if (code)
		return krb5_library_failed(
			krb5, code, ERROR_LOGIN,
			"the credential cache is missing, empty or broken (kinit "
			"makes one, --keytab needs none)",
			error);
	known = krb5_library_principal(context, krb5, holder, owner, error);
	krb5_free_principal(krb5, holder);
	if (!known)
		return false;
	if (principal && strcmp(principal, *owner) != 0)
		return error_set(error, ERROR_LOGIN,
				 "the credential cache %s:%s belongs to %s, not to %s", type, name,
				 *owner, principal);
	if (last_end(krb5, cache) < time(NULL) + USABLE_S)
		return error_set(error, ERROR_LOGIN,
				 "the credential cache %s:%s holds no ticket of %s that has not "
				 "expired",
				 type, name, *owner);
	return true;
}

bool krb5_cache_look(const void *context, krb5_context krb5, const char *name,
		     const char *principal, const char **full_name, const char **owner,
		     struct error *error)
{
	krb5_ccache cache = NULL;
	char *text = NULL;
	bool usable;
	krb5_error_code code = open_cache(krb5, name, principal, &cache);

	if (code)
		return krb5_library_failed(krb5, code, ERROR_LOGIN, "no credential cache", error);
	usable = look(context, krb5, cache, principal, owner, error);
	code = usable ? krb5_cc_get_full_name(krb5, cache, &text) : 0;
	if (text)
		*full_name = memory_text(context, text);
	krb5_free_string(krb5, text);
	(void)krb5_cc_close(krb5, cache);
	if (code)
		return krb5_library_failed(krb5, code, ERROR_LOGIN, "credential cache", error);
	return usable;
}

krb5_error_code krb5_cache_own_ticket(krb5_context krb5, krb5_ccache cache, krb5_principal owner,
				      krb5_creds *ticket)
{
	krb5_creds wanted = {.client = owner};
	krb5_error_code code = krb5_build_principal_ext(
		krb5, &wanted.server, owner->realm.length, owner->realm.data, KRB5_TGS_NAME_SIZE,
		KRB5_TGS_NAME, owner->realm.length, owner->realm.data, 0);

	if (code)
		return code;
	code = krb5_cc_retrieve_cred(krb5, cache, 0, &wanted, ticket);
	krb5_free_principal(krb5, wanted.server);
	if (code || (time_t)(uint32_t)ticket->times.endtime >= time(NULL) + USABLE_S)
		return code;
	krb5_free_cred_contents(krb5, ticket);
	return KRB5_CC_NOTFOUND;
}

bool krb5_cache_is_forwardable(krb5_context krb5, const char *name)
{
	krb5_ccache cache = NULL;
	krb5_principal owner = NULL;
	krb5_creds ticket;
	bool forwardable = false;

	if (!krb5_cc_resolve(krb5, name, &cache) && !krb5_cc_get_principal(krb5, cache, &owner) &&
	    !krb5_cache_own_ticket(krb5, cache, owner, &ticket)) {
		forwardable = (ticket.ticket_flags & TKT_FLG_FORWARDABLE) != 0;
		krb5_free_cred_contents(krb5, &ticket);
	}
	krb5_free_principal(krb5, owner);
	if (cache)
		(void)krb5_cc_close(krb5, cache);
	return forwardable;
}
