/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules about privileged accounts: each fires, and each stays silent. */
#include "policy/verdict.h"

#include "unit.h"

#define HOST                                                                                       \
	UNIT_COMPUTER("hv01", "1101", "4096",                                                      \
		      "servicePrincipalName: Microsoft Virtual Console Service/hv01\n")
#define LEVEL_5(admin)                                                                             \
	UNIT_ROOTDSE("domainControllerFunctionality: 5\n")                                         \
	UNIT_DOMAIN("")                                                                            \
	UNIT_GROUP("a", "S-1-5-32-544", "")                                                        \
	UNIT_GROUP("d", UNIT_SID "-512", UNIT_MEMBER("adam"))                                      \
	UNIT_GROUP("p", UNIT_SID "-525", UNIT_MEMBER("adam"))                                      \
	UNIT_USER("root", "500", UNIT_SENSITIVE, "")                                               \
	UNIT_USER("krbtgt", "502", UNIT_DISABLED, "") admin

static void test_unprotected(void **state)
{
	static const struct {
		const char *name, *text, *findings, *detail;
	} cases[] = {
		{"protected", UNIT_HEALTHY_DOMAIN("", "") HOST, "", NULL},
		{"unprotected",
		 UNIT_HEALTHY_DOMAIN(UNIT_MEMBER("adam"), "")
			 HOST UNIT_USER("adam", "1001", UNIT_ENABLED, ""),
		 "WARNING adam -\n", "account is sensitive"},
		{"disabled",
		 UNIT_HEALTHY_DOMAIN(UNIT_MEMBER("adam"), "")
			 HOST UNIT_USER("adam", "1001", UNIT_DISABLED, ""),
		 "", NULL},
		{"not known",
		 UNIT_HEALTHY_DOMAIN(UNIT_MEMBER("adam"), "")
			 HOST UNIT_USER("adam", "1001", "x", ""),
		 "", NULL},
		{"by the group",
		 UNIT_HEALTHY_DOMAIN(UNIT_MEMBER("adam"), UNIT_MEMBER("adam"))
			 HOST UNIT_USER("adam", "1001", UNIT_ENABLED, ""),
		 "", NULL},
		{"the group at level 5", LEVEL_5(UNIT_USER("adam", "1001", UNIT_ENABLED, "")) HOST,
		 "WARNING adam -\n", "at this functional level"},
		{"RID 500 in the group",
		 UNIT_ROOTDSE("domainControllerFunctionality: 7\n") UNIT_DOMAIN("")
			 UNIT_GROUP("a", "S-1-5-32-544", "") UNIT_GROUP("d", UNIT_SID "-512", "")
				 UNIT_GROUP("p", UNIT_SID "-525", UNIT_MEMBER("root"))
					 UNIT_USER("root", "500", UNIT_ENABLED, "")
						 UNIT_USER("krbtgt", "502", UNIT_DISABLED, "") HOST,
		 "WARNING root -\n", "(RID 500)"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct verdict *verdict = unit_verdict(*state, cases[i].text, NULL, NULL);
		const char *findings = unit_findings_of(*state, verdict, RULE_ADMIN_UNPROTECTED);

		unit_check(!strcmp(findings, cases[i].findings), "%s: %s", cases[i].name, findings);
		unit_check(!cases[i].detail ||
				   strstr(verdict->findings.items[0].detail, cases[i].detail),
			   "%s: %s", cases[i].name, verdict->findings.items[0].detail);
	}
}

static void test_krbtgt(void **state)
{
	static const struct {
		const char *uac, *findings;
	} cases[] = {
		{"514", ""},
		{"1049090", "WARNING krbtgt -\n"},
		{"1049088", "WARNING krbtgt -\n"},
		{"x", ""},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *text =
			memory_format(*state,
				      UNIT_DOMAIN("") UNIT_USER("krbtgt", "502", "%s", "")
					      UNIT_USER("someone", "503", UNIT_SENSITIVE, ""),
				      cases[i].uac);
		struct verdict *verdict = unit_verdict(*state, text, NULL, NULL);

		assert_string_equal(unit_findings_of(*state, verdict, RULE_KRBTGT_NOT_DELEGABLE),
				    cases[i].findings);
	}
}

static void test_no_admins(void **state)
{
	struct policy policy;
	struct verdict *verdict = unit_verdict(*state, UNIT_DOMAIN(""), NULL, NULL);

	assert_string_equal(unit_findings_of(*state, verdict, RULE_NO_ADMINS),
			    "UNKNOWN hv.test -\n");
	verdict = unit_verdict(*state, UNIT_HEALTHY_DOMAIN("", ""), NULL, NULL);
	assert_string_equal(unit_findings_of(*state, verdict, RULE_NO_ADMINS), "");
	policy_init(&policy);
	policy.selection.admins = false;
	verdict = unit_verdict(*state, UNIT_DOMAIN("") HOST, NULL, &policy);
	assert_string_equal(unit_findings(*state, verdict), "");
}

static void test_operators(void **state)
{
	static const struct unit_rule_case cases[] = {
		/* clang-format off */
		{"delegable", RULE_OPERATOR_NOT_DELEGABLE, "[operators]\naccounts=op\n",
		 UNIT_USER("op", "1001", UNIT_ENABLED, ""), {NULL}, ""},
		{"sensitive", RULE_OPERATOR_NOT_DELEGABLE, "[operators]\naccounts=OP\n",
		 UNIT_USER("op", "1001", UNIT_SENSITIVE, ""), {NULL}, "CRITICAL op -\n"},
		{"not known", RULE_OPERATOR_NOT_DELEGABLE, "[operators]\naccounts=op\n",
		 UNIT_USER("op", "1001", "x", ""), {NULL}, ""},
		{"no operator", RULE_OPERATOR_NOT_DELEGABLE, NULL,
		 UNIT_USER("op", "1001", UNIT_SENSITIVE, ""), {NULL}, ""},
		{"an admin too", RULE_ADMIN_UNPROTECTED, "[operators]\naccounts=op\n",
		 UNIT_USER("op", "1001", UNIT_ENABLED, "primaryGroupID: 512\n"), {NULL},
		 "WARNING op -\n"},
		{"an exempt admin", RULE_ADMIN_UNPROTECTED,
		 "[operators]\naccounts=op\n[admins]\nexempt=op\n",
		 UNIT_USER("op", "1001", UNIT_ENABLED, "primaryGroupID: 512\n"), {NULL}, ""},
		/* clang-format on */
	};

	unit_check_rules(*state, cases, COUNT_OF(cases));
}

UNIT_MAIN(UNIT_TEST(test_unprotected), UNIT_TEST(test_krbtgt), UNIT_TEST(test_no_admins),
	  UNIT_TEST(test_operators))
