/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/html_output.h"

#include "base/memory.h"
#include "policy/replica.h"
#include "report/html.h"
#include "report/summary.h"

const char *html_state_class(enum service_state state)
{
	static const char *const classes[] = {
		[STATE_OK] = "ok",
		[STATE_WARNING] = "warning",
		[STATE_CRITICAL] = "critical",
		[STATE_UNKNOWN] = "unknown",
	};

	return classes[state];
}

void html_state(struct html_page *page, enum service_state state)
{
	html_add(page, "<b class=\"state %s\">%s</b>", html_state_class(state),
		 service_state_name(state));
}

size_t html_finding_number(const struct html_page *page, const struct finding *finding)
{
	return (size_t)(finding - page->verdict->findings.items) + 1;
}

static const char *domain_name(const struct html_page *page)
{
	const char *name = page->verdict->snapshot->domain->name;

	return *name ? name : "an unknown domain";
}

/* The policy forbids what the page does not have either: should a name ever get through the
 * escaping, the browser still runs nothing and asks nobody. */
static void add_head(struct html_page *page)
{
	html_add(page,
		 "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		 "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		 "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
		 "<meta name=\"referrer\" content=\"no-referrer\">\n"
		 "<meta name=\"viewport\" content=\"width=device-width\">\n"
		 "<meta name=\"color-scheme\" content=\"light dark\">\n"
		 "<title>%s: Kerberos delegation in %s</title>\n",
		 service_state_name(page->verdict->state), domain_name(page));
	html_style(page);
	html_add(page, "</head>\n");
}

static void add_gaps(struct html_page *page, const struct directory *directory)
{
	for (size_t i = 0; i < directory->gap_count; i++)
		html_add(page, "<li>%s: %s\n", directory->gaps[i].source,
			 directory->gaps[i].detail);
}

/* Of another controller than the judged one: most ask the same catalogue, whose gaps are told
 * then. */
static void add_gaps_once(struct html_page *page, const struct directory *directory,
			  const struct directory *judged)
{
	add_gaps(page, directory);
	if (directory->elsewhere && !(judged->elsewhere && judged->elsewhere->gap_count))
		add_gaps(page, directory->elsewhere);
}

/* What is missing, and why. */
static void add_all_gaps(struct html_page *page)
{
	const struct directory *directory = page->verdict->snapshot->directory;
	const struct replica_list *replicas = page->verdict->policy->replicas;

	html_add(page, "<p class=\"alarm\"><b>The directory was not read whole.</b> What is "
		       "not on this page may be there all the same:</p>\n<ul>\n");
	add_gaps(page, directory);
	if (directory->elsewhere)
		add_gaps(page, directory->elsewhere);
	for (size_t i = 0; replicas && i < replicas->count; i++) {
		const struct replica *replica = &replicas->items[i];

		if (replica->snapshot)
			add_gaps_once(page, replica->snapshot->directory, directory);
		else
			html_add(page, "<li>%s: %s\n", replica->server, replica->failure);
	}
	html_add(page, "</ul>\n");
}

/* What the answer is made of, and what of it is missing. */
static void add_origin(struct html_page *page)
{
	const struct directory *directory = page->verdict->snapshot->directory;

	html_add(page, "<p class=\"origin\">Read %s from ", page->report->read_at);
	for (size_t i = 0; i < directory->source_count; i++)
		html_add(page, "%s%s", i ? ", " : "", directory->sources[i]);
	html_add(page, " by check_hyperv_delegation %s.</p>\n", page->report->version);
	if (!report_is_whole(page->verdict))
		add_all_gaps(page);
}

static void add_header(struct html_page *page)
{
	const struct verdict *verdict = page->verdict;
	char *summary = summary_text(NULL, verdict, SUMMARY_MAX);

	html_add(page, "<header class=\"%s\">\n<h1>Kerberos delegation in %s</h1>\n<p>",
		 html_state_class(verdict->state), domain_name(page));
	html_state(page, verdict->state);
	html_add(page, " %s</p>\n", summary);
	add_origin(page);
	html_add(page, "</header>\n<nav><a href=\"#findings\">Findings</a>");
	if (verdict->policy->selection.hosts)
		html_add(page, " <a href=\"#matrix\">Migration</a>"
			       " <a href=\"#hosts\">Hosts</a>");
	if (verdict->policy->selection.admins)
		html_add(page, " <a href=\"#admins\">Accounts</a>");
	html_add(page, " <a href=\"#counts\">Counts</a></nav>\n<main>\n");
	talloc_free(summary);
}

char *html_output(const void *context, const struct report *report)
{
	struct html_page page = {
		.text = html_text_new(NULL),
		.report = report,
		.verdict = report->verdict,
	};
	const struct selection *selection = &report->verdict->policy->selection;
	char *output;

	page.sorted = report_sort_findings(page.text, &report->verdict->findings);
	add_head(&page);
	html_add(&page, "<body>\n");
	add_header(&page);
	html_cards(&page);
	html_findings(&page);
	if (selection->hosts) {
		html_matrix(&page);
		html_hosts(&page);
	}
	if (selection->admins)
		html_admins(&page);
	html_counts(&page);
	html_add(&page, "</main>\n</body>\n</html>\n");
	output = memory_text(context, html_text_get(page.text));
	talloc_free(page.text);
	return output;
}
