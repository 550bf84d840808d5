/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lists of things that are asked for in batches: one OR of many tests, a request each. Each
 * filter tests the very values that the model compares afterwards, by AD's own equality, which
 * is never stricter than the model's (letter case, spelling of DNs).
 */
#ifndef SOURCE_LDAP_BATCHES_H
#define SOURCE_LDAP_BATCHES_H

#include "ad/question.h"
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

/*
 * Adds the searches for all that question asks for below base. of ends what each search is
 * called; known: as above, of the owners of SPNs. A DN, objectSid, primaryGroupID and
 * servicePrincipalName are readable to every account of the domain by default, and nothing is
 * tested that protected accounts hide (userAccountControl); memberOf is only asked for
 * evidence of what the list of members does not show.
 */
void ldap_batches_ask(struct ldap_pipeline *pipeline, const char *base,
		      const struct entry_question *question, const char *of, const char *known);

#endif
