/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/elsewhere.h"

#include "ad/dn.h"
#include "ad/uac.h"
#include "base/memory.h"
#include "model/account.h"
#include "model/sid_index.h"

#include <string.h>

/* The accounts of which a group, known by its SID, is the primary one. */
struct primary_slot {
	uint8_t binary[SID_BINARY_MAX];
	const struct entry **accounts;
	size_t account_count;
	UT_hash_handle hh;
};

struct elsewhere {
	const struct directory *directory; /* that of the domain itself */
	const char *domain;                /* its key */
	struct memory_arena arena;         /* of the slots of: */
	struct sid_slot *by_sid;           /* uthash */
	struct primary_slot *by_primary;   /* uthash */
	struct spn_slot *by_spn;           /* uthash */
};

static int elsewhere_destroy(struct elsewhere *elsewhere)
{
	HASH_CLEAR(hh, elsewhere->by_sid);
	HASH_CLEAR(hh, elsewhere->by_primary);
	HASH_CLEAR(hh, elsewhere->by_spn);
	return 0;
}

/* A primary group is one of the account's own domain. */
static void index_primary(struct elsewhere *elsewhere, const struct entry *entry, struct sid sid)
{
	struct primary_slot *slot, *known;
	uint32_t rid;
	unsigned size;

	if (entry_uint32(entry, ATTRIBUTE_PRIMARY_GROUP_ID, &rid) != READING_OK)
		return;
	sid.sub_authorities[sid.sub_authority_count - 1] = rid;
	slot = memory_new(elsewhere, struct primary_slot);
	size = (unsigned)sid_format_binary(&sid, slot->binary);
	HASH_FIND(hh, elsewhere->by_primary, slot->binary, size, known);
	if (!known)
		HASH_ADD(hh, elsewhere->by_primary, binary, size, slot);
	else
		slot = known;
	*memory_add(slot, slot->accounts, slot->account_count) = entry;
}

static void index_entry(struct elsewhere *elsewhere, const struct entry *entry)
{
	struct sid sid;

	/* placeholders for others are as good as the entry that they stand for */
	if (account_class(entry) == ACCOUNT_FOREIGN)
		return;
	spn_index_add(elsewhere, &elsewhere->by_spn, entry);
	if (entry_sid(entry, ATTRIBUTE_OBJECT_SID, &sid) != READING_OK ||
	    !sid_is_of_some_domain(&sid))
		return;
	(void)sid_index_add(elsewhere, &elsewhere->arena, &elsewhere->by_sid, &sid, entry);
	index_primary(elsewhere, entry, sid);
}

static bool is_of_domain(const struct elsewhere *elsewhere, const struct entry *entry)
{
	return !strcmp(dn_key_domain(entry->key), elsewhere->domain);
}

struct elsewhere *elsewhere_read(const void *context, const struct directory *directory,
				 const char *domain)
{
	struct elsewhere *elsewhere = memory_new(context, struct elsewhere);

	talloc_set_destructor(elsewhere, elsewhere_destroy);
	elsewhere->directory = directory;
	elsewhere->domain = domain;
	if (!directory->elsewhere)
		return elsewhere;
	for (const struct entry *entry = directory->elsewhere->entries; entry;
	     entry = entry->hh.next) {
		/* a catalogue holds a part of this domain's, too, which is known better */
		if (entry->attribute_count && !is_of_domain(elsewhere, entry))
			index_entry(elsewhere, entry);
	}
	return elsewhere;
}

const struct entry *elsewhere_find(const struct elsewhere *elsewhere, const char *dn)
{
	const struct directory *directory = elsewhere->directory->elsewhere;
	const struct entry *entry = directory ? directory_find(directory, dn) : NULL;

	return entry && !is_of_domain(elsewhere, entry) ? entry : NULL;
}

const struct entry *elsewhere_find_sid(const struct elsewhere *elsewhere, const struct sid *sid)
{
	return sid_index_find(elsewhere->by_sid, sid);
}

const struct entry *elsewhere_find_name(const struct elsewhere *elsewhere, const char *name)
{
	const struct directory *directory = elsewhere->directory->elsewhere;
	const struct entry *entry = directory ? directory->entries : NULL;
	bool found = false;

	while (entry && !found) {
		char *scratch = memory_text(NULL, "");

		found = !is_of_domain(elsewhere, entry) &&
			text_equal(elsewhere_name(scratch, entry), name);
		talloc_free(scratch);
		if (!found)
			entry = entry->hh.next;
	}
	return entry;
}

bool elsewhere_holds(const struct elsewhere *elsewhere, const struct entry *entry)
{
	return entry && elsewhere_find(elsewhere, entry->dn) == entry;
}

const struct spn_slot *elsewhere_spn_owners(const struct elsewhere *elsewhere, const char *spn)
{
	return spn_index_find(elsewhere->by_spn, spn);
}

const struct entry *const *elsewhere_primary_members(const struct elsewhere *elsewhere,
						     const struct entry *group, size_t *count)
{
	uint8_t binary[SID_BINARY_MAX];
	struct primary_slot *slot = NULL;
	struct sid sid;

	*count = 0;
	if (entry_sid(group, ATTRIBUTE_OBJECT_SID, &sid) == READING_OK)
		HASH_FIND(hh, elsewhere->by_primary, binary,
			  (unsigned)sid_format_binary(&sid, binary), slot);
	if (!slot)
		return NULL;
	*count = slot->account_count;
	return slot->accounts;
}

bool elsewhere_shows_members(const struct entry *group)
{
	uint32_t type;

	return entry_uint32(group, ATTRIBUTE_GROUP_TYPE, &type) == READING_OK &&
	       type & GROUP_TYPE_UNIVERSAL;
}

const char *elsewhere_name(const void *context, const struct entry *entry)
{
	struct account account;
	const char *name;
	char *domain;

	account_read(context, entry, &account);
	if (entry_text(entry, ATTRIBUTE_SAM_ACCOUNT_NAME, &name) != READING_OK)
		return account.name;
	domain = dn_key_dns_name(context, dn_key_domain(entry->key));
	return domain ? memory_format(context, "%s@%s", name, domain) : account.name;
}

const char *elsewhere_lack(const void *context, const struct elsewhere *elsewhere)
{
	const struct directory *directory = elsewhere->directory;
	const struct gap *failure = elsewhere_failure(elsewhere);

	if (failure)
		return memory_format(context, "the global catalogue %s: %s", failure->source,
				     failure->detail);
	if (directory->no_catalogue)
		return directory->no_catalogue;
	return elsewhere_answered(elsewhere)
		       ? memory_format(context, "the global catalogue %s does not show it",
				       directory->elsewhere->sources[0])
		       : NULL;
}

bool elsewhere_answered(const struct elsewhere *elsewhere)
{
	const struct directory *directory = elsewhere->directory->elsewhere;

	return directory && directory->source_count && !directory->gap_count;
}

const struct gap *elsewhere_failure(const struct elsewhere *elsewhere)
{
	const struct directory *directory = elsewhere->directory->elsewhere;

	return directory && directory->gap_count ? &directory->gaps[0] : NULL;
}
