/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Many searches on one connection at once: all are sent before answers are taken, as far
 * as the server keeps that many results, and lists that the server cut are asked for to
 * their end on the way.
 */
#ifndef SOURCE_LDAP_PIPELINE_H
#define SOURCE_LDAP_PIPELINE_H

#include "ad/directory.h"
#include "source/ldap_connection.h"
#include "source/ldap_search.h"

#include <stddef.h>

struct ldap_pipeline {
	struct ldap_connection *connection;
	struct directory *directory;
	struct ldap_search **searches; /* owned by the pipeline, a talloc context */
	size_t count;
	const struct ldap_search *said; /* whose answer the watchdog was told to be waited for */
};

/* An empty pipeline that reads into directory. Owner: context. */
struct ldap_pipeline *ldap_pipeline_new(const void *context, struct ldap_connection *connection,
					struct directory *directory);

/* Adds a search. */
void ldap_pipeline_add(struct ldap_pipeline *pipeline, const struct ldap_request *request);

/* Makes all searches; what could not be read is a gap of the directory afterwards. */
void ldap_pipeline_run(struct ldap_pipeline *pipeline);

#endif
