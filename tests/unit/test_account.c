/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one entry is, and how what is missing of it is said. */
#include "model/account.h"

#include "unit.h"

static const struct entry *entry_of(const void *context, const char *lines)
{
	const char *text = memory_format(context, "dn: " UNIT_DN("x") "\n%s\n", lines);

	return unit_directory(context, DIRECTORY_LDIF, text)->entries;
}

static void test_class(void **state)
{
	static const struct {
		const char *lines;
		enum account_class class;
	} cases[] = {
		{"objectClass: user\n", ACCOUNT_PLAIN},
		{"objectClass: user\nobjectClass: computer\n", ACCOUNT_PLAIN},
		{"objectClass: msDS-GroupManagedServiceAccount\n", ACCOUNT_PLAIN},
		{"objectClass: top\nobjectClass: GROUP\n", ACCOUNT_GROUP},
		{"groupType: 2\n", ACCOUNT_GROUP},
		{"member: CN=a\n", ACCOUNT_GROUP},
		{"objectClass: contact\n", ACCOUNT_CONTACT},
		{"objectClass: foreignSecurityPrincipal\n", ACCOUNT_FOREIGN},
		{"sAMAccountName: x\n", ACCOUNT_PLAIN}, /* of a class that is hidden */
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		unit_check(account_class(entry_of(*state, cases[i].lines)) == cases[i].class,
			   "case %zu", i);
}

static void test_read(void **state)
{
	static const struct {
		const char *lines, *name, *facts; /* enabled, not delegated */
	} cases[] = {
		{"sAMAccountName: a\nobjectSid: S-1-5-32-1\nuserAccountControl: 512\n", "a", "yn"},
		{"sAMAccountName: a\nuserAccountControl: 1049090\n", "a", "ny"},
		{"objectSid: S-1-5-32-1\nuserAccountControl: 514\n", "S-1-5-32-1", "nn"},
		{"sAMAccountName:: 00\nobjectSid: S-1-5-32-1\n", "S-1-5-32-1", "??"},
		{"objectClass: user\n", UNIT_DN("x"), "??"},
		{"sAMAccountName: a\nuserAccountControl: x\n", "a", "??"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct entry *entry = entry_of(*state, cases[i].lines);
		struct account account;

		account_read(*state, entry, &account);
		assert_ptr_equal(account.entry, entry);
		assert_string_equal(account.name, cases[i].name);
		unit_check(unit_truth(account.enabled) == cases[i].facts[0], "case %zu", i);
		unit_check(unit_truth(account.not_delegated) == cases[i].facts[1], "case %zu", i);
		unit_check(account.has_uac == (cases[i].facts[0] != '?'), "case %zu", i);
		unit_check(account.has_sid == (strstr(cases[i].lines, "S-1") != NULL), "case %zu",
			   i);
	}
}

static void test_report(void **state)
{
	static const struct {
		const char *lines, *unreadable;
	} cases[] = {
		{"objectClass: user\nsAMAccountName: a\nobjectSid: S-1-5-32-1\n"
		 "userAccountControl: 512\n",
		 ""},
		{"objectClass: user\nsAMAccountName: a\nobjectSid: S-1-5-32-1\n",
		 "h userAccountControl\n"},
		{"objectClass: user\nsAMAccountName: a\nobjectSid: S-1-5-32-1\n"
		 "userAccountControl: x\n",
		 "h userAccountControl\n"},
		{"sAMAccountName: a\nobjectSid: x\nuserAccountControl: 1\n",
		 "h objectClass\nh objectSid\n"},
		{"objectClass: user\nobjectSid: S-1-5-32-1\nuserAccountControl: 1\n",
		 "h sAMAccountName\n"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct unreadable_list unreadable = {0};
		struct account account;

		account_read(*state, entry_of(*state, cases[i].lines), &account);
		account_report(*state, &account, "h", &unreadable);
		assert_string_equal(unit_unreadable(*state, &unreadable), cases[i].unreadable);
	}
}

static void test_hidden_and_broken_differ(void **state)
{
	static const char common[] =
		"objectClass: user\nsAMAccountName: a\nobjectSid: S-1-5-32-1\n";
	struct unreadable_list unreadable = {0};
	struct account account;

	account_read(*state, entry_of(*state, common), &account);
	account_report(*state, &account, "h", &unreadable);
	account_read(*state,
		     entry_of(*state, memory_format(*state, "%suserAccountControl: x\n", common)),
		     &account);
	account_report(*state, &account, "h", &unreadable);
	assert_int_equal(unreadable.count, 2);
	assert_non_null(strstr(unreadable.items[0].detail, "does not show"));
	assert_non_null(strstr(unreadable.items[1].detail, "can not be decoded"));
}

static void test_unreadable_sid(void **state)
{
	struct sid domain = unit_sid(UNIT_SID);
	struct unreadable_list unreadable = {0};

	unreadable_add_sid(*state, &unreadable, &domain, 512);
	assert_string_equal(unit_unreadable(*state, &unreadable), UNIT_SID "-512 objectSid\n");
}

UNIT_MAIN(UNIT_TEST(test_class), UNIT_TEST(test_read), UNIT_TEST(test_report),
	  UNIT_TEST(test_hidden_and_broken_differ), UNIT_TEST(test_unreadable_sid))
