/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules about what could not be read: what was not seen is never OK. */
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

	for (size_t i = 0; i < directory->gap_count; i++)
		verdict_add(verdict, RULE_INCOMPLETE, directory->gaps[i].source, NULL, "%s",
			    directory->gaps[i].detail);
}
