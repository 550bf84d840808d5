/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The hosts that were judged, the worst first. */
#include "base/memory.h"
#include "report/html_host_row.h"

#include <stdlib.h>
#include <string.h>

static struct pair_count *count_pairs(const void *context, const struct verdict *verdict)
{
	const struct host_list *hosts = &verdict->snapshot->hosts;
	struct pair_count *counts = memory_array(context, struct pair_count, hosts->count);

	memset(counts, 0, hosts->count * sizeof *counts);
	for (size_t i = 0; i < verdict->pairs.count; i++) {
		const struct pair *pair = &verdict->pairs.items[i];
		struct pair_count *source = &counts[pair->source - hosts->items];
		struct pair_count *destination = &counts[pair->destination - hosts->items];
		bool ready = pair->readiness.ready == TRUTH_YES;

		source->out++;
		source->out_ready += ready;
		destination->in++;
		destination->in_ready += ready;
	}
	return counts;
}

static int compare_rows(const void *a, const void *b)
{
	const struct host_row *left = a, *right = b;
	int order = service_state_rank(right->state) - service_state_rank(left->state);

	/* within a state the order of the snapshot, in which both stand in one array */
	return order ? order : (left->host > right->host) - (left->host < right->host);
}

/* The judged hosts, the worst first. */
static struct host_row *read_rows(const void *context, const struct verdict *verdict, size_t *count)
{
	const struct host_list *hosts = &verdict->snapshot->hosts;
	struct host_row *rows = memory_array(context, struct host_row, hosts->count);
	struct pair_count *pairs = count_pairs(rows, verdict);

	*count = 0;
	for (size_t i = 0; i < hosts->count; i++) {
		const struct host *host = &hosts->items[i];

		if (host->judged)
			rows[(*count)++] = (struct host_row){
				.host = host,
				.state = report_host_state(verdict, host),
				.pairs = pairs[i],
			};
	}
	if (*count)
		qsort(rows, *count, sizeof *rows, compare_rows);
	return rows;
}

static void add_table(struct html_page *page, const struct host_row *rows, size_t count)
{
	html_add(page, "<div class=\"list\"><table class=\"hosts\">\n<thead><tr>"
		       "<th scope=\"col\">state<th scope=\"col\">host<th scope=\"col\">findings"
		       "<th scope=\"col\">may delegate<th scope=\"col\">targets"
		       "<th scope=\"col\">trustees");
	if (page->verdict->policy->group_count)
		html_add(page, "<th scope=\"col\">groups<th scope=\"col\">ready<br>from it"
			       "<th scope=\"col\">ready<br>to it");
	html_add(page, "<th scope=\"col\">system</thead>\n");
	for (size_t i = 0; i < count; i++)
		html_host_row(page, &rows[i]);
	html_add(page, "</table></div>\n");
}

void html_hosts(struct html_page *page)
{
	size_t count;
	struct host_row *rows = read_rows(NULL, page->verdict, &count);

	html_add(page, "<section id=\"hosts\">\n<h2>Hosts <small>%.0f</small></h2>\n",
		 page->verdict->metrics[METRIC_HOSTS].value);
	if (count)
		add_table(page, rows, count);
	else
		html_add(page, "<p>No host was judged.</p>\n");
	html_add(page, "</section>\n");
	talloc_free(rows);
}
