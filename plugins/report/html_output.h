/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The report as one page for a browser: complete, with nothing to load from anywhere and
 * no script, and to be printed.
 */
#ifndef REPORT_HTML_OUTPUT_H
#define REPORT_HTML_OUTPUT_H

#include "report/report.h"

/* The page. Owner: context. */
char *html_output(const void *context, const struct report *report);

#endif
