/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the user decided: which hosts belong together, what they may do beside what
 * migration needs, who is exempt, the state of each rule, the thresholds.
 */
#ifndef POLICY_POLICY_H
#define POLICY_POLICY_H

#include "model/selection.h"
#include "policy/finding.h"
#include "policy/metric.h"

struct baseline;
struct replica_list;

/* A declared group of hosts between which machines are to be migrated. */
struct host_group {
	const char *name;
	struct text_list hosts;    /* words */
	struct text_list services; /* classes required; empty: the usual two */
	struct text_list allow;    /* targets that are allowed besides */
	struct text_list trustees; /* whom RBCD on these hosts may also name */
};

struct policy {
	struct selection selection;
	struct text_list allow;    /* for all hosts */
	struct text_list trustees; /* for all hosts */
	struct host_group *groups;
	size_t group_count;
	enum service_state states[RULE_COUNT];
	struct metric_thresholds thresholds[METRIC_COUNT];
	const struct baseline *baseline;     /* what the facts are compared with; or NULL */
	bool accepting;                      /* what drifted is told whole: it is accepted */
	const struct replica_list *replicas; /* what other controllers hold; or NULL */
};

/* Every rule at its default, both halves, a warning for any unprotected admin. */
void policy_init(struct policy *policy);

/* Adds a word that names hosts, and where it stands. Owner: context. */
void policy_add_host_word(const void *context, struct policy *policy, const char *word,
			  const char *key);

#endif
