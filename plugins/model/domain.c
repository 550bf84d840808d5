/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/domain.h"

#include "ad/dn.h"
#include "ad/spn.h"
#include "model/account.h"
#include "model/sid_index.h"

#include <string.h>
#include <strings.h>

static void note_same_sid(struct domain *domain, const struct entry *entry)
{
	*memory_add(domain, domain->same_sid, domain->same_sid_count) = entry;
}

static void index_sid(struct domain *domain, const struct entry *entry)
{
	struct sid_slot *known;
	struct sid sid;

	if (entry_sid(entry, ATTRIBUTE_OBJECT_SID, &sid) != READING_OK)
		return;
	known = sid_index_add(domain, &domain->arena, &domain->by_sid, &sid, entry);
	if (!known)
		return;
	if (!known->shared)
		note_same_sid(domain, known->entry);
	known->shared = true;
	note_same_sid(domain, entry);
}

static void index_claim(struct domain *domain, const char *group, const struct entry *entry)
{
	char *key = dn_key(domain, group);
	struct claim_slot *slot;

	HASH_FIND_STR(domain->by_claim, key, slot);
	if (!slot) {
		slot = memory_new(domain, struct claim_slot);
		slot->key = talloc_steal(slot, key);
		HASH_ADD_KEYPTR(hh, domain->by_claim, slot->key, strlen(slot->key), slot);
	} else {
		talloc_free(key);
	}
	*memory_add(slot, slot->members, slot->member_count) = entry;
}

static void index_claims(struct domain *domain, const struct entry *entry)
{
	const struct attribute_values *groups = entry_values(entry, ATTRIBUTE_MEMBER_OF);

	for (size_t i = 0; groups && i < groups->count; i++)
		index_claim(domain, groups->values[i].bytes, entry);
}

static void index_primary_group(struct domain *domain, const struct entry *entry)
{
	struct primary_group_slot *slot;
	uint32_t rid;

	if (entry_uint32(entry, ATTRIBUTE_PRIMARY_GROUP_ID, &rid) != READING_OK)
		return;
	HASH_FIND(hh, domain->by_primary, &rid, sizeof rid, slot);
	if (!slot) {
		slot = memory_new(domain, struct primary_group_slot);
		slot->rid = rid;
		HASH_ADD(hh, domain->by_primary, rid, sizeof slot->rid, slot);
	}
	*memory_add(slot, slot->accounts, slot->account_count) = entry;
}

/*
 * The domain object among the entries of an export. Application partitions are of
 * class domainDNS too, but have no SID: they are passed over where one has.
 */
static const struct entry *find_domain_object(const struct directory *directory,
					      struct error *error)
{
	const struct entry *with_sid = NULL, *without = NULL;
	size_t with_sid_count = 0, without_count = 0;
	struct sid sid;

	for (const struct entry *entry = directory->entries; entry; entry = entry->hh.next) {
		if (!entry_has_text(entry, ATTRIBUTE_OBJECT_CLASS, "domainDNS"))
			continue;
		if (entry_sid(entry, ATTRIBUTE_OBJECT_SID, &sid) == READING_ABSENT) {
			without = entry;
			without_count++;
		} else {
			with_sid = entry;
			with_sid_count++;
		}
	}
	if (with_sid_count == 1)
		return with_sid;
	if (!with_sid_count && without_count == 1)
		return without;
	if (with_sid_count + without_count)
		error_set(error, ERROR_INPUT,
			  "the export holds several domain objects (objectClass=domainDNS): "
			  "judge one domain at a time");
	else
		error_set(error, ERROR_INPUT,
			  "the export holds no domain object (objectClass=domainDNS): "
			  "export from the root of the domain, with the domain object itself");
	return NULL;
}

/* Whether the rootDSE in an export is that of a controller of the domain in it: every name
 * counts, since several files may each have brought one. */
static bool check_rootdse(const struct entry *rootdse, const struct entry *object,
			  struct error *error)
{
	const struct attribute_values *values =
		rootdse ? entry_values(rootdse, ATTRIBUTE_DEFAULT_NAMING_CONTEXT) : NULL;

	for (size_t i = 0; values && i < values->count; i++) {
		char *key = dn_key(NULL, values->values[i].bytes);
		bool fits = !strcmp(key, object->key);

		talloc_free(key);
		if (!fits)
			return error_set(error, ERROR_INPUT,
					 "an export of two domains: the rootDSE is of %s, the "
					 "domain object of %s",
					 values->values[i].bytes, object->dn);
	}
	return true;
}

/* The functional level, rootDSE's word first ([MS-ADTS] 3.1.1.3.2.25). */
static void read_functional_level(struct domain *domain, const struct entry *rootdse,
				  const struct entry *object)
{
	uint32_t level, own_level;
	enum reading reading = rootdse ? entry_uint32(rootdse, ATTRIBUTE_DC_FUNCTIONALITY, &level)
				       : READING_ABSENT;
	bool own = object &&
		   entry_uint32(object, ATTRIBUTE_BEHAVIOR_VERSION, &own_level) == READING_OK;

	domain->own_level_low = own && own_level < FUNCTIONAL_LEVEL_2012_R2;
	domain->functional_level = FUNCTIONAL_LEVEL_UNKNOWN;
	if (reading == READING_BROKEN)
		return; /* a controller that contradicts itself is not overruled */
	if (reading == READING_OK && level < 1000) {
		domain->functional_level = (int)level;
		domain->dc_level_read = true;
		return;
	}
	/* controllers are never below the domain's level, but may be above a low one */
	if (own && own_level >= FUNCTIONAL_LEVEL_2012_R2 && own_level < 1000)
		domain->functional_level = (int)own_level;
}

static void read_naming_contexts(struct domain *domain, const struct entry *rootdse,
				 const struct entry *object)
{
	const char *own, *root;
	char *root_key;

	domain->forest_root = true;
	if (rootdse && entry_text(rootdse, ATTRIBUTE_DEFAULT_NAMING_CONTEXT, &own) == READING_OK)
		domain->key = dn_key(domain, own);
	else
		domain->key = object ? object->key : "";
	domain->name = dn_key_dns_name(domain, domain->key);
	if (!domain->name)
		domain->name = "";
	if (!rootdse ||
	    entry_text(rootdse, ATTRIBUTE_ROOT_DOMAIN_NAMING_CONTEXT, &root) != READING_OK)
		return;
	root_key = dn_key(NULL, root);
	domain->forest_root = !strcmp(root_key, domain->key);
	talloc_free(root_key);
}

/*
 * The classes in "host=alerter,appmgmt,…" of sPNMappings; AD's own list where the
 * attribute can not be read.
 */
static void read_host_aliases(struct domain *domain)
{
	char *list = NULL, *at;

	domain->host_aliases.count = 0;
	for (const struct entry *entry = domain->directory->entries; entry;
	     entry = entry->hh.next) {
		const struct attribute_values *values = entry_values(entry, ATTRIBUTE_SPN_MAPPINGS);

		for (size_t i = 0; values && i < values->count; i++) {
			if (!strncasecmp(values->values[i].bytes, "host=", 5))
				list = memory_text(domain, values->values[i].bytes + 5);
		}
	}
	if (!list)
		list = memory_text(domain, spn_default_host_aliases);
	for (char *alias = strtok_r(list, ", ", &at); alias; alias = strtok_r(NULL, ", ", &at))
		text_list_add(domain, &domain->host_aliases, alias);
}

bool domain_is_host_alias(const struct domain *domain, const char *service_class, size_t length)
{
	for (size_t i = 0; i < domain->host_aliases.count; i++) {
		const char *alias = domain->host_aliases.items[i];

		if (strlen(alias) == length && !strncasecmp(alias, service_class, length))
			return true;
	}
	return false;
}

/*
 * Takes up what is known of other domains; of their accounts' claims those to groups of other
 * domains, since the catalogue may be behind the controller that shows this domain's.
 */
static void index_elsewhere(struct domain *domain)
{
	const struct directory *directory = domain->directory->elsewhere;
	const struct entry *entry = directory ? directory->entries : NULL;

	if (domain->elsewhere && !directory)
		return;
	domain->elsewhere = elsewhere_read(domain, domain->directory, domain->key);
	if (domain->indexed_elsewhere)
		entry = domain->indexed_elsewhere->hh.next;
	for (; entry; entry = entry->hh.next) {
		const struct attribute_values *groups = entry_values(entry, ATTRIBUTE_MEMBER_OF);

		for (size_t i = 0; groups && i < groups->count; i++) {
			char *key = dn_key(NULL, groups->values[i].bytes);

			if (elsewhere_holds(domain->elsewhere, entry) &&
			    strcmp(dn_key_domain(key), domain->key) != 0)
				index_claim(domain, groups->values[i].bytes, entry);
			talloc_free(key);
		}
		domain->indexed_elsewhere = entry;
	}
}

/* Takes up the entries of the domain that are not in the indexes yet. */
static void index_own(struct domain *domain)
{
	const struct entry *entry =
		domain->indexed ? domain->indexed->hh.next : domain->directory->entries;

	for (; entry; entry = entry->hh.next) {
		index_sid(domain, entry);
		index_primary_group(domain, entry);
		spn_index_add(domain, &domain->by_spn, entry);
		index_claims(domain, entry);
		domain->indexed = entry;
	}
}

/* Reads the names, the level and the SID; object is the domain object, NULL where it is to be
 * found by the rootDSE. */
static void read_facts(struct domain *domain, const struct entry *object)
{
	const struct entry *rootdse = directory_find(domain->directory, "");

	read_naming_contexts(domain, rootdse, object);
	if (!object && *domain->key)
		object = directory_find(domain->directory, domain->key);
	read_functional_level(domain, rootdse, object);
	read_host_aliases(domain);
	domain->has_sid = object &&
			  entry_sid(object, ATTRIBUTE_OBJECT_SID, &domain->sid) == READING_OK &&
			  domain->sid.sub_authority_count < SID_SUB_AUTHORITIES_MAX;
}

static int domain_destroy(struct domain *domain)
{
	HASH_CLEAR(hh, domain->by_sid);
	HASH_CLEAR(hh, domain->by_primary);
	HASH_CLEAR(hh, domain->by_spn);
	HASH_CLEAR(hh, domain->by_claim);
	return 0;
}

const char *domain_find_key(const struct directory *directory)
{
	struct error none;
	const struct entry *object = find_domain_object(directory, &none);

	return object ? object->key : NULL;
}

void domain_set_apart(struct directory *directory)
{
	const char *key = domain_find_key(directory);

	if (key)
		directory_set_apart(directory, key);
}

struct domain *domain_read(const void *context, const struct directory *directory,
			   struct error *error)
{
	struct domain *domain = memory_new(context, struct domain);
	const struct entry *object = NULL;

	talloc_set_destructor(domain, domain_destroy);
	domain->directory = directory;
	if (directory->kind == DIRECTORY_LDIF) {
		object = find_domain_object(directory, error);
		if (!object || !check_rootdse(directory_find(directory, ""), object, error)) {
			talloc_free(domain);
			return NULL;
		}
	}
	read_facts(domain, object);
	index_own(domain);
	index_elsewhere(domain);
	return domain;
}

void domain_update(struct domain *domain)
{
	read_facts(domain, NULL);
	index_own(domain);
	index_elsewhere(domain);
}

const struct entry *domain_find_sid(const struct domain *domain, const struct sid *sid)
{
	return sid_index_find(domain->by_sid, sid);
}

const struct entry *domain_find_rid(const struct domain *domain, uint32_t rid)
{
	struct sid sid;

	if (!domain->has_sid)
		return NULL;
	sid = sid_of_domain(&domain->sid, rid);
	return domain_find_sid(domain, &sid);
}

const struct primary_group_slot *domain_primary_members(const struct domain *domain, uint32_t rid)
{
	struct primary_group_slot *slot;

	HASH_FIND(hh, domain->by_primary, &rid, sizeof rid, slot);
	return slot;
}

const struct claim_slot *domain_claims(const struct domain *domain, const char *key)
{
	struct claim_slot *slot;

	HASH_FIND_STR(domain->by_claim, key, slot);
	return slot;
}

const struct entry *domain_next_account(const struct domain *domain, const char *word,
					const struct entry *after)
{
	const struct entry *entry = after ? after->hh.next : domain->directory->entries;
	const char *name;

	while (entry && (entry_text(entry, ATTRIBUTE_SAM_ACCOUNT_NAME, &name) != READING_OK ||
			 !account_is_named(name, NULL, word)))
		entry = entry->hh.next;
	return entry;
}

char *domain_host_spn(const void *context, const struct domain *domain, const char *target)
{
	struct spn spn;

	if (!spn_parse(target, &spn) ||
	    !domain_is_host_alias(domain, spn.service_class, spn.service_class_length))
		return NULL;
	return memory_format(context, "HOST/%s", spn.name);
}

/* An address, IPv4 or IPv6: digits and dots, or anything with a colon or bracket. */
static bool is_address(const char *name, size_t length)
{
	if (name[0] == '[')
		return true;
	for (size_t i = 0; i < length; i++) {
		if ((name[i] < '0' || name[i] > '9') && name[i] != '.')
			return false;
	}
	return true;
}

bool domain_has_name(const struct domain *domain, const char *name, size_t length)
{
	const char *dot = memchr(name, '.', length);
	size_t domain_length = strlen(domain->name);
	size_t rest;

	if (!dot || is_address(name, length))
		return true;
	if (length == domain_length && !strncasecmp(name, domain->name, length))
		return true;
	rest = length - (size_t)(dot + 1 - name);
	return rest == domain_length && !strncasecmp(dot + 1, domain->name, rest);
}

bool domain_is_foreign_target(const struct domain *domain, const char *target)
{
	struct spn spn;

	return spn_parse(target, &spn) && !domain_has_name(domain, spn.name, spn.name_length);
}

const struct spn_slot *domain_spn_owners(const struct domain *domain, const char *target)
{
	const struct spn_slot *slot = spn_index_find(domain->by_spn, target);
	char *host = slot ? NULL : domain_host_spn(NULL, domain, target);

	if (!slot && host)
		slot = spn_index_find(domain->by_spn, host);
	if (!slot && domain_is_foreign_target(domain, target)) {
		slot = elsewhere_spn_owners(domain->elsewhere, target);
		if (!slot && host)
			slot = elsewhere_spn_owners(domain->elsewhere, host);
	}
	talloc_free(host);
	return slot;
}

const struct spn_slot *domain_host_owners(const struct domain *domain, const char *target)
{
	char *host = domain_host_spn(NULL, domain, target);
	const struct spn_slot *slot = host ? spn_index_find(domain->by_spn, host) : NULL;

	/* of what this domain owns nobody is asked elsewhere */
	if (host && !slot && !spn_index_find(domain->by_spn, target) &&
	    domain_is_foreign_target(domain, target))
		slot = elsewhere_spn_owners(domain->elsewhere, host);
	talloc_free(host);
	return slot;
}

const char *domain_account_name(const void *context, const struct domain *domain,
				const struct entry *entry)
{
	struct account account;

	if (elsewhere_holds(domain->elsewhere, entry))
		return elsewhere_name(context, entry);
	account_read(context, entry, &account);
	return account.name;
}
