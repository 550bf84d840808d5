/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A verdict on its way out: what all formats show of it. Escapes nothing; that is the
 * business of each writer.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "policy/verdict.h"

#include <stdbool.h>
#include <time.h>

struct report {
	const struct verdict *verdict;
	const char *version; /* of the program */
	const char *read_at; /* RFC 3339, when the directory was read, or its export written */
	time_t read_at_s;    /* the same, in seconds since 1970 */
	bool with_fix;       /* each finding with the commands that mend it */
};

/* Whether the metric is shown: its half was judged. */
bool report_shows(const struct verdict *verdict, enum metric metric);

/* The findings, worst first, those of one state in the order of the verdict. Owner: context. */
const struct finding **report_sort_findings(const void *context,
					    const struct finding_list *findings);

/* Whether everything was read: this directory, its global catalogue, every other controller. */
bool report_is_whole(const struct verdict *verdict);

/* The worst state of the findings that a host is the subject of; never OK where the directory
 * was not read whole. */
enum service_state report_host_state(const struct verdict *verdict, const struct host *host);

#endif
