/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One host as a row of the table of hosts: which findings are about it, what it may do, and
 * how many of its pairs are ready. Private to html_hosts.c.
 */
#ifndef REPORT_HTML_HOST_ROW_H
#define REPORT_HTML_HOST_ROW_H

#include "report/html.h"

/* How many pairs a host is the source, or the destination, of, and how many are ready. */
struct pair_count {
	size_t out, out_ready, in, in_ready;
};

struct host_row {
	const struct host *host;
	enum service_state state;
	struct pair_count pairs;
};

/* Adds the row. */
void html_host_row(struct html_page *page, const struct host_row *row);

#endif
