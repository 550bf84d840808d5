/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The domain of a directory: which object it is, its level, its root, its aliases, and
 * the indexes of its accounts. */
#include "model/domain.h"

#include "unit.h"

static struct domain *read_text(const void *context, enum directory_kind kind, const char *text)
{
	struct error error = {0};
	struct domain *domain = domain_read(context, unit_directory(context, kind, text), &error);

	unit_check(domain, "%s", error.text);
	return domain;
}

static void test_domain_object(void **state)
{
	static const struct {
		const char *name, *text, *domain, *error;
		bool has_sid;
	} cases[] = {
		{"one", UNIT_DOMAIN(""), "hv.test", NULL, true},
		{"none", "dn: " UNIT_DN("a") "\nobjectClass: user\n", NULL, "no domain object",
		 false},
		{"nothing", "", NULL, "no domain object", false},
		{"several",
		 UNIT_DOMAIN("") "dn: DC=b\nobjectClass: domainDNS\nobjectSid: S-1-5-21-1\n", NULL,
		 "several domain objects", false},
		{"application partitions",
		 "dn: DC=DomainDnsZones,DC=hv,DC=test\nobjectClass: domainDNS\n\n" UNIT_DOMAIN(
			 "") "dn: DC=ForestDnsZones,DC=hv,DC=test\nobjectClass: domainDNS\n",
		 "hv.test", NULL, true},
		{"hidden SID", "dn: DC=hv,DC=test\nobjectClass: domainDNS\n", "hv.test", NULL,
		 false},
		{"broken SID", "dn: DC=hv,DC=test\nobjectClass: domainDNS\nobjectSid: x\n",
		 "hv.test", NULL, false},
		{"SID without room",
		 "dn: DC=hv\nobjectClass: domainDNS\n"
		 "objectSid: S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15\n",
		 "hv", NULL, false},
		{"its own rootDSE", "dn:\ndefaultNamingContext: dc=HV,dc=Test\n\n" UNIT_DOMAIN(""),
		 "hv.test", NULL, true},
		{"the rootDSE of another one",
		 "dn:\ndefaultNamingContext: DC=kid,DC=hv,DC=test\n\n" UNIT_DOMAIN(""), NULL,
		 "the rootDSE is of DC=kid,DC=hv,DC=test, the domain object of "
		 "DC=hv,DC=test",
		 false},
		{"its own rootDSE and another one",
		 "dn:\ndefaultNamingContext: DC=hv,DC=test\ndefaultNamingContext: "
		 "DC=kid\n\n" UNIT_DOMAIN(""),
		 NULL, "the rootDSE is of DC=kid, the", false},
		{"two without SID",
		 "dn: DC=a\nobjectClass: domainDNS\n\ndn: DC=b\nobjectClass: domainDNS\n", NULL,
		 "several domain objects", false},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct error error = {0};
		struct domain *domain = domain_read(
			*state, unit_directory(*state, DIRECTORY_LDIF, cases[i].text), &error);

		unit_check((domain != NULL) == (cases[i].domain != NULL), "%s", cases[i].name);
		if (!domain) {
			unit_check(strstr(error.text, cases[i].error), "%s: %s", cases[i].name,
				   error.text);
			assert_int_equal(error.kind, ERROR_INPUT);
			continue;
		}
		assert_string_equal(domain->name, cases[i].domain);
		unit_check(domain->has_sid == cases[i].has_sid, "%s", cases[i].name);
	}
}

static void test_level(void **state)
{
	static const struct {
		const char *text;
		int level;
		bool dc_level_read, own_level_low;
	} cases[] = {
		{UNIT_DOMAIN(""), FUNCTIONAL_LEVEL_UNKNOWN, false, false},
		{UNIT_ROOTDSE("domainControllerFunctionality: 5\n") UNIT_DOMAIN(""), 5, true,
		 false},
		{UNIT_ROOTDSE("domainControllerFunctionality: 10\n")
			 UNIT_DOMAIN("msDS-Behavior-Version: 7\n"),
		 10, true, false},
		{UNIT_ROOTDSE("domainControllerFunctionality: 7\n")
			 UNIT_DOMAIN("msDS-Behavior-Version: 5\n"),
		 7, true, true},
		{UNIT_ROOTDSE("domainControllerFunctionality: 0\n") UNIT_DOMAIN(""), 0, true,
		 false},
		{UNIT_DOMAIN("msDS-Behavior-Version: 7\n"), 7, false, false},
		{UNIT_DOMAIN("msDS-Behavior-Version: 6\n"), 6, false, false},
		{UNIT_DOMAIN("msDS-Behavior-Version: 5\n"), FUNCTIONAL_LEVEL_UNKNOWN, false, true},
		{UNIT_ROOTDSE("domainControllerFunctionality: x\n")
			 UNIT_DOMAIN("msDS-Behavior-Version: 6\n"),
		 FUNCTIONAL_LEVEL_UNKNOWN, false, false},
		{UNIT_ROOTDSE("domainControllerFunctionality: -1\n") UNIT_DOMAIN(""),
		 FUNCTIONAL_LEVEL_UNKNOWN, false, false},
		{UNIT_DOMAIN("msDS-Behavior-Version: 4294967295\n"), FUNCTIONAL_LEVEL_UNKNOWN,
		 false, false},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct domain *domain = read_text(*state, DIRECTORY_LDIF, cases[i].text);

		unit_check(domain->functional_level == cases[i].level, "case %zu", i);
		unit_check(domain->dc_level_read == cases[i].dc_level_read, "case %zu", i);
		unit_check(domain->own_level_low == cases[i].own_level_low, "case %zu", i);
	}
}

static void test_forest_root(void **state)
{
	static const struct {
		const char *rootdse;
		bool forest_root;
	} cases[] = {
		{"", true}, /* without a rootDSE: taken to be of the root */
		{UNIT_ROOTDSE(""), true},
		{UNIT_ROOTDSE("rootDomainNamingContext: dc=HV, dc=test\n"), true},
		{UNIT_ROOTDSE("rootDomainNamingContext: DC=test\n"), false},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *text = memory_format(*state, "%s%s", cases[i].rootdse, UNIT_DOMAIN(""));

		unit_check(read_text(*state, DIRECTORY_LDIF, text)->forest_root ==
				   cases[i].forest_root,
			   "case %zu", i);
	}
}

static void test_live_directory(void **state)
{
	struct domain *domain = read_text(*state, DIRECTORY_LDAP, "");

	/* nothing is known yet, which is no error */
	assert_string_equal(domain->name, "");
	assert_string_equal(domain->key, "");
	assert_false(domain->has_sid);
	assert_null(domain_find_rid(domain, 500));
	domain = read_text(*state, DIRECTORY_LDAP, UNIT_ROOTDSE(""));
	assert_string_equal(domain->name, "hv.test");
	assert_false(domain->has_sid);
	domain = read_text(*state, DIRECTORY_LDAP, UNIT_ROOTDSE("") UNIT_DOMAIN(""));
	assert_string_equal(domain->key, "dc=hv,dc=test");
	assert_true(domain->has_sid);
	domain = read_text(*state, DIRECTORY_LDAP, "dn:\ndefaultNamingContext: CN=odd\n");
	assert_string_equal(domain->name, "");
	assert_string_equal(domain->key, "cn=odd");
}

static void test_aliases(void **state)
{
	static const struct {
		const char *lines;
		const char *service_class;
		bool alias;
	} cases[] = {
		{"", "cifs", true},
		{"", "CIFS", true},
		{"", "ldap", false},
		{"", "cif", false},
		{"", "", false},
		{"sPNMappings: ldap=gc\nsPNMappings: host=alerter, other\n", "other", true},
		{"sPNMappings: HOST=alerter,other\n", "Alerter", true},
		{"sPNMappings: host=alerter,other\n", "cifs", false},
		{"sPNMappings: ldap=cifs2\n", "cifs", true}, /* no host=: AD's own list */
		{"sPNMappings: ldap=cifs2\n", "cifs2", false},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *text = memory_format(
			*state, "%sdn: CN=Directory Service,CN=x\nobjectClass: nTDSService\n%s\n",
			UNIT_DOMAIN(""), cases[i].lines);
		struct domain *domain = read_text(*state, DIRECTORY_LDIF, text);

		unit_check(domain_is_host_alias(domain, cases[i].service_class,
						strlen(cases[i].service_class)) == cases[i].alias,
			   "case %zu", i);
	}
}

static void test_indexes(void **state)
{
	struct domain *domain = read_text(
		*state, DIRECTORY_LDIF,
		UNIT_DOMAIN("") UNIT_USER("a", "1001", "512", "primaryGroupID: 513\n")
			UNIT_USER("b", "1002", "512", "primaryGroupID: 513\n")
				UNIT_USER("c", "1003", "512",
					  "primaryGroupID: x\n") UNIT_GROUP("d", "S-1-5-32-544", "")
					UNIT_USER("twin", "1001", "512", "primaryGroupID: 515\n"));
	struct sid builtin = sid_builtin(544), unknown = sid_builtin(545);

	assert_string_equal(domain_find_rid(domain, 1001)->dn, UNIT_DN("a"));
	assert_null(domain_find_rid(domain, 1004));
	assert_int_equal(domain->same_sid_count, 2);
	assert_string_equal(domain_find_sid(domain, &builtin)->dn, UNIT_DN("d"));
	assert_null(domain_find_sid(domain, &unknown));
	assert_int_equal(domain_primary_members(domain, 513)->account_count, 2);
	assert_string_equal(domain_primary_members(domain, 513)->accounts[1]->dn, UNIT_DN("b"));
	assert_null(domain_primary_members(domain, 514));
}

#define SPN(text) "servicePrincipalName: " text "\n"

static void test_spn_owners(void **state)
{
	static const struct {
		const char *target, *owners;
	} cases[] = {
		{"sql/db", "a"},     {"SQL/DB", "a"}, {"sql/db:1433", ""}, /* compared whole */
		{"http/x", "a b c"}, {"cifs/x", "b"}, /* registered: HOST/ is not asked */
		{"time/x", "a"},                      /* by HOST/ */
		{"host/x", "a"},     {"ldap/x", ""},  /* no alias */
		{"cifs/y:1", "c"},   {"cifs/y", ""},  {"broken", "c"},     {"none", ""}, {"", ""},
	};
	struct domain *domain = read_text(
		*state, DIRECTORY_LDIF,
		UNIT_DOMAIN("") UNIT_USER("a", "1001", "512",
					  SPN("sql/db") SPN("HTTP/x") SPN("http/X") SPN("HOST/x"))
			UNIT_USER("b", "1002", "512", SPN("http/x") SPN("cifs/x")) UNIT_USER(
				"c", "1003", "512", SPN("http/x") SPN("HOST/y:1") SPN("broken")));

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct spn_slot *slot = domain_spn_owners(domain, cases[i].target);
		char *text = memory_text(*state, "");

		for (size_t k = 0; slot && k < slot->account_count; k++) {
			const char *name;

			assert_int_equal(
				entry_text(slot->accounts[k], ATTRIBUTE_SAM_ACCOUNT_NAME, &name),
				READING_OK);
			text = talloc_asprintf_append(text, "%s%s", k ? " " : "", name);
		}
		unit_check(!strcmp(text, cases[i].owners), "%s: %s", cases[i].target, text);
		assert_true(!slot || slot->account_count > 0);
	}
	assert_string_equal(domain_host_spn(*state, domain, "CIFS/a:1/b"), "HOST/a:1/b");
	assert_null(domain_host_spn(*state, domain, "ldap/a"));
	assert_null(domain_host_spn(*state, domain, "cifs"));
}

static void test_next_account(void **state)
{
	static const struct {
		const char *word, *accounts;
	} cases[] = {
		{"ann", "ann "},        {"ANN", "ann "},
		{"hv01", "hv01$ "},     {"hv01$", "hv01$ "},
		{"a*", "ann anton "},   {"*", "ann anton hv01$ "},
		{"hv0?", "hv01$ "},     {"an", ""},
		{UNIT_SID "-1001", ""}, {"", ""},
	};
	struct domain *domain =
		read_text(*state, DIRECTORY_LDIF,
			  UNIT_DOMAIN("") UNIT_USER("ann", "1001", "512", "")
				  UNIT_USER("anton", "1002", "512", "")
					  UNIT_COMPUTER("hv01", "1003", "4096", ""));

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char *text = memory_text(*state, "");
		const char *name;

		for (const struct entry *entry = domain_next_account(domain, cases[i].word, NULL);
		     entry; entry = domain_next_account(domain, cases[i].word, entry)) {
			assert_int_equal(entry_text(entry, ATTRIBUTE_SAM_ACCOUNT_NAME, &name),
					 READING_OK);
			text = talloc_asprintf_append(text, "%s ", name);
		}
		unit_check(!strcmp(text, cases[i].accounts), "%s: %s", cases[i].word, text);
	}
}

static void test_has_name(void **state)
{
	static const struct {
		const char *name;
		bool own;
	} cases[] = {
		{"hv01", true},        {"hv01.hv.test", true},    {"HV01.HV.TEST", true},
		{"hv.test", true},     {"HV.test", true},         {"a.b.hv.test", false},
		{"hv01.test", false},  {"hv01.hv.test.", false},  {"xhv.test", false},
		{"a.xhv.test", false}, {"other.org", false},      {"10.0.0.1", true},
		{"[fe80::1]", true},   {"[fe80::1.2.3.4]", true}, {"10.0.0.x", false},
		{".hv.test", true},
	};
	struct domain *domain = read_text(*state, DIRECTORY_LDIF, UNIT_DOMAIN(""));

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		/* need not end at length */
		const char *longer = memory_format(*state, "%s:445", cases[i].name);

		unit_check(domain_has_name(domain, longer, strlen(cases[i].name)) == cases[i].own,
			   "%s", cases[i].name);
	}
}

UNIT_MAIN(UNIT_TEST(test_domain_object), UNIT_TEST(test_level), UNIT_TEST(test_forest_root),
	  UNIT_TEST(test_live_directory), UNIT_TEST(test_aliases), UNIT_TEST(test_indexes),
	  UNIT_TEST(test_spn_owners), UNIT_TEST(test_next_account), UNIT_TEST(test_has_name))
