/* SPDX-License-Identifier: GPL-3.0-or-later */
/* replPropertyMetaData: what it tells of an attribute, and every length of it that is not
 * what it should be. */
#include "ad/replication_metadata.h"

#include "unit.h"

enum { HEAD = 16, ITEM = 48 };

static void put(uint8_t *at, uint64_t number, size_t size)
{
	for (size_t i = 0; i < size; i++)
		at[i] = (uint8_t)(number >> 8 * i);
}

/* A value with these attributes, all changed at once; its size. */
static size_t build(uint8_t *bytes, const uint32_t *attributes, size_t count)
{
	memset(bytes, 0, HEAD + count * ITEM);
	put(bytes, 1, 4);
	put(bytes + 8, count, 4);
	for (size_t i = 0; i < count; i++) {
		uint8_t *item = bytes + HEAD + i * ITEM;

		put(item, attributes[i], 4);
		put(item + 4, 7 + i, 4);
		put(item + 8, 13408718826, 8);
		for (uint8_t k = 0; k < GUID_SIZE; k++)
			item[16 + k] = k;
		put(item + 32, UINT64_MAX, 8);
		put(item + 40, UINT64_MAX, 8);
	}
	return HEAD + count * ITEM;
}

/* The attributes as Samba 4.17 numbers them. */
static const uint32_t three[] = {0x90008, 0x906FB, 0x90886};

static void test_found(void **state)
{
	static const enum attribute attributes[] = {ATTRIBUTE_USER_ACCOUNT_CONTROL,
						    ATTRIBUTE_ALLOWED_TO_DELEGATE_TO,
						    ATTRIBUTE_ALLOWED_TO_ACT};
	uint8_t bytes[HEAD + 3 * ITEM];
	size_t size = build(bytes, three, 3);

	(void)state;
	for (uint32_t i = 0; i < 3; i++) {
		char at[REPLICATION_TIME_SIZE], origin[GUID_TEXT_SIZE];
		struct attribute_change change;

		assert_true(replication_metadata_find(bytes, size, attributes[i], &change));
		assert_int_equal(change.version, 7 + i);
		assert_true(replication_metadata_time(&change, at));
		assert_string_equal(at, "2025-11-27T12:07:06Z");
		assert_string_equal(guid_format(&change.origin, origin),
				    "03020100-0504-0706-0809-0a0b0c0d0e0f");
	}
}

static void test_not_found(void **state)
{
	uint8_t bytes[HEAD + 3 * ITEM];
	size_t size = build(bytes, three, 2);
	struct attribute_change change;

	(void)state;
	/* not among them, and none that has a number here */
	assert_false(replication_metadata_find(bytes, size, ATTRIBUTE_ALLOWED_TO_ACT, &change));
	assert_false(replication_metadata_find(bytes, size, ATTRIBUTE_MEMBER, &change));
	size = build(bytes, three, 0);
	assert_false(
		replication_metadata_find(bytes, size, ATTRIBUTE_USER_ACCOUNT_CONTROL, &change));
}

/* Each shorter value, in memory of just that size, so that a sanitizer sees one byte too far. */
static void test_cut_short(void **state)
{
	uint8_t bytes[HEAD + 3 * ITEM];
	size_t size = build(bytes, three, 3);
	struct attribute_change change;

	for (size_t cut = 0; cut < size; cut++) {
		uint8_t *part = talloc_memdup(*state, bytes, cut ? cut : 1);

		unit_check(!replication_metadata_find(part, cut, ATTRIBUTE_USER_ACCOUNT_CONTROL,
						      &change),
			   "%zu bytes", cut);
		talloc_free(part);
	}
}

static void test_wrong(void **state)
{
	static const struct {
		size_t offset, size;
		uint64_t number;
	} cases[] = {
		{0, 4, 0}, {0, 4, 2},          {0, 4, 0x01000000},
		{8, 4, 4}, {8, 4, UINT32_MAX}, {8, 4, 0x05555556}, /* times 48 is 32 */
	};
	struct attribute_change change;
	uint8_t bytes[HEAD + 3 * ITEM];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		size_t size = build(bytes, three, 3);

		put(bytes + cases[i].offset, cases[i].number, cases[i].size);
		unit_check(!replication_metadata_find(bytes, size, ATTRIBUTE_USER_ACCOUNT_CONTROL,
						      &change),
			   "case %zu", i);
	}
}

static void test_times(void **state)
{
	static const struct {
		uint64_t time_s;
		const char *text; /* NULL: none */
	} cases[] = {
		{0, NULL},
		{11644473599, NULL},
		{11644473600, "1970-01-01T00:00:00Z"},
		{265046774399, "9999-12-31T23:59:59Z"},
		{265046774400, NULL},
		{UINT64_MAX, NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct attribute_change change = {.time_s = cases[i].time_s};
		char text[REPLICATION_TIME_SIZE] = "";
		bool done = replication_metadata_time(&change, text);

		unit_check(done == (cases[i].text != NULL), "case %zu", i);
		if (done)
			assert_string_equal(text, cases[i].text);
	}
}

UNIT_MAIN(UNIT_TEST(test_found), UNIT_TEST(test_not_found), UNIT_TEST(test_cut_short),
	  UNIT_TEST(test_wrong), UNIT_TEST(test_times))
