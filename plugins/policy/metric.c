/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/metric.h"

#include <string.h>

static const struct {
	const char *label;
	const char *unit;
	enum metric_half half;
	const char *sentence;
} metrics[METRIC_COUNT] = {
	[METRIC_HOSTS] = {"hosts", "", HALF_HOSTS, "Hyper-V hosts judged"},
	[METRIC_HOSTS_NOT_OK] = {"hosts_not_ok", "", HALF_HOSTS,
				 "hosts with a finding of WARNING or CRITICAL"},
	[METRIC_HOSTS_UNCONSTRAINED] = {"hosts_unconstrained", "", HALF_HOSTS,
					"hosts trusted for unconstrained delegation"},
	[METRIC_HOSTS_ANY_PROTOCOL] = {"hosts_any_protocol", "", HALF_HOSTS,
				       "hosts with protocol transition"},
	[METRIC_HOSTS_KERBEROS_ONLY] = {"hosts_kerberos_only", "", HALF_HOSTS,
					"hosts that lack the protocol transition they need"},
	[METRIC_PAIRS] = {"pairs", "", HALF_HOSTS, "pairs of hosts in declared groups"},
	[METRIC_PAIRS_READY] = {"pairs_ready", "", HALF_HOSTS,
				"pairs between which machines can be migrated"},
	[METRIC_TARGETS] = {"targets", "", HALF_HOSTS, "delegation targets of all hosts"},
	[METRIC_TARGETS_UNEXPECTED] = {"targets_unexpected", "", HALF_HOSTS,
				       "targets that are wrong or that nobody expects"},
	[METRIC_ADMINS] = {"admins", "", HALF_ADMINS, "privileged accounts judged"},
	[METRIC_ADMINS_PROTECTED] = {"admins_protected", "", HALF_ADMINS,
				     "privileged accounts that nobody can delegate"},
	[METRIC_ADMINS_UNPROTECTED] = {"admins_unprotected", "", HALF_ADMINS,
				       "privileged accounts that can be delegated"},
	[METRIC_ADMINS_EXEMPT] = {"admins_exempt", "", HALF_ADMINS,
				  "privileged accounts that the policy exempts"},
	[METRIC_ADMINS_DISABLED] = {"admins_disabled", "", HALF_ADMINS,
				    "privileged accounts that are disabled"},
	[METRIC_DRIFT] = {"drift", "", HALF_BOTH, "facts that differ from the baseline"},
	[METRIC_UNREADABLE] = {"unreadable", "", HALF_BOTH, "things that could not be read"},
	[METRIC_TIME] = {"time", "s", HALF_BOTH, "duration of the run"},
};

const char *metric_label(enum metric metric)
{
	return metrics[metric].label;
}

const char *metric_unit(enum metric metric)
{
	return metrics[metric].unit;
}

const char *metric_sentence(enum metric metric)
{
	return metrics[metric].sentence;
}

enum metric_half metric_half(enum metric metric)
{
	return metrics[metric].half;
}

bool metric_parse(const char *label, size_t length, enum metric *metric)
{
	for (size_t i = 0; i < METRIC_COUNT; i++) {
		if (strlen(metrics[i].label) == length &&
		    !strncmp(metrics[i].label, label, length)) {
			*metric = (enum metric)i;
			return true;
		}
	}
	return false;
}

static void count_hosts(const struct snapshot *snapshot, struct metric_value values[METRIC_COUNT])
{
	for (size_t i = 0; i < snapshot->hosts.count; i++) {
		const struct host *host = &snapshot->hosts.items[i];

		if (!host->judged)
			continue;
		values[METRIC_HOSTS].value++;
		values[METRIC_HOSTS_UNCONSTRAINED].value += host->unconstrained == TRUTH_YES;
		values[METRIC_HOSTS_ANY_PROTOCOL].value += host->protocol_transition == TRUTH_YES;
		values[METRIC_TARGETS].value += (double)host->targets.count;
	}
}

static void count_admins(const struct snapshot *snapshot, struct metric_value values[METRIC_COUNT])
{
	for (size_t i = 0; i < snapshot->admins.count; i++) {
		const struct admin *admin = &snapshot->admins.items[i];

		if (admin->exempt) {
			values[METRIC_ADMINS_EXEMPT].value++;
			continue;
		}
		if (admin->enabled == TRUTH_NO) {
			values[METRIC_ADMINS_DISABLED].value++;
			continue;
		}
		values[METRIC_ADMINS].value++;
		values[METRIC_ADMINS_PROTECTED].value += admin->protected == TRUTH_YES;
		values[METRIC_ADMINS_UNPROTECTED].value += admin->protected == TRUTH_NO;
	}
}

static void set_max(struct metric_value values[METRIC_COUNT], enum metric metric, enum metric whole)
{
	values[metric].has_max = true;
	values[metric].max = values[whole].value;
}

void metrics_count(const struct snapshot *snapshot, double elapsed_s,
		   struct metric_value values[METRIC_COUNT])
{
	memset(values, 0, METRIC_COUNT * sizeof *values);
	values[METRIC_TIME].value = elapsed_s;
	count_hosts(snapshot, values);
	count_admins(snapshot, values);
	set_max(values, METRIC_HOSTS_NOT_OK, METRIC_HOSTS);
	set_max(values, METRIC_HOSTS_UNCONSTRAINED, METRIC_HOSTS);
	set_max(values, METRIC_HOSTS_ANY_PROTOCOL, METRIC_HOSTS);
	set_max(values, METRIC_HOSTS_KERBEROS_ONLY, METRIC_HOSTS);
	values[METRIC_PAIRS_READY].has_max = true;
	set_max(values, METRIC_TARGETS_UNEXPECTED, METRIC_TARGETS);
	set_max(values, METRIC_ADMINS_PROTECTED, METRIC_ADMINS);
	set_max(values, METRIC_ADMINS_UNPROTECTED, METRIC_ADMINS);
}

/* Whether a finding of WARNING or CRITICAL is about that host. */
static bool has_problem(const struct host *host, const struct finding_list *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];

		if ((finding->state == STATE_WARNING || finding->state == STATE_CRITICAL) &&
		    finding_is_about_host(finding, host->name))
			return true;
	}
	return false;
}

void metrics_count_findings(const struct snapshot *snapshot, const struct finding_list *findings,
			    struct metric_value values[METRIC_COUNT])
{
	for (size_t i = 0; i < snapshot->hosts.count; i++) {
		const struct host *host = &snapshot->hosts.items[i];

		values[METRIC_HOSTS_NOT_OK].value += host->judged && has_problem(host, findings);
	}
	for (size_t i = 0; i < findings->count; i++) {
		enum rule rule = findings->items[i].rule;

		values[METRIC_UNREADABLE].value +=
			rule == RULE_UNREADABLE || rule == RULE_INCOMPLETE;
		if (findings->items[i].server)
			continue; /* the maximum is what the judged controller holds */
		values[METRIC_HOSTS_KERBEROS_ONLY].value +=
			rule == RULE_PROTOCOL_TRANSITION_MISSING;
		values[METRIC_TARGETS_UNEXPECTED].value += rule_is_about_targets(rule);
		values[METRIC_DRIFT].value += rule == RULE_DRIFT;
	}
}

enum service_state metric_state(const struct metric_thresholds *thresholds, double value)
{
	if (range_alerts(&thresholds->critical, value))
		return STATE_CRITICAL;
	return range_alerts(&thresholds->warning, value) ? STATE_WARNING : STATE_OK;
}
