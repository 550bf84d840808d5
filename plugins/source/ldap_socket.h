/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A TCP connection with a bounded wait: libldap's own connect knows neither -4 and -6
 * nor a share of the time left for each address. Knows nothing of LDAP.
 */
#ifndef SOURCE_LDAP_SOCKET_H
#define SOURCE_LDAP_SOCKET_H

#include "base/error.h"

enum { LDAP_SOCKET_ADDRESS_SIZE = 64 };

struct ldap_socket {
	int fd;                                 /* closed by whom it is given to */
	char address[LDAP_SOCKET_ADDRESS_SIZE]; /* numeric, of the peer */
};

/*
 * Connects to the first address of host that answers; family is AF_UNSPEC, AF_INET or
 * AF_INET6. All addresses together get limit_ms, each an equal share. The error names
 * every address and why it failed.
 */
bool ldap_socket_connect(const char *host, unsigned port, int family, int limit_ms,
			 struct ldap_socket *socket, struct error *error);

#endif
