/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/openmetrics_output.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define PREFIX "hyperv_delegation_"

/* The text while it grows, and the label that every sample has. */
struct output {
	char *text;
	const char *domain; /* escaped */
};

/* A host by the name that is printed, which need not be as unique as the real one. */
struct named_state {
	const char *name; /* escaped */
	enum service_state state;
};

static void add(struct output *output, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void add(struct output *output, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	output->text =
		memory_check(talloc_vasprintf_append_buffer(output->text, format, arguments));
	va_end(arguments);
}

char *openmetrics_escape(const void *context, const char *text)
{
	static const char replacement[] = "\xEF\xBF\xBD";
	size_t left = strlen(text);
	char *escaped = memory_check(talloc_size(context, 3 * left + 1));
	char *end = escaped;

	for (size_t length; left; text += length, left -= length) {
		uint32_t character;

		length = text_utf8_length(text, left);
		character = length ? text_utf8_decode(text, length) : 0;
		length += !length;
		if (character == '\n' || character == '"' || character == '\\') {
			*end++ = '\\';
			*end++ = character == '\n' ? 'n' : *text;
		} else if (text_is_unseen(character)) {
			end = mempcpy(end, replacement, sizeof replacement - 1);
		} else {
			end = mempcpy(end, text, length);
		}
	}
	*end = '\0';
	return escaped;
}

/* The lines above the samples of a metric; unit is "" or the end of its name. */
static void add_head(struct output *output, const char *name, const char *unit, const char *help)
{
	add(output, "# HELP " PREFIX "%s %s\n# TYPE " PREFIX "%s gauge\n", name, help, name);
	if (*unit)
		add(output, "# UNIT " PREFIX "%s %s\n", name, unit);
}

static void add_counts(struct output *output, const struct verdict *verdict)
{
	for (size_t i = 0; i < METRIC_COUNT; i++) {
		enum metric metric = (enum metric)i;
		bool seconds = !strcmp(metric_unit(metric), "s");
		char *name =
			memory_format(NULL, seconds ? "%s_seconds" : "%s", metric_label(metric));

		if (report_shows(verdict, metric)) {
			add_head(output, name, seconds ? "seconds" : "", metric_sentence(metric));
			add(output, PREFIX "%s{domain=\"%s\"} ", name, output->domain);
			add(output, seconds ? "%.6f\n" : "%.0f\n", verdict->metrics[i].value);
		}
		talloc_free(name);
	}
}

static void add_state(struct output *output, const struct report *report)
{
	add_head(output, "state", "",
		 "state of the domain: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN");
	add(output, PREFIX "state{domain=\"%s\"} %d\n", output->domain,
	    (int)report->verdict->state);
	add_head(output, "read_timestamp_seconds", "seconds", "when the directory was read");
	add(output, PREFIX "read_timestamp_seconds{domain=\"%s\"} %lld\n", output->domain,
	    (long long)report->read_at_s);
}

/* How many findings there are of each rule and state; of others nothing is said. */
static void add_findings(struct output *output, const struct finding_list *findings)
{
	size_t counts[RULE_COUNT][4] = {{0}};

	for (size_t i = 0; i < findings->count; i++)
		counts[findings->items[i].rule][findings->items[i].state]++;
	add_head(output, "findings", "",
		 "findings by rule and state; a rule without one is left out");
	for (size_t rule = 0; rule < RULE_COUNT; rule++) {
		for (int state = STATE_OK; state <= STATE_UNKNOWN; state++) {
			if (counts[rule][state])
				add(output,
				    PREFIX "findings{domain=\"%s\",rule=\"%s\",state=\"%s\"} %zu\n",
				    output->domain, rule_name((enum rule)rule),
				    service_state_name((enum service_state)state),
				    counts[rule][state]);
		}
	}
}

static int compare_names(const void *a, const void *b)
{
	const struct named_state *left = a, *right = b;
	int order = strcmp(left->name, right->name);

	return order ? order : service_state_rank(right->state) - service_state_rank(left->state);
}

/* One sample for each name: the same one twice would make the whole text invalid. */
static void add_hosts(struct output *output, const struct verdict *verdict)
{
	const struct host_list *hosts = &verdict->snapshot->hosts;
	struct named_state *states = memory_array(NULL, struct named_state, hosts->count);
	size_t count = 0;

	for (size_t i = 0; i < hosts->count; i++) {
		if (hosts->items[i].judged)
			states[count++] = (struct named_state){
				.name = openmetrics_escape(states, hosts->items[i].name),
				.state = report_host_state(verdict, &hosts->items[i]),
			};
	}
	qsort(states, count, sizeof *states, compare_names);
	add_head(output, "host_state", "",
		 "worst state of the findings about a host, by the same numbers");
	for (size_t i = 0; i < count; i++) {
		if (!i || strcmp(states[i - 1].name, states[i].name) != 0)
			add(output, PREFIX "host_state{domain=\"%s\",host=\"%s\"} %d\n",
			    output->domain, states[i].name, (int)states[i].state);
	}
	talloc_free(states);
}

char *openmetrics_output(const void *context, const struct report *report)
{
	const struct verdict *verdict = report->verdict;
	char *domain = openmetrics_escape(NULL, verdict->snapshot->domain->name);
	struct output output = {.text = memory_text(context, ""), .domain = domain};

	add_state(&output, report);
	add_counts(&output, verdict);
	add_findings(&output, &verdict->findings);
	if (verdict->policy->selection.hosts)
		add_hosts(&output, verdict);
	add(&output, "# EOF\n");
	talloc_free(domain);
	return output.text;
}
