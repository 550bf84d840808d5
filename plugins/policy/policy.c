/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/policy.h"

void policy_init(struct policy *policy)
{
	*policy = (struct policy){.selection = {.hosts = true, .admins = true}};
	for (size_t i = 0; i < RULE_COUNT; i++)
		policy->states[i] = rule_default_state((enum rule)i);
	(void)range_parse("0", &policy->thresholds[METRIC_ADMINS_UNPROTECTED].warning);
}
