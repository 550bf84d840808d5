/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A process of our own for what may block in a library for ever, or is to go on beside
 * something else: it has a copy of all that we know, and tells what it learns through a
 * socket. It ends with us, whatever ends us, and never answers in our place.
 */
#ifndef SOURCE_CHILD_H
#define SOURCE_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

struct child {
	pid_t pid; /* 0: there is none */
	int from;  /* our end of the socket: at its end when the child has ended */
};

/*
 * Starts a process that calls life, with argument and its end of a socket of that type
 * (SOCK_STREAM, SOCK_SEQPACKET), and then ends. False, and errno, where the system refuses.
 * The caller ends it by child_end.
 */
bool child_start(struct child *child, int socket_type, void (*life)(void *argument, int to),
		 void *argument);

/* Ends the process, if there is one, at once, and closes the socket. */
void child_end(struct child *child);

#endif
