/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rules about what the KDC does, as far as it was asked. A ticket that it issued is
 * proof; one that is not forwardable proves something only where the control account's is,
 * and what was not answered proves nothing.
 */
#include "policy/rules.h"

#include "base/memory.h"
#include "model/kdc_answers.h"

#include <stdarg.h>

/* The questions of a kind: [*item, *end); none where the KDC was not asked. */
static void of_kind(const struct verdict *verdict, enum kdc_kind kind,
		    const struct kdc_question **item, const struct kdc_question **end)
{
	const struct kdc_answers *answers = verdict->snapshot->kdc;

	*item = *end = NULL;
	if (!answers || !answers->count)
		return;
	*item = answers->items + answers->first[kind];
	*end = answers->items + answers->first[kind + 1];
}

void judge_kdc_admin_forwardable(struct verdict *verdict)
{
	const struct kdc_question *item, *end;

	of_kind(verdict, KDC_ADMIN, &item, &end);
	for (; item < end; item++) {
		if (item->outcome != KDC_ISSUED || !item->forwardable)
			continue;
		if (item->admin->not_delegated == TRUTH_YES)
			verdict_add(verdict, RULE_KDC_ADMIN_FORWARDABLE, item->admin->name, NULL,
				    "marked \"account is sensitive and cannot be delegated\", but "
				    "the KDC issued a forwardable ticket for it all the same: find "
				    "out whether that KDC has another state of the account");
		else
			verdict_add(verdict, RULE_KDC_ADMIN_FORWARDABLE, item->admin->name, NULL,
				    "in Protected Users, but the KDC issued a forwardable ticket "
				    "for it all the same, so any host with protocol transition can "
				    "act as this account: set \"account is sensitive and cannot be "
				    "delegated\"");
	}
}

void judge_kdc_host_unconstrained(struct verdict *verdict)
{
	const struct kdc_question *item, *end;

	of_kind(verdict, KDC_HOST, &item, &end);
	for (; item < end; item++) {
		if (item->outcome == KDC_ISSUED && item->ok_as_delegate)
			verdict_add(verdict, RULE_KDC_HOST_UNCONSTRAINED, item->host->name, NULL,
				    "the KDC trusts it for unconstrained delegation "
				    "(OK-AS-DELEGATE), though the directory says it does not: find "
				    "out whether the KDC has another state of the account, and "
				    "clear the bit there");
	}
}

void judge_kdc_target_refused(struct verdict *verdict)
{
	const struct host_list *hosts = &verdict->snapshot->hosts;
	const struct kdc_answers *answers = verdict->snapshot->kdc;

	for (size_t i = 0; answers && i < hosts->count; i++) {
		const struct host *host = &hosts->items[i];

		for (size_t k = 0; host->judged && k < host->targets.count; k++) {
			const char *target = host->targets.items[k];
			const struct kdc_question *question =
				kdc_answers_find_target(answers, target);

			if (question && question->outcome == KDC_REFUSED)
				verdict_add(verdict, RULE_KDC_TARGET_REFUSED, host->name, target,
					    "the KDC issues no ticket for it, though an account "
					    "owns it, so migrations there fail (%s): see that its "
					    "owner has joined the domain and has AES keys",
					    question->words);
		}
	}
}

/* What the asking left open, while it is told: parts of one sentence. */
struct doubts {
	const struct verdict *verdict;
	char *text; /* NULL: none yet */
};

static void doubt(struct doubts *doubts, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void doubt(struct doubts *doubts, const char *format, ...)
{
	va_list arguments;

	doubts->text =
		doubts->text ? memory_append(doubts->text, "; ") : memory_text(doubts->verdict, "");
	va_start(arguments, format);
	doubts->text = memory_check(talloc_vasprintf_append(doubts->text, format, arguments));
	va_end(arguments);
}

/* How findings spell whom a question is about. */
static const char *subject(const struct kdc_question *question)
{
	if (question->host)
		return question->host->name;
	return question->admin ? question->admin->name : question->name;
}

static const char *reason(const struct kdc_question *question)
{
	return question->words ? question->words : "the time of the run was up (-t)";
}

/* Why no ticket in the name of an admin could tell anything. */
static void doubt_obstacles(struct doubts *doubts)
{
	const struct kdc_answers *answers = doubts->verdict->snapshot->kdc;
	const struct kdc_question *item, *end;
	size_t count;

	of_kind(doubts->verdict, KDC_ADMIN, &item, &end);
	count = (size_t)(end - item);
	if (answers->silence)
		doubt(doubts, "nothing could be asked: %s", answers->silence);
	for (size_t i = 0; count && i < answers->obstacles.count; i++)
		doubt(doubts, "%s", answers->obstacles.items[i]);
	if (answers->control_lack)
		doubt(doubts, "%s", answers->control_lack);
}

/* Whether one control account came back forwardable, which proves the others' answers. */
static void doubt_control(struct doubts *doubts)
{
	const struct kdc_question *item, *end, *worst;

	of_kind(doubts->verdict, KDC_CONTROL, &item, &end);
	if (item == end)
		return;
	for (worst = item; item < end; item++) {
		if (item->outcome == KDC_ISSUED && item->forwardable)
			return;
		if (item->outcome == KDC_ISSUED)
			worst = item;
	}
	if (worst->outcome == KDC_ISSUED)
		doubt(doubts,
		      "the ticket of the control account %s is not forwardable either%s%s%s, so "
		      "nothing can be concluded for admins",
		      worst->name, worst->words ? " (" : "", worst->words ? worst->words : "",
		      worst->words ? ")" : "");
	else
		doubt(doubts, "no ticket for the control account %s: %s", worst->name,
		      reason(worst));
}

/* The questions of a kind that the KDC did not answer. */
static void doubt_unanswered(struct doubts *doubts, enum kdc_kind kind, const char *one,
			     const char *many)
{
	const struct kdc_question *item, *end, *first = NULL;
	size_t count = 0;

	of_kind(doubts->verdict, kind, &item, &end);
	for (; item < end; item++) {
		if (item->outcome != KDC_UNANSWERED &&
		    !(item->outcome == KDC_OBSTRUCTED && item->words))
			continue;
		if (!first)
			first = item;
		count++;
	}
	if (count == 1)
		doubt(doubts, "no ticket for the %s %s: %s", one, subject(first), reason(first));
	else if (count)
		doubt(doubts, "no ticket for %zu %s, the first being %s: %s", count, many,
		      subject(first), reason(first));
}

static void doubt_limit(struct doubts *doubts)
{
	const struct kdc_answers *answers = doubts->verdict->snapshot->kdc;
	size_t asked = 0, left = 0;

	for (size_t i = answers->first[KDC_ADMIN]; i < answers->count; i++) {
		left += answers->items[i].outcome == KDC_BEYOND_LIMIT;
		asked += answers->items[i].outcome != KDC_BEYOND_LIMIT &&
			 answers->items[i].outcome != KDC_OBSTRUCTED;
	}
	if (left)
		doubt(doubts,
		      "%zu of %zu admins, hosts and targets were not asked for "
		      "(--kdc-limit)",
		      left, left + asked);
}

void judge_kdc_unproven(struct verdict *verdict)
{
	struct doubts doubts = {.verdict = verdict};

	if (!verdict->snapshot->kdc)
		return;
	doubt_obstacles(&doubts);
	doubt_control(&doubts);
	doubt_unanswered(&doubts, KDC_ADMIN, "admin", "admins");
	doubt_unanswered(&doubts, KDC_HOST, "host", "hosts");
	doubt_unanswered(&doubts, KDC_TARGET, "target", "targets");
	doubt_limit(&doubts);
	if (doubts.text)
		verdict_add(verdict, RULE_KDC_UNPROVEN, verdict->snapshot->domain->name, NULL, "%s",
			    doubts.text);
}
