/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The accounts by the SPNs that they hold, compared whole and without regard to ASCII case.
 */
#ifndef MODEL_SPN_INDEX_H
#define MODEL_SPN_INDEX_H

#include "ad/entry.h"

/* The accounts that hold the same SPN. */
struct spn_slot {
	const struct entry **accounts; /* &first while there is one */
	size_t account_count;
	const struct entry *first;
	UT_hash_handle hh;
	char spn[]; /* in lower case */
};

/* Adds entry to index (uthash) under each of its SPNs. Owner: context. */
void spn_index_add(const void *context, struct spn_slot **index, const struct entry *entry);

/* The accounts that hold spn; NULL: none does. */
const struct spn_slot *spn_index_find(const struct spn_slot *index, const char *spn);

#endif
