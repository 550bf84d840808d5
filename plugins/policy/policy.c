/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/policy.h"

#include "base/memory.h"

void policy_init(struct policy *policy)
{
	*policy = (struct policy){.selection = {.hosts = true, .admins = true}};
	for (size_t i = 0; i < RULE_COUNT; i++)
		policy->states[i] = rule_default_state((enum rule)i);
	(void)range_parse("0", &policy->thresholds[METRIC_ADMINS_UNPROTECTED].warning);
}

void policy_add_host_word(const void *context, struct policy *policy, const char *word,
			  const char *key)
{
	struct selection *selection = &policy->selection;

	*memory_add(context, selection->host_words, selection->host_word_count) =
		(struct host_word){.word = word, .key = key};
}
