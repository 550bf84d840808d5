/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The summary that both formats share, and which metrics they show. */
#include "policy/replica.h"
#include "report/report.h"

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
		assert_string_equal(report_summary(*state, &verdict), cases[i].summary);
	}
}

static void test_summary_is_short(void **state)
{
	static const double values[METRIC_COUNT] = {
		[METRIC_HOSTS] = 999999,      [METRIC_HOSTS_NOT_OK] = 999999,
		[METRIC_ADMINS] = 999999,     [METRIC_ADMINS_UNPROTECTED] = 100000,
		[METRIC_UNREADABLE] = 999999,
	};
	struct verdict verdict = verdict_of(*state, true, true, values);

	assert_true(strlen(report_summary(*state, &verdict)) < 120);
}

static void test_shows(void **state)
{
	static const double none[METRIC_COUNT] = {0};

	for (int halves = 1; halves < 4; halves++) {
		struct verdict verdict = verdict_of(*state, halves & 1, halves & 2, none);

		assert_int_equal(report_shows(&verdict, METRIC_PAIRS), (halves & 1) != 0);
		assert_int_equal(report_shows(&verdict, METRIC_ADMINS), (halves & 2) != 0);
		assert_true(report_shows(&verdict, METRIC_DRIFT));
		assert_true(report_shows(&verdict, METRIC_TIME));
	}
}

static void test_sort_findings(void **state)
{
	struct finding items[] = {
		{RULE_DRIFT, STATE_WARNING, "a", NULL, "", {0}, NULL},
		{RULE_DRIFT, STATE_OK, "b", NULL, "", {0}, NULL},
		{RULE_HOST_MISSING, STATE_CRITICAL, "c", NULL, "", {0}, NULL},
		{RULE_UNREADABLE, STATE_UNKNOWN, "d", NULL, "", {0}, NULL},
		{RULE_UNREADABLE, STATE_WARNING, "e", NULL, "", {0}, NULL},
	};
	const struct finding_list list = {items, COUNT_OF(items)};
	const struct finding **sorted = report_sort_findings(*state, &list);
	char subjects[COUNT_OF(items) + 1] = "";

	for (size_t i = 0; i < COUNT_OF(items); i++)
		subjects[i] = sorted[i]->subject[0];
	assert_string_equal(subjects, "caedb");
}

/* A finding about an account of the same name is no finding about the host. */
static void test_host_state(void **state)
{
	struct finding items[] = {
		{RULE_HOST_MISSING, STATE_CRITICAL, "hv01", NULL, "", {0}, NULL},
		{RULE_UNREADABLE, STATE_UNKNOWN, "hv01", NULL, "", {0}, NULL},
		{RULE_TARGET_UNKNOWN, STATE_WARNING, "hv01", "x", "", {0}, NULL},
		{RULE_UNCONSTRAINED_DELEGATION, STATE_CRITICAL, "hv02", NULL, "", {0}, NULL},
	};
	struct gap gap = {0};
	struct directory directory = {0}, catalogue = {.gaps = &gap, .gap_count = 1};
	struct snapshot snapshot = {.directory = &directory};
	struct policy policy = {0};
	struct verdict verdict = {
		.snapshot = &snapshot, .policy = &policy, .findings = {items, COUNT_OF(items)}};
	static const struct host one = {.name = "hv01"}, two = {.name = "hv02"},
				 three = {.name = "hv03"};

	(void)state;
	assert_int_equal(report_host_state(&verdict, &one), STATE_WARNING);
	assert_int_equal(report_host_state(&verdict, &two), STATE_CRITICAL);
	assert_int_equal(report_host_state(&verdict, &three), STATE_OK);
	directory.elsewhere = &catalogue;
	assert_int_equal(report_host_state(&verdict, &three), STATE_UNKNOWN);
	directory = catalogue;
	assert_int_equal(report_host_state(&verdict, &three), STATE_UNKNOWN);
	assert_int_equal(report_host_state(&verdict, &one), STATE_WARNING);
}

/* What another controller holds of a host is not known where it was not read whole. */
static void test_host_state_of_replicas(void **state)
{
	struct gap gap = {0};
	struct directory whole = {0}, cut = {.gaps = &gap, .gap_count = 1};
	struct snapshot judged = {.directory = &whole}, read_whole = {.directory = &whole},
			read_in_part = {.directory = &cut};
	const struct {
		const struct snapshot *snapshots[2];
		enum service_state expected;
	} cases[] = {
		{{&read_whole, &read_whole}, STATE_OK},
		{{&read_whole, NULL}, STATE_UNKNOWN},
		{{NULL, &read_whole}, STATE_UNKNOWN},
		{{&read_in_part, &read_whole}, STATE_UNKNOWN},
	};
	static const struct host host = {.name = "hv01"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct replica items[] = {{.server = "dc2", .snapshot = cases[i].snapshots[0]},
					  {.server = "dc3", .snapshot = cases[i].snapshots[1]}};
		struct replica_list replicas = {items, COUNT_OF(items)};
		struct policy policy = {.replicas = &replicas};
		struct verdict verdict = {.snapshot = &judged, .policy = &policy};

		assert_int_equal(report_host_state(&verdict, &host), cases[i].expected);
	}
}

UNIT_MAIN(UNIT_TEST(test_summary), UNIT_TEST(test_summary_is_short), UNIT_TEST(test_shows),
	  UNIT_TEST(test_sort_findings), UNIT_TEST(test_host_state),
	  UNIT_TEST(test_host_state_of_replicas))
