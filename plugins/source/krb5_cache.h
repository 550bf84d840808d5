/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Credential caches: whose tickets one holds and whether they are still good.
 */
#ifndef SOURCE_KRB5_CACHE_H
#define SOURCE_KRB5_CACHE_H

#include "base/error.h"
#include "source/krb5_library.h"

/*
 * Looks into the cache of that name; with name NULL, into the one of principal, else into
 * the default one. False where it is missing, empty, of another principal than the one
 * given (unless NULL), or holds no ticket that is still good for a minute. *full_name
 * and *owner are filled then. Owner of both: context.
 */
bool krb5_cache_look(const void *context, krb5_context krb5, const char *name,
		     const char *principal, const char **full_name, const char **owner,
		     struct error *error);

/*
 * Takes the ticket for the KDC of owner's realm out of cache; the caller frees it with
 * krb5_free_cred_contents. An error code where there is none that is still good.
 */
krb5_error_code krb5_cache_own_ticket(krb5_context krb5, krb5_ccache cache, krb5_principal owner,
				      krb5_creds *ticket);

/* Whether the cache of that name holds such a ticket of its owner, and a forwardable one. */
bool krb5_cache_is_forwardable(krb5_context krb5, const char *name);

#endif
