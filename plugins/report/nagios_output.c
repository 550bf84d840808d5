/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/nagios_output.h"

#include "base/memory.h"
#include "base/text.h"
#include "report/fix_commands.h"

#include <string.h>

/* The output while it grows; lines that do not fit are left out and counted. */
struct output {
	char *text;
	size_t max;
	size_t lines_left_out;
};

/* Room that is kept for the line that counts what was left out. */
enum { TAIL_SIZE = 160 };

/* Bytes of the first line before its bar, less than this. */
enum { TEXT_MAX = 160 };

static char clean_byte(char c)
{
	switch (c) {
	case '|':
	case '\\': return '/';
	case '<': return '(';
	case '>': return ')';
	default: return (unsigned char)c < ' ' || c == 0x7F ? ' ' : c;
	}
}

char *nagios_clean(const void *context, const char *text)
{
	size_t left = strlen(text);
	char *clean = memory_check(talloc_size(context, left + 1));
	char *end = clean;

	while (left) {
		size_t length = text_utf8_length(text, left);

		if (length <= 1) {
			*end++ = length ? clean_byte(*text) : '?';
			length = 1;
		} else if (length == 2 && text[0] == '\xC2' && (unsigned char)text[1] < 0xA0) {
			*end++ = ' '; /* a C1 control */
		} else {
			memcpy(end, text, length);
			end += length;
		}
		text += length;
		left -= length;
	}
	*end = '\0';
	return clean;
}

/* Appends a line if it and the tail still fit. */
static void add_line(struct output *output, const char *line)
{
	size_t used = talloc_get_size(output->text) - 1;

	if (output->lines_left_out || used + strlen(line) + 1 + TAIL_SIZE > output->max) {
		output->lines_left_out++;
		return;
	}
	output->text = memory_check(talloc_asprintf_append_buffer(output->text, "%s\n", line));
}

static char *perfdata_item(const void *context, const struct verdict *verdict, enum metric metric)
{
	const struct metric_value *value = &verdict->metrics[metric];
	const struct metric_thresholds *thresholds = &verdict->policy->thresholds[metric];
	char *text = memory_format(
		context, metric == METRIC_TIME ? "%s=%.3f%s;%s;%s;0" : "%s=%.0f%s;%s;%s;0",
		metric_label(metric), value->value, metric_unit(metric),
		range_perfdata(&thresholds->warning), range_perfdata(&thresholds->critical));

	if (value->has_max)
		text = memory_check(talloc_asprintf_append_buffer(text, ";%.0f", value->max));
	return text;
}

enum service_state nagios_state(const struct report *report, const struct nagios_settings *settings)
{
	enum service_state state = report->verdict->state;

	return settings->unwritten || settings->unaccepted
		       ? service_state_worst(state, STATE_UNKNOWN)
		       : state;
}

static void add_status_line(struct output *output, const struct report *report,
			    const struct nagios_settings *settings)
{
	const char *const failures[] = {
		settings->unwritten ? "; report not written" : "",
		settings->unaccepted ? "; baseline not written" : "",
	};
	const struct verdict *verdict = report->verdict;
	char *line = memory_format(NULL, "HYPERV DELEGATION %s - %s",
				   service_state_name(nagios_state(report, settings)),
				   report_summary(output->text, verdict));

	for (size_t i = 0; i < sizeof failures / sizeof failures[0]; i++) {
		if (strlen(line) + strlen(failures[i]) < TEXT_MAX)
			line = memory_check(talloc_strdup_append_buffer(line, failures[i]));
	}
	line = memory_check(talloc_strdup_append_buffer(line, " |"));

	for (size_t i = 0; i < METRIC_COUNT; i++) {
		if (report_shows(verdict, (enum metric)i))
			line = memory_check(talloc_asprintf_append_buffer(
				line, " %s", perfdata_item(output->text, verdict, (enum metric)i)));
	}
	output->text = memory_check(talloc_asprintf_append_buffer(output->text, "%s\n", line));
	talloc_free(line);
}

/* Says why what the option asks for was not done; nothing where why is NULL. */
static void add_failure(struct output *output, const char *option, const char *why)
{
	if (why)
		add_line(output, memory_format(output->text, "[UNKNOWN] %s: %s", option,
					       nagios_clean(output->text, why)));
}

/* "time is 12.345 s, above 10 (-w time=10)". */
static char *threshold_line(const void *context, enum metric metric, double value,
			    const struct metric_thresholds *thresholds)
{
	enum service_state state = metric_state(thresholds, value);
	bool critical = state == STATE_CRITICAL;
	const struct range *range = critical ? &thresholds->critical : &thresholds->warning;
	const char *unit = metric_unit(metric);
	char *words = range_words(NULL, range, value);
	char *line = memory_format(context,
				   metric == METRIC_TIME ? "[%s] %s is %.3f%s%s, %s (-%c %s=%s)"
							 : "[%s] %s is %.0f%s%s, %s (-%c %s=%s)",
				   service_state_name(state), metric_label(metric), value,
				   *unit ? " " : "", unit, words, critical ? 'c' : 'w',
				   metric_label(metric), range->text);

	talloc_free(words);
	return line;
}

/* Says which thresholds were crossed. Where one unprotected admin is too many, each has a
 * finding that says it. */
static void add_threshold_lines(struct output *output, const struct verdict *verdict)
{
	for (size_t i = 0; i < METRIC_COUNT; i++) {
		const struct metric_thresholds *thresholds = &verdict->policy->thresholds[i];
		double value = verdict->metrics[i].value;
		enum service_state state = metric_state(thresholds, value);
		const struct range *range =
			state == STATE_CRITICAL ? &thresholds->critical : &thresholds->warning;
		char *line;

		if (state == STATE_OK ||
		    (i == METRIC_ADMINS_UNPROTECTED && range_is_above_zero(range)))
			continue;
		line = threshold_line(NULL, (enum metric)i, value, thresholds);
		add_line(output, line);
		talloc_free(line);
	}
}

static char *finding_line(const void *context, const struct finding *finding)
{
	char *line = memory_format(context, "[%s] %s", service_state_name(finding->state),
				   nagios_clean(context, finding->subject));

	if (finding->object)
		line = memory_check(talloc_asprintf_append_buffer(
			line, " -> %s", nagios_clean(context, finding->object)));
	return memory_check(talloc_asprintf_append_buffer(line, ": %s (%s)",
							  nagios_clean(context, finding->detail),
							  rule_name(finding->rule)));
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
			lines = memory_check(
				talloc_asprintf_append_buffer(lines, "\n    %s", command));
		else
			hidden++;
	}
	if (hidden)
		lines = memory_check(talloc_asprintf_append_buffer(
			lines, "\n    # %zu more command%s: --output-format json has %s", hidden,
			hidden == 1 ? "" : "s", hidden == 1 ? "it" : "them"));
	return lines;
}

/* "12 more findings, all WARNING", or how many of each state. */
static void add_left_out(struct output *output, const struct finding *const *sorted, size_t shown,
			 size_t count)
{
	static const enum service_state order[] = {STATE_CRITICAL, STATE_WARNING, STATE_UNKNOWN,
						   STATE_OK};
	size_t counts[4] = {0};
	size_t left = count - shown;
	char *states = memory_text(NULL, "");

	for (size_t i = shown; i < count; i++)
		counts[sorted[i]->state]++;
	for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
		enum service_state state = order[i];

		if (counts[state] == left)
			states = memory_check(talloc_asprintf_append_buffer(
				states, left > 1 ? ", all %s" : ", %s", service_state_name(state)));
		else if (counts[state])
			states = memory_check(talloc_asprintf_append_buffer(
				states, ", %zu %s", counts[state], service_state_name(state)));
	}
	output->text = memory_check(talloc_asprintf_append_buffer(
		output->text, "%zu more finding%s%s; --output-format json shows all\n", left,
		left == 1 ? "" : "s", states));
	talloc_free(states);
}

/* Returns whether some did not fit, which is then said. */
static bool add_findings(struct output *output, const struct report *report)
{
	const struct verdict *verdict = report->verdict;
	void *scratch = memory_check(talloc_new(NULL));
	const struct finding **sorted = report_sort_findings(scratch, &verdict->findings);
	size_t shown = 0;

	for (size_t i = 0; i < verdict->findings.count; i++) {
		char *line = finding_line(scratch, sorted[i]);

		/* both or neither: a finding without its commands would look as if it had none */
		if (report->with_fix && !output->lines_left_out)
			line = memory_check(talloc_strdup_append_buffer(
				line, fix_lines(scratch, verdict, sorted[i])));
		add_line(output, line);
		shown += !output->lines_left_out;
	}
	if (shown < verdict->findings.count)
		add_left_out(output, sorted, shown, verdict->findings.count);
	talloc_free(scratch);
	return shown < verdict->findings.count;
}

static const char *truth_word(enum truth truth, const char *yes, const char *no)
{
	return truth == TRUTH_YES ? yes : truth == TRUTH_NO ? no : "not readable";
}

static void add_host_line(struct output *output, const struct host *host)
{
	void *scratch = memory_check(talloc_new(NULL));
	const char *generation =
		host->build == BUILD_UNKNOWN
			? "version not readable, taken as 2016 or later"
			: memory_format(scratch, "build %u", (unsigned)host->build);
	char *line = memory_format(scratch,
				   "host %s: %s, %s, unconstrained %s, any protocol %s, targets: "
				   "%zu, RBCD trustees: %zu%s",
				   nagios_clean(scratch, host->name),
				   truth_word(host->account.enabled, "enabled", "disabled"),
				   generation, truth_word(host->unconstrained, "yes", "no"),
				   truth_word(host->protocol_transition, "yes", "no"),
				   host->targets.count, host->rbcd_trustee_count,
				   host->rbcd_readable ? "" : " or more");

	add_line(output, line);
	talloc_free(scratch);
}

/* -v: every host that was judged, and the admins that were not, exempt or disabled. */
static void add_account_lines(struct output *output, const struct snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->hosts.count; i++) {
		if (snapshot->hosts.items[i].judged)
			add_host_line(output, &snapshot->hosts.items[i]);
	}
	for (size_t i = 0; i < snapshot->admins.count; i++) {
		const struct admin *admin = &snapshot->admins.items[i];
		char *line;

		if (!admin->exempt && admin->enabled != TRUTH_NO)
			continue;
		line = memory_format(NULL, "admin %s: %s, not judged",
				     nagios_clean(output->text, admin->name),
				     admin->exempt ? "exempt" : "disabled");
		add_line(output, line);
		talloc_free(line);
	}
}

static void add_trace_lines(struct output *output, const struct nagios_settings *settings)
{
	for (size_t i = 0; i < settings->trace_line_count; i++)
		add_line(output, nagios_clean(output->text, settings->trace_lines[i]));
}

char *nagios_output(const void *context, const struct report *report,
		    const struct nagios_settings *settings)
{
	struct output output = {
		.text = memory_text(context, ""),
		.max = settings->max_output,
	};
	bool counted;

	add_status_line(&output, report, settings);
	add_failure(&output, "--output", settings->unwritten);
	add_failure(&output, "--accept", settings->unaccepted);
	if (settings->note)
		add_line(&output, settings->note);
	add_threshold_lines(&output, report->verdict);
	counted = add_findings(&output, report);
	if (settings->verbosity >= 1)
		add_account_lines(&output, report->verdict->snapshot);
	if (settings->verbosity >= 2)
		add_trace_lines(&output, settings);
	if (output.lines_left_out && !counted)
		output.text = memory_check(talloc_asprintf_append_buffer(
			output.text, "%zu more lines; raise --max-output to see them\n",
			output.lines_left_out));
	return output.text;
}

char *nagios_failure(const void *context, const char *prefix, const char *cause, bool brief)
{
	/* as long as the first line of a verdict may be */
	enum { LINE_MAX_LENGTH = 159 };
	char *clean = nagios_clean(NULL, cause);
	char *line;

	if (brief)
		text_shorten(clean, LINE_MAX_LENGTH - strlen(prefix) - strlen(" - "));
	line = memory_format(context, "%s - %s\n", prefix, clean);
	talloc_free(clean);
	return line;
}
