/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The output for Nagios and Icinga: status line with all performance data on it, then
 * the findings, never longer than it may be. The only place that knows what their
 * pages do with a text.
 */
#ifndef REPORT_NAGIOS_OUTPUT_H
#define REPORT_NAGIOS_OUTPUT_H

#include "report/report.h"

#include <stddef.h>

struct nagios_settings {
	size_t max_output;        /* bytes of the whole output */
	unsigned verbosity;       /* 1: hosts and disabled admins; 2: trace_lines */
	char *const *trace_lines; /* searches with their times */
	size_t trace_line_count;
	const char *note;       /* a line of its own below the first one; or NULL */
	const char *unwritten;  /* why the report is not in its file; or NULL */
	const char *unaccepted; /* why there is no new baseline; or NULL */
};

/* The state to print and to exit with: never OK where the report or the baseline was to be
 * written to a file and was not. */
enum service_state nagios_state(const struct report *report,
				const struct nagios_settings *settings);

/* The whole output, with its last line break. Owner: context. */
char *nagios_output(const void *context, const struct report *report,
		    const struct nagios_settings *settings);

/* The output of a run that could not judge: one line; where it is to be brief, long words and
 * paths lose their middle, as far as it takes. Owner: context. */
char *nagios_failure(const void *context, const char *prefix, const char *cause, bool brief);

#endif
