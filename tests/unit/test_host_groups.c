/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Declared groups: who belongs to which, who is whose peer, what each requires. */
#include "policy/host_groups.h"

#include "ad/spn.h"
#include "unit.h"

#define HOST(cn, rid)                                                                              \
	UNIT_COMPUTER(cn, rid, "4096", "servicePrincipalName: " SPN_CLASS_CONSOLE "/" cn "\n")
#define HOSTS                                                                                      \
	UNIT_HEALTHY_DOMAIN("", "")                                                                \
	HOST("hv01", "1101") HOST("hv02", "1102") HOST("hv11", "1111") HOST("lone", "1121")

static const struct verdict *read_groups(const void *context, const char *text)
{
	struct policy *policy = NULL;

	if (*text)
		policy = unit_policy(context, text);
	return unit_verdict(context, HOSTS, NULL, policy);
}

static const struct host *host_of(const struct verdict *verdict, const char *name)
{
	const struct host *host = host_list_find(&verdict->snapshot->hosts, name, strlen(name));

	unit_check(host, "%s", name);
	return host;
}

static const char two_groups[] = "[group old]\nhosts = HV01 hv02.hv.test\nservices = cifs\n"
				 "[group new]\nhosts = hv?1\n";

static void test_membership(void **state)
{
	static const struct {
		const char *host, *groups;
		bool in_new, in_old;
	} cases[] = {
		{"hv01", "new old ", true, true},
		{"hv02", "old ", false, true},
		{"hv11", "new ", true, false},
		{"lone", "", false, false},
	};
	const struct verdict *verdict = read_groups(*state, two_groups);

	assert_string_equal(verdict->policy->groups[0].name, "new");
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct host *host = host_of(verdict, cases[i].host);
		struct text_list names = host_groups_names(*state, verdict->groups, host);
		char *text = memory_text(*state, "");

		for (size_t k = 0; k < names.count; k++)
			text = talloc_asprintf_append(text, "%s ", names.items[k]);
		assert_string_equal(text, cases[i].groups);
		assert_int_equal(host_groups_holds(verdict->groups, 0, host), cases[i].in_new);
		assert_int_equal(host_groups_holds(verdict->groups, 1, host), cases[i].in_old);
	}
}

static void test_peers(void **state)
{
	static const struct {
		const char *a, *b;
		bool share, peers_undeclared;
	} cases[] = {
		{"hv01", "hv02", true, true},  {"hv01", "hv11", true, true},
		{"hv02", "hv11", false, true}, {"hv01", "lone", false, true},
		{"lone", "hv01", false, true}, {"hv11", "hv01", true, true},
		{"hv01", "hv01", true, false}, {"lone", "lone", false, false},
	};
	const struct verdict *verdict = read_groups(*state, two_groups);
	const struct verdict *undeclared = read_groups(*state, "");

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct host *a = host_of(verdict, cases[i].a);
		const struct host *b = host_of(verdict, cases[i].b);

		unit_check(host_groups_share(verdict->groups, a, b) == cases[i].share, "case %zu",
			   i);
		unit_check(host_groups_are_peers(verdict->groups, a, b) ==
				   (cases[i].share && a != b),
			   "case %zu", i);
		a = host_of(undeclared, cases[i].a);
		b = host_of(undeclared, cases[i].b);
		assert_false(host_groups_share(undeclared->groups, a, b));
		unit_check(host_groups_are_peers(undeclared->groups, a, b) ==
				   cases[i].peers_undeclared,
			   "case %zu", i);
	}
}

static void test_services(void **state)
{
	static const struct {
		const char *host, *other, *service_class;
		bool required;
	} cases[] = {
		{"hv01", "hv01", "cifs", true},
		{"hv01", "hv01", SPN_CLASS_MIGRATION, true},
		{"hv11", "hv11", "MICROSOFT virtual system migration service", true},
		{"hv02", "hv02", SPN_CLASS_MIGRATION, false},
		{"hv02", "hv02", "CIFS", true},
		{"hv02", "hv02", "cif", false},
		{"hv02", "hv02", "cifs2", false},
		{"lone", "lone", "cifs", false},
		/* what another group of one of them requires does not count */
		{"hv01", "hv11", SPN_CLASS_MIGRATION, true},
		{"hv01", "hv02", SPN_CLASS_MIGRATION, false},
		{"hv02", "hv01", "cifs", true},
		{"hv02", "hv11", "cifs", false},
	};
	const struct verdict *verdict = read_groups(*state, two_groups);

	assert_int_equal(host_groups_services(verdict->groups, 0)->count, 2);
	assert_string_equal(host_groups_services(verdict->groups, 0)->items[0],
			    SPN_CLASS_MIGRATION);
	assert_string_equal(host_groups_services(verdict->groups, 0)->items[1], "cifs");
	assert_int_equal(host_groups_services(verdict->groups, 1)->count, 1);
	assert_string_equal(host_groups_services(verdict->groups, 1)->items[0], "cifs");
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		unit_check(host_groups_require(verdict->groups, host_of(verdict, cases[i].host),
					       host_of(verdict, cases[i].other),
					       cases[i].service_class,
					       strlen(cases[i].service_class)) == cases[i].required,
			   "case %zu", i);
	/* the class need not end at length */
	assert_true(host_groups_require(verdict->groups, host_of(verdict, "hv02"),
					host_of(verdict, "hv02"), "cifs/x", 4));
}

UNIT_MAIN(UNIT_TEST(test_membership), UNIT_TEST(test_peers), UNIT_TEST(test_services))
