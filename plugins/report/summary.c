/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/summary.h"

#include "base/memory.h"
#include "base/text.h"

#include <ctype.h>
#include <string.h>

/* Bytes that a name may take. */
enum { NAME_MAX_LENGTH = 30 };

/* What a summary is made of, in this order; NULL: nothing to say. */
enum part { PART_HOSTS, PART_PAIRS, PART_ADMINS, PART_DRIFT, PART_UNREADABLE, PART_WORST };
enum { PART_COUNT = PART_WORST + 1 };

static unsigned long count_of(const struct verdict *verdict, enum metric metric)
{
	return (unsigned long)verdict->metrics[metric].value;
}

static char *summarize_hosts(const void *context, const struct verdict *verdict)
{
	unsigned long hosts = count_of(verdict, METRIC_HOSTS);
	unsigned long wrong = count_of(verdict, METRIC_HOSTS_NOT_OK);

	if (!verdict->policy->selection.hosts)
		return NULL;
	if (!hosts)
		return memory_text(context, "no host judged");
	return memory_format(context, "%lu of %lu host%s wrong", wrong, hosts,
			     hosts == 1 ? "" : "s");
}

/* Pairs of declared groups; nothing where no group is declared. */
static char *summarize_pairs(const void *context, const struct verdict *verdict)
{
	unsigned long pairs = count_of(verdict, METRIC_PAIRS);
	unsigned long ready = count_of(verdict, METRIC_PAIRS_READY);

	if (!verdict->policy->selection.hosts || !verdict->pairs.count)
		return NULL;
	return memory_format(context, "%lu of %lu pair%s not ready", pairs - ready, pairs,
			     pairs == 1 ? "" : "s");
}

static char *summarize_admins(const void *context, const struct verdict *verdict)
{
	unsigned long admins = count_of(verdict, METRIC_ADMINS);
	unsigned long unprotected = count_of(verdict, METRIC_ADMINS_UNPROTECTED);
	unsigned long unknown = admins - unprotected - count_of(verdict, METRIC_ADMINS_PROTECTED);
	char *text;

	if (!verdict->policy->selection.admins)
		return NULL;
	if (!admins)
		return memory_text(context, "no admin judged");
	text = memory_format(context, "%lu of %lu admin%s unprotected", unprotected, admins,
			     admins == 1 ? "" : "s");
	if (unknown)
		text = memory_append(text, ", %lu not known", unknown);
	return text;
}

static char *summarize_count(const void *context, unsigned long count, const char *one,
			     const char *many)
{
	return count ? memory_format(context, "%lu %s", count, count == 1 ? one : many) : NULL;
}

/* The first finding of that state that no count tells of; NULL: none. */
static const struct finding *find_finding(const struct verdict *verdict, enum service_state state)
{
	for (size_t i = 0; i < verdict->findings.count; i++) {
		const struct finding *finding = &verdict->findings.items[i];

		if (finding->state == state && finding->rule != RULE_ADMIN_UNPROTECTED)
			return finding;
	}
	return NULL;
}

/* The first threshold of that state that was crossed; METRIC_COUNT: none. */
static size_t find_threshold(const struct verdict *verdict, enum service_state state)
{
	size_t i = 0;

	while (i < METRIC_COUNT &&
	       metric_state(&verdict->policy->thresholds[i], verdict->metrics[i].value) != state)
		i++;
	return i;
}

/* "critical: hv09 (unconstrained-delegation)" or "warning: hosts below 2". */
static char *summarize_worst(const void *context, const struct verdict *verdict)
{
	const struct finding *finding = find_finding(verdict, verdict->state);
	size_t metric = find_threshold(verdict, verdict->state);
	char *text = memory_text(context, service_state_name(verdict->state));
	char *name;

	if (verdict->state == STATE_OK || (!finding && metric == METRIC_COUNT))
		return NULL;
	for (char *c = text; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	if (!finding) {
		const struct metric_thresholds *thresholds = &verdict->policy->thresholds[metric];
		const struct range *range = verdict->state == STATE_CRITICAL ? &thresholds->critical
									     : &thresholds->warning;

		if (metric == METRIC_ADMINS_UNPROTECTED && range_is_above_zero(range))
			return NULL;
		return memory_format(context, "%s: %s %s", text, metric_label((enum metric)metric),
				     range_words(text, range, verdict->metrics[metric].value));
	}
	name = memory_text(text, finding->subject);
	text_shorten(name, NAME_MAX_LENGTH);
	return memory_format(context, "%s: %s (%s)", text, name, rule_name(finding->rule));
}

/* The parts that are there, one after the other. */
static char *join(const void *context, char *const parts[PART_COUNT])
{
	char *text = memory_text(context, "");

	for (size_t i = 0; i < PART_COUNT; i++) {
		if (parts[i])
			text = memory_append(text, "%s%s",
					     !*text            ? ""
					     : i == PART_PAIRS ? ", "
							       : "; ",
					     parts[i]);
	}
	return text;
}

char *summary_text(const void *context, const struct verdict *verdict, size_t max)
{
	static const enum part expendable[] = {PART_PAIRS, PART_DRIFT, PART_WORST};
	void *scratch = memory_check(talloc_new(NULL));
	char *parts[PART_COUNT] = {
		[PART_HOSTS] = summarize_hosts(scratch, verdict),
		[PART_PAIRS] = summarize_pairs(scratch, verdict),
		[PART_ADMINS] = summarize_admins(scratch, verdict),
		[PART_DRIFT] =
			summarize_count(scratch, count_of(verdict, METRIC_DRIFT),
					"change since the baseline", "changes since the baseline"),
		[PART_UNREADABLE] =
			summarize_count(scratch, count_of(verdict, METRIC_UNREADABLE),
					"thing could not be read", "things could not be read"),
		[PART_WORST] = summarize_worst(scratch, verdict),
	};
	char *text = join(context, parts);

	for (size_t i = 0; i < countof(expendable) && strlen(text) > max; i++) {
		talloc_free(text);
		parts[expendable[i]] = NULL;
		text = join(context, parts);
	}
	talloc_free(scratch);
	return text;
}
