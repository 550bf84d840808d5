/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/host_reading.h"

#include "base/hash.h"
#include "base/memory.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* NetBIOS' limit, after which a computer's sAMAccountName ends. */
enum { SHORT_NAME_MAX = 15 };

/* A short or full name of a host. */
struct host_name {
	const char *name; /* in lower case */
	struct host *host;
	UT_hash_handle hh;
};

/* The entry of a host. */
struct host_entry {
	const struct entry *entry;
	struct host *host;
	UT_hash_handle hh;
};

struct host_names {
	struct host_name *table;    /* uthash */
	struct host_entry *entries; /* uthash */
};

static int host_names_destroy(struct host_names *names)
{
	HASH_CLEAR(hh, names->table);
	HASH_CLEAR(hh, names->entries);
	return 0;
}

/* Notes name as that of host; false where another host has it. */
static bool index_name(struct host_names *names, const char *name, struct host *host)
{
	char *folded = text_lower(names, name);
	struct host_name *slot;

	HASH_FIND_STR(names->table, folded, slot);
	if (slot) {
		talloc_free(folded);
		return slot->host == host;
	}
	slot = memory_new(names, struct host_name);
	slot->name = folded;
	slot->host = host;
	HASH_ADD_KEYPTR(hh, names->table, slot->name, strlen(slot->name), slot);
	return true;
}

static void index_entry(struct host_names *names, struct host *host)
{
	struct host_entry *slot = memory_new(names, struct host_entry);

	slot->entry = host->account.entry;
	slot->host = host;
	HASH_ADD_PTR(names->entries, entry, slot);
}

/* Two hosts of one name: it may have been taken, so that none of the findings about its targets
 * could be trusted. */
static void report_shared_name(const void *context, const struct host_list *hosts,
			       const struct host *host, const char *name, enum attribute attribute,
			       struct unreadable_list *unreadable)
{
	const struct host *other = host_list_find(hosts, name, strlen(name));

	unreadable_add(context, unreadable, host->name, attribute_name(attribute),
		       "another host has the name %s as well (%s), so which of them a target "
		       "means can not be told: find out whose it is, and take it from the other",
		       name, other->account.entry->dn);
}

/* Whether the full name is the short one with a domain; the latter ends after 15 letters. */
static bool is_own_full_name(const struct host *host)
{
	size_t length = strlen(host->name);

	return !strncasecmp(host->dns_name, host->name, length) &&
	       (host->dns_name[length] == '.' || length >= SHORT_NAME_MAX);
}

/* Indexes the full names that are their hosts' own, or the others, which give way. */
static void index_full_names(const void *context, struct host_list *hosts, bool own,
			     struct unreadable_list *unreadable)
{
	for (size_t i = 0; i < hosts->count; i++) {
		struct host *host = &hosts->items[i];

		if (!host->dns_name || is_own_full_name(host) != own ||
		    index_name(hosts->names, host->dns_name, host))
			continue;
		report_shared_name(context, hosts, host, host->dns_name, ATTRIBUTE_DNS_HOST_NAME,
				   unreadable);
		host->dns_name = NULL;
	}
}

void host_names_index(const void *context, struct host_list *hosts,
		      struct unreadable_list *unreadable)
{
	hosts->names = memory_new(context, struct host_names);
	talloc_set_destructor(hosts->names, host_names_destroy);
	for (size_t i = 0; i < hosts->count; i++) {
		struct host *host = &hosts->items[i];

		index_entry(hosts->names, host);
		if (!index_name(hosts->names, host->name, host))
			report_shared_name(context, hosts, host, host->name,
					   ATTRIBUTE_SAM_ACCOUNT_NAME, unreadable);
	}
	index_full_names(context, hosts, true, unreadable);
	index_full_names(context, hosts, false, unreadable);
}

struct host *host_list_find(const struct host_list *hosts, const char *name, size_t length)
{
	char *folded = memory_check(talloc_strndup(NULL, name, length));
	struct host_name *slot;

	for (char *c = folded; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	HASH_FIND_STR(hosts->names->table, folded, slot);
	talloc_free(folded);
	return slot ? slot->host : NULL;
}

const struct host *host_list_find_entry(const struct host_list *hosts, const struct entry *entry)
{
	struct host_entry *slot;

	if (!hosts->names)
		return NULL; /* hosts are not judged: --only admins */
	HASH_FIND_PTR(hosts->names->entries, &entry, slot);
	return slot ? slot->host : NULL;
}
