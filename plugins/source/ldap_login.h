/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The bind: by Kerberos through SASL, or simple by DN and password. Knows what Active
 * Directory's refusals mean. Tickets are krb5_login's matter.
 */
#ifndef SOURCE_LDAP_LOGIN_H
#define SOURCE_LDAP_LOGIN_H

#include "base/error.h"
#include "source/ldap_connection.h"
#include "source/ldap_password.h"

/*
 * To be called before anything else of libldap. Of SASL's plug-ins, which would all be loaded
 * with libraries of their own, only the one for Kerberos is, and none for a simple bind.
 */
void ldap_login_prepare(bool by_kerberos);

/* Simple bind; the connection is under TLS. */
bool ldap_login_simple(struct ldap_connection *connection, const char *dn,
		       const struct ldap_password *password, struct error *error);

/*
 * SASL bind with the tickets of the environment; sealed: without TLS, where anything
 * less than signing and sealing is refused.
 */
bool ldap_login_kerberos(struct ldap_connection *connection, bool sealed, struct error *error);

#endif
