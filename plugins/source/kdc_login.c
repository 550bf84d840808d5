/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/kdc_login.h"

#include "base/memory.h"
#include "source/krb5_cache.h"

/* The name without its realm, as the directory has it: krb5_unparse_name escapes some
 * letters, account names are one component. */
static void name_login(const void *context, krb5_context krb5, krb5_principal owner,
		       struct kdc_login *login)
{
	struct error unimportant;

	if (!krb5_library_principal(context, krb5, owner, &login->principal, &unimportant))
		return;
	login->realm = memory_check(
		talloc_strndup(context, owner->realm.data, (size_t)owner->realm.length));
	login->account = owner->length == 1
				 ? memory_check(talloc_strndup(context, owner->data[0].data,
							       (size_t)owner->data[0].length))
				 : login->principal;
}

/* Fills login with what cache shows. */
static void look_into(const void *context, krb5_context krb5, krb5_ccache cache,
		      struct kdc_login *login)
{
	krb5_principal owner = NULL;
	krb5_creds ticket;

	if (krb5_cc_get_principal(krb5, cache, &owner))
		return;
	name_login(context, krb5, owner, login);
	if (!krb5_cache_own_ticket(krb5, cache, owner, &ticket)) {
		login->has_ticket = true;
		login->forwardable = (ticket.ticket_flags & TKT_FLG_FORWARDABLE) != 0;
		krb5_free_cred_contents(krb5, &ticket);
	}
	krb5_free_principal(krb5, owner);
}

void kdc_login_look(const void *context, struct kdc_login *login)
{
	krb5_context krb5 = NULL;
	krb5_ccache cache = NULL;

	*login = (struct kdc_login){0};
	if (krb5_init_context(&krb5))
		return;
	if (!krb5_cc_default(krb5, &cache)) {
		look_into(context, krb5, cache, login);
		(void)krb5_cc_close(krb5, cache);
	}
	krb5_free_context(krb5);
}
