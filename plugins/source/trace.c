/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/trace.h"

#include "base/memory.h"

#include <stdarg.h>
#include <time.h>

void trace_add(struct trace *trace, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	*memory_add(trace, trace->lines, trace->line_count) =
		memory_check(talloc_vasprintf(trace, format, arguments));
	va_end(arguments);
}

uint64_t trace_clock_us(void)
{
	struct timespec now = {0};

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}
