/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One controller of several, read by a process of its own, so that all are read at the same
 * time and a library that waits for one of them holds up no other.
 */
#ifndef SERVER_READER_H
#define SERVER_READER_H

#include "ad/directory.h"
#include "ad/question.h"
#include "model/selection.h"
#include "source/child.h"
#include "source/ldap_session.h"

struct server_reader {
	const char *host;
	struct ldap_settings settings; /* name this controller and no other */
	struct directory *directory;   /* NULL: nothing was read, for this reason: */
	struct error error;
	int share_ms;                   /* the time that it was given at last */
	const struct question *missing; /* the process asks for this alone; NULL: for all */
	struct child child;
	char *bytes; /* what the process told so far */
	size_t size;
};

/*
 * Starts a process for each of count readers and waits until all have told what they read, or
 * the share of the time is over (watchdog_share), which ends them. A reader with a question
 * keeps the directory that it has; what could not be asked is a gap of it. What the processes
 * asked goes to trace. Owner of the directories: context.
 */
void server_readers_run(const void *context, struct server_reader *const *readers, size_t count,
			const struct selection *selection, struct trace *trace);

#endif
