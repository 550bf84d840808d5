/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether the searches that an export was made by came to their ends, by what ldapsearch writes
 * around entries: headings, pages, results, totals. One that did not is a gap. Included by ldif.c
 * alone.
 */
#ifndef SOURCE_LDIF_SEARCHES_H
#define SOURCE_LDIF_SEARCHES_H

#include "ad/directory.h"
#include "source/ldif_comments.h"

#include <stdbool.h>

struct ldif_searches {
	const char *path; /* as gaps name it */
	struct directory *directory;
	bool promised;   /* a heading of ldapsearch, or what it writes around entries, was seen: it
			    will write a result line */
	bool open;       /* a heading or an entry came after the last result line */
	bool has_entry;  /* one came after the last heading */
	bool more_pages; /* the last page that ended announced another */
	unsigned long request;         /* the number in the last "search: 2" */
	struct ldif_comments comments; /* what ldapsearch says of the last one */
};

/* A heading in that line: "# extended LDIF", which promises a result line, or "version: 1" of
 * ldapsearch -L. What was before it must be whole. */
void ldif_searches_begin(struct ldif_searches *searches, bool promised, unsigned long line_number);

/* The end of what findings call which: a search that is not closed was cut. */
void ldif_searches_end(struct ldif_searches *searches, const char *which);

/* An entry. */
void ldif_searches_entry(struct ldif_searches *searches);

/* The first line of a record that is no entry ("search: 2", "result: 0 Success", "ref: ..."), and
 * those below it. */
void ldif_searches_begin_trailer(struct ldif_searches *searches, const char *line,
				 unsigned long line_number);
void ldif_searches_trailer(struct ldif_searches *searches, const char *line);

/* A comment, a whole logical line. */
void ldif_searches_comment(struct ldif_searches *searches, const char *line,
			   unsigned long line_number);

#endif
