/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the other controllers of the domain hold, beside the one whose directory is judged:
 * each has a verdict of its own, and what that finds is found, too.
 */
#ifndef POLICY_REPLICA_H
#define POLICY_REPLICA_H

#include "policy/verdict.h"

/* Another controller. */
struct replica {
	const char *server;
	const struct snapshot *snapshot; /* NULL: nothing could be read of it */
	const char *failure;             /* why, where nothing could */
};

struct replica_list {
	struct replica *items;
	size_t count;
};

/* Whether each of the others could be read, and whole; replicas may be NULL: there are none. */
bool replicas_are_whole(const struct replica_list *replicas);

/*
 * Judges each of the others by the policy and adds to the findings, which are sorted, what
 * the judged controller's directory does not lead to, so that the worst is seen wherever it
 * stands. Of a finding of both the worse state counts.
 */
void replicas_add_findings(struct verdict *verdict);

#endif
