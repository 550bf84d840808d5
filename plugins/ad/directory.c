/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ad/directory.h"

#include "ad/dn.h"
#include "ad/value_set.h"

#include <string.h>

static int directory_destroy(struct directory *directory)
{
	/* before its entries, which may be in our memory */
	talloc_free(directory->elsewhere);
	directory->elsewhere = NULL;
	HASH_CLEAR(hh, directory->entries);
	return 0;
}

struct directory *directory_new(const void *context, enum directory_kind kind)
{
	struct directory *directory = memory_new(context, struct directory);

	talloc_set_destructor(directory, directory_destroy);
	directory->kind = kind;
	return directory;
}

const struct gap *directory_first_gap(const struct directory *directory)
{
	if (directory->gap_count)
		return &directory->gaps[0];
	return directory->elsewhere ? directory_first_gap(directory->elsewhere) : NULL;
}

const char *directory_dns_name(const void *context, const struct directory *directory,
			       enum attribute attribute)
{
	const struct entry *rootdse = directory_find(directory, "");
	const char *dn;

	if (!rootdse || entry_text(rootdse, attribute, &dn) != READING_OK)
		return NULL;
	return dn_key_dns_name(context, dn_key(context, dn));
}

void directory_add_source(struct directory *directory, const char *name)
{
	*memory_add(directory, directory->sources, directory->source_count) =
		memory_text(directory, name);
}

void directory_add_gap(struct directory *directory, const char *source, const char *detail)
{
	*memory_add(directory, directory->gaps, directory->gap_count) = (struct gap){
		.source = memory_text(directory, source),
		.detail = memory_text(directory, detail),
	};
}

void directory_begin_search(struct directory *directory, const char *source)
{
	directory->search = memory_new(directory, struct export_search);
	directory->search->source = memory_text(directory->search, source);
}

void directory_check_synchronized(struct directory *directory, const char *source)
{
	const struct entry *rootdse = directory_find(directory, "");

	if (directory->behind || !rootdse ||
	    !entry_has_text(rootdse, ATTRIBUTE_IS_SYNCHRONIZED, "FALSE"))
		return;
	directory->behind = true;
	directory_add_gap(directory, source,
			  "the controller has not taken over the whole directory from the others "
			  "yet (isSynchronized: FALSE): ask another one, or wait");
}

struct directory *directory_elsewhere(struct directory *directory)
{
	if (!directory->elsewhere)
		directory->elsewhere = directory_new(directory, directory->kind);
	return directory->elsewhere;
}

/* Whether the key is of another domain; the configuration stands below the forest root. */
static bool is_elsewhere(const char *key, const char *domain)
{
	static const char configuration[] = "cn=configuration,";
	const char *own = dn_key_domain(key);
	size_t length = sizeof configuration - 1;

	if (!*own || !strcmp(own, domain))
		return false;
	return (size_t)(own - key) < length || strncmp(own - length, configuration, length) != 0;
}

void directory_set_apart(struct directory *directory, const char *domain)
{
	struct entry *next = directory->entries;

	while (next) {
		struct entry *entry = next;
		struct directory *elsewhere;

		next = entry->hh.next;
		if (!is_elsewhere(entry->key, domain))
			continue;
		elsewhere = directory_elsewhere(directory);
		HASH_DEL(directory->entries, entry);
		/* its memory stays with directory, which lives as long */
		HASH_ADD_KEYPTR(hh, elsewhere->entries, entry->key, strlen(entry->key), entry);
	}
}

/* Whether values that differ in two records are not what each of them says: of attributes of
 * one value the readers see it. Back links are told as far as the login, and the server, may. */
static bool is_list(enum attribute attribute)
{
	return attribute == ATTRIBUTE_MEMBER || attribute == ATTRIBUTE_SERVICE_PRINCIPAL_NAME ||
	       attribute == ATTRIBUTE_ALLOWED_TO_DELEGATE_TO || attribute == ATTRIBUTE_SPN_MAPPINGS;
}

/* Compares the values that the last record brought with those of the ones before it. */
static void settle_values(struct attribute_values *values)
{
	size_t settled = values->settled;

	if (settled && values->count > settled && !values->contradictory && !values->range_count &&
	    is_list(values->attribute)) {
		if (value_sets_equal(values->attribute, values->values, settled,
				     values->values + settled, values->count - settled))
			values->count = settled;
		else
			values->contradictory = true;
	}
	values->settled = values->count;
}

/* Begins a record of an entry, which may be the first one of it. */
static void begin_record(struct directory *directory, struct entry *entry)
{
	struct entry_record *before;

	for (size_t i = 0; i < entry->attribute_count; i++)
		settle_values(&entry->attributes[i]);
	if (entry->record.search == directory->search)
		return;
	if (entry->record.search) {
		before = memory_slot(directory, &directory->arena, sizeof *before);
		*before = entry->record;
		entry->record.before = before;
	}
	entry->record.search = directory->search;
	entry->record.shown = 0;
}

/* The attributes of the entry, as bits, that one search of the whole domain does not show of it
 * although it shows them of others, and another one does. */
static uint32_t find_lost(const struct entry *entry)
{
	uint32_t shown = 0, lost = 0;

	for (const struct entry_record *record = &entry->record; record; record = record->before) {
		if (record->search && record->search->shows_domain)
			shown |= record->shown;
	}
	for (const struct entry_record *record = &entry->record; record; record = record->before) {
		const struct export_search *search = record->search;

		if (search && search->shows_domain)
			lost |= shown & ~record->shown &
				(search->told ? search->asked : search->shown);
	}
	return lost & ~(UINT32_C(1) << ATTRIBUTE_MEMBER_OF);
}

void directory_settle(struct directory *directory, const char *domain)
{
	struct entry *object;

	HASH_FIND_STR(directory->entries, domain, object);
	for (struct entry_record *record = object ? &object->record : NULL; record;
	     record = record->before) {
		if (record->search)
			record->search->shows_domain = true;
	}
	for (struct entry *entry = directory->entries; entry; entry = entry->hh.next) {
		uint32_t lost = find_lost(entry);

		for (size_t i = 0; i < entry->attribute_count; i++) {
			struct attribute_values *values = &entry->attributes[i];

			settle_values(values);
			if (lost & UINT32_C(1) << values->attribute)
				values->contradictory = true;
		}
	}
}

struct entry *directory_entry(struct directory *directory, const char *dn)
{
	char *key = dn_key(NULL, dn);
	struct entry *entry;

	HASH_FIND_STR(directory->entries, key, entry);
	if (!entry) {
		entry = memory_slot(directory, &directory->arena, sizeof *entry);
		*entry = (struct entry){0};
		entry->dn = memory_store(directory, &directory->arena, dn, strlen(dn));
		entry->key = memory_store(directory, &directory->arena, key, strlen(key));
		HASH_ADD_KEYPTR(hh, directory->entries, entry->key, strlen(entry->key), entry);
	}
	for (size_t i = 0; i < entry->attribute_count; i++)
		entry->attributes[i].range_open = false;
	if (directory->search)
		begin_record(directory, entry);
	talloc_free(key);
	return entry;
}

const struct entry *directory_find(const struct directory *directory, const char *dn)
{
	char *key = dn_key(NULL, dn);
	struct entry *entry;

	HASH_FIND_STR(directory->entries, key, entry);
	talloc_free(key);
	return entry && entry->attribute_count ? entry : NULL;
}

/* The values of an attribute, made where they are not there yet. */
static struct attribute_values *values_of(struct directory *directory, struct entry *entry,
					  enum attribute attribute)
{
	struct attribute_values *values;

	for (size_t i = 0; i < entry->attribute_count; i++) {
		if (entry->attributes[i].attribute == attribute)
			return &entry->attributes[i];
	}
	values = memory_add(directory, entry->attributes, entry->attribute_count);
	*values = (struct attribute_values){.attribute = attribute};
	return values;
}

static bool range_equal(const struct attribute_range *a, const struct attribute_range *b)
{
	return a->first == b->first && a->final == b->final && a->last == b->last;
}

/* The range among those of values, made where it is not that of the value before. */
static struct attribute_range *range_of(struct directory *directory,
					struct attribute_values *values,
					const struct attribute_range *range)
{
	if (!values->range_open || !range_equal(&values->ranges[values->range_count - 1], range)) {
		*memory_add(directory, values->ranges, values->range_count) = *range;
		values->range_open = true;
	}
	return &values->ranges[values->range_count - 1];
}

/* The values, with room for one more. Most attributes have one or a few, and an array of its own
 * for each would weigh more than all values of a domain of small accounts. */
static struct value *grow_values(struct directory *directory, const struct attribute_values *values)
{
	enum { FEW = 4 };
	const size_t count = values->count, size = sizeof *values->values;
	struct value *array;

	if (count > FEW)
		return memory_grow(directory, values->values, count, size);
	if (count > 1 && count < FEW)
		return values->values;
	if (count == FEW)
		array = memory_check(talloc_size(directory, 2 * FEW * size));
	else
		array = memory_slot(directory, &directory->arena, (count ? FEW : 1) * size);
	if (count)
		memcpy(array, values->values, count * size);
	return array;
}

void directory_append(struct directory *directory, struct attribute_values *values,
		      const void *bytes, size_t size)
{
	values->values = grow_values(directory, values);
	values->values[values->count++] = (struct value){
		.bytes = memory_store(directory, &directory->arena, bytes, size),
		.size = size,
	};
}

void directory_add_value(struct directory *directory, struct entry *entry, const char *description,
			 const void *bytes, size_t size)
{
	struct attribute_values *values;
	struct attribute_range range;
	enum attribute attribute;

	if (!attribute_parse(description, strlen(description), &attribute, &range))
		return;
	values = values_of(directory, entry, attribute);
	if (range.strange) {
		values->strange = true;
		return;
	}
	if (bytes && directory->search && *entry->key) { /* the rootDSE is searched for apart */
		entry->record.shown |= UINT32_C(1) << attribute;
		directory->search->shown |= UINT32_C(1) << attribute;
	}
	if (range.ranged)
		range_of(directory, values, &range)->count += bytes != NULL;
	if (bytes)
		directory_append(directory, values, bytes, size);
}
