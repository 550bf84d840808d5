/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts: order without regard to case, lists, patterns, well-formed UTF-8. */
#include "base/text.h"

#include "unit.h"

static void test_utf8(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
		size_t length;
	} cases[] = {
		{"", 0, 0},
		{"a", 1, 1},
		{"\0", 1, 1},
		{"\x7F", 1, 1},
		{"\x80", 1, 0},
		{"\xBF", 1, 0},
		{"\xC0\x80", 2, 0}, /* overlong */
		{"\xC1\xBF", 2, 0},
		{"\xC2\x80", 2, 2},
		{"\xC3\xA4z", 3, 2},
		{"\xDF\xBF", 2, 2},
		{"\xC3", 1, 0}, /* cut short */
		{"\xC3"
		 "a",
		 2, 0},
		{"\xC3\xC3", 2, 0},
		{"\xE0\x9F\xBF", 3, 0}, /* overlong */
		{"\xE0\xA0\x80", 3, 3},
		{"\xE2\x82\xAC", 3, 3},
		{"\xE2\x82", 2, 0},
		{"\xE2\x82z", 3, 0},
		{"\xED\x9F\xBF", 3, 3},
		{"\xED\xA0\x80", 3, 0}, /* surrogates */
		{"\xED\xBF\xBF", 3, 0},
		{"\xEE\x80\x80", 3, 3},
		{"\xEF\xBF\xBF", 3, 3},
		{"\xF0\x8F\xBF\xBF", 4, 0}, /* overlong */
		{"\xF0\x90\x80\x80", 4, 4},
		{"\xF4\x8F\xBF\xBF", 4, 4},
		{"\xF4\x90\x80\x80", 4, 0}, /* beyond U+10FFFF */
		{"\xF0\x90\x80", 3, 0},
		{"\xF5\x80\x80\x80", 4, 0},
		{"\xF8\x88\x80\x80\x80", 5, 0},
		{"\xFF", 1, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		unit_check(text_utf8_length(cases[i].bytes, cases[i].size) == cases[i].length,
			   "case %zu", i);
}

static void test_compare(void **state)
{
	static const struct {
		const char *a, *b;
		int order;
	} cases[] = {
		{"", "", 0},        {"a", "a", 0}, {"a", "B", -1},       {"B", "a", 1},
		{"A", "a", -1},     {"a", "A", 1}, {"a", "ab", -1},      {"aB", "Ab", 1},
		{"hv2", "hv10", 1}, {"", "a", -1}, {"\xC3\xA4", "z", 1},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		int order = text_compare(cases[i].a, cases[i].b);

		unit_check((order > 0) - (order < 0) == cases[i].order, "%s, %s", cases[i].a,
			   cases[i].b);
	}
	assert_true(text_equal("HV01", "hv01"));
	assert_false(text_equal("HV01", "hv011"));
	assert_false(text_equal("\xC3\x84", "\xC3\xA4")); /* ASCII case alone */
}

static void test_list_sort(void **state)
{
	static const char *const items[] = {"b", "A", "a", "B", "b", "", "a", "c", "A"};
	static const char *const sorted[] = {"", "A", "a", "B", "b", "c"};
	struct text_list list = {0};

	text_list_sort(&list);
	assert_int_equal(list.count, 0);
	for (size_t i = 0; i < COUNT_OF(items); i++)
		text_list_add(*state, &list, items[i]);
	assert_int_equal(list.count, COUNT_OF(items));
	text_list_sort(&list);
	assert_int_equal(list.count, COUNT_OF(sorted));
	for (size_t i = 0; i < COUNT_OF(sorted); i++)
		assert_string_equal(list.items[i], sorted[i]);
}

static void test_list_has(void **state)
{
	struct text_list list = {0};

	assert_false(text_list_has(&list, ""));
	text_list_add(*state, &list, "CIFS/HV01");
	text_list_add(*state, &list, "x");
	assert_true(text_list_has(&list, "cifs/hv01"));
	assert_true(text_list_has(&list, "X"));
	assert_false(text_list_has(&list, "cifs/hv0"));
	assert_false(text_list_has(&list, ""));
}

static void test_list_difference(void **state)
{
	static const char *const items[] = {"a", "B", "b", "c", "d", "e", "f"};
	struct text_list list = {0}, other = {0}, none = {0}, rest;

	assert_string_equal(text_list_words(*state, &none), "");
	assert_string_equal(text_list_whole(*state, &none), "");
	assert_int_equal(text_list_without(*state, &none, &none).count, 0);
	for (size_t i = 0; i < COUNT_OF(items); i++) {
		text_list_add(*state, &list, items[i]);
		if (i == 4)
			assert_string_equal(text_list_words(*state, &list), "a, B, b, c, d");
	}
	assert_string_equal(text_list_words(*state, &list), "a, B, b and 4 more");
	assert_string_equal(text_list_whole(*state, &list), "a, B, b, c, d, e, f");
	text_list_add(*state, &other, "C");
	text_list_add(*state, &other, "x");
	rest = text_list_without(*state, &list, &other);
	assert_string_equal(text_list_words(*state, &rest), "a, B, d, e, f");
	assert_int_equal(text_list_without(*state, &list, &list).count, 0);
}

static void test_patterns(void **state)
{
	static const struct {
		const char *pattern, *text;
		bool matches, is_pattern;
	} cases[] = {
		{"hv01", "HV01", true, false},
		{"hv01", "hv012", false, false},
		{"hv*", "HV01", true, true},
		{"*", "", true, true},
		{"hv?1", "hv01", true, true},
		{"hv?1", "hv1", false, true},
		{"hv[0-4]1", "HV01", true, true},
		{"hv[0-4]1", "hv51", false, true},
		{"hv*.test", "hv1.a.test", true, true},
		{"", "", true, false},
		{"[", "[", true, true},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		unit_check(text_matches(cases[i].pattern, cases[i].text) == cases[i].matches,
			   "%s, %s", cases[i].pattern, cases[i].text);
		unit_check(text_is_pattern(cases[i].pattern) == cases[i].is_pattern, "%s",
			   cases[i].pattern);
	}
}

static void test_lower(void **state)
{
	assert_string_equal(text_lower(*state, "HV01-@[`{Zz"), "hv01-@[`{zz");
	assert_string_equal(text_lower(*state, "\xC3\x84"), "\xC3\x84");
	assert_string_equal(text_lower(*state, ""), "");
}

static void test_shorten(void **state)
{
	static const struct {
		const char *text;
		size_t most;
		const char *shortened;
	} cases[] = {
		{"", 0, ""},
		{"short", 5, "short"},
		/* the longest word first, then the next one; names are left alone */
		{"/a/very/long/path/to/a/file/below/a/folder/of/many/folders.ldif:12: broken", 60,
		 "/a/very/long/path/to...older/of/many/folders.ldif:12: broken"},
		{"aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeefffff "
		 "0123456789012345678901234567890123456789x end",
		 100,
		 "aaaaaaaaaabbbbbbbbbb...ccccccddddddddddeeeeeeeeeefffff "
		 "0123456789012345678901234567890123456789x end"},
		/* words that are short enough, but too many */
		{"one two three four five six seven eight nine ten eleven twelve", 30,
		 "one two th...ten eleven twelve"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char *text = memory_text(*state, cases[i].text);

		text_shorten(text, cases[i].most);
		unit_check(!strcmp(text, cases[i].shortened), "case %zu: %s", i, text);
		unit_check(strlen(text) <= cases[i].most, "case %zu: %s", i, text);
	}
}

/* Whatever its bytes and however short the room: it fits, and UTF-8 stays UTF-8. */
static void test_shorten_fits(void **state)
{
	for (size_t length = 0; length < 400; length += 7) {
		for (size_t most = 45; most < 200; most += 3) {
			char *text = memory_text(*state, "");

			while (strlen(text) < length)
				text = talloc_strdup_append(text, length % 3 ? "\xE2\x82\xAC"
									     : "\xC3\xA4 ");
			text_shorten(text, most);
			assert_true(strlen(text) <= most);
			for (const char *at = text; *at;) {
				size_t size = text_utf8_length(at, strlen(at));

				assert_true(size > 0);
				at += size;
			}
			talloc_free(text);
		}
	}
}

static void test_unseen(void **state)
{
	static const struct {
		const char *text;
		uint32_t character;
		bool unseen;
	} cases[] = {
		{"a", 'a', false},
		{" ", ' ', false},
		{"\n", '\n', true},
		{"\x7F", 0x7F, true},
		{"\xC2\x9F", 0x9F, true},
		{"\xC2\xA0", 0xA0, false},
		{"\xC3\xBC", 0xFC, false},
		{"\xE2\x80\xAE", 0x202E, true}, /* reads what follows backwards */
		{"\xE2\x80\x8B", 0x200B, true},
		{"\xE2\x80\xA6", 0x2026, false},
		{"\xE2\x82\xAC", 0x20AC, false},
		{"\xEF\xBB\xBF", 0xFEFF, true},
		{"\xEF\xBF\xBD", 0xFFFD, false},
		{"\xEF\xBF\xBF", 0xFFFF, true},
		{"\xF0\x9F\x98\x80", 0x1F600, false},
		{"\xF0\x9F\xBF\xBE", 0x1FFFE, true},
		{"\xF3\xA0\x81\x81", 0xE0041, true},
		{"\xF4\x8F\xBF\xBF", 0x10FFFF, true},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(text_utf8_decode(cases[i].text, strlen(cases[i].text)),
				 cases[i].character);
		unit_check(text_is_unseen(cases[i].character) == cases[i].unseen, "U+%04X",
			   (unsigned)cases[i].character);
	}
}

UNIT_MAIN(UNIT_TEST(test_utf8), UNIT_TEST(test_compare), UNIT_TEST(test_list_sort),
	  UNIT_TEST(test_list_has), UNIT_TEST(test_list_difference), UNIT_TEST(test_patterns),
	  UNIT_TEST(test_lower), UNIT_TEST(test_shorten), UNIT_TEST(test_shorten_fits),
	  UNIT_TEST(test_unseen))
