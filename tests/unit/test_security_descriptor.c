/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Descriptors built in code: which entries count, in which order, and that nothing is
 * concluded from bytes that do not decode. */
#include "ad/security_descriptor.h"

#include "unit.h"

enum { CONTROL_ACCESS = 0x100, INHERIT_ONLY = 0x08, INHERITED = 0x10 };

#define A "S-1-5-21-1-2-3-1001"
#define B "S-1-5-21-1-2-3-1002"

/* The trustees granted, "A B", "*" for everyone; NULL where nothing can be told. */
static const char *granted(const void *context, const void *bytes, size_t size)
{
	/* an exact copy: the sanitizer sees a read behind size */
	void *exact = talloc_memdup(context, bytes, size ? size : 1);
	char *text = memory_text(context, "");
	struct delegation_acl acl;
	struct sid *trustees;
	size_t count;

	if (!delegation_acl_parse(context, exact, size, &acl))
		return NULL;
	trustees = delegation_acl_trustees(context, &acl, &count);
	for (size_t i = 0; i < count; i++) {
		char sid[SID_TEXT_SIZE];
		const char *name = sid_format(&trustees[i], sid);

		name = !strcmp(name, A) ? "A" : !strcmp(name, B) ? "B" : name;
		name = !strcmp(name, "S-1-1-0") ? "*" : name;
		text = talloc_asprintf_append(text, "%s%s", *text ? " " : "", name);
	}
	return acl.undecidable ? talloc_asprintf_append(text, "?") : text;
}

static void test_entries(void **state)
{
	static const struct {
		const char *name;
		struct unit_ace aces[4];
		size_t count;
		const char *granted;
	} cases[] = {
		{"empty", {{0}}, 0, ""},
		{"allow", {{0, 0, CONTROL_ACCESS, 0, A}}, 1, "A"},
		{"full control", {{0, 0, 0x000F01FF, 0, A}}, 1, "A"},
		{"inherited", {{0, INHERITED, CONTROL_ACCESS, 0, A}}, 1, "A"},
		{"no control access", {{0, 0, 0x000F00FF, 0, A}}, 1, ""},
		{"inherit only", {{0, INHERIT_ONLY, CONTROL_ACCESS, 0, A}}, 1, ""},
		{"deny alone", {{1, 0, CONTROL_ACCESS, 0, A}}, 1, ""},
		{"deny, allow",
		 {{1, 0, CONTROL_ACCESS, 0, A}, {0, 0, CONTROL_ACCESS, 0, A}},
		 2,
		 ""},
		{"allow, deny",
		 {{0, 0, CONTROL_ACCESS, 0, A}, {1, 0, CONTROL_ACCESS, 0, A}},
		 2,
		 "A"},
		{"deny of another",
		 {{1, 0, CONTROL_ACCESS, 0, B}, {0, 0, CONTROL_ACCESS, 0, A}},
		 2,
		 "A"},
		{"deny that does not count",
		 {{1, 0, 0x10, 0, A}, {1, INHERIT_ONLY, 0x100, 0, A}, {0, 0, 0x100, 0, A}},
		 3,
		 "A"},
		{"twice is once",
		 {{0, 0, 0x100, 0, A}, {0, 0, 0x100, 0, B}, {0, 0, 0x1FF, 0, A}},
		 3,
		 "A B"},
		{"object, no GUID", {{5, 0, 0x100, 0, A}}, 1, "A"},
		{"object, one GUID", {{5, 0, 0x100, 1, A}}, 1, "A"},
		{"object, the other GUID", {{5, 0, 0x100, 2, A}}, 1, "A"},
		{"object, two GUIDs", {{5, 0, 0x100, 3, A}}, 1, "A"},
		{"object, inherit only", {{5, INHERIT_ONLY, 0x100, 3, A}}, 1, ""},
		{"object deny", {{6, 0, 0x100, 3, A}, {0, 0, 0x100, 0, A}}, 2, ""},
		{"audit", {{2, 0, 0x100, 0, A}, {3, 0, 0x100, 0, A}, {7, 0, 0x100, 0, A}}, 3, ""},
		{"audit before allow", {{0x11, 0, 0x100, 0, A}, {0, 0, 0x100, 0, B}}, 2, "B"},
		{"everyone", {{0, 0, 0x100, 0, "S-1-1-0"}}, 1, "*"},
		{"compound", {{4, 0, 0x100, 0, A}}, 1, "?"},
		{"callback", {{9, 0, 0x100, 0, A}}, 1, "?"},
		{"callback deny", {{0x0A, 0, 0x100, 0, A}}, 1, "?"},
		{"callback object", {{0x0B, 0, 0x100, 0, A}}, 1, "?"},
		{"callback object deny", {{0x0C, 0, 0x100, 0, A}}, 1, "?"},
		{"allow, callback", {{0, 0, 0x100, 0, A}, {9, 0, 0x100, 0, B}}, 2, "A?"},
		{"callback, allow", {{9, 0, 0x100, 0, A}, {0, 0, 0x100, 0, B}}, 2, "B?"},
		{"callback deny, allow", {{0x0A, 0, 0x100, 0, A}, {0, 0, 0x100, 0, B}}, 2, "?"},
		{"allow, callback deny, allow",
		 {{0, 0, 0x100, 0, A}, {0x0C, 0, 0x100, 0, A}, {0, 0, 0x100, 0, B}},
		 3,
		 "A?"},
		{"callback, a denial that is inherited on, allow",
		 {{9, 0, 0x100, 0, A}, {0x0A, INHERIT_ONLY, 0x100, 0, A}, {0, 0, 0x100, 0, B}},
		 3,
		 "B?"},
		{"callback that is inherited on",
		 {{0x0A, INHERIT_ONLY, 0x100, 0, A}, {0, 0, 0x100, 0, B}},
		 2,
		 "B"},
		{"type 0x14", {{0x14, 0, 0x100, 0, A}}, 1, "?"},
		{"type 0xFF", {{0xFF, 0, 0x100, 0, A}}, 1, "?"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct unit_descriptor descriptor;
		const char *text;

		unit_descriptor_build(&descriptor, cases[i].aces, cases[i].count);
		text = granted(*state, descriptor.bytes, descriptor.size);
		if (!cases[i].granted)
			unit_check(!text, "%s: %s", cases[i].name, text);
		else
			unit_check(text && !strcmp(text, cases[i].granted), "%s: %s", cases[i].name,
				   text);
	}
}

static void test_order_is_kept(void **state)
{
	static const struct unit_ace aces[] = {
		{1, 0, 0x100, 0, A}, {0, 0, 0x100, 0, B}, {0, 0, 0x100, 0, A}};
	struct unit_descriptor descriptor;
	struct delegation_acl acl;

	unit_descriptor_build(&descriptor, aces, COUNT_OF(aces));
	assert_true(delegation_acl_parse(*state, descriptor.bytes, descriptor.size, &acl));
	assert_false(acl.everyone);
	assert_int_equal(acl.ace_count, 3);
	assert_false(acl.aces[0].allow);
	assert_true(acl.aces[1].allow);
	assert_int_equal(acl.aces[1].trustee.sub_authorities[4], 1002);
	assert_true(acl.aces[2].allow);
}

static void test_no_dacl_grants_everyone(void **state)
{
	static const struct unit_ace ace = {0, 0, 0x100, 0, A};
	struct unit_descriptor descriptor;

	unit_descriptor_build(&descriptor, &ace, 1);
	descriptor.bytes[2] = 0; /* the flag clear, whatever the offset says */
	assert_string_equal(granted(*state, descriptor.bytes, descriptor.size), "*");
	descriptor.bytes[2] = 4;
	descriptor.bytes[16] = 0; /* the flag set, and no offset */
	assert_string_equal(granted(*state, descriptor.bytes, descriptor.size), "*");
	assert_string_equal(granted(*state, descriptor.bytes, 20), "*");
	unit_descriptor_build(&descriptor, &ace, 0);
	assert_string_equal(granted(*state, descriptor.bytes, descriptor.size), "");
}

static void test_every_truncation_is_refused(void **state)
{
	static const struct unit_ace aces[] = {{1, 0, 0x100, 0, B},
					       {5, 0, 0x100, 1, A},
					       {5, 0, 0x100, 3, B},
					       {2, 0, 0x100, 0, A},
					       {0, 0, 0x1FF, 0, A}};
	struct unit_descriptor descriptor;

	unit_descriptor_build(&descriptor, aces, COUNT_OF(aces));
	assert_string_equal(granted(*state, descriptor.bytes, descriptor.size), "A");
	for (size_t size = 0; size < descriptor.size; size++)
		unit_check(!granted(*state, descriptor.bytes, size), "%zu bytes", size);
}

/* Each byte set to each value in turn: nothing reads outside, whatever comes out. */
static void test_every_byte_may_be_hostile(void **state)
{
	static const struct unit_ace aces[] = {{5, 0, 0x100, 3, A}, {0, 0, 0x1FF, 0, B}};
	struct unit_descriptor descriptor;
	size_t refused = 0;

	unit_descriptor_build(&descriptor, aces, COUNT_OF(aces));
	for (size_t i = 0; i < descriptor.size; i++) {
		uint8_t kept = descriptor.bytes[i];

		for (unsigned value = 0; value < 256; value++) {
			void *scratch = talloc_new(*state);

			descriptor.bytes[i] = (uint8_t)value;
			refused += !granted(scratch, descriptor.bytes, descriptor.size);
			talloc_free(scratch);
		}
		descriptor.bytes[i] = kept;
	}
	assert_true(refused > 1000);
	assert_string_equal(granted(*state, descriptor.bytes, descriptor.size), "A B");
}

static void test_wrong_numbers(void **state)
{
	static const struct {
		const char *name;
		size_t at;
		uint8_t byte;
	} cases[] = {
		{"revision", 0, 2},
		{"not self-relative", 3, 0},
		{"offset into header", 16, 19},
		{"offset behind the end", 17, 0xFF},
		{"ACL size too small", 22, 7},
		{"ACL size too large", 23, 0xFF},
		{"an ACE too many", 24, 3},
		{"ACE size too small", 30, 7},
		{"ACE size too large", 31, 1},
		{"ACE size cuts the SID", 30, 16},
		{"SID revision", 36, 0},
		{"SID too long", 37, 15},
	};
	static const struct unit_ace aces[] = {{0, 0, 0x100, 0, A}, {0, 0, 0x100, 0, B}};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct unit_descriptor descriptor;

		unit_descriptor_build(&descriptor, aces, COUNT_OF(aces));
		assert_string_equal(granted(*state, descriptor.bytes, descriptor.size), "A B");
		descriptor.bytes[cases[i].at] = cases[i].byte;
		unit_check(!granted(*state, descriptor.bytes, descriptor.size), "%s",
			   cases[i].name);
	}
}

/* What stands behind the entries that an ACL counts is not looked at. */
static void test_count_decides(void **state)
{
	static const struct unit_ace aces[] = {{0, 0, 0x100, 0, A}, {0, 0, 0x100, 0, B}};
	struct unit_descriptor descriptor;

	unit_descriptor_build(&descriptor, aces, COUNT_OF(aces));
	descriptor.bytes[24] = 1;
	assert_string_equal(granted(*state, descriptor.bytes, descriptor.size), "A");
}

UNIT_MAIN(UNIT_TEST(test_entries), UNIT_TEST(test_order_is_kept),
	  UNIT_TEST(test_no_dacl_grants_everyone), UNIT_TEST(test_every_truncation_is_refused),
	  UNIT_TEST(test_every_byte_may_be_hostile), UNIT_TEST(test_wrong_numbers),
	  UNIT_TEST(test_count_decides))
