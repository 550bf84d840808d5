/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The end of patience with a peer, below everything that reads from it: libldap's own
 * timeouts end neither a TLS handshake that stands still (GnuTLS asks again for ever)
 * nor a server that stops in the middle of an answer.
 */
#ifndef SOURCE_LDAP_PATIENCE_H
#define SOURCE_LDAP_PATIENCE_H

#include <ldap.h>
#include <stdbool.h>
#include <stdint.h>

struct ldap_patience {
	int fd;
	uint64_t end_us; /* of trace_clock_us */
	bool ended;      /* a read or write was given up since */
};

/* Puts patience, which outlives ld, between the socket of ld and all layers above it. A peer that
 * announces a message of more than 256 MiB is not waited for either. */
bool ldap_patience_install(LDAP *ld, struct ldap_patience *patience);

/* From now on reads and writes wait for limit_ms together at most. */
void ldap_patience_begin(struct ldap_patience *patience, int limit_ms);

#endif
