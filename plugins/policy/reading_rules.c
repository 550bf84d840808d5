/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules about what could not be read: what was not seen is never OK. */
#include "policy/replica.h"
#include "policy/rules.h"

void judge_unreadable(struct verdict *verdict)
{
	const struct unreadable_list *unreadable = &verdict->snapshot->unreadable;

	for (size_t i = 0; i < unreadable->count; i++)
		verdict_add(verdict, RULE_UNREADABLE, unreadable->items[i].subject,
			    unreadable->items[i].object, "%s", unreadable->items[i].detail);
}

void judge_incomplete(struct verdict *verdict)
{
	const struct directory *directory = verdict->snapshot->directory;
	const struct gap *failure = elsewhere_failure(verdict->snapshot->domain->elsewhere);
	const struct replica_list *replicas = verdict->policy->replicas;

	for (size_t i = 0; i < directory->gap_count; i++)
		verdict_add(verdict, RULE_INCOMPLETE, directory->gaps[i].source, NULL, "%s",
			    directory->gaps[i].detail);
	if (failure)
		verdict_add(verdict, RULE_INCOMPLETE, failure->source, NULL,
			    "the global catalogue was not read whole, so that accounts of other "
			    "domains may be missing here: %s",
			    failure->detail);
	for (size_t i = 0; replicas && i < replicas->count; i++) {
		if (!replicas->items[i].snapshot)
			verdict_add(verdict, RULE_INCOMPLETE, replicas->items[i].server, NULL,
				    "nothing could be read of this controller: %s",
				    replicas->items[i].failure);
	}
}
