/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which metrics the formats show, the order of findings, the state of a host. */
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

UNIT_MAIN(UNIT_TEST(test_shows), UNIT_TEST(test_sort_findings), UNIT_TEST(test_host_state),
	  UNIT_TEST(test_host_state_of_replicas))
