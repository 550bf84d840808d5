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

struct admin {
	const char *name; /* sAMAccountName; of another domain's member its SID or DN */
	const char *dn;
	bool has_sid;
	struct sid sid;
	enum truth enabled;
	enum truth not_delegated;
	enum truth protected_users; /* a transitive member of Protected Users */
	enum truth protected;       /* the KDC will not let anybody delegate it */
	struct text_list via;       /* SIDs of the privileged groups reached, sorted */
};

struct admin_list {
	struct admin *items;
	size_t count;
	size_t group_count; /* privileged groups that could be read */
};

/*
 * The privileged groups of the domain, by SID: those of the domain and, where it is
 * the forest root, of the forest; those of BUILTIN. Empty of the first while the
 * domain's SID is not known. Owner: context.
 */
struct sid *admin_privileged_groups(const void *context, const struct domain *domain,
				    size_t *count);

/*
 * Collects the admins, sorted by name, then DN, and judges who is protected. What can
 * not be read is added to unreadable. Owner: context.
 */
void admin_list_read(const void *context, const struct domain *domain, struct admin_list *admins,
		     struct unreadable_list *unreadable);

#endif
