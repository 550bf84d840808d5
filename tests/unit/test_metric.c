/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The performance data: its labels, and what is counted under each. */
#include "policy/metric.h"

#include "unit.h"

#define CONSOLE "servicePrincipalName: Microsoft Virtual Console Service/x\n"

/* clang-format off */
static const char text[] =
	UNIT_HEALTHY_DOMAIN(UNIT_MEMBER("adam") UNIT_MEMBER("off") UNIT_MEMBER("hidden")
		"member: CN=x,DC=other\n", UNIT_MEMBER("off"))
	UNIT_USER("adam", "1001", UNIT_ENABLED, "")
	UNIT_USER("off", "1002", UNIT_DISABLED, "")
	UNIT_USER("hidden", "1003", "x", "")
	UNIT_COMPUTER("hv01", "1101", "528384", CONSOLE)
	UNIT_COMPUTER("hv02", "1102", "16781312", CONSOLE
		"msDS-AllowedToDelegateTo: cifs/a\nmsDS-AllowedToDelegateTo: cifs/b\n")
	UNIT_COMPUTER("hv03", "1103", "4096", CONSOLE
		"msDS-AllowedToDelegateTo: Microsoft Virtual System Migration Service/hv02\n")
	UNIT_COMPUTER("hv04", "1104", "x", CONSOLE)
	UNIT_COMPUTER("dc1", "1105", "532480", CONSOLE);
/* clang-format on */

static void check_values(const struct verdict *verdict, const double *expected)
{
	for (size_t i = 0; i < METRIC_TIME; i++)
		unit_check(verdict->metrics[i].value == expected[i], "%s is %f",
			   metric_label((enum metric)i), verdict->metrics[i].value);
}

static void test_counts(void **state)
{
	static const double all[METRIC_COUNT] = {
		[METRIC_HOSTS] = 5,
		[METRIC_HOSTS_NOT_OK] = 3, /* hv01, hv02, hv03 */
		[METRIC_HOSTS_UNCONSTRAINED] = 2,
		[METRIC_HOSTS_ANY_PROTOCOL] = 1,
		[METRIC_HOSTS_KERBEROS_ONLY] = 1,
		[METRIC_TARGETS] = 3,
		[METRIC_TARGETS_UNEXPECTED] = 2, /* nobody owns hv02's */
		[METRIC_ADMINS] = 4,
		[METRIC_ADMINS_PROTECTED] = 1,
		[METRIC_ADMINS_UNPROTECTED] = 1,
		[METRIC_ADMINS_DISABLED] = 1,
		[METRIC_UNREADABLE] = 3, /* hidden, hv04, the member of another domain */
	};
	struct verdict *verdict = unit_verdict(*state, text, NULL, NULL);

	check_values(verdict, all);
	assert_true(verdict->metrics[METRIC_TIME].value == 0.25);
}

static void test_maxima(void **state)
{
	static const struct {
		enum metric metric, whole;
	} cases[] = {
		{METRIC_HOSTS_NOT_OK, METRIC_HOSTS},
		{METRIC_HOSTS_UNCONSTRAINED, METRIC_HOSTS},
		{METRIC_HOSTS_ANY_PROTOCOL, METRIC_HOSTS},
		{METRIC_HOSTS_KERBEROS_ONLY, METRIC_HOSTS},
		{METRIC_PAIRS_READY, METRIC_PAIRS},
		{METRIC_TARGETS_UNEXPECTED, METRIC_TARGETS},
		{METRIC_ADMINS_PROTECTED, METRIC_ADMINS},
		{METRIC_ADMINS_UNPROTECTED, METRIC_ADMINS},
	};
	struct verdict *verdict = unit_verdict(*state, text, NULL, NULL);
	size_t with_max = 0;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_true(verdict->metrics[cases[i].metric].has_max);
		assert_true(verdict->metrics[cases[i].metric].max ==
			    verdict->metrics[cases[i].whole].value);
	}
	for (size_t i = 0; i < METRIC_COUNT; i++)
		with_max += verdict->metrics[i].has_max;
	assert_int_equal(with_max, COUNT_OF(cases));
}

static void test_only_the_judged_count(void **state)
{
	static const double judged[METRIC_COUNT] = {
		[METRIC_HOSTS] = 1,
		[METRIC_HOSTS_NOT_OK] = 1,
		[METRIC_TARGETS] = 2,
		[METRIC_TARGETS_UNEXPECTED] = 2,
		[METRIC_HOSTS_ANY_PROTOCOL] = 1,
		[METRIC_ADMINS] = 4,
		[METRIC_ADMINS_PROTECTED] = 1,
		[METRIC_ADMINS_UNPROTECTED] = 1,
		[METRIC_ADMINS_DISABLED] = 1,
		[METRIC_UNREADABLE] = 2,
	};
	static const char *const words[] = {"hv02", NULL};

	check_values(unit_verdict(*state, text, words, NULL), judged);
}

/* A finding counts against a host by its state, and only where it is about hosts. */
static void test_hosts_not_ok_follows_the_states(void **state)
{
	struct policy policy;

	policy_init(&policy);
	for (size_t i = 0; i < RULE_COUNT; i++)
		policy.states[i] = STATE_OK;
	policy.states[RULE_PROTOCOL_TRANSITION_MISSING] = STATE_UNKNOWN;
	policy.states[RULE_UNREADABLE] = STATE_WARNING;
	assert_true(unit_verdict(*state, text, NULL, &policy)->metrics[METRIC_HOSTS_NOT_OK].value ==
		    1); /* hv04 */
}

static void test_labels(void **state)
{
	static const char *const labels[METRIC_COUNT] = {"hosts",
							 "hosts_not_ok",
							 "hosts_unconstrained",
							 "hosts_any_protocol",
							 "hosts_kerberos_only",
							 "pairs",
							 "pairs_ready",
							 "targets",
							 "targets_unexpected",
							 "admins",
							 "admins_protected",
							 "admins_unprotected",
							 "admins_exempt",
							 "admins_disabled",
							 "drift",
							 "unreadable",
							 "time"};
	enum metric metric;

	(void)state;
	for (size_t i = 0; i < METRIC_COUNT; i++) {
		assert_string_equal(metric_label((enum metric)i), labels[i]);
		assert_string_equal(metric_unit((enum metric)i), i == METRIC_TIME ? "s" : "");
		assert_int_equal(metric_half((enum metric)i), i < METRIC_ADMINS  ? HALF_HOSTS
							      : i < METRIC_DRIFT ? HALF_ADMINS
										 : HALF_BOTH);
		assert_true(metric_parse(labels[i], strlen(labels[i]), &metric));
		assert_int_equal(metric, i);
	}
	assert_false(metric_parse("host", 4, &metric));
	assert_false(metric_parse("Hosts", 5, &metric));
	assert_false(metric_parse("", 0, &metric));
	assert_false(metric_parse("hosts_", 6, &metric));
	assert_true(metric_parse("hosts=5", 5, &metric));
}

static void test_state(void **state)
{
	struct metric_thresholds thresholds = {0};

	(void)state;
	assert_int_equal(metric_state(&thresholds, 1e9), STATE_OK);
	assert_true(range_parse("5", &thresholds.warning));
	assert_int_equal(metric_state(&thresholds, 5), STATE_OK);
	assert_int_equal(metric_state(&thresholds, 6), STATE_WARNING);
	assert_true(range_parse("10", &thresholds.critical));
	assert_int_equal(metric_state(&thresholds, 10), STATE_WARNING);
	assert_int_equal(metric_state(&thresholds, 11), STATE_CRITICAL);
}

static const struct host *host_of(const struct verdict *verdict, const char *name)
{
	return host_list_find(&verdict->snapshot->hosts, name, strlen(name));
}

/* Pairs count only those of declared groups; the exempt apart from the disabled. */
static void test_pairs_and_exemptions(void **state)
{
	static const char *hosts[] = {"hv01", "hv02", "hv03"};
	struct host_group group = {.name = "g", .hosts = {hosts, COUNT_OF(hosts)}};
	struct verdict *verdict;
	struct policy policy;

	policy_init(&policy);
	policy.groups = &group;
	policy.group_count = 1;
	text_list_add(*state, &policy.selection.exempt, "adam");
	text_list_add(*state, &policy.selection.exempt, "off");
	verdict = unit_verdict(*state, text, NULL, &policy);
	assert_int_equal(verdict->pairs.count, 6);
	assert_true(verdict->metrics[METRIC_PAIRS].value == 6);
	/* hv01 is unconstrained and not known to be of 2025 */
	assert_ptr_equal(verdict->pairs.items[0].source, host_of(verdict, "hv01"));
	assert_true(verdict->metrics[METRIC_PAIRS_READY].value == 2);
	assert_true(verdict->metrics[METRIC_PAIRS_READY].max == 6);
	assert_true(verdict->metrics[METRIC_ADMINS].value == 3);
	assert_true(verdict->metrics[METRIC_ADMINS_UNPROTECTED].value == 0);
	assert_true(verdict->metrics[METRIC_ADMINS_EXEMPT].value == 2);
	assert_true(verdict->metrics[METRIC_ADMINS_DISABLED].value == 0);
}

/* Every label is explained, in words that fit into one line of any format. */
static void test_sentences(void **state)
{
	(void)state;
	for (size_t i = 0; i < METRIC_COUNT; i++) {
		const char *sentence = metric_sentence((enum metric)i);

		assert_non_null(sentence);
		assert_true(strlen(sentence) > 10);
		assert_null(strpbrk(sentence, "\\\"\n<&"));
	}
}

UNIT_MAIN(UNIT_TEST(test_counts), UNIT_TEST(test_maxima), UNIT_TEST(test_only_the_judged_count),
	  UNIT_TEST(test_hosts_not_ok_follows_the_states), UNIT_TEST(test_labels),
	  UNIT_TEST(test_state), UNIT_TEST(test_pairs_and_exemptions), UNIT_TEST(test_sentences))
