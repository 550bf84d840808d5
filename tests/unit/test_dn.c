/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Distinguished names: which are equal, whatever their escapes, case and blanks; their
 * parts; and texts that are none. */
#include "ad/dn.h"

#include "unit.h"

static void test_key(void **state)
{
	static const struct {
		const char *dn, *key;
	} cases[] = {
		{"", ""},
		{"DC=HV,DC=Test", "dc=hv,dc=test"},
		{" CN = A , DC = b ", "cn=a,dc=b"},
		{"CN=A b  c,DC=x", "cn=a b  c,dc=x"},
		{"CN=a\\,b,DC=x", "cn=a\\2cb,dc=x"},
		{"CN=a\\2Cb,DC=x", "cn=a\\2cb,dc=x"},
		{"CN=a\\2cb,DC=x", "cn=a\\2cb,dc=x"},
		{"CN=a\\41b,DC=x", "cn=aab,dc=x"},
		{"CN=\\20a\\20,DC=x", "cn= a ,dc=x"},
		{"CN=\\ a\\ ,DC=x", "cn= a ,dc=x"},
		{"CN=a\\ ", "cn=a "},
		{"CN=a=b", "cn=a\\3db"},
		{"CN=a\\3Db", "cn=a\\3db"},
		{"CN=a\\\\b", "cn=a\\5cb"},
		{"CN=a\\", "cn=a\\5c"},
		{"CN=a\\4", "cn=a4"},
		{"CN=a\\4G", "cn=a4g"},
		{"CN=\\#a", "cn=\\23a"},
		{"CN=a\\\"\\<\\>\\;\\+", "cn=a\\22\\3c\\3e\\3b\\2b"},
		{"CN=a\nDEL:0815", "cn=a\\0adel:0815"},
		{"CN=a\\0ADEL:0815", "cn=a\\0adel:0815"},
		{"CN=a\\00b", "cn=a\\00b"},
		{"CN=\xC3\x84,DC=x", "cn=\xC3\x84,dc=x"},
		{"CN=\\C3\\84,DC=x", "cn=\xC3\x84,dc=x"},
		{"CN=a+OU=B,DC=x", "cn=a+ou=b,dc=x"},
		{"CN=,DC=x", "cn=,dc=x"},
		{"no dn at all", "no dn at all"},
		{",,=,", ",,=,"},
		{"a\\=b", "a\\3db"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char *exact = memory_text(*state, cases[i].dn);
		char *key = dn_key(*state, exact);

		assert_string_equal(key, cases[i].key);
		/* a key is its own key, where no blank at an edge was escaped */
		if (!strchr(key, ' ') || strstr(cases[i].dn, "no dn"))
			assert_string_equal(dn_key(*state, key), key);
	}
}

static void test_hostile_texts_fit(void **state)
{
	for (unsigned c = 1; c < 256; c++) {
		char dn[] = {(char)c, (char)c, '=', (char)c, '\\',
			     (char)c, (char)c, ',', (char)c, 0};
		char *key = dn_key(*state, dn);

		unit_check(strlen(key) < talloc_get_size(key), "character %u", c);
		assert_true(strlen(dn_parent(dn)) < sizeof dn);
		assert_non_null(dn_first_value(*state, dn));
		assert_true(strlen(dn_key_domain(key)) <= strlen(key));
	}
}

static void test_parent(void **state)
{
	static const struct {
		const char *dn, *parent;
	} cases[] = {
		{"", ""},
		{"DC=test", ""},
		{"CN=a,DC=b,DC=c", "DC=b,DC=c"},
		{"CN=a\\,b,DC=c", "DC=c"},
		{"CN=a\\2Cb,DC=c", "DC=c"},
		{"CN=a\\\\,DC=c", "DC=c"},
		{"CN=a\\", ""},
		{"CN=a,", ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_string_equal(dn_parent(cases[i].dn), cases[i].parent);
}

static void test_domain(void **state)
{
	static const struct {
		const char *key, *domain;
	} cases[] = {
		{"", ""},
		{"dc=hv,dc=test", "dc=hv,dc=test"},
		{"cn=a,ou=b,dc=hv,dc=test", "dc=hv,dc=test"},
		{"dc=@,dc=zone,cn=microsoftdns,dc=hv,dc=test", "dc=hv,dc=test"},
		{"cn=a", ""},
		{"cn=dc=x", ""},
		{"dc=hv,cn=a", ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_string_equal(dn_key_domain(cases[i].key), cases[i].domain);
}

static void test_first_value(void **state)
{
	static const struct {
		const char *dn, *value;
	} cases[] = {
		{"", ""},
		{"CN=HV01,OU=x", "HV01"},
		{"CN=a\\,b,OU=x", "a,b"},
		{"CN=a\\2Cb,OU=x", "a,b"},
		{"CN=a=b,OU=x", "a=b"},
		{"CN=Microsoft Hyper-V,CN=HV01", "Microsoft Hyper-V"},
		{"CN=a+OU=b", "a"},
		{"CN=", ""},
		{"none", ""},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_string_equal(dn_first_value(*state, cases[i].dn), cases[i].value);
}

static void test_dns_name(void **state)
{
	assert_string_equal(dn_key_dns_name(*state, "dc=hv,dc=example,dc=com"), "hv.example.com");
	assert_string_equal(dn_key_dns_name(*state, "dc=test"), "test");
	assert_null(dn_key_dns_name(*state, ""));
	assert_null(dn_key_dns_name(*state, "cn=a,dc=hv"));
	assert_null(dn_key_dns_name(*state, "dc=hv,cn=a"));
}

UNIT_MAIN(UNIT_TEST(test_key), UNIT_TEST(test_hostile_texts_fit), UNIT_TEST(test_parent),
	  UNIT_TEST(test_domain), UNIT_TEST(test_first_value), UNIT_TEST(test_dns_name))
