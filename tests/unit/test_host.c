/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which computer is a host, which hosts are judged, and what is read of each. */
#include "model/host.h"

#include "unit.h"

#define WORKSTATION "4096"
#define MIGRATION "Microsoft Virtual System Migration Service/"
#define SPN(text) "servicePrincipalName: " text "\n"
#define TARGET(text) "msDS-AllowedToDelegateTo: " text "\n"
#define HOST(cn, rid, uac, extra) UNIT_COMPUTER(cn, rid, uac, SPN(MIGRATION cn) extra)
#define WORDS(...)                                                                                 \
	(const char *const[])                                                                      \
	{                                                                                          \
		__VA_ARGS__, NULL                                                                  \
	}

static struct snapshot *read_hosts(const void *context, const char *entries,
				   const char *const *words)
{
	const char *text = memory_format(context, "%s%s", UNIT_DOMAIN(""), entries);
	struct selection selection = {.hosts = true};
	struct error error = {0};
	struct snapshot *snapshot;

	unit_select_hosts(context, &selection, words);
	snapshot = snapshot_build(context, unit_directory(context, DIRECTORY_LDIF, text),
				  &selection, &error);
	unit_check(snapshot, "%s", error.text);
	return snapshot;
}

/* The names of all hosts, those that are not judged in brackets. */
static const char *names_of(const void *context, const struct snapshot *snapshot)
{
	char *text = memory_text(context, "");

	for (size_t i = 0; i < snapshot->hosts.count; i++) {
		const struct host *host = &snapshot->hosts.items[i];

		text = talloc_asprintf_append(text, host->judged ? "%s%s" : "%s(%s)", i ? " " : "",
					      host->name);
	}
	return text;
}

static void test_discovery(void **state)
{
	static const struct {
		const char *name, *entries;
		const char *words[3];
		const char *hosts, *unreadable;
	} cases[] = {
		/* clang-format off */
		{"nothing", UNIT_COMPUTER("pc1", "1", WORKSTATION, SPN("HOST/pc1")), {NULL}, "",
		 ""},
		{"connection point",
		 UNIT_COMPUTER("HV01", "1", WORKSTATION, "") UNIT_CONNECTION_POINT("HV01"),
		 {NULL}, "hv01", ""},
		{"connection point, spelled otherwise",
		 UNIT_COMPUTER("HV01", "1", WORKSTATION, "")
		 "dn: cn=MICROSOFT hyper-v , cn=hv01,dc=hv,dc=test\n"
		 "objectClass: SERVICECONNECTIONPOINT\n", {NULL}, "hv01", ""},
		{"another connection point",
		 UNIT_COMPUTER("HV01", "1", WORKSTATION, "") "dn: CN=Windows Virtual Machine,"
		 UNIT_DN("HV01") "\nobjectClass: serviceConnectionPoint\n", {NULL}, "", ""},
		{"not a connection point",
		 UNIT_COMPUTER("HV01", "1", WORKSTATION, "") "dn: CN=Microsoft Hyper-V,"
		 UNIT_DN("HV01") "\nobjectClass: container\n", {NULL}, "", ""},
		{"two connection points",
		 UNIT_COMPUTER("HV01", "1", WORKSTATION, "") UNIT_CONNECTION_POINT("HV01")
		 "dn: CN=microsoft hyper\\2dv+OU=x,cn=hv01," UNIT_ROOT
		 "\nobjectClass: serviceConnectionPoint\n", {NULL}, "hv01", ""},
		{"migration service",
		 UNIT_COMPUTER("HV01", "1", WORKSTATION, SPN(MIGRATION "hv01")), {NULL}, "hv01",
		 ""},
		{"migration service, case",
		 UNIT_COMPUTER("HV01", "1", WORKSTATION,
		 SPN("microsoft VIRTUAL system migration service/x:1/y")), {NULL}, "hv01", ""},
		{"console service",
		 UNIT_COMPUTER("HV01", "1", WORKSTATION,
		 SPN("Microsoft Virtual Console Service/hv01")), {NULL}, "hv01", ""},
		{"replica service alone",
		 UNIT_COMPUTER("HV01", "1", WORKSTATION, SPN("Hyper-V Replica Service/hv01")),
		 {NULL}, "", ""},
		{"no SPN at all",
		 UNIT_COMPUTER("HV01", "1", WORKSTATION,
		 SPN("Microsoft Virtual Console Service")), {NULL}, "", ""},
		{"named", UNIT_COMPUTER("pc1", "1", WORKSTATION, ""), {"PC1"}, "pc1", ""},
		{"named in full", UNIT_COMPUTER("pc1", "1", WORKSTATION, ""), {"pc1.HV.test"},
		 "pc1", ""},
		{"a pattern names nobody", UNIT_COMPUTER("pc1", "1", WORKSTATION, ""), {"pc*"},
		 "", ""},
		{"a pattern selects",
		 HOST("hv01", "1", WORKSTATION, "") HOST("xen", "2", WORKSTATION, ""), {"HV*"},
		 "hv01 (xen)", ""},
		{"a pattern selects by full name",
		 HOST("hv01", "1", WORKSTATION, "") HOST("xen", "2", WORKSTATION, ""),
		 {"*.hv.test"}, "hv01 xen", ""},
		{"name and pattern",
		 HOST("hv01", "1", WORKSTATION, "") HOST("xen", "2", WORKSTATION, "")
		 UNIT_COMPUTER("pc", "3", WORKSTATION, ""), {"x*", "pc"}, "(hv01) pc xen", ""},
		{"cluster object",
		 UNIT_COMPUTER("cl1", "1", WORKSTATION, SPN("MSClusterVirtualServer/cl1")
		 SPN(MIGRATION "cl1")), {NULL}, "", ""},
		{"a host that calls itself a cluster object",
		 UNIT_COMPUTER("cl1", "1", WORKSTATION, SPN("MSClusterVirtualServer/cl1")
		 SPN(MIGRATION "cl1")) UNIT_CONNECTION_POINT("cl1"), {NULL}, "",
		 "cl1 servicePrincipalName\n"},
		{"two of one name",
		 HOST("hv01", "1", WORKSTATION, "") "dn: " UNIT_DN("other")
		 "\nobjectClass: computer\nobjectCategory: computer\nobjectSid: " UNIT_SID
		 "-2\nsAMAccountName: other$\ndNSHostName: hv01.hv.test\nuserAccountControl: "
		 "4096\nprimaryGroupID: 515\nservicePrincipalName: " MIGRATION "hv01\n\n",
		 {NULL}, "hv01 other", "other dNSHostName\n"},
		{"a left-over with the name of another, before it in any order",
		 "dn: " UNIT_DN("dup") "\nobjectClass: computer\nobjectCategory: computer\n"
		 "objectSid: " UNIT_SID "-2\nsAMAccountName: $dup-6a4\ndNSHostName: "
		 "hv01.hv.test\nuserAccountControl: 4098\nprimaryGroupID: 515\n"
		 "servicePrincipalName: " MIGRATION "dup\n\n" HOST("hv01", "1", WORKSTATION, ""),
		 {NULL}, "$dup-6a4 hv01", "$dup-6a4 dNSHostName\n"},
		{"a full name longer than the short one may be",
		 "dn: " UNIT_DN("long") "\nobjectClass: computer\nobjectCategory: computer\n"
		 "objectSid: " UNIT_SID "-1\nsAMAccountName: hyperv-producti$\n"
		 "userAccountControl: 4096\nprimaryGroupID: 515\nservicePrincipalName: "
		 MIGRATION "hyperv-production-01.hv.test\n\n",
		 {NULL}, "hyperv-producti", "hyperv-producti dNSHostName\n"},
		{"a full name that is hidden",
		 "dn: " UNIT_DN("hv01") "\nobjectClass: computer\nobjectCategory: computer\n"
		 "objectSid: " UNIT_SID "-1\nsAMAccountName: hv01$\nuserAccountControl: 4096\n"
		 "primaryGroupID: 515\nservicePrincipalName: host/HV01.hv.test\n"
		 "servicePrincipalName: " MIGRATION "hv01\n\n",
		 {NULL}, "hv01", "hv01 dNSHostName\n"},
		{"no full name",
		 "dn: " UNIT_DN("hv01") "\nobjectClass: computer\nobjectCategory: computer\n"
		 "objectSid: " UNIT_SID "-1\nsAMAccountName: hv01$\nuserAccountControl: 4096\n"
		 "primaryGroupID: 515\nservicePrincipalName: HOST/hv01\n"
		 "servicePrincipalName: HOST/192.0.2.7\nservicePrincipalName: " MIGRATION
		 "hv01\n\n",
		 {NULL}, "hv01", ""},
		{"cluster object, named",
		 UNIT_COMPUTER("cl1", "1", WORKSTATION, SPN("msclustervirtualserver/cl1")),
		 {"cl1"}, "", "cl1 host\n"},
		{"managed service account",
		 "dn: " UNIT_DN("g") "\nobjectClass: computer\n"
		 "objectCategory: CN=ms-DS-Group-Managed-Service-Account,CN=Schema\n"
		 "sAMAccountName: g$\n" SPN(MIGRATION "g"), {"g"}, "", ""},
		{"user with the SPN",
		 UNIT_USER("u", "1", "512", "objectCategory: CN=Person,CN=Schema\n"
		 SPN(MIGRATION "u")), {NULL}, "", ""},
		{"category by its short name",
		 "dn: " UNIT_DN("h")
		 "\nobjectClass: computer\nobjectCategory: computer\nsAMAccountName: h$\n"
		 "objectSid: S-1-5-9\nuserAccountControl: 0\n" SPN(MIGRATION "h"), {NULL}, "h",
		 ""},
		{"category that begins alike",
		 "dn: " UNIT_DN("h")
		 "\nobjectCategory: CN=Computers,CN=Schema\nsAMAccountName: h$\n"
		 SPN(MIGRATION "h"), {NULL}, "", ""},
		{"hidden category",
		 "dn: " UNIT_DN("h") "\nobjectClass: computer\nsAMAccountName: H$\n"
		 SPN(MIGRATION "h"), {NULL}, "", "h objectCategory\n"},
		{"hidden category, named",
		 "dn: " UNIT_DN("h") "\nobjectClass: computer\nsAMAccountName: H$\n", {"h"}, "",
		 "h host\nh objectCategory\n"},
		{"hidden category of something else",
		 "dn: " UNIT_DN("h") "\nobjectClass: computer\nsAMAccountName: H$\n", {NULL}, "",
		 ""},
		{"disabled", HOST("hv01", "1", "4098", ""), {NULL}, "hv01", ""},
		{"the account is not there", UNIT_CONNECTION_POINT("HV09"), {NULL}, "",
		 UNIT_DN("HV09") " objectCategory\n"},
		{"sorted, case apart",
		 HOST("b", "1", WORKSTATION, "") HOST("A", "2", WORKSTATION, "")
		 HOST("C", "3", WORKSTATION, ""), {NULL}, "a b c", ""},
		/* clang-format on */
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct snapshot *snapshot = read_hosts(*state, cases[i].entries, cases[i].words);
		const char *names = names_of(*state, snapshot);
		const char *unreadable = unit_unreadable(*state, &snapshot->unreadable);

		unit_check(!strcmp(names, cases[i].hosts), "%s: %s", cases[i].name, names);
		unit_check(!strcmp(unreadable, cases[i].unreadable), "%s: %s", cases[i].name,
			   unreadable);
	}
}

static void test_set_aside(void **state)
{
	struct snapshot *snapshot = read_hosts(
		*state, UNIT_COMPUTER("cl1", "1", WORKSTATION, SPN("MSClusterVirtualServer/cl1")),
		WORDS("cl1", "cl*", "CL1.hv.test", "other"));

	assert_int_equal(snapshot->hosts.set_aside.count, 2);
	assert_string_equal(snapshot->hosts.set_aside.items[0], "cl1");
	assert_string_equal(snapshot->hosts.set_aside.items[1], "CL1.hv.test");
}

static void test_facts(void **state)
{
	static const struct {
		const char *uac, *facts; /* enabled, DC, unconstrained, protocol transition */
	} cases[] = {
		{"4096", "ynnn"},   {"4098", "nnnn"},     {"528384", "ynyn"}, {"16781312", "ynny"},
		{"532480", "yyyn"}, {"83890176", "ynny"}, {"x", "????"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *text = memory_format(
			*state, UNIT_COMPUTER("hv01", "1", "%s", SPN(MIGRATION "hv01")),
			cases[i].uac);
		struct snapshot *snapshot = read_hosts(*state, text, NULL);
		const struct host *host = &snapshot->hosts.items[0];
		char facts[] = {unit_truth(host->account.enabled),
				unit_truth(host->domain_controller),
				unit_truth(host->unconstrained),
				unit_truth(host->protocol_transition), '\0'};

		unit_check(!strcmp(facts, cases[i].facts), "%s: %s", cases[i].uac, facts);
		assert_string_equal(unit_unreadable(*state, &snapshot->unreadable),
				    *facts == '?' ? "hv01 userAccountControl\n" : "");
	}
}

static void test_build(void **state)
{
	static const struct {
		const char *version;
		uint32_t build;
		bool is_2016;
	} cases[] = {
		{"operatingSystemVersion: 10.0 (20348)\n", 20348, true},
		{"operatingSystemVersion: 10.0 (14393)\n", 14393, true},
		{"operatingSystemVersion: 10.0 (14392)\n", 14392, false},
		{"operatingSystemVersion: 6.3 (9600)\n", 9600, false},
		{"operatingSystemVersion: 10.0 (26100)\n", 26100, true},
		{"", BUILD_UNKNOWN, true},
		{"operatingSystemVersion: 10.0\n", BUILD_UNKNOWN, true},
		{"operatingSystemVersion: 6.3 (9600\n", BUILD_UNKNOWN, true},
		{"operatingSystemVersion: 6.3 (9600) x\n", BUILD_UNKNOWN, true},
		{"operatingSystemVersion: 6.3 (-9600)\n", BUILD_UNKNOWN, true},
		{"operatingSystemVersion: 6.3 (+9600)\n", BUILD_UNKNOWN, true},
		{"operatingSystemVersion: -6.3 (9600)\n", BUILD_UNKNOWN, true},
		{"operatingSystemVersion: 6.3 (96000000000000)\n", BUILD_UNKNOWN, true},
		{"operatingSystemVersion: x\n", BUILD_UNKNOWN, true},
		{"operatingSystemVersion: 6.3 (9600)\noperatingSystemVersion: 10.0 (14393)\n",
		 BUILD_UNKNOWN, true},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *text = memory_format(
			*state, UNIT_COMPUTER("hv01", "1", WORKSTATION, SPN(MIGRATION "hv01") "%s"),
			cases[i].version);
		const struct host *host = &read_hosts(*state, text, NULL)->hosts.items[0];

		unit_check(host->build == cases[i].build, "%s: %u", cases[i].version,
			   (unsigned)host->build);
		unit_check(host_is_2016_or_later(host) == cases[i].is_2016, "%s", cases[i].version);
	}
}

static void test_lists(void **state)
{
	struct snapshot *snapshot =
		read_hosts(*state,
			   HOST("hv01", "1", WORKSTATION,
				TARGET("cifs/b") TARGET("CIFS/a")
					TARGET("cifs/b") "operatingSystem: Server\n"),
			   NULL);
	const struct host *host = &snapshot->hosts.items[0];

	assert_int_equal(host->targets.count, 2);
	assert_string_equal(host->targets.items[0], "CIFS/a");
	assert_string_equal(host->targets.items[1], "cifs/b");
	assert_int_equal(host->services.count, 1);
	assert_string_equal(host->operating_system, "Server");
	assert_string_equal(host->dns_name, "hv01.hv.test");
	assert_true(host_is_named(host, "HV0?"));
	assert_true(host_is_named(host, "hv01.HV.TEST"));
	assert_true(host_is_named(host, "hv01$")); /* as sAMAccountName has it */
	assert_true(host_is_named(host, "hv0*$"));
	assert_false(host_is_named(host, "hv01.hv.test$"));
	assert_false(host_is_named(host, "$"));
	assert_false(host_is_named(host, "hv0"));
}

static void test_broken_lists(void **state)
{
	static const char text[] = HOST("hv01", "1", WORKSTATION,
					"msDS-AllowedToDelegateTo;range=0-0: cifs/a\n"
					"servicePrincipalName:: 612f6200\n"
					"msDS-AllowedToActOnBehalfOfOtherIdentity:: 00\n");
	struct snapshot *snapshot = read_hosts(*state, text, NULL);

	assert_string_equal(unit_unreadable(*state, &snapshot->unreadable),
			    "hv01 msDS-AllowedToActOnBehalfOfOtherIdentity\n"
			    "hv01 msDS-AllowedToDelegateTo\nhv01 servicePrincipalName\n");
	assert_false(snapshot->hosts.items[0].rbcd_readable);
	/* of one that is not judged, only what others depend on */
	snapshot = read_hosts(*state, text, WORDS("other*"));
	assert_int_equal(snapshot->hosts.count, 1);
	assert_string_equal(unit_unreadable(*state, &snapshot->unreadable),
			    "hv01 msDS-AllowedToDelegateTo\nhv01 servicePrincipalName\n");
}

static void test_nameless(void **state)
{
	static const char text[] = "dn: " UNIT_DN(
		"h") "\nobjectClass: computer\n"
		     "objectCategory: computer\nuserAccountControl: 4096\n" SPN(MIGRATION "h");
	struct snapshot *snapshot = read_hosts(*state, text, NULL);

	assert_string_equal(snapshot->hosts.items[0].name, "cn=h,dc=hv,dc=test");
	assert_null(snapshot->hosts.items[0].dns_name);
	assert_string_equal(unit_unreadable(*state, &snapshot->unreadable),
			    "cn=h,dc=hv,dc=test objectSid\ncn=h,dc=hv,dc=test sAMAccountName\n");
}

#define WITH_TRUSTEES UNIT_COMPUTER("hv01", "1", WORKSTATION, SPN(MIGRATION "hv01") "%s%s")

static void test_trustees(void **state)
{
	static const char *const trustees[] = {"S-1-5-21-1-2-3-1002", "S-1-1-0"};
	const char *line = unit_allowed_to_act(*state, trustees, COUNT_OF(trustees));
	const char *other = unit_allowed_to_act(*state, trustees, 1);
	const struct host *host;
	char text[SID_TEXT_SIZE];

	host = &read_hosts(*state, memory_format(*state, WITH_TRUSTEES, "", ""), NULL)
			->hosts.items[0];
	assert_true(host->rbcd_readable);
	assert_int_equal(host->rbcd_trustee_count, 0);
	host = &read_hosts(*state, memory_format(*state, WITH_TRUSTEES, line, line), NULL)
			->hosts.items[0];
	assert_true(host->rbcd_readable);
	assert_int_equal(host->rbcd_trustee_count, 2);
	assert_string_equal(sid_format(&host->rbcd_trustees[0], text), trustees[0]);
	assert_string_equal(sid_format(&host->rbcd_trustees[1], text), trustees[1]);
	/* two that differ contradict each other */
	host = &read_hosts(*state, memory_format(*state, WITH_TRUSTEES, line, other), NULL)
			->hosts.items[0];
	assert_false(host->rbcd_readable);
	assert_int_equal(host->rbcd_trustee_count, 0);
}

static void test_owns_target(void **state)
{
	static const struct {
		const char *target;
		bool owned;
	} cases[] = {
		{"cifs/hv01", true},
		{"CIFS/HV01", true},
		{"cifs/hv01.hv.test", true},
		{"anything/hv01:445", true},
		{"cifs/hv01/hv.test", true},
		{"cifs/hv02", false},
		{"cifs/hv011", false},
		{"SQL/alias:1433", true},
		{"sql/alias", false},
		{"cifs/other.hv.test", true}, /* by HOST/ */
		{"http/OTHER.hv.test", true},
		{"ldap/other.hv.test", false},
		{"cifs/other.hv.test:1", false},
		{"none", false},
		{"", false},
	};
	struct snapshot *snapshot =
		read_hosts(*state,
			   HOST("hv01", "1", WORKSTATION,
				SPN("HOST/other.hv.test") SPN("sql/alias:1433") SPN("broken")),
			   NULL);

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		unit_check(host_owns_target(snapshot->domain, &snapshot->hosts.items[0],
					    cases[i].target) == cases[i].owned,
			   "%s", cases[i].target);
}

static void test_find(void **state)
{
	struct snapshot *snapshot = read_hosts(
		*state, HOST("HV01", "1", WORKSTATION, "") HOST("hv02", "2", WORKSTATION, ""),
		NULL);
	const struct host_list *hosts = &snapshot->hosts;
	const struct entry *other = directory_find(snapshot->directory, UNIT_ROOT);

	assert_ptr_equal(host_list_find(hosts, "hv01", 4), &hosts->items[0]);
	assert_ptr_equal(host_list_find(hosts, "Hv02", 4), &hosts->items[1]);
	assert_ptr_equal(host_list_find(hosts, "HV02.hv.test:445", 12), &hosts->items[1]);
	assert_null(host_list_find(hosts, "hv02.hv.test", 11));
	assert_null(host_list_find(hosts, "hv03", 4));
	assert_null(host_list_find(hosts, "", 0));
	assert_ptr_equal(host_list_find_entry(hosts, hosts->items[1].account.entry),
			 &hosts->items[1]);
	assert_non_null(other);
	assert_null(host_list_find_entry(hosts, other));
	assert_null(host_list_find_entry(hosts, NULL));
}

static void test_lists_and_registers(void **state)
{
	struct snapshot *snapshot = read_hosts(
		*state, HOST("hv01", "1", WORKSTATION, TARGET("CIFS/hv02") TARGET("http/a:80")),
		NULL);
	const struct host *host = &snapshot->hosts.items[0];

	assert_true(host_lists_service(host, "cifs", "HV02"));
	assert_false(host_lists_service(host, "cifs", "hv0"));
	assert_false(host_lists_service(host, "cif", "hv02"));
	assert_false(host_lists_service(host, "http", "a"));
	assert_true(host_lists_service(host, "http", "a:80"));
	assert_true(host_registers_class(host, SPN_CLASS_MIGRATION));
	assert_true(host_registers_class(host, "microsoft VIRTUAL system migration service"));
	assert_false(host_registers_class(host, SPN_CLASS_CONSOLE));
}

static void test_generation_2025(void **state)
{
	struct host host = {.build = BUILD_UNKNOWN};

	(void)state;
	assert_false(host_is_2025_or_later(&host));
	host.build = 26099;
	assert_false(host_is_2025_or_later(&host));
	host.build = 26100;
	assert_true(host_is_2025_or_later(&host));
}

/* What the policy says of hosts: add, a group's hosts, exclude; and what -n says. */
static void test_policy_words(void **state)
{
	static const char entries[] = UNIT_DOMAIN("") HOST("hv01", "1", WORKSTATION, "")
		HOST("hv02", "2", WORKSTATION, "") UNIT_COMPUTER("plain", "3", WORKSTATION, "")
			UNIT_COMPUTER("other", "4", WORKSTATION, "") UNIT_COMPUTER(
				"cl1", "5", WORKSTATION, SPN(SPN_CLASS_CLUSTER "/cl1"));
	static const struct {
		const char *policy;
		const char *words[3];
		const char *hosts, *findings;
	} cases[] = {
		/* clang-format off */
		{"[hosts]\nadd=plain\n", {NULL}, "hv01 hv02 plain", ""},
		{"[hosts]\nadd=PLAIN.hv.test\n", {NULL}, "hv01 hv02 plain", ""},
		{"[group g]\nhosts=plain hv01\n", {NULL}, "hv01 hv02 plain", ""},
		{"[hosts]\nadd=plai?\n", {NULL}, "hv01 hv02",
		 "UNKNOWN plai? add\n"},
		{"[hosts]\nadd=gone\n", {NULL}, "hv01 hv02", "CRITICAL gone -\n"},
		{"[hosts]\nadd=plain\n", {"hv01"}, "hv01 (hv02) (plain)", ""},
		{"[hosts]\nexclude=hv01\n", {NULL}, "hv02", ""},
		{"[hosts]\nexclude=HV*\nadd=plain\n", {NULL}, "plain", ""},
		{"[hosts]\nexclude=hv01.hv.test\n", {NULL}, "hv02", ""},
		{"[hosts]\nexclude=slip, hv01, x*\n", {NULL}, "hv02",
		 "UNKNOWN slip exclude\nUNKNOWN x* exclude\n"},
		/* excluded goes before everything that names it */
		{"[hosts]\nexclude=plain\nadd=plain\n", {NULL}, "hv01 hv02",
		 "UNKNOWN plain add\n"},
		{"[hosts]\nexclude=hv0*\n[group g]\nhosts=hv01 HV02.hv.test\n[group h]\n"
		 "hosts=hv01 other\n", {NULL}, "other",
		 "UNKNOWN hv01 hosts\nUNKNOWN HV02.hv.test hosts\n"},
		/* but a pattern may name more than is to be judged */
		{"[hosts]\nexclude=hv01\n[group g]\nhosts=hv*\n", {NULL}, "hv02", ""},
		{"[hosts]\nexclude=hv01\n", {"hv01"}, "(hv02)",
		 "UNKNOWN hv01 host\n"},
		{"[hosts]\nadd=cl1\n", {NULL}, "hv01 hv02", "UNKNOWN cl1 add\n"},
		/* clang-format on */
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct policy *policy = unit_policy(*state, cases[i].policy);
		const struct verdict *verdict;
		const char *hosts, *findings;

		policy->selection.admins = false;
		verdict = unit_verdict(*state, entries, cases[i].words, policy);
		hosts = names_of(*state, verdict->snapshot);
		unit_check(!strcmp(hosts, cases[i].hosts), "%s%s", cases[i].policy, hosts);
		findings = memory_format(*state, "%s%s",
					 unit_findings_of(*state, verdict, RULE_HOST_MISSING),
					 unit_findings_of(*state, verdict, RULE_UNREADABLE));
		unit_check(!strcmp(findings, cases[i].findings), "%s%s", cases[i].policy, findings);
	}
}

UNIT_MAIN(UNIT_TEST(test_discovery), UNIT_TEST(test_set_aside), UNIT_TEST(test_facts),
	  UNIT_TEST(test_build), UNIT_TEST(test_lists), UNIT_TEST(test_broken_lists),
	  UNIT_TEST(test_nameless), UNIT_TEST(test_trustees), UNIT_TEST(test_owns_target),
	  UNIT_TEST(test_find), UNIT_TEST(test_lists_and_registers),
	  UNIT_TEST(test_generation_2025), UNIT_TEST(test_policy_words))
