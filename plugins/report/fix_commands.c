/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/fix_commands.h"

#include "base/memory.h"
#include "report/fix.h"

#include <string.h>

static void (*const fixes[RULE_COUNT])(struct fix *) = {
	[RULE_UNCONSTRAINED_DELEGATION] = fix_unconstrained_delegation,
	[RULE_PROTOCOL_TRANSITION_MISSING] = fix_protocol_transition,
	[RULE_PROTOCOL_TRANSITION_UNNEEDED] = fix_protocol_transition,
	[RULE_MIGRATION_TARGET_MISSING] = fix_migration_target_missing,
	[RULE_MIGRATION_ONE_WAY] = fix_migration_one_way,
	[RULE_MIGRATION_NAME_MISSING] = fix_migration_name_missing,
	[RULE_MIGRATION_SERVICE_UNREGISTERED] = fix_migration_service_unregistered,
	[RULE_UNEXPECTED_TARGET] = fix_unexpected_target,
	[RULE_TARGET_DOMAIN_CONTROLLER] = fix_target,
	[RULE_TARGET_HIJACKED] = fix_target_owner,
	[RULE_TARGET_AMBIGUOUS] = fix_target_owner,
	[RULE_TARGET_UNKNOWN] = fix_target_unknown,
	[RULE_TARGET_DISABLED] = fix_target_disabled,
	[RULE_RBCD_UNEXPECTED_TRUSTEE] = fix_rbcd_trustee,
	[RULE_RBCD_UNKNOWN_TRUSTEE] = fix_rbcd_trustee,
	[RULE_HOST_MISSING] = fix_host_missing,
	[RULE_HOST_DISABLED] = fix_host_disabled,
	[RULE_ADMIN_UNPROTECTED] = fix_admin_unprotected,
	[RULE_OPERATOR_NOT_DELEGABLE] = fix_operator_not_delegable,
	[RULE_KRBTGT_NOT_DELEGABLE] = fix_krbtgt_not_delegable,
	[RULE_KDC_ADMIN_FORWARDABLE] = fix_kdc_admin_forwardable,
	[RULE_KDC_HOST_UNCONSTRAINED] = fix_kdc_host_unconstrained,
	[RULE_KDC_TARGET_REFUSED] = fix_kdc_target_refused,
	[RULE_KDC_UNPROVEN] = fix_kdc_unproven,
	[RULE_SERVERS_DISAGREE] = fix_servers_disagree,
	[RULE_UNREADABLE] = fix_unreadable,
	[RULE_INCOMPLETE] = fix_incomplete,
	[RULE_NO_HOSTS] = fix_no_hosts,
	[RULE_NO_ADMINS] = fix_no_admins,
};

/* The host that a finding calls so, or NULL. */
static const struct host *find_host(const struct host_list *hosts, const char *name)
{
	for (size_t i = 0; name && i < hosts->count; i++) {
		if (!strcmp(hosts->items[i].name, name))
			return &hosts->items[i];
	}
	return NULL;
}

struct fix_advice fix_advise(const void *context, const struct verdict *verdict,
			     const struct finding *finding)
{
	const struct host_list *hosts = &verdict->snapshot->hosts;
	struct fix fix = {
		.context = context,
		.verdict = verdict,
		.finding = finding,
		.host = find_host(hosts, finding->subject),
		.peer = find_host(hosts, finding->object),
	};

	/* what another controller holds is not what the commands would be made of */
	if (finding->server && finding->rule != RULE_INCOMPLETE)
		fix_servers_disagree(&fix);
	else if (fixes[finding->rule])
		fixes[finding->rule](&fix);
	fix_end_ldapmodify(&fix);
	return (struct fix_advice){
		.notes = fix.notes, .windows = fix.windows, .unix_tools = fix.unix_tools};
}

/* Adds more to list, below label unless that is NULL. */
static void append(const void *context, struct text_list *list, const char *label,
		   const struct text_list *more)
{
	if (label && more->count)
		text_list_add(context, list, label);
	for (size_t i = 0; i < more->count; i++)
		text_list_add(context, list, more->items[i]);
}

struct text_list fix_commands(const void *context, const struct verdict *verdict,
			      const struct finding *finding)
{
	const struct fix_advice advice = fix_advise(context, verdict, finding);
	struct text_list commands = {0};

	append(context, &commands, NULL, &advice.notes);
	append(context, &commands, "# in PowerShell:", &advice.windows);
	append(context, &commands,
	       advice.windows.count ? "# or in a Unix shell:" : "# in a Unix shell:",
	       &advice.unix_tools);
	return commands;
}
