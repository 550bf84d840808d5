/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules about targets: of each only the first that holds is found. */
#include "ad/spn.h"
#include "policy/verdict.h"

#include "unit.h"

#define SPN(text) "servicePrincipalName: " text "\n"
#define TARGET(text) "msDS-AllowedToDelegateTo: " text "\n"
#define HOST(cn, rid, uac, extra)                                                                  \
	UNIT_COMPUTER(cn, rid, uac,                                                                \
		      SPN(SPN_CLASS_MIGRATION "/" cn) SPN("HOST/" cn) SPN("HOST/" cn ".hv.test")   \
			      extra)
#define LISTER(targets) HOST("hv01", "1101", "4096", targets)
#define HV02 HOST("hv02", "1102", "4096", "")
#define SERVER(cn, rid, uac, spn) UNIT_COMPUTER(cn, rid, uac, SPN(spn))
#define CONTROLLER "532480"
#define READ_ONLY "83890176"

/* Every finding about targets, as unit_findings. */
static const char *findings_of(const void *context, const struct verdict *verdict)
{
	char *text = memory_text(context, "");

	for (size_t i = 0; i < verdict->findings.count; i++) {
		const struct finding *finding = &verdict->findings.items[i];

		if (rule_is_about_targets(finding->rule))
			text = talloc_asprintf_append(text, "%s %s %s %s\n",
						      rule_name(finding->rule),
						      service_state_name(finding->state),
						      finding->subject, finding->object);
	}
	return text;
}

struct target_case {
	const char *name, *entries, *findings;
};

static void check_cases(const void *context, const char *policy, const struct target_case *cases,
			size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *text = memory_format(context, "%s%s", UNIT_HEALTHY_DOMAIN("", ""),
						 cases[i].entries);
		const struct verdict *verdict = unit_verdict(
			context, text, NULL, policy ? unit_policy(context, policy) : NULL);
		const char *findings = findings_of(context, verdict);

		unit_check(!strcmp(findings, cases[i].findings), "%s:\n%s", cases[i].name,
			   findings);
	}
}

#define FOUND(rule, state, target) rule " " state " hv01 " target "\n"
#define UNEXPECTED(target) FOUND("unexpected-target", "WARNING", target)
#define OF_CONTROLLER(target) FOUND("target-domain-controller", "CRITICAL", target)
#define HIJACKED(target) FOUND("target-hijacked", "CRITICAL", target)
#define AMBIGUOUS(target) FOUND("target-ambiguous", "CRITICAL", target)
#define UNOWNED(target) FOUND("target-unknown", "WARNING", target)
#define DISABLED(target) FOUND("target-disabled", "WARNING", target)

static void test_expected(void **state)
{
	static const struct target_case cases[] = {
		/* clang-format off */
		{"migration, cifs, replica and console of a peer",
		 LISTER(TARGET(SPN_CLASS_MIGRATION "/hv02") TARGET("cifs/hv02.hv.test")
		 TARGET(SPN_CLASS_REPLICA "/hv02") TARGET(SPN_CLASS_CONSOLE "/hv02"))
		 HOST("hv02", "1102", "4096", SPN(SPN_CLASS_REPLICA "/hv02")
		 SPN(SPN_CLASS_CONSOLE "/hv02")), ""},
		{"its own name", LISTER(TARGET("cifs/hv01") TARGET(SPN_CLASS_MIGRATION "/HV01")),
		 ""},
		{"another class of a peer", LISTER(TARGET("http/hv02")) HV02,
		 UNEXPECTED("http/hv02")},
		{"another class of its own", LISTER(TARGET("http/hv01")), UNEXPECTED("http/hv01")},
		{"a server that is no host",
		 LISTER(TARGET("cifs/fs")) SERVER("fs", "1201", "4096", "HOST/fs"),
		 UNEXPECTED("cifs/fs")},
		{"a user's service",
		 LISTER(TARGET("sql/db:1433")) UNIT_USER("sql", "1202", "512", SPN("SQL/DB:1433")),
		 UNEXPECTED("sql/db:1433")},
		{"another domain's name", LISTER(TARGET("cifs/fs.other.test")),
		 UNEXPECTED("cifs/fs.other.test")},
		{"a host's name in another namespace, which nobody owns",
		 LISTER(TARGET("cifs/odd.other.test")) "dn: " UNIT_DN("odd")
		 "\nobjectClass: computer\nobjectCategory: computer\nobjectSid: " UNIT_SID
		 "-1777\nsAMAccountName: odd$\ndNSHostName: odd.other.test\nuserAccountControl: "
		 "4096\nprimaryGroupID: 515\n" SPN(SPN_CLASS_CONSOLE "/odd") "\n",
		 UNOWNED("cifs/odd.other.test")},
		{"two labels below", LISTER(TARGET("cifs/a.b.hv.test")),
		 UNEXPECTED("cifs/a.b.hv.test")},
		{"no SPN at all", LISTER(TARGET("nonsense")), UNEXPECTED("nonsense")},
		/* clang-format on */
	};

	check_cases(*state, NULL, cases, COUNT_OF(cases));
}

static void test_controller(void **state)
{
	static const struct target_case cases[] = {
		/* clang-format off */
		{"a domain controller",
		 LISTER(TARGET("ldap/dc1")) SERVER("dc1", "1301", CONTROLLER, "ldap/dc1"),
		 OF_CONTROLLER("ldap/dc1")},
		{"a read-only one",
		 LISTER(TARGET("ldap/dc1")) SERVER("dc1", "1301", READ_ONLY, "ldap/dc1"),
		 OF_CONTROLLER("ldap/dc1")},
		{"by an alias of HOST/",
		 LISTER(TARGET("cifs/dc1")) SERVER("dc1", "1301", CONTROLLER, "HOST/dc1"),
		 OF_CONTROLLER("cifs/dc1")},
		{"the krbtgt",
		 "dn: CN=krbtgt," UNIT_ROOT "\n" SPN("kadmin/changepw") "\n"
		 LISTER(TARGET("kadmin/changepw")), OF_CONTROLLER("kadmin/changepw")},
		{"a read-only controller's krbtgt",
		 LISTER(TARGET("x/rodc")) UNIT_USER("KRBTGT_12", "1302", "514", SPN("x/rodc")),
		 OF_CONTROLLER("x/rodc")},
		{"not quite one's name",
		 LISTER(TARGET("x/rodc") TARGET("x/two"))
		 UNIT_USER("krbtgt_12x", "1302", "512", SPN("x/rodc"))
		 UNIT_USER("krbtgt_", "1303", "512", SPN("x/two")),
		 UNEXPECTED("x/rodc") UNEXPECTED("x/two")},
		{"the ticket granting service, which nobody registers",
		 LISTER(TARGET("krbtgt/HV.TEST")), OF_CONTROLLER("krbtgt/HV.TEST")},
		{"a host that is a controller",
		 LISTER(TARGET("cifs/hv02")) HOST("hv02", "1102", CONTROLLER, ""),
		 OF_CONTROLLER("cifs/hv02")},
		{"the ticket granting service, which somebody registered",
		 LISTER(TARGET("krbtgt/HV.TEST")) SERVER("fs", "1201", "4096", "krbtgt/HV.TEST"),
		 OF_CONTROLLER("krbtgt/HV.TEST")},
		{"before ambiguous",
		 LISTER(TARGET("ldap/x")) SERVER("fs", "1201", "4096", "ldap/x")
		 SERVER("dc1", "1301", CONTROLLER, "ldap/x"), OF_CONTROLLER("ldap/x")},
		{"before hijacked",
		 LISTER(TARGET("cifs/hv02")) HV02 SERVER("dc1", "1301", CONTROLLER, "cifs/hv02"),
		 OF_CONTROLLER("cifs/hv02")},
		/* clang-format on */
	};

	check_cases(*state, NULL, cases, COUNT_OF(cases));
}

static void test_owners(void **state)
{
	static const struct target_case cases[] = {
		/* clang-format off */
		{"ambiguous",
		 LISTER(TARGET("http/x")) SERVER("a", "1201", "4096", "http/x")
		 SERVER("b", "1202", "4096", "HTTP/X"), AMBIGUOUS("http/x")},
		{"ambiguous by HOST/",
		 LISTER(TARGET("cifs/x")) SERVER("a", "1201", "4096", "HOST/x")
		 SERVER("b", "1202", "4096", "HOST/x"), AMBIGUOUS("cifs/x")},
		{"registered goes before HOST/, which is another's",
		 LISTER(TARGET("cifs/x")) SERVER("a", "1201", "4096", "HOST/x")
		 SERVER("b", "1202", "4096", "cifs/x"), HIJACKED("cifs/x")},
		{"registered beside HOST/",
		 LISTER(TARGET("cifs/x")) SERVER("a", "1201", "4096", "HOST/x")
		 SERVER("b", "1202", "4096", "HOST/x\nservicePrincipalName: cifs/x"),
		 UNEXPECTED("cifs/x")},
		{"a web service's own account",
		 LISTER(TARGET("HTTP/x")) SERVER("a", "1201", "4096", "HOST/x")
		 SERVER("b", "1202", "4096", "http/x"), UNEXPECTED("HTTP/x")},
		{"HOST/ does not stand for the class",
		 LISTER(TARGET("MSSQLSvc/x")) SERVER("a", "1201", "4096", "HOST/x")
		 SERVER("b", "1202", "4096", "MSSQLSvc/x"), UNEXPECTED("MSSQLSvc/x")},
		{"of another port",
		 LISTER(TARGET("cifs/x:445")) SERVER("a", "1201", "4096", "HOST/x")
		 SERVER("b", "1202", "4096", "cifs/x:445"), UNEXPECTED("cifs/x:445")},
		{"before hijacked",
		 LISTER(TARGET("cifs/hv02")) HOST("hv02", "1102", "4096", SPN("cifs/hv02"))
		 SERVER("b", "1202", "4096", "cifs/hv02"), AMBIGUOUS("cifs/hv02")},
		{"hijacked", LISTER(TARGET("cifs/hv02")) HV02
		 SERVER("b", "1202", "4096", "cifs/hv02"), HIJACKED("cifs/hv02")},
		{"hijacked by another host",
		 LISTER(TARGET("cifs/hv02")) HV02 HOST("hv03", "1103", "4096", SPN("cifs/hv02")),
		 HIJACKED("cifs/hv02")},
		{"hijacked by a disabled account",
		 LISTER(TARGET("cifs/hv02")) HV02 SERVER("b", "1202", "4098", "cifs/hv02"),
		 HIJACKED("cifs/hv02")},
		{"unknown", LISTER(TARGET("cifs/gone") TARGET("cifs/gone.hv.test")
		 TARGET("cifs/hv.test") TARGET("http/10.0.0.1")), UNOWNED("cifs/gone")
		 UNOWNED("cifs/gone.hv.test") UNOWNED("cifs/hv.test") UNOWNED("http/10.0.0.1")},
		{"the whole string decides", LISTER(TARGET("cifs/hv02:445")) HV02,
		 UNOWNED("cifs/hv02:445")},
		{"unknown, of a host", LISTER(TARGET("http2/hv02")) HV02, UNOWNED("http2/hv02")},
		{"said by migration-service-unregistered",
		 LISTER(TARGET(SPN_CLASS_MIGRATION "/hv02"))
		 UNIT_COMPUTER("hv02", "1102", "4096", SPN(SPN_CLASS_CONSOLE "/hv02")), ""},
		{"not said by it: registered, but not so",
		 LISTER(TARGET(SPN_CLASS_MIGRATION "/hv02.hv.test")) HV02,
		 UNOWNED(SPN_CLASS_MIGRATION "/hv02.hv.test")},
		{"disabled", LISTER(TARGET("http/x")) SERVER("a", "1201", "4098", "http/x"),
		 DISABLED("http/x")},
		{"said by host-disabled",
		 LISTER(TARGET("http/hv02")) HOST("hv02", "1102", "4098", ""), ""},
		{"hidden whether disabled",
		 LISTER(TARGET("http/x")) SERVER("a", "1201", "x", "http/x"),
		 UNEXPECTED("http/x")},
		/* clang-format on */
	};

	check_cases(*state, NULL, cases, COUNT_OF(cases));
}

static void test_policy(void **state)
{
	static const struct {
		const char *policy;
		struct target_case target_case;
	} cases[] = {
		/* clang-format off */
		{"[hosts]\nallow=cifs/fs\n", {"allowed for all",
		 LISTER(TARGET("CIFS/FS")) SERVER("fs", "1201", "4096", "cifs/fs"), ""}},
		{"[hosts]\nallow=cifs/f*\n", {"allowed by pattern",
		 LISTER(TARGET("cifs/fs")) SERVER("fs", "1201", "4096", "cifs/fs"), ""}},
		{"[hosts]\nallow=cifs/f*\n", {"allowed, but another has registered it",
		 LISTER(TARGET("cifs/fs")) SERVER("fs", "1201", "4096", "HOST/fs")
		 SERVER("evil", "1202", "4096", "cifs/fs"), HIJACKED("cifs/fs")}},
		{"[hosts]\nallow=cifs/f\n", {"compared whole",
		 LISTER(TARGET("cifs/fs")) SERVER("fs", "1201", "4096", "cifs/fs"),
		 UNEXPECTED("cifs/fs")}},
		{"[group g]\nhosts=hv01\nallow=cifs/fs\n", {"allowed for its group",
		 LISTER(TARGET("cifs/fs")) SERVER("fs", "1201", "4096", "cifs/fs"), ""}},
		{"[group g]\nhosts=hv02\nallow=cifs/fs\n", {"allowed for another group",
		 LISTER(TARGET("cifs/fs")) HV02 SERVER("fs", "1201", "4096", "cifs/fs"),
		 UNEXPECTED("cifs/fs")}},
		{"[hosts]\nallow=*\n", {"allowed, but unknown", LISTER(TARGET("cifs/gone")),
		 UNOWNED("cifs/gone")}},
		{"[group g]\nhosts=hv01 hv02\n[group h]\nhosts=hv01\nservices=http\n", {
		 "required by another group of this host", LISTER(TARGET("http/hv02")
		 TARGET("http/hv01")) HV02, UNEXPECTED("http/hv02")}},
		{"[group g]\nhosts=hv01 hv02\n[group h]\nhosts=hv01 hv02\nservices=http\n", {
		 "required by another group of both", LISTER(TARGET("http/hv02")
		 TARGET("http/hv01")) HV02, ""}},
		{"[group g]\nhosts=hv01\n[group h]\nhosts=hv02\n", {"no peer",
		 LISTER(TARGET("cifs/hv02")) HV02, UNEXPECTED("cifs/hv02")}},
		{"[group g]\nhosts=hv0*\n", {"a peer", LISTER(TARGET("cifs/hv02")) HV02, ""}},
		{"[group g]\nhosts=hv0*\nservices=http\n", {"a class that the group requires",
		 LISTER(TARGET("HTTP/hv02") TARGET("cifs/hv02")) HV02, ""}},
		{"[rules]\nmigration-service-unregistered=ok\n", {
		 "what is no matter to the user does not hide that nobody owns it",
		 LISTER(TARGET(SPN_CLASS_MIGRATION "/hv02"))
		 UNIT_COMPUTER("hv02", "1102", "4096", SPN(SPN_CLASS_CONSOLE "/hv02")),
		 UNOWNED(SPN_CLASS_MIGRATION "/hv02")}},
		{"[rules]\nmigration-service-unregistered=warning\n", {"but said once",
		 LISTER(TARGET(SPN_CLASS_MIGRATION "/hv02"))
		 UNIT_COMPUTER("hv02", "1102", "4096", SPN(SPN_CLASS_CONSOLE "/hv02")), ""}},
		{"[rules]\nunexpected-target=ok\n", {"another state",
		 LISTER(TARGET("http/hv02")) HV02,
		 "unexpected-target OK hv01 http/hv02\n"}},
		/* clang-format on */
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		check_cases(*state, cases[i].policy, &cases[i].target_case, 1);
}

static void test_not_judged(void **state)
{
	static const struct unit_rule_case cases[] = {
		/* clang-format off */
		{"of a host that is not judged", RULE_TARGET_UNKNOWN, NULL,
		 LISTER(TARGET("cifs/gone")) HV02, {"hv02"}, ""},
		{"a disabled host that is not judged", RULE_TARGET_DISABLED, NULL,
		 LISTER(TARGET("cifs/hv02")) HOST("hv02", "1102", "4098", ""), {"hv01"},
		 "WARNING hv01 cifs/hv02\n"},
		{"by several names: one finding", RULE_TARGET_DISABLED, NULL,
		 LISTER(TARGET("http/hv02") TARGET("cifs/hv02.hv.test") TARGET("cifs/hv02")
			TARGET("backup/x") TARGET("http/other"))
		 HOST("hv02", "1102", "4098", SPN("backup/x"))
		 SERVER("other", "1201", "4098", "http/other"), {"hv01"},
		 "WARNING hv01 backup/x\nWARNING hv01 http/other\n"},
		{"two of them", RULE_TARGET_DISABLED, NULL,
		 LISTER(TARGET("cifs/hv02") TARGET("http/hv02") TARGET("cifs/hv03"))
		 HOST("hv02", "1102", "4098", "") HOST("hv03", "1103", "4098", ""), {"hv01"},
		 "WARNING hv01 cifs/hv02\nWARNING hv01 cifs/hv03\n"},
		{"an unregistered one that is not judged", RULE_TARGET_UNKNOWN, NULL,
		 LISTER(TARGET(SPN_CLASS_MIGRATION "/hv02"))
		 UNIT_COMPUTER("hv02", "1102", "4096", SPN(SPN_CLASS_CONSOLE "/hv02")), {"hv01"},
		 "WARNING hv01 " SPN_CLASS_MIGRATION "/hv02\n"},
		{"a hidden owner", RULE_UNREADABLE, NULL,
		 LISTER(TARGET("http/x")) SERVER("a", "1201", "x", "http/x"), {NULL},
		 "UNKNOWN a$ userAccountControl\n"},
		/* clang-format on */
	};

	unit_check_rules(*state, cases, COUNT_OF(cases));
}

/* Who owns it stands in the sentence: hosts by their names, others by their accounts. */
static void test_owners_in_words(void **state)
{
	static const struct {
		const char *entries, *words;
	} cases[] = {
		{LISTER(TARGET("http/x")) SERVER("b", "1202", "4096", "http/x")
			 HOST("a", "1201", "4096", SPN("http/x")),
		 "owned by 2 accounts, a and b$ among them"},
		{LISTER(TARGET("cifs/hv02")) HV02 HOST("thief", "1103", "4096", SPN("cifs/hv02")),
		 "that of hv02, but thief has registered it"},
		{LISTER(TARGET("http/x")) SERVER("a", "1201", "4098", "http/x"),
		 "its owner a$ is disabled"},
		{LISTER(TARGET("ldap/x")) SERVER("dc1", "1201", CONTROLLER, "ldap/x"),
		 "owned by dc1$, a domain controller"},
		{LISTER(TARGET("x/y")) UNIT_USER("krbtgt_1", "1302", "514", SPN("x/y")),
		 "owned by krbtgt_1, the account of the KDC"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *text = memory_format(*state, "%s%s", UNIT_HEALTHY_DOMAIN("", ""),
						 cases[i].entries);
		const struct verdict *verdict = unit_verdict(*state, text, NULL, NULL);
		size_t found = 0;

		for (size_t k = 0; k < verdict->findings.count; k++)
			found += strstr(verdict->findings.items[k].detail, cases[i].words) != NULL;
		unit_check(found == 1, "%s", cases[i].words);
	}
}

UNIT_MAIN(UNIT_TEST(test_expected), UNIT_TEST(test_controller), UNIT_TEST(test_owners),
	  UNIT_TEST(test_policy), UNIT_TEST(test_not_judged), UNIT_TEST(test_owners_in_words))
