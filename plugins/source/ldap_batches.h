/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A list of things that is asked for in batches: one OR of many tests, a request each.
 */
#ifndef SOURCE_LDAP_BATCHES_H
#define SOURCE_LDAP_BATCHES_H

#include "source/ldap_filter.h"
#include "source/ldap_pipeline.h"

#include <stddef.h>

struct ldap_batches {
	struct ldap_pipeline *pipeline;
	const char *base;
	const char *purpose;
	const char *known; /* a filter, or NULL: what it finds is not to be sent again */
	struct ldap_filter filter;
};

/*
 * Adds the search with the filter to the pipeline when it is long enough, or when the last
 * thing of count is in it; done of them are now. To be called after each.
 */
void ldap_batches_close(struct ldap_batches *batches, size_t done, size_t count);

#endif
