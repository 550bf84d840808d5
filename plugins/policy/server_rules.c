/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rule servers-disagree: what the controllers show of one account, compared. */
#include "policy/rules.h"

#include "ad/dn.h"
#include "base/memory.h"
#include "policy/replica.h"
#include "policy/server_value.h"

/* The directories side by side, that of the judged controller first. */
struct comparison {
	struct verdict *verdict;
	const struct census *census;
	const struct snapshot **snapshots;
	const struct directory **directories;
	const char **servers;
	size_t count;
	const void *scratch; /* of one row */
};

/* The host that the row is at one of the controllers, or NULL. */
static const struct host *find_host(const struct comparison *comparison,
				    const struct census_row *row)
{
	const struct host *host = NULL;

	for (size_t i = 0; !host && i < comparison->count; i++)
		host = host_list_find_entry(&comparison->snapshots[i]->hosts, row->entries[i]);
	return host;
}

/* The same for an admin, whose DN is its entry's own. */
static const struct admin *find_admin(const struct comparison *comparison,
				      const struct census_row *row)
{
	for (size_t i = 0; i < comparison->count; i++) {
		const struct admin_list *admins = &comparison->snapshots[i]->admins;

		for (size_t k = 0; row->entries[i] && k < admins->count; k++) {
			if (admins->items[k].dn == row->entries[i]->dn)
				return &admins->items[k];
		}
	}
	return NULL;
}

/* What a finding calls an account; NULL where it is not to be judged. */
static const char *name_account(const struct comparison *comparison, const struct census_row *row)
{
	const struct entry *entry = census_first_entry(comparison->census, row);
	const struct host *host = find_host(comparison, row);
	const struct admin *admin;
	struct account account;

	if (host)
		return host->judged ? host->name : NULL;
	admin = find_admin(comparison, row);
	if (admin)
		return admin->exempt ? NULL : admin->name;
	if (host_is_excluded(entry, &comparison->verdict->policy->selection))
		return NULL;
	if (entry_has_text(entry, ATTRIBUTE_OBJECT_CLASS, "domainDNS") ||
	    entry_values(entry, ATTRIBUTE_SPN_MAPPINGS))
		return comparison->snapshots[0]->domain->name;
	account_read(comparison->verdict, entry, &account);
	return account.name;
}

/* The same for a connection point: the host below which it stands. */
static const char *name_parent(const struct comparison *comparison, const struct entry *entry)
{
	const struct census_row *row = census_find_dn(comparison->census, dn_parent(entry->dn));

	return row && find_host(comparison, row) ? name_account(comparison, row) : NULL;
}

/* Appends "servers: what" to text, with the separator where it is not the first. */
static char *append_part(const struct comparison *comparison, char *text,
			 const struct text_list *servers, const char *between, const char *what)
{
	return memory_append(text, "%s%s%s%s", *text ? "; " : "",
			     text_list_words(comparison->scratch, servers), between, what);
}

/*
 * "dc1: enabled; dc2, dc3: disabled": of each controller its text, those that say the same
 * together; NULL: not known. Owner: the verdict.
 */
static char *join_texts(const struct comparison *comparison, const char *const *texts,
			const char *between)
{
	char *joined = memory_text(comparison->verdict, "");

	for (size_t i = 0; i < comparison->count; i++) {
		struct text_list servers = {0};
		bool told = false;

		for (size_t k = 0; texts[i] && k < comparison->count; k++) {
			if (!texts[k] || !text_equal(texts[i], texts[k]))
				continue;
			told |= k < i;
			text_list_add(comparison->scratch, &servers, comparison->servers[k]);
		}
		if (texts[i] && !told)
			joined = append_part(comparison, joined, &servers, between, texts[i]);
	}
	return joined;
}

/* Says what each controller shows of a single value. */
static char *tell_values(const struct comparison *comparison, const struct server_value *values)
{
	const char **texts = memory_array(comparison->scratch, const char *, comparison->count);

	for (size_t i = 0; i < comparison->count; i++) {
		texts[i] = values[i].known ? text_list_words(comparison->scratch, &values[i].items)
					   : NULL;
		if (texts[i] && !*texts[i])
			texts[i] = "not set, or not shown";
	}
	return join_texts(comparison, texts, ": ");
}

/* Says what each controller lacks of a list that another one shows. */
static char *tell_missing(const struct comparison *comparison, const struct server_value *values)
{
	const char **texts = memory_array(comparison->scratch, const char *, comparison->count);
	struct text_list all = {0};
	char *joined;

	for (size_t i = 0; i < comparison->count; i++) {
		for (size_t k = 0; k < values[i].items.count; k++)
			text_list_add(comparison->scratch, &all, values[i].items.items[k]);
	}
	text_list_sort(&all);
	for (size_t i = 0; i < comparison->count; i++) {
		struct text_list own = {0}, missing;

		for (size_t k = 0; k < values[i].items.count; k++)
			text_list_add(comparison->scratch, &own, values[i].items.items[k]);
		text_list_sort(&own);
		missing = text_list_without(comparison->scratch, &all, &own);
		texts[i] = values[i].known && missing.count
				   ? text_list_words(comparison->scratch, &missing)
				   : NULL;
	}
	joined = join_texts(comparison, texts, " without ");
	if (*joined)
		return joined;
	talloc_free(joined);
	return memory_text(comparison->verdict, "the same entries, but in another order");
}

static bool is_same_value(const struct attribute_values *a, const struct attribute_values *b)
{
	if (!a || !b)
		return a == b;
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		if (!value_equal(&a->values[i], &b->values[i]))
			return false;
	}
	return true;
}

/* Whether all controllers sent the very same bytes, which need not be understood then. */
static bool is_same(const struct comparison *comparison, const struct census_row *row,
		    enum attribute attribute)
{
	const struct attribute_values *first = NULL;

	for (size_t i = 0; i < comparison->count; i++) {
		const struct attribute_values *values =
			row->entries[i] ? entry_values(row->entries[i], attribute) : NULL;

		if (!i)
			first = values;
		else if (!is_same_value(first, values))
			return false;
	}
	return true;
}

static void compare_attribute(const struct comparison *comparison, const struct census_row *row,
			      const char *subject, enum attribute attribute)
{
	struct server_value *values =
		memory_array(comparison->scratch, struct server_value, comparison->count);
	bool agree = true;
	size_t first = 0;

	for (size_t i = 0; i < comparison->count; i++) {
		values[i] = server_value_read(comparison->scratch, comparison->census,
					      row->entries[i], attribute);
		if (!values[first].known)
			first = i;
		agree &= server_value_agrees(&values[first], &values[i]);
	}
	if (!agree)
		verdict_add(comparison->verdict, RULE_SERVERS_DISAGREE, subject,
			    attribute_name(attribute), "the controllers differ: %s",
			    server_value_is_list(attribute) ? tell_missing(comparison, values)
							    : tell_values(comparison, values));
}

/* Finds that a controller does not show the row's entry, unless it was not read whole. */
static void compare_presence(const struct comparison *comparison, const struct census_row *row,
			     const char *subject, const char *object)
{
	const char **texts = memory_array(comparison->scratch, const char *, comparison->count);
	bool missing = false;

	for (size_t i = 0; i < comparison->count; i++) {
		bool whole = !comparison->directories[i]->gap_count;

		texts[i] = row->entries[i] ? "there" : whole ? "not there, or not shown" : NULL;
		missing |= !row->entries[i] && whole;
	}
	if (missing)
		verdict_add(comparison->verdict, RULE_SERVERS_DISAGREE, subject, object,
			    "the controllers differ: %s", join_texts(comparison, texts, ": "));
}

static void compare_row(const struct comparison *comparison, const struct census_row *row)
{
	const struct entry *entry = census_first_entry(comparison->census, row);
	bool connection_point =
		entry_has_text(entry, ATTRIBUTE_OBJECT_CLASS, "serviceConnectionPoint");
	const char *subject =
		connection_point ? name_parent(comparison, entry) : name_account(comparison, row);

	if (!subject)
		return;
	if (connection_point)
		compare_presence(comparison, row, subject, "serviceConnectionPoint");
	else if (row->has_sid)
		compare_presence(comparison, row, subject, attribute_name(ATTRIBUTE_OBJECT_SID));
	for (int i = 0; i < ATTRIBUTE_COUNT; i++) {
		enum attribute attribute = (enum attribute)i;

		if (server_value_is_used(attribute) && !is_same(comparison, row, attribute))
			compare_attribute(comparison, row, subject, attribute);
	}
}

/* The level is each controller's own; it matters where Protected Users begins to protect. */
static void compare_levels(const struct comparison *comparison)
{
	const char **texts = memory_array(comparison->scratch, const char *, comparison->count);
	bool above = false, below = false;

	for (size_t i = 0; i < comparison->count; i++) {
		const struct domain *domain = comparison->snapshots[i]->domain;

		texts[i] = NULL;
		if (!domain->dc_level_read)
			continue;
		texts[i] = memory_format(comparison->scratch, "%d", domain->functional_level);
		above |= domain->functional_level >= FUNCTIONAL_LEVEL_2012_R2;
		below |= domain->functional_level < FUNCTIONAL_LEVEL_2012_R2;
	}
	if (above && below)
		verdict_add(comparison->verdict, RULE_SERVERS_DISAGREE,
			    comparison->snapshots[0]->domain->name, "domainControllerFunctionality",
			    "Protected Users protects from level %d on, and the controllers "
			    "differ: %s",
			    FUNCTIONAL_LEVEL_2012_R2, join_texts(comparison, texts, ": "));
}

static void set_side(struct comparison *comparison, const struct snapshot *snapshot,
		     const char *server)
{
	comparison->snapshots[comparison->count] = snapshot;
	comparison->directories[comparison->count] = snapshot->directory;
	comparison->servers[comparison->count++] = server;
}

/* Takes the judged controller and all others of which something was read. */
static void gather(struct comparison *comparison, const void *context,
		   const struct replica_list *replicas)
{
	const struct snapshot *judged = comparison->verdict->snapshot;
	const struct directory *directory = judged->directory;

	comparison->snapshots = memory_array(context, const struct snapshot *, replicas->count + 1);
	comparison->directories =
		memory_array(context, const struct directory *, replicas->count + 1);
	comparison->servers = memory_array(context, const char *, replicas->count + 1);
	set_side(comparison, judged, directory->source_count ? directory->sources[0] : "");
	for (size_t i = 0; i < replicas->count; i++) {
		if (replicas->items[i].snapshot)
			set_side(comparison, replicas->items[i].snapshot,
				 replicas->items[i].server);
	}
}

void judge_servers_disagree(struct verdict *verdict)
{
	struct comparison comparison = {.verdict = verdict};
	void *context;

	if (!verdict->policy->replicas)
		return;
	context = memory_check(talloc_new(NULL));
	gather(&comparison, context, verdict->policy->replicas);
	comparison.census = census_take(context, comparison.directories, comparison.count);
	comparison.scratch = context;
	compare_levels(&comparison);
	for (const struct census_row *row = comparison.census->rows; row; row = row->hh.next) {
		void *scratch = memory_check(talloc_new(context));

		comparison.scratch = scratch;
		compare_row(&comparison, row);
		talloc_free(scratch);
	}
	talloc_free(context);
}
