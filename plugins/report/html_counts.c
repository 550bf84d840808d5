/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The counts: the few that matter as bars at the top, all of them as a table at the end. */
#include "report/html.h"

/* One length of a bar; nothing where there is none of its kind. */
struct part {
	const char *class;
	const char *words;
	double count;
};

static double value_of(const struct html_page *page, enum metric metric)
{
	return page->verdict->metrics[metric].value;
}

/* A bar of parts that sum to the whole, with what each means below it. */
static void add_card(struct html_page *page, double whole, const char *one, const char *many,
		     const struct part *parts, size_t count)
{
	html_add(page, "<div class=\"card\"><h2>%.0f %s</h2><p class=\"bar\">", whole,
		 whole == 1 ? one : many);
	for (size_t i = 0; i < count; i++) {
		if (parts[i].count > 0)
			html_add(page, "<i class=\"%s\" style=\"flex:%.0f\"></i>", parts[i].class,
				 parts[i].count);
	}
	html_add(page, "</p><p>");
	for (size_t i = 0; i < count; i++) {
		if (parts[i].count > 0)
			html_add(page, "<span><i class=\"dot %s\"></i>%.0f %s</span> ",
				 parts[i].class, parts[i].count, parts[i].words);
	}
	html_add(page, "</p></div>\n");
}

static void add_host_cards(struct html_page *page)
{
	const struct host_list *hosts = &page->verdict->snapshot->hosts;
	double states[4] = {0};
	double pairs = value_of(page, METRIC_PAIRS), ready = value_of(page, METRIC_PAIRS_READY);
	double unknown = 0;

	for (size_t i = 0; i < page->verdict->pairs.count; i++)
		unknown += page->verdict->pairs.items[i].readiness.ready == TRUTH_UNKNOWN;
	for (size_t i = 0; i < hosts->count; i++) {
		if (hosts->items[i].judged)
			states[report_host_state(page->verdict, &hosts->items[i])]++;
	}
	add_card(page, value_of(page, METRIC_HOSTS), "host", "hosts",
		 (const struct part[]){{"critical", "critical", states[STATE_CRITICAL]},
				       {"warning", "warning", states[STATE_WARNING]},
				       {"unknown", "not known", states[STATE_UNKNOWN]},
				       {"ok", "without a finding", states[STATE_OK]}},
		 4);
	if (pairs > 0)
		add_card(page, pairs, "pair for migration", "pairs for migration",
			 (const struct part[]){{"critical", "not ready", pairs - ready - unknown},
					       {"unknown", "not known", unknown},
					       {"ok", "ready", ready}},
			 3);
}

static void add_admin_card(struct html_page *page)
{
	double admins = value_of(page, METRIC_ADMINS);
	double bare = value_of(page, METRIC_ADMINS_UNPROTECTED);
	double protected = value_of(page, METRIC_ADMINS_PROTECTED);

	add_card(page, admins, "privileged account", "privileged accounts",
		 (const struct part[]){{"warning", "can be delegated", bare},
				       {"unknown", "not known", admins - bare - protected},
				       {"ok", "protected", protected}},
		 3);
}

void html_cards(struct html_page *page)
{
	const struct selection *selection = &page->verdict->policy->selection;

	html_add(page, "<div class=\"cards\">\n");
	if (selection->hosts)
		add_host_cards(page);
	if (selection->admins)
		add_admin_card(page);
	html_add(page, "</div>\n");
}

static void add_count(struct html_page *page, enum metric metric)
{
	const struct metric_thresholds *thresholds = &page->verdict->policy->thresholds[metric];
	double value = value_of(page, metric);
	enum service_state state = metric_state(thresholds, value);

	html_add(page, "<tr><td class=\"number\">");
	html_add(page, *metric_unit(metric) ? "%.3f" : "%.0f", value);
	html_add(page, " %s<th scope=\"row\">%s<td class=\"label\">%s", metric_unit(metric),
		 metric_sentence(metric), metric_label(metric));
	html_add(page, "<td class=\"warns\">%s<td class=\"alarms\">%s<td>",
		 thresholds->warning.given ? thresholds->warning.text : "",
		 thresholds->critical.given ? thresholds->critical.text : "");
	if (state != STATE_OK)
		html_state(page, state);
	html_add(page, "\n");
}

void html_counts(struct html_page *page)
{
	html_add(page, "<section id=\"counts\">\n<h2>Counts</h2>\n<div class=\"list\">"
		       "<table class=\"counts\">\n<thead><tr><th scope=\"col\">value"
		       "<th scope=\"col\">what it counts<th scope=\"col\">label"
		       "<th scope=\"col\">warning<th scope=\"col\">critical"
		       "<th scope=\"col\">state</thead>\n");
	for (size_t i = 0; i < METRIC_COUNT; i++) {
		if (report_shows(page->verdict, (enum metric)i))
			add_count(page, (enum metric)i);
	}
	html_add(page, "</table></div>\n</section>\n");
}
