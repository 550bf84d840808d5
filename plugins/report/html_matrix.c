/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who can migrate to whom: a matrix for each declared group. Where none is declared, one for
 * each cluster of hosts that can, which says what is set up and not what should be. */
#include "report/html.h"

#include "base/memory.h"
#include "report/html_grid.h"

/* The pairs of one group, which stand together in the verdict from next on, as a grid. */
static struct grid *read_group(const void *context, const struct html_page *page, size_t group,
			       size_t next)
{
	const struct verdict *verdict = page->verdict;
	const struct host_list *hosts = &verdict->snapshot->hosts;
	struct grid *grid = memory_new(context, struct grid);

	grid->rows = memory_array(grid, const struct host *, hosts->count);
	grid->columns = memory_array(grid, const struct host *, hosts->count);
	for (size_t i = 0; i < hosts->count; i++) {
		const struct host *host = &hosts->items[i];

		if (host->account.enabled == TRUTH_NO ||
		    !host_groups_holds(verdict->groups, group, host))
			continue;
		grid->columns[grid->column_count++] = host;
		if (host->judged)
			grid->rows[grid->row_count++] = host;
	}
	grid->views = memory_array(grid, uint8_t, grid->row_count * grid->column_count);
	for (size_t row = 0; row < grid->row_count; row++) {
		for (size_t column = 0; column < grid->column_count; column++) {
			bool self = grid->rows[row] == grid->columns[column];

			grid->views[row * grid->column_count + column] =
				(uint8_t)(self ? VIEW_SELF
					       : html_grid_view(
							 &verdict->pairs.items[next++].readiness,
							 true));
		}
	}
	return grid;
}

/* Adds one group, whose pairs stand from first on; returns how many these are. */
static size_t add_group(struct html_page *page, size_t group, size_t first)
{
	const struct host_group *declared = &page->verdict->policy->groups[group];
	const struct text_list *services = host_groups_services(page->verdict->groups, group);
	struct grid *grid = read_group(NULL, page, group, first);
	size_t count = 0, ready = 0;

	for (size_t i = 0; i < grid->row_count * grid->column_count; i++) {
		count += grid->views[i] != VIEW_SELF;
		ready += grid->views[i] == VIEW_KCD || grid->views[i] == VIEW_RBCD ||
			 grid->views[i] == VIEW_UNCONSTRAINED;
	}
	html_add(page,
		 "<div class=\"group\"><h3>%s <small>%zu of %zu pairs "
		 "ready</small></h3>\n<p>Wanted: ",
		 declared->name, ready, count);
	for (size_t i = 0; i < services->count; i++)
		html_add(page, "%s%s", i ? ", " : "", services->items[i]);
	html_add(page, ".</p>\n");
	if (count)
		html_grid(page, grid);
	else
		html_add(page, "<p>No two hosts that are judged and enabled.</p>\n");
	html_add(page, "</div>\n");
	talloc_free(grid);
	return count;
}

void html_matrix(struct html_page *page)
{
	const struct verdict *verdict = page->verdict;
	size_t first = 0;

	html_add(page, "<section id=\"matrix\">\n<h2>Migration</h2>\n");
	if (verdict->metrics[METRIC_HOSTS].value < 1) {
		html_add(page, "<p>No host was judged.</p>\n");
	} else if (verdict->policy->group_count) {
		html_add(page, "<p>From the host on the left to the host above, when "
			       "somebody starts it from another machine.</p>\n");
		html_grid_legend(page, true);
		html_add(page, "<div class=\"groups\">\n");
		for (size_t i = 0; i < verdict->policy->group_count; i++)
			first += add_group(page, i, first);
		html_add(page, "</div>\n");
	} else {
		html_clusters(page);
	}
	html_add(page, "</section>\n");
}
