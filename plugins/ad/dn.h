/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Distinguished names (RFC 4514) as Active Directory writes them: a form to compare
 * by, the parts that the program asks for. The text that is shown is never changed.
 */
#ifndef AD_DN_H
#define AD_DN_H

#include <stdbool.h>

/*
 * The form by which DNs are equal: ASCII letters in lower case, no blanks around
 * separators, every special character of a value as \xx. In it a comma only ever
 * separates RDNs. Owner: context. Anything is accepted; what is no DN gets a key that
 * equals only its own.
 */
char *dn_key(const void *context, const char *dn);

/* The parent in a DN or a key, inside of it; "" above the last RDN. */
const char *dn_parent(const char *dn);

/*
 * The domain part of a key, inside of it: the run of dc= at its end, which is the
 * naming context of an account; "" where there is none.
 */
const char *dn_key_domain(const char *key);

/* Value of the first RDN, unescaped: "HV01" of "CN=HV01,OU=x". Owner: context; ""
 * where there is none. */
char *dn_first_value(const void *context, const char *dn);

/* "hv.example.com" of "DC=hv,DC=example,DC=com", in lower case; NULL where the key is
 * not made of dc= alone. Owner: context. */
char *dn_key_dns_name(const void *context, const char *key);

#endif
