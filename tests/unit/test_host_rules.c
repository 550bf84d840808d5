/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules about hosts: each fires, and each stays silent where it has to. */
#include "policy/verdict.h"

#include "unit.h"

#define MIGRATION "Microsoft Virtual System Migration Service/"
#define CONSOLE "servicePrincipalName: Microsoft Virtual Console Service/x\n"
#define TARGET(text) "msDS-AllowedToDelegateTo: " text "\n"
#define OLD "operatingSystemVersion: 6.3 (9600)\n"
#define NEW "operatingSystemVersion: 10.0 (20348)\n"
#define HOST(cn, rid, uac, extra) UNIT_COMPUTER(cn, rid, uac, CONSOLE extra)
#define PLAIN "4096"
#define OFF "4098"
#define UNCONSTRAINED "528384"
#define TRANSITION "16781312"
#define TRANSITION_OFF "16781314"
#define UNCONSTRAINED_OFF "528386"
#define CONTROLLER "532480"

struct rule_case {
	const char *name;
	enum rule rule;
	const char *entries;
	const char *words[3];
	const char *findings;
};

static void check_cases(const void *context, const struct rule_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *text = memory_format(context, "%s%s", UNIT_HEALTHY_DOMAIN("", ""),
						 cases[i].entries);
		struct verdict *verdict = unit_verdict(context, text, cases[i].words, NULL);
		const char *findings = unit_findings_of(context, verdict, cases[i].rule);

		unit_check(!strcmp(findings, cases[i].findings), "%s: %s", cases[i].name, findings);
	}
}

static void test_unconstrained(void **state)
{
	const enum rule rule = RULE_UNCONSTRAINED_DELEGATION;
	const struct rule_case cases[] = {
		/* clang-format off */
		{"on", rule, HOST("HV01", "1", UNCONSTRAINED, ""), {NULL}, "CRITICAL hv01 -\n"},
		{"on and disabled", rule, HOST("hv01", "1", UNCONSTRAINED_OFF, ""), {NULL},
		 "CRITICAL hv01 -\n"},
		{"off", rule, HOST("hv01", "1", PLAIN, ""), {NULL}, ""},
		{"hidden", rule, HOST("hv01", "1", "x", ""), {NULL}, ""},
		{"a domain controller", rule, HOST("dc1", "1", CONTROLLER, ""), {NULL}, ""},
		{"not judged", rule,
		 HOST("hv01", "1", UNCONSTRAINED, "") HOST("hv02", "2", UNCONSTRAINED, ""),
		 {"hv02"}, "CRITICAL hv02 -\n"},
		{"no host", rule, UNIT_COMPUTER("pc", "1", UNCONSTRAINED, ""), {NULL}, ""},
		/* clang-format on */
	};

	check_cases(*state, cases, COUNT_OF(cases));
}

static void test_transition_missing(void **state)
{
	const enum rule rule = RULE_PROTOCOL_TRANSITION_MISSING;
	const struct rule_case cases[] = {
		/* clang-format off */
		{"missing", rule, HOST("hv01", "1", PLAIN, NEW TARGET(MIGRATION "hv02")), {NULL},
		 "CRITICAL hv01 -\n"},
		{"version unknown", rule, HOST("hv01", "1", PLAIN, TARGET(MIGRATION "hv02")),
		 {NULL}, "CRITICAL hv01 -\n"},
		{"class in other case", rule,
		 HOST("hv01", "1", PLAIN, NEW TARGET("cifs/a")
		 TARGET("MICROSOFT virtual system migration service/hv02")), {NULL},
		 "CRITICAL hv01 -\n"},
		{"there", rule, HOST("hv01", "1", TRANSITION, NEW TARGET(MIGRATION "hv02")),
		 {NULL}, ""},
		{"older", rule, HOST("hv01", "1", PLAIN, OLD TARGET(MIGRATION "hv02")), {NULL},
		 ""},
		{"no migration target", rule,
		 HOST("hv01", "1", PLAIN, NEW TARGET("cifs/hv02")
		 TARGET("Microsoft Virtual System Migration Service")), {NULL}, ""},
		{"no target", rule, HOST("hv01", "1", PLAIN, NEW), {NULL}, ""},
		{"hidden", rule, HOST("hv01", "1", "x", NEW TARGET(MIGRATION "hv02")), {NULL},
		 ""},
		{"not judged", rule,
		 HOST("hv01", "1", PLAIN, NEW TARGET(MIGRATION "hv02"))
		 HOST("hv02", "2", PLAIN, NEW), {"hv02"}, ""},
		/* clang-format on */
	};

	check_cases(*state, cases, COUNT_OF(cases));
}

static void test_transition_unneeded(void **state)
{
	const enum rule rule = RULE_PROTOCOL_TRANSITION_UNNEEDED;
	const struct rule_case cases[] = {
		/* clang-format off */
		{"no target", rule, HOST("hv01", "1", TRANSITION, NEW), {NULL},
		 "WARNING hv01 -\n"},
		{"version unknown, no target", rule, HOST("hv01", "1", TRANSITION, ""), {NULL},
		 "WARNING hv01 -\n"},
		{"older, with targets", rule, HOST("hv01", "1", TRANSITION, OLD TARGET("cifs/a")),
		 {NULL}, "WARNING hv01 -\n"},
		{"older, no target", rule, HOST("hv01", "1", TRANSITION, OLD), {NULL},
		 "WARNING hv01 -\n"},
		{"needed", rule, HOST("hv01", "1", TRANSITION, NEW TARGET("cifs/a")), {NULL}, ""},
		{"version unknown, with targets", rule,
		 HOST("hv01", "1", TRANSITION, TARGET("cifs/a")), {NULL}, ""},
		{"off", rule, HOST("hv01", "1", PLAIN, OLD), {NULL}, ""},
		{"hidden", rule, HOST("hv01", "1", "x", OLD), {NULL}, ""},
		{"not judged", rule,
		 HOST("hv01", "1", TRANSITION, OLD) HOST("hv02", "2", PLAIN, NEW), {"hv02"}, ""},
		/* clang-format on */
	};

	check_cases(*state, cases, COUNT_OF(cases));
}

static void test_missing(void **state)
{
	const enum rule rule = RULE_HOST_MISSING;
	const struct rule_case cases[] = {
		/* clang-format off */
		{"a name", rule, HOST("hv01", "1", PLAIN, ""), {"hv01", "hv09"},
		 "CRITICAL hv09 -\n"},
		{"a name that is there", rule, UNIT_COMPUTER("pc", "1", PLAIN, ""),
		 {"PC.hv.test"}, ""},
		{"a pattern is another rule's", rule, HOST("hv01", "1", PLAIN, ""), {"x*"}, ""},
		{"a pattern that matches nothing", RULE_UNREADABLE, HOST("hv01", "1", PLAIN, ""),
		 {"x*"}, "UNKNOWN x* host\n"},
		{"a pattern that matches", RULE_UNREADABLE, HOST("hv01", "1", PLAIN, ""), {"hv*"},
		 ""},
		{"a cluster object is another rule's", rule,
		 UNIT_COMPUTER("cl1", "1", PLAIN,
		 "servicePrincipalName: MSClusterVirtualServer/cl1\n"), {"cl1"}, ""},
		{"a user is no computer", rule,
		 UNIT_USER("joe", "1", "512", "objectCategory: CN=Person,CN=Schema\n"), {"joe"},
		 "CRITICAL joe -\n"},
		{"none asked for", rule, "", {NULL}, ""},
		/* clang-format on */
	};

	check_cases(*state, cases, COUNT_OF(cases));
}

static void test_disabled(void **state)
{
	static const char *const trustee[] = {UNIT_SID "-77"};
	const char *granting = memory_format(*state, HOST("hv01", "1", OFF, "%s"),
					     unit_allowed_to_act(*state, trustee, 1));
	const enum rule rule = RULE_HOST_DISABLED;
	const struct rule_case cases[] = {
		/* clang-format off */
		{"nothing to delegate", rule, HOST("hv01", "1", OFF, ""), {NULL}, ""},
		{"unconstrained", rule, HOST("hv01", "1", UNCONSTRAINED_OFF, ""), {NULL},
		 "WARNING hv01 -\n"},
		{"protocol transition", rule, HOST("hv01", "1", TRANSITION_OFF, ""), {NULL},
		 "WARNING hv01 -\n"},
		{"targets", rule, HOST("hv01", "1", OFF, TARGET("cifs/a")), {NULL},
		 "WARNING hv01 -\n"},
		{"RBCD", rule, granting, {NULL}, "WARNING hv01 -\n"},
		{"listed by another", rule,
		 HOST("hv01", "1", OFF, "") HOST("hv02", "2", PLAIN, TARGET("cifs/HV01.hv.test")),
		 {NULL}, "WARNING hv01 -\n"},
		{"listed by an SPN it owns", rule,
		 HOST("hv01", "1", OFF, "servicePrincipalName: x/alias\n")
		 HOST("hv02", "2", PLAIN, TARGET("x/alias")), {NULL}, "WARNING hv01 -\n"},
		{"listed by an alias of HOST", rule,
		 HOST("hv01", "1", OFF, "servicePrincipalName: HOST/alias\n")
		 HOST("hv02", "2", PLAIN, TARGET("cifs/alias")), {NULL}, "WARNING hv01 -\n"},
		{"another listed", rule,
		 HOST("hv01", "1", OFF, "") HOST("hv02", "2", PLAIN, TARGET("cifs/hv03")), {NULL},
		 ""},
		{"enabled", rule,
		 HOST("hv01", "1", UNCONSTRAINED, "")
		 HOST("hv02", "2", PLAIN, TARGET("cifs/hv01")), {NULL}, ""},
		{"hidden", rule, HOST("hv01", "1", "x", TARGET("cifs/a")), {NULL}, ""},
		{"not judged", rule,
		 HOST("hv01", "1", UNCONSTRAINED_OFF, "") HOST("hv02", "2", PLAIN, ""), {"hv02"},
		 ""},
		{"listed by one that is not judged", rule,
		 HOST("hv01", "1", OFF, "") HOST("hv02", "2", PLAIN, TARGET("cifs/hv01")),
		 {"hv01"}, "WARNING hv01 -\n"},
		/* clang-format on */
	};

	check_cases(*state, cases, COUNT_OF(cases));
}

static void test_no_hosts(void **state)
{
	const enum rule rule = RULE_NO_HOSTS;
	const struct rule_case cases[] = {
		/* clang-format off */
		{"none", rule, UNIT_COMPUTER("pc", "1", PLAIN, ""), {NULL},
		 "UNKNOWN hv.test -\n"},
		{"one", rule, HOST("hv01", "1", OFF, ""), {NULL}, ""},
		{"one that is not judged", rule, HOST("hv01", "1", OFF, ""), {"x*"}, ""},
		/* clang-format on */
	};
	struct policy policy;
	struct verdict *verdict;

	check_cases(*state, cases, COUNT_OF(cases));
	policy_init(&policy);
	policy.selection.hosts = false;
	verdict = unit_verdict(*state, UNIT_HEALTHY_DOMAIN("", ""), NULL, &policy);
	assert_string_equal(unit_findings(*state, verdict), "");
}

/* What the details have to say beside the finding. */
static void test_details(void **state)
{
	struct verdict *verdict = unit_verdict(
		*state,
		UNIT_HEALTHY_DOMAIN("", "") HOST("guess", "1", UNCONSTRAINED, "")
			HOST("known", "2", UNCONSTRAINED, NEW) HOST("off", "3", OFF, "")
				HOST("lists", "4", PLAIN, NEW TARGET("cifs/off")),
		NULL, NULL);
	struct verdict *listed =
		unit_verdict(*state,
			     UNIT_HEALTHY_DOMAIN("", "") HOST("off", "3", OFF, "")
				     HOST("c", "4", PLAIN, NEW TARGET("cifs/off"))
					     HOST("a", "5", PLAIN, NEW TARGET("cifs/off"))
						     HOST("b", "6", PLAIN, NEW TARGET("cifs/off")),
			     NULL, NULL);

	assert_string_equal(unit_findings(*state, verdict),
			    "host-disabled WARNING off -\n"
			    "target-unknown WARNING lists cifs/off\n"
			    "unconstrained-delegation CRITICAL guess -\n"
			    "unconstrained-delegation CRITICAL known -\n");
	assert_non_null(strstr(verdict->findings.items[0].detail, "but lists may still delegate"));
	assert_non_null(strstr(listed->findings.items[0].detail,
			       "but a and 2 other hosts may still delegate"));
	assert_non_null(strstr(verdict->findings.items[2].detail, "its version can not be read"));
	assert_null(strstr(verdict->findings.items[3].detail, "its version can not be read"));
}

UNIT_MAIN(UNIT_TEST(test_unconstrained), UNIT_TEST(test_transition_missing),
	  UNIT_TEST(test_transition_unneeded), UNIT_TEST(test_missing), UNIT_TEST(test_disabled),
	  UNIT_TEST(test_no_hosts), UNIT_TEST(test_details))
