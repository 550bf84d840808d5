/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The hosts that were judged: what each may do, how many of its pairs are ready, and which
 * findings are about it. */
#include "report/html.h"

#include "base/memory.h"

#include <string.h>

/* How many pairs a host is the source, or the destination, of, and how many are ready. */
struct pair_count {
	size_t out, out_ready, in, in_ready;
};

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

/* What the account may do, by the dangerous bit first. */
static const char *delegation_words(const struct host *host)
{
	if (host->unconstrained == TRUTH_YES)
		return host->domain_controller == TRUTH_YES ? "to any service (a domain controller)"
							    : "to any service (unconstrained)";
	if (host->unconstrained == TRUTH_UNKNOWN || host->protocol_transition == TRUTH_UNKNOWN)
		return "not readable";
	if (host->protocol_transition == TRUTH_YES)
		return "any protocol";
	if (host->targets.count)
		return "Kerberos only";
	return host->targets_complete ? "none" : "not readable";
}

/* Those of one rule and state, which stand together, are one link to the first of them. */
static void add_host_findings(struct html_page *page, const struct host *host)
{
	const struct finding_list *findings = &page->verdict->findings;

	for (size_t i = 0, alike; i < findings->count; i += alike) {
		const struct finding *finding = &findings->items[i];

		alike = 1;
		if (!finding_is_about_host(finding, host->name))
			continue;
		while (i + alike < findings->count &&
		       finding_is_about_host(finding + alike, host->name) &&
		       finding[alike].rule == finding->rule &&
		       finding[alike].state == finding->state)
			alike++;
		html_add(page, "<a class=\"%s\" href=\"#f%zu\">%s",
			 html_state_class(finding->state), html_finding_number(page, finding),
			 rule_name(finding->rule));
		if (alike > 1)
			html_add(page, ": %zu", alike);
		else if (finding->object)
			html_add(page, ": %s", finding->object);
		html_add(page, "</a><br>");
	}
}

static void add_groups(struct html_page *page, const struct host *host)
{
	struct text_list names = host_groups_names(NULL, page->verdict->groups, host);

	for (size_t i = 0; i < names.count; i++)
		html_add(page, "%s%s", i ? ", " : "", names.items[i]);
	talloc_free(names.items);
}

static void add_ready(struct html_page *page, size_t ready, size_t all)
{
	html_add(page, "<td class=\"number\">");
	if (all)
		html_add(page, "%zu/%zu", ready, all);
}

static void add_numbers(struct html_page *page, const struct host *host,
			const struct pair_count *pairs)
{
	html_add(page, "<td class=\"number\">%zu%s", host->targets.count,
		 host->targets_complete ? "" : " or more");
	if (host->rbcd_readable)
		html_add(page, "<td class=\"number\">%zu", host->rbcd_trustee_count);
	else
		html_add(page, "<td>not readable");
	if (!page->verdict->policy->group_count)
		return;
	html_add(page, "<td>");
	add_groups(page, host);
	add_ready(page, pairs->out_ready, pairs->out);
	add_ready(page, pairs->in_ready, pairs->in);
}

static void add_host(struct html_page *page, const struct host *host,
		     const struct pair_count *pairs)
{
	const char *enabled = host->account.enabled == TRUTH_NO        ? ", disabled"
			      : host->account.enabled == TRUTH_UNKNOWN ? ", may be disabled"
								       : "";

	html_add(page, "<tr><td>");
	html_state(page, report_host_state(page->verdict, host));
	html_add(page, "<th scope=\"row\">%s<td class=\"system\">%s%s", host->name,
		 host->operating_system ? host->operating_system : "system not readable", enabled);
	if (host->build != BUILD_UNKNOWN)
		html_add(page, " <small>%u</small>", (unsigned)host->build);
	html_add(page, "<td>%s", delegation_words(host));
	add_numbers(page, host, pairs);
	html_add(page, "<td>");
	add_host_findings(page, host);
	html_add(page, "\n");
}

void html_hosts(struct html_page *page)
{
	const struct host_list *hosts = &page->verdict->snapshot->hosts;
	struct pair_count *counts = count_pairs(NULL, page->verdict);

	html_add(page, "<section id=\"hosts\">\n<h2>Hosts <small>%.0f</small></h2>\n",
		 page->verdict->metrics[METRIC_HOSTS].value);
	html_add(page,
		 "<div class=\"list\"><table class=\"hosts\">\n<thead><tr><th scope=\"col\">state"
		 "<th scope=\"col\">host<th scope=\"col\">system<th scope=\"col\">may "
		 "delegate<th scope=\"col\">targets<th scope=\"col\">trustees");
	if (page->verdict->policy->group_count)
		html_add(page, "<th scope=\"col\">groups<th scope=\"col\">ready from it"
			       "<th scope=\"col\">to it");
	html_add(page, "<th scope=\"col\">findings</thead>\n");
	for (size_t i = 0; i < hosts->count; i++) {
		if (hosts->items[i].judged)
			add_host(page, &hosts->items[i], &counts[i]);
	}
	html_add(page, "</table></div>\n</section>\n");
	talloc_free(counts);
}
