/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/host.h"

#include "ad/dn.h"
#include "ad/spn.h"
#include "ad/uac.h"
#include "base/memory.h"

#include <ctype.h>
#include <stdio.h>
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

/* NetBIOS' limit, after which a computer's sAMAccountName ends. */
enum { SHORT_NAME_MAX = 15 };

/* Whether one of the SPNs in an attribute is of that class. */
static bool has_class(const struct entry *entry, enum attribute attribute,
		      const char *service_class)
{
	const struct attribute_values *values = entry_values(entry, attribute);
	struct spn spn;

	for (size_t i = 0; values && i < values->count; i++) {
		if (spn_parse(values->values[i].bytes, &spn) && spn_has_class(&spn, service_class))
			return true;
	}
	return false;
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

/* sAMAccountName without $ in lower case, or what the account is called else. */
static const char *short_name(const void *context, const struct account *account)
{
	char *name = text_lower(context, account->name);
	size_t length = strlen(name);

	if (length > 1 && name[length - 1] == '$')
		name[length - 1] = '\0';
	return name;
}

bool host_is_named(const struct host *host, const char *word)
{
	return text_matches(word, host->name) ||
	       (host->dns_name && text_matches(word, host->dns_name));
}

bool host_is_named_by(const struct host *host, const struct text_list *words)
{
	return text_list_matches(words, host->name) ||
	       (host->dns_name && text_list_matches(words, host->dns_name));
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

static bool is_judged(const struct host *host, const struct selection *selection)
{
	return !selection->judged.count || host_is_named_by(host, &selection->judged);
}

/* A computer that a connection point marks. */
struct mark {
	char *key;      /* of the computer */
	const char *dn; /* of the computer, inside of the connection point's */
	UT_hash_handle hh;
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

static bool is_marked(const struct entry *entry, struct mark *marks)
{
	struct mark *mark;

	HASH_FIND_STR(marks, entry->key, mark);
	return mark;
}

/* Whether something says that the account is a host, if it is a computer at all. */
static bool looks_like_host(const struct host *host, const struct selection *selection, bool marked)
{
	const struct entry *entry = host->account.entry;

	return marked || has_class(entry, ATTRIBUTE_SERVICE_PRINCIPAL_NAME, SPN_CLASS_MIGRATION) ||
	       has_class(entry, ATTRIBUTE_SERVICE_PRINCIPAL_NAME, SPN_CLASS_CONSOLE) ||
	       is_named_plainly(host, selection);
}

/*
 * Notes every plain word that names the account as not missing, and says why it is not
 * taken as a host where key is that of the word, or NULL.
 */
static void set_aside(const void *context, const struct host *host,
		      const struct selection *selection, const char *key, const char *detail,
		      struct host_list *hosts, struct unreadable_list *unreadable)
{
	for (size_t i = 0; i < selection->host_word_count; i++) {
		const struct host_word *word = &selection->host_words[i];

		if (text_is_pattern(word->word) || !host_is_named(host, word->word))
			continue;
		text_list_add(context, &hosts->set_aside, word->word);
		if (!key || text_equal(key, word->key))
			unreadable_add(context, unreadable, word->word, word->key, "%s", detail);
	}
}

/* Whether the policy leaves the computer out; notes the words that do. */
static bool is_excluded(const void *context, const struct host *host,
			const struct selection *selection, struct host_list *hosts)
{
	bool excluded = false;

	for (size_t i = 0; i < selection->excluded.count; i++) {
		if (!host_is_named(host, selection->excluded.items[i]))
			continue;
		excluded = true;
		text_list_add(context, &hosts->exclusions, selection->excluded.items[i]);
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
static bool confirm_host(const void *context, const struct host *host,
			 const struct selection *selection, bool marked, struct host_list *hosts,
			 struct unreadable_list *unreadable)
{
	static const char hidden[] = "whether the account is a computer can not be told";
	const struct entry *entry = host->account.entry;
	const char *category;

	if (is_excluded(context, host, selection, hosts)) {
		/* leaving it out is what the policy wants, but not what -n does */
		set_aside(context, host, selection, "host",
			  "the policy excludes this host, so -n judges nothing", hosts, unreadable);
		return false;
	}
	if (entry_text(entry, ATTRIBUTE_OBJECT_CATEGORY, &category) != READING_OK) {
		unreadable_add(context, unreadable, host->name, "objectCategory", "%s", hidden);
		set_aside(context, host, selection, NULL, hidden, hosts, unreadable);
		return false;
	}
	if (!has_class(entry, ATTRIBUTE_SERVICE_PRINCIPAL_NAME, SPN_CLASS_CLUSTER))
		return true;
	set_aside(context, host, selection, NULL,
		  "the account is a cluster name object, not a Hyper-V host", hosts, unreadable);
	/* any account may write SPNs of its own name: one of these must not take it out of sight */
	if (marked || may_delegate(&host->account))
		unreadable_add(context, unreadable, host->name,
			       attribute_name(ATTRIBUTE_SERVICE_PRINCIPAL_NAME),
			       "it %s, but calls itself a cluster name (%s), so it is not judged: "
			       "find out who registered that name, and remove it if it is none",
			       marked ? "has Hyper-V's connection point, as hosts do"
				      : "looks like a host and may delegate",
			       SPN_CLASS_CLUSTER);
	return false;
}

/* Build number of "10.0 (20348)". */
static uint32_t parse_build(const char *version)
{
	unsigned major, minor, build;
	int length = 0;

	/* sscanf would take a sign and make a huge number of it */
	if (strpbrk(version, "+-") ||
	    sscanf(version, "%3u.%3u (%6u)%n", &major, &minor, &build, &length) != 3 ||
	    version[length])
		return BUILD_UNKNOWN;
	return build;
}

bool host_is_2016_or_later(const struct host *host)
{
	return host->build == BUILD_UNKNOWN || host->build >= BUILD_2016;
}

/* Lists the values of an attribute, sorted; false, and unreadable, where they are cut. */
static bool read_list(const void *context, const struct host *host, enum attribute attribute,
		      struct text_list *list, struct unreadable_list *unreadable)
{
	const struct attribute_values *values = entry_values(host->account.entry, attribute);

	for (size_t i = 0; values && i < values->count; i++) {
		const struct value *value = &values->values[i];

		text_list_add(context, list, value->bytes);
		if (!value_is_text(value))
			unreadable_add(context, unreadable, host->name, attribute_name(attribute),
				       "a value is empty or holds a NUL byte");
	}
	text_list_sort(list);
	if (!values || entry_values_complete(values))
		return true;
	unreadable_add(
		context, unreadable, host->name, attribute_name(attribute),
		"the list of values is not whole: a range of it is missing or not understood");
	return false;
}

static void read_rbcd(const void *context, struct host *host, struct unreadable_list *unreadable)
{
	const struct value *value;
	enum reading reading = entry_value(host->account.entry, ATTRIBUTE_ALLOWED_TO_ACT, &value);

	host->rbcd_readable = reading == READING_ABSENT;
	if (host->rbcd_readable)
		return;
	/* whom it surely names is told, whatever else is in it */
	if (reading == READING_OK &&
	    delegation_acl_parse(context, value->bytes, value->size, &host->acl))
		host->rbcd_trustees =
			delegation_acl_trustees(context, &host->acl, &host->rbcd_trustee_count);
	else
		host->acl = (struct delegation_acl){.undecidable = true};
	host->rbcd_readable = !host->acl.undecidable;
	if (!host->rbcd_readable && host->judged)
		unreadable_add(
			context, unreadable, host->name, attribute_name(ATTRIBUTE_ALLOWED_TO_ACT),
			"the security descriptor can not be decoded or holds a condition, so "
			"whom the host lets delegate to itself can not be told");
}

/* Whether name is a full one, and no address. */
static bool is_full_name(const char *name, size_t length)
{
	return memchr(name, '.', length) && !memchr(name, ':', length) &&
	       strspn(name, "0123456789.") < length;
}

/* Whether the host registers a service that each host has by its full name. */
static bool has_full_name_service(const struct host *host)
{
	static const char *const classes[] = {"HOST", SPN_CLASS_MIGRATION, SPN_CLASS_CONSOLE,
					      SPN_CLASS_REPLICA};
	const struct attribute_values *values =
		entry_values(host->account.entry, ATTRIBUTE_SERVICE_PRINCIPAL_NAME);
	struct spn spn;

	for (size_t i = 0; values && i < values->count; i++) {
		if (!spn_parse(values->values[i].bytes, &spn) ||
		    !is_full_name(spn.name, spn.name_length))
			continue;
		for (size_t k = 0; k < countof(classes); k++) {
			if (spn_has_class(&spn, classes[k]))
				return true;
		}
	}
	return false;
}

/* Says where the full name is not known although there is one. */
static void report_dns_name(const void *context, const struct host *host,
			    struct unreadable_list *unreadable)
{
	const char *name;
	enum reading reading = entry_text(host->account.entry, ATTRIBUTE_DNS_HOST_NAME, &name);

	if (reading == READING_BROKEN)
		unreadable_add(context, unreadable, host->name,
			       attribute_name(ATTRIBUTE_DNS_HOST_NAME),
			       "the name can not be decoded, so which targets mean this host can "
			       "not be told");
	else if (reading == READING_ABSENT && has_full_name_service(host))
		unreadable_add(context, unreadable, host->name,
			       attribute_name(ATTRIBUTE_DNS_HOST_NAME),
			       "it registers services by a full name, but does not show that "
			       "name, so which targets mean this host can not be told");
}

/* The names of a computer, by which it may be selected. */
static void read_names(const void *context, const struct entry *entry, struct host *host)
{
	*host = (struct host){0};
	account_read(context, entry, &host->account);
	host->name = short_name(context, &host->account);
	if (entry_text(entry, ATTRIBUTE_DNS_HOST_NAME, &host->dns_name) != READING_OK)
		host->dns_name = NULL;
}

bool host_is_excluded(const struct entry *entry, const struct selection *selection)
{
	void *scratch = memory_check(talloc_new(NULL));
	struct host host;
	bool excluded;

	read_names(scratch, entry, &host);
	excluded = host_is_named_by(&host, &selection->excluded);
	talloc_free(scratch);
	return excluded;
}

/*
 * The facts of a computer that is a host. What can not be read of one that is not judged is
 * said where hosts that are depend on it: its names, whom it lists and what it registers.
 */
static void read_facts(const void *context, struct host *host, struct unreadable_list *unreadable)
{
	const struct entry *entry = host->account.entry;
	const char *version;

	if (host->judged)
		account_report(context, &host->account, host->name, unreadable);
	report_dns_name(context, host, unreadable);
	if (entry_text(entry, ATTRIBUTE_OPERATING_SYSTEM, &host->operating_system) != READING_OK)
		host->operating_system = NULL;
	if (entry_text(entry, ATTRIBUTE_OPERATING_SYSTEM_VERSION, &version) == READING_OK)
		host->build = parse_build(version);
	if (host->account.has_uac) {
		uint32_t uac = host->account.uac;

		/* a read-only one needs no unconstrained delegation */
		host->domain_controller = truth_of(uac & UAC_SERVER_TRUST_ACCOUNT);
		host->unconstrained = truth_of(uac & UAC_TRUSTED_FOR_DELEGATION);
		host->protocol_transition = truth_of(uac & UAC_TRUSTED_TO_AUTH_FOR_DELEGATION);
	}
	host->targets_complete = read_list(context, host, ATTRIBUTE_ALLOWED_TO_DELEGATE_TO,
					   &host->targets, unreadable);
	(void)read_list(context, host, ATTRIBUTE_SERVICE_PRINCIPAL_NAME, &host->services,
			unreadable);
	read_rbcd(context, host, unreadable);
}

static int compare_hosts(const void *a, const void *b)
{
	const struct host *left = a, *right = b;
	int order = text_compare(left->name, right->name);

	return order ? order : strcmp(left->account.entry->key, right->account.entry->key);
}

/* A connection point whose computer is not among the entries can not be judged. */
static void report_missing_parents(const void *context, const struct domain *domain,
				   struct mark *marks, struct unreadable_list *unreadable)
{
	for (struct mark *mark = marks; mark; mark = mark->hh.next) {
		if (!directory_find(domain->directory, mark->dn))
			unreadable_add(context, unreadable, mark->dn, "objectCategory",
				       "a Hyper-V host by its connection point, whose account can "
				       "not be read");
	}
}

/* Appends the host that entry is, if it is one. */
static void read_entry(const void *context, const struct entry *entry,
		       const struct selection *selection, struct mark *marks,
		       struct host_list *hosts, struct unreadable_list *unreadable)
{
	void *scratch = NULL;
	const char *category;
	struct host host;
	bool marked, accepted;

	/* of an entry without attributes, its connection point tells */
	if (!entry->attribute_count ||
	    (entry_text(entry, ATTRIBUTE_OBJECT_CATEGORY, &category) == READING_OK &&
	     !is_computer_category(category)))
		return;
	scratch = memory_check(talloc_new(context));
	read_names(scratch, entry, &host);
	marked = is_marked(entry, marks);
	accepted = looks_like_host(&host, selection, marked) &&
		   confirm_host(context, &host, selection, marked, hosts, unreadable);
	talloc_free(scratch);
	if (!accepted)
		return;
	read_names(context, entry, &host);
	host.judged = is_judged(&host, selection);
	read_facts(context, &host, unreadable);
	*memory_add(context, hosts->items, hosts->count) = host;
}

/* A short or full name of a host. */
struct host_name {
	const char *name; /* in lower case */
	size_t index;
	UT_hash_handle hh;
};

/* The entry of a host. */
struct host_entry {
	const struct entry *entry;
	size_t index;
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

/* Notes name as that of the host of that index; false where another host has it. */
static bool index_name(struct host_names *names, const char *name, size_t index)
{
	char *folded = text_lower(names, name);
	struct host_name *slot;

	HASH_FIND_STR(names->table, folded, slot);
	if (slot) {
		talloc_free(folded);
		return slot->index == index;
	}
	slot = memory_new(names, struct host_name);
	slot->name = folded;
	slot->index = index;
	HASH_ADD_KEYPTR(hh, names->table, slot->name, strlen(slot->name), slot);
	return true;
}

static void index_entry(struct host_names *names, const struct entry *entry, size_t index)
{
	struct host_entry *slot = memory_new(names, struct host_entry);

	slot->entry = entry;
	slot->index = index;
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
		    index_name(hosts->names, host->dns_name, i))
			continue;
		report_shared_name(context, hosts, host, host->dns_name, ATTRIBUTE_DNS_HOST_NAME,
				   unreadable);
		host->dns_name = NULL;
	}
}

static void index_names(const void *context, struct host_list *hosts,
			struct unreadable_list *unreadable)
{
	hosts->names = memory_new(context, struct host_names);
	talloc_set_destructor(hosts->names, host_names_destroy);
	for (size_t i = 0; i < hosts->count; i++) {
		const struct host *host = &hosts->items[i];

		index_entry(hosts->names, host->account.entry, i);
		if (!index_name(hosts->names, host->name, i))
			report_shared_name(context, hosts, host, host->name,
					   ATTRIBUTE_SAM_ACCOUNT_NAME, unreadable);
	}
	index_full_names(context, hosts, true, unreadable);
	index_full_names(context, hosts, false, unreadable);
}

void host_list_read(const void *context, const struct domain *domain,
		    const struct selection *selection, struct host_list *hosts,
		    struct unreadable_list *unreadable)
{
	void *scratch = memory_check(talloc_new(context));
	struct mark *marks = find_marks(scratch, domain);

	report_missing_parents(context, domain, marks, unreadable);
	for (const struct entry *entry = domain->directory->entries; entry; entry = entry->hh.next)
		read_entry(context, entry, selection, marks, hosts, unreadable);
	HASH_CLEAR(hh, marks);
	talloc_free(scratch);
	if (hosts->count)
		qsort(hosts->items, hosts->count, sizeof *hosts->items, compare_hosts);
	index_names(context, hosts, unreadable);
}

struct host *host_list_find(const struct host_list *hosts, const char *name, size_t length)
{
	char *folded = memory_check(talloc_strndup(NULL, name, length));
	struct host_name *slot;

	for (char *c = folded; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	HASH_FIND_STR(hosts->names->table, folded, slot);
	talloc_free(folded);
	return slot ? &hosts->items[slot->index] : NULL;
}

bool host_has_name(const struct host *host, const struct spn *spn)
{
	return spn_has_name(spn, host->name) ||
	       (host->dns_name && spn_has_name(spn, host->dns_name));
}

/* A target in its parts: putting them together first would cost more than the search. */
struct service {
	const char *service_class;
	size_t class_length;
	const char *name;
};

/* The order of text_compare without its last distinction, by letter case. */
static int compare_service(const void *key, const void *item)
{
	const struct service *service = key;
	const char *target = *(const char *const *)item;
	int order = strncasecmp(service->service_class, target, service->class_length);

	if (!order)
		order = '/' - tolower((unsigned char)target[service->class_length]);
	return order ? order : strcasecmp(service->name, target + service->class_length + 1);
}

/* Whether list, sorted, has class/name. */
static bool lists_service(const struct text_list *list, const char *service_class, const char *name)
{
	const struct service service = {service_class, strlen(service_class), name};

	return list->count &&
	       bsearch(&service, list->items, list->count, sizeof *list->items, compare_service);
}

bool host_owns_target(const struct domain *domain, const struct host *host, const char *target)
{
	struct spn spn;
	bool parsed = spn_parse(target, &spn);

	if (parsed && host_has_name(host, &spn))
		return true;
	if (text_list_has_sorted(&host->services, target))
		return true;
	return parsed &&
	       domain_is_host_alias(domain, spn.service_class, spn.service_class_length) &&
	       lists_service(&host->services, "HOST", spn.name);
}

struct text_list host_targets_owned_by(const void *context, const struct domain *domain,
				       const struct host_list *hosts, const struct host *host,
				       const struct entry *owner)
{
	struct text_list owned = {0};

	for (size_t i = 0; i < host->targets.count; i++) {
		const char *target = host->targets.items[i];
		const struct spn_slot *owners = domain_spn_owners(domain, target);
		const struct host *named = NULL;
		struct spn spn;

		if (!owners || owners->account_count != 1 || owners->accounts[0] != owner)
			continue;
		if (spn_parse(target, &spn))
			named = host_list_find(hosts, spn.name, spn.name_length);
		if (!named || named->account.entry == owner)
			text_list_add(context, &owned, target);
	}
	return owned;
}

struct text_list host_rbcd_sids(const void *context, const struct host *host)
{
	struct text_list sids = {0};
	char text[SID_TEXT_SIZE];

	for (size_t i = 0; i < host->rbcd_trustee_count; i++)
		text_list_add(context, &sids,
			      memory_text(context, sid_format(&host->rbcd_trustees[i], text)));
	text_list_sort(&sids);
	return sids;
}

bool host_lists_service(const struct host *host, const char *service_class, const char *name)
{
	return lists_service(&host->targets, service_class, name);
}

bool host_lists_class(const struct host *host, const char *service_class)
{
	return has_class(host->account.entry, ATTRIBUTE_ALLOWED_TO_DELEGATE_TO, service_class);
}

bool host_registers_class(const struct host *host, const char *service_class)
{
	return has_class(host->account.entry, ATTRIBUTE_SERVICE_PRINCIPAL_NAME, service_class);
}

bool host_is_2025_or_later(const struct host *host)
{
	return host->build >= BUILD_2025;
}

const struct host *host_list_find_entry(const struct host_list *hosts, const struct entry *entry)
{
	struct host_entry *slot;

	if (!hosts->names)
		return NULL; /* hosts are not judged: --only admins */
	HASH_FIND_PTR(hosts->names->entries, &entry, slot);
	return slot ? &hosts->items[slot->index] : NULL;
}
