/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keytabs: whose keys one holds, and a ticket by one of them.
 */
#ifndef SOURCE_KRB5_KEYTAB_H
#define SOURCE_KRB5_KEYTAB_H

#include "base/error.h"
#include "source/krb5_library.h"

/*
 * Reads the keytab of that name: the principal of it that is wanted, as it is spelled
 * there, or that of its first key where wanted is NULL. False where it can not be read, in
 * the system's words, or holds no such key; error says then whose keys it holds. Owner of
 * the text: context.
 */
bool krb5_keytab_look(const void *context, krb5_context krb5, const char *name, const char *wanted,
		      const char **principal, struct error *error);

/* The name of the client keytab: that of KRB5_CLIENT_KTNAME, else libkrb5's own where there
 * is one. NULL: there is none. Owner: context. */
const char *krb5_keytab_of_client(const void *context, krb5_context krb5);

/*
 * Asks the KDC for a ticket of principal by the key in keytab and puts it into cache,
 * whose old content goes, at one stroke where it is a file; a forwardable ticket where it is
 * to be one. ERROR_CONNECT where no KDC answered,
 * ERROR_LOGIN where one refused.
 */
bool krb5_keytab_login(krb5_context krb5, const char *keytab, const char *principal,
		       const char *cache, bool forwardable, struct error *error);

#endif
