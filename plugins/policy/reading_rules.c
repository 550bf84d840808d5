/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules about what could not be read: what was not seen is never OK. */
#include "ad/spn.h"
#include "base/memory.h"
#include "policy/replica.h"
#include "policy/rules.h"

#include <string.h>

/* Whether service_class is one of Hyper-V's, one that HOST/ stands for, or one that some host
 * registers. */
static bool is_class(const struct snapshot *snapshot, const char *service_class)
{
	static const char *const known[] = {SPN_CLASS_MIGRATION, SPN_CLASS_CONSOLE,
					    SPN_CLASS_REPLICA, SPN_CLASS_CIFS};

	for (size_t i = 0; i < countof(known); i++) {
		if (text_equal(service_class, known[i]))
			return true;
	}
	if (domain_is_host_alias(snapshot->domain, service_class, strlen(service_class)))
		return true;
	for (size_t i = 0; i < snapshot->hosts.count; i++) {
		if (host_registers_class(&snapshot->hosts.items[i], service_class))
			return true;
	}
	return false;
}

/* A slip of the pen in services would take the place of what migration needs. */
static void judge_services(struct verdict *verdict)
{
	const struct policy *policy = verdict->policy;

	for (size_t group = 0; group < policy->group_count; group++) {
		const struct text_list *services = &policy->groups[group].services;

		for (size_t i = 0; policy->selection.hosts && i < services->count; i++) {
			if (!is_class(verdict->snapshot, services->items[i]))
				verdict_add(verdict, RULE_UNREADABLE, services->items[i],
					    "services",
					    "no host registers a service of this class: correct "
					    "the name in the policy");
		}
	}
}

void judge_unreadable(struct verdict *verdict)
{
	const struct unreadable_list *unreadable = &verdict->snapshot->unreadable;

	for (size_t i = 0; i < unreadable->count; i++)
		verdict_add(verdict, RULE_UNREADABLE, unreadable->items[i].subject,
			    unreadable->items[i].object, "%s", unreadable->items[i].detail);
	judge_services(verdict);
}

void judge_incomplete(struct verdict *verdict)
{
	const struct directory *directory = verdict->snapshot->directory;
	const struct gap *failure = elsewhere_failure(verdict->snapshot->domain->elsewhere);
	const struct replica_list *replicas = verdict->policy->replicas;

	for (size_t i = 0; i < directory->gap_count; i++)
		verdict_add(verdict, RULE_INCOMPLETE, directory->gaps[i].source, NULL, "%s",
			    directory->gaps[i].detail);
	if (failure)
		verdict_add(verdict, RULE_INCOMPLETE, failure->source, NULL,
			    "the global catalogue was not read whole, so that accounts of other "
			    "domains may be missing here: %s",
			    failure->detail);
	for (size_t i = 0; replicas && i < replicas->count; i++) {
		if (!replicas->items[i].snapshot)
			verdict_add(verdict, RULE_INCOMPLETE, replicas->items[i].server, NULL,
				    "nothing could be read of this controller: %s",
				    replicas->items[i].failure);
	}
}
