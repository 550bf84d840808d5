/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/nagios_findings.h"

#include "base/memory.h"
#include "report/fix_commands.h"

#include <string.h>
#include <uthash.h>

/* Findings of one rule and state of which the same is said. */
struct fold {
	const char *detail;
	const struct finding **members;
	size_t count;
	UT_hash_handle hh;
};

/* In the order of their first members. */
struct fold_list {
	struct fold **items;
	size_t count;
};

/* The fold in which finding has a place, made where there is none; a finding with commands
 * below it has a fold of its own. */
static struct fold *find_fold(const void *context, struct fold_list *list, struct fold **open,
			      const struct finding *finding, bool alone)
{
	struct fold *fold = NULL;

	if (!alone)
		HASH_FIND_STR(*open, finding->detail, fold);
	if (fold)
		return fold;
	fold = memory_new(context, struct fold);
	fold->detail = finding->detail;
	if (!alone)
		HASH_ADD_KEYPTR(hh, *open, fold->detail, strlen(fold->detail), fold);
	*memory_add(context, list->items, list->count) = fold;
	return fold;
}

/* Owner: context. */
static struct fold_list fold_findings(const void *context, const struct report *report)
{
	const struct finding_list *findings = &report->verdict->findings;
	const struct finding **sorted = report_sort_findings(context, findings);
	struct fold_list list = {0};
	struct fold *open = NULL; /* uthash: those of the same rule and state */

	for (size_t i = 0; i < findings->count; i++) {
		struct fold *fold;

		if (i && (sorted[i]->rule != sorted[i - 1]->rule ||
			  sorted[i]->state != sorted[i - 1]->state))
			HASH_CLEAR(hh, open);
		fold = find_fold(context, &list, &open, sorted[i], report->with_fix);
		*memory_add(context, fold->members, fold->count) = sorted[i];
	}
	HASH_CLEAR(hh, open);
	return list;
}

/* "hv03 -> cifs/old01", or "cifs/old01" behind another one of hv03. */
static char *name_finding(const void *context, const struct finding *finding,
			  const struct finding *before)
{
	const char *subject = nagios_clean(context, finding->subject);
	const char *object = finding->object ? nagios_clean(context, finding->object) : NULL;

	if (!object)
		return memory_text(context, subject);
	if (before && !strcmp(before->subject, finding->subject))
		return memory_text(context, object);
	return memory_format(context, "%s -> %s", subject, object);
}

/* "hv01, hv02 and 7 more" or "hv01 -> a, b; hv02 -> a": one name at least, and as many as have
 * room. */
static char *name_members(const void *context, const struct fold *fold, size_t room)
{
	char *names = name_finding(context, fold->members[0], NULL);
	size_t named = 1;

	for (; named < fold->count; named++) {
		const struct finding *before = fold->members[named - 1];
		char *name = name_finding(context, fold->members[named], before);
		bool next = before->object &&
			    strcmp(before->subject, fold->members[named]->subject) != 0;

		if (strlen(names) + strlen(name) > room)
			break;
		names = memory_append(names, "%s%s", next ? "; " : ", ", name);
	}
	if (named < fold->count)
		names = memory_append(names, " and %zu more", fold->count - named);
	return names;
}

/* "[WARNING] hv01, hv02: what is wrong with them (the-rule)". */
static char *fold_line(const void *context, const struct fold *fold, size_t room)
{
	const struct finding *first = fold->members[0];

	return memory_format(context, "[%s] %s: %s (%s)", service_state_name(first->state),
			     name_members(context, fold, room),
			     nagios_clean(context, first->detail), rule_name(first->rule));
}

/* The commands below a finding, one a line. One that this format would change is not
 * shown: it would be another command. */
static char *fix_lines(const void *context, const struct verdict *verdict,
		       const struct finding *finding)
{
	struct text_list commands = fix_commands(context, verdict, finding);
	char *lines = memory_text(context, "");
	size_t hidden = 0;

	for (size_t i = 0; i < commands.count; i++) {
		const char *command = commands.items[i];

		if (!strcmp(command, nagios_clean(context, command)))
			lines = memory_append(lines, "\n    %s", command);
		else
			hidden++;
	}
	if (hidden)
		lines = memory_append(lines,
				      "\n    # %zu more command%s: --output-format json has %s",
				      hidden, hidden == 1 ? "" : "s", hidden == 1 ? "it" : "them");
	return lines;
}

/* "12 more findings, all WARNING", or how many of each state. */
static void add_left_out(struct nagios_text *output, const struct fold_list *list, size_t shown)
{
	static const enum service_state order[] = {STATE_CRITICAL, STATE_WARNING, STATE_UNKNOWN,
						   STATE_OK};
	size_t counts[4] = {0};
	size_t left = 0;
	char *states = memory_text(NULL, "");

	for (size_t i = shown; i < list->count; i++) {
		counts[list->items[i]->members[0]->state] += list->items[i]->count;
		left += list->items[i]->count;
	}
	for (size_t i = 0; i < countof(order); i++) {
		enum service_state state = order[i];

		if (counts[state] == left)
			states = memory_append(states, left > 1 ? ", all %s" : ", %s",
					       service_state_name(state));
		else if (counts[state])
			states = memory_append(states, ", %zu %s", counts[state],
					       service_state_name(state));
	}
	output->text = memory_append(output->text,
				     "%zu more finding%s%s; --output-format json shows all\n", left,
				     left == 1 ? "" : "s", states);
	talloc_free(states);
}

bool nagios_findings_add(struct nagios_text *output, const struct report *report)
{
	enum { NAMES_SHARE = 8 }; /* of the output may be names of one line */
	void *scratch = memory_check(talloc_new(NULL));
	struct fold_list list = fold_findings(scratch, report);
	size_t shown = 0;

	for (size_t i = 0; i < list.count; i++) {
		char *line = fold_line(scratch, list.items[i], output->max / NAMES_SHARE);

		/* both or neither: a finding without its commands would look as if it had none */
		if (report->with_fix && !output->lines_left_out)
			line = memory_append(
				line, "%s",
				fix_lines(scratch, report->verdict, list.items[i]->members[0]));
		nagios_text_add(output, line);
		shown += !output->lines_left_out;
	}
	if (shown < list.count)
		add_left_out(output, &list, shown);
	talloc_free(scratch);
	return shown < list.count;
}
