/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A verdict on its way out: what both formats show of it. Escapes nothing; that is the
 * business of each writer.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "policy/verdict.h"

#include <stdbool.h>

struct report {
	const struct verdict *verdict;
	const char *version; /* of the program */
	const char *read_at; /* RFC 3339, when the directory was read */
	bool with_fix;       /* each finding with the commands that mend it */
};

/* The summary, without state: "2 of 20 hosts wrong; 25 of 50 admins unprotected". Made of
 * counts only, under 120 characters. Owner: context. */
char *report_summary(const void *context, const struct verdict *verdict);

/* Whether the metric is shown: its half was judged. */
bool report_shows(const struct verdict *verdict, enum metric metric);

#endif
