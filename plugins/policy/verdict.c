/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/verdict.h"

#include "base/memory.h"
#include "policy/rules.h"

#include <stdarg.h>

static void (*const judges[RULE_COUNT])(struct verdict *) = {
	[RULE_UNCONSTRAINED_DELEGATION] = judge_unconstrained_delegation,
	[RULE_PROTOCOL_TRANSITION_MISSING] = judge_protocol_transition_missing,
	[RULE_PROTOCOL_TRANSITION_UNNEEDED] = judge_protocol_transition_unneeded,
	[RULE_HOST_MISSING] = judge_host_missing,
	[RULE_HOST_DISABLED] = judge_host_disabled,
	[RULE_ADMIN_UNPROTECTED] = judge_admin_unprotected,
	[RULE_KRBTGT_NOT_DELEGABLE] = judge_krbtgt_not_delegable,
	[RULE_UNREADABLE] = judge_unreadable,
	[RULE_INCOMPLETE] = judge_incomplete,
	[RULE_NO_HOSTS] = judge_no_hosts,
	[RULE_NO_ADMINS] = judge_no_admins,
};

void verdict_add(struct verdict *verdict, enum rule rule, const char *subject, const char *object,
		 const char *format, ...)
{
	struct finding_list *findings = &verdict->findings;
	va_list arguments;
	char *detail;

	va_start(arguments, format);
	detail = memory_check(talloc_vasprintf(verdict, format, arguments));
	va_end(arguments);
	findings->items =
		memory_grow(verdict, findings->items, findings->count, sizeof *findings->items);
	findings->items[findings->count++] = (struct finding){
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

struct verdict *verdict_reach(const void *context, const struct snapshot *snapshot,
			      const struct policy *policy, double elapsed_s)
{
	struct verdict *verdict = memory_new(context, struct verdict);

	verdict->snapshot = snapshot;
	verdict->policy = policy;
	for (size_t i = 0; i < RULE_COUNT; i++)
		judges[i](verdict);
	finding_list_sort(&verdict->findings);
	metrics_count(snapshot, elapsed_s, verdict->metrics);
	grade_unprotected_admins(verdict);
	metrics_count_findings(snapshot, &verdict->findings, verdict->metrics);
	verdict->state = worst_state(verdict);
	return verdict;
}
