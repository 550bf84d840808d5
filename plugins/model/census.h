/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The entries of several controllers' directories side by side, an account beside itself:
 * who is in which of them. Knows no rule.
 */
#ifndef MODEL_CENSUS_H
#define MODEL_CENSUS_H

#include "ad/directory.h"
#include "ad/question.h"

#include <stddef.h>

/* One account, or another entry, in all directories. */
struct census_row {
	const char *key;              /* its SID as text; where it has none dn_key of its DN */
	bool has_sid;                 /* which of the two */
	const struct entry **entries; /* by directory; NULL: not there */
	UT_hash_handle hh;
};

/* Rows in the order of their keys; a talloc context that owns them. */
struct census {
	struct census_row *rows;                    /* uthash */
	struct census_name *names;                  /* uthash */
	const struct directory *const *directories; /* as given */
	size_t directory_count;
};

/* Takes the census of count directories, which live as long. Owner: context. */
struct census *census_take(const void *context, const struct directory *const *directories,
			   size_t count);

/* The entry of row in the first directory that has it. */
const struct entry *census_first_entry(const struct census *census, const struct census_row *row);

/* The row of the entry that has this DN in one of the directories; NULL: in none. */
const struct census_row *census_find_dn(const struct census *census, const char *dn);

/* Fills question, whose texts and arrays the census owns, with what others of the directories
 * hold and that of index does not; false where there is nothing. */
bool census_ask_missing(struct census *census, size_t index, struct question *question);

#endif
