/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/export.h"

#include "ad/dn.h"
#include "model/domain.h"

#include <string.h>

static bool begins(const char *text, const char *word)
{
	return !strncmp(text, word, strlen(word));
}

/* Whether the key is that of a naming context: of a domain, an application's or the
 * configuration. */
static bool is_naming_context(const char *key)
{
	return *key && (dn_key_domain(key) == key || begins(key, "cn=configuration,"));
}

/* Whether the object is deleted, by its own word or by where it is kept; the export may not
 * show the former. */
static bool is_deleted(const struct entry *entry)
{
	if (entry_has_text(entry, ATTRIBUTE_IS_DELETED, "TRUE"))
		return true;
	for (const char *at = entry->key; *at; at = dn_parent(at)) {
		if (begins(at, "cn=deleted objects,") && is_naming_context(dn_parent(at)))
			return true;
	}
	return false;
}

/* Adds a gap where every search that shows the domain object may have left out others: one that
 * did not would have shown it, too. */
static void check_whole(struct directory *directory, const char *domain)
{
	const struct entry *object = directory_find(directory, domain);
	const struct entry_record *record = object ? &object->record : NULL;
	const struct export_search *search = NULL;

	for (; record; record = record->before) {
		search = record->search;
		if (!search || !search->partial)
			return;
	}
	if (search)
		directory_add_gap(directory, search->source, search->partial);
}

void export_finish(struct directory *directory)
{
	struct entry *next = directory->entries;
	const char *domain = domain_find_key(directory);

	if (domain) {
		directory_settle(directory, domain);
		check_whole(directory, domain);
	}
	while (next) {
		struct entry *entry = next;

		next = entry->hh.next;
		if (is_deleted(entry)) /* its memory stays with directory */
			HASH_DEL(directory->entries, entry);
	}
	domain_set_apart(directory);
}
