/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the user decided: the state of each rule and the thresholds.
 */
#ifndef POLICY_POLICY_H
#define POLICY_POLICY_H

#include "model/selection.h"
#include "policy/finding.h"
#include "policy/metric.h"

struct policy {
	struct selection selection;
	enum service_state states[RULE_COUNT];
	struct metric_thresholds thresholds[METRIC_COUNT];
};

/* Every rule at its default, both halves, a warning for any unprotected admin. */
void policy_init(struct policy *policy);

#endif
