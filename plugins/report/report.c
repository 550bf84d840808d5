/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/report.h"

#include "policy/replica.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* Bytes of a summary, without what could not be read. */
enum { SUMMARY_MAX = 95 };

static unsigned long count_of(const struct verdict *verdict, enum metric metric)
{
	return (unsigned long)verdict->metrics[metric].value;
}

static char *append(char *text, const char *separator, char *part)
{
	text = memory_check(
		talloc_asprintf_append_buffer(text, "%s%s", *text ? separator : "", part));
	talloc_free(part);
	return text;
}

static char *summarize_hosts(const struct verdict *verdict)
{
	unsigned long hosts = count_of(verdict, METRIC_HOSTS);
	unsigned long wrong = count_of(verdict, METRIC_HOSTS_NOT_OK);

	if (!hosts)
		return memory_text(NULL, "no host judged");
	return memory_format(NULL, "%lu of %lu host%s wrong", wrong, hosts, hosts == 1 ? "" : "s");
}

/* Pairs of declared groups; nothing where no group is declared. */
static char *summarize_pairs(const struct verdict *verdict)
{
	unsigned long pairs = count_of(verdict, METRIC_PAIRS);
	unsigned long ready = count_of(verdict, METRIC_PAIRS_READY);

	return memory_format(NULL, "%lu of %lu pair%s not ready", pairs - ready, pairs,
			     pairs == 1 ? "" : "s");
}

static char *summarize_admins(const struct verdict *verdict)
{
	unsigned long admins = count_of(verdict, METRIC_ADMINS);
	unsigned long unprotected = count_of(verdict, METRIC_ADMINS_UNPROTECTED);
	unsigned long unknown = admins - unprotected - count_of(verdict, METRIC_ADMINS_PROTECTED);
	char *text;

	if (!admins)
		return memory_text(NULL, "no admin judged");
	text = memory_format(NULL, "%lu of %lu admin%s unprotected", unprotected, admins,
			     admins == 1 ? "" : "s");
	if (unknown)
		text = memory_check(
			talloc_asprintf_append_buffer(text, ", %lu not known", unknown));
	return text;
}

/* What drifted; nothing where the summary would get too long for a status line. */
static char *append_drift(char *text, unsigned long drift)
{
	char *part = memory_format(NULL, "%lu change%s since the baseline", drift,
				   drift == 1 ? "" : "s");

	if (strlen(text) + strlen(part) < SUMMARY_MAX)
		return append(text, "; ", part);
	talloc_free(part);
	return text;
}

char *report_summary(const void *context, const struct verdict *verdict)
{
	const struct selection *selection = &verdict->policy->selection;
	unsigned long drift = count_of(verdict, METRIC_DRIFT);
	unsigned long unreadable = count_of(verdict, METRIC_UNREADABLE);
	char *text = memory_text(context, "");

	if (selection->hosts)
		text = append(text, "; ", summarize_hosts(verdict));
	if (selection->hosts && verdict->pairs.count)
		text = append(text, ", ", summarize_pairs(verdict));
	if (selection->admins)
		text = append(text, "; ", summarize_admins(verdict));
	if (drift)
		text = append_drift(text, drift);
	if (unreadable)
		text = append(text, "; ",
			      memory_format(NULL, "%lu thing%s could not be read", unreadable,
					    unreadable == 1 ? "" : "s"));
	return text;
}

bool report_shows(const struct verdict *verdict, enum metric metric)
{
	switch (metric_half(metric)) {
	case HALF_HOSTS: return verdict->policy->selection.hosts;
	case HALF_ADMINS: return verdict->policy->selection.admins;
	case HALF_BOTH: break;
	}
	return true;
}

static int compare_by_state(const void *a, const void *b)
{
	const struct finding *left = *(const struct finding *const *)a;
	const struct finding *right = *(const struct finding *const *)b;
	int order = service_state_rank(right->state) - service_state_rank(left->state);

	/* within a state the order of the verdict, in which both stand in one array */
	return order ? order : (left > right) - (left < right);
}

const struct finding **report_sort_findings(const void *context,
					    const struct finding_list *findings)
{
	const struct finding **sorted =
		memory_array(context, const struct finding *, findings->count);

	for (size_t i = 0; i < findings->count; i++)
		sorted[i] = &findings->items[i];
	if (findings->count)
		qsort(sorted, findings->count, sizeof *sorted, compare_by_state);
	return sorted;
}

bool report_is_whole(const struct verdict *verdict)
{
	return !directory_first_gap(verdict->snapshot->directory) &&
	       replicas_are_whole(verdict->policy->replicas);
}

enum service_state report_host_state(const struct verdict *verdict, const struct host *host)
{
	enum service_state worst = report_is_whole(verdict) ? STATE_OK : STATE_UNKNOWN;

	for (size_t i = 0; i < verdict->findings.count; i++) {
		const struct finding *finding = &verdict->findings.items[i];

		if (rule_is_about_hosts(finding->rule) && !strcmp(finding->subject, host->name))
			worst = service_state_worst(worst, finding->state);
	}
	return worst;
}
