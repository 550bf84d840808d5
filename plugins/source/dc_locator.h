/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which domain controllers to try, in which order: those the user named, else those
 * that DNS names, the nearest first. Knows nothing of connections.
 */
#ifndef SOURCE_DC_LOCATOR_H
#define SOURCE_DC_LOCATOR_H

#include "base/error.h"
#include "source/ldap_session.h"

#include <stddef.h>

/* A controller that may be asked. */
struct dc_candidate {
	const char *host; /* as named by the user or DNS: certificate and SPN must fit it */
	unsigned port;
};

/*
 * Lists the candidates (at least one) by settings: the servers named, else the SRV
 * records _ldap._tcp.dc._msdcs.DOMAIN by priority ([MS-ADTS] 6.3.2.3), those of the site
 * first, which is the one named, else that of this machine by the word of a controller. A
 * site that can not be found out costs a moment and the preference. Owner: context.
 */
bool dc_locator_find(const void *context, const struct ldap_settings *settings,
		     struct dc_candidate **candidates, size_t *count, struct trace *trace,
		     struct error *error);

#endif
