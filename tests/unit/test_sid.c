/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Security identifiers: binary and text both ways, their limits, and hostile bytes. */
#include "ad/sid.h"

#include "unit.h"

static const char longest[] = "S-1-281474976710655-4294967295-4294967295-4294967295-4294967295-"
			      "4294967295-4294967295-4294967295-4294967295-4294967295-4294967295-"
			      "4294967295-4294967295-4294967295-4294967295-4294967295";

static void test_round_trip(void **state)
{
	static const struct {
		const char *text;
		const char *binary;
		size_t size;
	} cases[] = {
		{"S-1-5-32-544", "\1\2\0\0\0\0\0\5\x20\0\0\0\x20\2\0\0", 16},
		{"S-1-1-0", "\1\1\0\0\0\0\0\1\0\0\0\0", 12},
		{"S-1-5", "\1\0\0\0\0\0\0\5", 8},
		{"S-1-0-0", "\1\1\0\0\0\0\0\0\0\0\0\0", 12},
		{"S-1-5-21-1-2-4294967295",
		 "\1\4\0\0\0\0\0\5\x15\0\0\0\1\0\0\0\2\0\0\0\xFF\xFF\xFF\xFF", 24},
		{"S-1-1108152157446-67305985", "\1\1\1\2\3\4\5\6\1\2\3\4", 12},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char text[SID_TEXT_SIZE];
		uint8_t binary[SID_BINARY_MAX];
		struct sid a, b;
		size_t used;

		unit_check(sid_parse_text(cases[i].text, &a), "%s", cases[i].text);
		unit_check(sid_parse(cases[i].binary, cases[i].size, &b, &used), "%s",
			   cases[i].text);
		unit_check(used == cases[i].size, "%s", cases[i].text);
		unit_check(sid_equal(&a, &b), "%s", cases[i].text);
		assert_string_equal(sid_format(&b, text), cases[i].text);
		assert_int_equal(sid_format_binary(&a, binary), cases[i].size);
		assert_memory_equal(binary, cases[i].binary, cases[i].size);
	}
}

static void test_longest(void **state)
{
	struct sid sid = unit_sid(longest), again;
	char text[SID_TEXT_SIZE];
	uint8_t binary[SID_BINARY_MAX];

	(void)state;
	assert_int_equal(sid.sub_authority_count, SID_SUB_AUTHORITIES_MAX);
	assert_string_equal(sid_format(&sid, text), longest);
	assert_int_equal(sid_format_binary(&sid, binary), SID_BINARY_MAX);
	assert_true(sid_parse(binary, sizeof binary, &again, NULL));
	assert_true(sid_equal(&sid, &again));
}

static void test_every_truncation_is_refused(void **state)
{
	struct sid sid = unit_sid(longest), untouched = {.authority = 77};
	uint8_t binary[SID_BINARY_MAX];

	(void)sid_format_binary(&sid, binary);
	for (size_t size = 0; size < SID_BINARY_MAX; size++) {
		uint8_t *exact = talloc_memdup(*state, binary, size ? size : 1);

		unit_check(!sid_parse(exact, size, &untouched, NULL), "%zu bytes", size);
		talloc_free(exact);
	}
	assert_int_equal(untouched.authority, 77);
}

static void test_hostile_headers(void **state)
{
	uint8_t binary[SID_BINARY_MAX + 1024] = {1, 15};
	struct sid sid;
	size_t used;

	(void)state;
	assert_true(sid_parse(binary, sizeof binary, &sid, &used));
	assert_int_equal(used, SID_BINARY_MAX);
	for (unsigned count = 16; count < 256; count++) {
		binary[1] = (uint8_t)count;
		unit_check(!sid_parse(binary, sizeof binary, &sid, &used), "count %u", count);
	}
	binary[1] = 1;
	for (unsigned revision = 0; revision < 256; revision++) {
		binary[0] = (uint8_t)revision;
		unit_check(sid_parse(binary, sizeof binary, &sid, &used) == (revision == 1),
			   "revision %u", revision);
	}
}

static void test_refused_texts(void **state)
{
	static const char *const texts[] = {"",
					    "S",
					    "S-1",
					    "S-1-",
					    "S-1-x",
					    "S-2-5-32",
					    "S-1-5-",
					    "S-1-5--32",
					    "S-1-5-32-",
					    "S-1-5-32 ",
					    " S-1-5-32",
					    "S-1-5-32x",
					    "S-1-5-+32",
					    "S-1-5--1",
					    "S-1-5-4294967296",
					    "S-1-281474976710656",
					    "S-1-5-99999999999999999999999",
					    "S-1-5-0x20",
					    "S-1-5.32",
					    "S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16"};
	struct sid sid = {.authority = 77};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		unit_check(!sid_parse_text(texts[i], &sid), "'%s'", texts[i]);
	assert_int_equal(sid.authority, 77);
	assert_true(sid_parse_text("s-1-5-32-544", &sid));
	assert_int_equal(sid.sub_authorities[1], 544);
}

static void test_equal(void **state)
{
	static const char *const texts[] = {"S-1-5",         "S-1-1",        "S-1-5-32",
					    "S-1-5-32-544",  "S-1-5-32-545", "S-1-5-33-544",
					    "S-1-5-32-544-0"};

	(void)state;
	for (size_t a = 0; a < COUNT_OF(texts); a++) {
		for (size_t b = 0; b < COUNT_OF(texts); b++) {
			struct sid left = unit_sid(texts[a]), right = unit_sid(texts[b]);

			unit_check(sid_equal(&left, &right) == (a == b), "%s, %s", texts[a],
				   texts[b]);
		}
	}
}

static void test_domains(void **state)
{
	struct sid domain = unit_sid("S-1-5-21-1-2-3"), full = unit_sid(longest);
	struct sid account = sid_of_domain(&domain, 500), builtin = sid_builtin(544);
	static const char *const outside[] = {"S-1-5-21-1-2-3", "S-1-5-21-1-2-4-500",
					      "S-1-5-21-1-2-3-4-500", "S-1-4-21-1-2-3-500",
					      "S-1-5-32-544"};
	char text[SID_TEXT_SIZE];
	uint32_t rid = 0;

	(void)state;
	assert_string_equal(sid_format(&account, text), "S-1-5-21-1-2-3-500");
	assert_string_equal(sid_format(&builtin, text), "S-1-5-32-544");
	assert_true(sid_in_domain(&account, &domain, &rid));
	assert_int_equal(rid, 500);
	assert_true(sid_in_domain(&account, &domain, NULL));
	for (size_t i = 0; i < COUNT_OF(outside); i++) {
		struct sid sid = unit_sid(outside[i]);

		unit_check(!sid_in_domain(&sid, &domain, &rid), "%s", outside[i]);
	}
	/* a full one can not take another sub-authority */
	account = sid_of_domain(&full, 500);
	assert_true(sid_equal(&account, &full));
}

UNIT_MAIN(UNIT_TEST(test_round_trip), UNIT_TEST(test_longest),
	  UNIT_TEST(test_every_truncation_is_refused), UNIT_TEST(test_hostile_headers),
	  UNIT_TEST(test_refused_texts), UNIT_TEST(test_equal), UNIT_TEST(test_domains))
