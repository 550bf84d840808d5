/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/census.h"

#include "ad/dn.h"
#include "base/memory.h"

#include <string.h>

/* A DN by which a row is known in some directory. */
struct census_name {
	const char *key;
	const struct census_row *row;
	UT_hash_handle hh;
};

static int census_destroy(struct census *census)
{
	HASH_CLEAR(hh, census->names);
	HASH_CLEAR(hh, census->rows);
	return 0;
}

static struct census_row *find_or_add(struct census *census, const char *key, bool has_sid)
{
	struct census_row *row;

	HASH_FIND_STR(census->rows, key, row);
	if (row)
		return row;
	row = memory_new(census, struct census_row);
	row->key = memory_text(row, key);
	row->has_sid = has_sid;
	row->entries = memory_array(row, const struct entry *, census->directory_count);
	for (size_t i = 0; i < census->directory_count; i++)
		row->entries[i] = NULL;
	HASH_ADD_KEYPTR(hh, census->rows, row->key, strlen(row->key), row);
	return row;
}

static void name_row(struct census *census, const struct entry *entry, const struct census_row *row)
{
	struct census_name *name;

	HASH_FIND_STR(census->names, entry->key, name);
	if (name)
		return;
	name = memory_new(census, struct census_name);
	name->key = entry->key;
	name->row = row;
	HASH_ADD_KEYPTR(hh, census->names, name->key, strlen(name->key), name);
}

static void count_entry(struct census *census, size_t index, const struct entry *entry)
{
	char text[SID_TEXT_SIZE];
	struct census_row *row;
	struct sid sid;
	bool has_sid = entry_sid(entry, ATTRIBUTE_OBJECT_SID, &sid) == READING_OK;

	/* the rootDSE is each controller's own, and a bare DN was shown of nobody */
	if (!*entry->key || !entry->attribute_count)
		return;
	row = find_or_add(census, has_sid ? sid_format(&sid, text) : entry->key, has_sid);
	row->entries[index] = entry;
	name_row(census, entry, row);
}

static int compare_rows(const struct census_row *a, const struct census_row *b)
{
	return strcmp(a->key, b->key);
}

struct census *census_take(const void *context, const struct directory *const *directories,
			   size_t count)
{
	struct census *census = memory_new(context, struct census);

	talloc_set_destructor(census, census_destroy);
	census->directories = directories;
	census->directory_count = count;
	for (size_t i = 0; i < count; i++) {
		for (const struct entry *entry = directories[i]->entries; entry;
		     entry = entry->hh.next)
			count_entry(census, i, entry);
	}
	HASH_SORT(census->rows, compare_rows);
	return census;
}

const struct census_row *census_find_dn(const struct census *census, const char *dn)
{
	char *key = dn_key(NULL, dn);
	struct census_name *name;

	HASH_FIND_STR(census->names, key, name);
	talloc_free(key);
	return name ? name->row : NULL;
}

const struct entry *census_first_entry(const struct census *census, const struct census_row *row)
{
	size_t i = 0;

	while (i + 1 < census->directory_count && !row->entries[i])
		i++;
	return row->entries[i];
}

bool census_ask_missing(struct census *census, size_t index, struct question *question)
{
	struct sid sid;

	*question = (struct question){0};
	for (const struct census_row *row = census->rows; row; row = row->hh.next) {
		if (row->entries[index])
			continue;
		if (row->has_sid && sid_parse_text(row->key, &sid))
			sid_list_add(census, &question->own.sids, &sid);
		else
			text_list_add(census, &question->own.dns,
				      census_first_entry(census, row)->dn);
	}
	return !question_is_empty(question);
}
