/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which hosts belong together by what the directory says, where no policy says it: those between
 * which machines can be migrated. A matrix for each cluster, and the hosts that are in none.
 */
#include "base/memory.h"
#include "report/html_grid.h"

/* More hosts than that are a quarter of a million pairs, and need groups to be looked at. */
enum { HOSTS_MAX = 500 };

/* All enabled hosts with each other, and the cluster of each: the index of one of it. */
struct clusters {
	struct grid all;
	size_t *of;
};

static size_t find_cluster(struct clusters *clusters, size_t host)
{
	while (clusters->of[host] != host) {
		clusters->of[host] = clusters->of[clusters->of[host]];
		host = clusters->of[host];
	}
	return host;
}

/* Whether a pair makes its hosts belong together. An unconstrained host reaches everybody,
 * which says nothing. */
static bool joins(enum pair_view view)
{
	return view == VIEW_KCD || view == VIEW_RBCD || view == VIEW_KERBEROS_ONLY;
}

static void judge_row(struct clusters *clusters, const struct verdict *verdict, size_t row)
{
	const struct text_list *services = host_groups_usual_services(verdict->groups);
	struct grid *all = &clusters->all;

	for (size_t column = 0; column < all->column_count; column++) {
		enum pair_view view = VIEW_SELF;
		struct readiness readiness;

		if (column != row) {
			readiness = readiness_judge(verdict->snapshot, all->rows[row],
						    all->columns[column], services);
			view = html_grid_view(&readiness, false);
		}
		all->views[row * all->column_count + column] = (uint8_t)view;
		if (joins(view))
			clusters->of[find_cluster(clusters, column)] = find_cluster(clusters, row);
	}
}

/* NULL where there are too many hosts. */
static struct clusters *read_clusters(const void *context, const struct verdict *verdict)
{
	const struct host_list *hosts = &verdict->snapshot->hosts;
	struct clusters *clusters = memory_new(context, struct clusters);
	struct grid *all = &clusters->all;

	all->rows = memory_array(clusters, const struct host *, hosts->count);
	all->columns = all->rows;
	for (size_t i = 0; i < hosts->count; i++) {
		if (hosts->items[i].account.enabled != TRUTH_NO)
			all->rows[all->row_count++] = &hosts->items[i];
	}
	all->column_count = all->row_count;
	if (all->row_count > HOSTS_MAX) {
		talloc_free(clusters);
		return NULL;
	}
	all->views = memory_array(clusters, uint8_t, all->row_count * all->column_count);
	clusters->of = memory_array(clusters, size_t, all->row_count);
	for (size_t i = 0; i < all->row_count; i++)
		clusters->of[i] = i;
	for (size_t i = 0; i < all->row_count; i++)
		judge_row(clusters, verdict, i);
	return clusters;
}

/* The part of all that one cluster is; judged hosts alone are rows. */
static struct grid *cut_cluster(const void *context, struct clusters *clusters, size_t cluster)
{
	const struct grid *all = &clusters->all;
	struct grid *grid = memory_new(context, struct grid);
	size_t *columns = memory_array(grid, size_t, all->column_count);
	size_t next = 0;

	grid->rows = memory_array(grid, const struct host *, all->row_count);
	grid->columns = memory_array(grid, const struct host *, all->column_count);
	for (size_t i = 0; i < all->column_count; i++) {
		if (find_cluster(clusters, i) != cluster)
			continue;
		columns[grid->column_count] = i;
		grid->columns[grid->column_count++] = all->columns[i];
	}
	grid->views = memory_array(grid, uint8_t, grid->column_count * grid->column_count);
	for (size_t i = 0; i < grid->column_count; i++) {
		if (!grid->columns[i]->judged)
			continue;
		grid->rows[grid->row_count++] = grid->columns[i];
		for (size_t k = 0; k < grid->column_count; k++)
			grid->views[next++] =
				all->views[columns[i] * all->column_count + columns[k]];
	}
	return grid;
}

/* Whether any two hosts belong together. */
static bool any_joined(const struct clusters *clusters)
{
	for (size_t i = 0; i < clusters->all.row_count; i++) {
		if (clusters->of[i] != i)
			return true;
	}
	return false;
}

static void add_cluster(struct html_page *page, struct clusters *clusters, size_t cluster)
{
	struct grid *grid = cut_cluster(clusters, clusters, cluster);

	if (grid->column_count > 1 && grid->row_count) {
		html_add(page,
			 "<div class=\"group\"><h3>%s and others <small>%zu hosts</small></h3>\n",
			 grid->columns[0]->name, grid->column_count);
		html_grid(page, grid);
		html_add(page, "</div>\n");
	}
	talloc_free(grid);
}

/* Hosts that no other one belongs to. */
static void add_loners(struct html_page *page, struct clusters *clusters)
{
	const struct grid *all = &clusters->all;
	size_t *sizes = memory_array(NULL, size_t, all->row_count), shown = 0;

	for (size_t i = 0; i < all->row_count; i++)
		sizes[i] = 0;
	for (size_t i = 0; i < all->row_count; i++)
		sizes[find_cluster(clusters, i)]++;
	for (size_t i = 0; i < all->row_count; i++) {
		if (sizes[find_cluster(clusters, i)] != 1 || !all->rows[i]->judged)
			continue;
		html_add(page, shown++ ? ", " : "<p>With no other one: ");
		html_add(page, "%s", all->rows[i]->name);
	}
	if (shown)
		html_add(page, ".</p>\n");
	talloc_free(sizes);
}

void html_clusters(struct html_page *page)
{
	struct clusters *clusters = read_clusters(NULL, page->verdict);

	if (!clusters) {
		html_add(page, "<p>The policy declares no group, and there are too many hosts to "
			       "show all pairs of them. Declare groups to see them.</p>\n");
		return;
	}
	html_add(page, "<p>The policy declares no group. So this is what is set up (for the "
		       "migration service and cifs) between hosts that belong together by it, not "
		       "what somebody wants: what is missing here is no finding.</p>\n");
	if (any_joined(clusters))
		html_grid_legend(page, false);
	html_add(page, "<div class=\"groups\">\n");
	for (size_t i = 0; i < clusters->all.row_count; i++) {
		if (find_cluster(clusters, i) == i)
			add_cluster(page, clusters, i);
	}
	html_add(page, "</div>\n");
	add_loners(page, clusters);
	talloc_free(clusters);
}
