/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What keeps the KDC from letting an account be delegated: its own bit, or membership
 * in Protected Users where that counts.
 */
#ifndef MODEL_PROTECTION_H
#define MODEL_PROTECTION_H

#include "model/account.h"
#include "model/domain.h"

/* Protected Users: its members, or that it could not be read whole. */
struct protected_users;

/* Reads the group. What can not be read is added to unreadable, whose texts context
 * owns. Owner: context. */
struct protected_users *protected_users_read(const void *context, const struct domain *domain,
					     struct unreadable_list *unreadable);

/* Whether entry is a transitive member; unknown where the group could not be read whole
 * and entry is not among the members read. */
enum truth protected_users_has(const struct protected_users *protected_users,
			       const struct entry *entry);

/*
 * The verdict on an account: protected by its bit, or by the group from functional
 * level 6 on; what the group does is not known where the domain's own level is lower. Not RID
 * 500: a Windows KDC issues forwardable tickets for it even inside the group, and only the bit
 * stops that.
 */
enum truth protection_of(const struct domain *domain, const struct account *account,
			 enum truth protected_users);

/*
 * Whether that verdict is open because of the functional level: only then does it
 * matter, of a member of the group or of one who may be.
 */
bool protection_lacks_level(const struct domain *domain, enum truth protected_users,
			    enum truth verdict);

#endif
