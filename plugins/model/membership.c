/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/membership.h"

#include "ad/dn.h"
#include "ad/uac.h"
#include "base/memory.h"
#include "model/exemption.h"

#include <stdlib.h>
#include <string.h>

/* A name that the walk has seen. */
struct visit {
	const char *key;
	UT_hash_handle hh;
};

struct walk {
	const struct domain *domain;
	enum membership_scope scope;
	const struct selection *selection; /* whose exemptions end the walk; or NULL */
	struct membership *membership;
	struct unreadable_list *unreadable;
	const void *unreadable_context;
	struct visit *visits; /* uthash by key; owned by the walk, as are the keys */
};

/* Notes key as seen; false where it was already. */
static bool visit(struct walk *walk, const char *key)
{
	struct visit *seen;

	HASH_FIND_STR(walk->visits, key, seen);
	if (seen)
		return false;
	seen = memory_new(walk, struct visit);
	seen->key = key;
	HASH_ADD_KEYPTR(hh, walk->visits, seen->key, strlen(seen->key), seen);
	return true;
}

static void entry_list_add(const void *context, struct entry_list *list, const struct entry *entry)
{
	*memory_add(context, list->items, list->count) = entry;
}

/* Whether a nested group conveys membership in the scope of the walk. */
static bool conveys_membership(struct walk *walk, const struct entry *group)
{
	uint32_t type;

	if (walk->scope == MEMBERSHIP_ALL_GROUPS)
		return true;
	if (entry_uint32(group, ATTRIBUTE_GROUP_TYPE, &type) == READING_OK)
		return type & GROUP_TYPE_SECURITY_ENABLED;
	if (walk->unreadable)
		unreadable_add(walk->unreadable_context, walk->unreadable,
			       domain_account_name(walk, walk->domain, group), "groupType",
			       "whether the group is a security group can not be told; its "
			       "members are not counted as protected: let the login read it");
	walk->membership->types_known = false;
	return false;
}

bool membership_is_whole(const struct membership *membership)
{
	return membership->complete && membership->types_known && !membership->unresolved.count;
}

bool membership_sid(const struct entry *entry, struct sid *sid)
{
	char *name;
	bool known;

	if (entry_sid(entry, ATTRIBUTE_OBJECT_SID, sid) == READING_OK)
		return true;
	if (account_class(entry) != ACCOUNT_FOREIGN)
		return false;
	/* it is named by the SID that it stands for */
	name = dn_first_value(NULL, entry->dn);
	known = sid_parse_text(name, sid);
	talloc_free(name);
	return known;
}

/* Whether the policy wants to hear nothing of what may be behind entry. */
static bool is_closed(const struct walk *walk, const struct entry *entry)
{
	struct sid sid;

	return walk->selection &&
	       (elsewhere_holds(walk->domain->elsewhere, entry) ||
		account_class(entry) == ACCOUNT_FOREIGN) &&
	       exemption_covers(walk->selection, walk->domain, entry,
				membership_sid(entry, &sid) ? &sid : NULL, entry->dn);
}

/* What a foreignSecurityPrincipal stands for where that is an account of the forest, else
 * entry itself. */
static const struct entry *look_behind(const struct walk *walk, const struct entry *entry)
{
	const struct entry *behind = NULL;
	struct sid sid;

	if (account_class(entry) == ACCOUNT_FOREIGN && !is_closed(walk, entry) &&
	    membership_sid(entry, &sid))
		behind = elsewhere_find_sid(walk->domain->elsewhere, &sid);
	return behind ? behind : entry;
}

static void visit_entry(struct walk *walk, const struct entry *entry)
{
	struct membership *membership = walk->membership;

	entry = look_behind(walk, entry);
	if (!visit(walk, entry->key))
		return;
	switch (account_class(entry)) {
	case ACCOUNT_GROUP:
		if (is_closed(walk, entry))
			entry_list_add(membership, &membership->accounts, entry);
		else if (conveys_membership(walk, entry))
			entry_list_add(membership, &membership->groups, entry);
		break;
	case ACCOUNT_CONTACT: break; /* has no SID: it can not act */
	case ACCOUNT_PLAIN:
	case ACCOUNT_FOREIGN: entry_list_add(membership, &membership->accounts, entry); break;
	}
}

/* A member DN that has no entry: of another domain, or one that could not be read. */
static void visit_missing(struct walk *walk, const char *dn, const char *key)
{
	struct membership *membership = walk->membership;

	if (!visit(walk, key))
		return;
	if (strcmp(dn_key_domain(key), walk->domain->key) != 0)
		text_list_add(membership, &membership->foreign_dns, dn);
	else
		text_list_add(membership, &membership->unresolved, dn);
}

/* Says what is wrong with the list of members of group. */
static void report_list(struct walk *walk, const struct entry *group, const char *detail)
{
	if (walk->unreadable)
		unreadable_add(walk->unreadable_context, walk->unreadable,
			       domain_account_name(walk, walk->domain, group), "member", "%s",
			       detail);
}

/* A group of another domain whose members no catalogue holds: some may have been shown. */
static void report_unknown_members(struct walk *walk, const struct entry *group)
{
	const char *domain = dn_key_dns_name(walk, dn_key_domain(group->key));
	uint32_t type;

	walk->membership->complete = false;
	if (entry_uint32(group, ATTRIBUTE_GROUP_TYPE, &type) == READING_OK)
		report_list(
			walk, group,
			memory_format(walk,
				      "a group of another domain that is not universal, whose "
				      "members the global catalogue does not hold: look at them "
				      "in %s, and exempt the group in the policy or take it out "
				      "of the groups here",
				      domain ? domain : "its own domain"));
	else
		report_list(walk, group,
			    "a group of another domain whose type is not shown, so whether the "
			    "global catalogue holds its members can not be told");
}

/* An entry that a list of members names. */
struct listed {
	const struct entry *entry;
	UT_hash_handle hh;
};

/*
 * A list of members that is hidden from this login looks like an empty one. Whoever says
 * by memberOf to belong to the group and is not on the list gives that away.
 */
static void check_claims(struct walk *walk, const struct entry *group,
			 const struct claim_slot *claims, struct listed *listed)
{
	const struct entry *missing = NULL;
	struct listed *found;

	for (size_t i = 0; i < claims->member_count; i++) {
		HASH_FIND_PTR(listed, &claims->members[i], found);
		/* the first by name, whatever the order of the entries */
		if (!found && (!missing || strcmp(claims->members[i]->key, missing->key) < 0))
			missing = claims->members[i];
	}
	if (!missing)
		return;
	walk->membership->complete = false;
	report_list(walk, group,
		    memory_format(walk,
				  "the directory does not show this login all members of the "
				  "group: %s is one by its memberOf, but not on the list",
				  domain_account_name(walk, walk->domain, missing)));
}

static const struct entry *find_member(const struct walk *walk, const char *dn)
{
	const struct entry *entry = directory_find(walk->domain->directory, dn);

	return entry ? entry : elsewhere_find(walk->domain->elsewhere, dn);
}

static void walk_member_values(struct walk *walk, const struct entry *group)
{
	const struct attribute_values *members = entry_values(group, ATTRIBUTE_MEMBER);
	const struct claim_slot *claims = domain_claims(walk->domain, group->key);
	struct listed *listed = NULL;

	for (size_t i = 0; members && i < members->count; i++) {
		const char *dn = members->values[i].bytes;
		const struct entry *entry = find_member(walk, dn);

		if (!value_is_text(&members->values[i])) {
			walk->membership->complete = false;
			report_list(walk, group, "a member's name is empty or holds a NUL byte");
		} else if (entry) {
			visit_entry(walk, entry);
		} else {
			visit_missing(walk, dn, dn_key(walk, dn));
		}
		if (*dn && entry && claims) {
			struct listed *item = memory_new(walk, struct listed), *known;

			item->entry = entry;
			HASH_FIND_PTR(listed, &entry, known);
			if (!known)
				HASH_ADD_PTR(listed, entry, item);
		}
	}
	if (elsewhere_holds(walk->domain->elsewhere, group) && !elsewhere_shows_members(group)) {
		report_unknown_members(walk, group);
	} else if (members && !entry_values_complete(members)) {
		walk->membership->complete = false;
		report_list(walk, group,
			    members->contradictory
				    ? "two records of the export differ in the list of members: "
				      "export the directory anew, in one go"
				    : "the list of members is not whole: a range of it is missing "
				      "or not understood");
	} else if (claims) {
		check_claims(walk, group, claims, listed);
	}
	HASH_CLEAR(hh, listed);
}

/* Accounts by primary group, and groups whose list is hidden, are asked for in searches of
 * their own: one that failed would pass for nobody. */
static void walk_primary_members_elsewhere(struct walk *walk, const struct entry *group)
{
	const struct elsewhere *elsewhere = walk->domain->elsewhere;
	const struct entry *const *accounts;
	size_t count;

	accounts = elsewhere_primary_members(elsewhere, group, &count);
	for (size_t i = 0; i < count; i++)
		visit_entry(walk, accounts[i]);
	if (!elsewhere_failure(elsewhere))
		return;
	walk->membership->complete = false;
	report_list(walk, group,
		    memory_format(walk, "whether all its members are known can not be told: %s",
				  elsewhere_lack(walk, elsewhere)));
}

static void walk_primary_members(struct walk *walk, const struct entry *group)
{
	const struct primary_group_slot *slot;
	struct sid sid;
	uint32_t rid;

	if (elsewhere_holds(walk->domain->elsewhere, group)) {
		walk_primary_members_elsewhere(walk, group);
		return;
	}
	if (!walk->domain->has_sid || entry_sid(group, ATTRIBUTE_OBJECT_SID, &sid) != READING_OK ||
	    !sid_in_domain(&sid, &walk->domain->sid, &rid))
		return;
	slot = domain_primary_members(walk->domain, rid);
	for (size_t i = 0; slot && i < slot->account_count; i++)
		visit_entry(walk, slot->accounts[i]);
}

static int compare_entries(const void *a, const void *b)
{
	const struct entry *const *left = a, *const *right = b;

	return strcmp((*left)->key, (*right)->key);
}

/* Servers list members as they like: two of them must lead to the same words. */
static void sort_members(struct membership *membership)
{
	struct entry_list *accounts = &membership->accounts;

	if (accounts->count)
		qsort(accounts->items, accounts->count, sizeof *accounts->items, compare_entries);
	text_list_sort(&membership->foreign_dns);
	text_list_sort(&membership->unresolved);
}

static struct membership *walk_from(const void *context, const struct domain *domain,
				    const struct entry *group, enum membership_scope scope,
				    const struct selection *selection,
				    struct unreadable_list *unreadable)
{
	struct membership *membership = memory_new(context, struct membership);
	struct walk *walk = memory_new(membership, struct walk);

	*walk = (struct walk){
		.domain = domain,
		.scope = scope,
		.selection = selection,
		.membership = membership,
		.unreadable = unreadable,
		.unreadable_context = context,
	};
	membership->complete = true;
	membership->types_known = true;
	(void)visit(walk, group->key);
	entry_list_add(membership, &membership->groups, group);
	/* the list of groups grows behind the index: breadth first */
	for (size_t i = 0; i < membership->groups.count; i++) {
		walk_member_values(walk, membership->groups.items[i]);
		walk_primary_members(walk, membership->groups.items[i]);
	}
	sort_members(membership);
	HASH_CLEAR(hh, walk->visits);
	talloc_free(walk);
	return membership;
}

struct membership *membership_walk(const void *context, const struct domain *domain,
				   const struct entry *group, enum membership_scope scope,
				   struct unreadable_list *unreadable)
{
	return walk_from(context, domain, group, scope, NULL, unreadable);
}

struct membership *membership_walk_privileged(const void *context, const struct domain *domain,
					      const struct entry *group,
					      const struct selection *selection,
					      struct unreadable_list *unreadable)
{
	return walk_from(context, domain, group, MEMBERSHIP_ALL_GROUPS, selection, unreadable);
}

void membership_report_unresolved(const void *context, const struct membership *membership,
				  struct unreadable_list *unreadable)
{
	for (size_t i = 0; i < membership->unresolved.count; i++)
		unreadable_add(
			context, unreadable, membership->unresolved.items[i], "member",
			"the member can not be read, so it may be an unprotected account or a "
			"group of them: let the login read it");
}
