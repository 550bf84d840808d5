/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A process of our own that may be ended at any time: for libraries that wait as long as
 * they like. It tells by a stream what it found. Knows nothing of what it is asked to do.
 */
#ifndef SOURCE_CHILD_H
#define SOURCE_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct child {
	pid_t pid; /* 0: there is none */
	int from;  /* what it tells is read here */
};

/* What a child does: it tells to the descriptor by child_tell, and ends by returning. */
typedef void child_life(void *data, int to);

/* Starts one, which ends with its parent at the latest; false, and errno, where the system
 * refuses, and there is none then. child_end must follow. */
bool child_start(struct child *child, child_life *life, void *data);

/* In the child: tells size bytes; ends the process where nobody listens any more. */
void child_tell(int to, const void *bytes, size_t size);

enum child_word {
	CHILD_TOLD,
	CHILD_LATE,  /* nothing until end_us */
	CHILD_ENDED, /* it will tell no more */
};

/* Reads size bytes that the child tells, until end_us of trace_clock_us. */
enum child_word child_hear(const struct child *child, void *bytes, size_t size, uint64_t end_us);

/* Ends it, whatever it is doing; does nothing where there is none. */
void child_end(struct child *child);

#endif
