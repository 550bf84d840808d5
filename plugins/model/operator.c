/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/operator.h"

#include "base/memory.h"

static void add_operator(const void *context, const struct domain *domain,
			 const struct entry *entry, const struct protected_users *protected_users,
			 struct operator_list *operators, struct unreadable_list *unreadable)
{
	struct operator_account *added = memory_add(context, operators->items, operators->count);

	account_read(context, entry, &added->account);
	account_report(context, &added->account, added->account.name, unreadable);
	added->protected_users = protected_users_has(protected_users, entry);
	added->protected = protection_of(domain, &added->account, added->protected_users);
}

/* Adds the accounts that a word means, a name, pattern or SID; false where nobody is. */
static bool add_word(const void *context, const struct domain *domain, const char *word,
		     const struct protected_users *protected_users, struct operator_list *operators,
		     struct unreadable_list *unreadable)
{
	size_t before = operators->count;
	struct sid sid;
	bool is_sid = sid_parse_text(word, &sid);
	const struct entry *entry =
		is_sid ? domain_find_sid(domain, &sid) : domain_next_account(domain, word, NULL);

	while (entry) {
		if (account_class(entry) == ACCOUNT_PLAIN)
			add_operator(context, domain, entry, protected_users, operators,
				     unreadable);
		entry = is_sid ? NULL : domain_next_account(domain, word, entry);
	}
	return operators->count > before;
}

void operator_list_read(const void *context, const struct domain *domain,
			const struct selection *selection,
			const struct protected_users *protected_users,
			struct operator_list *operators, struct unreadable_list *unreadable)
{
	for (size_t i = 0; i < selection->operators.count; i++) {
		const char *word = selection->operators.items[i];

		if (!add_word(context, domain, word, protected_users, operators, unreadable))
			unreadable_add(context, unreadable, word, "accounts",
				       "no account of this name can be read: correct the name in "
				       "the policy, or check what the login may read");
	}
}
