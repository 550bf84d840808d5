/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who belongs to a group, however deeply: walked from member level by level, safely
 * through cycles, primary groups included, every member DN accounted for. Goes on in other
 * domains of the forest as far as the global catalogue shows them.
 */
#ifndef MODEL_MEMBERSHIP_H
#define MODEL_MEMBERSHIP_H

#include "base/text.h"
#include "model/account.h"
#include "model/domain.h"
#include "model/selection.h"

struct entry_list {
	const struct entry **items;
	size_t count;
};

struct membership {
	struct entry_list accounts;   /* everything that is no group and no contact, by DN */
	struct entry_list groups;     /* walked, the group itself first */
	struct text_list foreign_dns; /* members of other domains that no catalogue showed */
	struct text_list unresolved;  /* DNs of this domain that have no entry */
	bool complete;                /* no list of members was cut short or hidden */
	bool types_known;             /* no group was left out because its type is hidden */
};

enum membership_scope {
	MEMBERSHIP_ALL_GROUPS,
	MEMBERSHIP_SECURITY_GROUPS, /* nested distribution groups convey nothing */
};

/*
 * Walks group. What could not be read (a list cut short, an unknown group type) is
 * added to unreadable, unless that is NULL, with the group as the subject. Owner: context.
 */
struct membership *membership_walk(const void *context, const struct domain *domain,
				   const struct entry *group, enum membership_scope scope,
				   struct unreadable_list *unreadable);

/*
 * The same for the privileged groups: a group of another domain that selection exempts is not
 * walked, but one of the accounts, as it is where no catalogue tells that it is a group; and
 * so is a foreignSecurityPrincipal that is exempt.
 */
struct membership *membership_walk_privileged(const void *context, const struct domain *domain,
					      const struct entry *group,
					      const struct selection *selection,
					      struct unreadable_list *unreadable);

/* Whether the members are all known, those of other domains apart. */
bool membership_is_whole(const struct membership *membership);

/* The SID of entry, or that which a foreignSecurityPrincipal stands for; false where it can not
 * be told. */
bool membership_sid(const struct entry *entry, struct sid *sid);

/* Adds each unresolved member to unreadable. Owner of the texts: context. */
void membership_report_unresolved(const void *context, const struct membership *membership,
				  struct unreadable_list *unreadable);

#endif
