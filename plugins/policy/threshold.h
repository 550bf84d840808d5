/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Threshold ranges of the Monitoring Plugins Development Guidelines: [@]start:end.
 */
#ifndef POLICY_THRESHOLD_H
#define POLICY_THRESHOLD_H

#include <stdbool.h>

struct range {
	bool given;
	const char *text; /* as the user wrote it; owned by whoever gave it */
	bool inside;      /* "@": alert inside of it, not outside */
	double start;     /* -INFINITY for "~" */
	double end;       /* INFINITY where there is none */
};

/* Reads the whole of text; false where it is no range or start is above end. */
bool range_parse(const char *text, struct range *range);

/* Whether value, which is never negative, is to be alerted about. */
bool range_alerts(const struct range *range, double value);

/*
 * The range as perfdata shows it: one that can only mean "more than N" as the plain
 * number N (Icinga drops every other form), others as given; "" where none was given.
 */
const char *range_perfdata(const struct range *range);

/* Where a value that is alerted about lies, with the number as the user wrote it: "above 5",
 * "below 2", "within 2 to 3". Owner: context. */
char *range_words(const void *context, const struct range *range, double value);

/* Whether it alerts about all that is more than zero. */
bool range_is_above_zero(const struct range *range);

#endif
