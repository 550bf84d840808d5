/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/facts.h"

#include "ad/dn.h"
#include "base/memory.h"

enum { OF_HOSTS = 1 << FACTS_OF_HOST, OF_ADMINS = 1 << FACTS_OF_ADMIN };

static const struct {
	const char *name;
	unsigned kinds;
	bool is_list;
	bool has_attribute;
	enum attribute attribute;
	const char *yes, *no; /* what happened */
} rows[FACT_COUNT] = {
	[FACT_ENABLED] = {"enabled", OF_HOSTS | OF_ADMINS, false, true,
			  ATTRIBUTE_USER_ACCOUNT_CONTROL, "the account was enabled",
			  "the account was disabled"},
	[FACT_UNCONSTRAINED] = {"unconstrained", OF_HOSTS, false, true,
				ATTRIBUTE_USER_ACCOUNT_CONTROL,
				"unconstrained delegation was switched on",
				"unconstrained delegation was switched off"},
	[FACT_PROTOCOL_TRANSITION] = {"protocol_transition", OF_HOSTS, false, true,
				      ATTRIBUTE_USER_ACCOUNT_CONTROL,
				      "\"use any authentication protocol\" was switched on",
				      "\"use any authentication protocol\" was switched off"},
	[FACT_NOT_DELEGATED] = {"not_delegated", OF_ADMINS, false, true,
				ATTRIBUTE_USER_ACCOUNT_CONTROL,
				"\"account is sensitive and cannot be delegated\" was set",
				"\"account is sensitive and cannot be delegated\" was taken away"},
	[FACT_PROTECTED_USERS] = {"protected_users", OF_ADMINS, false, false, 0,
				  "became a member of Protected Users",
				  "is no longer a member of Protected Users"},
	[FACT_TARGETS] = {"targets", OF_HOSTS, true, true, ATTRIBUTE_ALLOWED_TO_DELEGATE_TO, NULL,
			  NULL},
	[FACT_RBCD_TRUSTEES] = {"rbcd_trustees", OF_HOSTS, true, true, ATTRIBUTE_ALLOWED_TO_ACT,
				NULL, NULL},
	[FACT_GROUPS] = {"groups", OF_HOSTS, true, false, 0, NULL, NULL},
};

const char *fact_name(enum fact fact)
{
	return rows[fact].name;
}

bool fact_is_list(enum fact fact)
{
	return rows[fact].is_list;
}

bool fact_applies(enum fact fact, enum facts_kind kind)
{
	return rows[fact].kinds & 1u << kind;
}

const char *fact_sentence(enum fact fact, bool now)
{
	return now ? rows[fact].yes : rows[fact].no;
}

bool fact_attribute(enum fact fact, enum attribute *attribute)
{
	if (rows[fact].has_attribute)
		*attribute = rows[fact].attribute;
	return rows[fact].has_attribute;
}

/* A list as the report will show it. */
static void set_list(const void *context, struct facts *facts, enum fact fact,
		     const struct text_list *items)
{
	struct text_list *list = &facts->lists[fact];

	facts->list_known[fact] = true;
	for (size_t i = 0; i < items->count; i++)
		text_list_add(context, list, text_utf8(context, items->items[i]));
	text_list_sort(list);
}

/* The key of a DN as the report will show it, which a baseline gives back. */
static char *shown_key(const void *context, const char *dn)
{
	return dn_key(context, text_utf8(context, dn));
}

struct facts facts_of_host(const void *context, const struct host_groups *groups,
			   const struct host *host)
{
	struct text_list names = host_groups_names(context, groups, host);
	struct text_list trustees = host_rbcd_sids(context, host);
	struct facts facts = {
		.name = host->name,
		.dn = host->account.entry->dn,
		.key = shown_key(context, host->account.entry->dn),
		.has_sid = host->account.has_sid,
		.sid = host->account.sid,
		.dns_name = host->dns_name,
		.entry = host->account.entry,
	};

	facts.truths[FACT_ENABLED] = host->account.enabled;
	facts.truths[FACT_UNCONSTRAINED] = host->unconstrained;
	facts.truths[FACT_PROTOCOL_TRANSITION] = host->protocol_transition;
	if (host->targets_complete)
		set_list(context, &facts, FACT_TARGETS, &host->targets);
	if (host->rbcd_readable)
		set_list(context, &facts, FACT_RBCD_TRUSTEES, &trustees);
	set_list(context, &facts, FACT_GROUPS, &names);
	return facts;
}

struct facts facts_of_admin(const void *context, const struct domain *domain,
			    const struct admin *admin)
{
	struct facts facts = {
		.name = admin->name,
		.dn = admin->dn,
		.key = shown_key(context, admin->dn),
		.has_sid = admin->has_sid,
		.sid = admin->sid,
		.exempt = admin->exempt,
		.unread = admin->unresolved && elsewhere_failure(domain->elsewhere),
		.entry = directory_find(domain->directory, admin->dn),
	};

	facts.truths[FACT_ENABLED] = admin->enabled;
	facts.truths[FACT_NOT_DELEGATED] = admin->not_delegated;
	facts.truths[FACT_PROTECTED_USERS] = admin->protected_users;
	return facts;
}
