/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Kerberos tickets for the SASL library: from a keytab or from a cache that is there, into a
 * cache in memory. libkrb5's codes do not leave this file; its words do, behind a
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
 * network; unreadable, empty or expired ones are said. KRB5CCNAME names a cache in memory
 * from then on. Owner (also of that cache, which ends with it): context.
 */
struct krb5_login *krb5_login_new(const void *context, const struct ldap_settings *settings,
				  struct error *error);

/*
 * Makes address, of the controller host or of another one of its domain, the first KDC that is
 * asked where host belongs to the realm of the principal; then others (host names) are.
 */
bool krb5_login_choose_kdc(struct krb5_login *login, const char *host, const char *address,
			   const char *const *others, size_t other_count, struct error *error);

/*
 * Puts the ticket for the KDC, and that for the controller host, into the cache in memory: from
 * the cache that the user named, or else from the KDC (its address, in words), which gets
 * limit_ms. Where the KDC refuses what was kept the keytab gets another. ERROR_TIMEOUT where it
 * did not answer in that time; ERROR_CONNECT or ERROR_TIMEOUT: another controller may do better.
 */
bool krb5_login_get_tickets(struct krb5_login *login, const char *host, const char *kdc,
			    int limit_ms, struct trace *trace, struct error *error);

/*
 * After a login that failed: has the next krb5_login_get_tickets use none that were kept
 * before this run. False where none were used, or that was tried before.
 */
bool krb5_login_renew(struct krb5_login *login);

#endif
