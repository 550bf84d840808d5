/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules about pairs: each fires, stays silent where it has to, and leaves to another
 * what that one says already. */
#include "ad/spn.h"
#include "policy/verdict.h"

#include "unit.h"

#define SPN(text) "servicePrincipalName: " text "\n"
#define TARGET(text) "msDS-AllowedToDelegateTo: " text "\n"
#define REGISTERED(cn)                                                                             \
	SPN(SPN_CLASS_MIGRATION "/" cn)                                                            \
	SPN(SPN_CLASS_MIGRATION "/" cn ".hv.test") SPN("HOST/" cn) SPN("HOST/" cn ".hv.test")
#define HOST(cn, rid, uac, extra) UNIT_COMPUTER(cn, rid, uac, REGISTERED(cn) NEW extra)
#define OLD "operatingSystemVersion: 6.3 (9600)\n"
#define NEW "operatingSystemVersion: 10.0 (20348)\n"
#define MIGRATES(cn)                                                                               \
	TARGET(SPN_CLASS_MIGRATION "/" cn) TARGET(SPN_CLASS_MIGRATION "/" cn ".hv.test")
#define COPIES(cn) TARGET("cifs/" cn) TARGET("cifs/" cn ".hv.test")
#define LISTS(cn) MIGRATES(cn) COPIES(cn)
#define PLAIN "4096"
#define OFF "4098"
#define TRANSITION "16781312"
#define UNCONSTRAINED "528384"
#define BOTH "[group g]\nhosts=hv01,hv02\n"
#define HV01_READY HOST("hv01", "1101", TRANSITION, LISTS("hv02"))
#define HV02_READY HOST("hv02", "1102", TRANSITION, LISTS("hv01"))

/* A line that lets hv01 delegate. */
static const char *grant_hv01(const void *context)
{
	static const char *const trustees[] = {UNIT_SID "-1101"};

	return unit_allowed_to_act(context, trustees, COUNT_OF(trustees));
}

static void test_target_missing(void **state)
{
	const enum rule rule = RULE_MIGRATION_TARGET_MISSING;
	const char *granted = memory_format(
		*state, "%s%s", HOST("hv01", "1101", PLAIN, ""),
		memory_format(*state, HOST("hv02", "1102", TRANSITION, LISTS("hv01") "%s"),
			      grant_hv01(*state)));
	const struct unit_rule_case cases[] = {
		/* clang-format off */
		{"ready", rule, BOTH, HV01_READY HV02_READY, {NULL}, ""},
		{"no group declared", rule, NULL, HOST("hv01", "1101", PLAIN, "") HV02_READY,
		 {NULL}, ""},
		{"nothing listed", rule, BOTH, HOST("hv01", "1101", TRANSITION, "") HV02_READY,
		 {NULL}, "CRITICAL hv01 hv02\n"},
		{"cifs not listed", rule, BOTH,
		 HOST("hv01", "1101", TRANSITION, MIGRATES("hv02")) HV02_READY, {NULL},
		 "CRITICAL hv01 hv02\n"},
		{"cifs not needed", rule, BOTH "services=" SPN_CLASS_MIGRATION "\n",
		 HOST("hv01", "1101", TRANSITION, MIGRATES("hv02")) HV02_READY, {NULL}, ""},
		{"both ways", rule, BOTH,
		 HOST("hv01", "1101", TRANSITION, "") HOST("hv02", "1102", TRANSITION, ""), {NULL},
		 "CRITICAL hv01 hv02\nCRITICAL hv02 hv01\n"},
		{"one name is enough", rule, BOTH,
		 HOST("hv01", "1101", TRANSITION, TARGET(SPN_CLASS_MIGRATION "/hv02")
		 TARGET("cifs/hv02.hv.test")) HV02_READY, {NULL}, ""},
		{"all that lacks is protocol transition", rule, BOTH,
		 HOST("hv01", "1101", PLAIN, LISTS("hv02")) HV02_READY, {NULL}, ""},
		{"protocol transition and cifs", rule, BOTH,
		 HOST("hv01", "1101", PLAIN, MIGRATES("hv02")) HV02_READY, {NULL},
		 "CRITICAL hv01 hv02\n"},
		{"protocol transition, which no other rule says", rule,
		 BOTH "services=cifs\n", HOST("hv01", "1101", PLAIN, COPIES("hv02")) HV02_READY,
		 {NULL}, "CRITICAL hv01 hv02\n"},
		{"granted", rule, BOTH, granted, {NULL}, ""},
		{"unconstrained", rule, BOTH, HOST("hv01", "1101", UNCONSTRAINED, "") HV02_READY,
		 {NULL}, ""},
		{"source disabled", rule, BOTH, HOST("hv01", "1101", OFF, "") HV02_READY, {NULL},
		 ""},
		{"destination disabled", rule, BOTH,
		 HOST("hv01", "1101", TRANSITION, "") HOST("hv02", "1102", OFF, ""), {NULL}, ""},
		{"source not judged", rule, BOTH, HOST("hv01", "1101", TRANSITION, "") HV02_READY,
		 {"hv02"}, ""},
		{"destination not judged", rule, BOTH,
		 HOST("hv01", "1101", TRANSITION, "") HV02_READY, {"hv01"},
		 "CRITICAL hv01 hv02\n"},
		{"two groups, one finding", rule, BOTH "[group h]\nhosts=hv0*\n",
		 HOST("hv01", "1101", TRANSITION, "") HV02_READY, {NULL},
		 "CRITICAL hv01 hv02\n"},
		{"targets cut short", rule, BOTH,
		 HOST("hv01", "1101", TRANSITION, "msDS-AllowedToDelegateTo;range=0-0: cifs/a\n")
		 HV02_READY, {NULL}, ""},
		{"source hidden", rule, BOTH, HOST("hv01", "1101", "x", LISTS("hv02")) HV02_READY,
		 {NULL}, ""},
		{"grant not readable: not missing", rule, BOTH,
		 HOST("hv01", "1101", TRANSITION, "") HOST("hv02", "1102", TRANSITION,
		 LISTS("hv01") "msDS-AllowedToActOnBehalfOfOtherIdentity:: 00\n"), {NULL}, ""},
		{"grant not readable: said, though not judged", RULE_UNREADABLE, BOTH,
		 HOST("hv01", "1101", TRANSITION, "") HOST("hv02", "1102", TRANSITION,
		 LISTS("hv01") "msDS-AllowedToActOnBehalfOfOtherIdentity:: 00\n"), {"hv01"},
		 "UNKNOWN hv02 msDS-AllowedToActOnBehalfOfOtherIdentity\n"},
		{"grant not readable: not needed", RULE_UNREADABLE, BOTH,
		 HV01_READY HOST("hv02", "1102", TRANSITION,
		 LISTS("hv01") "msDS-AllowedToActOnBehalfOfOtherIdentity:: 00\n"), {"hv01"}, ""},
		/* clang-format on */
	};

	unit_check_rules(*state, cases, COUNT_OF(cases));
}

static void test_lack_in_words(void **state)
{
	static const struct {
		const char *policy, *hv01, *words;
	} cases[] = {
		{BOTH, HOST("hv01", "1101", TRANSITION, ""),
		 "it does not list " SPN_CLASS_MIGRATION " and cifs for hv02"},
		{BOTH, HOST("hv01", "1101", TRANSITION, COPIES("hv02")),
		 "it does not list " SPN_CLASS_MIGRATION " for hv02"},
		{BOTH "services=cifs\n", HOST("hv01", "1101", PLAIN, COPIES("hv02")),
		 "its list of services is set to \"Kerberos only\""},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *text = memory_format(*state, "%s%s%s", UNIT_HEALTHY_DOMAIN("", ""),
						 cases[i].hv01, HV02_READY);
		const struct verdict *verdict =
			unit_verdict(*state, text, NULL, unit_policy(*state, cases[i].policy));
		const char *detail = NULL;

		for (size_t k = 0; k < verdict->findings.count; k++) {
			if (verdict->findings.items[k].rule == RULE_MIGRATION_TARGET_MISSING)
				detail = verdict->findings.items[k].detail;
		}
		unit_check(detail && strstr(detail, cases[i].words), "%s", detail);
	}
}

static void test_one_way(void **state)
{
	const enum rule rule = RULE_MIGRATION_ONE_WAY;
	const char *granted =
		memory_format(*state, HOST("hv02", "1102", TRANSITION, MIGRATES("hv01") "%s"),
			      grant_hv01(*state));
	const struct unit_rule_case cases[] = {
		/* clang-format off */
		{"not back", rule, NULL,
		 HOST("hv01", "1101", PLAIN, "") HOST("hv02", "1102", PLAIN, MIGRATES("hv01")),
		 {NULL}, "WARNING hv01 hv02\n"},
		{"cifs alone is no way", rule, NULL,
		 HOST("hv01", "1101", PLAIN, COPIES("hv02"))
		 HOST("hv02", "1102", PLAIN, MIGRATES("hv01")), {NULL}, "WARNING hv01 hv02\n"},
		{"back by one name", rule, NULL,
		 HOST("hv01", "1101", PLAIN, TARGET(SPN_CLASS_MIGRATION "/hv02"))
		 HOST("hv02", "1102", PLAIN, MIGRATES("hv01")), {NULL}, ""},
		{"back by RBCD", rule, NULL,
		 memory_format(*state, "%s%s", HOST("hv01", "1101", PLAIN, ""), granted), {NULL},
		 ""},
		{"back by the bit", rule, NULL,
		 HOST("hv01", "1101", UNCONSTRAINED, "")
		 HOST("hv02", "1102", PLAIN, MIGRATES("hv01")), {NULL}, ""},
		{"neither way", rule, NULL,
		 HOST("hv01", "1101", PLAIN, "") HOST("hv02", "1102", PLAIN, COPIES("hv01")),
		 {NULL}, ""},
		{"in one group", rule, BOTH,
		 HOST("hv01", "1101", PLAIN, "") HOST("hv02", "1102", PLAIN, MIGRATES("hv01")),
		 {NULL}, ""},
		{"in two groups", rule, "[group a]\nhosts=hv01\n[group b]\nhosts=hv02\n",
		 HOST("hv01", "1101", PLAIN, "") HOST("hv02", "1102", PLAIN, MIGRATES("hv01")),
		 {NULL}, "WARNING hv01 hv02\n"},
		{"not judged", rule, NULL,
		 HOST("hv01", "1101", PLAIN, "") HOST("hv02", "1102", PLAIN, MIGRATES("hv01")),
		 {"hv02"}, ""},
		{"the other is not judged", rule, NULL,
		 HOST("hv01", "1101", PLAIN, "") HOST("hv02", "1102", PLAIN, MIGRATES("hv01")),
		 {"hv01"}, "WARNING hv01 hv02\n"},
		{"targets cut short", rule, NULL,
		 HOST("hv01", "1101", PLAIN, "msDS-AllowedToDelegateTo;range=0-0: cifs/a\n")
		 HOST("hv02", "1102", PLAIN, MIGRATES("hv01")), {NULL}, ""},
		{"the bit hidden", rule, NULL,
		 HOST("hv01", "1101", "x", "") HOST("hv02", "1102", PLAIN, MIGRATES("hv01")),
		 {NULL}, ""},
		{"the grant not readable", rule, NULL,
		 HOST("hv01", "1101", PLAIN, "") HOST("hv02", "1102", PLAIN, MIGRATES("hv01")
		 "msDS-AllowedToActOnBehalfOfOtherIdentity:: 00\n"), {NULL}, ""},
		/* clang-format on */
	};

	unit_check_rules(*state, cases, COUNT_OF(cases));
}

static void test_name_missing(void **state)
{
	const enum rule rule = RULE_MIGRATION_NAME_MISSING;
	const struct unit_rule_case cases[] = {
		/* clang-format off */
		{"both names", rule, NULL, HV01_READY HV02_READY, {NULL}, ""},
		{"short only", rule, NULL,
		 HOST("hv01", "1101", PLAIN, TARGET("cifs/hv02")) HV02_READY, {NULL},
		 "WARNING hv01 hv02\n"},
		{"full only", rule, NULL,
		 HOST("hv01", "1101", PLAIN, TARGET(SPN_CLASS_MIGRATION "/HV02.hv.test"))
		 HV02_READY, {NULL}, "WARNING hv01 hv02\n"},
		{"both lack one: one finding", rule, NULL,
		 HOST("hv01", "1101", PLAIN, TARGET(SPN_CLASS_MIGRATION "/hv02")
		 TARGET("cifs/hv02.hv.test")) HV02_READY, {NULL}, "WARNING hv01 hv02\n"},
		{"another class", rule, NULL,
		 HOST("hv01", "1101", PLAIN, TARGET("http/hv02")) HV02_READY, {NULL}, ""},
		{"a class that its group requires", rule, "[group g]\nhosts=hv01\nservices=http\n",
		 HOST("hv01", "1101", PLAIN, TARGET("http/hv02")) HV02_READY, {NULL},
		 "WARNING hv01 hv02\n"},
		{"a class that another group requires", rule,
		 "[group g]\nhosts=hv02\nservices=http\n",
		 HOST("hv01", "1101", PLAIN, TARGET("http/hv02")) HV02_READY, {NULL}, ""},
		{"of itself", rule, NULL, HOST("hv01", "1101", PLAIN, TARGET("cifs/hv01")), {NULL},
		 ""},
		{"no full name", rule, NULL,
		 HOST("hv01", "1101", PLAIN, TARGET("cifs/hv02")) "dn: " UNIT_DN("hv02")
		 "\nobjectClass: computer\nobjectCategory: computer\nobjectSid: " UNIT_SID
		 "-1102\nsAMAccountName: hv02$\nuserAccountControl: 4096\n" REGISTERED("hv02"),
		 {NULL}, ""},
		{"targets cut short", rule, NULL,
		 HOST("hv01", "1101", PLAIN, "msDS-AllowedToDelegateTo;range=0-0: cifs/hv02\n")
		 HV02_READY, {NULL}, ""},
		{"not judged", rule, NULL,
		 HOST("hv01", "1101", PLAIN, TARGET("cifs/hv02")) HV02_READY, {"hv02"}, ""},
		/* clang-format on */
	};

	unit_check_rules(*state, cases, COUNT_OF(cases));
}

#define MUTE(cn, rid, extra)                                                                       \
	UNIT_COMPUTER(cn, rid, PLAIN, SPN(SPN_CLASS_CONSOLE "/" cn) SPN("HOST/" cn) extra)

static void test_unregistered(void **state)
{
	const enum rule rule = RULE_MIGRATION_SERVICE_UNREGISTERED;
	const struct unit_rule_case cases[] = {
		/* clang-format off */
		{"listed", rule, NULL,
		 MUTE("hv01", "1101", "") HOST("hv02", "1102", PLAIN, MIGRATES("hv01")), {NULL},
		 "WARNING hv01 -\n"},
		{"listed by its full name", rule, NULL,
		 MUTE("hv01", "1101", "")
		 HOST("hv02", "1102", PLAIN, TARGET(SPN_CLASS_MIGRATION "/hv01.hv.test")), {NULL},
		 "WARNING hv01 -\n"},
		{"listed by itself alone", rule, NULL, MUTE("hv01", "1101", MIGRATES("hv01")),
		 {NULL}, ""},
		{"not listed", rule, NULL,
		 MUTE("hv01", "1101", "") HOST("hv02", "1102", PLAIN, COPIES("hv01")), {NULL}, ""},
		{"in a group", rule, "[group g]\nhosts=hv01\n", MUTE("hv01", "1101", ""), {NULL},
		 "WARNING hv01 -\n"},
		{"in a group that does not require it", rule,
		 "[group g]\nhosts=hv01\nservices=cifs\n", MUTE("hv01", "1101", ""), {NULL}, ""},
		{"registered", rule, BOTH, HV01_READY HV02_READY, {NULL}, ""},
		{"not judged", rule, "[group g]\nhosts=hv0*\n",
		 MUTE("hv01", "1101", "") MUTE("hv02", "1102", ""), {"hv02"},
		 "WARNING hv02 -\n"},
		/* clang-format on */
	};

	unit_check_rules(*state, cases, COUNT_OF(cases));
}

UNIT_MAIN(UNIT_TEST(test_target_missing), UNIT_TEST(test_lack_in_words), UNIT_TEST(test_one_way),
	  UNIT_TEST(test_name_missing), UNIT_TEST(test_unregistered))
