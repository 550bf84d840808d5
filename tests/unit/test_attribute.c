/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Attribute descriptions: which are ours, and the ranges of long lists. */
#include "ad/attribute.h"

#include "unit.h"

static void test_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < ATTRIBUTE_COUNT; i++) {
		const char *name = attribute_name((enum attribute)i);
		char *upper = memory_text(*state, name);
		struct attribute_range range = {.ranged = true};
		enum attribute attribute = ATTRIBUTE_COUNT;

		for (char *c = upper; *c; c++)
			*c = (char)(*c >= 'a' && *c <= 'z' ? *c - 32 : *c);
		unit_check(attribute_parse(upper, strlen(upper), &attribute, &range), "%s", name);
		unit_check(attribute == (enum attribute)i && !range.ranged, "%s", name);
	}
}

static void test_ranges(void **state)
{
	static const struct {
		const char *description;
		bool ours, strange, ranged, final;
		uint32_t first, last;
	} cases[] = {
		{"member", true, false, false, false, 0, 0},
		{"member;range=0-1499", true, false, true, false, 0, 1499},
		{"MEMBER;RANGE=1500-*", true, false, true, true, 1500, 0},
		{"member;range=0-*", true, false, true, true, 0, 0},
		{"member;range=7-7", true, false, true, false, 7, 7},
		{"member;range=0-4294967294", true, false, true, false, 0, 4294967294u},
		{"member;range=0-4294967295", true, true, false, false, 0, 0},
		{"member;range=0-99999999999999999999999", true, true, false, false, 0, 0},
		{"member;range=8-7", true, true, false, false, 0, 0},
		{"member;range=", true, true, false, false, 0, 0},
		{"member;range=0", true, true, false, false, 0, 0},
		{"member;range=-5", true, true, false, false, 0, 0},
		{"member;range=0-", true, true, false, false, 0, 0},
		{"member;range=*-5", true, true, false, false, 0, 0},
		{"member;range=0-**", true, true, false, false, 0, 0},
		{"member;range=0-1x", true, true, false, false, 0, 0},
		{"member;range=0--1", true, true, false, false, 0, 0},
		{"member;binary", true, false, false, false, 0, 0},
		{"member;", true, true, false, false, 0, 0},
		{"member;lang-en-us", true, true, false, false, 0, 0},
		{"member;range=0-1;binary", true, false, true, false, 0, 1},
		{"member;Binary;range=2-*", true, false, true, true, 2, 0},
		{"member;range=0-1;range=2-3", true, true, false, false, 0, 0},
		{"member;range=0-1;lang-en", true, true, false, false, 0, 0},
		{"member;binary;", true, true, false, false, 0, 0},
		{"member;;binary", true, true, false, false, 0, 0},
		{"member;binaries", true, true, false, false, 0, 0},
		{"members;lang-en", false, false, false, false, 0, 0},
		{"members", false, false, false, false, 0, 0},
		{"membe", false, false, false, false, 0, 0},
		{"memberOfIt", false, false, false, false, 0, 0},
		{"", false, false, false, false, 0, 0},
		{";range=0-1", false, false, false, false, 0, 0},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		/* an exact copy: the sanitizer sees a read behind length */
		size_t length = strlen(cases[i].description);
		char *exact = talloc_memdup(*state, cases[i].description, length + !length);
		struct attribute_range range;
		enum attribute attribute;
		bool ours = attribute_parse(exact, length, &attribute, &range);

		unit_check(ours == cases[i].ours, "%s", cases[i].description);
		if (!ours)
			continue;
		unit_check(attribute == ATTRIBUTE_MEMBER, "%s", cases[i].description);
		unit_check(range.strange == cases[i].strange, "%s", cases[i].description);
		if (range.strange)
			continue;
		unit_check(range.ranged == cases[i].ranged && range.final == cases[i].final &&
				   range.first == cases[i].first && range.last == cases[i].last,
			   "%s", cases[i].description);
	}
}

UNIT_MAIN(UNIT_TEST(test_names), UNIT_TEST(test_ranges))
