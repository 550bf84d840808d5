/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The JSON report: every fact that was used, every finding, complete and sorted, so
 * that two runs over the same directory differ in times only.
 */
#ifndef REPORT_JSON_OUTPUT_H
#define REPORT_JSON_OUTPUT_H

#include "report/report.h"

/* The report as text with its last line break. Owner: context. */
char *json_output(const void *context, const struct report *report);

#endif
