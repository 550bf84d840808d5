/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TLS of an LDAP connection: the options, the handshake, and why one failed. The
 * certificate and the name in it are always verified.
 */
#ifndef SOURCE_LDAP_TLS_H
#define SOURCE_LDAP_TLS_H

#include "base/error.h"

struct ldap_connection;
struct ldap_settings;

/* Sets every TLS option of connection. */
bool ldap_tls_prepare(struct ldap_connection *connection, const char *ca_file, struct error *error);

/* StartTLS where the transport is that; then the handshake. */
bool ldap_tls_start(struct ldap_connection *connection, const struct ldap_settings *settings,
		    const char *ca_file, struct error *error);

#endif
