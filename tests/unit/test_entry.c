/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The getters of an entry: absent, broken and contradictory values are told apart, and
 * numbers are AD's signed ones. */
#include "ad/entry.h"

#include "unit.h"

static const struct entry *entry_of(const void *context, const char *lines)
{
	const char *text = memory_format(context, "dn: CN=x\n%s\n", lines);
	const struct directory *directory = unit_directory(context, DIRECTORY_LDIF, text);

	return directory->entries;
}

static void test_text(void **state)
{
	static const struct {
		const char *lines;
		enum reading reading;
		const char *text;
	} cases[] = {
		{"", READING_ABSENT, NULL},
		{"member: sAMAccountName\n", READING_ABSENT, NULL},
		{"sAMAccountName:\n", READING_ABSENT, NULL},
		{"sAMAccountName: hv01$\n", READING_OK, "hv01$"},
		{"samaccountname: a\nSAMACCOUNTNAME: a\n", READING_OK, "a"},
		{"sAMAccountName: a\nsAMAccountName: b\n", READING_BROKEN, NULL},
		{"sAMAccountName: a\nsAMAccountName: aa\n", READING_BROKEN, NULL},
		{"sAMAccountName:: \n", READING_BROKEN, NULL},
		{"sAMAccountName;binary: a\n", READING_OK, "a"},
		{"sAMAccountName;lang-en: a\n", READING_BROKEN, NULL},
		{"sAMAccountName: a\nsAMAccountName;lang-en: a\n", READING_BROKEN, NULL},
		{"sAMAccountName;range=0-0: a\n", READING_BROKEN, NULL},
		{"sAMAccountName;range=0-*: a\n", READING_OK, "a"},
		{"sAMAccountName:: 610062\n", READING_BROKEN, NULL},
		{"sAMAccountName:: 00\n", READING_BROKEN, NULL},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *text = NULL;
		enum reading reading = entry_text(entry_of(*state, cases[i].lines),
						  ATTRIBUTE_SAM_ACCOUNT_NAME, &text);

		unit_check(reading == cases[i].reading, "case %zu", i);
		if (cases[i].text)
			assert_string_equal(text, cases[i].text);
		else
			assert_null(text);
	}
}

static void test_uint32(void **state)
{
	static const struct {
		const char *value;
		enum reading reading;
		uint32_t number;
	} cases[] = {
		{" 0", READING_OK, 0},
		{" 512", READING_OK, 512},
		{" 4294967295", READING_OK, 0xFFFFFFFFu},
		{" 4294967296", READING_BROKEN, 0},
		{" 99999999999999999999999999", READING_BROKEN, 0},
		{" -1", READING_OK, 0xFFFFFFFFu},
		{" -2147483646", READING_OK, 0x80000002u},
		{" -2147483648", READING_OK, 0x80000000u},
		{" -2147483649", READING_BROKEN, 0},
		{" -", READING_BROKEN, 0},
		{" --1", READING_BROKEN, 0},
		{" +1", READING_BROKEN, 0},
		{" 1 ", READING_BROKEN, 0},
		{" 0x10", READING_BROKEN, 0},
		{" 12a", READING_BROKEN, 0},
		{": ", READING_BROKEN, 0},
		{": 313200", READING_BROKEN, 0},
		{" 1\ngroupType: 2", READING_BROKEN, 0},
		{" 2\ngroupType: 2", READING_OK, 2},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *lines = memory_format(*state, "groupType:%s\n", cases[i].value);
		uint32_t number = 0;
		enum reading reading =
			entry_uint32(entry_of(*state, lines), ATTRIBUTE_GROUP_TYPE, &number);

		unit_check(reading == cases[i].reading && number == cases[i].number, "'%s'",
			   cases[i].value);
	}
	assert_int_equal(entry_uint32(entry_of(*state, ""), ATTRIBUTE_GROUP_TYPE, &(uint32_t){0}),
			 READING_ABSENT);
}

static void test_sid(void **state)
{
	static const struct {
		const char *value;
		enum reading reading;
	} cases[] = {
		{" S-1-5-32-544", READING_OK},
		{" s-1-5-32-544", READING_OK},
		{": 01020000000000052000000020020000", READING_OK},
		{" S-1-5-32-544\nobjectSid: S-1-5-32-544", READING_OK},
		{" S-1-5-32-544\nobjectSid: S-1-5-32-545", READING_BROKEN},
		{" S-1-5-32-544\nobjectSid;lang-en: S-1-5-32-544", READING_BROKEN},
		{" S-1-5-32-544x", READING_BROKEN},
		{": 532d312d352d33322d35343400", READING_BROKEN},
		{": 0102000000000005200000002002000000", READING_BROKEN}, /* a byte too many */
		{": 010200000000000520000000200200", READING_BROKEN},
		{": ", READING_BROKEN},
		{" x", READING_BROKEN},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *lines = memory_format(*state, "objectSid:%s\n", cases[i].value);
		struct sid sid = {0}, expected = sid_builtin(544);
		enum reading reading =
			entry_sid(entry_of(*state, lines), ATTRIBUTE_OBJECT_SID, &sid);

		unit_check(reading == cases[i].reading, "'%s'", cases[i].value);
		unit_check(reading != READING_OK || sid_equal(&sid, &expected), "'%s'",
			   cases[i].value);
	}
	assert_int_equal(entry_sid(entry_of(*state, ""), ATTRIBUTE_OBJECT_SID, &(struct sid){0}),
			 READING_ABSENT);
}

static void test_has_text(void **state)
{
	const struct entry *entry = entry_of(*state, "objectClass: top\nobjectClass: Group\n"
						     "objectClass:: 7573657200\n");

	assert_true(entry_has_text(entry, ATTRIBUTE_OBJECT_CLASS, "group"));
	assert_true(entry_has_text(entry, ATTRIBUTE_OBJECT_CLASS, "TOP"));
	assert_false(entry_has_text(entry, ATTRIBUTE_OBJECT_CLASS, "user"));
	assert_false(entry_has_text(entry, ATTRIBUTE_OBJECT_CLASS, "grou"));
	assert_false(entry_has_text(entry, ATTRIBUTE_MEMBER, "group"));
	assert_null(entry_values(entry, ATTRIBUTE_MEMBER));
	assert_int_equal(entry_values(entry, ATTRIBUTE_OBJECT_CLASS)->count, 3);
}

static void test_ranges(void **state)
{
	static const struct {
		const char *lines;
		bool complete;
		uint32_t next;
	} cases[] = {
		{"member: a\n", true, 0},
		{"member;range=0-*: a\n", true, 0},
		{"member;range=0-1: a\nmember;range=0-1: b\n", false, 2},
		{"member;range=0-0: a\nmember;range=1-*: b\n", true, 0},
		{"member;range=1-*: b\nmember;range=0-0: a\n", true, 0},
		{"member;range=2-*: c\nmember;range=1-1: b\nmember;range=0-0: a\n", true, 0},
		{"member;range=0-0: a\nmember;range=4-*: c\n", false, 1},
		{"member;range=0-0: a\nmember;range=2-2: c\nmember;range=1-1: b\n", false, 3},
		{"member;range=0-1: a\nmember;range=0-1: b\nmember;range=1-1: b\n"
		 "member;range=2-*:\n",
		 true, 0},
		/* fewer values than it says, mended and not; more; and more, mended */
		{"member;range=0-2: a\nmember;range=3-*: d\n", false, 1},
		{"member;range=0-2: a\nmember;range=1-*: b\n", true, 0},
		{"member;range=0-1:\n", false, 0},
		{"member;range=0-0: a\nmember;range=0-0: b\nmember;range=1-*: c\n", false, 0},
		{"member;range=0-*: a\nmember;lang-en: b\n", false, 0},
		{"member;range=1-*: a\n", false, 0},
		{"member:\nmember;range=0-1: a\n", false, 1},
		{"member;range=0-1: a\nmember;range=0-1: a\nmember;range=0-1: a\n", false, 2},
		{"member;range=0-4294967294: a\n", false, 1},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct attribute_values *values =
			entry_values(entry_of(*state, cases[i].lines), ATTRIBUTE_MEMBER);

		unit_check(entry_values_complete(values) == cases[i].complete, "case %zu", i);
		unit_check(entry_next_range(values) == cases[i].next, "case %zu", i);
	}
}

UNIT_MAIN(UNIT_TEST(test_text), UNIT_TEST(test_uint32), UNIT_TEST(test_sid),
	  UNIT_TEST(test_has_text), UNIT_TEST(test_ranges))
