/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Kerberos tickets for the SASL library: from a keytab into a cache in memory, or from
 * a cache that is there. libkrb5's codes do not leave this file; its words do, behind a
 * sentence that an administrator can act on.
 */
#ifndef SOURCE_KRB5_LOGIN_H
#define SOURCE_KRB5_LOGIN_H

#include "base/error.h"
#include "source/ldap_session.h"
#include "source/trace.h"

#include <stddef.h>

struct krb5_login;

/*
 * Looks at the keytab or cache that settings name, before anything is asked of the
 * network; unreadable, empty or expired ones are said. The cache's name is put into
 * KRB5CCNAME. Owner (also of the cache in memory, which ends with it): context.
 */
struct krb5_login *krb5_login_new(const void *context, const struct ldap_settings *settings,
				  struct error *error);

/*
 * Gets a ticket from the KDC where the cache has none yet. host and address are those of
 * the controller that was chosen; it is the first KDC asked where it belongs to the
 * realm of the principal, then others (host names) are. ERROR_CONNECT where no KDC
 * answered, so that another controller may do better.
 */
bool krb5_login_get_ticket(struct krb5_login *login, const char *host, const char *address,
			   const char *const *others, size_t other_count, struct trace *trace,
			   struct error *error);

#endif
