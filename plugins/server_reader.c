/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server_reader.h"

#include "ad/directory_stream.h"
#include "base/memory.h"
#include "controller.h"
#include "source/ldap_queries.h"
#include "source/watchdog.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* What a process is to do. */
struct task {
	const struct server_reader *reader;
	const struct selection *selection;
};

/* In the process: asks for what is missing in the directory, of which it has a copy. */
static struct directory *ask_missing(const struct server_reader *reader, struct trace *trace,
				     struct ldap_session **session, struct error *error)
{
	*session = ldap_session_open(trace, &reader->settings, trace, error);
	if (!*session || !ldap_queries_ask(*session, reader->missing, reader->directory, error))
		return NULL;
	return reader->directory;
}

static void tell(FILE *stream, const struct trace *trace, const struct directory *directory,
		 const struct error *error)
{
	directory_stream_write_number(stream, trace->request_count);
	directory_stream_write_number(stream, trace->round_trip_count);
	directory_stream_write_number(stream, trace->line_count);
	for (size_t i = 0; i < trace->line_count; i++)
		directory_stream_write_text(stream, trace->lines[i]);
	directory_stream_write_number(stream, directory ? ERROR_NONE : error->kind);
	if (directory)
		directory_stream_write(stream, directory);
	else
		directory_stream_write_text(stream, error->text);
}

/* The life of the process. */
static void read_server(void *argument, int to)
{
	const struct task *task = argument;
	const struct server_reader *reader = task->reader;
	struct trace *trace = memory_new(NULL, struct trace);
	struct ldap_session *session = NULL;
	struct error error = {0};
	struct directory *directory;
	char *bytes = NULL;
	size_t size;
	FILE *stream;
	bool whole;

	if (reader->missing)
		directory = ask_missing(reader, trace, &session, &error);
	else
		directory = controller_read(trace, &reader->settings, task->selection, trace,
					    &session, &error);
	talloc_free(session);
	/* all of it, or nothing: what were torn in the middle would be taken for something else */
	stream = open_memstream(&bytes, &size);
	if (!stream)
		return;
	tell(stream, trace, directory, &error);
	whole = !ferror(stream);
	if (fclose(stream) == 0 && whole)
		child_tell(to, bytes, size);
	free(bytes);
}

static bool take_trace(FILE *stream, struct trace *trace)
{
	uint64_t requests, round_trips, lines;

	if (!directory_stream_read_number(stream, &requests) ||
	    !directory_stream_read_number(stream, &round_trips) ||
	    !directory_stream_read_number(stream, &lines))
		return false;
	trace->request_count += (unsigned)requests;
	trace->round_trip_count += (unsigned)round_trips;
	for (; lines; lines--) {
		char *line = directory_stream_read_text(NULL, stream);

		if (!line)
			return false;
		trace_add(trace, "%s", line);
		talloc_free(line);
	}
	return true;
}

/* Takes over what a process told; false where it did not come to its end. */
static bool take(const void *context, struct server_reader *reader, FILE *stream,
		 struct trace *trace, struct error *error)
{
	struct directory *directory;
	uint64_t kind;
	char *text;

	if (!take_trace(stream, trace) || !directory_stream_read_number(stream, &kind))
		return false;
	if (kind != ERROR_NONE) {
		text = directory_stream_read_text(NULL, stream);
		if (text)
			error_set(error, (enum error_kind)kind, "%s", text);
		talloc_free(text);
		return text;
	}
	directory = directory_stream_read(context, stream);
	if (!directory)
		return false;
	talloc_free(reader->directory);
	reader->directory = directory;
	return true;
}

/* Notes that a process learned nothing. Whose error it is goes without saying here. */
static void note_failure(struct server_reader *reader, const struct error *error)
{
	size_t length = strlen(reader->host);
	bool named = !strncmp(error->text, reader->host, length) &&
		     !strncmp(error->text + length, ": ", 2);

	error_set(&reader->error, error->kind, "%s", error->text + (named ? length + 2 : 0));
	if (reader->directory)
		directory_add_gap(reader->directory, reader->host, reader->error.text);
}

/* The process has told all that it will. */
static void finish(const void *context, struct server_reader *reader, struct trace *trace)
{
	struct error error = {0};
	FILE *stream = reader->size ? fmemopen(reader->bytes, reader->size, "r") : NULL;

	if (!stream || !take(context, reader, stream, trace, &error))
		error_set(&error, ERROR_INTERNAL, "the process that asked it ended early");
	if (stream)
		(void)fclose(stream);
	if (error.kind)
		note_failure(reader, &error);
	child_end(&reader->child);
	talloc_free(reader->bytes);
	reader->bytes = NULL;
}

/* Takes what has come from the process. */
static void hear(const void *context, struct server_reader *reader, struct trace *trace)
{
	char bytes[16384];
	ssize_t got = recv(reader->child.from, bytes, sizeof bytes, 0);

	if (got < 0 && errno == EINTR)
		return;
	if (got <= 0) {
		finish(context, reader, trace);
		return;
	}
	reader->bytes = memory_check(
		talloc_realloc_size(context, reader->bytes, reader->size + (size_t)got));
	memcpy(reader->bytes + reader->size, bytes, (size_t)got);
	reader->size += (size_t)got;
}

/* Ends the processes that still run. */
static void give_up(struct server_reader *const *readers, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct server_reader *reader = readers[i];
		struct error error;

		if (!reader->child.pid)
			continue;
		child_end(&reader->child);
		talloc_free(reader->bytes);
		reader->bytes = NULL;
		error_set(&error, ERROR_TIMEOUT, "no answer for %.1f s", reader->share_ms / 1000.0);
		note_failure(reader, &error);
	}
}

static void start(struct server_reader *reader, const struct selection *selection)
{
	struct task task = {.reader = reader, .selection = selection};
	struct error error;

	reader->error = (struct error){0};
	reader->bytes = NULL;
	reader->size = 0;
	reader->share_ms = watchdog_left_ms();
	if (child_start(&reader->child, read_server, &task))
		return;
	error_set(&error, ERROR_INTERNAL, "no process could be started to ask it: %s",
		  strerror(errno));
	note_failure(reader, &error);
}

void server_readers_run(const void *context, struct server_reader *const *readers, size_t count,
			const struct selection *selection, struct trace *trace)
{
	struct pollfd *polls = memory_array(context, struct pollfd, count);
	size_t running = count;

	for (size_t i = 0; i < count; i++)
		start(readers[i], selection);
	while (running) {
		running = 0;
		for (size_t i = 0; i < count; i++) {
			bool runs = readers[i]->child.pid;

			polls[i] = (struct pollfd){.fd = runs ? readers[i]->child.from : -1,
						   .events = POLLIN};
			running += runs;
		}
		if (!running || !watchdog_left_ms())
			break;
		(void)poll(polls, count, watchdog_left_ms());
		for (size_t i = 0; i < count; i++) {
			if (polls[i].fd >= 0 && polls[i].revents)
				hear(context, readers[i], trace);
		}
	}
	give_up(readers, count);
	talloc_free(polls);
}
