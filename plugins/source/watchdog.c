/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/watchdog.h"

#include "base/memory.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* Why the handler ends the process; each has a line ready. */
enum ending { ENDING_TIMEOUT, ENDING_SIGNAL, ENDING_CRASH, ENDING_MEMORY, ENDING_COUNT };

enum { LINE_SIZE = 400, NO_START_MS = 3600000, OVERTIME_S = 1 };

/*
 * Two sets of ready lines: one is being written while the other is what the handler
 * prints, so that it never sees half a sentence.
 */
static struct {
	char lines[2][ENDING_COUNT][LINE_SIZE];
	size_t lengths[2][ENDING_COUNT];
	volatile sig_atomic_t current;
	volatile sig_atomic_t answering; /* 1 + the state of the answer that is on its way */
	volatile sig_atomic_t overtime;  /* the deadline passed while the answer was written */
	volatile sig_atomic_t answered;  /* 1 + the state of the answer that has left */
	volatile sig_atomic_t timeout_state;
	const char *volatile prepared; /* NULL: no answer is ready yet */
	size_t prepared_size;
	volatile sig_atomic_t prepared_state;
	unsigned timeout_s;
	struct timespec deadline;
	struct timespec share_end; /* of watchdog_share; at most the deadline */
	bool started;
} watchdog = {.timeout_state = STATE_UNKNOWN};

static void end_process(enum ending ending)
{
	int set = watchdog.current;
	int state = ending == ENDING_TIMEOUT ? watchdog.timeout_state : STATE_UNKNOWN;

	/* -t is about runs that found nothing: what was found and is being told counts */
	if (watchdog.answering)
		state = (int)service_state_worst(STATE_UNKNOWN,
						 (enum service_state)(watchdog.answering - 1));
	if (watchdog.answered)
		_exit(watchdog.answered - 1);
	/* between this line and that answer nobody would get any: let it leave */
	if (watchdog.answering && ending < ENDING_CRASH && !watchdog.overtime) {
		watchdog.overtime = 1;
		(void)alarm(OVERTIME_S);
		return;
	}
	if (!watchdog.answering && watchdog.prepared && ending < ENDING_CRASH) {
		ssize_t written = write(STDOUT_FILENO, watchdog.prepared, watchdog.prepared_size);
		(void)written;
		state = watchdog.prepared_state;
	} else if (!watchdog.answering) {
		ssize_t written = write(STDOUT_FILENO, watchdog.lines[set][ending],
					watchdog.lengths[set][ending]);
		(void)written; /* nobody is left to be told */
	}
	_exit(state);
}

static void handle_signal(int number)
{
	switch (number) {
	case SIGALRM: end_process(ENDING_TIMEOUT); break;
	case SIGTERM:
	case SIGINT:
	case SIGHUP:
	case SIGQUIT: end_process(ENDING_SIGNAL); break;
	default: end_process(ENDING_CRASH); break;
	}
}

static void prepare_line(int set, enum ending ending, enum service_state state, const char *cause,
			 const char *what)
{
	char *line = watchdog.lines[set][ending];
	int length = snprintf(line, LINE_SIZE, "HYPERV DELEGATION %s - %s%s",
			      service_state_name(state), cause, what);

	if (length > LINE_SIZE - 2)
		length = LINE_SIZE - 2;
	line[length] = '\n';
	watchdog.lengths[set][ending] = (size_t)length + 1;
}

/* Replaces what a monitoring page could take for markup or a second line: names of
 * servers come from outside. */
static void make_harmless(char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c < ' ' || c > '~' || strchr("|<>\\", c))
			*text = '?';
	}
}

void watchdog_waiting_for(const char *format, ...)
{
	int set = !watchdog.current;
	char what[LINE_SIZE - 150], cause[100];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(what, sizeof what, format, arguments);
	va_end(arguments);
	make_harmless(what);
	(void)snprintf(cause, sizeof cause, "no answer after %u s (-t), waiting for ",
		       watchdog.timeout_s);
	prepare_line(set, ENDING_TIMEOUT, (enum service_state)watchdog.timeout_state, cause, what);
	prepare_line(set, ENDING_SIGNAL, STATE_UNKNOWN,
		     "stopped by a signal before it could answer, waiting for ", what);
	prepare_line(set, ENDING_CRASH, STATE_UNKNOWN,
		     "the check itself failed (crash; please report it), after waiting for ", what);
	prepare_line(set, ENDING_MEMORY, STATE_UNKNOWN, "out of memory, waiting for ", what);
	watchdog.current = set;
}

/* What the handler answers for. */
static const int handled[] = {SIGALRM, SIGTERM, SIGINT, SIGHUP,  SIGQUIT, SIGSEGV,
			      SIGBUS,  SIGFPE,  SIGILL, SIGABRT, SIGSYS};

void watchdog_leave(void)
{
	sigset_t none;

	watchdog_answering(STATE_UNKNOWN);
	for (size_t i = 0; i < countof(handled); i++)
		(void)signal(handled[i], SIG_DFL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

bool watchdog_start(unsigned timeout_s, enum service_state state, struct error *error)
{
	struct itimerval timer = {.it_value = {.tv_sec = (time_t)timeout_s}};
	struct sigaction action = {.sa_handler = handle_signal};
	sigset_t unblocked;

	watchdog.timeout_s = timeout_s;
	watchdog.timeout_state = (sig_atomic_t)state;
	watchdog_waiting_for("its own start");
	(void)sigemptyset(&unblocked);
	(void)sigfillset(&action.sa_mask);
	for (size_t i = 0; i < countof(handled); i++) {
		(void)sigaction(handled[i], &action, NULL);
		(void)sigaddset(&unblocked, handled[i]);
	}
	/* a closed pipe or a limit on the size of files is seen by write, and a parent may have
	 * left signals blocked */
	action.sa_handler = SIG_IGN;
	(void)sigaction(SIGPIPE, &action, NULL);
	(void)sigaction(SIGXFSZ, &action, NULL);
	(void)sigprocmask(SIG_UNBLOCK, &unblocked, NULL);
	/* a parent that ignores it would have our own processes vanish before they are waited for
	 */
	action.sa_handler = SIG_DFL;
	(void)sigaction(SIGCHLD, &action, NULL);
	(void)clock_gettime(CLOCK_MONOTONIC, &watchdog.deadline);
	watchdog.deadline.tv_sec += (time_t)timeout_s;
	watchdog.share_end = watchdog.deadline;
	watchdog.started = true;
	if (setitimer(ITIMER_REAL, &timer, NULL) != 0)
		return error_set(error, ERROR_INTERNAL, "can not set a timer: %s", strerror(errno));
	return true;
}

/* Milliseconds from now to end, 0 when it has passed. */
static int left_until(const struct timespec *end)
{
	struct timespec now;
	long long left_ms;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	left_ms = (long long)(end->tv_sec - now.tv_sec) * 1000 +
		  (end->tv_nsec - now.tv_nsec) / 1000000;
	if (left_ms < 0)
		return 0;
	return left_ms > NO_START_MS ? NO_START_MS : (int)left_ms;
}

int watchdog_left_ms(void)
{
	return watchdog.started ? left_until(&watchdog.share_end) : NO_START_MS;
}

void watchdog_share(size_t count)
{
	long long left_ns = left_until(&watchdog.deadline) * 1000000LL;
	struct timespec *end = &watchdog.share_end;

	*end = watchdog.deadline;
	if (count < 2)
		return;
	(void)clock_gettime(CLOCK_MONOTONIC, end);
	left_ns = left_ns / (long long)count + end->tv_nsec;
	end->tv_sec += (time_t)(left_ns / 1000000000);
	end->tv_nsec = (long)(left_ns % 1000000000);
}

void watchdog_something_read(void)
{
	watchdog.timeout_state = (sig_atomic_t)service_state_worst(
		STATE_UNKNOWN, (enum service_state)watchdog.timeout_state);
}

void watchdog_prepare(const char *text, enum service_state state)
{
	watchdog.prepared_size = strlen(text);
	watchdog.prepared_state = (sig_atomic_t)state;
	watchdog.prepared = text;
}

void watchdog_answering(enum service_state state)
{
	watchdog.answering = 1 + (sig_atomic_t)state;
}

void watchdog_answered(enum service_state state)
{
	watchdog.answered = 1 + (sig_atomic_t)state;
}

void watchdog_out_of_memory(void)
{
	if (!watchdog.started)
		watchdog_waiting_for("its own start"); /* no line is ready yet */
	end_process(ENDING_MEMORY);
	_exit(STATE_UNKNOWN); /* not reached */
}
