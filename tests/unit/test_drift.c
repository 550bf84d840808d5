/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rule drift between two exports, and when and where what drifted was changed. */
#include "policy/drift.h"

#include "policy/baseline.h"
#include "policy/drift_change.h"
#include "report/json_output.h"
#include "unit.h"

#define HOST(cn, rid, uac, extra) UNIT_COMPUTER(cn, rid, uac, extra) UNIT_CONNECTION_POINT(cn)
#define DOMAIN UNIT_HEALTHY_DOMAIN("", "")
#define TARGETS(a, b) "msDS-AllowedToDelegateTo: " a "\nmsDS-AllowedToDelegateTo: " b "\n"
#define CONFIGURATION "configurationNamingContext: CN=Configuration," UNIT_ROOT "\n"

/* The verdict on now by policy, with a report on then as its baseline. */
static struct verdict *verdict_between(void **state, const char *then, const char *now,
				       struct policy *policy)
{
	struct report report = {.verdict = unit_verdict(*state, then, NULL, NULL),
				.version = "1",
				.read_at = "2030-01-01T00:00:00Z"};
	char *text = json_output(*state, &report);
	struct error error = {0};

	policy->baseline = baseline_parse(*state, text, strlen(text), &error);
	unit_check(policy->baseline, "%s", error.text);
	return unit_verdict(*state, now, NULL, policy);
}

/* "subject object: detail\n" for each finding of drift. */
static const char *drift(void **state, const struct verdict *verdict)
{
	char *text = memory_text(*state, "");

	for (size_t i = 0; i < verdict->findings.count; i++) {
		const struct finding *finding = &verdict->findings.items[i];

		if (finding->rule == RULE_DRIFT)
			text = memory_format(*state, "%s%s %s: %s\n", text, finding->subject,
					     finding->object ? finding->object : "-",
					     finding->detail);
	}
	return text;
}

#define NEW "it could not be read for the baseline and is known now: "
#define ACCEPT "; accept it where it is right\n"

static void test_facts(void **state)
{
	static const struct {
		const char *then, *now, *drift;
	} cases[] = {
		{HOST("hv01", "1001", "4096", ""), HOST("hv01", "1001", "4096", ""), ""},
		{HOST("hv01", "1001", "4096", ""), HOST("HV01", "1001", "4096", ""), ""},
		{HOST("hv01", "1001", "4096", ""), HOST("hv01", "1001", "4098", ""),
		 "hv01 enabled: the account was disabled\n"},
		{HOST("hv01", "1001", "4098", ""), HOST("hv01", "1001", "4096", ""),
		 "hv01 enabled: the account was enabled\n"},
		{HOST("hv01", "1001", "4096", ""), HOST("hv01", "1001", "528384", ""),
		 "hv01 unconstrained: unconstrained delegation was switched on\n"},
		{HOST("hv01", "1001", "16781312", ""), HOST("hv01", "1001", "4096", ""),
		 "hv01 protocol_transition: \"use any authentication protocol\" was switched "
		 "off\n"},
		{HOST("hv01", "1001", "4096", TARGETS("cifs/a", "cifs/b")),
		 HOST("hv01", "1001", "4096", TARGETS("CIFS/B", "cifs/A")), ""},
		{HOST("hv01", "1001", "4096", TARGETS("cifs/a", "cifs/b")),
		 HOST("hv01", "1001", "4096", TARGETS("cifs/a", "cifs/c")),
		 "hv01 targets: added cifs/c; removed cifs/b\n"},
		{HOST("hv01", "1001", "4096", ""),
		 HOST("hv01", "1001", "4096", TARGETS("cifs/a", "cifs/A")),
		 "hv01 targets: added cifs/A\n"},
		/* renamed: the SID is the same */
		{HOST("hv01", "1001", "4096", ""), HOST("hv09", "1001", "4098", ""),
		 "hv09 enabled: the account was disabled\n"},
		/* unreadable on one side */
		{HOST("hv01", "1001", "x", ""), HOST("hv01", "1001", "4096", ""),
		 "hv01 enabled: " NEW "yes" ACCEPT "hv01 protocol_transition: " NEW "no" ACCEPT
		 "hv01 unconstrained: " NEW "no" ACCEPT},
		{HOST("hv01", "1001", "4096", "msDS-AllowedToActOnBehalfOfOtherIdentity:: 00\n"),
		 HOST("hv01", "1001", "4096", ""), "hv01 rbcd_trustees: " NEW "nothing" ACCEPT},
		{HOST("hv01", "1001", "x", ""), HOST("hv01", "1001", "x", ""), ""},
		{HOST("hv01", "1001", "4096", ""), HOST("hv01", "1001", "x", ""), ""},
		{HOST("hv01", "1001", "4096", TARGETS("cifs/a", "cifs/b")),
		 HOST("hv01", "1001", "4096", "msDS-AllowedToDelegateTo;range=0-0: cifs/a\n"), ""},
		{HOST("hv01", "1001", "4096", ""),
		 HOST("hv01", "1001", "4096", "msDS-AllowedToActOnBehalfOfOtherIdentity:: 00\n"),
		 ""},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *then = memory_format(*state, "%s%s", DOMAIN, cases[i].then);
		const char *now = memory_format(*state, "%s%s", DOMAIN, cases[i].now);
		struct verdict *verdict =
			verdict_between(state, then, now, unit_policy(*state, "\n"));

		unit_check(!strcmp(drift(state, verdict), cases[i].drift), "case %zu: %s", i,
			   drift(state, verdict));
	}
}

static void test_admins(void **state)
{
	static const char then[] = UNIT_HEALTHY_DOMAIN(UNIT_MEMBER("a") UNIT_MEMBER("b"), "")
		UNIT_USER("a", "1101", UNIT_ENABLED, "") UNIT_USER("b", "1102", UNIT_SENSITIVE, "");
	static const char now[] =
		UNIT_HEALTHY_DOMAIN(UNIT_MEMBER("a") UNIT_MEMBER("c"), UNIT_MEMBER("a"))
			UNIT_USER("a", "1101", UNIT_SENSITIVE, "")
				UNIT_USER("c", "1103", UNIT_SENSITIVE, "");
	struct verdict *verdict = verdict_between(state, then, now, unit_policy(*state, "\n"));

	assert_string_equal(unit_findings_of(*state, verdict, RULE_DRIFT),
			    "WARNING a not_delegated\nWARNING a protected_users\nWARNING b -\n"
			    "WARNING c -\n");
	assert_int_equal(verdict->metrics[METRIC_DRIFT].value, 4);
}

/* Members that can not be read: whom they may be is not gone. */
static void test_admins_unreadable(void **state)
{
	static const char then[] = UNIT_HEALTHY_DOMAIN(UNIT_MEMBER("a") UNIT_MEMBER("b"), "")
		UNIT_USER("a", "1101", UNIT_SENSITIVE, "")
			UNIT_USER("b", "1102", UNIT_SENSITIVE, "");
	static const struct {
		const char *now, *drift;
	} cases[] = {
		/* of the two only a can not be read */
		{UNIT_HEALTHY_DOMAIN(UNIT_MEMBER("a"), ""), "WARNING b -\n"},
		/* what can not be read may be a group that both are in */
		{UNIT_HEALTHY_DOMAIN(UNIT_MEMBER("group"), ""), ""},
		{UNIT_HEALTHY_DOMAIN("", ""), "WARNING a -\nWARNING b -\n"},
		/* a member of another domain is known to be no group of ours */
		{UNIT_HEALTHY_DOMAIN("member: CN=x,DC=other,DC=test\n", ""),
		 "WARNING a -\nWARNING b -\nWARNING CN=x,DC=other,DC=test -\n"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct verdict *verdict =
			verdict_between(state, then, cases[i].now, unit_policy(*state, "\n"));
		const char *found = unit_findings_of(*state, verdict, RULE_DRIFT);

		unit_check(!strcmp(found, cases[i].drift), "case %zu: %s", i, found);
	}
}

static void test_gone_and_new(void **state)
{
	static const char then[] =
		DOMAIN HOST("hv01", "1001", "4096", "") HOST("hv02", "1002", "4096", "");
	static const char now[] =
		DOMAIN HOST("hv01", "1009", "4096", "") HOST("hv03", "1003", "4096", "");
	static const struct {
		const char *judged, *drift;
	} cases[] = {
		{NULL, "WARNING hv01 -\nWARNING hv02 -\nWARNING hv03 -\n"},
		{"hv01", "WARNING hv01 -\n"},
		{"hv02*", "WARNING hv02 -\n"},
		{"HV02.hv.test", "WARNING hv02 -\n"},
		{"hv03", "WARNING hv03 -\n"},
		{"nobody", ""},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct policy *policy = unit_policy(*state, "\n");
		struct verdict *verdict;
		const char *found;

		if (cases[i].judged)
			text_list_add(*state, &policy->selection.judged, cases[i].judged);
		verdict = verdict_between(state, then, now, policy);
		found = unit_findings_of(*state, verdict, RULE_DRIFT);

		unit_check(!strcmp(found, cases[i].drift), "case %zu: %s", i, found);
		assert_null(drift_change_accounts(*state, verdict).items);
	}
}

/* A word of the policy that means nobody does not tell that the account is there. */
static void test_gone_and_in_policy(void **state)
{
	static const char then[] =
		UNIT_HEALTHY_DOMAIN(UNIT_MEMBER("a"), "") UNIT_USER("a", "1101", UNIT_SENSITIVE, "")
			HOST("hv01", "1001", "4096", "") HOST("hv02", "1002", "4096", "");
	static const char now[] = DOMAIN HOST("hv01", "1001", "4096", "");
	static const char *const policies[] = {"[hosts]\ntrustees = a, hv02\n",
					       "[operators]\naccounts = a, hv02\n",
					       "[admins]\nexempt = a, hv02$\n"};

	for (size_t i = 0; i < COUNT_OF(policies); i++) {
		struct verdict *verdict =
			verdict_between(state, then, now, unit_policy(*state, policies[i]));
		const char *found = unit_findings_of(*state, verdict, RULE_DRIFT);

		unit_check(!strcmp(found, "WARNING a -\nWARNING hv02 -\n"), "%s: %s", policies[i],
			   found);
	}
}

static void test_list_sentence(void **state)
{
	static const char *const words[] = {"a", "b", "c", "d", "e", "f", "g"};
	struct text_list then = {0}, now = {0};

	assert_null(drift_list_sentence(*state, &then, &now, false));
	for (size_t i = 0; i < 5; i++)
		text_list_add(*state, &now, words[i]);
	assert_string_equal(drift_list_sentence(*state, &then, &now, false), "added a, b, c, d, e");
	text_list_add(*state, &now, words[5]);
	text_list_add(*state, &then, words[6]);
	assert_string_equal(drift_list_sentence(*state, &then, &now, false),
			    "added a, b, c and 3 more; removed g");
	assert_string_equal(drift_list_sentence(*state, &now, &then, false),
			    "added g; removed a, b, c and 3 more");
	assert_string_equal(drift_list_sentence(*state, &now, &then, true),
			    "added g; removed a, b, c, d, e, f");
}

#define ORIGIN_1 "11111111111111111111111111111111"
#define ORIGIN_2 "22222222222222222222222222222222"
#define USNS "00000000000000000000000000000000"
/* version 3, 2025-11-27T12:07:06Z */
#define CHANGED(attribute, origin)                                                                 \
	attribute "03000000"                                                                       \
		  "eacf381f03000000" origin USNS
#define METADATA(count, items)                                                                     \
	"replPropertyMetaData:: 0100000000000000" count "00000000000000" items "\n"
#define CONTROLLER(cn, origin)                                                                     \
	"dn: CN=NTDS Settings,CN=" cn ",CN=Servers,CN=Site,CN=Sites,CN=Configuration," UNIT_ROOT   \
	"\ninvocationId:: " origin "\n\n"

static void test_changes(void **state)
{
	static const char then[] =
		DOMAIN HOST("hv01", "1001", "4096", "") HOST("hv02", "1002", "4096", "");
	static const char now[] = DOMAIN HOST("hv01", "1001", "4098", TARGETS("cifs/a", "cifs/b"))
		HOST("hv02", "1002", "4098", "");
	static const char answers[] = "dn: " UNIT_DN("hv01") "\n" METADATA(
		"02", CHANGED("08000900", ORIGIN_1)
			      CHANGED("fb060900", ORIGIN_2)) "\n" CONTROLLER("DC1", ORIGIN_1)
		CONTROLLER("DC3", "33");
	struct verdict *verdict = verdict_between(state, then, now, unit_policy(*state, "\n"));
	struct text_list accounts = drift_change_accounts(*state, verdict);
	struct directory *changes = unit_directory(*state, DIRECTORY_LDAP, answers);
	struct guid_list origins = drift_change_origins(*state, verdict, changes);
	struct finding *found[3] = {0};
	size_t count = 0;

	assert_int_equal(accounts.count, 2);
	assert_string_equal(accounts.items[0], UNIT_DN("hv01"));
	assert_int_equal(origins.count, 2);
	drift_change_tell(verdict, changes);
	for (size_t i = 0; i < verdict->findings.count; i++) {
		if (verdict->findings.items[i].rule == RULE_DRIFT && count < COUNT_OF(found))
			found[count++] = &verdict->findings.items[i];
	}
	assert_int_equal(count, 3);
	assert_true(found[0]->changed.known && found[1]->changed.known);
	assert_string_equal(found[0]->changed.on, "DC1");
	assert_string_equal(found[0]->changed.at, "2025-11-27T12:07:06Z");
	assert_int_equal(found[0]->changed.version, 3);
	assert_string_equal(found[0]->detail,
			    "the account was disabled; userAccountControl was last changed "
			    "2025-11-27T12:07:06Z on DC1 (version 3): event 4742 in the security "
			    "log there tells who did it");
	assert_string_equal(found[1]->changed.on, "22222222-2222-2222-2222-222222222222");
	assert_false(found[2]->changed.known);
	assert_string_equal(found[2]->detail,
			    "the account was disabled; when and where userAccountControl was "
			    "changed can not be read");
}

UNIT_MAIN(UNIT_TEST(test_facts), UNIT_TEST(test_admins), UNIT_TEST(test_admins_unreadable),
	  UNIT_TEST(test_gone_and_new), UNIT_TEST(test_gone_and_in_policy),
	  UNIT_TEST(test_list_sentence), UNIT_TEST(test_changes))
