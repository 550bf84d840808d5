/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The privileged accounts: who is one, by which groups, and what protects each from being
 * delegated (protection.c too). What can not be told is never "no". */
#include "model/admin.h"

#include "model/privileged_group.h"

#include "unit.h"

#define LEVEL(n) UNIT_ROOTDSE("domainControllerFunctionality: " n "\n")
#define LOW "msDS-Behavior-Version: 5\n"
#define ADMIN(cn, rid, uac) UNIT_USER(cn, rid, uac, "")

/* "name facts via,via" for each admin, facts being enabled, not delegated, in Protected
 * Users, protected. */
static const char *admins_of(const void *context, const struct snapshot *snapshot)
{
	char *text = memory_text(context, "");

	for (size_t i = 0; i < snapshot->admins.count; i++) {
		const struct admin *admin = &snapshot->admins.items[i];

		text = talloc_asprintf_append(
			text, "%s %c%c%c%c", admin->name, unit_truth(admin->enabled),
			unit_truth(admin->not_delegated), unit_truth(admin->protected_users),
			unit_truth(admin->protected));
		for (size_t k = 0; k < admin->via.count; k++)
			text = talloc_asprintf_append(text, "%c%s", k ? ',' : ' ',
						      strrchr(admin->via.items[k], '-') + 1);
		text = talloc_strdup_append(text, "\n");
	}
	return text;
}

struct admin_case {
	const char *name, *text, *admins, *unreadable;
};

static void check_cases(const void *context, const struct admin_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct snapshot *snapshot = unit_snapshot(context, cases[i].text, NULL);
		const char *admins = admins_of(context, snapshot);
		const char *unreadable = unit_unreadable(context, &snapshot->unreadable);

		unit_check(!strcmp(admins, cases[i].admins), "%s:\n%s", cases[i].name, admins);
		unit_check(!strcmp(unreadable, cases[i].unreadable), "%s:\n%s", cases[i].name,
			   unreadable);
	}
}

#define HEALTHY(admins, protected_users) UNIT_HEALTHY_DOMAIN(admins, protected_users)
#define RID_500 "Administrator yyny 512,544\n"

static void test_who_is_an_admin(void **state)
{
	static const struct admin_case cases[] = {
		/* clang-format off */
		{"healthy", HEALTHY("", ""), RID_500, ""},
		{"RID 500 outside of every group",
		 LEVEL("7") UNIT_DOMAIN("")
		 UNIT_GROUP("Administrators", "S-1-5-32-544", UNIT_MEMBER("Domain Admins"))
		 UNIT_GROUP("Domain Admins", UNIT_SID "-512", "")
		 UNIT_GROUP("Protected Users", UNIT_SID "-525", "")
		 ADMIN("root", "500", UNIT_ENABLED) ADMIN("krbtgt", "502", UNIT_DISABLED),
		 "root ynnn\n", ""},
		{"by several ways, sorted by name",
		 HEALTHY(UNIT_MEMBER("zoe") UNIT_MEMBER("nested"), "")
		 UNIT_GROUP("nested", UNIT_SID "-1200", UNIT_MEMBER("Adam"))
		 UNIT_GROUP("backup", "S-1-5-32-551", UNIT_MEMBER("Adam"))
		 ADMIN("zoe", "1001", UNIT_ENABLED) ADMIN("Adam", "1002", UNIT_ENABLED),
		 "Adam ynnn 512,544,551\n" RID_500 "zoe ynnn 512,544\n", ""},
		{"computers and managed service accounts count",
		 HEALTHY(UNIT_MEMBER("hv01") UNIT_MEMBER("gmsa"), "")
		 UNIT_COMPUTER("hv01", "1001", "4096", "") "dn: " UNIT_DN("gmsa")
		 "\nobjectClass: computer\nobjectClass: msDS-GroupManagedServiceAccount\n"
		 "objectSid: " UNIT_SID
		 "-1002\nsAMAccountName: gmsa$\nuserAccountControl: 4096\nprimaryGroupID: 515\n", RID_500
		 "gmsa$ ynnn 512,544\nhv01$ ynnn 512,544\n", ""},
		{"a distribution group counts",
		 HEALTHY(UNIT_MEMBER("list"), "") "dn: " UNIT_DN("list")
		 "\nobjectClass: group\ngroupType: 2\nobjectSid: " UNIT_SID
		 "-1200\nsAMAccountName: list\n" UNIT_MEMBER("adam") "\n"
		 ADMIN("adam", "1001", UNIT_ENABLED), "adam ynnn 512,544\n" RID_500, ""},
		{"primary group",
		 HEALTHY("", "") UNIT_USER("adam", "1001", UNIT_ENABLED, "primaryGroupID: 512\n"),
		 "adam ynnn 512,544\n" RID_500, ""},
		{"adminCount proves nothing",
		 HEALTHY("", "") UNIT_USER("adam", "1001", UNIT_ENABLED, "adminCount: 1\n"),
		 RID_500, ""},
		{"a contact is none, a member not read is said",
		 HEALTHY(UNIT_MEMBER("c") UNIT_MEMBER("gone"), "") "dn: " UNIT_DN("c")
		 "\nobjectClass: contact\n", RID_500, UNIT_DN("gone") " member\n"},
		{"other domains",
		 HEALTHY("member: CN=x,DC=other\n" UNIT_MEMBER("S-1-5-11") UNIT_MEMBER("S-1-5-9"),
		 "") "dn: " UNIT_DN("S-1-5-11")
		 "\nobjectClass: foreignSecurityPrincipal\nobjectSid: S-1-5-11\n\ndn: "
		 UNIT_DN("S-1-5-9") "\nobjectClass: foreignSecurityPrincipal\n", RID_500
		 "CN=x,DC=other ???? 512,544\nS-1-5-11 ???? 512,544\nS-1-5-9 ???? 512,544\n",
		 "CN=x,DC=other member\nS-1-5-11 member\nS-1-5-9 member\n"},
		{"same name, by DN",
		 HEALTHY("member: CN=b,OU=x," UNIT_ROOT "\nmember: CN=b,OU=w," UNIT_ROOT "\n", "")
		 "dn: CN=b,OU=x," UNIT_ROOT
		 "\nobjectClass: user\nsAMAccountName: same\nobjectSid: " UNIT_SID
		 "-1\nuserAccountControl: 512\n\ndn: CN=b,OU=w," UNIT_ROOT
		 "\nobjectClass: user\nsAMAccountName: same\nobjectSid: " UNIT_SID
		 "-2\nuserAccountControl: 514\n", RID_500
		 "same nnnn 512,544\nsame ynnn 512,544\n", ""},
		/* clang-format on */
	};

	check_cases(*state, cases, COUNT_OF(cases));
}

#define WITH_LEVEL(level, protected_users) WITH_LEVELS(level, "", protected_users)
#define WITH_LEVELS(level, own, protected_users)                                                   \
	level UNIT_DOMAIN(own) UNIT_GROUP(                                                         \
		"Administrators", "S-1-5-32-544",                                                  \
		"member: CN=c," UNIT_ROOT                                                          \
		"\n") "dn: " UNIT_DN("c") "\nobjectClass: contact\n\n" UNIT_GROUP("Domain Admins", \
										  UNIT_SID "-512", \
										  UNIT_MEMBER(     \
											  "adam")) \
		UNIT_GROUP("Protected Users", UNIT_SID "-525", protected_users)                    \
			ADMIN("krbtgt", "502", UNIT_DISABLED)
#define SENSITIVE_500 ADMIN("root", "500", UNIT_SENSITIVE)
#define ADAM ADMIN("adam", "1001", UNIT_ENABLED)
#define IN_GROUP UNIT_MEMBER("adam")
#define ADAM_WITHOUT_UAC                                                                           \
	"dn: " UNIT_DN("adam") "\nobjectClass: user\nobjectSid: " UNIT_SID                         \
			       "-1001\nsAMAccountName: adam\n\n"

static void test_protection(void **state)
{
	static const struct admin_case cases[] = {
		/* clang-format off */
		{"by the bit",
		 WITH_LEVEL(LEVEL("7"), "") ADMIN("adam", "1001", UNIT_SENSITIVE) SENSITIVE_500,
		 "adam yyny 512\nroot yyny\n", ""},
		{"by the group", WITH_LEVEL(LEVEL("7"), IN_GROUP) ADAM SENSITIVE_500,
		 "adam ynyy 512\nroot yyny\n", ""},
		{"by the group, nested",
		 WITH_LEVEL(LEVEL("6"), UNIT_MEMBER("inner"))
		 UNIT_GROUP("inner", UNIT_SID "-1200", IN_GROUP) ADAM SENSITIVE_500,
		 "adam ynyy 512\nroot yyny\n", ""},
		{"not by a distribution group",
		 WITH_LEVEL(LEVEL("7"), UNIT_MEMBER("list")) "dn: " UNIT_DN("list")
		 "\nobjectClass: group\nsAMAccountName: list\ngroupType: 2\nobjectSid: " UNIT_SID
		 "-1200\n" IN_GROUP "\n" ADAM SENSITIVE_500, "adam ynnn 512\nroot yyny\n", ""},
		{"level 5 protects nobody", WITH_LEVEL(LEVEL("5"), IN_GROUP) ADAM SENSITIVE_500,
		 "adam ynyn 512\nroot yyny\n", ""},
		{"a domain of level 5",
		 WITH_LEVELS(LEVEL("7"), LOW, IN_GROUP UNIT_MEMBER("root")) ADAM
		 ADMIN("root", "500", UNIT_ENABLED), "adam yny? 512\nroot ynyn\n",
		 "hv.test msDS-Behavior-Version\n"},
		{"a domain of level 5, nobody to judge by it",
		 WITH_LEVELS(LEVEL("7"), LOW, IN_GROUP) ADMIN("adam", "1001", UNIT_SENSITIVE)
		 SENSITIVE_500, "adam yyyy 512\nroot yyny\n", ""},
		{"a domain and a controller of level 5",
		 WITH_LEVELS(LEVEL("5"), LOW, IN_GROUP) ADAM SENSITIVE_500,
		 "adam ynyn 512\nroot yyny\n", ""},
		{"a domain of level 5, that of the controller unknown",
		 WITH_LEVELS("", LOW, IN_GROUP) ADAM SENSITIVE_500,
		 "adam yny? 512\nroot yyny\n", "hv.test msDS-Behavior-Version\n"},
		{"level unknown",
		 WITH_LEVEL("", IN_GROUP UNIT_MEMBER("root")) ADAM
		 ADMIN("root", "500", UNIT_ENABLED), "adam yny? 512\nroot ynyn\n",
		 "hv.test domainControllerFunctionality\n"},
		{"level unknown, nobody to judge by it",
		 WITH_LEVEL("", UNIT_MEMBER("root")) ADAM SENSITIVE_500,
		 "adam ynnn 512\nroot yyyy\n", ""},
		{"level unknown, the one is disabled",
		 WITH_LEVEL("", IN_GROUP) ADMIN("adam", "1001", UNIT_DISABLED) SENSITIVE_500,
		 "adam nny? 512\nroot yyny\n", ""},
		{"RID 500 in the group",
		 WITH_LEVEL(LEVEL("7"), UNIT_MEMBER("root")) ADAM
		 ADMIN("root", "500", UNIT_ENABLED), "adam ynnn 512\nroot ynyn\n", ""},
		{"hidden userAccountControl, in the group",
		 WITH_LEVEL(LEVEL("7"), IN_GROUP) ADAM_WITHOUT_UAC SENSITIVE_500,
		 "adam ??yy 512\nroot yyny\n", "adam userAccountControl\n"},
		{"hidden userAccountControl, not in the group",
		 WITH_LEVEL(LEVEL("7"), "") ADAM_WITHOUT_UAC SENSITIVE_500,
		 "adam ??n? 512\nroot yyny\n", "adam userAccountControl\n"},
		{"Protected Users cut short",
		 WITH_LEVEL(LEVEL("7"), "member;range=0-0: " UNIT_DN("root") "\n") ADAM
		 ADMIN("root", "500", UNIT_ENABLED), "adam yn?? 512\nroot ynyn\n",
		 "Protected Users member\n"},
		{"a member of Protected Users that can not be read",
		 WITH_LEVEL(LEVEL("7"), UNIT_MEMBER("gone")) ADAM SENSITIVE_500,
		 "adam ynnn 512\nroot yyny\n", UNIT_DN("gone") " member\n"},
		{"in the group, no SID",
		 WITH_LEVEL(LEVEL("7"), IN_GROUP) "dn: " UNIT_DN("adam")
		 "\nobjectClass: user\nsAMAccountName: adam\nuserAccountControl: 512\n\n"
		 SENSITIVE_500, "adam yny? 512\nroot yyny\n", "adam objectSid\n"},
		/* clang-format on */
	};

	check_cases(*state, cases, COUNT_OF(cases));
}

#define BARE(level, groups) level UNIT_DOMAIN("") groups ADMIN("krbtgt", "502", UNIT_DISABLED)

static void test_what_must_be_there(void **state)
{
	static const struct admin_case cases[] = {
		/* clang-format off */
		{"525 at level 6", BARE(LEVEL("6"), "") ADMIN("root", "500", UNIT_ENABLED),
		 "root yn?n\n", "S-1-5-21-1-2-3-512 objectSid\nS-1-5-21-1-2-3-525 objectSid\n"
		 "S-1-5-32-544 objectSid\n"},
		{"525 below level 6", BARE(LEVEL("5"), "") ADMIN("root", "500", UNIT_ENABLED),
		 "root ynnn\n", "S-1-5-21-1-2-3-512 objectSid\nS-1-5-32-544 objectSid\n"},
		{"525 at level unknown", BARE("", "") ADMIN("root", "500", UNIT_ENABLED),
		 "root yn?n\n", "S-1-5-21-1-2-3-512 objectSid\nS-1-5-32-544 objectSid\n"},
		{"500", BARE(LEVEL("5"), UNIT_GROUP("a", "S-1-5-32-544", UNIT_MEMBER("a"))), "",
		 "S-1-5-21-1-2-3-500 objectSid\nS-1-5-21-1-2-3-512 objectSid\n"},
		{"502", LEVEL("5") UNIT_DOMAIN(""), "",
		 "S-1-5-21-1-2-3-500 objectSid\nS-1-5-21-1-2-3-502 objectSid\n"
		 "S-1-5-21-1-2-3-512 objectSid\nS-1-5-32-544 objectSid\n"},
		{"the SID of the domain",
		 "dn: DC=hv,DC=test\nobjectClass: domainDNS\n\n"
		 UNIT_GROUP("Administrators", "S-1-5-32-544", UNIT_MEMBER("adam")) ADAM,
		 "adam yn?? 544\n", "hv.test domainControllerFunctionality\nhv.test objectSid\n"},
		/* clang-format on */
	};

	check_cases(*state, cases, COUNT_OF(cases));
}

static void test_privileged_groups(void **state)
{
	static const struct {
		const char *text, *sids;
	} cases[] = {
		{UNIT_DOMAIN(""), "512 526 518 519 527 544 548 549 550 551 552 578"},
		{UNIT_ROOTDSE("rootDomainNamingContext: DC=test\n") UNIT_DOMAIN(""),
		 "512 526 544 548 549 550 551 552 578"},
		{"dn: DC=hv,DC=test\nobjectClass: domainDNS\n", "544 548 549 550 551 552 578"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct selection none = {0};
		struct error error;
		struct domain *domain = domain_read(
			*state, unit_directory(*state, DIRECTORY_LDIF, cases[i].text), &error);
		char *text = memory_text(*state, "");
		size_t count;
		struct sid *sids = privileged_groups_list(*state, domain, &none, NULL, &count);

		for (size_t k = 0; k < count; k++) {
			char sid[SID_TEXT_SIZE];

			sid_format(&sids[k], sid);
			unit_check(!strncmp(sid, "S-1-5-32-", 9) || !strncmp(sid, UNIT_SID, 14),
				   "%s", sid);
			text = talloc_asprintf_append(text, "%s%s", k ? " " : "",
						      strrchr(sid, '-') + 1);
		}
		assert_string_equal(text, cases[i].sids);
	}
}

static void test_group_count(void **state)
{
	assert_int_equal(unit_snapshot(*state, UNIT_DOMAIN(""), NULL)->admins.group_count, 0);
	assert_int_equal(unit_snapshot(*state, HEALTHY("", ""), NULL)->admins.group_count, 2);
}

/* The names of those that are exempt. */
static const char *exempt_of(const void *context, const struct snapshot *snapshot)
{
	char *text = memory_text(context, "");

	for (size_t i = 0; i < snapshot->admins.count; i++) {
		if (snapshot->admins.items[i].exempt)
			text = talloc_asprintf_append(text, "%s ", snapshot->admins.items[i].name);
	}
	return text;
}

/* What is told in the place of a name that is hidden is met by no pattern of names. */
static void test_exempt_without_name(void **state)
{
	static const char text[] = HEALTHY(UNIT_MEMBER("adam"), "") "dn: " UNIT_DN(
		"adam") "\nobjectClass: user\nobjectSid: " UNIT_SID
			"-1001\nuserAccountControl: " UNIT_ENABLED "\n\n";
	static const struct {
		const char *words;
		bool exempt;
	} cases[] = {
		{"s*, *adam*", false},
		{UNIT_SID "-1001", true},
		{"S-1-*-1001", true},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct policy *policy = unit_policy(
			*state, memory_format(*state, "[admins]\nexempt=%s\n", cases[i].words));
		const struct snapshot *snapshot =
			unit_verdict(*state, text, NULL, policy)->snapshot;

		unit_check(!strcmp(exempt_of(*state, snapshot),
				   cases[i].exempt ? UNIT_SID "-1001 " : ""),
			   "%s", cases[i].words);
	}
}

/* Exempt ones are silent even when they can not be read; a word for nobody is said. */
static void test_exempt(void **state)
{
	static const char text[] =
		HEALTHY(UNIT_MEMBER("adam") UNIT_MEMBER("eve") UNIT_MEMBER("S-1-5-11")
				UNIT_MEMBER("gone") "member: CN=x,DC=other\n",
			"") ADAM UNIT_USER("eve", "1002", "x", "")
			UNIT_USER("nobody", "1003", UNIT_ENABLED, "")
				UNIT_COMPUTER("hv01", "1004", "4096", "") "dn: " UNIT_DN(
					"S-1-5-11") "\nobjectClass: foreignSecurityPrincipal\n"
						    "objectSid: S-1-5-11\n\n";
#define ALL_UNREADABLE                                                                             \
	"CN=gone,DC=hv,DC=test member\nCN=x,DC=other member\neve userAccountControl\n"             \
	"S-1-5-11 member\n"
	static const struct {
		const char *lines, *exempt, *unreadable;
	} cases[] = {
		/* clang-format off */
		{"exempt=adam\n", "adam ", ALL_UNREADABLE},
		{"exempt=ADA*\n", "adam ", ALL_UNREADABLE},
		{"exempt=" UNIT_SID "-1001\n", "adam ", ALL_UNREADABLE},
		{"exempt-dn=cn=ADAM, dc=hv,dc=test\n", "adam ", ALL_UNREADABLE},
		{"exempt=eve\n", "eve ",
		 "CN=gone,DC=hv,DC=test member\nCN=x,DC=other member\nS-1-5-11 member\n"},
		{"exempt=S-1-5-11\n", "S-1-5-11 ",
		 "CN=gone,DC=hv,DC=test member\nCN=x,DC=other member\n"
		 "eve userAccountControl\n"},
		{"exempt-dn=CN=x,DC=other\nexempt-dn=CN=gone,DC=hv,DC=test\n", "CN=x,DC=other ",
		 "eve userAccountControl\nS-1-5-11 member\n"},
		{"exempt=slip\n", "", ALL_UNREADABLE "slip exempt\n"},
		{"exempt=none*\n", "", ALL_UNREADABLE},
		{"exempt=nobody, HV01$\n", "", ALL_UNREADABLE}, /* accounts, but no admins */
		/* a computer, which has a $ */
		{"exempt=hv01\n", "",
		 "CN=gone,DC=hv,DC=test member\nCN=x,DC=other member\neve userAccountControl\n"
		 "hv01 exempt\nS-1-5-11 member\n"},
		{"exempt=" UNIT_SID "-77\n", "", ALL_UNREADABLE UNIT_SID "-77 exempt\n"},
		{"exempt-dn=CN=slip,DC=other\n", "",
		 "CN=gone,DC=hv,DC=test member\nCN=slip,DC=other exempt-dn\n"
		 "CN=x,DC=other member\neve userAccountControl\nS-1-5-11 member\n"},
		/* clang-format on */
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct policy *policy =
			unit_policy(*state, memory_format(*state, "[admins]\n%s", cases[i].lines));
		const struct snapshot *snapshot =
			unit_verdict(*state, text, NULL, policy)->snapshot;
		const char *unreadable = unit_unreadable(*state, &snapshot->unreadable);

		unit_check(!strcmp(exempt_of(*state, snapshot), cases[i].exempt), "%s: %s",
			   cases[i].lines, exempt_of(*state, snapshot));
		unit_check(!strcmp(unreadable, cases[i].unreadable), "%s: %s", cases[i].lines,
			   unreadable);
	}
}

/* A hidden list of members looks empty or shorter: memberOf gives it away. */
static void test_hidden_members(void **state)
{
	static const struct admin_case cases[] = {
		/* clang-format off */
		{"shown by memberOf",
		 HEALTHY(UNIT_MEMBER("adam"), "") UNIT_GROUP("backup", "S-1-5-32-551", "")
		 UNIT_USER("adam", "1001", UNIT_ENABLED,
		 "memberOf: cn=BACKUP, dc=hv,dc=test\n"),
		 "adam ynnn 512,544\n" RID_500, "backup member\n"},
		{"shown by memberOf, though the list is not empty",
		 HEALTHY(UNIT_MEMBER("adam"), "")
		 UNIT_GROUP("backup", "S-1-5-32-551", UNIT_MEMBER("Administrator"))
		 UNIT_USER("adam", "1001", UNIT_ENABLED, "memberOf: " UNIT_DN("backup") "\n"),
		 "adam ynnn 512,544\nAdministrator yyny 512,544,551\n", "backup member\n"},
		{"of another group",
		 HEALTHY(UNIT_MEMBER("adam"), "") UNIT_GROUP("backup", "S-1-5-32-551", "")
		 UNIT_USER("adam", "1001", UNIT_ENABLED, "memberOf: " UNIT_DN("x") "\n")
		 UNIT_GROUP("x", UNIT_SID "-1300", UNIT_MEMBER("adam")),
		 "adam ynnn 512,544\n" RID_500, ""},
		{"of a group that is not there",
		 HEALTHY(UNIT_MEMBER("adam"), "")
		 UNIT_USER("adam", "1001", UNIT_ENABLED,
		 "memberOf: " UNIT_DN("x") "\nmemberOf: CN=y,DC=other\n"),
		 "adam ynnn 512,544\n" RID_500, "cn=x,dc=hv,dc=test member\n"},
		{"primary group that is not there",
		 HEALTHY("", "") UNIT_USER("adam", "1001", UNIT_ENABLED, "primaryGroupID: 518\n")
		 UNIT_USER("eve", "1002", UNIT_ENABLED, "primaryGroupID: 1300\n"),
		 RID_500, UNIT_SID "-518 objectSid\n"},
		{"Administrators is never empty",
		 LEVEL("7") UNIT_DOMAIN("") UNIT_GROUP("Administrators", "S-1-5-32-544", "")
		 UNIT_GROUP("Domain Admins", UNIT_SID "-512", "")
		 UNIT_GROUP("Protected Users", UNIT_SID "-525", "")
		 ADMIN("root", "500", UNIT_ENABLED) ADMIN("krbtgt", "502", UNIT_DISABLED),
		 "root ynnn\n", "Administrators member\n"},
		/* clang-format on */
	};

	check_cases(*state, cases, COUNT_OF(cases));
}

/* Groups that the policy adds and ignores, seen from the accounts. */
static void test_policy_groups(void **state)
{
	static const char text[] = HEALTHY(UNIT_MEMBER("inner"), "")
		UNIT_GROUP("inner", UNIT_SID "-1200", UNIT_MEMBER("adam"))
			UNIT_GROUP("tier0", UNIT_SID "-1201", UNIT_MEMBER("eve"))
				UNIT_GROUP("backup", "S-1-5-32-551", UNIT_MEMBER("bob"))
					ADAM ADMIN("eve", "1002", UNIT_ENABLED)
						ADMIN("bob", "1003", UNIT_ENABLED);
	static const struct {
		const char *lines, *admins;
	} cases[] = {
		{"groups=tier0\n", "adam ynnn 512,544\n" RID_500 "bob ynnn 551\neve ynnn 1201\n"},
		{"ignore-groups=backup\n", "adam ynnn 512,544\n" RID_500},
		/* no starting point, but still walked where another holds it */
		{"ignore-groups=S-1-5-21-1-2-3-512\n",
		 "adam ynnn 544\nAdministrator yyny 544\nbob ynnn 551\n"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct policy *policy =
			unit_policy(*state, memory_format(*state, "[admins]\n%s", cases[i].lines));
		const char *admins =
			admins_of(*state, unit_verdict(*state, text, NULL, policy)->snapshot);

		unit_check(!strcmp(admins, cases[i].admins), "%s%s", cases[i].lines, admins);
	}
}

UNIT_MAIN(UNIT_TEST(test_who_is_an_admin), UNIT_TEST(test_protection),
	  UNIT_TEST(test_what_must_be_there), UNIT_TEST(test_privileged_groups),
	  UNIT_TEST(test_group_count), UNIT_TEST(test_exempt), UNIT_TEST(test_exempt_without_name),
	  UNIT_TEST(test_hidden_members), UNIT_TEST(test_policy_groups))
