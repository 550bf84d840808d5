/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The verdict: every rule run over the snapshot, the counts, the thresholds, and the
 * one state that comes of them.
 */
#ifndef POLICY_VERDICT_H
#define POLICY_VERDICT_H

#include "model/snapshot.h"
#include "policy/host_groups.h"
#include "policy/policy.h"
#include "policy/readiness.h"

/* An ordered pair of hosts of one declared group. */
struct pair {
	const char *group;
	const struct host *source;
	const struct host *destination;
	const struct text_list *services; /* classes that the group requires */
	struct readiness readiness;
};

struct pair_list {
	struct pair *items;
	size_t count;
};

struct verdict {
	const struct snapshot *snapshot;
	const struct policy *policy;
	struct host_groups *groups;
	struct pair_list pairs;       /* sorted by group, source, destination */
	struct finding_list findings; /* sorted by rule, subject, object */
	struct metric_value metrics[METRIC_COUNT];
	enum service_state state;
};

/* Judges. elapsed_s is the time that the run took so far. Owner: context; snapshot and
 * policy must live as long. */
struct verdict *verdict_reach(const void *context, const struct snapshot *snapshot,
			      const struct policy *policy, double elapsed_s);

/*
 * Whether the directory was read without a gap. Where it was not, that something is not
 * there proves nothing: rules that find an absence are silent, and "incomplete" speaks.
 */
bool verdict_saw_all(const struct verdict *verdict);

/* Adds a finding of rule, in the state that the policy gives to it. subject and object
 * must live as long as the verdict; object may be NULL. */
void verdict_add(struct verdict *verdict, enum rule rule, const char *subject, const char *object,
		 const char *format, ...) __attribute__((format(printf, 5, 6)));

#endif
