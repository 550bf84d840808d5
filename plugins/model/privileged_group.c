/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/privileged_group.h"

#include "base/memory.h"

/* A list of SIDs, each of them once. */
struct group_list {
	const void *context;
	struct sid_list sids;
};

static void add_sid(struct group_list *list, const struct sid *sid)
{
	for (size_t i = 0; i < list->sids.count; i++) {
		if (sid_equal(&list->sids.items[i], sid))
			return;
	}
	sid_list_add(list->context, &list->sids, sid);
}

static void add_of_domain(struct group_list *list, const struct domain *domain,
			  const uint32_t *rids, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct sid sid = sid_of_domain(&domain->sid, rids[i]);

		add_sid(list, &sid);
	}
}

static void add_well_known(struct group_list *list, const struct domain *domain)
{
	static const uint32_t of_domain[] = {RID_DOMAIN_ADMINS, RID_KEY_ADMINS};
	static const uint32_t of_forest[] = {RID_SCHEMA_ADMINS, RID_ENTERPRISE_ADMINS,
					     RID_ENTERPRISE_KEY_ADMINS};
	static const uint32_t of_builtin[] = {
		RID_ALIAS_ADMINISTRATORS,        RID_ALIAS_ACCOUNT_OPERATORS,
		RID_ALIAS_SERVER_OPERATORS,      RID_ALIAS_PRINT_OPERATORS,
		RID_ALIAS_BACKUP_OPERATORS,      RID_ALIAS_REPLICATOR,
		RID_ALIAS_HYPER_V_ADMINISTRATORS};

	if (domain->has_sid)
		add_of_domain(list, domain, of_domain, countof(of_domain));
	if (domain->has_sid && domain->forest_root)
		add_of_domain(list, domain, of_forest, countof(of_forest));
	for (size_t i = 0; i < countof(of_builtin); i++) {
		struct sid sid = sid_builtin(of_builtin[i]);

		add_sid(list, &sid);
	}
}

/* Adds the group that entry is; false where it is none. */
static bool add_entry(struct group_list *list, const struct entry *entry)
{
	struct sid sid;

	if (!entry || account_class(entry) != ACCOUNT_GROUP ||
	    entry_sid(entry, ATTRIBUTE_OBJECT_SID, &sid) != READING_OK)
		return false;
	add_sid(list, &sid);
	return true;
}

/* Adds the groups that a word of the policy means; false where there is none. */
static bool add_word(struct group_list *list, const struct domain *domain, const char *word)
{
	bool found = false;
	struct sid sid;

	if (sid_parse_text(word, &sid))
		return add_entry(list, domain_find_sid(domain, &sid));
	for (const struct entry *entry = domain_next_account(domain, word, NULL); entry;
	     entry = domain_next_account(domain, word, entry))
		found |= add_entry(list, entry);
	return found;
}

static bool is_ignored(const struct domain *domain, const struct selection *selection,
		       const struct sid *sid)
{
	const struct entry *entry = domain_find_sid(domain, sid);
	const char *name = "";

	if (entry)
		(void)entry_text(entry, ATTRIBUTE_SAM_ACCOUNT_NAME, &name);
	for (size_t i = 0; i < selection->ignored.count; i++) {
		if (account_is_named(name, sid, selection->ignored.items[i]))
			return true;
	}
	return false;
}

/* Says which word of the policy names no group: a pattern only where it would make more
 * accounts judged. */
static void report_words(const void *context, const struct domain *domain,
			 const struct text_list *words, const char *key, bool patterns,
			 struct unreadable_list *unreadable)
{
	struct group_list scratch = {.context = context};

	for (size_t i = 0; i < words->count; i++) {
		if ((patterns || !text_is_pattern(words->items[i])) &&
		    !add_word(&scratch, domain, words->items[i]))
			unreadable_add(context, unreadable, words->items[i], key,
				       "no group of this name can be read: correct the name in the "
				       "policy, or check what the login may read");
	}
}

struct sid *privileged_groups_list(const void *context, const struct domain *domain,
				   const struct selection *selection,
				   struct unreadable_list *unreadable, size_t *count)
{
	struct group_list list = {.context = context};
	size_t kept = 0;

	add_well_known(&list, domain);
	for (size_t i = 0; i < selection->privileged.count; i++)
		(void)add_word(&list, domain, selection->privileged.items[i]);
	for (size_t i = 0; i < list.sids.count; i++) {
		if (!is_ignored(domain, selection, &list.sids.items[i]))
			list.sids.items[kept++] = list.sids.items[i];
	}
	if (unreadable) {
		report_words(context, domain, &selection->privileged, "groups", true, unreadable);
		report_words(context, domain, &selection->ignored, "ignore-groups", false,
			     unreadable);
	}
	*count = kept;
	return list.sids.items;
}
