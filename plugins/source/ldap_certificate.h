/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The dates of an X.509 certificate, to say why TLS refused it. Only ever used for the
 * words of an error: what is trusted is decided by the TLS library.
 */
#ifndef SOURCE_LDAP_CERTIFICATE_H
#define SOURCE_LDAP_CERTIFICATE_H

#include <ldap.h>

enum ldap_certificate_age {
	CERTIFICATE_UNKNOWN, /* the dates can not be read */
	CERTIFICATE_EARLY,   /* not valid yet */
	CERTIFICATE_VALID,
	CERTIFICATE_EXPIRED,
};

enum { LDAP_CERTIFICATE_DATE_SIZE = 16 };

/*
 * Whether certificate (DER, RFC 5280 4.1) is valid today by its dates; date is the one
 * that it violates, "YYYYMMDDHHMMSS" in UTC.
 */
enum ldap_certificate_age ldap_certificate_age(struct berval *certificate,
					       char date[LDAP_CERTIFICATE_DATE_SIZE]);

#endif
