/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which certificate authorities are trusted: a file of the user's or the system's.
 */
#ifndef SOURCE_LDAP_CA_H
#define SOURCE_LDAP_CA_H

#include "base/error.h"

/*
 * The file of certificates to trust: given, else (NULL) the bundle of the system. False
 * where it can not be read or holds no certificate.
 */
bool ldap_ca_find(const char *given, const char **ca_file, struct error *error);

#endif
