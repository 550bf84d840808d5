/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/nagios_output.h"

#include "base/memory.h"
#include "base/text.h"
#include "report/nagios_findings.h"
#include "report/nagios_text.h"
#include "report/summary.h"

#include <string.h>

/* Bytes of the first line before its bar, less than this. */
enum { TEXT_MAX = 160 };

static char *perfdata_item(const void *context, const struct verdict *verdict, enum metric metric)
{
	const struct metric_value *value = &verdict->metrics[metric];
	const struct metric_thresholds *thresholds = &verdict->policy->thresholds[metric];
	char *text = memory_format(
		context, metric == METRIC_TIME ? "%s=%.3f%s;%s;%s;0" : "%s=%.0f%s;%s;%s;0",
		metric_label(metric), value->value, metric_unit(metric),
		range_perfdata(&thresholds->warning), range_perfdata(&thresholds->critical));

	if (value->has_max)
		text = memory_append(text, ";%.0f", value->max);
	return text;
}

enum service_state nagios_state(const struct report *report, const struct nagios_settings *settings)
{
	enum service_state state = report->verdict->state;

	return settings->unwritten || settings->unaccepted
		       ? service_state_worst(state, STATE_UNKNOWN)
		       : state;
}

static void add_status_line(struct nagios_text *output, const struct report *report,
			    const struct nagios_settings *settings)
{
	const struct verdict *verdict = report->verdict;
	void *scratch = memory_check(talloc_new(NULL));
	const char *begin = memory_format(scratch, "HYPERV DELEGATION %s - ",
					  service_state_name(nagios_state(report, settings)));
	const char *end =
		memory_format(scratch, "%s%s", settings->unwritten ? "; report not written" : "",
			      settings->unaccepted ? "; baseline not written" : "");
	size_t room = TEXT_MAX - 1 - strlen(" ") - strlen(begin) - strlen(end);
	char *summary = summary_text(scratch, verdict, room < SUMMARY_MAX ? room : SUMMARY_MAX);
	char *line;

	if (strlen(summary) > room) { /* a line of its own says it, too */
		end = "";
		summary = summary_text(scratch, verdict, SUMMARY_MAX);
	}
	line = memory_format(scratch, "%s%s%s |", begin, nagios_clean(scratch, summary), end);
	for (size_t i = 0; i < METRIC_COUNT; i++) {
		if (report_shows(verdict, (enum metric)i))
			line = memory_append(line, " %s",
					     perfdata_item(scratch, verdict, (enum metric)i));
	}
	output->text = memory_append(output->text, "%s\n", line);
	talloc_free(scratch);
}

/* Says why what the option asks for was not done; nothing where why is NULL. */
static void add_failure(struct nagios_text *output, const char *option, const char *why)
{
	if (why)
		nagios_text_add(output, memory_format(output->text, "[UNKNOWN] %s: %s", option,
						      nagios_clean(output->text, why)));
}

/* "time is 12.345 s, above 10 (-w time=10)": of a value that range, for that state, alerts about.
 */
static char *threshold_line(const void *context, enum metric metric, double value,
			    const struct range *range, enum service_state state)
{
	const char *unit = metric_unit(metric);
	char *words = range_words(NULL, range, value);
	char *line = memory_format(
		context,
		metric == METRIC_TIME ? "[%s] %s is %.3f%s%s, %s (-%c %s=%s)"
				      : "[%s] %s is %.0f%s%s, %s (-%c %s=%s)",
		service_state_name(state), metric_label(metric), value, *unit ? " " : "", unit,
		words, state == STATE_CRITICAL ? 'c' : 'w', metric_label(metric), range->text);

	talloc_free(words);
	return line;
}

/* Says which thresholds were crossed. Where one unprotected admin is too many, each has a
 * finding that says it. */
static void add_threshold_lines(struct nagios_text *output, const struct verdict *verdict)
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
		line = threshold_line(NULL, (enum metric)i, value, range, state);
		nagios_text_add(output, line);
		talloc_free(line);
	}
}

static const char *truth_word(enum truth truth, const char *yes, const char *no)
{
	return truth == TRUTH_YES ? yes : truth == TRUTH_NO ? no : "not readable";
}

static void add_host_line(struct nagios_text *output, const struct host *host)
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

	nagios_text_add(output, line);
	talloc_free(scratch);
}

/* -v: every host that was judged, and the admins that were not, exempt or disabled. */
static void add_account_lines(struct nagios_text *output, const struct snapshot *snapshot)
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
		nagios_text_add(output, line);
		talloc_free(line);
	}
}

static void add_trace_lines(struct nagios_text *output, const struct nagios_settings *settings)
{
	for (size_t i = 0; i < settings->trace_line_count; i++)
		nagios_text_add(output, nagios_clean(output->text, settings->trace_lines[i]));
}

char *nagios_output(const void *context, const struct report *report,
		    const struct nagios_settings *settings)
{
	struct nagios_text output = {
		.text = memory_text(context, ""),
		.max = settings->max_output,
	};
	bool counted;

	add_status_line(&output, report, settings);
	add_failure(&output, "--output", settings->unwritten);
	add_failure(&output, "--accept", settings->unaccepted);
	if (settings->note)
		nagios_text_add(&output, settings->note);
	add_threshold_lines(&output, report->verdict);
	counted = nagios_findings_add(&output, report);
	if (settings->verbosity >= 1)
		add_account_lines(&output, report->verdict->snapshot);
	if (settings->verbosity >= 2)
		add_trace_lines(&output, settings);
	if (output.lines_left_out && !counted)
		output.text = memory_append(output.text,
					    "%zu more lines; raise --max-output to see them\n",
					    output.lines_left_out);
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
