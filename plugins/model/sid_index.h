/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The entries by their objectSid. Slots live in an arena, since a domain has many.
 */
#ifndef MODEL_SID_INDEX_H
#define MODEL_SID_INDEX_H

#include "ad/entry.h"
#include "base/memory.h"

#include <stdbool.h>

/* An entry by its objectSid, in binary form. */
struct sid_slot {
	uint8_t binary[SID_BINARY_MAX];
	const struct entry *entry; /* the first that had it */
	bool shared;               /* by another entry too; the index itself leaves it false */
	UT_hash_handle hh;
};

/*
 * Adds entry to index (uthash) under sid; NULL, or the slot of the entry that had the SID
 * before, which stays in its place. Owner of the slots: context.
 */
struct sid_slot *sid_index_add(const void *context, struct memory_arena *arena,
			       struct sid_slot **index, const struct sid *sid,
			       const struct entry *entry);

/* The entry of sid; NULL: none is known. */
const struct entry *sid_index_find(const struct sid_slot *index, const struct sid *sid);

#endif
