/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/spn_index.h"

#include "base/memory.h"
#include "base/text.h"

#include <string.h>

/* Adds entry under an SPN, unless it stands there already. */
static void add(const void *context, struct spn_slot **index, const char *spn,
		const struct entry *entry)
{
	char *folded = text_lower(NULL, spn);
	size_t size = strlen(folded) + 1;
	struct spn_slot *slot;

	HASH_FIND_STR(*index, folded, slot);
	if (!slot) {
		slot = memory_check(talloc_zero_size(context, sizeof *slot + size));
		memcpy(slot->spn, folded, size);
		slot->first = entry;
		slot->accounts = &slot->first;
		slot->account_count = 1;
		HASH_ADD_STR(*index, spn, slot);
	} else if (slot->accounts[slot->account_count - 1] != entry) {
		if (slot->accounts == &slot->first) {
			slot->accounts = memory_grow(slot, NULL, 0, sizeof *slot->accounts);
			slot->accounts[0] = slot->first;
		}
		slot->accounts = memory_grow(slot, slot->accounts, slot->account_count,
					     sizeof *slot->accounts);
		slot->accounts[slot->account_count++] = entry;
	}
	talloc_free(folded);
}

void spn_index_add(const void *context, struct spn_slot **index, const struct entry *entry)
{
	const struct attribute_values *services =
		entry_values(entry, ATTRIBUTE_SERVICE_PRINCIPAL_NAME);

	for (size_t i = 0; services && i < services->count; i++)
		add(context, index, services->values[i].bytes, entry);
}

const struct spn_slot *spn_index_find(const struct spn_slot *index, const char *spn)
{
	char *folded = text_lower(NULL, spn);
	struct spn_slot *slot;

	HASH_FIND_STR(index, folded, slot);
	talloc_free(folded);
	return slot;
}
