/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/report.h"

#include "base/memory.h"
#include "policy/replica.h"

#include <stdlib.h>
#include <string.h>

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

		if (finding_is_about_host(finding, host->name))
			worst = service_state_worst(worst, finding->state);
	}
	return worst;
}
