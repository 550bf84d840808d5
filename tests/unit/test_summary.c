/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one line that all formats share: counts, and what is worst. */
#include "report/summary.h"

#include "unit.h"

static struct verdict verdict_of(const void *context, bool hosts, bool admins, const double *values)
{
	struct policy *policy = memory_new(context, struct policy);
	struct verdict verdict = {.policy = policy};

	policy_init(policy);
	policy->selection.hosts = hosts;
	policy->selection.admins = admins;
	for (size_t i = 0; i < METRIC_COUNT; i++)
		verdict.metrics[i].value = values[i];
	return verdict;
}

static void test_summary(void **state)
{
	static const struct {
		bool hosts, admins;
		double values[METRIC_COUNT];
		const char *summary;
	} cases[] = {
		{true, true, {0}, "no host judged; no admin judged"},
		{true, false, {[METRIC_HOSTS] = 1}, "0 of 1 host wrong"},
		{true,
		 false,
		 {[METRIC_HOSTS] = 20, [METRIC_HOSTS_NOT_OK] = 2},
		 "2 of 20 hosts wrong"},
		{false,
		 true,
		 {[METRIC_ADMINS] = 1, [METRIC_ADMINS_UNPROTECTED] = 1},
		 "1 of 1 admin unprotected"},
		{false,
		 true,
		 {[METRIC_ADMINS] = 9, [METRIC_ADMINS_PROTECTED] = 9},
		 "0 of 9 admins unprotected"},
		{false,
		 true,
		 {[METRIC_ADMINS] = 9,
		  [METRIC_ADMINS_PROTECTED] = 4,
		  [METRIC_ADMINS_UNPROTECTED] = 2},
		 "2 of 9 admins unprotected, 3 not known"},
		{true,
		 true,
		 {[METRIC_HOSTS] = 2,
		  [METRIC_ADMINS] = 1,
		  [METRIC_ADMINS_PROTECTED] = 1,
		  [METRIC_UNREADABLE] = 1},
		 "0 of 2 hosts wrong; 0 of 1 admin unprotected; 1 thing could not be read"},
		{true,
		 false,
		 {[METRIC_HOSTS] = 2, [METRIC_UNREADABLE] = 7},
		 "0 of 2 hosts wrong; 7 things could not be read"},
		{true,
		 false,
		 {[METRIC_HOSTS] = 2, [METRIC_PAIRS] = 2, [METRIC_PAIRS_READY] = 1},
		 "0 of 2 hosts wrong, 1 of 2 pairs not ready"},
		{false,
		 true,
		 {[METRIC_ADMINS] = 1, [METRIC_PAIRS] = 0},
		 "0 of 1 admin unprotected, 1 not known"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct verdict verdict =
			verdict_of(*state, cases[i].hosts, cases[i].admins, cases[i].values);

		verdict.pairs.count = (size_t)cases[i].values[METRIC_PAIRS];
		assert_string_equal(summary_text(*state, &verdict, SUMMARY_MAX), cases[i].summary);
	}
}

/* What is worst, by a finding that no count tells of. */
static void test_worst(void **state)
{
	static const struct finding findings[] = {
		{.rule = RULE_ADMIN_UNPROTECTED, .state = STATE_CRITICAL, .subject = "adam"},
		{.rule = RULE_TARGET_UNKNOWN, .state = STATE_WARNING, .subject = "hv|1"},
		{.rule = RULE_UNCONSTRAINED_DELEGATION, .state = STATE_CRITICAL, .subject = "hv09"},
		{.rule = RULE_UNREADABLE,
		 .state = STATE_UNKNOWN,
		 .subject = "CN=somebody whose name is long,OU=of a long unit,DC=hv,DC=test"},
	};
	static const struct {
		enum service_state state;
		size_t first, count;
		const char *summary;
	} cases[] = {
		{STATE_OK, 0, 0, "0 of 1 host wrong"},
		{STATE_OK, 1, 2, "0 of 1 host wrong"},
		{STATE_CRITICAL, 0, 1, "0 of 1 host wrong"},
		{STATE_CRITICAL, 0, 3,
		 "0 of 1 host wrong; critical: hv09 (unconstrained-delegation)"},
		{STATE_WARNING, 0, 2, "0 of 1 host wrong; warning: hv|1 (target-unknown)"},
		{STATE_UNKNOWN, 3, 1,
		 "0 of 1 host wrong; unknown: CN=somebod...nit,DC=hv,DC=test "
		 "(unreadable)"},
	};
	static const double values[METRIC_COUNT] = {[METRIC_HOSTS] = 1};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct verdict verdict = verdict_of(*state, true, false, values);

		verdict.state = cases[i].state;
		verdict.findings.items = (struct finding *)(uintptr_t)findings + cases[i].first;
		verdict.findings.count = cases[i].count;
		assert_string_equal(summary_text(*state, &verdict, SUMMARY_MAX), cases[i].summary);
	}
}

static void test_threshold(void **state)
{
	static const struct {
		enum metric metric;
		const char *range, *summary;
	} cases[] = {
		{METRIC_HOSTS, "2:", "0 of 1 host wrong; critical: hosts below 2"},
		{METRIC_TIME, "~:0.1", "0 of 1 host wrong; critical: time above 0.1"},
		{METRIC_ADMINS_UNPROTECTED, "0", "0 of 1 host wrong"},
		{METRIC_ADMINS_UNPROTECTED, "5",
		 "0 of 1 host wrong; critical: admins_unprotected above 5"},
	};
	static const double values[METRIC_COUNT] = {
		[METRIC_HOSTS] = 1, [METRIC_TIME] = 0.25, [METRIC_ADMINS_UNPROTECTED] = 9};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct verdict verdict = verdict_of(*state, true, false, values);
		struct policy policy = *verdict.policy;

		assert_true(
			range_parse(cases[i].range, &policy.thresholds[cases[i].metric].critical));
		verdict.policy = &policy;
		verdict.state = STATE_CRITICAL;
		assert_string_equal(summary_text(*state, &verdict, SUMMARY_MAX), cases[i].summary);
	}
}

/* As long as it may be, and no longer: which parts are left out, in their order. What could not
 * be read is always told. */
static void test_length(void **state)
{
	static const struct finding finding = {
		.rule = RULE_MIGRATION_SERVICE_UNREGISTERED,
		.state = STATE_CRITICAL,
		.subject = "a-very-long-name-of-a-host-in-a-domain.example.com",
	};
	static const double values[METRIC_COUNT] = {
		[METRIC_HOSTS] = 999999,      [METRIC_HOSTS_NOT_OK] = 999999,
		[METRIC_ADMINS] = 999999,     [METRIC_ADMINS_UNPROTECTED] = 100000,
		[METRIC_UNREADABLE] = 999999, [METRIC_DRIFT] = 24,
		[METRIC_PAIRS] = 380,         [METRIC_PAIRS_READY] = 377,
	};
	struct verdict verdict = verdict_of(*state, true, true, values);
	size_t seen = 0;

	verdict.state = STATE_CRITICAL;
	verdict.pairs.count = 380;
	verdict.findings.items = (struct finding *)(uintptr_t)&finding;
	verdict.findings.count = 1;
	for (size_t max = 100; max < 300; max++) {
		const char *text = summary_text(*state, &verdict, max);
		size_t parts = 0;

		parts += strstr(text, "pairs") ? 1 : 0;
		parts += strstr(text, "baseline") ? 2 : 0;
		parts += strstr(text, "critical: a-very") ? 4 : 0;
		unit_check(strlen(text) <= max || !parts, "%zu: %s", max, text);
		assert_non_null(strstr(text, "; 999999 things could not be read"));
		seen |= (size_t)1 << parts;
	}
	/* none of them; the name; drift and the name; all */
	assert_int_equal(seen, 1 << 0 | 1 << 4 | 1 << 6 | 1 << 7);
}

UNIT_MAIN(UNIT_TEST(test_summary), UNIT_TEST(test_worst), UNIT_TEST(test_threshold),
	  UNIT_TEST(test_length))
