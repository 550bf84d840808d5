/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom a host lets delegate to itself: peers and what the policy allows, nobody else. */
#include "ad/spn.h"
#include "policy/verdict.h"

#include "unit.h"

#define HOST(cn, rid)                                                                              \
	UNIT_COMPUTER(cn, rid, "4096", "servicePrincipalName: " SPN_CLASS_CONSOLE "/x\n")

/* clang-format off */
#define OTHERS                                                                                     \
	HOST("hv02", "1102")                                                                       \
	HOST("hv03", "1103")                                                                       \
	UNIT_COMPUTER("wac", "1201", "4096", "")                                                   \
	UNIT_USER("joe", "1202", "512", "")                                                        \
	UNIT_GROUP("peers", UNIT_SID "-1300", UNIT_MEMBER("hv01") UNIT_MEMBER("hv02"))             \
	UNIT_GROUP("nested", UNIT_SID "-1301", UNIT_MEMBER("peers"))                               \
	UNIT_GROUP("mixed", UNIT_SID "-1302", UNIT_MEMBER("hv02") UNIT_MEMBER("wac"))              \
	UNIT_GROUP("abroad", UNIT_SID "-1303", UNIT_MEMBER("hv02") "member: CN=x,DC=other\n")      \
	UNIT_GROUP("empty", UNIT_SID "-1304", "")                                                  \
	"dn: " UNIT_DN("list") "\nobjectClass: group\nsAMAccountName: list\ngroupType: 2\n"      \
	"objectSid: " UNIT_SID "-1308\n\n"                                                         \
	UNIT_GROUP("third", UNIT_SID "-1305", UNIT_MEMBER("hv03"))                                 \
	UNIT_GROUP("far", UNIT_SID "-1306", "member: CN=mgmt,DC=emea,DC=hv,DC=test\n")             \
	"dn: CN=mgmt,DC=emea,DC=hv,DC=test\nobjectClass: computer\nsAMAccountName: mgmt$\n"        \
	"objectSid: S-1-5-21-4-5-6-7\nuserAccountControl: 4096\n\n"                                \
	"dn: " UNIT_DN("nameless") "\nobjectClass: computer\nobjectSid: " UNIT_SID "-1401\n"   \
	"primaryGroupID: 515\n\n"
/* clang-format on */

struct rbcd_case {
	const char *policy;
	const char *trustee;    /* "" for no DACL at all */
	const char *unexpected; /* the objects of the findings */
	const char *unknown;
};

/* The objects of the findings of a rule, all of hv01. */
static const char *objects_of(const void *context, const struct verdict *verdict, enum rule rule)
{
	char *text = memory_text(context, "");

	for (size_t i = 0; i < verdict->findings.count; i++) {
		const struct finding *finding = &verdict->findings.items[i];

		if (finding->rule != rule)
			continue;
		assert_string_equal(finding->subject, "hv01");
		text = talloc_asprintf_append(text, "%s%s", *text ? " " : "", finding->object);
	}
	return text;
}

static const struct verdict *judge(const void *context, const char *policy, const char *trustee,
				   const char *const *words)
{
	/* a descriptor without DACL: revision, control flags, four offsets of zero */
	const char *line = *trustee ? unit_allowed_to_act(context, &trustee, 1)
				    : "msDS-AllowedToActOnBehalfOfOtherIdentity:: "
				      "0100008000000000000000000000000000000000\n";
	const char *text = memory_format(
		context,
		UNIT_HEALTHY_DOMAIN("", "")
			UNIT_COMPUTER("hv01", "1101", "4096",
				      "servicePrincipalName: " SPN_CLASS_CONSOLE "/x\n%s") OTHERS,
		line);

	return unit_verdict(context, text, words, policy ? unit_policy(context, policy) : NULL);
}

static void test_trustees(void **state)
{
	static const char two[] = "[group g]\nhosts=hv01,hv02\n[group h]\nhosts=hv03\n";
	static const struct rbcd_case cases[] = {
		/* clang-format off */
		{NULL, UNIT_SID "-1102", "", ""},
		{NULL, UNIT_SID "-1103", "", ""},
		{two, UNIT_SID "-1102", "", ""},
		{two, UNIT_SID "-1103", "hv03", ""}, /* a host, but no peer */
		{NULL, UNIT_SID "-1101", "hv01", ""}, /* the host itself */
		{NULL, UNIT_SID "-1201", "wac$", ""},
		{NULL, UNIT_SID "-1202", "joe", ""},
		{NULL, "S-1-1-0", "S-1-1-0", ""},
		{NULL, "S-1-5-11", "S-1-5-11", ""},
		{NULL, "", "S-1-1-0", ""},
		{NULL, "S-1-5-32-545", "S-1-5-32-545", ""},
		{NULL, "S-1-5-21-9-9-9-1000", "S-1-5-21-9-9-9-1000", ""},
		/* groups: all members are peers, the host itself or allowed */
		{NULL, UNIT_SID "-1300", "", ""},
		{NULL, UNIT_SID "-1301", "", ""},
		{NULL, UNIT_SID "-1302", "mixed", ""},
		{NULL, UNIT_SID "-1303", "abroad", ""},
		{NULL, UNIT_SID "-1304", "empty", ""}, /* whoever fills it gives the right away */
		{"[hosts]\ntrustees=empty\n", UNIT_SID "-1304", "", ""},
		{NULL, UNIT_SID "-1308", "", ""}, /* a distribution group is in no token */
		{NULL, UNIT_SID "-1305", "", ""},
		{two, UNIT_SID "-1305", "third", ""},
		{"[hosts]\ntrustees=wac\n", UNIT_SID "-1302", "", ""},
		{"[hosts]\ntrustees=mixed\n", UNIT_SID "-1302", "", ""},
		{"[hosts]\ntrustees=abroad\n", UNIT_SID "-1303", "", ""},
		/* allowed by the policy */
		{"[hosts]\ntrustees=wac$\n", UNIT_SID "-1201", "", ""},
		{"[hosts]\ntrustees=WA?\n", UNIT_SID "-1201", "", ""},
		{"[hosts]\ntrustees=" UNIT_SID "-1201\n", UNIT_SID "-1201", "", ""},
		{"[hosts]\ntrustees=S-1-5-11\n", "S-1-5-11", "", ""},
		{"[hosts]\ntrustees=S-1-5-21-9-9-9-1000\n", "S-1-5-21-9-9-9-1000", "", ""},
		{"[group g]\nhosts=hv01\ntrustees=joe\n", UNIT_SID "-1202", "", ""},
		{"[group g]\nhosts=hv02\ntrustees=joe\n", UNIT_SID "-1202", "joe", ""},
		{"[hosts]\ntrustees=hv01\n", UNIT_SID "-1101", "", ""},
		/* accounts of other domains, and those without a name, by no pattern of names */
		{NULL, UNIT_SID "-1306", "far", ""},
		{"[hosts]\ntrustees=mgmt*, s*, *\n", UNIT_SID "-1306", "", ""}, /* the group itself */
		{"[hosts]\ntrustees=mgmt*, s*\n", UNIT_SID "-1306", "far", ""},
		{"[hosts]\ntrustees=mgmt*@emea.hv.test\n", UNIT_SID "-1306", "", ""},
		{"[hosts]\ntrustees=Mgmt$@EMEA.hv.test\n", UNIT_SID "-1306", "", ""},
		{"[hosts]\ntrustees=S-1-5-21-4-5-6-*\n", UNIT_SID "-1306", "", ""},
		{"[hosts]\ntrustees=s*, *\n", "S-1-5-11", "S-1-5-11", ""},
		{"[hosts]\ntrustees=S-1-*\n", "S-1-5-11", "S-1-5-11", ""},
		{"[hosts]\ntrustees=S-1-*\n", "S-1-5-21-9-9-9-1000", "", ""},
		{"[hosts]\ntrustees=s*, *\n", UNIT_SID "-1401", UNIT_SID "-1401", ""},
		/* an orphan is the other rule's alone, allowed or not */
		{NULL, UNIT_SID "-9999", "", UNIT_SID "-9999"},
		{"[hosts]\ntrustees=" UNIT_SID "-9999\n", UNIT_SID "-9999", "", UNIT_SID "-9999"},
		/* clang-format on */
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct verdict *verdict =
			judge(*state, cases[i].policy, cases[i].trustee, NULL);
		const char *unexpected = objects_of(*state, verdict, RULE_RBCD_UNEXPECTED_TRUSTEE);
		const char *unknown = objects_of(*state, verdict, RULE_RBCD_UNKNOWN_TRUSTEE);

		unit_check(!strcmp(unexpected, cases[i].unexpected), "case %zu: %s", i, unexpected);
		unit_check(!strcmp(unknown, cases[i].unknown), "case %zu: %s", i, unknown);
	}
}

static void test_states_and_words(void **state)
{
	const struct verdict *verdict = judge(*state, NULL, UNIT_SID "-1302", NULL);

	assert_string_equal(unit_findings_of(*state, verdict, RULE_RBCD_UNEXPECTED_TRUSTEE),
			    "CRITICAL hv01 mixed\n");
	/* the member that is none stands in the sentence */
	assert_non_null(strstr(verdict->findings.items[0].detail, "wac$ in it is no host"));
	verdict = judge(*state, NULL, UNIT_SID "-1303", NULL);
	assert_non_null(strstr(verdict->findings.items[0].detail, "CN=x,DC=other in it is of"));
	verdict = judge(*state, NULL, "S-1-1-0", NULL);
	assert_non_null(strstr(verdict->findings.items[0].detail, "everybody may act"));
	verdict = judge(*state, NULL, UNIT_SID "-9999", NULL);
	assert_string_equal(unit_findings_of(*state, verdict, RULE_RBCD_UNKNOWN_TRUSTEE),
			    "WARNING hv01 " UNIT_SID "-9999\n");
}

static void test_not_judged(void **state)
{
	static const char *const words[] = {"hv02", NULL};

	assert_string_equal(unit_findings(*state, judge(*state, NULL, "S-1-1-0", words)), "");
	assert_string_equal(unit_findings(*state, judge(*state, NULL, UNIT_SID "-9", words)), "");
}

/* A trustee of the policy that the directory lacks. */
static void test_words_of_nobody(void **state)
{
	const struct verdict *verdict =
		judge(*state,
		      "[hosts]\ntrustees=slip, none*, joe, S-1-5-21-1-2-3-77, "
		      "mgmt$@emea.hv.test, slip@emea.hv.test\n",
		      UNIT_SID "-1102", NULL);

	assert_string_equal(unit_findings_of(*state, verdict, RULE_UNREADABLE),
			    "UNKNOWN S-1-5-21-1-2-3-77 trustees\nUNKNOWN slip trustees\n"
			    "UNKNOWN slip@emea.hv.test trustees\n");
}

UNIT_MAIN(UNIT_TEST(test_trustees), UNIT_TEST(test_states_and_words), UNIT_TEST(test_not_judged),
	  UNIT_TEST(test_words_of_nobody))
