/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The findings as lines of the output for Nagios, worst first. What one sentence says of
 * many is one line.
 */
#ifndef REPORT_NAGIOS_FINDINGS_H
#define REPORT_NAGIOS_FINDINGS_H

#include "report/nagios_text.h"
#include "report/report.h"

#include <stdbool.h>

/*
 * Adds the findings, with report->with_fix each with its commands below it. Returns whether
 * some did not fit, how many of which state is then said in a last line.
 */
bool nagios_findings_add(struct nagios_text *output, const struct report *report);

#endif
