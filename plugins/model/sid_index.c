/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/sid_index.h"

#include <string.h>

struct sid_slot *sid_index_add(const void *context, struct memory_arena *arena,
			       struct sid_slot **index, const struct sid *sid,
			       const struct entry *entry)
{
	uint8_t binary[SID_BINARY_MAX];
	unsigned size = (unsigned)sid_format_binary(sid, binary);
	struct sid_slot *slot, *known;

	HASH_FIND(hh, *index, binary, size, known);
	if (known)
		return known;
	slot = memory_slot(context, arena, sizeof *slot);
	*slot = (struct sid_slot){.entry = entry};
	memcpy(slot->binary, binary, size);
	HASH_ADD(hh, *index, binary, size, slot);
	return NULL;
}

const struct entry *sid_index_find(const struct sid_slot *index, const struct sid *sid)
{
	uint8_t binary[SID_BINARY_MAX];
	unsigned size = (unsigned)sid_format_binary(sid, binary);
	struct sid_slot *slot;

	HASH_FIND(hh, index, binary, size, slot);
	return slot ? slot->entry : NULL;
}
