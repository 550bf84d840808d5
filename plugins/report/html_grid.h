/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One matrix of hosts: rows are sources, columns destinations, each cell one letter.
 * Private to html_matrix.c and html_clusters.c.
 */
#ifndef REPORT_HTML_GRID_H
#define REPORT_HTML_GRID_H

#include "report/html.h"

/* What a cell shows. */
enum pair_view {
	VIEW_SELF,
	VIEW_KCD,
	VIEW_RBCD,
	VIEW_UNCONSTRAINED,
	VIEW_KERBEROS_ONLY, /* all that lacks is protocol transition */
	VIEW_MISSING,
	VIEW_UNSET, /* not ready, and nobody asked for it */
	VIEW_UNKNOWN,
};

struct grid {
	const struct host **rows; /* sources */
	const struct host **columns;
	size_t row_count;
	size_t column_count;
	uint8_t *views; /* enum pair_view, row by row */
};

/* The view of a pair; declared: somebody wants it to be ready. */
enum pair_view html_grid_view(const struct readiness *readiness, bool declared);

/* Adds the table. */
void html_grid(struct html_page *page, const struct grid *grid);

/* Adds what the letters mean. */
void html_grid_legend(struct html_page *page, bool declared);

#endif
