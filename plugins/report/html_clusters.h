/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which hosts belong together by what the directory says, where no policy says it: those
 * between which machines can be migrated. Private to html_matrix.c.
 */
#ifndef REPORT_HTML_CLUSTERS_H
#define REPORT_HTML_CLUSTERS_H

#include "report/html_grid.h"

/* Adds a matrix for each cluster, and the hosts that are in none. */
void html_clusters(struct html_page *page);

#endif
