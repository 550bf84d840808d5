/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules about privileged accounts and the krbtgt. */
#include "policy/rules.h"

void judge_admin_unprotected(struct verdict *verdict)
{
	const struct admin_list *admins = &verdict->snapshot->admins;

	for (size_t i = 0; i < admins->count; i++) {
		const struct admin *admin = &admins->items[i];

		if (admin->exempt || admin->enabled == TRUTH_NO || admin->protected != TRUTH_NO)
			continue;
		if (admin->protected_users == TRUTH_YES)
			verdict_add(verdict, RULE_ADMIN_UNPROTECTED, admin->name, NULL,
				    "can be delegated: Protected Users does not protect it%s, only "
				    "\"account is sensitive and cannot be delegated\" does",
				    verdict->snapshot->domain->functional_level <
						    FUNCTIONAL_LEVEL_2012_R2
					    ? " at this functional level"
					    : " (RID 500)");
		else
			verdict_add(
				verdict, RULE_ADMIN_UNPROTECTED, admin->name, NULL,
				"can be delegated: any host with protocol transition can act as "
				"it; set \"account is sensitive and cannot be delegated\"");
	}
}

void judge_operator_not_delegable(struct verdict *verdict)
{
	const struct operator_list *operators = &verdict->snapshot->operators;

	for (size_t i = 0; i < operators->count; i++) {
		if (operators->items[i].protected == TRUTH_YES)
			verdict_add(
				verdict, RULE_OPERATOR_NOT_DELEGABLE, operators->items[i].name,
				NULL,
				"named as an operator, but can not be delegated: every migration "
				"that it starts from another machine fails");
	}
}

void judge_krbtgt_not_delegable(struct verdict *verdict)
{
	const struct account *krbtgt = &verdict->snapshot->krbtgt;

	if (krbtgt->not_delegated == TRUTH_YES)
		verdict_add(verdict, RULE_KRBTGT_NOT_DELEGABLE, krbtgt->name, NULL,
			    "marked sensitive: this is reported to break every constrained "
			    "delegation with error 0x8009030E, live migration included");
}

void judge_no_admins(struct verdict *verdict)
{
	if (verdict->policy->selection.admins && !verdict->snapshot->admins.group_count)
		verdict_add(verdict, RULE_NO_ADMINS, verdict->snapshot->domain->name, NULL,
			    "no privileged group could be read, so nothing is known of the "
			    "privileged accounts");
}
