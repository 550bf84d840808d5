/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Waiting for a descriptor until a time of trace_clock_us, whatever signals come meanwhile.
 */
#ifndef SOURCE_WAIT_H
#define SOURCE_WAIT_H

#include <stdint.h>

/* The time that is limit_ms from now. */
uint64_t wait_end_us(int limit_ms);

/* Milliseconds until end_us, rounded up; 0 when it has passed. */
int wait_left_ms(uint64_t end_us);

/* Waits for one of the events of poll. 1: it is there, or the peer is gone; 0: end_us has passed;
 * -1, and errno: the system refuses. */
int wait_for(int fd, short events, uint64_t end_us);

#endif
