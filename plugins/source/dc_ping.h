/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asks domain controllers in which site this machine is: the "LDAP ping", one datagram
 * without a login. Nothing but an order of preference may depend on its answer, which
 * anybody on the way could forge.
 */
#ifndef SOURCE_DC_PING_H
#define SOURCE_DC_PING_H

#include "ad/netlogon.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Asks hosts, each next one only when those before do not answer soon, and takes the first
 * answer for domain that comes within limit_ms. False where none does.
 */
bool dc_ping(const char *const *hosts, size_t count, int family, const char *domain, int limit_ms,
	     struct netlogon_answer *answer);

/* Decodes a datagram, which must be a search entry with one attribute of one value, an answer
 * for domain. False where it is anything else. */
bool dc_ping_decode(const char *bytes, size_t size, const char *domain,
		    struct netlogon_answer *answer);

#endif
