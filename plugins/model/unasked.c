/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/unasked.h"

/* Of what an attribute matters. */
enum matters {
	MATTERS_OF_HOSTS,
	MATTERS_OF_ACCOUNTS,
	MATTERS_OF_GROUPS,
};

static const struct {
	enum attribute attribute;
	enum matters matters;
	const char *unknown; /* what is not known without it */
} rows[] = {
	{ATTRIBUTE_ALLOWED_TO_DELEGATE_TO, MATTERS_OF_HOSTS, "where hosts may delegate to"},
	{ATTRIBUTE_ALLOWED_TO_ACT, MATTERS_OF_HOSTS, "whom hosts let delegate to themselves"},
	{ATTRIBUTE_DNS_HOST_NAME, MATTERS_OF_HOSTS, "which targets mean which host"},
	{ATTRIBUTE_SERVICE_PRINCIPAL_NAME, MATTERS_OF_ACCOUNTS,
	 "which computers are hosts and who owns their targets"},
	{ATTRIBUTE_MEMBER, MATTERS_OF_GROUPS, "who belongs to groups"},
};

/* Groups matter to whoever judges admins, and where a host trusts somebody. */
static bool needs_groups(const struct host_list *hosts, const struct selection *selection)
{
	for (size_t i = 0; i < hosts->count; i++) {
		if (hosts->items[i].acl.ace_count)
			return true;
	}
	return selection->admins;
}

static bool is_missed(const struct domain *domain, const struct host_list *hosts,
		      const struct selection *selection, enum attribute attribute,
		      enum matters matters)
{
	const bool accounts = matters == MATTERS_OF_ACCOUNTS && selection->hosts;
	const bool groups = matters == MATTERS_OF_GROUPS && needs_groups(hosts, selection);

	for (size_t i = 0; matters == MATTERS_OF_HOSTS && i < hosts->count; i++) {
		if (entry_is_unasked(hosts->items[i].account.entry, attribute))
			return true;
	}
	if (!accounts && !groups)
		return false;
	for (const struct entry *entry = domain->directory->entries; entry;
	     entry = entry->hh.next) {
		enum account_class class = account_class(entry);

		if (class != (groups ? ACCOUNT_GROUP : ACCOUNT_PLAIN) ||
		    !entry_values(entry, ATTRIBUTE_OBJECT_SID))
			continue;
		if (entry_is_unasked(entry, attribute))
			return true;
	}
	return false;
}

void unasked_report(const void *context, const struct domain *domain, const struct host_list *hosts,
		    const struct selection *selection, struct unreadable_list *unreadable)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		enum attribute attribute = rows[i].attribute;

		if (is_missed(domain, hosts, selection, attribute, rows[i].matters))
			unreadable_add(context, unreadable, domain->name, attribute_name(attribute),
				       "the export was made without it (\"# requesting\"), so %s "
				       "is not known: add it to the attributes, or name none",
				       rows[i].unknown);
	}
}
