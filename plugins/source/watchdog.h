/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The deadline of the run, and the line that is printed when it passes or when the
 * process is told to end: whatever a library is blocked in, somebody gets an answer.
 * Holds the only mutable variables at file scope of the program, since a signal
 * handler has no other way to reach them; the handler calls write, alarm and _exit only.
 */
#ifndef SOURCE_WATCHDOG_H
#define SOURCE_WATCHDOG_H

#include "base/error.h"
#include "base/service_state.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Starts the clock: timeout_s seconds from now the process prints one line with state
 * and what it was waiting for, and ends. SIGTERM, SIGINT, SIGHUP and the signals of a
 * crash end it likewise, as UNKNOWN. False where the system refuses the timer.
 */
bool watchdog_start(unsigned timeout_s, enum service_state state, struct error *error);

/* For a process that was forked: neither the handlers nor one out of memory answer there in the
 * parent's place, and no signal is blocked. */
void watchdog_leave(void);

/* Says what the run waits for from now on: "the bind to dc1.example.com". */
void watchdog_waiting_for(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Milliseconds until the deadline, or to the end of a share of the time; 0 when it has
 * passed. Without a start: one hour. */
int watchdog_left_ms(void);

/*
 * Shares what is left of the time: until the next call watchdog_left_ms tells one of
 * count parts; 1: all of it. The run itself still ends at the deadline alone.
 */
void watchdog_share(size_t count);

/* Something was read that is worth to be told: a deadline that passes before it is told is
 * UNKNOWN at least, whatever state watchdog_start was given. Seen in the line that
 * watchdog_waiting_for makes next. */
void watchdog_something_read(void);

/* What to answer instead of the line of a timeout or a signal while only something beside the
 * answer is still being done (a file is written). Not copied; text must live on. */
void watchdog_prepare(const char *text, enum service_state state);

/* The answer, of that state, is about to be written: from now on the handler has no line of
 * its own, so that there is never more than one, and grants that answer one more second. If it
 * can not leave, the exit code is that of state, UNKNOWN at least. */
void watchdog_answering(enum service_state state);

/* The answer has left, whole: the exit code is that of state, whatever still happens. */
void watchdog_answered(enum service_state state);

/* Writes the line for "no memory left" and ends the process; allocates nothing. */
_Noreturn void watchdog_out_of_memory(void);

#endif
