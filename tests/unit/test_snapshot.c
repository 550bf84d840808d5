/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The snapshot as a whole: the halves, the krbtgt, and what is no directory of one
 * domain. */
#include "model/snapshot.h"

#include "unit.h"

static const char text[] = UNIT_HEALTHY_DOMAIN("", "") UNIT_COMPUTER("hv01", "1001", "4096", "")
	UNIT_CONNECTION_POINT("hv01");

static void test_halves(void **state)
{
	for (int halves = 0; halves < 4; halves++) {
		struct selection selection = {.hosts = halves & 1, .admins = halves & 2};
		struct error error = {0};
		struct directory *directory = unit_directory(*state, DIRECTORY_LDIF, text);
		struct snapshot *snapshot = snapshot_build(*state, directory, &selection, &error);

		assert_non_null(snapshot);
		assert_ptr_equal(snapshot->directory, directory);
		assert_string_equal(snapshot->domain->name, "hv.test");
		assert_int_equal(snapshot->hosts.count, selection.hosts);
		assert_int_equal(snapshot->admins.count, selection.admins);
		assert_int_equal(snapshot->krbtgt.entry != NULL, selection.admins);
		assert_int_equal(snapshot->unreadable.count, 0);
	}
}

static void test_krbtgt(void **state)
{
	static const struct {
		const char *krbtgt, *unreadable;
		char not_delegated;
	} cases[] = {
		{UNIT_USER("krbtgt", "502", "514", ""), "", 'n'},
		{UNIT_USER("krbtgt", "502", "1049090", ""), "", 'y'},
		{UNIT_USER("krbtgt", "502", "x", ""), "krbtgt userAccountControl\n", '?'},
		{"", UNIT_SID "-502 objectSid\n", '?'},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *all = memory_format(
			*state, "%s%s",
			UNIT_DOMAIN("") UNIT_GROUP("a", "S-1-5-32-544", UNIT_MEMBER("root"))
				UNIT_GROUP("d", UNIT_SID "-512", "")
					UNIT_USER("root", "500", UNIT_ENABLED, ""),
			cases[i].krbtgt);
		struct snapshot *snapshot = unit_snapshot(*state, all, NULL);

		unit_check(unit_truth(snapshot->krbtgt.not_delegated) == cases[i].not_delegated,
			   "case %zu", i);
		assert_string_equal(unit_unreadable(*state, &snapshot->unreadable),
				    cases[i].unreadable);
	}
}

static void test_no_domain(void **state)
{
	struct selection selection = {.hosts = true, .admins = true};
	struct error error = {0};

	assert_null(snapshot_build(*state, unit_directory(*state, DIRECTORY_LDIF, "dn: CN=a\n"),
				   &selection, &error));
	assert_int_equal(error.kind, ERROR_INPUT);
	assert_non_null(strstr(error.text, "no domain object"));
}

UNIT_MAIN(UNIT_TEST(test_halves), UNIT_TEST(test_krbtgt), UNIT_TEST(test_no_domain))
