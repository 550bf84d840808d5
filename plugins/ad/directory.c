/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ad/directory.h"

#include "ad/dn.h"

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
	if (range.ranged)
		range_of(directory, values, &range)->count += bytes != NULL;
	if (bytes)
		directory_append(directory, values, bytes, size);
}
