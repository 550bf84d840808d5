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

/*
 * Lists the global catalogues of the forest with that DNS name (none is a success): the SRV
 * records _ldap._tcp.gc._msdcs.FOREST, those of the site that settings name first. Owner:
 * context.
 */
bool dc_locator_find_catalogues(const void *context, const struct ldap_settings *settings,
				const char *forest, struct dc_candidate **candidates, size_t *count,
				struct trace *trace, struct error *error);

/* The port of a global catalogue for the transport of settings. */
unsigned dc_locator_catalogue_port(const struct ldap_settings *settings);

/* Adds the candidate of that name; false where it is none. Owner of the copy: context. */
bool dc_locator_add(const void *context, const char *host, unsigned port,
		    struct dc_candidate **candidates, size_t *count, struct error *error);

#endif
