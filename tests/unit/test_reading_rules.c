/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What could not be read becomes a finding, each thing once. */
#include "policy/verdict.h"

#include "unit.h"

#define HOST(uac)                                                                                  \
	UNIT_COMPUTER("hv01", "1101", uac,                                                         \
		      "servicePrincipalName: Microsoft Virtual Console Service/hv01\n")

static void test_unreadable(void **state)
{
	struct verdict *verdict =
		unit_verdict(*state, UNIT_HEALTHY_DOMAIN("", "") HOST("4096"), NULL, NULL);

	assert_string_equal(unit_findings(*state, verdict), "");
	assert_int_equal(verdict->state, STATE_OK);
	/* hv01 is a host and an admin: its hidden attribute is said under both names */
	verdict = unit_verdict(*state, UNIT_HEALTHY_DOMAIN(UNIT_MEMBER("hv01"), "") HOST("x"), NULL,
			       NULL);
	assert_string_equal(unit_findings(*state, verdict),
			    "unreadable UNKNOWN hv01 userAccountControl\n"
			    "unreadable UNKNOWN hv01$ userAccountControl\n");
	assert_int_equal(verdict->state, STATE_UNKNOWN);
	/* an unreadable member of several groups is one finding */
	verdict = unit_verdict(
		*state, UNIT_HEALTHY_DOMAIN(UNIT_MEMBER("gone"), UNIT_MEMBER("gone")) HOST("4096"),
		NULL, NULL);
	assert_string_equal(unit_findings(*state, verdict),
			    "unreadable UNKNOWN " UNIT_DN("gone") " member\n");
}

/* Classes of SPNs in the policy: those that there are, and slips. */
static void test_services(void **state)
{
	static const struct {
		const char *services, *findings;
	} cases[] = {
		{"microsoft virtual system migration service, CIFS, Hyper-V Replica Service", ""},
		{"http", ""}, /* HOST/ stands for it */
		{"Odd Service", ""},
		{"Microsoft Virtual System Migration, cifs",
		 "UNKNOWN Microsoft Virtual System Migration services\n"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *policy = memory_format(*state, "[group g]\nhosts=hv01\nservices=%s\n",
						   cases[i].services);
		struct verdict *verdict = unit_verdict(
			*state,
			UNIT_HEALTHY_DOMAIN("", "") UNIT_COMPUTER(
				"hv01", "1101", "4096",
				"servicePrincipalName: Microsoft Virtual Console Service/hv01\n"
				"servicePrincipalName: odd service/hv01\n"),
			NULL, unit_policy(*state, policy));

		assert_string_equal(unit_findings_of(*state, verdict, RULE_UNREADABLE),
				    cases[i].findings);
	}
}

static void test_incomplete(void **state)
{
	struct directory *directory =
		unit_directory(*state, DIRECTORY_LDIF, UNIT_HEALTHY_DOMAIN("", "") HOST("4096"));
	struct error error = {0};
	struct verdict *verdict;
	struct policy policy;

	policy_init(&policy);
	directory_add_gap(directory, "b.ldif", "size limit");
	directory_add_gap(directory, "a.ldif", "time limit");
	verdict = verdict_reach(
		*state, snapshot_build(*state, directory, &policy.selection, &error), &policy, 0);
	assert_string_equal(unit_findings(*state, verdict), "incomplete UNKNOWN a.ldif -\n"
							    "incomplete UNKNOWN b.ldif -\n");
	assert_string_equal(verdict->findings.items[0].detail, "time limit");
	assert_int_equal(verdict->state, STATE_UNKNOWN);
	assert_true(verdict->metrics[METRIC_UNREADABLE].value == 2);
}

UNIT_MAIN(UNIT_TEST(test_unreadable), UNIT_TEST(test_services), UNIT_TEST(test_incomplete))
