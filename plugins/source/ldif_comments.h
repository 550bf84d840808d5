/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What ldapsearch says of a search in its comments: in a heading above the entries what was
 * asked for, below them how many came. Knows nothing of entries. A comment that may be a name
 * of the directory must not be taken for one of these.
 */
#ifndef SOURCE_LDIF_COMMENTS_H
#define SOURCE_LDIF_COMMENTS_H

#include "ad/entry.h"

#include <stdbool.h>
#include <stddef.h>

/* A search, as far as the file was read. */
struct ldif_comments {
	struct export_search *of; /* of its entries; what was asked for is noted there */
	bool in_heading;          /* comments are still those of the heading */
	bool has_base;            /* what was asked for has begun */
	bool paged;               /* what it counts are the entries of all its pages */
	size_t entry_count;       /* entries since it began, or since it counted them */
};

/* The first line of a heading was read; again: it is that of a further page of the search. */
void ldif_comments_begin(struct ldif_comments *comments, struct export_search *of, bool again);

/* A record was read, an entry or another one: no heading goes on below it. */
void ldif_comments_add_record(struct ldif_comments *comments, bool is_entry);

/* What stands below the entries of a search, and what was seen of them. */
struct ldif_total {
	size_t counted, found;
};

/* Takes a comment, a whole logical line; true where it is a total. */
bool ldif_comments_take(struct ldif_comments *comments, const char *comment,
			struct ldif_total *total);

#endif
