/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What differs from the baseline, fact by fact. The rule itself is judge_drift, in
 * rules.h; drift_change.h tells when and where it came about.
 */
#ifndef POLICY_DRIFT_H
#define POLICY_DRIFT_H

#include "policy/facts.h"

/* "added a, b; removed c": what happened to a list, in which nothing differs but letter case
 * and order: NULL. Long lists are cut, and counted, unless whole. Owner: context. */
char *drift_list_sentence(const void *context, const struct text_list *then,
			  const struct text_list *now, bool whole);

#endif
