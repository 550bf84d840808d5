/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/threshold.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/*
 * Reads "12", "-3.5" up to end; false for anything else that strtod would take
 * (exponents, hexadecimal, infinities), since perfdata knows digits only.
 */
static bool parse_number(const char *text, const char *end, double *number)
{
	const char *digits = text + (*text == '-');
	size_t length = strspn(digits, "0123456789.");
	const char *point = memchr(digits, '.', length);
	char *stop;

	if (digits + length != end || !length || strspn(digits, ".") == length)
		return false;
	if (point && memchr(point + 1, '.', (size_t)(end - point - 1)))
		return false;
	*number = strtod(text, &stop);
	return stop == end && isfinite(*number);
}

bool range_parse(const char *text, struct range *range)
{
	const char *colon, *end = text + strlen(text);

	*range = (struct range){.given = true, .text = text, .end = INFINITY};
	range->inside = *text == '@';
	text += range->inside;
	colon = strchr(text, ':');
	if (!colon)
		return parse_number(text, end, &range->end) && range->end >= 0;
	if (colon - text == 1 && *text == '~')
		range->start = -INFINITY;
	else if (colon != text && !parse_number(text, colon, &range->start))
		return false;
	if (colon + 1 != end && !parse_number(colon + 1, end, &range->end))
		return false;
	/* a lone colon says nothing */
	return range->start <= range->end && end - text > 1;
}

bool range_alerts(const struct range *range, double value)
{
	bool in_range = value >= range->start && value <= range->end;

	return range->given && in_range == range->inside;
}

const char *range_perfdata(const struct range *range)
{
	const char *colon;

	if (!range->given)
		return "";
	colon = strchr(range->text, ':');
	if (range->inside || range->start > 0 || isinf(range->end) || range->end < 0 || !colon)
		return range->text;
	return colon + 1;
}

char *range_words(const void *context, const struct range *range, double value)
{
	const char *start = range->text + range->inside;
	const char *colon = strchr(start, ':');
	int start_length = colon ? (int)(colon - start) : 0;
	const char *end = colon ? colon + 1 : start;

	if (!range->inside && value < range->start)
		return memory_format(context, "below %.*s", start_length, start);
	if (!range->inside)
		return memory_format(context, "above %s", end);
	if (isinf(range->start) && isinf(range->end))
		return memory_text(context, "any number");
	if (isinf(range->end))
		return memory_format(context, "not below %.*s", start_length, start);
	if (isinf(range->start))
		return memory_format(context, "not above %s", end);
	if (!start_length)
		return memory_format(context, "within 0 to %s", end);
	return memory_format(context, "within %.*s to %s", start_length, start, end);
}

bool range_is_above_zero(const struct range *range)
{
	return range->given && !range->inside && range->start <= 0 && range->end == 0;
}
