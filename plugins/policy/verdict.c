/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/verdict.h"

#include "base/memory.h"
#include "policy/replica.h"
#include "policy/rules.h"

#include <stdarg.h>

static void (*const judges[RULE_COUNT])(struct verdict *) = {
	[RULE_UNCONSTRAINED_DELEGATION] = judge_unconstrained_delegation,
	[RULE_PROTOCOL_TRANSITION_MISSING] = judge_protocol_transition_missing,
	[RULE_PROTOCOL_TRANSITION_UNNEEDED] = judge_protocol_transition_unneeded,
	[RULE_MIGRATION_TARGET_MISSING] = judge_migration_target_missing,
	[RULE_MIGRATION_ONE_WAY] = judge_migration_one_way,
	[RULE_MIGRATION_NAME_MISSING] = judge_migration_name_missing,
	[RULE_MIGRATION_SERVICE_UNREGISTERED] = judge_migration_service_unregistered,
	/* of a target only the first of these that holds is found: one function for all */
	[RULE_TARGET_DOMAIN_CONTROLLER] = judge_targets,
	[RULE_RBCD_UNEXPECTED_TRUSTEE] = judge_rbcd_unexpected_trustee,
	[RULE_RBCD_UNKNOWN_TRUSTEE] = judge_rbcd_unknown_trustee,
	[RULE_HOST_MISSING] = judge_host_missing,
	[RULE_HOST_DISABLED] = judge_host_disabled,
	[RULE_ADMIN_UNPROTECTED] = judge_admin_unprotected,
	[RULE_OPERATOR_NOT_DELEGABLE] = judge_operator_not_delegable,
	[RULE_KRBTGT_NOT_DELEGABLE] = judge_krbtgt_not_delegable,
	[RULE_DRIFT] = judge_drift,
	[RULE_KDC_ADMIN_FORWARDABLE] = judge_kdc_admin_forwardable,
	[RULE_KDC_HOST_UNCONSTRAINED] = judge_kdc_host_unconstrained,
	[RULE_KDC_TARGET_REFUSED] = judge_kdc_target_refused,
	[RULE_KDC_UNPROVEN] = judge_kdc_unproven,
	[RULE_SERVERS_DISAGREE] = judge_servers_disagree,
	[RULE_UNREADABLE] = judge_unreadable,
	[RULE_INCOMPLETE] = judge_incomplete,
	[RULE_NO_HOSTS] = judge_no_hosts,
	[RULE_NO_ADMINS] = judge_no_admins,
};

bool verdict_saw_all(const struct verdict *verdict)
{
	return !verdict->snapshot->directory->gap_count;
}

void verdict_add(struct verdict *verdict, enum rule rule, const char *subject, const char *object,
		 const char *format, ...)
{
	struct finding_list *findings = &verdict->findings;
	va_list arguments;
	char *detail;

	va_start(arguments, format);
	detail = memory_check(talloc_vasprintf(verdict, format, arguments));
	va_end(arguments);
	*memory_add(verdict, findings->items, findings->count) = (struct finding){
		.rule = rule,
		.state = verdict->policy->states[rule],
		.subject = subject,
		.object = object,
		.detail = detail,
	};
}

/* Findings about unprotected admins are as grave as their number. */
static void grade_unprotected_admins(struct verdict *verdict)
{
	enum service_state state =
		metric_state(&verdict->policy->thresholds[METRIC_ADMINS_UNPROTECTED],
			     verdict->metrics[METRIC_ADMINS_UNPROTECTED].value);

	for (size_t i = 0; i < verdict->findings.count; i++) {
		if (verdict->findings.items[i].rule == RULE_ADMIN_UNPROTECTED)
			verdict->findings.items[i].state = state;
	}
}

static enum service_state worst_state(const struct verdict *verdict)
{
	enum service_state worst = STATE_OK;

	for (size_t i = 0; i < verdict->findings.count; i++)
		worst = service_state_worst(worst, verdict->findings.items[i].state);
	for (size_t i = 0; i < METRIC_COUNT; i++)
		worst = service_state_worst(worst, metric_state(&verdict->policy->thresholds[i],
								verdict->metrics[i].value));
	return worst;
}

/* The pairs of one group, from sources that are judged. */
static void judge_pairs(struct verdict *verdict, size_t group)
{
	const struct host_list *hosts = &verdict->snapshot->hosts;
	const struct text_list *services = host_groups_services(verdict->groups, group);

	for (size_t i = 0; i < hosts->count; i++) {
		const struct host *source = &hosts->items[i];

		if (!source->judged || source->account.enabled == TRUTH_NO ||
		    !host_groups_holds(verdict->groups, group, source))
			continue;
		for (size_t k = 0; k < hosts->count; k++) {
			const struct host *destination = &hosts->items[k];
			struct pair_list *pairs = &verdict->pairs;

			if (k == i || destination->account.enabled == TRUTH_NO ||
			    !host_groups_holds(verdict->groups, group, destination))
				continue;
			*memory_add(verdict, pairs->items, pairs->count) = (struct pair){
				.group = verdict->policy->groups[group].name,
				.source = source,
				.destination = destination,
				.services = services,
				.readiness = readiness_judge(verdict->snapshot, source, destination,
							     services),
			};
		}
	}
}

static double count_ready(const struct verdict *verdict)
{
	size_t ready = 0;

	for (size_t i = 0; i < verdict->pairs.count; i++)
		ready += verdict->pairs.items[i].readiness.ready == TRUTH_YES;
	return (double)ready;
}

struct verdict *verdict_reach(const void *context, const struct snapshot *snapshot,
			      const struct policy *policy, double elapsed_s)
{
	struct verdict *verdict = memory_new(context, struct verdict);

	verdict->snapshot = snapshot;
	verdict->policy = policy;
	verdict->groups = host_groups_new(verdict, policy, &snapshot->hosts);
	for (size_t group = 0; group < policy->group_count; group++)
		judge_pairs(verdict, group);
	for (size_t i = 0; i < RULE_COUNT; i++) {
		if (judges[i])
			judges[i](verdict);
	}
	finding_list_sort(&verdict->findings);
	metrics_count(snapshot, elapsed_s, verdict->metrics);
	verdict->metrics[METRIC_PAIRS].value = (double)verdict->pairs.count;
	verdict->metrics[METRIC_PAIRS_READY].value = count_ready(verdict);
	verdict->metrics[METRIC_PAIRS_READY].max = (double)verdict->pairs.count;
	grade_unprotected_admins(verdict);
	replicas_add_findings(verdict);
	metrics_count_findings(snapshot, &verdict->findings, verdict->metrics);
	verdict->state = worst_state(verdict);
	return verdict;
}
