/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Search result references: a server's word that something below the base of a search is
 * held elsewhere. None is followed; those that lead out of what was asked cost nothing, of
 * all others the directory is told.
 */
#ifndef SOURCE_LDAP_REFERENCE_H
#define SOURCE_LDAP_REFERENCE_H

#include "ad/directory.h"

#include <ldap.h>

/*
 * Takes the reference in message, which is one and came from server. It becomes a gap of
 * directory, once, unless it leads to another naming context: a domain (child domains, DNS
 * zones) or the configuration of the forest, of which nothing was asked.
 */
void ldap_reference_take(LDAP *ld, LDAPMessage *message, const char *server,
			 struct directory *directory);

#endif
