/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One search as a small state machine: sent for all at once, or page by page where that is
 * more than the server gives, its entries put into the directory, its end judged: whole, or a
 * gap with the reason. Knows nothing of what the entries mean, nor of other searches.
 */
#ifndef SOURCE_LDAP_SEARCH_H
#define SOURCE_LDAP_SEARCH_H

#include "ad/directory.h"
#include "source/ldap_connection.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What to ask. All texts outlive the search. */
struct ldap_request {
	const char *purpose; /* "hosts by SPN", for gaps and the trace */
	const char *base;
	const char *filter;        /* NULL: base itself, "(objectClass=*)" */
	bool optional;             /* base may be missing or unreadable: no gap then */
	const struct entry *whole; /* more values of this entry, else NULL: */
	enum attribute attribute;  /* of this attribute, */
	uint32_t first;            /* from this one on */
	bool changes;              /* not what entries are, but when that changed */
	int enough;                /* so many entries will do, any of those that fit; 0: all */
};

enum ldap_search_state {
	SEARCH_WAITING, /* to be sent, or its next page */
	SEARCH_SENT,
	SEARCH_DONE,
};

struct ldap_search {
	struct ldap_request request;
	enum ldap_search_state state;
	int message_id;
	bool paged;           /* from the beginning where less than all is wanted */
	struct berval cookie; /* of the next page; bv_val is owned by the search */
	size_t entry_count;
	unsigned page_count;
	uint64_t begin_us;
};

/* A search that waits to be sent; a talloc context. Owner: context. */
struct ldap_search *ldap_search_new(const void *context, const struct ldap_request *request);

/* Sends search, which waits, or its next page; a failure ends it with a gap, but where the
 * connection is lost it goes on waiting. */
void ldap_search_send(struct ldap_search *search, struct ldap_connection *connection,
		      struct directory *directory);

/*
 * Takes a message that belongs to search and puts what it holds into directory. Returns
 * the entry of the message, or NULL where it was none that is new or has grown.
 */
const struct entry *ldap_search_take(struct ldap_search *search, struct ldap_connection *connection,
				     LDAPMessage *message, struct directory *directory);

/* Ends search, which is not done, with a gap: why, in a sentence. */
void ldap_search_fail(struct ldap_search *search, const struct ldap_connection *connection,
		      struct directory *directory, const char *why);

#endif
