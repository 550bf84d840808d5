/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules about pairs of hosts: what live migration needs and does not have. */
#include "policy/rules.h"

#include "ad/spn.h"
#include "base/memory.h"

/* What a source lacks to reach a destination, in words. Owner: context. */
static char *describe_lack(const void *context, const struct pair *pair)
{
	char *text = memory_text(context, "");

	if (pair->readiness.granted == TRUTH_YES)
		return memory_format(context,
				     "%s lets %s delegate to it, but the \"Kerberos only\" list "
				     "of %s, whatever stands in it, keeps that from working",
				     pair->destination->name, pair->source->name,
				     pair->source->name);
	for (size_t i = 0; i < pair->services->count; i++) {
		const char *service_class = pair->services->items[i];

		if (!readiness_lists(pair->source, pair->destination, service_class))
			text = memory_append(text, "%s%s", *text ? " and " : "it does not list ",
					     service_class);
	}
	if (!*text)
		return memory_text(context, "its list of services is set to \"Kerberos only\"");
	return memory_append(text, " for %s, and nothing else lets it delegate there",
			     pair->destination->name);
}

void judge_migration_target_missing(struct verdict *verdict)
{
	for (size_t i = 0; i < verdict->pairs.count; i++) {
		const struct pair *pair = &verdict->pairs.items[i];
		const struct readiness *readiness = &pair->readiness;

		if (readiness->ready == TRUTH_UNKNOWN) {
			/* what of the source is missing is said of it, but the destination may
			 * not be judged */
			if (readiness->granted == TRUTH_UNKNOWN)
				verdict_add(verdict, RULE_UNREADABLE, pair->destination->name,
					    attribute_name(ATTRIBUTE_ALLOWED_TO_ACT),
					    "it can not be read which hosts it lets delegate to "
					    "itself, so it is not known whether virtual machines "
					    "can be migrated to it");
			continue;
		}
		if (readiness->ready == TRUTH_YES || (lacks_protocol_transition(pair->source) &&
						      readiness->with_transition == TRUTH_YES))
			continue;
		verdict_add(verdict, RULE_MIGRATION_TARGET_MISSING, pair->source->name,
			    pair->destination->name, "virtual machines can not be migrated: %s%s",
			    describe_lack(verdict, pair), guess_note(pair->source));
	}
}

/* Whether source has no way at all to the migration service of destination, as far as
 * everything about it is known. */
static bool can_not_reach(const struct snapshot *snapshot, const struct host *source,
			  const struct host *destination)
{
	return !readiness_lists(source, destination, SPN_CLASS_MIGRATION) &&
	       source->targets_complete && source->unconstrained == TRUTH_NO &&
	       readiness_granted(snapshot, source, destination) == TRUTH_NO;
}

void judge_migration_one_way(struct verdict *verdict)
{
	const struct host_list *hosts = &verdict->snapshot->hosts;

	for (size_t i = 0; i < hosts->count; i++) {
		const struct host *source = &hosts->items[i];

		for (size_t k = 0; source->judged && k < hosts->count; k++) {
			const struct host *destination = &hosts->items[k];

			/* of a disabled host, host-disabled speaks */
			if (k == i || source->account.enabled == TRUTH_NO ||
			    destination->account.enabled == TRUTH_NO ||
			    host_groups_share(verdict->groups, source, destination) ||
			    !readiness_lists(destination, source, SPN_CLASS_MIGRATION) ||
			    !can_not_reach(verdict->snapshot, source, destination))
				continue;
			verdict_add(verdict, RULE_MIGRATION_ONE_WAY, source->name,
				    destination->name,
				    "virtual machines can be migrated from %s, but not back: %s "
				    "does not list the migration service of %s",
				    destination->name, source->name, destination->name);
		}
	}
}

/* Whether source lists a class for destination under one of its two names only. */
static bool lists_one_name(const struct host *source, const struct host *destination,
			   const char *service_class)
{
	return host_lists_service(source, service_class, destination->name) !=
	       host_lists_service(source, service_class, destination->dns_name);
}

/* The first class that source lists for destination under one name only, or NULL. */
static const char *find_half_listed(const struct verdict *verdict, const struct host *source,
				    const struct host *destination)
{
	static const char *const usual[] = {SPN_CLASS_MIGRATION, SPN_CLASS_CIFS};

	for (size_t i = 0; i < countof(usual); i++) {
		if (lists_one_name(source, destination, usual[i]))
			return usual[i];
	}
	for (size_t group = 0; group < verdict->policy->group_count; group++) {
		const struct text_list *services = host_groups_services(verdict->groups, group);

		if (!host_groups_holds(verdict->groups, group, source))
			continue;
		for (size_t i = 0; i < services->count; i++) {
			if (lists_one_name(source, destination, services->items[i]))
				return services->items[i];
		}
	}
	return NULL;
}

void judge_migration_name_missing(struct verdict *verdict)
{
	const struct host_list *hosts = &verdict->snapshot->hosts;

	for (size_t i = 0; i < hosts->count; i++) {
		const struct host *source = &hosts->items[i];

		for (size_t k = 0; source->judged && source->targets_complete && k < hosts->count;
		     k++) {
			const struct host *destination = &hosts->items[k];
			const char *service_class;

			/* of a disabled host, host-disabled speaks */
			if (k == i || destination->account.enabled == TRUTH_NO ||
			    !destination->dns_name ||
			    text_equal(destination->name, destination->dns_name))
				continue;
			service_class = find_half_listed(verdict, source, destination);
			if (service_class)
				verdict_add(verdict, RULE_MIGRATION_NAME_MISSING, source->name,
					    destination->name,
					    "lists %s under only one of the two names of %s: a "
					    "migration that uses the other one, short or full, "
					    "fails; list both",
					    service_class, destination->name);
		}
	}
}

/* The first other host that lists the migration service of host, or NULL. */
static const struct host *find_migrator(const struct host_list *hosts, const struct host *host)
{
	for (size_t i = 0; i < hosts->count; i++) {
		if (&hosts->items[i] != host &&
		    readiness_lists(&hosts->items[i], host, SPN_CLASS_MIGRATION))
			return &hosts->items[i];
	}
	return NULL;
}

bool lacks_migration_service(const struct verdict *verdict, const struct host *host)
{
	return host->judged && !host_registers_class(host, SPN_CLASS_MIGRATION) &&
	       (host_groups_require(verdict->groups, host, host, SPN_CLASS_MIGRATION,
				    sizeof SPN_CLASS_MIGRATION - 1) ||
		find_migrator(&verdict->snapshot->hosts, host));
}

void judge_migration_service_unregistered(struct verdict *verdict)
{
	const struct host_list *hosts = &verdict->snapshot->hosts;

	for (size_t i = 0; i < hosts->count; i++) {
		const struct host *host = &hosts->items[i];

		if (lacks_migration_service(verdict, host))
			verdict_add(
				verdict, RULE_MIGRATION_SERVICE_UNREGISTERED, host->name, NULL,
				"has not registered its migration service, so no virtual machine "
				"can be migrated to it: look for Hyper-V event 14050 on this host");
	}
}
