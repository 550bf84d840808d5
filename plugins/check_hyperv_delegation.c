/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * check_hyperv_delegation: judges what Active Directory lets Hyper-V hosts and
 * privileged accounts do by Kerberos delegation, for Nagios and Icinga.
 *
 * The run:
 *  1. The watchdog is started, so that from here on there is always an answer.
 *  2. The command line is read (options.c).
 * judgement.c:
 *  3. A source is read into raw entries: exports (source/ldif.c), or a domain controller
 *     (source/ldap_*.c), asked round by round for what the model still misses
 *     (model/inquiry.c), and the next one where it fails in the middle (controller.c), or
 *     every controller there is (all_servers.c).
 *  4. The snapshot is built: who is a host, who an admin, who is protected (model/).
 *  5. The KDC is asked where the user wants that, and its answers go beside the snapshot
 *     (source/kdc_*.c, model/kdc_*.c).
 *  6. The rules are run over it, and over an earlier report where there is a baseline, and
 *     the verdict is reached (policy/); a controller is asked when what drifted was changed.
 * Here again:
 *  7. The report is written in the format asked for (report/), to its file, or to standard
 *     output in one write. Where it went to a file, the Nagios text goes to standard output.
 *  8. After that the facts take the place of the baseline, where the user accepts them.
 *
 * Only this file prints and exits.
 */
#include "base/memory.h"
#include "judgement.h"
#include "policy/replica.h"
#include "report/html_output.h"
#include "report/json_output.h"
#include "report/nagios_output.h"
#include "report/openmetrics_output.h"
#include "source/file.h"
#include "source/watchdog.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { START_TIMEOUT_S = 10 };

_Noreturn void out_of_memory(void)
{
	watchdog_out_of_memory();
}

/* Writes all of text to standard output, in one write where the system takes it. */
static bool write_answer(const char *text, enum service_state state)
{
	size_t left = strlen(text);

	watchdog_answering(state);
	while (left) {
		ssize_t written = write(STDOUT_FILENO, text, left);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return false;
		text += written;
		left -= (size_t)written;
	}
	return true;
}

/* The exit code where what had to be written was not: what was found counts all the same. */
static int exit_unwritten(enum service_state state)
{
	return (int)service_state_worst(state, STATE_UNKNOWN);
}

/* Prints text and returns the exit code of state, or of what is worse where nobody could be
 * told. */
static int answer(const char *text, enum service_state state)
{
	if (!write_answer(text, state))
		return exit_unwritten(state);
	watchdog_answered(state);
	return (int)state;
}

/* The answer of a run that could not judge. A timeout that a library noticed before the
 * watchdog did is one all the same: timeout_state. */
static int answer_failure(const void *context, const struct error *error,
			  enum service_state timeout_state)
{
	enum service_state state = error->kind == ERROR_TIMEOUT ? timeout_state : STATE_UNKNOWN;
	char *prefix = error->kind == ERROR_USAGE ? memory_text(context, "UNKNOWN")
						  : memory_format(context, "HYPERV DELEGATION %s",
								  service_state_name(state));

	/* what the user wrote is known to them; what a server or a library says is told whole */
	bool brief = error->kind == ERROR_USAGE || error->kind == ERROR_INPUT;

	return answer(nagios_failure(context, prefix, error->text, brief), state);
}

/* Writes what --accept accepts beside the baseline. NULL where that fails, or where not
 * everything was read, which nobody should accept. */
static struct file_replacement *prepare_baseline(const void *context, const struct options *options,
						 const struct report *report, struct error *error)
{
	const struct gap *gap = directory_first_gap(report->verdict->snapshot->directory);
	struct file_replacement *replacement;
	char *text;

	if (gap) {
		(void)error_set(error, ERROR_DIRECTORY,
				"the directory was not read whole, so %s stays as it is: %s: %s",
				options->baseline_file, gap->source, gap->detail);
		return NULL;
	}
	if (!replicas_are_whole(report->verdict->policy->replicas)) {
		(void)error_set(error, ERROR_DIRECTORY,
				"not every controller could be read, so %s stays as it is",
				options->baseline_file);
		return NULL;
	}
	text = json_output(context, report);
	replacement = file_prepare(context, options->baseline_file, text, strlen(text), error);
	talloc_free(text);
	return replacement;
}

/* Prepares the new baseline and has nagios say so, or why there is none. */
static struct file_replacement *accept_facts(const void *context, const struct options *options,
					     const struct report *report,
					     struct nagios_settings *nagios, struct error *error)
{
	struct file_replacement *replacement = prepare_baseline(context, options, report, error);
	bool first = !report->verdict->policy->baseline;
	bool lacks = report->verdict->metrics[METRIC_UNREADABLE].value > 0;

	if (!replacement)
		nagios->unaccepted = memory_text(context, error->text);
	else
		nagios->note =
			memory_format(context, "These facts are accepted as the %s baseline%s%s.",
				      first ? "first" : "new",
				      lacks ? ", which lacks what could not be read" : "",
				      first ? "; there was none, so nothing was compared" : "");
	return replacement;
}

/* The whole answer in the format of --output-format. */
static char *format_report(const void *context, const struct options *options,
			   const struct report *report, const struct nagios_settings *nagios)
{
	switch (options->format) {
	case OUTPUT_JSON: return json_output(context, report);
	case OUTPUT_HTML: return html_output(context, report);
	case OUTPUT_OPENMETRICS: return openmetrics_output(context, report);
	case OUTPUT_NAGIOS: break;
	}
	return nagios_output(context, report, nagios);
}

/* Puts the report into the file of --output. Comes before the answer, which can then say that
 * it failed; the state of the answer does not hang upon it. */
static bool write_report(const void *context, const struct options *options,
			 const struct report *report, struct error *error)
{
	char *text = format_report(context, options, report, NULL);
	struct file_replacement *replacement =
		file_prepare(context, options->output_file, text, strlen(text), error);

	talloc_free(text);
	return replacement && file_commit(replacement, error);
}

/* A time as RFC 3339, in UTC. */
static char *format_time(const void *context, time_t time)
{
	struct tm parts;
	char text[32];

	(void)gmtime_r(&time, &parts);
	(void)strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
	return memory_text(context, text);
}

/* Tells where the answer has no room for it, or has left already. */
static void complain(const char *why)
{
	(void)fprintf(stderr, "check_hyperv_delegation: --accept: %s\n", why);
}

/* Prints the report, then puts the new baseline, if there is one, in its place; returns the
 * exit code. */
static int answer_and_accept(const char *text, enum service_state state,
			     struct file_replacement *replacement)
{
	struct error error = {0};

	if (!replacement)
		return answer(text, state);
	if (!write_answer(text, state)) { /* nobody saw what is to be accepted */
		talloc_free(replacement);
		return exit_unwritten(state);
	}
	if (file_commit(replacement, &error)) {
		watchdog_answered(state);
		return (int)state;
	}
	complain(error.text);
	return exit_unwritten(state);
}

/* Steps 7 and 8: writes the report and the new baseline; returns the exit code. */
static int tell(const void *context, const struct options *options, const struct report *report,
		struct nagios_settings *nagios)
{
	bool report_alone = options->format != OUTPUT_NAGIOS && !options->output_file;
	struct file_replacement *replacement = NULL;
	struct error error = {0};
	const char *text;

	if (options->accept)
		replacement = accept_facts(context, options, report, nagios, &error);
	if (options->output_file) {
		nagios->unwritten = "the time was up before the file was written (-t)";
		watchdog_prepare(nagios_output(context, report, nagios),
				 nagios_state(report, nagios));
		nagios->unwritten = write_report(context, options, report, &error)
					    ? NULL
					    : memory_text(context, error.text);
	}
	text = report_alone ? format_report(context, options, report, nagios)
			    : nagios_output(context, report, nagios);
	if (report_alone && nagios->unaccepted)
		complain(nagios->unaccepted);
	return answer_and_accept(text, nagios_state(report, nagios), replacement);
}

/* Bytes that the Nagios output may have: above 4096 Nagios loses its tail, but nobody who looks
 * at a terminal, or at what is to be accepted, should miss some of it. */
static size_t output_limit(const struct options *options)
{
	enum { NAGIOS_LIMIT = 4096 };

	if (options->max_output)
		return options->max_output;
	return options->accept || isatty(STDOUT_FILENO) ? SIZE_MAX : NAGIOS_LIMIT;
}

/* Notes when the directory was as the report tells it: when the run began, or when the oldest file
 * of the export was written. */
static void date_report(const void *context, struct report *report)
{
	const time_t written_at_s = report->verdict->snapshot->directory->written_at_s;

	if (written_at_s && written_at_s < report->read_at_s)
		report->read_at_s = written_at_s;
	report->read_at = format_time(context, report->read_at_s);
}

/* Steps 3 to 8: reads, judges, tells; returns the exit code. */
static int check(const void *context, const struct options *options, const struct timespec *start)
{
	struct trace *trace = memory_new(context, struct trace);
	struct report report = {
		.version = PACKAGE_VERSION,
		.read_at_s = time(NULL),
		.with_fix = options->fix,
	};
	struct nagios_settings nagios = {
		.max_output = output_limit(options),
		.verbosity = options->verbosity,
	};
	struct error error = {0};

	report.verdict = judgement_reach(context, options, start, trace, &error);
	if (!report.verdict)
		return answer_failure(context, &error, options->timeout_state);
	nagios.note = trace->remark; /* what --accept has to say goes over it */
	date_report(context, &report);
	nagios.trace_lines = trace->lines;
	nagios.trace_line_count = trace->line_count;
	return tell(context, options, &report, &nagios);
}

/*
 * Descriptors 0 to 2 must be taken, or a connection would get their numbers and the
 * answer would go to the controller. False where the answer could reach nobody.
 */
static bool secure_standard_descriptors(void)
{
	bool can_answer = fcntl(STDOUT_FILENO, F_GETFD) >= 0;
	int descriptor;

	do {
		descriptor = open("/dev/null", O_RDWR);
	} while (descriptor >= 0 && descriptor <= STDERR_FILENO);
	if (descriptor > STDERR_FILENO)
		(void)close(descriptor);
	return descriptor > STDERR_FILENO && can_answer;
}

/* Passwords and keys are in memory: no core dump may be made of it, whatever the system does
 * with one. Where that is refused there is nothing better to do than to go on. */
static void forbid_core_dumps(void)
{
	const struct rlimit none = {0};

	(void)prctl(PR_SET_DUMPABLE, 0);
	(void)setrlimit(RLIMIT_CORE, &none);
}

static int run(const void *context, int argc, char *argv[])
{
	struct options options;
	struct error error = {0};
	struct timespec start;

	(void)clock_gettime(CLOCK_MONOTONIC, &start);
	if (!secure_standard_descriptors())
		return STATE_UNKNOWN;
	forbid_core_dumps();
	if (!watchdog_start(START_TIMEOUT_S, STATE_UNKNOWN, &error) ||
	    !options_parse(context, argc, argv, &options, &error))
		return answer_failure(context, &error, STATE_UNKNOWN);
	switch (options.mode) {
	case RUN_HELP: return answer(options_help(context), STATE_UNKNOWN);
	case RUN_VERSION:
		return answer("check_hyperv_delegation " PACKAGE_VERSION "\n", STATE_UNKNOWN);
	case RUN_CHECK: break;
	}
	if (!watchdog_start(options.timeout_s, options.timeout_state, &error))
		return answer_failure(context, &error, STATE_UNKNOWN);
	return check(context, &options, &start);
}

int main(int argc, char *argv[])
{
	void *context = memory_check(talloc_new(NULL));
	int state = run(context, argc, argv);

	talloc_free(context);
	return state;
}
