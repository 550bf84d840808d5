/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The page while it is written, and its sections. Private to the html_*.c files. Markup is
 * short, and optional end tags are left out: a matrix of 300 hosts has 90,000 cells.
 */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "report/html_text.h"
#include "report/report.h"

struct html_page {
	struct html_text *text;
	const struct report *report;
	const struct verdict *verdict; /* of the report */
	const struct finding **sorted; /* its findings, worst first */
};

/* Adds to the text of the page, as html_text_add and html_text_add_name do. */
#define html_add(page, ...) html_text_add((page)->text, __VA_ARGS__)
#define html_add_name(page, name) html_text_add_name((page)->text, name)

/* Adds the style sheet of the page. */
void html_style(struct html_page *page);

/* The state as a coloured word; what it says can be read without the colour. */
void html_state(struct html_page *page, enum service_state state);

/* The class of the style sheet that colours a state. */
const char *html_state_class(enum service_state state);

/* Where in the page a finding stands: "f12" is its id. */
size_t html_finding_number(const struct html_page *page, const struct finding *finding);

/* The object of a finding as a reader calls it: a fact that drifted is no key of the JSON
 * report. */
const char *html_object(const struct finding *finding);

/* Adds the cell of whom the RBCD descriptor of a host names, the first few by name. */
void html_trustees(struct html_page *page, const struct host *host);

/* Adds the commands that mend a finding. */
void html_fix(struct html_page *page, const struct finding *finding);

void html_cards(struct html_page *page);    /* the counts that matter, as bars */
void html_findings(struct html_page *page); /* by rule, worst first */
void html_matrix(struct html_page *page);   /* who can migrate to whom */
void html_clusters(struct html_page *page); /* part of it: who belongs together by that */
void html_hosts(struct html_page *page);
void html_admins(struct html_page *page);
void html_counts(struct html_page *page); /* all of them, with their thresholds */

#endif
