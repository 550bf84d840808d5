/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/finding.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	enum service_state state;
	bool about_hosts;
	const char *sentence;
} rules[RULE_COUNT] = {
	[RULE_UNCONSTRAINED_DELEGATION] = {"unconstrained-delegation", STATE_CRITICAL, true,
					   "the host is trusted for unconstrained delegation"},
	[RULE_PROTOCOL_TRANSITION_MISSING] =
		{"protocol-transition-missing", STATE_CRITICAL, true,
		 "the host lists migration targets for Kerberos only, so migrations started from "
		 "another machine fail"},
	[RULE_PROTOCOL_TRANSITION_UNNEEDED] =
		{"protocol-transition-unneeded", STATE_WARNING, true,
		 "the host may use any authentication protocol without needing it"},
	[RULE_MIGRATION_TARGET_MISSING] =
		{"migration-target-missing", STATE_CRITICAL, true,
		 "machines can not be migrated between two hosts of a declared group"},
	[RULE_MIGRATION_ONE_WAY] = {"migration-one-way", STATE_WARNING, true,
				    "machines that were migrated can not be migrated back"},
	[RULE_MIGRATION_NAME_MISSING] =
		{"migration-name-missing", STATE_WARNING, true,
		 "a host lists a service of another one under one of its two names only"},
	[RULE_MIGRATION_SERVICE_UNREGISTERED] =
		{"migration-service-unregistered", STATE_WARNING, true,
		 "a host that others migrate to has not registered its migration service"},
	[RULE_UNEXPECTED_TARGET] =
		{"unexpected-target", STATE_WARNING, true,
		 "a host may delegate to something that migration does not need"},
	[RULE_TARGET_DOMAIN_CONTROLLER] =
		{"target-domain-controller", STATE_CRITICAL, true,
		 "a host may act as others towards a domain controller or the krbtgt"},
	[RULE_TARGET_HIJACKED] =
		{"target-hijacked", STATE_CRITICAL, true,
		 "a target is one account's by name, but another one has registered it"},
	[RULE_TARGET_AMBIGUOUS] = {"target-ambiguous", STATE_CRITICAL, true,
				   "several accounts own a target, so the KDC issues no ticket"},
	[RULE_TARGET_UNKNOWN] = {"target-unknown", STATE_WARNING, true,
				 "nobody owns a target; whoever registers it next inherits it"},
	[RULE_TARGET_DISABLED] = {"target-disabled", STATE_WARNING, true,
				  "the owner of a target is disabled"},
	[RULE_RBCD_UNEXPECTED_TRUSTEE] =
		{"rbcd-unexpected-trustee", STATE_CRITICAL, true,
		 "a host lets somebody act as others towards it whom migration does not need"},
	[RULE_RBCD_UNKNOWN_TRUSTEE] = {"rbcd-unknown-trustee", STATE_WARNING, true,
				       "a host lets a SID delegate to it that no account has"},
	[RULE_HOST_MISSING] = {"host-missing", STATE_CRITICAL, false,
			       "no computer has the name of a host that is to be judged"},
	[RULE_HOST_DISABLED] =
		{"host-disabled", STATE_WARNING, true,
		 "a disabled host still has delegation rights, or others may still delegate to it"},
	[RULE_ADMIN_UNPROTECTED] = {"admin-unprotected", STATE_WARNING, false,
				    "a privileged account can be delegated"},
	[RULE_OPERATOR_NOT_DELEGABLE] =
		{"operator-not-delegable", STATE_CRITICAL, false,
		 "an operator can not be delegated, so migrations that it starts remotely fail"},
	[RULE_KRBTGT_NOT_DELEGABLE] =
		{"krbtgt-not-delegable", STATE_WARNING, false,
		 "the krbtgt account is marked sensitive, which breaks constrained delegation"},
	[RULE_DRIFT] = {"drift", STATE_WARNING, true, "a fact differs from the baseline"},
	[RULE_KDC_ADMIN_FORWARDABLE] =
		{"kdc-admin-forwardable", STATE_CRITICAL, false,
		 "the KDC lets a privileged account be delegated that the directory says is "
		 "protected"},
	[RULE_KDC_HOST_UNCONSTRAINED] =
		{"kdc-host-unconstrained", STATE_CRITICAL, true,
		 "the KDC trusts a host for unconstrained delegation and the directory says it "
		 "does not"},
	[RULE_KDC_TARGET_REFUSED] = {"kdc-target-refused", STATE_WARNING, true,
				     "the KDC issues no ticket for a migration target that the "
				     "directory says is owned"},
	[RULE_KDC_UNPROVEN] = {"kdc-unproven", STATE_UNKNOWN, false,
			       "the KDC was asked, but what it answered proves nothing"},
	[RULE_SERVERS_DISAGREE] = {"servers-disagree", STATE_WARNING, true,
				   "domain controllers give different values for a fact"},
	[RULE_UNREADABLE] = {"unreadable", STATE_UNKNOWN, true,
			     "a fact that a rule needs could not be read"},
	[RULE_INCOMPLETE] = {"incomplete", STATE_UNKNOWN, false,
			     "an answer of the directory was cut short"},
	[RULE_NO_HOSTS] = {"no-hosts", STATE_UNKNOWN, false, "no Hyper-V host was found"},
	[RULE_NO_ADMINS] = {"no-admins", STATE_UNKNOWN, false, "no privileged group could be read"},
};

const char *rule_name(enum rule rule)
{
	return rules[rule].name;
}

enum service_state rule_default_state(enum rule rule)
{
	return rules[rule].state;
}

bool rule_parse(const char *name, enum rule *rule)
{
	for (size_t i = 0; i < RULE_COUNT; i++) {
		if (!strcmp(rules[i].name, name)) {
			*rule = (enum rule)i;
			return true;
		}
	}
	return false;
}

const char *rule_sentence(enum rule rule)
{
	return rules[rule].sentence;
}

bool rule_is_about_hosts(enum rule rule)
{
	return rules[rule].about_hosts;
}

bool finding_is_about_host(const struct finding *finding, const char *name)
{
	return rule_is_about_hosts(finding->rule) && !strcmp(finding->subject, name);
}

bool rule_is_about_targets(enum rule rule)
{
	return rule >= RULE_UNEXPECTED_TARGET && rule <= RULE_TARGET_DISABLED;
}

static int compare_objects(const char *a, const char *b)
{
	if (!a || !b)
		return (a != NULL) - (b != NULL);
	return text_compare(a, b);
}

static int compare_keys(const void *a, const void *b)
{
	const struct finding *left = a, *right = b;
	int order = strcmp(rule_name(left->rule), rule_name(right->rule));

	if (!order)
		order = text_compare(left->subject, right->subject);
	return order ? order : compare_objects(left->object, right->object);
}

static int compare_findings(const void *a, const void *b)
{
	const struct finding *left = a, *right = b;
	int order = compare_keys(left, right);

	return order ? order : strcmp(left->detail, right->detail);
}

void finding_list_sort(struct finding_list *findings)
{
	size_t kept = 0;

	if (!findings->count)
		return;
	qsort(findings->items, findings->count, sizeof *findings->items, compare_findings);
	for (size_t i = 1; i < findings->count; i++) {
		if (compare_keys(&findings->items[kept], &findings->items[i]) != 0)
			findings->items[++kept] = findings->items[i];
	}
	findings->count = kept + 1;
}

const struct finding *finding_list_find(const struct finding_list *findings, enum rule rule,
					const char *subject, const char *object)
{
	const struct finding key = {.rule = rule, .subject = subject, .object = object};

	if (!findings->count)
		return NULL;
	return bsearch(&key, findings->items, findings->count, sizeof *findings->items,
		       compare_keys);
}
