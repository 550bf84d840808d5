/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The report for Prometheus, in words that both of its formats have in common: OpenMetrics
 * 1.0, and the text format 0.0.4 that node_exporter's textfile collector reads. Every
 * metric is a gauge with the label domain.
 */
#ifndef REPORT_OPENMETRICS_OUTPUT_H
#define REPORT_OPENMETRICS_OUTPUT_H

#include "report/report.h"

/* The whole text, with the line that ends it. Owner: context. */
char *openmetrics_output(const void *context, const struct report *report);

/*
 * A text from outside as the value of a label: quote, backslash and line break escaped, what
 * is not UTF-8 or seen by nobody U+FFFD. Owner: context.
 */
char *openmetrics_escape(const void *context, const char *text);

#endif
