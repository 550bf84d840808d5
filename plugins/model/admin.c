/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/admin.h"

#include "ad/dn.h"
#include "base/memory.h"
#include "model/membership.h"
#include "model/protection.h"

#include <stdlib.h>
#include <string.h>

/* An admin while the groups are walked, by the key of its DN. */
struct found {
	const char *key;
	struct admin admin;
	const struct entry *entry; /* NULL: a DN of another domain */
	UT_hash_handle hh;
};

struct collection {
	const struct domain *domain;
	struct found *found; /* uthash */
	struct unreadable_list *unreadable;
	const void *context; /* of what outlives the collection */
};

struct sid *admin_privileged_groups(const void *context, const struct domain *domain, size_t *count)
{
	static const uint32_t of_domain[] = {RID_DOMAIN_ADMINS, RID_KEY_ADMINS};
	static const uint32_t of_forest[] = {RID_SCHEMA_ADMINS, RID_ENTERPRISE_ADMINS,
					     RID_ENTERPRISE_KEY_ADMINS};
	static const uint32_t of_builtin[] = {
		RID_ALIAS_ADMINISTRATORS,        RID_ALIAS_ACCOUNT_OPERATORS,
		RID_ALIAS_SERVER_OPERATORS,      RID_ALIAS_PRINT_OPERATORS,
		RID_ALIAS_BACKUP_OPERATORS,      RID_ALIAS_REPLICATOR,
		RID_ALIAS_HYPER_V_ADMINISTRATORS};
	struct sid *sids = NULL;

	*count = 0;
	for (size_t i = 0; domain->has_sid && i < sizeof of_domain / sizeof of_domain[0]; i++) {
		sids = memory_grow(context, sids, *count, sizeof *sids);
		sids[(*count)++] = sid_of_domain(&domain->sid, of_domain[i]);
	}
	for (size_t i = 0;
	     domain->has_sid && domain->forest_root && i < sizeof of_forest / sizeof of_forest[0];
	     i++) {
		sids = memory_grow(context, sids, *count, sizeof *sids);
		sids[(*count)++] = sid_of_domain(&domain->sid, of_forest[i]);
	}
	for (size_t i = 0; i < sizeof of_builtin / sizeof of_builtin[0]; i++) {
		sids = memory_grow(context, sids, *count, sizeof *sids);
		sids[(*count)++] = sid_builtin(of_builtin[i]);
	}
	return sids;
}

/* The admin of that key, made where it is not there yet. */
static struct found *find_or_add(struct collection *collection, const char *key,
				 const struct entry *entry, const char *dn)
{
	struct found *found;

	HASH_FIND_STR(collection->found, key, found);
	if (found)
		return found;
	found = memory_new(collection, struct found);
	found->key = memory_text(found, key);
	found->entry = entry;
	found->admin.dn = dn;
	HASH_ADD_KEYPTR(hh, collection->found, found->key, strlen(found->key), found);
	return found;
}

static void add_via(struct collection *collection, struct found *found, const char *group)
{
	if (group)
		text_list_add(collection->context, &found->admin.via, group);
}

static void collect_group(struct collection *collection, const struct entry *group,
			  const struct sid *sid)
{
	struct membership *membership =
		membership_walk(collection->context, collection->domain, group,
				MEMBERSHIP_ALL_GROUPS, collection->unreadable);
	char text[SID_TEXT_SIZE];
	const char *via = memory_text(collection->context, sid_format(sid, text));

	for (size_t i = 0; i < membership->accounts.count; i++) {
		const struct entry *entry = membership->accounts.items[i];

		add_via(collection, find_or_add(collection, entry->key, entry, entry->dn), via);
	}
	for (size_t i = 0; i < membership->foreign_dns.count; i++) {
		const char *dn = membership->foreign_dns.items[i];
		char *key = dn_key(NULL, dn);

		add_via(collection, find_or_add(collection, key, NULL, dn), via);
		talloc_free(key);
	}
	membership_report_unresolved(collection->context, membership, collection->unreadable);
}

static size_t collect_groups(struct collection *collection)
{
	size_t count, readable = 0;
	struct sid *sids = admin_privileged_groups(collection, collection->domain, &count);
	const struct domain *domain = collection->domain;
	struct sid required;

	for (size_t i = 0; i < count; i++) {
		const struct entry *group = domain_find_sid(domain, &sids[i]);

		if (!group)
			continue;
		collect_group(collection, group, &sids[i]);
		readable++;
	}
	if (domain->has_sid && !domain_find_rid(domain, RID_DOMAIN_ADMINS))
		unreadable_add_sid(collection->context, collection->unreadable, &domain->sid,
				   RID_DOMAIN_ADMINS);
	required = sid_builtin(RID_ALIAS_ADMINISTRATORS);
	if (!domain_find_sid(domain, &required)) {
		required.sub_authority_count--;
		unreadable_add_sid(collection->context, collection->unreadable, &required,
				   RID_ALIAS_ADMINISTRATORS);
	}
	return readable;
}

/* RID 500 is an admin wherever it was moved to. */
static void collect_administrator(struct collection *collection)
{
	const struct domain *domain = collection->domain;
	const struct entry *entry = domain_find_rid(domain, RID_ADMINISTRATOR);

	if (entry)
		(void)find_or_add(collection, entry->key, entry, entry->dn);
	else if (domain->has_sid)
		unreadable_add_sid(collection->context, collection->unreadable, &domain->sid,
				   RID_ADMINISTRATOR);
}

/* A member of another domain: known by its SID or DN alone. */
static void judge_foreign(struct collection *collection, struct found *found)
{
	struct admin *admin = &found->admin;
	char text[SID_TEXT_SIZE];
	char *rdn = dn_first_value(collection, admin->dn);

	/* a foreignSecurityPrincipal is named by the SID it stands for */
	if (found->entry)
		admin->has_sid =
			entry_sid(found->entry, ATTRIBUTE_OBJECT_SID, &admin->sid) == READING_OK ||
			sid_parse_text(rdn, &admin->sid);
	admin->name = memory_text(collection->context,
				  admin->has_sid ? sid_format(&admin->sid, text) : admin->dn);
	unreadable_add(collection->context, collection->unreadable, admin->name, "member",
		       "a member of another domain, whose protection can not be read from here");
}

static void judge_own(struct collection *collection, struct found *found,
		      const struct protected_users *protected_users)
{
	struct admin *admin = &found->admin;
	struct account account;

	account_read(collection->context, found->entry, &account);
	account_report(collection->context, &account, account.name, collection->unreadable);
	admin->name = account.name;
	admin->has_sid = account.has_sid;
	admin->sid = account.sid;
	admin->enabled = account.enabled;
	admin->not_delegated = account.not_delegated;
	admin->protected_users = protected_users_has(protected_users, found->entry);
	admin->protected = protection_of(collection->domain, &account, admin->protected_users);
}

/* Says once that the level is missing, where that decides about somebody. */
static void report_missing_level(struct collection *collection, const struct admin_list *admins)
{
	const struct domain *domain = collection->domain;

	if (domain->functional_level != FUNCTIONAL_LEVEL_UNKNOWN)
		return;
	for (size_t i = 0; i < admins->count; i++) {
		const struct admin *admin = &admins->items[i];

		if (admin->enabled == TRUTH_NO || admin->protected != TRUTH_UNKNOWN ||
		    admin->protected_users != TRUTH_YES)
			continue;
		unreadable_add(collection->context, collection->unreadable, domain->name,
			       "domainControllerFunctionality",
			       "the functional level is not known, so whether Protected Users "
			       "protects its members can not be told");
		return;
	}
}

static int compare_admins(const void *a, const void *b)
{
	const struct admin *left = a, *right = b;
	int order = text_compare(left->name, right->name);

	return order ? order : text_compare(left->dn, right->dn);
}

void admin_list_read(const void *context, const struct domain *domain, struct admin_list *admins,
		     struct unreadable_list *unreadable)
{
	struct collection *collection = memory_new(context, struct collection);
	struct protected_users *protected_users;

	*collection = (struct collection){
		.domain = domain,
		.unreadable = unreadable,
		.context = context,
	};
	admins->group_count = collect_groups(collection);
	collect_administrator(collection);
	protected_users = protected_users_read(context, domain, unreadable);
	for (struct found *found = collection->found; found; found = found->hh.next) {
		if (!found->entry || account_class(found->entry) == ACCOUNT_FOREIGN)
			judge_foreign(collection, found);
		else
			judge_own(collection, found, protected_users);
		text_list_sort(&found->admin.via);
		admins->items =
			memory_grow(context, admins->items, admins->count, sizeof *admins->items);
		admins->items[admins->count++] = found->admin;
	}
	report_missing_level(collection, admins);
	talloc_free(protected_users);
	HASH_CLEAR(hh, collection->found);
	talloc_free(collection);
	if (admins->count)
		qsort(admins->items, admins->count, sizeof *admins->items, compare_admins);
}
