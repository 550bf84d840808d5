/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/html_host_row.h"

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

/* How many findings there are from the first one on about host, of the same rule and state. */
static size_t count_alike(const struct finding *const *findings, size_t count,
			  const struct host *host)
{
	size_t alike = 1;

	while (alike < count && finding_is_about_host(findings[alike], host->name) &&
	       findings[alike]->rule == findings[0]->rule &&
	       findings[alike]->state == findings[0]->state)
		alike++;
	return alike;
}

/* The worst first; those of one rule and state, which stand together, are one link to the
 * first of them. */
static void add_host_findings(struct html_page *page, const struct host *host)
{
	size_t count = page->verdict->findings.count;

	for (size_t i = 0, alike; i < count; i += alike) {
		const struct finding *finding = page->sorted[i];

		alike = 1;
		if (!finding_is_about_host(finding, host->name))
			continue;
		alike = count_alike(page->sorted + i, count - i, host);
		html_add(page, "<a class=\"%s\" href=\"#f%zu\">%s",
			 html_state_class(finding->state), html_finding_number(page, finding),
			 rule_name(finding->rule));
		if (alike > 1) {
			html_add(page, ": %zu", alike);
		} else if (finding->object) {
			html_text_add_markup(page->text, ": <wbr>");
			html_add_name(page, html_object(finding));
		}
		html_add(page, "</a><br>");
	}
}

static void add_groups(struct html_page *page, const struct host *host)
{
	struct text_list names = host_groups_names(NULL, page->verdict->groups, host);

	for (size_t i = 0; i < names.count; i++) {
		html_text_add_markup(page->text, i ? ", <wbr>" : "");
		html_add_name(page, names.items[i]);
	}
	talloc_free(names.items);
}

static void add_ready(struct html_page *page, const char *class, size_t ready, size_t all)
{
	html_add(page, "<td class=\"%s\">", class);
	if (all)
		html_add(page, "%zu/%zu", ready, all);
}

static void add_system(struct html_page *page, const struct host *host)
{
	const char *enabled = host->account.enabled == TRUTH_NO        ? ", disabled"
			      : host->account.enabled == TRUTH_UNKNOWN ? ", may be disabled"
								       : "";

	html_add(page, "<td class=\"system\">%s%s",
		 host->operating_system ? host->operating_system : "system not readable", enabled);
	if (host->build != BUILD_UNKNOWN)
		html_add(page, " <small>%u</small>", (unsigned)host->build);
}

void html_host_row(struct html_page *page, const struct host_row *row)
{
	const struct host *host = row->host;

	html_add(page, "<tr><td>");
	html_state(page, row->state);
	html_add(page, "<th scope=\"row\">");
	html_add_name(page, host->name);
	html_add(page, "<td class=\"found\">");
	add_host_findings(page, host);
	html_add(page, "<td class=\"may\">%s<td class=\"targets\">%zu%s", delegation_words(host),
		 host->targets.count, host->targets_complete ? "" : " or more");
	html_trustees(page, host);
	if (page->verdict->policy->group_count) {
		html_add(page, "<td class=\"member\">");
		add_groups(page, host);
		add_ready(page, "from", row->pairs.out_ready, row->pairs.out);
		add_ready(page, "to", row->pairs.in_ready, row->pairs.in);
	}
	add_system(page, host);
	html_add(page, "\n");
}
