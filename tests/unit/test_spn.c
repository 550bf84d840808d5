/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Service principal names: class and host of every legal form, and what is none. */
#include "ad/spn.h"

#include "base/text.h"
#include "unit.h"

static void test_parse(void **state)
{
	static const struct {
		const char *text, *service_class, *name;
	} cases[] = {
		{"cifs/hv01", "cifs", "hv01"},
		{"cifs/hv01.hv.test:445", "cifs", "hv01.hv.test"},
		{"ldap/dc1.hv.test/hv.test", "ldap", "dc1.hv.test"},
		{"ldap/dc1:389/hv.test", "ldap", "dc1"},
		{"Microsoft Virtual System Migration Service/hv01",
		 "Microsoft Virtual System Migration Service", "hv01"},
		{"a/b/", "a", "b"},
		{"a/b:", "a", "b"},
		{"", NULL, NULL},
		{"cifs", NULL, NULL},
		{"/hv01", NULL, NULL},
		{"cifs/", NULL, NULL},
		{"cifs//hv.test", NULL, NULL},
		{"cifs/:445", NULL, NULL},
		{"cifs:hv01", NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct spn spn;
		bool parsed = spn_parse(cases[i].text, &spn);

		unit_check(parsed == (cases[i].name != NULL), "'%s'", cases[i].text);
		if (!parsed)
			continue;
		unit_check(spn.service_class_length == strlen(cases[i].service_class), "'%s'",
			   cases[i].text);
		unit_check(spn.name_length == strlen(cases[i].name), "'%s'", cases[i].text);
		unit_check(spn_has_class(&spn, cases[i].service_class), "'%s'", cases[i].text);
		unit_check(spn_has_name(&spn, cases[i].name), "'%s'", cases[i].text);
	}
}

static void test_compare(void **state)
{
	struct spn spn;

	(void)state;
	assert_true(spn_parse("CIFS/Hv01.hv.test:445", &spn));
	assert_true(spn_has_class(&spn, "cifs"));
	assert_true(spn_has_name(&spn, "HV01.HV.TEST"));
	assert_false(spn_has_class(&spn, "cif"));
	assert_false(spn_has_class(&spn, "cifss"));
	assert_false(spn_has_name(&spn, "hv01"));
	assert_false(spn_has_name(&spn, "hv01.hv.test:445"));
}

/* The list of the contract has 53 classes; the one that matters most is among them. */
static void test_default_aliases(void **state)
{
	char *list = memory_text(*state, spn_default_host_aliases), *at;
	struct text_list aliases = {0};

	for (char *alias = strtok_r(list, ",", &at); alias; alias = strtok_r(NULL, ",", &at))
		text_list_add(*state, &aliases, alias);
	text_list_sort(&aliases);
	assert_int_equal(aliases.count, 53);
	assert_true(text_list_has(&aliases, "cifs"));
	assert_true(text_list_has(&aliases, "alerter"));
	assert_true(text_list_has(&aliases, "msdtc"));
	assert_false(text_list_has(&aliases, "host"));
	assert_false(text_list_has(&aliases, "ldap"));
}

UNIT_MAIN(UNIT_TEST(test_parse), UNIT_TEST(test_compare), UNIT_TEST(test_default_aliases))
