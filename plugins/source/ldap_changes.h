/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asks when and where attributes were changed: the replication metadata of accounts, and
 * the domain controllers that those name. What can not be read is missing in the answer;
 * nothing else depends on it.
 */
#ifndef SOURCE_LDAP_CHANGES_H
#define SOURCE_LDAP_CHANGES_H

#include "ad/directory.h"
#include "ad/guid.h"
#include "base/text.h"
#include "source/ldap_session.h"

#include <stddef.h>

/* Adds the entries of the DNs, with their metadata alone, to changes. */
void ldap_changes_read_metadata(struct ldap_session *session, const struct text_list *dns,
				struct directory *changes);

/* Adds the settings of the controllers with one of the invocation ids to changes. rootdse says
 * where the configuration is. */
void ldap_changes_read_controllers(struct ldap_session *session, const struct entry *rootdse,
				   const struct guid *ids, size_t count, struct directory *changes);

#endif
