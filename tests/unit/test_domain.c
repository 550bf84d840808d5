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
		bool dc_level_read;
	} cases[] = {
		{UNIT_DOMAIN(""), FUNCTIONAL_LEVEL_UNKNOWN, false},
		{UNIT_ROOTDSE("domainControllerFunctionality: 5\n") UNIT_DOMAIN(""), 5, true},
		{UNIT_ROOTDSE("domainControllerFunctionality: 10\n")
			 UNIT_DOMAIN("msDS-Behavior-Version: 7\n"),
		 10, true},
		{UNIT_ROOTDSE("domainControllerFunctionality: 0\n") UNIT_DOMAIN(""), 0, true},
		{UNIT_DOMAIN("msDS-Behavior-Version: 7\n"), 7, false},
		{UNIT_DOMAIN("msDS-Behavior-Version: 6\n"), 6, false},
		{UNIT_DOMAIN("msDS-Behavior-Version: 5\n"), FUNCTIONAL_LEVEL_UNKNOWN, false},
		{UNIT_ROOTDSE("domainControllerFunctionality: x\n")
			 UNIT_DOMAIN("msDS-Behavior-Version: 6\n"),
		 6, false},
		{UNIT_ROOTDSE("domainControllerFunctionality: -1\n") UNIT_DOMAIN(""),
		 FUNCTIONAL_LEVEL_UNKNOWN, false},
		{UNIT_DOMAIN("msDS-Behavior-Version: 4294967295\n"), FUNCTIONAL_LEVEL_UNKNOWN,
		 false},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct domain *domain = read_text(*state, DIRECTORY_LDIF, cases[i].text);

		unit_check(domain->functional_level == cases[i].level, "case %zu", i);
		unit_check(domain->dc_level_read == cases[i].dc_level_read, "case %zu", i);
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
	struct domain *domain =
		read_text(*state, DIRECTORY_LDIF,
			  UNIT_DOMAIN("") UNIT_USER("a", "1001", "512", "primaryGroupID: 513\n")
				  UNIT_USER("b", "1002", "512", "primaryGroupID: 513\n")
					  UNIT_USER("c", "1003", "512", "primaryGroupID: x\n")
						  UNIT_GROUP("d", "S-1-5-32-544", "")
							  UNIT_USER("twin", "1001", "512", ""));
	struct sid builtin = sid_builtin(544), unknown = sid_builtin(545);

	assert_string_equal(domain_find_rid(domain, 1001)->dn, UNIT_DN("a"));
	assert_null(domain_find_rid(domain, 1004));
	assert_string_equal(domain_find_sid(domain, &builtin)->dn, UNIT_DN("d"));
	assert_null(domain_find_sid(domain, &unknown));
	assert_int_equal(domain_primary_members(domain, 513)->account_count, 2);
	assert_string_equal(domain_primary_members(domain, 513)->accounts[1]->dn, UNIT_DN("b"));
	assert_null(domain_primary_members(domain, 514));
}

UNIT_MAIN(UNIT_TEST(test_domain_object), UNIT_TEST(test_level), UNIT_TEST(test_forest_root),
	  UNIT_TEST(test_live_directory), UNIT_TEST(test_aliases), UNIT_TEST(test_indexes))
