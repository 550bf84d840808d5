/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How to mend what is found of pairs of hosts. */
#include "report/fix.h"

#include "ad/spn.h"
#include "ad/uac.h"
#include "base/memory.h"
#include "policy/rules.h"
#include "report/quote.h"

/* Adds class/name unless source lists it, or it is in targets already. */
static void add_target(const struct fix *fix, struct text_list *targets, const struct host *source,
		       const char *service_class, const char *name)
{
	char *target;

	if (!name || host_lists_service(source, service_class, name))
		return;
	target = memory_format(fix->context, "%s/%s", service_class, name);
	if (!text_list_has(targets, target))
		text_list_add(fix->context, targets, target);
}

/* Adds what source lacks of a class for destination, under both of its names. */
static void add_targets(const struct fix *fix, struct text_list *targets, const struct host *source,
			const struct host *destination, const char *service_class)
{
	add_target(fix, targets, source, service_class, destination->name);
	add_target(fix, targets, source, service_class, destination->dns_name);
}

/* Without protocol transition the new targets would be worth nothing; where that is found
 * of the host itself, it is mended there. */
static void add_transition(struct fix *fix, const struct host *source)
{
	if (source->protocol_transition == TRUTH_NO && host_is_2016_or_later(source) &&
	    !lacks_protocol_transition(source))
		fix_set_flags(fix, &source->account, UAC_TRUSTED_TO_AUTH_FOR_DELEGATION, true);
}

void fix_migration_target_missing(struct fix *fix)
{
	const struct host *source = fix->host, *destination = fix->peer;
	const struct pair_list *pairs = &fix->verdict->pairs;
	struct text_list targets = {0};

	if (!source || !destination)
		return;
	for (size_t i = 0; i < pairs->count; i++) {
		const struct pair *pair = &pairs->items[i];

		if (pair->source != source || pair->destination != destination ||
		    pair->readiness.with_transition == TRUTH_YES)
			continue;
		for (size_t k = 0; k < pair->services->count; k++) {
			const char *service_class = pair->services->items[k];

			if (!readiness_lists(source, destination, service_class))
				add_targets(fix, &targets, source, destination, service_class);
		}
	}
	fix_change_targets(fix, &source->account, true, &targets);
	add_transition(fix, source);
}

void fix_migration_one_way(struct fix *fix)
{
	static const char *const classes[] = {SPN_CLASS_MIGRATION, SPN_CLASS_CIFS};
	const struct host *source = fix->host, *destination = fix->peer;
	struct text_list targets = {0};

	if (!source || !destination)
		return;
	/* new rights towards a host that is out of use would mend nothing */
	if (destination->account.enabled == TRUTH_NO) {
		fix_say(fix, "%s is disabled: what to do about it is said with host-disabled",
			quote_comment(fix->context, destination->name));
		return;
	}
	fix_say(fix,
		"if machines are not to move back, take %s out of the delegation of %s instead",
		quote_comment(fix->context, source->name),
		quote_comment(fix->context, destination->name));
	for (size_t i = 0; i < countof(classes); i++) {
		if (readiness_lists(destination, source, classes[i]))
			add_targets(fix, &targets, source, destination, classes[i]);
	}
	fix_change_targets(fix, &source->account, true, &targets);
	add_transition(fix, source);
}

/* Adds the other name of a class that source lists under one name only. */
static void complete_names(const struct fix *fix, struct text_list *targets,
			   const struct host *source, const struct host *destination,
			   const char *service_class)
{
	if (readiness_lists(source, destination, service_class))
		add_targets(fix, targets, source, destination, service_class);
}

void fix_migration_name_missing(struct fix *fix)
{
	const struct verdict *verdict = fix->verdict;
	const struct host *source = fix->host, *destination = fix->peer;
	struct text_list targets = {0};

	if (!source || !destination)
		return;
	complete_names(fix, &targets, source, destination, SPN_CLASS_MIGRATION);
	complete_names(fix, &targets, source, destination, SPN_CLASS_CIFS);
	for (size_t group = 0; group < verdict->policy->group_count; group++) {
		const struct text_list *services = host_groups_services(verdict->groups, group);

		if (!host_groups_holds(verdict->groups, group, source))
			continue;
		for (size_t i = 0; i < services->count; i++)
			complete_names(fix, &targets, source, destination, services->items[i]);
	}
	fix_change_targets(fix, &source->account, true, &targets);
}

void fix_migration_service_unregistered(struct fix *fix)
{
	const struct host *host = fix->host;
	const char *computer;

	if (!host)
		return;
	computer = quote_powershell(fix->context, host->dns_name ? host->dns_name : host->name);
	fix_say(fix, "the service registers its names when it starts: restart vmms on %s",
		quote_comment(fix->context, host->name));
	if (quote_is_plain_name(host->name))
		fix_say(fix,
			"only if event 14050 comes again: setspn -S \"%s/%s\" %s, and the full "
			"name likewise",
			SPN_CLASS_MIGRATION, host->name, host->name);
	if (computer)
		fix_run_windows(fix,
				"Invoke-Command -ComputerName %s "
				"-ScriptBlock { Restart-Service -Name vmms }",
				computer);
}
