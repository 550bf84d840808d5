/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a run asked the outside world and how long it took: the lines of -vv, and a remark.
 */
#ifndef SOURCE_TRACE_H
#define SOURCE_TRACE_H

#include <stddef.h>
#include <stdint.h>

struct trace {
	char **lines; /* owned by the trace, a talloc context */
	size_t line_count;
	const char *remark;        /* what the user should know without -vv, or NULL */
	unsigned request_count;    /* LDAP requests sent, binds and StartTLS included */
	unsigned round_trip_count; /* answers without which the next request could not go */
};

/* Adds a formatted line. */
void trace_add(struct trace *trace, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Microseconds of a clock that only goes forward, to measure with. */
uint64_t trace_clock_us(void);

#endif
