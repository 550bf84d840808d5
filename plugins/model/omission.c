/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/omission.h"

#include "ad/dn.h"
#include "base/memory.h"
#include "base/text.h"

#include <string.h>

/* What may be wanting. */
enum wanting {
	WANTING_GROUP,
	WANTING_PRIMARY_GROUP,
	WANTING_SID,
	WANTING_SPNS,
	WANTING_OWN_SID,
	WANTING_MAPPINGS,
	WANTING_COUNT
};

/* What is said of each. */
static const struct {
	enum attribute attribute;
	const char *detail;
} rows[WANTING_COUNT] = {
	[WANTING_GROUP] = {ATTRIBUTE_MEMBER,
			   "accounts belong to this group by their memberOf, but it is not in the "
			   "export, so whether it is a privileged one can not be told"},
	[WANTING_PRIMARY_GROUP] = {ATTRIBUTE_PRIMARY_GROUP_ID,
				   "the primary group can not be read, so whether it is a "
				   "privileged one can not be told"},
	[WANTING_SID] = {ATTRIBUTE_OBJECT_SID,
			 "the SID of the group can not be read, so whether it is a privileged one "
			 "can not be told"},
	[WANTING_SPNS] = {ATTRIBUTE_SERVICE_PRINCIPAL_NAME,
			  "the list of SPNs can not be read whole, so whether the account owns a "
			  "target can not be told"},
	[WANTING_OWN_SID] = {ATTRIBUTE_OBJECT_SID,
			     "the entries have the same SID, which no two of a domain have: "
			     "export the directory anew, in one go"},
	[WANTING_MAPPINGS] =
		{ATTRIBUTE_SPN_MAPPINGS,
		 "which services HOST/ stands for can not be read whole, so who owns a "
		 "target may be told wrong"},
};

/* The entries that lack something. */
struct omission {
	size_t count;
	const char *first; /* by name, whatever the order of the entries */
};

static void note(const void *context, const struct host_list *hosts, struct omission *omission,
		 const struct entry *entry)
{
	const struct host *host = host_list_find_entry(hosts, entry);
	struct account account;
	const char *name;

	account_read(context, entry, &account);
	name = host ? host->name : account.name;
	if (!omission->count++ || text_compare(name, omission->first) < 0)
		omission->first = name;
}

static void report(const void *context, const struct domain *domain,
		   const struct omission *omission, enum wanting wanting,
		   struct unreadable_list *unreadable)
{
	const char *attribute = attribute_name(rows[wanting].attribute);
	const char *detail = rows[wanting].detail;

	if (omission->count == 1)
		unreadable_add(context, unreadable, omission->first, attribute, "%s", detail);
	else if (omission->count)
		unreadable_add(context, unreadable, domain->name, attribute,
			       "%s (%zu of them, the first is %s)", detail, omission->count,
			       omission->first);
}

/* An account of this domain that shows no primary group; every account has one. */
static bool lacks_primary_group(const struct domain *domain, const struct entry *entry)
{
	struct sid sid;
	uint32_t rid;

	/* what shows neither class nor flags may be a group: that is said elsewhere */
	return (entry_values(entry, ATTRIBUTE_OBJECT_CLASS) ||
		entry_values(entry, ATTRIBUTE_USER_ACCOUNT_CONTROL)) &&
	       account_class(entry) == ACCOUNT_PLAIN && domain->has_sid &&
	       entry_sid(entry, ATTRIBUTE_OBJECT_SID, &sid) == READING_OK &&
	       sid_in_domain(&sid, &domain->sid, NULL) &&
	       entry_uint32(entry, ATTRIBUTE_PRIMARY_GROUP_ID, &rid) != READING_OK;
}

static bool lacks_sid(const struct entry *entry)
{
	struct sid sid;

	return account_class(entry) == ACCOUNT_GROUP &&
	       entry_sid(entry, ATTRIBUTE_OBJECT_SID, &sid) != READING_OK;
}

/* Whether an account may hold SPNs that are not seen. */
static bool lacks_spns(const struct entry *entry, const struct host_list *hosts)
{
	const struct attribute_values *values =
		entry_values(entry, ATTRIBUTE_SERVICE_PRINCIPAL_NAME);
	bool whole = !values || entry_values_complete(values);

	for (size_t i = 0; whole && values && i < values->count; i++)
		whole = value_is_text(&values->values[i]);
	return !whole && !host_list_find_entry(hosts, entry);
}

static bool lacks_mappings(const struct entry *entry)
{
	const struct attribute_values *values = entry_values(entry, ATTRIBUTE_SPN_MAPPINGS);

	return values && !entry_values_complete(values);
}

/* A group that is named as a member of another one. */
struct nested {
	const char *key;
	UT_hash_handle hh;
};

static void index_nested(void *context, const struct entry *entry, struct nested **nested)
{
	const struct attribute_values *members = entry_values(entry, ATTRIBUTE_MEMBER);

	for (size_t i = 0; members && i < members->count; i++) {
		char *key = dn_key(context, members->values[i].bytes);
		struct nested *known;

		HASH_FIND_STR(*nested, key, known);
		if (known)
			continue;
		known = memory_new(context, struct nested);
		known->key = key;
		HASH_ADD_KEYPTR(hh, *nested, known->key, strlen(known->key), known);
	}
}

static bool is_absent(const struct domain *domain, const struct claim_slot *slot)
{
	return !directory_find(domain->directory, slot->key) &&
	       !strcmp(dn_key_domain(slot->key), domain->key);
}

/*
 * Groups of this domain that accounts of an export belong to and that are not in it: one of
 * them may be privileged, and who else is in it is not seen. Those that other groups name as
 * members are accounted for there. A live directory is read only as far as it matters.
 */
static void note_absent_groups(const struct domain *domain, struct omission *omission)
{
	void *scratch = memory_check(talloc_new(NULL));
	struct nested *nested = NULL, *known;
	bool indexed = false;

	for (const struct claim_slot *slot = domain->by_claim; slot; slot = slot->hh.next) {
		if (domain->directory->kind != DIRECTORY_LDIF || !is_absent(domain, slot))
			continue;
		for (const struct entry *entry = indexed ? NULL : domain->directory->entries; entry;
		     entry = entry->hh.next)
			index_nested(scratch, entry, &nested);
		indexed = true;
		HASH_FIND_STR(nested, slot->key, known);
		if (known)
			continue;
		if (!omission->count++ || text_compare(slot->key, omission->first) < 0)
			omission->first = slot->key;
	}
	HASH_CLEAR(hh, nested);
	talloc_free(scratch);
}

void omissions_report(const void *context, const struct domain *domain,
		      const struct host_list *hosts, struct unreadable_list *unreadable)
{
	struct omission omissions[WANTING_COUNT] = {0};

	for (const struct entry *entry = domain->directory->entries; entry;
	     entry = entry->hh.next) {
		if (lacks_primary_group(domain, entry))
			note(context, hosts, &omissions[WANTING_PRIMARY_GROUP], entry);
		if (lacks_sid(entry))
			note(context, hosts, &omissions[WANTING_SID], entry);
		if (lacks_spns(entry, hosts))
			note(context, hosts, &omissions[WANTING_SPNS], entry);
		if (lacks_mappings(entry)) /* of the domain, not of an account */
			omissions[WANTING_MAPPINGS] =
				(struct omission){.count = 1, .first = domain->name};
	}
	for (size_t i = 0; i < domain->same_sid_count; i++)
		note(context, hosts, &omissions[WANTING_OWN_SID], domain->same_sid[i]);
	note_absent_groups(domain, &omissions[WANTING_GROUP]);
	for (size_t i = 0; i < WANTING_COUNT; i++)
		report(context, domain, &omissions[i], (enum wanting)i, unreadable);
}
