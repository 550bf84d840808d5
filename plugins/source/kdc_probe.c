/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/kdc_probe.h"

#include "base/memory.h"
#include "source/child.h"
#include "source/kdc_asker.h"
#include "source/wait.h"
#include "source/watchdog.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* The share of the time left that is kept for the verdict and the report. */
enum { RESERVE_SHARE = 8 };

/* An answer on its way from the child. */
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
	child_tell(to, &message, sizeof message);
}

/* In the child: asks one question after the other. */
static void ask_all(void *data, int to)
{
	struct kdc_answers *answers = data;
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
static size_t take_all(struct kdc_answers *answers, const struct child *child, int limit_ms)
{
	uint64_t end_us = wait_end_us(limit_ms);
	struct message message;
	enum child_word word;
	size_t count = 0;

	while ((word = child_hear(child, &message, sizeof message, end_us)) == CHILD_TOLD) {
		message.words[sizeof message.words - 1] = '\0';
		take(answers, &message);
		count++;
	}
	if (word == CHILD_ENDED)
		explain(answers, "the process that asks the KDC ended early");
	return count;
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
	struct child child;
	size_t count;

	if (!anything_to_ask(answers))
		return;
	watchdog_waiting_for("tickets from the KDC at %s", server);
	if (!child_start(&child, ask_all, answers)) {
		explain(answers,
			memory_format(answers, "no process could be started to ask the KDC: %s",
				      strerror(errno)));
		return;
	}
	count = take_all(answers, &child, patience_ms());
	child_end(&child);
	trace_add(trace, "%.1f ms: %zu questions to the KDC at %s; control account: %s",
		  (double)(trace_clock_us() - begin_us) / 1000, count, server, control_of(answers));
}
