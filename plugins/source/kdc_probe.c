/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/kdc_probe.h"

#include "base/memory.h"
#include "source/kdc_asker.h"
#include "source/watchdog.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* The share of the time left that is kept for the verdict and the report. */
enum { RESERVE_SHARE = 8 };

/* An answer on its way from the child: one message. */
struct message {
	uint32_t index;
	uint32_t outcome;
	bool forwardable;
	bool ok_as_delegate;
	bool has_words;
	char words[500];
};

static void tell(int to, const struct kdc_answers *answers, size_t index, const char *words)
{
	const struct kdc_question *question = &answers->items[index];
	struct message message;

	memset(&message, 0, sizeof message); /* nothing of our memory leaves in its gaps */
	message.index = (uint32_t)index;
	message.outcome = (uint32_t)question->outcome;
	message.forwardable = question->forwardable;
	message.ok_as_delegate = question->ok_as_delegate;
	message.has_words = words != NULL;
	(void)snprintf(message.words, sizeof message.words, "%.*s", (int)sizeof message.words - 1,
		       words ? words : "");
	if (send(to, &message, sizeof message, MSG_NOSIGNAL) < 0)
		_exit(1);
}

/* In the child: asks one question after the other. */
static void ask_all(struct kdc_answers *answers, int to)
{
	struct error error;
	struct kdc_asker *asker = kdc_asker_new(answers, &error);
	bool control_found = false;

	for (size_t i = 0; i < answers->count; i++) {
		struct kdc_question *question = &answers->items[i];

		if (question->outcome != KDC_UNANSWERED)
			continue;
		if (question->kind == KDC_CONTROL && control_found)
			continue; /* one is enough */
		if (asker)
			kdc_asker_ask(asker, question);
		control_found |= question->kind == KDC_CONTROL && question->forwardable;
		tell(to, answers, i, asker ? question->words : error.text);
	}
}

/* The child's life. The watchdog's handlers must not answer in the parent's place. */
_Noreturn static void be_child(struct kdc_answers *answers, int to, pid_t parent)
{
	static const int handled[] = {SIGALRM, SIGTERM, SIGINT, SIGHUP,  SIGQUIT, SIGSEGV,
				      SIGBUS,  SIGFPE,  SIGILL, SIGABRT, SIGSYS};
	sigset_t none;

	watchdog_answering(STATE_UNKNOWN); /* nor does one out of memory */
	for (size_t i = 0; i < sizeof handled / sizeof *handled; i++)
		(void)signal(handled[i], SIG_DFL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	/* it ends with the parent, whatever ends that */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
		_exit(1);
	ask_all(answers, to);
	_exit(0);
}

/* Starts the child; false where the system refuses. */
static bool start_child(struct kdc_answers *answers, pid_t *child, int *from)
{
	pid_t parent = getpid();
	int ends[2];
	sigset_t all, before;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return false;
	/* a signal to both must find the handlers gone in the child */
	(void)sigfillset(&all);
	(void)sigprocmask(SIG_BLOCK, &all, &before);
	*child = fork();
	if (!*child)
		be_child(answers, ends[1], parent);
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	(void)close(ends[1]);
	*from = ends[0];
	if (*child < 0)
		(void)close(ends[0]);
	return *child > 0;
}

/* Milliseconds that may still be waited. */
static int patience_ms(void)
{
	int left_ms = watchdog_left_ms();

	return left_ms - left_ms / RESERVE_SHARE;
}

static void take(struct kdc_answers *answers, const struct message *message)
{
	struct kdc_question *question;

	if (message->index >= answers->count || message->outcome > KDC_ISSUED)
		return;
	question = &answers->items[message->index];
	question->outcome = (enum kdc_outcome)message->outcome;
	question->forwardable = message->forwardable;
	question->ok_as_delegate = message->ok_as_delegate;
	question->words = message->has_words ? memory_text(answers, message->words) : NULL;
}

/* Says why the questions that are left have no answer. */
static void explain(struct kdc_answers *answers, const char *words)
{
	for (size_t i = 0; i < answers->count; i++) {
		if (answers->items[i].outcome == KDC_UNANSWERED && !answers->items[i].words)
			answers->items[i].words = words;
	}
}

/* Takes messages until the child has no more, or the time is up; how many came. */
static size_t take_all(struct kdc_answers *answers, int from, int limit_ms)
{
	int end_ms = watchdog_left_ms() - limit_ms;
	struct pollfd poll_from = {.fd = from, .events = POLLIN};
	struct message message;
	size_t count = 0;

	for (;;) {
		int left_ms = watchdog_left_ms() - end_ms;
		int ready = poll(&poll_from, 1, left_ms > 0 ? left_ms : 0);

		if (ready < 0 && errno == EINTR)
			continue;
		if (!ready)
			return count;
		if (ready < 0 ||
		    recv(from, &message, sizeof message, 0) != (ssize_t)sizeof message) {
			explain(answers, "the process that asks the KDC ended early");
			return count;
		}
		message.words[sizeof message.words - 1] = '\0';
		take(answers, &message);
		count++;
	}
}

static bool anything_to_ask(const struct kdc_answers *answers)
{
	for (size_t i = 0; i < answers->count; i++) {
		if (answers->items[i].outcome == KDC_UNANSWERED)
			return true;
	}
	return false;
}

/* The control account that came back forwardable, or "none". */
static const char *control_of(const struct kdc_answers *answers)
{
	for (size_t i = 0; i < answers->first[KDC_ADMIN]; i++) {
		if (answers->items[i].forwardable)
			return answers->items[i].name;
	}
	return "none";
}

void kdc_probe_ask(struct kdc_answers *answers, const char *server, struct trace *trace)
{
	uint64_t begin_us = trace_clock_us();
	size_t count;
	pid_t child;
	int from;

	if (!anything_to_ask(answers))
		return;
	watchdog_waiting_for("tickets from the KDC at %s", server);
	if (!start_child(answers, &child, &from)) {
		explain(answers,
			memory_format(answers, "no process could be started to ask the KDC: %s",
				      strerror(errno)));
		return;
	}
	count = take_all(answers, from, patience_ms());
	(void)kill(child, SIGKILL);
	(void)close(from);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	trace_add(trace, "%.1f ms: %zu questions to the KDC at %s; control account: %s",
		  (double)(trace_clock_us() - begin_us) / 1000, count, server, control_of(answers));
}
