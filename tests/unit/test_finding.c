/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue of rules, and the order of findings, one of each. */
#include "policy/finding.h"

#include "unit.h"

/* The contract: names and default states that users rely on. */
static void test_catalogue(void **state)
{
	static const struct {
		const char *name;
		enum rule rule;
		enum service_state state;
	} cases[] = {
		{"unconstrained-delegation", RULE_UNCONSTRAINED_DELEGATION, STATE_CRITICAL},
		{"protocol-transition-missing", RULE_PROTOCOL_TRANSITION_MISSING, STATE_CRITICAL},
		{"protocol-transition-unneeded", RULE_PROTOCOL_TRANSITION_UNNEEDED, STATE_WARNING},
		{"migration-target-missing", RULE_MIGRATION_TARGET_MISSING, STATE_CRITICAL},
		{"migration-one-way", RULE_MIGRATION_ONE_WAY, STATE_WARNING},
		{"migration-name-missing", RULE_MIGRATION_NAME_MISSING, STATE_WARNING},
		{"migration-service-unregistered", RULE_MIGRATION_SERVICE_UNREGISTERED,
		 STATE_WARNING},
		{"unexpected-target", RULE_UNEXPECTED_TARGET, STATE_WARNING},
		{"target-domain-controller", RULE_TARGET_DOMAIN_CONTROLLER, STATE_CRITICAL},
		{"target-hijacked", RULE_TARGET_HIJACKED, STATE_CRITICAL},
		{"target-ambiguous", RULE_TARGET_AMBIGUOUS, STATE_CRITICAL},
		{"target-unknown", RULE_TARGET_UNKNOWN, STATE_WARNING},
		{"target-disabled", RULE_TARGET_DISABLED, STATE_WARNING},
		{"rbcd-unexpected-trustee", RULE_RBCD_UNEXPECTED_TRUSTEE, STATE_CRITICAL},
		{"rbcd-unknown-trustee", RULE_RBCD_UNKNOWN_TRUSTEE, STATE_WARNING},
		{"operator-not-delegable", RULE_OPERATOR_NOT_DELEGABLE, STATE_CRITICAL},
		{"drift", RULE_DRIFT, STATE_WARNING},
		{"servers-disagree", RULE_SERVERS_DISAGREE, STATE_WARNING},
		{"host-missing", RULE_HOST_MISSING, STATE_CRITICAL},
		{"host-disabled", RULE_HOST_DISABLED, STATE_WARNING},
		{"admin-unprotected", RULE_ADMIN_UNPROTECTED, STATE_WARNING},
		{"krbtgt-not-delegable", RULE_KRBTGT_NOT_DELEGABLE, STATE_WARNING},
		{"kdc-admin-forwardable", RULE_KDC_ADMIN_FORWARDABLE, STATE_CRITICAL},
		{"kdc-host-unconstrained", RULE_KDC_HOST_UNCONSTRAINED, STATE_CRITICAL},
		{"kdc-target-refused", RULE_KDC_TARGET_REFUSED, STATE_WARNING},
		{"kdc-unproven", RULE_KDC_UNPROVEN, STATE_UNKNOWN},
		{"unreadable", RULE_UNREADABLE, STATE_UNKNOWN},
		{"incomplete", RULE_INCOMPLETE, STATE_UNKNOWN},
		{"no-hosts", RULE_NO_HOSTS, STATE_UNKNOWN},
		{"no-admins", RULE_NO_ADMINS, STATE_UNKNOWN},
	};

	enum rule rule;

	(void)state;
	assert_int_equal(COUNT_OF(cases), RULE_COUNT);
	assert_false(rule_parse("Unreadable", &rule));
	assert_false(rule_parse("", &rule));
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_true(rule_parse(cases[i].name, &rule));
		assert_int_equal(rule, cases[i].rule);
		assert_int_equal(rule_is_about_targets(rule),
				 !strncmp(cases[i].name, "target-", 7) ||
					 rule == RULE_UNEXPECTED_TARGET);
		assert_string_equal(rule_name(cases[i].rule), cases[i].name);
		assert_int_equal(rule_default_state(cases[i].rule), cases[i].state);
	}
}

static void test_every_rule_is_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < RULE_COUNT; i++) {
		assert_non_null(rule_name((enum rule)i));
		assert_true(strlen(rule_sentence((enum rule)i)) > 20);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(rule_name((enum rule)i), rule_name((enum rule)k));
	}
	assert_true(rule_is_about_hosts(RULE_UNCONSTRAINED_DELEGATION));
	assert_false(rule_is_about_hosts(RULE_ADMIN_UNPROTECTED));
	assert_false(rule_is_about_hosts(RULE_HOST_MISSING));
}

static void test_sort(void **state)
{
	struct finding items[] = {
		{RULE_UNREADABLE, STATE_UNKNOWN, "b", "y", "1", {0}, NULL},
		{RULE_UNREADABLE, STATE_UNKNOWN, "B", "y", "2", {0}, NULL},
		{RULE_HOST_MISSING, STATE_CRITICAL, "z", NULL, "3", {0}, NULL},
		{RULE_UNREADABLE, STATE_UNKNOWN, "b", NULL, "4", {0}, NULL},
		/* the first of both is kept */
		{RULE_UNREADABLE, STATE_UNKNOWN, "b", "y", "0", {0}, NULL},
		{RULE_UNREADABLE, STATE_UNKNOWN, "a", "z", "5", {0}, NULL},
		{RULE_ADMIN_UNPROTECTED, STATE_WARNING, "z", NULL, "6", {0}, NULL},
		{RULE_UNREADABLE, STATE_UNKNOWN, "b", "X", "7", {0}, NULL},
		{RULE_HOST_MISSING, STATE_CRITICAL, "z", NULL, "3", {0}, NULL},
	};
	struct finding_list list = {items, COUNT_OF(items)}, empty = {0};
	char details[16] = "";

	(void)state;
	finding_list_sort(&empty);
	assert_int_equal(empty.count, 0);
	finding_list_sort(&list);
	assert_int_equal(list.count, 7);
	for (size_t i = 0; i < list.count; i++)
		strcat(details, items[i].detail);
	assert_string_equal(details, "6352470");
}

static void test_find(void **state)
{
	struct finding items[] = {
		{RULE_UNREADABLE, STATE_UNKNOWN, "b", "y", "1", {0}, NULL},
		{RULE_HOST_MISSING, STATE_CRITICAL, "z", NULL, "2", {0}, NULL},
		{RULE_UNREADABLE, STATE_UNKNOWN, "b", NULL, "3", {0}, NULL},
		{RULE_MIGRATION_TARGET_MISSING, STATE_CRITICAL, "a", "b", "4", {0}, NULL},
		{RULE_MIGRATION_TARGET_MISSING, STATE_CRITICAL, "b", "a", "5", {0}, NULL},
	};
	struct finding_list list = {items, COUNT_OF(items)};
	const struct finding_list empty = {0};

	(void)state;
	finding_list_sort(&list);
	assert_string_equal(finding_list_find(&list, RULE_UNREADABLE, "b", "y")->detail, "1");
	assert_string_equal(finding_list_find(&list, RULE_UNREADABLE, "b", NULL)->detail, "3");
	assert_string_equal(finding_list_find(&list, RULE_HOST_MISSING, "z", NULL)->detail, "2");
	assert_string_equal(
		finding_list_find(&list, RULE_MIGRATION_TARGET_MISSING, "b", "a")->detail, "5");
	assert_null(finding_list_find(&list, RULE_MIGRATION_TARGET_MISSING, "b", "c"));
	assert_null(finding_list_find(&list, RULE_MIGRATION_ONE_WAY, "b", "a"));
	assert_null(finding_list_find(&list, RULE_UNREADABLE, "B", "y"));
	assert_null(finding_list_find(&empty, RULE_UNREADABLE, "b", "y"));
}

UNIT_MAIN(UNIT_TEST(test_catalogue), UNIT_TEST(test_every_rule_is_whole), UNIT_TEST(test_sort),
	  UNIT_TEST(test_find))
