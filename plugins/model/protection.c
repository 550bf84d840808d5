/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/protection.h"

#include "base/memory.h"
#include "model/membership.h"

struct mark {
	const struct entry *entry;
	UT_hash_handle hh;
};

struct protected_users {
	struct mark *marks; /* uthash: the members read */
	enum truth others;  /* of an account that is not among them */
};

static int protected_users_destroy(struct protected_users *protected_users)
{
	HASH_CLEAR(hh, protected_users->marks);
	return 0;
}

static void read_members(const void *context, const struct domain *domain,
			 const struct entry *group, struct protected_users *protected_users,
			 struct unreadable_list *unreadable)
{
	struct membership *membership =
		membership_walk(context, domain, group, MEMBERSHIP_SECURITY_GROUPS, unreadable);

	membership_report_unresolved(context, membership, unreadable);
	if (!membership->complete)
		protected_users->others = TRUTH_UNKNOWN;
	for (size_t i = 0; i < membership->accounts.count; i++) {
		struct mark *mark = memory_new(protected_users, struct mark);

		mark->entry = membership->accounts.items[i];
		HASH_ADD_PTR(protected_users->marks, entry, mark);
	}
}

struct protected_users *protected_users_read(const void *context, const struct domain *domain,
					     struct unreadable_list *unreadable)
{
	struct protected_users *protected_users = memory_new(context, struct protected_users);
	const struct entry *group = domain_find_rid(domain, RID_PROTECTED_USERS);

	talloc_set_destructor(protected_users, protected_users_destroy);
	protected_users->others = TRUTH_NO;
	if (group) {
		if (!account_confirm_group(context, group, unreadable))
			protected_users->others = TRUTH_UNKNOWN;
		read_members(context, domain, group, protected_users, unreadable);
	} else if (!domain->has_sid || domain->functional_level == FUNCTIONAL_LEVEL_UNKNOWN) {
		protected_users->others = TRUTH_UNKNOWN;
	} else if (domain->functional_level >= FUNCTIONAL_LEVEL_2012_R2) {
		/* below that level there need not be one */
		unreadable_add_sid(context, unreadable, &domain->sid, RID_PROTECTED_USERS);
		protected_users->others = TRUTH_UNKNOWN;
	}
	return protected_users;
}

enum truth protected_users_has(const struct protected_users *protected_users,
			       const struct entry *entry)
{
	struct mark *mark;

	HASH_FIND_PTR(protected_users->marks, &entry, mark);
	return mark ? TRUTH_YES : protected_users->others;
}

/* Whether the functional level, as far as it is known, does not tell what membership does. */
static bool level_is_open(const struct domain *domain)
{
	return domain->functional_level == FUNCTIONAL_LEVEL_UNKNOWN ||
	       (domain->functional_level >= FUNCTIONAL_LEVEL_2012_R2 && domain->own_level_low);
}

/* Whether membership keeps the KDC from issuing a forwardable ticket. */
static enum truth group_protects(const struct domain *domain, const struct account *account,
				 enum truth protected_users)
{
	uint32_t rid;

	if (protected_users == TRUTH_NO)
		return TRUTH_NO;
	if (domain->functional_level != FUNCTIONAL_LEVEL_UNKNOWN &&
	    domain->functional_level < FUNCTIONAL_LEVEL_2012_R2)
		return TRUTH_NO;
	if (!account->has_sid || !domain->has_sid)
		return TRUTH_UNKNOWN;
	if (sid_in_domain(&account->sid, &domain->sid, &rid) && rid == RID_ADMINISTRATOR)
		return TRUTH_NO;
	return level_is_open(domain) ? TRUTH_UNKNOWN : protected_users;
}

enum truth protection_of(const struct domain *domain, const struct account *account,
			 enum truth protected_users)
{
	return truth_or(account->not_delegated, group_protects(domain, account, protected_users));
}

bool protection_lacks_level(const struct domain *domain, enum truth protected_users,
			    enum truth verdict)
{
	return level_is_open(domain) && verdict == TRUTH_UNKNOWN && protected_users != TRUTH_NO;
}
