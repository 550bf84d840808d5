/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The findings, worst first, those of one rule together, each with an id to point at. */
#include "report/html.h"

#include <string.h>

/* More names than that stand above what is said of them, not beside it. */
enum { NAMES_BESIDE = 3 };

/* Whether one row can tell both: all but the subject is the same. */
static bool differs_in_subject(const struct finding *a, const struct finding *b)
{
	bool same_object =
		a->object && b->object ? !strcmp(a->object, b->object) : a->object == b->object;

	return same_object && !strcmp(a->detail, b->detail);
}

/* Whether one row can tell both: all but the object, which the sentences may name, is the
 * same. */
static bool differs_in_object(const struct finding *a, const struct finding *b)
{
	const char *one = a->detail, *other = b->detail;
	size_t one_length, other_length;

	if (!a->object || !b->object || strcmp(a->subject, b->subject) != 0)
		return false;
	one_length = strlen(a->object);
	other_length = strlen(b->object);
	while (*one && *other) {
		bool named = one_length && other_length && !strncmp(one, a->object, one_length) &&
			     !strncmp(other, b->object, other_length);

		if (!named && *one != *other)
			return false;
		one += named ? one_length : 1;
		other += named ? other_length : 1;
	}
	return *one == *other;
}

/* How many findings from here on one row can tell, as the first of them does; with commands
 * each has a row of its own. */
static size_t count_told(const struct html_page *page, const struct finding *const *findings,
			 size_t count,
			 bool (*alike)(const struct finding *, const struct finding *))
{
	size_t told = 1;

	while (!page->report->with_fix && told < count && alike(findings[0], findings[told]))
		told++;
	return told;
}

/* The names of findings, each a place to point at. */
static void add_names(struct html_page *page, const struct finding *const *findings, size_t count,
		      bool objects)
{
	for (size_t i = 0; i < count; i++) {
		html_add(page, "%s<span id=\"f%zu\">", i ? " " : "",
			 html_finding_number(page, findings[i]));
		html_add_name(page, objects ? html_object(findings[i]) : findings[i]->subject);
		html_add(page, "%s</span>", i + 1 < count ? "," : "");
	}
}

/* Adds a row for the first of count findings and those behind it that say the same of
 * another subject, or else of another object; returns how many these are. */
static size_t add_row(struct html_page *page, const struct finding *const *findings, size_t count)
{
	const struct finding *first = findings[0];
	size_t subjects = count_told(page, findings, count, differs_in_subject);
	size_t objects = 1;

	if (subjects == 1)
		objects = count_told(page, findings, count, differs_in_object);
	html_add(page, subjects > NAMES_BESIDE ? "<tr class=\"many\"><th scope=\"row\">"
					       : "<tr><th scope=\"row\">");
	add_names(page, findings, subjects, false);
	html_add(page, "<td>");
	if (first->object) {
		html_add(page, "<b>");
		html_add_name(page, html_object(first));
		html_add(page, "</b>: ");
	}
	html_add(page, "%s", first->detail);
	if (objects > 1) {
		html_add(page, "<br>The same for ");
		add_names(page, findings + 1, objects - 1, true);
	}
	if (page->report->with_fix)
		html_fix(page, first);
	html_add(page, "\n");
	return subjects + objects - 1;
}

/* How many findings there are from here on of the same rule and state. */
static size_t count_alike(const struct finding *const *findings, size_t count)
{
	size_t alike = 1;

	while (alike < count && findings[alike]->rule == findings[0]->rule &&
	       findings[alike]->state == findings[0]->state)
		alike++;
	return alike;
}

void html_findings(struct html_page *page)
{
	size_t count = page->verdict->findings.count;
	const struct finding *const *sorted = page->sorted;

	html_add(page, "<section id=\"findings\">\n<h2>Findings <small>%zu</small></h2>\n", count);
	if (!count)
		html_add(page, "<p>No finding.</p>\n");
	for (size_t i = 0, alike; i < count; i += alike) {
		enum rule rule = sorted[i]->rule;

		alike = count_alike(sorted + i, count - i);
		html_add(page, "<h3>");
		html_state(page, sorted[i]->state);
		html_add(page, " %s <small>", rule_name(rule));
		if (alike > 1)
			html_add(page, "%zu: ", alike);
		html_add(page, "%s</small></h3>\n<table class=\"findings\">\n",
			 rule_sentence(rule));
		for (size_t k = 0; k < alike;)
			k += add_row(page, sorted + i + k, alike - k);
		html_add(page, "</table>\n");
	}
	html_add(page, "</section>\n");
}
