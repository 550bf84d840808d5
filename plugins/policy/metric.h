/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The performance data: what is counted, under which label, and its thresholds.
 */
#ifndef POLICY_METRIC_H
#define POLICY_METRIC_H

#include "base/service_state.h"
#include "model/snapshot.h"
#include "policy/finding.h"
#include "policy/threshold.h"

#include <stdbool.h>

/* In the order in which they are printed. */
enum metric {
	METRIC_HOSTS,
	METRIC_HOSTS_NOT_OK,
	METRIC_HOSTS_UNCONSTRAINED,
	METRIC_HOSTS_ANY_PROTOCOL,
	METRIC_HOSTS_KERBEROS_ONLY,
	METRIC_PAIRS,
	METRIC_PAIRS_READY,
	METRIC_TARGETS,
	METRIC_TARGETS_UNEXPECTED,
	METRIC_ADMINS,
	METRIC_ADMINS_PROTECTED,
	METRIC_ADMINS_UNPROTECTED,
	METRIC_ADMINS_EXEMPT,
	METRIC_ADMINS_DISABLED,
	METRIC_DRIFT,
	METRIC_UNREADABLE,
	METRIC_TIME,
	METRIC_COUNT
};

/* Which half of the check a metric belongs to. */
enum metric_half {
	HALF_BOTH,
	HALF_HOSTS,
	HALF_ADMINS,
};

struct metric_value {
	double value;
	bool has_max;
	double max;
};

struct metric_thresholds {
	struct range warning;
	struct range critical;
};

/* Label as in perfdata; unit, "" for a count; half. */
const char *metric_label(enum metric metric);
const char *metric_unit(enum metric metric);
enum metric_half metric_half(enum metric metric);

/* What it counts, in a few words without a full stop. */
const char *metric_sentence(enum metric metric);

/* Finds a label; false where there is none of that name. */
bool metric_parse(const char *label, size_t length, enum metric *metric);

/* Counts what the snapshot alone tells; pairs and what depends on findings are left. elapsed_s
 * becomes the time. */
void metrics_count(const struct snapshot *snapshot, double elapsed_s,
		   struct metric_value values[METRIC_COUNT]);

/* Counts the rest, when the findings have their states. */
void metrics_count_findings(const struct snapshot *snapshot, const struct finding_list *findings,
			    struct metric_value values[METRIC_COUNT]);

/* The state that the thresholds give to a value; OK where there are none. */
enum service_state metric_state(const struct metric_thresholds *thresholds, double value);

#endif
