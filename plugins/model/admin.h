/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The privileged accounts of a domain: who belongs to a privileged group, and what
 * protects each from being delegated.
 */
#ifndef MODEL_ADMIN_H
#define MODEL_ADMIN_H

#include "base/text.h"
#include "model/account.h"
#include "model/domain.h"
#include "model/protection.h"
#include "model/selection.h"

struct admin {
	const char *name; /* sAMAccountName; of another domain's member with "@domain" behind it,
			     or its SID or DN where nothing else is known */
	const char *dn;
	bool has_sid;
	struct sid sid;
	enum truth enabled;
	enum truth not_delegated;
	enum truth protected_users; /* a transitive member of Protected Users */
	enum truth protected;       /* the KDC will not let anybody delegate it */
	bool exempt;                /* the policy does not want it judged */
	bool elsewhere;             /* of another domain */
	bool unresolved;            /* and nothing more is known of it: it may be a group */
	struct text_list via;       /* SIDs of the privileged groups reached, sorted */
};

struct admin_list {
	struct admin *items;
	size_t count;
	size_t group_count; /* privileged groups that could be read */
};

/*
 * Collects the admins, sorted by name, then DN, and says who is protected and who exempt.
 * What can not be read is added to unreadable, but not what is of exempt ones. Owner: context.
 */
void admin_list_read(const void *context, const struct domain *domain,
		     const struct selection *selection,
		     const struct protected_users *protected_users, struct admin_list *admins,
		     struct unreadable_list *unreadable);

#endif
