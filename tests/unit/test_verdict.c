/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one state that comes of findings and thresholds, and what a policy changes in it. */
#include "policy/verdict.h"

#include "unit.h"

#define HOST(cn, uac)                                                                              \
	UNIT_COMPUTER(cn, "1101", uac,                                                             \
		      "servicePrincipalName: Microsoft Virtual Console Service/x\n")
#define OK_DOMAIN UNIT_HEALTHY_DOMAIN("", "")
#define TWO_UNPROTECTED                                                                            \
	UNIT_HEALTHY_DOMAIN(UNIT_MEMBER("a") UNIT_MEMBER("b"), "")                                 \
	UNIT_USER("a", "1001", UNIT_ENABLED, "") UNIT_USER("b", "1002", UNIT_ENABLED, "")

static void test_policy_defaults(void **state)
{
	struct policy policy;

	(void)state;
	memset(&policy, 0xA5, sizeof policy);
	policy_init(&policy);
	assert_true(policy.selection.hosts && policy.selection.admins);
	assert_int_equal(policy.selection.host_word_count, 0);
	for (size_t i = 0; i < RULE_COUNT; i++)
		assert_int_equal(policy.states[i], rule_default_state((enum rule)i));
	for (size_t i = 0; i < METRIC_COUNT; i++) {
		assert_false(policy.thresholds[i].critical.given);
		assert_int_equal(policy.thresholds[i].warning.given,
				 i == METRIC_ADMINS_UNPROTECTED);
	}
	assert_string_equal(range_perfdata(&policy.thresholds[METRIC_ADMINS_UNPROTECTED].warning),
			    "0");
}

/* What could not be read never hides what was found. */
static void test_worst_state(void **state)
{
	static const struct {
		const char *name, *text;
		enum service_state state;
	} cases[] = {
		{"nothing", OK_DOMAIN HOST("hv01", "4096"), STATE_OK},
		{"unknown", OK_DOMAIN HOST("hv01", "x"), STATE_UNKNOWN},
		{"warning", OK_DOMAIN HOST("hv01", "16781312"), STATE_WARNING},
		{"critical", OK_DOMAIN HOST("hv01", "528384"), STATE_CRITICAL},
		{"unknown and warning", TWO_UNPROTECTED HOST("hv01", "x"), STATE_WARNING},
		{"warning and critical", TWO_UNPROTECTED HOST("hv01", "528384"), STATE_CRITICAL},
		{"no hosts", OK_DOMAIN, STATE_UNKNOWN},
		{"no hosts and warning", TWO_UNPROTECTED, STATE_WARNING},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		unit_check(unit_verdict(*state, cases[i].text, NULL, NULL)->state == cases[i].state,
			   "%s", cases[i].name);
}

static void test_grading_of_unprotected_admins(void **state)
{
	static const struct {
		const char *warning, *critical, *finding;
		enum service_state state;
	} cases[] = {
		{NULL, NULL, "WARNING", STATE_WARNING}, /* the default */
		{NULL, "1", "CRITICAL", STATE_CRITICAL},
		{NULL, "2", "WARNING", STATE_WARNING}, /* -c alone keeps -w 0 */
		{"2", NULL, "OK", STATE_OK},
		{"2", "5", "OK", STATE_OK},
		{"1", "5", "WARNING", STATE_WARNING},
		{"@2:2", NULL, "WARNING", STATE_WARNING},
		{"5", "0", "CRITICAL", STATE_CRITICAL},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct metric_thresholds *thresholds;
		struct verdict *verdict;
		struct policy policy;

		policy_init(&policy);
		/* the policy can not set this rule: its thresholds do */
		policy.states[RULE_ADMIN_UNPROTECTED] = STATE_UNKNOWN;
		thresholds = &policy.thresholds[METRIC_ADMINS_UNPROTECTED];
		if (cases[i].warning)
			assert_true(range_parse(cases[i].warning, &thresholds->warning));
		if (cases[i].critical)
			assert_true(range_parse(cases[i].critical, &thresholds->critical));
		verdict = unit_verdict(*state, TWO_UNPROTECTED HOST("hv01", "4096"), NULL, &policy);
		assert_string_equal(unit_findings_of(*state, verdict, RULE_ADMIN_UNPROTECTED),
				    memory_format(*state, "%s a -\n%s b -\n", cases[i].finding,
						  cases[i].finding));
		unit_check(verdict->state == cases[i].state, "case %zu", i);
	}
}

static void test_thresholds_without_finding(void **state)
{
	struct verdict *verdict;
	struct policy policy;

	policy_init(&policy);
	assert_true(range_parse("2:", &policy.thresholds[METRIC_HOSTS].critical));
	verdict = unit_verdict(*state, OK_DOMAIN HOST("hv01", "4096"), NULL, &policy);
	assert_int_equal(verdict->findings.count, 0);
	assert_int_equal(verdict->state, STATE_CRITICAL);
	policy_init(&policy);
	assert_true(range_parse("0.2", &policy.thresholds[METRIC_TIME].warning));
	verdict = unit_verdict(*state, OK_DOMAIN HOST("hv01", "4096"), NULL, &policy);
	assert_int_equal(verdict->state, STATE_WARNING);
}

static void test_a_rule_set_to_ok_is_still_listed(void **state)
{
	struct verdict *verdict;
	struct policy policy;

	policy_init(&policy);
	policy.states[RULE_UNCONSTRAINED_DELEGATION] = STATE_OK;
	verdict = unit_verdict(*state, OK_DOMAIN HOST("hv01", "528384"), NULL, &policy);
	assert_string_equal(unit_findings(*state, verdict), "unconstrained-delegation OK hv01 -\n");
	assert_int_equal(verdict->state, STATE_OK);
}

static void test_sorted_and_once(void **state)
{
	static const char *const words[] = {"zz", "aa", "zz", "hv01", NULL};
	struct verdict *verdict =
		unit_verdict(*state, TWO_UNPROTECTED HOST("hv01", "528384"), words, NULL);

	assert_string_equal(unit_findings(*state, verdict),
			    "admin-unprotected WARNING a -\nadmin-unprotected WARNING b -\n"
			    "host-missing CRITICAL aa -\nhost-missing CRITICAL zz -\n"
			    "unconstrained-delegation CRITICAL hv01 -\n");
}

/* Ordered pairs of one group, of judged sources, none known to be disabled. */
static void test_pairs(void **state)
{
	static const struct {
		const char *policy;
		const char *words[3];
		const char *pairs;
	} cases[] = {
		/* clang-format off */
		{"[hosts]\nallow=x/y\n", {NULL}, ""},
		{"[group g]\nhosts=hv01 hv02\n", {NULL}, "g hv01 hv02 n\ng hv02 hv01 y\n"},
		{"[group g]\nhosts=hv01 off hv03\n", {NULL}, "g hv01 hv03 n\ng hv03 hv01 ?\n"},
		{"[group g]\nhosts=hv01\n", {NULL}, ""},
		{"[group g]\nhosts=hv01 hv02\n", {"hv02"}, "g hv02 hv01 y\n"},
		{"[group h]\nhosts=hv02 hv01\n[group G]\nhosts=hv0[12]\n", {NULL},
		 "G hv01 hv02 n\nG hv02 hv01 y\nh hv01 hv02 n\nh hv02 hv01 y\n"},
		/* clang-format on */
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct verdict *verdict =
			unit_verdict(*state,
				     OK_DOMAIN HOST("hv01", "4096") HOST("hv02", "528384")
					     HOST("hv03", "x") HOST("off", "4098"),
				     cases[i].words, unit_policy(*state, cases[i].policy));
		char *text = memory_text(*state, "");
		double ready = 0;

		for (size_t k = 0; k < verdict->pairs.count; k++) {
			const struct pair *pair = &verdict->pairs.items[k];

			ready += pair->readiness.ready == TRUTH_YES;
			assert_int_equal(pair->services->count, 2);
			text = talloc_asprintf_append(text, "%s %s %s %c\n", pair->group,
						      pair->source->name, pair->destination->name,
						      unit_truth(pair->readiness.ready));
		}
		unit_check(!strcmp(text, cases[i].pairs), "%s%s", cases[i].policy, text);
		assert_true(verdict->metrics[METRIC_PAIRS].value == (double)verdict->pairs.count);
		assert_true(verdict->metrics[METRIC_PAIRS_READY].value == ready);
	}
}

/* The policy sets the state of every rule but one. */
static void test_states_of_the_policy(void **state)
{
	const struct verdict *verdict =
		unit_verdict(*state, OK_DOMAIN HOST("hv01", "528384"), NULL,
			     unit_policy(*state, "[rules]\nunconstrained-delegation = unknown\n"));

	assert_string_equal(unit_findings(*state, verdict),
			    "unconstrained-delegation UNKNOWN hv01 -\n");
	assert_int_equal(verdict->state, STATE_UNKNOWN);
}

UNIT_MAIN(UNIT_TEST(test_policy_defaults), UNIT_TEST(test_worst_state),
	  UNIT_TEST(test_grading_of_unprotected_admins), UNIT_TEST(test_thresholds_without_finding),
	  UNIT_TEST(test_a_rule_set_to_ok_is_still_listed), UNIT_TEST(test_sorted_and_once),
	  UNIT_TEST(test_pairs), UNIT_TEST(test_states_of_the_policy))
