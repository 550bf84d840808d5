/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The password of a simple bind: read from a file or standard input, kept in one place,
 * wiped from there.
 */
#ifndef SOURCE_LDAP_PASSWORD_H
#define SOURCE_LDAP_PASSWORD_H

#include "base/error.h"

#include <stddef.h>

enum { LDAP_PASSWORD_MAX = 1024 };

struct ldap_password {
	char bytes[LDAP_PASSWORD_MAX]; /* not terminated */
	size_t size;
};

/* Reads the password in file ("-": standard input), without the newline at its end. An
 * empty one is refused. */
bool ldap_password_read(const char *file, struct ldap_password *password, struct error *error);

/* Overwrites password in a way that no compiler leaves out. */
void ldap_password_wipe(struct ldap_password *password);

#endif
