/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/replica.h"

#include "base/memory.h"

/* The verdict on another controller; drift is a matter of the judged one alone. */
static const struct verdict *judge_other(struct verdict *verdict, const struct replica *replica)
{
	struct policy *policy = memory_new(verdict, struct policy);

	*policy = *verdict->policy;
	policy->baseline = NULL;
	policy->replicas = NULL;
	return verdict_reach(verdict, replica->snapshot, policy, 0);
}

static void add_finding(struct verdict *verdict, const struct finding *finding, const char *server)
{
	struct finding_list *findings = &verdict->findings;
	struct finding copy = *finding;

	copy.server = server;
	if (copy.rule != RULE_INCOMPLETE) /* which is about the server itself */
		copy.detail = memory_format(verdict, "as %s has it: %s", server, finding->detail);
	*memory_add(verdict, findings->items, findings->count) = copy;
}

bool replicas_are_whole(const struct replica_list *replicas)
{
	for (size_t i = 0; replicas && i < replicas->count; i++) {
		const struct snapshot *snapshot = replicas->items[i].snapshot;

		if (!snapshot || directory_first_gap(snapshot->directory))
			return false;
	}
	return true;
}

void replicas_add_findings(struct verdict *verdict)
{
	const struct replica_list *replicas = verdict->policy->replicas;

	for (size_t i = 0; replicas && i < replicas->count; i++) {
		const struct finding_list *others;
		size_t own_count = verdict->findings.count;

		if (!replicas->items[i].snapshot)
			continue;
		others = &judge_other(verdict, &replicas->items[i])->findings;
		for (size_t k = 0; k < others->count; k++) {
			const struct finding *other = &others->items[k];
			struct finding_list own = {verdict->findings.items, own_count};
			const struct finding *same =
				finding_list_find(&own, other->rule, other->subject, other->object);

			if (same)
				own.items[same - own.items].state =
					service_state_worst(same->state, other->state);
			else
				add_finding(verdict, other, replicas->items[i].server);
		}
		finding_list_sort(&verdict->findings);
	}
}
