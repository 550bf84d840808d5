/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules about privileged accounts and the krbtgt. */
#include "policy/rules.h"

void judge_admin_unprotected(struct verdict *verdict)
{
	const struct admin_list *admins = &verdict->snapshot->admins;
	int level = verdict->snapshot->domain->functional_level;

	for (size_t i = 0; i < admins->count; i++) {
		const struct admin *admin = &admins->items[i];

		if (admin->exempt || admin->enabled == TRUTH_NO || admin->protected != TRUTH_NO)
			continue;
		if (admin->protected_users == TRUTH_YES)
			verdict_add(
				verdict, RULE_ADMIN_UNPROTECTED, admin->name, NULL,
				"can be delegated although it is in Protected Users, which %s: set "
				"\"account is sensitive and cannot be delegated\"",
				level != FUNCTIONAL_LEVEL_UNKNOWN &&
						level < FUNCTIONAL_LEVEL_2012_R2
					? "protects nobody at this functional level"
					: "does not protect the built-in Administrator (RID 500)");
		else
			verdict_add(verdict, RULE_ADMIN_UNPROTECTED, admin->name, NULL,
				    "can be delegated: any host with protocol transition can act "
				    "as this account; set \"account is sensitive and cannot be "
				    "delegated\"");
	}
}

void judge_operator_not_delegable(struct verdict *verdict)
{
	const struct operator_list *operators = &verdict->snapshot->operators;

	for (size_t i = 0; i < operators->count; i++) {
		if (operators->items[i].protected == TRUTH_YES)
			verdict_add(verdict, RULE_OPERATOR_NOT_DELEGABLE,
				    operators->items[i].account.name, NULL,
				    "the policy names it as an operator, but it can not be "
				    "delegated, so every migration that it starts from another "
				    "machine fails: clear \"account is sensitive and cannot be "
				    "delegated\" and take it out of Protected Users");
	}
}

void judge_krbtgt_not_delegable(struct verdict *verdict)
{
	const struct account *krbtgt = &verdict->snapshot->krbtgt;

	if (krbtgt->not_delegated == TRUTH_YES)
		verdict_add(verdict, RULE_KRBTGT_NOT_DELEGABLE, krbtgt->name, NULL,
			    "marked \"account is sensitive and cannot be delegated\", which is "
			    "reported to break every constrained delegation, live migration "
			    "included, with error 0x8009030E: clear it");
}

void judge_no_admins(struct verdict *verdict)
{
	if (verdict->policy->selection.admins && !verdict->snapshot->admins.group_count)
		verdict_add(
			verdict, RULE_NO_ADMINS, verdict->snapshot->domain->name, NULL,
			"no privileged group could be read, so nothing is known of the privileged "
			"accounts: check what the login may read, or export the whole domain");
}
