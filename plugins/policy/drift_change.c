/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/drift_change.h"

#include "ad/dn.h"
#include "ad/replication_metadata.h"
#include "base/memory.h"

#include <string.h>

/* Whether the finding is of an attribute that has metadata in this domain. */
static bool has_metadata(const struct verdict *verdict, const struct finding *finding)
{
	const struct entry *entry = finding->changed.entry;

	return entry && !strcmp(dn_key_domain(entry->key), verdict->snapshot->domain->key);
}

struct text_list drift_change_accounts(const void *context, const struct verdict *verdict)
{
	const struct entry *last = NULL;
	struct text_list dns = {0};

	/* findings of one account stand side by side */
	for (size_t i = 0; i < verdict->findings.count; i++) {
		const struct finding *finding = &verdict->findings.items[i];

		if (!has_metadata(verdict, finding) || finding->changed.entry == last)
			continue;
		last = finding->changed.entry;
		text_list_add(context, &dns, last->dn);
	}
	text_list_sort(&dns); /* an account may be a host and an admin */
	return dns;
}

static bool find_change(const struct finding *finding, const struct directory *changes,
			struct attribute_change *change)
{
	const struct entry *entry = directory_find(changes, finding->changed.entry->dn);
	const struct attribute_values *values =
		entry ? entry_values(entry, ATTRIBUTE_REPLICATION_METADATA) : NULL;

	return values && values->count == 1 &&
	       replication_metadata_find(values->values[0].bytes, values->values[0].size,
					 finding->changed.attribute, change);
}

struct guid_list drift_change_origins(const void *context, const struct verdict *verdict,
				      const struct directory *changes)
{
	struct guid_list origins = {0};

	for (size_t i = 0; i < verdict->findings.count; i++) {
		struct attribute_change change;
		size_t k = 0;

		if (!has_metadata(verdict, &verdict->findings.items[i]) ||
		    !find_change(&verdict->findings.items[i], changes, &change))
			continue;
		while (k < origins.count && !guid_equal(&origins.items[k], &change.origin))
			k++;
		if (k < origins.count)
			continue;
		*memory_add(context, origins.items, origins.count) = change.origin;
	}
	return origins;
}

/* The controller of that invocation id: its settings lie below its server object, whose name
 * is the controller's. The id itself where there is none. Owner: context. */
static const char *controller_name(const void *context, const struct directory *changes,
				   const struct guid *origin)
{
	char text[GUID_TEXT_SIZE];

	for (const struct entry *entry = changes->entries; entry; entry = entry->hh.next) {
		const struct attribute_values *ids = entry_values(entry, ATTRIBUTE_INVOCATION_ID);
		const char *name;

		if (!ids || ids->count != 1 || ids->values[0].size != GUID_SIZE ||
		    memcmp(ids->values[0].bytes, origin->bytes, GUID_SIZE) != 0)
			continue;
		name = dn_first_value(context, dn_parent(entry->dn));
		if (*name)
			return name;
	}
	return memory_text(context, guid_format(origin, text));
}

/* Computers, group managed service accounts among them, have an event of their own. */
static int event_of(const struct entry *entry)
{
	return entry_has_text(entry, ATTRIBUTE_OBJECT_CLASS, "computer") ? 4742 : 4738;
}

static void tell(struct verdict *verdict, struct finding *finding, const struct directory *changes)
{
	struct finding_change *changed = &finding->changed;
	const char *attribute = attribute_name(changed->attribute);
	char at[REPLICATION_TIME_SIZE];
	struct attribute_change change;

	if (!find_change(finding, changes, &change) || !replication_metadata_time(&change, at)) {
		finding->detail =
			memory_format(verdict, "%s; when and where %s was changed can not be read",
				      finding->detail, attribute);
		return;
	}
	changed->known = true;
	changed->at = memory_text(verdict, at);
	changed->on = controller_name(verdict, changes, &change.origin);
	changed->version = change.version;
	finding->detail = memory_format(
		verdict,
		"%s; %s was last changed %s on %s (version %u): event %d in the security log there "
		"tells who did it",
		finding->detail, attribute, changed->at, changed->on, (unsigned)changed->version,
		event_of(changed->entry));
}

void drift_change_tell(struct verdict *verdict, const struct directory *changes)
{
	for (size_t i = 0; i < verdict->findings.count; i++) {
		if (has_metadata(verdict, &verdict->findings.items[i]))
			tell(verdict, &verdict->findings.items[i], changes);
	}
}
