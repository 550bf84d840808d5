/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What holds for every answer, written anew from what the formats promise. */
#include "base/memory.h"
#include "base/text.h"
#include "fuzz.h"
#include "report/html_output.h"
#include "report/json_output.h"
#include "report/nagios_output.h"
#include "report/openmetrics_output.h"
#include "report/report.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_LINE_MAX = 160, SMALLEST_MAX_OUTPUT = 2048, ALL_OUTPUT = 100000000 };

/* "label=1;2;3;0;4" with its unit; moves behind it. */
static void check_perfdata_item(const char **at)
{
	static const char digits[] = "0123456789.", range[] = "0123456789.:~@-";
	size_t length = strspn(*at, "abcdefghijklmnopqrstuvwxyz_");

	fuzz_check(length && (*at)[length] == '=');
	*at += length + 1;
	length = strspn(*at, digits);
	fuzz_check(length);
	*at += length + ((*at)[length] == 's');
	for (int i = 0; i < 2; i++) {
		fuzz_check(**at == ';');
		*at += 1 + strspn(*at + 1, range);
	}
	fuzz_check(!strncmp(*at, ";0", 2));
	*at += 2;
	if (**at == ';') {
		length = strspn(*at + 1, digits);
		fuzz_check(length);
		*at += 1 + length;
	}
}

/* "HYPERV DELEGATION STATE - text | perfdata"; returns the line's end. */
static const char *check_first_line(const char *text, enum service_state state)
{
	static const char begin[] = "HYPERV DELEGATION ";
	const char *name = service_state_name(state);
	const char *bar = strchr(text, '|'), *end = strchr(text, '\n'), *at;

	fuzz_check(bar && end && bar < end && bar - text < FIRST_LINE_MAX);
	fuzz_check(!strncmp(text, begin, sizeof begin - 1));
	at = text + sizeof begin - 1;
	fuzz_check(!strncmp(at, name, strlen(name)) && !strncmp(at + strlen(name), " - ", 3));
	fuzz_check(bar[-1] == ' ');
	for (at = bar + 1; at < end;) {
		fuzz_check(*at == ' ');
		at++;
		check_perfdata_item(&at);
	}
	fuzz_check(at == end);
	return end;
}

/* No byte that a monitoring page takes for something else. */
static void check_harmless(const char *text)
{
	size_t left = strlen(text);

	while (left) {
		size_t length = text_utf8_length(text, left);

		fuzz_check(length > 0);
		fuzz_check(*text != '\\' && *text != '<' && *text != '\x7F');
		fuzz_check((unsigned char)*text >= ' ' || *text == '\n');
		fuzz_check(*text != '>' || !strncmp(text - 2, " -> ", 4));
		fuzz_check(length != 2 || *text != '\xC2' || (unsigned char)text[1] >= 0xA0);
		text += length;
		left -= length;
	}
}

/* The findings shown and those counted are all of them. */
static void check_lines(const char *end, size_t finding_count)
{
	size_t shown = 0, more = 0;

	while (end[1]) {
		const char *line = end + 1;
		char *behind;
		unsigned long number = strtoul(line, &behind, 10);

		end = strchr(line, '\n');
		fuzz_check(end && end > line);
		fuzz_check(!memchr(line, '|', (size_t)(end - line)));
		fuzz_check(strncmp(line, "HYPERV DELEGATION", 17) != 0);
		shown += *line == '[';
		if (behind > line && !strncmp(behind, " more finding", 13))
			more += number;
	}
	fuzz_check(shown + more == finding_count);
}

static void check_nagios(const void *context, const struct report *report, size_t max_output,
			 unsigned verbosity)
{
	const struct nagios_settings settings = {.max_output = max_output, .verbosity = verbosity};
	const char *text = nagios_output(context, report, &settings);
	const char *end = check_first_line(text, report->verdict->state);

	fuzz_check(strlen(text) <= max_output);
	fuzz_check(text[strlen(text) - 1] == '\n');
	check_harmless(text);
	check_lines(end, report->verdict->findings.count);
}

static const char *string_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	fuzz_check(text);
	return text;
}

static void check_json(const char *text, const struct verdict *verdict)
{
	json_error_t error;
	json_t *report = json_loads(text, JSON_REJECT_DUPLICATES, &error);
	const json_t *findings = json_object_get(report, "findings");
	enum service_state worst = STATE_OK, state;

	fuzz_check(report);
	fuzz_check(json_is_array(findings) && json_array_size(findings) == verdict->findings.count);
	for (size_t i = 0; i < json_array_size(findings); i++) {
		const json_t *finding = json_array_get(findings, i);
		enum rule rule;

		fuzz_check(rule_parse(string_of(finding, "rule"), &rule));
		fuzz_check(service_state_parse(string_of(finding, "state"), &state));
		(void)string_of(finding, "subject");
		(void)string_of(finding, "detail");
		worst = service_state_worst(worst, state);
	}
	fuzz_check(service_state_parse(string_of(report, "state"), &state));
	/* the one threshold is that on admins_unprotected, which gives its findings a state */
	fuzz_check(state == worst && state == verdict->state);
	fuzz_check(json_is_true(json_object_get(json_object_get(report, "origin"), "complete")) ==
		   !verdict->snapshot->directory->gap_count);
	fuzz_check_schema(report);
	json_decref(report);
}

const char *fuzz_check_answers(const void *context, const struct report *report)
{
	const char *json = json_output(context, report);

	check_json(json, report->verdict);
	check_nagios(context, report, SMALLEST_MAX_OUTPUT, 0);
	check_nagios(context, report, ALL_OUTPUT, 1);
	fuzz_check_page(html_output(context, report), report->verdict->findings.count);
	fuzz_check_metrics(openmetrics_output(context, report), report->verdict->findings.count);
	return json;
}
