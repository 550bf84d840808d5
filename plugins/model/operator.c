/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/operator.h"

#include "base/memory.h"

static void add_operator(const void *context, const struct domain *domain,
			 const struct entry *entry, const struct protected_users *protected_users,
			 struct operator_list *operators, struct unreadable_list *unreadable)
{
	enum truth in_group = protected_users_has(protected_users, entry);
	struct account account;

	account_read(context, entry, &account);
	account_report(context, &account, account.name, unreadable);
	operators->items =
		memory_grow(context, operators->items, operators->count, sizeof *operators->items);
	operators->items[operators->count++] = (struct operator){
		.name = account.name,
		.protected = protection_of(domain, &account, in_group),
	};
}

/* The account that a plain word or a SID means, or NULL. */
static const struct entry *find_account(const struct domain *domain, const char *word)
{
	const struct entry *entry;
	struct sid sid;

	if (sid_parse_text(word, &sid))
		entry = domain_find_sid(domain, &sid);
	else
		entry = domain_find_account(domain, word);
	return entry && account_class(entry) == ACCOUNT_PLAIN ? entry : NULL;
}

void operator_list_read(const void *context, const struct domain *domain,
			const struct selection *selection,
			const struct protected_users *protected_users,
			struct operator_list *operators, struct unreadable_list *unreadable)
{
	for (size_t i = 0; i < selection->operators.count; i++) {
		const char *word = selection->operators.items[i];
		const struct entry *entry = find_account(domain, word);

		if (entry)
			add_operator(context, domain, entry, protected_users, operators,
				     unreadable);
		else if (!text_is_pattern(word))
			unreadable_add(context, unreadable, word, "accounts",
				       "no account of this name can be read: correct the name in "
				       "the policy, or check what the login may read");
		if (!text_is_pattern(word))
			continue;
		for (const struct name_slot *slot = domain->by_name; slot; slot = slot->hh.next) {
			if (text_matches(word, slot->name) &&
			    account_class(slot->accounts[0]) == ACCOUNT_PLAIN)
				add_operator(context, domain, slot->accounts[0], protected_users,
					     operators, unreadable);
		}
	}
}
