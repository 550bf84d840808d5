/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A baseline: an earlier JSON report of this program, read back into typed facts. What can
 * not be read whole is an error, never a baseline without changes. Opens no file.
 */
#ifndef POLICY_BASELINE_H
#define POLICY_BASELINE_H

#include "base/error.h"
#include "model/domain.h"
#include "model/selection.h"
#include "policy/facts.h"

#include <stdbool.h>
#include <stddef.h>

/* Of the reports that this version writes and reads. */
enum { REPORT_SCHEMA = 1 };

struct baseline {
	const char *domain; /* DNS name, or NULL */
	bool has_sid;
	struct sid domain_sid;
	bool has_half[2]; /* by facts_kind: that half was judged */
	struct facts_list hosts;
	struct facts_list admins;
};

/* Reads the report of size bytes. Owner: context. */
struct baseline *baseline_parse(const void *context, const char *text, size_t size,
				struct error *error);

/*
 * Whether what is selected of domain can be compared with the baseline: the same domain,
 * by SID or else by name, and no half that the baseline lacks.
 */
bool baseline_fits(const struct baseline *baseline, const struct domain *domain,
		   const struct selection *selection, struct error *error);

#endif
