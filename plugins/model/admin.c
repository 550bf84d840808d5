/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/admin.h"

#include "ad/dn.h"
#include "base/memory.h"
#include "model/exemption.h"
#include "model/membership.h"
#include "model/privileged_group.h"

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
	const struct selection *selection;
	struct found *found;       /* uthash */
	struct text_list exempted; /* members that could not be read and are exempt */
	struct unreadable_list *unreadable;
	const void *context; /* of what outlives the collection */
};

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

/* An exempt DN is silent even when it can not be read. */
static void drop_exempt(struct collection *collection, struct membership *membership)
{
	struct text_list *unresolved = &membership->unresolved;
	size_t kept = 0;

	for (size_t i = 0; i < unresolved->count; i++) {
		if (exemption_covers_dn(collection->selection, unresolved->items[i]))
			text_list_add(collection, &collection->exempted,
				      dn_key(collection, unresolved->items[i]));
		else
			unresolved->items[kept++] = unresolved->items[i];
	}
	unresolved->count = kept;
}

static void collect_group(struct collection *collection, const struct entry *group,
			  const struct sid *sid)
{
	struct membership *membership =
		membership_walk_privileged(collection->context, collection->domain, group,
					   collection->selection, collection->unreadable);
	char text[SID_TEXT_SIZE];
	const char *via = memory_text(collection->context, sid_format(sid, text));

	for (size_t i = 0; i < membership->accounts.count; i++) {
		const struct entry *entry = membership->accounts.items[i];

		text_list_add(collection->context,
			      &find_or_add(collection, entry->key, entry, entry->dn)->admin.via,
			      via);
	}
	for (size_t i = 0; i < membership->foreign_dns.count; i++) {
		const char *dn = membership->foreign_dns.items[i];
		char *key = dn_key(NULL, dn);

		text_list_add(collection->context,
			      &find_or_add(collection, key, NULL, dn)->admin.via, via);
		talloc_free(key);
	}
	drop_exempt(collection, membership);
	membership_report_unresolved(collection->context, membership, collection->unreadable);
}

/*
 * A privileged group without an entry: hidden, or not there. Every domain has the operators'
 * groups, and every forest root its own, and an account's primary group exists. An export
 * may be of a part of the domain on purpose, so there only the latter tells.
 */
static void report_absent_group(struct collection *collection, const struct sid *sid)
{
	const struct domain *domain = collection->domain;
	struct sid parent = *sid;
	uint32_t rid = sid->sub_authorities[sid->sub_authority_count - 1];
	bool own = domain->has_sid && sid_in_domain(sid, &domain->sid, NULL);
	bool needed = own ? rid == RID_SCHEMA_ADMINS || rid == RID_ENTERPRISE_ADMINS
			  : rid >= RID_ALIAS_ACCOUNT_OPERATORS && rid <= RID_ALIAS_BACKUP_OPERATORS;

	/* said by collect_groups already */
	if (own && rid == RID_DOMAIN_ADMINS)
		return;
	if ((needed && domain->directory->kind == DIRECTORY_LDAP) ||
	    (own && domain_primary_members(domain, rid))) {
		parent.sub_authority_count--;
		unreadable_add_sid(collection->context, collection->unreadable, &parent, rid);
	}
}

static size_t collect_groups(struct collection *collection)
{
	size_t count, readable = 0;
	struct sid *sids =
		privileged_groups_list(collection->context, collection->domain,
				       collection->selection, collection->unreadable, &count);
	const struct domain *domain = collection->domain;
	struct sid required;

	for (size_t i = 0; i < count; i++) {
		const struct entry *group = domain_find_sid(domain, &sids[i]);

		if (!group) {
			report_absent_group(collection, &sids[i]);
			continue;
		}
		(void)account_confirm_group(collection->context, group, collection->unreadable);
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

/* BUILTIN's Administrators, which RID 500 can not leave, is never empty: without a member
 * its list is hidden. */
static void report_empty_administrators(struct collection *collection)
{
	struct sid sid = sid_builtin(RID_ALIAS_ADMINISTRATORS);
	const struct entry *group = domain_find_sid(collection->domain, &sid);
	const struct attribute_values *members =
		group ? entry_values(group, ATTRIBUTE_MEMBER) : NULL;
	struct account account;

	if (!group || (members && members->count) || domain_claims(collection->domain, group->key))
		return; /* an empty list that somebody belongs to was reported by the walk */
	account_read(collection->context, group, &account);
	unreadable_add(collection->context, collection->unreadable, account.name, "member",
		       "the directory does not show the members of the group to this login, so "
		       "privileged accounts may be missing here: let it read Group Membership");
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

/* Why no more is known of a member of another domain, to be added to a sentence. */
static const char *explain_lack(const struct collection *collection, const struct admin *admin)
{
	const struct elsewhere *elsewhere = collection->domain->elsewhere;
	const char *lack;

	/* Everyone and its like are no accounts of any domain */
	if (admin->has_sid && !sid_is_of_some_domain(&admin->sid))
		return "";
	lack = elsewhere_lack(collection->context, elsewhere);
	return lack ? memory_format(collection->context, ": %s", lack) : "";
}

static bool is_exempt(const struct collection *collection, const struct found *found)
{
	const struct admin *admin = &found->admin;

	return exemption_covers(collection->selection, collection->domain, found->entry,
				admin->has_sid ? &admin->sid : NULL, admin->dn);
}

/* A member of another domain: known by its SID or DN alone. */
static void judge_unresolved(struct collection *collection, struct found *found)
{
	struct admin *admin = &found->admin;
	char text[SID_TEXT_SIZE];

	admin->elsewhere = admin->unresolved = true;
	admin->has_sid = found->entry && membership_sid(found->entry, &admin->sid);
	admin->name = memory_text(collection->context,
				  admin->has_sid ? sid_format(&admin->sid, text) : admin->dn);
	admin->exempt = is_exempt(collection, found);
	if (!admin->exempt)
		unreadable_add(
			collection->context, collection->unreadable, admin->name, "member",
			"a member of another domain, whose protection can not be read from here%s",
			explain_lack(collection, admin));
}

/* RID 500 of some domain: Protected Users protects it nowhere. */
static bool is_builtin_administrator(const struct account *account)
{
	const struct sid *sid = &account->sid;

	return account->has_sid && sid_is_of_some_domain(sid) &&
	       sid->sub_authorities[sid->sub_authority_count - 1] == RID_ADMINISTRATOR;
}

/*
 * A member of another domain that the catalogue shows. Protected Users there is a global
 * group, whose members are in no catalogue: only the bit tells.
 */
static void judge_elsewhere(struct collection *collection, struct found *found)
{
	struct admin *admin = &found->admin;
	const char *domain = dn_key_dns_name(collection, dn_key_domain(found->key));
	struct account account;

	account_read(collection->context, found->entry, &account);
	admin->elsewhere = true;
	admin->name = elsewhere_name(collection->context, found->entry);
	admin->has_sid = account.has_sid;
	admin->sid = account.sid;
	admin->exempt = is_exempt(collection, found);
	/* else what is called a group is one that was left out for being exempt */
	if (account_class(found->entry) == ACCOUNT_GROUP)
		return;
	if (!admin->exempt)
		account_report(collection->context, &account, admin->name, collection->unreadable);
	admin->enabled = account.enabled;
	admin->not_delegated = account.not_delegated;
	admin->protected = account.not_delegated;
	if (account.not_delegated != TRUTH_NO || is_builtin_administrator(&account))
		return;
	admin->protected = TRUTH_UNKNOWN;
	if (!admin->exempt && admin->enabled != TRUTH_NO)
		unreadable_add(
			collection->context, collection->unreadable, admin->name, "memberOf",
			"it lacks the mark \"account is sensitive and cannot be delegated\", "
			"and no global catalogue tells whether Protected Users of its "
			"domain protects it: set the mark, or look there (%s) and exempt it "
			"in the policy",
			domain ? domain : "its own domain");
}

static void judge_own(struct collection *collection, struct found *found,
		      const struct protected_users *protected_users)
{
	struct admin *admin = &found->admin;
	struct account account;

	account_read(collection->context, found->entry, &account);
	admin->name = account.name;
	admin->has_sid = account.has_sid;
	admin->sid = account.sid;
	admin->exempt = is_exempt(collection, found);
	if (!admin->exempt)
		account_report(collection->context, &account, account.name, collection->unreadable);
	admin->enabled = account.enabled;
	admin->not_delegated = account.not_delegated;
	admin->protected_users = protected_users_has(protected_users, found->entry);
	admin->protected = protection_of(collection->domain, &account, admin->protected_users);
}

static int compare_admins(const void *a, const void *b)
{
	const struct admin *left = a, *right = b;
	int order = text_compare(left->name, right->name);

	return order ? order : text_compare(left->dn, right->dn);
}

/* Whether a word of the exemptions means an admin, or at least an account there is. */
static bool exempts_somebody(const struct domain *domain, const struct admin_list *admins,
			     const char *word)
{
	const struct entry *entry;
	const char *name;
	struct sid sid;

	for (size_t i = 0; i < admins->count; i++) {
		const struct admin *admin = &admins->items[i];

		if (account_is_named_exactly(admin->name, admin->has_sid ? &admin->sid : NULL,
					     word))
			return true;
	}
	if (sid_parse_text(word, &sid))
		return domain_find_sid(domain, &sid);
	for (entry = domain_next_account(domain, word, NULL); entry;
	     entry = domain_next_account(domain, word, entry)) {
		if (entry_text(entry, ATTRIBUTE_SAM_ACCOUNT_NAME, &name) == READING_OK &&
		    account_is_named_exactly(name, NULL, word))
			return true;
	}
	return false;
}

/* Says which exemption is for nobody: a slip of the pen would exempt nobody silently. */
static void report_exemptions(struct collection *collection, const struct admin_list *admins)
{
	const struct selection *selection = collection->selection;

	for (size_t i = 0; i < selection->exempt.count; i++) {
		const char *word = selection->exempt.items[i];

		if (!text_is_pattern(word) && !exempts_somebody(collection->domain, admins, word))
			unreadable_add(collection->context, collection->unreadable, word, "exempt",
				       "no account of this name can be read: correct the name in "
				       "the policy, or check what the login may read");
	}
	for (size_t i = 0; i < selection->exempt_dns.count; i++) {
		const char *dn = selection->exempt_dns.items[i];
		char *key = dn_key(collection, dn);
		struct found *found;

		HASH_FIND_STR(collection->found, key, found);
		if (!found && !text_list_has(&collection->exempted, key) &&
		    !directory_find(collection->domain->directory, dn) &&
		    !elsewhere_find(collection->domain->elsewhere, dn))
			unreadable_add(collection->context, collection->unreadable, dn, "exempt-dn",
				       "no privileged group has such a member: correct the DN or "
				       "take it out of the policy");
	}
}

void admin_list_read(const void *context, const struct domain *domain,
		     const struct selection *selection,
		     const struct protected_users *protected_users, struct admin_list *admins,
		     struct unreadable_list *unreadable)
{
	struct collection *collection = memory_new(context, struct collection);

	*collection = (struct collection){
		.domain = domain,
		.selection = selection,
		.unreadable = unreadable,
		.context = context,
	};
	admins->group_count = collect_groups(collection);
	collect_administrator(collection);
	report_empty_administrators(collection);
	for (struct found *found = collection->found; found; found = found->hh.next) {
		if (!found->entry || account_class(found->entry) == ACCOUNT_FOREIGN)
			judge_unresolved(collection, found);
		else if (elsewhere_holds(domain->elsewhere, found->entry))
			judge_elsewhere(collection, found);
		else
			judge_own(collection, found, protected_users);
		text_list_sort(&found->admin.via);
		*memory_add(context, admins->items, admins->count) = found->admin;
	}
	report_exemptions(collection, admins);
	HASH_CLEAR(hh, collection->found);
	talloc_free(collection);
	if (admins->count)
		qsort(admins->items, admins->count, sizeof *admins->items, compare_admins);
}
