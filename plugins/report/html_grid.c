/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/html_grid.h"

#include "base/memory.h"

/* Wider ones fit on no paper. */
enum { PRINTABLE_COLUMNS = 45 };

/* The letter of a view and the class of its cell; the commonest one has no class, which
 * halves the page of a large estate. */
static const struct {
	const char *letter, *class, *meaning;
} views[] = {
	[VIEW_SELF] = {"", "s", NULL},
	[VIEW_KCD] = {"K", "", "constrained: the source lists the destination"},
	[VIEW_RBCD] = {"R", "r", "resource-based: the destination grants the source"},
	[VIEW_UNCONSTRAINED] = {"U", "u", "only because the source is unconstrained"},
	[VIEW_KERBEROS_ONLY] = {"P", "p", "not ready: the source lacks protocol transition"},
	[VIEW_MISSING] = {"\xC3\x97", "m", "not ready"},
	[VIEW_UNSET] = {"\xC2\xB7", "n", "not set up, and no group asks for it"},
	[VIEW_UNKNOWN] = {"?", "q", "not known: something could not be read"},
};

enum pair_view html_grid_view(const struct readiness *readiness, bool declared)
{
	static const enum pair_view ready[] = {
		[WAY_NONE] = VIEW_UNKNOWN,
		[WAY_KCD] = VIEW_KCD,
		[WAY_RBCD] = VIEW_RBCD,
		[WAY_UNCONSTRAINED] = VIEW_UNCONSTRAINED,
	};

	switch (readiness->ready) {
	case TRUTH_YES: return ready[readiness->by];
	case TRUTH_UNKNOWN: return VIEW_UNKNOWN;
	case TRUTH_NO: break;
	}
	if (readiness->with_transition == TRUTH_YES)
		return VIEW_KERBEROS_ONLY;
	return declared ? VIEW_MISSING : VIEW_UNSET;
}

/* The finding that says why a pair is not ready, or NULL. */
static const struct finding *find_reason(const struct html_page *page, enum pair_view view,
					 const struct host *source, const struct host *destination)
{
	static const enum rule of_pairs[] = {RULE_MIGRATION_TARGET_MISSING, RULE_MIGRATION_ONE_WAY};
	const struct finding_list *findings = &page->verdict->findings;
	const struct finding *finding = NULL;

	for (size_t i = 0; i < countof(of_pairs) && !finding; i++)
		finding = finding_list_find(findings, of_pairs[i], source->name, destination->name);
	if (!finding && view == VIEW_KERBEROS_ONLY)
		finding = finding_list_find(findings, RULE_PROTOCOL_TRANSITION_MISSING,
					    source->name, NULL);
	return finding;
}

static void add_cell(struct html_page *page, const struct grid *grid, size_t row, size_t column)
{
	enum pair_view view = grid->views[row * grid->column_count + column];
	const struct host *source = grid->rows[row], *destination = grid->columns[column];
	const struct finding *reason = NULL;

	if (view == VIEW_KERBEROS_ONLY || view == VIEW_MISSING || view == VIEW_UNSET)
		reason = find_reason(page, view, source, destination);
	if (reason && view == VIEW_UNSET)
		view = VIEW_MISSING; /* a rule says that it should be ready */
	if (*views[view].class)
		html_add(page, "<td class=%s", views[view].class);
	else
		html_add(page, "<td");
	if (reason && view == VIEW_MISSING)
		html_add(page, " title=\"%s to %s: %s\"", source->name, destination->name,
			 reason->detail);
	if (reason)
		html_add(page, "><a href=#f%zu>%s</a>", html_finding_number(page, reason),
			 views[view].letter);
	else
		html_add(page, ">%s", views[view].letter);
}

void html_grid(struct html_page *page, const struct grid *grid)
{
	bool wide = grid->column_count > PRINTABLE_COLUMNS;

	if (wide)
		html_add(page, "<p class=\"paper\">Too wide for paper: the list of hosts "
			       "below says how many pairs of each are ready.</p>\n");
	html_add(page,
		 "<div class=\"scroll%s\" tabindex=\"0\" role=\"region\" "
		 "aria-label=\"matrix\">\n"
		 "<table class=\"grid\">\n<thead><tr><th>from \\ to",
		 wide ? " wide" : "");
	for (size_t column = 0; column < grid->column_count; column++)
		html_add(page, "<th scope=\"col\"><i>%s</i>", grid->columns[column]->name);
	html_add(page, "</thead>\n");
	for (size_t row = 0; row < grid->row_count; row++) {
		html_add(page, "<tr><th scope=\"row\">%s", grid->rows[row]->name);
		for (size_t column = 0; column < grid->column_count; column++)
			add_cell(page, grid, row, column);
		html_add(page, "\n");
	}
	html_add(page, "</table></div>\n");
}

void html_grid_legend(struct html_page *page, bool declared)
{
	html_add(page, "<p class=\"legend\">");
	for (size_t i = VIEW_KCD; i < countof(views); i++) {
		if (i != VIEW_UNSET || !declared)
			html_add(page, "<span><i class=\"cell %s\">%s</i> %s</span>\n",
				 views[i].class, views[i].letter, views[i].meaning);
	}
	html_add(page, "</p>\n");
}
