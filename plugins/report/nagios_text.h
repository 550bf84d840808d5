/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The output for Nagios while it grows, line by line, never longer than it may be; and what
 * its pages would make of a text from outside.
 */
#ifndef REPORT_NAGIOS_TEXT_H
#define REPORT_NAGIOS_TEXT_H

#include <stddef.h>

struct nagios_text {
	char *text; /* a talloc text, which each addition may move */
	size_t max; /* bytes that it may have */
	size_t lines_left_out;
};

/* Appends a line if it fits and none was left out before it; else counts it. Room stays for
 * the line that says how many were left out. */
void nagios_text_add(struct nagios_text *output, const char *line);

/*
 * Text from outside, made harmless: | < > and backslash replaced, controls a space,
 * what is not UTF-8 a question mark. Owner: context.
 */
char *nagios_clean(const void *context, const char *text);

#endif
