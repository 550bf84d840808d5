/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which computers are Hyper-V hosts: they are collected here, and those set aside explained. */
#include "ad/dn.h"
#include "ad/uac.h"
#include "base/hash.h"
#include "base/memory.h"
#include "model/host_reading.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool host_is_connection_point(const void *context, const struct entry *entry)
{
	char *name;
	bool named;

	/* one that hides its class is known by its name */
	if (!entry->attribute_count ||
	    (entry_values(entry, ATTRIBUTE_OBJECT_CLASS) &&
	     !entry_has_text(entry, ATTRIBUTE_OBJECT_CLASS, "serviceConnectionPoint")))
		return false;
	name = dn_first_value(context, entry->key);
	named = text_equal(name, "Microsoft Hyper-V");
	talloc_free(name);
	return named;
}

/* objectCategory is a DN of the schema, CN=Computer,CN=Schema,…. */
static bool is_computer_category(const char *category)
{
	static const char computer[] = "CN=Computer,";

	return text_equal(category, "computer") ||
	       !strncasecmp(category, computer, sizeof computer - 1);
}

bool host_is_possible(const struct entry *entry)
{
	const char *category;

	if (!entry->attribute_count)
		return false;
	return entry_text(entry, ATTRIBUTE_OBJECT_CATEGORY, &category) != READING_OK ||
	       is_computer_category(category) || host_is_connection_point(NULL, entry);
}

bool host_is_excluded(const struct entry *entry, const struct selection *selection)
{
	void *scratch = memory_check(talloc_new(NULL));
	struct host host;
	bool excluded;

	host_facts_read_names(scratch, entry, &host);
	excluded = host_is_named_by(&host, &selection->excluded);
	talloc_free(scratch);
	return excluded;
}

/* A computer that a connection point marks. */
struct mark {
	char *key;      /* of the computer */
	const char *dn; /* of the computer, inside of the connection point's */
	UT_hash_handle hh;
};

/* The hosts while they are looked for. */
struct search {
	const void *context; /* of what outlives the search */
	const struct selection *selection;
	struct mark *marks; /* uthash */
	struct host_list *hosts;
	struct unreadable_list *unreadable;
};

static struct mark *find_marks(const void *context, const struct domain *domain)
{
	struct mark *marks = NULL, *known;

	for (const struct entry *entry = domain->directory->entries; entry;
	     entry = entry->hh.next) {
		const char *parent = dn_parent(entry->key);

		if (!*parent || !host_is_connection_point(context, entry))
			continue;
		HASH_FIND_STR(marks, parent, known);
		if (known)
			continue;
		known = memory_new(context, struct mark);
		known->key = memory_text(known, parent);
		known->dn = dn_parent(entry->dn);
		HASH_ADD_KEYPTR(hh, marks, known->key, strlen(known->key), known);
	}
	return marks;
}

static bool is_marked(const struct search *search, const struct entry *entry)
{
	struct mark *mark;

	HASH_FIND_STR(search->marks, entry->key, mark);
	return mark;
}

/* Whether a word without wildcard names the computer. */
static bool is_named_plainly(const struct host *host, const struct selection *selection)
{
	for (size_t i = 0; i < selection->host_word_count; i++) {
		const char *word = selection->host_words[i].word;

		if (!text_is_pattern(word) && host_is_named(host, word))
			return true;
	}
	return false;
}

/* Whether something says that the account is a host, if it is a computer at all. */
static bool looks_like_host(const struct search *search, const struct host *host, bool marked)
{
	return marked || host_registers_class(host, SPN_CLASS_MIGRATION) ||
	       host_registers_class(host, SPN_CLASS_CONSOLE) ||
	       is_named_plainly(host, search->selection);
}

/* Notes every plain word that names the account as not missing, and says why it is not taken
 * as a host. */
static void set_aside(const struct search *search, const struct host *host, const char *detail)
{
	const struct selection *selection = search->selection;

	for (size_t i = 0; i < selection->host_word_count; i++) {
		const struct host_word *word = &selection->host_words[i];

		if (text_is_pattern(word->word) || !host_is_named(host, word->word))
			continue;
		text_list_add(search->context, &search->hosts->set_aside, word->word);
		unreadable_add(search->context, search->unreadable, word->word, word->key, "%s",
			       detail);
	}
}

/* Whether the policy leaves the computer out; notes the words that do. */
static bool is_excluded(const struct search *search, const struct host *host)
{
	const struct text_list *words = &search->selection->excluded;
	bool excluded = false;

	for (size_t i = 0; i < words->count; i++) {
		if (!host_is_named(host, words->items[i]))
			continue;
		excluded = true;
		text_list_add(search->context, &search->hosts->exclusions, words->items[i]);
	}
	return excluded;
}

static bool may_delegate(const struct account *account)
{
	const struct attribute_values *targets =
		entry_values(account->entry, ATTRIBUTE_ALLOWED_TO_DELEGATE_TO);

	return (targets && targets->count) ||
	       (account->uac & (UAC_TRUSTED_FOR_DELEGATION | UAC_TRUSTED_TO_AUTH_FOR_DELEGATION));
}

/* Whether an account that looks like a host is one. */
static bool confirm_host(const struct search *search, const struct host *host, bool marked)
{
	static const char hidden[] =
		"whether the account is a computer can not be told: let the login read it";
	const struct entry *entry = host->account.entry;
	const char *category;

	if (is_excluded(search, host)) {
		set_aside(search, host,
			  "the policy excludes this host, so that naming it does nothing: take "
			  "the name out, or the exclusion");
		return false;
	}
	if (entry_text(entry, ATTRIBUTE_OBJECT_CATEGORY, &category) != READING_OK) {
		unreadable_add(search->context, search->unreadable, host->name, "objectCategory",
			       "%s", hidden);
		set_aside(search, host, hidden);
		return false;
	}
	if (!host_registers_class(host, SPN_CLASS_CLUSTER))
		return true;
	set_aside(search, host, "the account is a cluster name object, not a Hyper-V host");
	/* any account may write SPNs of its own name: one of these must not take it out of sight */
	if (marked || may_delegate(&host->account))
		unreadable_add(search->context, search->unreadable, host->name,
			       attribute_name(ATTRIBUTE_SERVICE_PRINCIPAL_NAME),
			       "it %s, but calls itself a cluster name (%s), so it is not judged: "
			       "find out who registered that name, and remove it if it is none",
			       marked ? "has Hyper-V's connection point, as hosts do"
				      : "looks like a host and may delegate",
			       SPN_CLASS_CLUSTER);
	return false;
}

static bool is_judged(const struct host *host, const struct selection *selection)
{
	return !selection->judged.count || host_is_named_by(host, &selection->judged);
}

/* Appends the host that entry is, if it is one. */
static void read_entry(const struct search *search, const struct entry *entry)
{
	struct host_list *hosts = search->hosts;
	const char *category;
	struct host host;
	bool marked, accepted;
	void *scratch;

	/* of an entry without attributes, its connection point tells */
	if (!entry->attribute_count ||
	    (entry_text(entry, ATTRIBUTE_OBJECT_CATEGORY, &category) == READING_OK &&
	     !is_computer_category(category)))
		return;
	scratch = memory_check(talloc_new(search->context));
	host_facts_read_names(scratch, entry, &host);
	marked = is_marked(search, entry);
	accepted = looks_like_host(search, &host, marked) && confirm_host(search, &host, marked);
	talloc_free(scratch);
	if (!accepted)
		return;
	host_facts_read_names(search->context, entry, &host);
	host.judged = is_judged(&host, search->selection);
	host_facts_read(search->context, &host, search->unreadable);
	*memory_add(search->context, hosts->items, hosts->count) = host;
}

/* A connection point whose computer is not among the entries can not be judged. */
static void report_missing_parents(const struct search *search, const struct domain *domain)
{
	for (const struct mark *mark = search->marks; mark; mark = mark->hh.next) {
		if (!directory_find(domain->directory, mark->dn))
			unreadable_add(search->context, search->unreadable, mark->dn,
				       "objectCategory",
				       "a Hyper-V host by its connection point, whose account can "
				       "not be read: let the login read it");
	}
}

static int compare_hosts(const void *a, const void *b)
{
	const struct host *left = a, *right = b;
	int order = text_compare(left->name, right->name);

	return order ? order : strcmp(left->account.entry->key, right->account.entry->key);
}

void host_list_read(const void *context, const struct domain *domain,
		    const struct selection *selection, struct host_list *hosts,
		    struct unreadable_list *unreadable)
{
	void *scratch = memory_check(talloc_new(context));
	struct search search = {
		.context = context,
		.selection = selection,
		.marks = find_marks(scratch, domain),
		.hosts = hosts,
		.unreadable = unreadable,
	};

	report_missing_parents(&search, domain);
	for (const struct entry *entry = domain->directory->entries; entry; entry = entry->hh.next)
		read_entry(&search, entry);
	HASH_CLEAR(hh, search.marks);
	talloc_free(scratch);
	if (hosts->count)
		qsort(hosts->items, hosts->count, sizeof *hosts->items, compare_hosts);
	host_names_index(context, hosts, unreadable);
}
