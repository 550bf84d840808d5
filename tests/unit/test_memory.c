/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory of the run: growing arrays, the arena, and who owns what. */
#include "base/memory.h"

#include "unit.h"

static void test_texts_are_owned(void **state)
{
	void *owner = talloc_new(*state);
	char *text = memory_text(owner, "a");
	char *format = memory_format(owner, "%s-%d", "b", 2);

	assert_string_equal(text, "a");
	assert_string_equal(format, "b-2");
	assert_ptr_equal(talloc_parent(text), owner);
	assert_ptr_equal(talloc_parent(format), owner);
}

static void test_new_is_zeroed(void **state)
{
	struct sid *sid = memory_new(*state, struct sid);
	int *numbers = memory_array(*state, int, 0);

	assert_int_equal(sid->authority, 0);
	assert_int_equal(sid->sub_authorities[14], 0);
	assert_non_null(numbers);
}

static void test_grow_keeps_all(void **state)
{
	size_t *numbers = NULL;

	for (size_t count = 0; count < 5000; count++) {
		numbers = memory_grow(*state, numbers, count, sizeof *numbers);
		assert_true(talloc_get_size(numbers) >= (count + 1) * sizeof *numbers);
		numbers[count] = count;
	}
	for (size_t i = 0; i < 5000; i++)
		assert_int_equal(numbers[i], i);
}

static void test_arena(void **state)
{
	static const size_t sizes[] = {0, 1, 7, 1000, 16383, 16384, 70000, 3};
	struct memory_arena arena = {0};
	char *bytes = memory_array(*state, char, 70000);
	char *stored[8 * COUNT_OF(sizes)];

	for (size_t i = 0; i < COUNT_OF(stored); i++) {
		size_t size = sizes[i % COUNT_OF(sizes)];

		memset(bytes, (int)i + 1, size);
		stored[i] = memory_store(*state, &arena, bytes, size);
	}
	for (size_t i = 0; i < COUNT_OF(stored); i++) {
		size_t size = sizes[i % COUNT_OF(sizes)];

		for (size_t k = 0; k < size; k++)
			unit_check(stored[i][k] == (char)(i + 1), "value %zu, byte %zu", i, k);
		unit_check(!stored[i][size], "value %zu has no NUL behind it", i);
	}
}

struct slot {
	size_t number;
	const char *text;
};

static void test_slots_between_texts(void **state)
{
	enum { COUNT = 20000 };
	struct memory_arena arena = {0};
	struct slot **slots = memory_array(*state, struct slot *, COUNT);

	for (size_t i = 0; i < COUNT; i++) {
		slots[i] = memory_slot(*state, &arena, sizeof *slots[i]);
		unit_check((uintptr_t)slots[i] % sizeof(uint64_t) == 0, "slot %zu is askew", i);
		*slots[i] =
			(struct slot){i, memory_store(*state, &arena, "sixteen letters!", i % 17)};
	}
	for (size_t i = 0; i < COUNT; i++) {
		unit_check(slots[i]->number == i, "slot %zu was written over", i);
		unit_check(strlen(slots[i]->text) == i % 17, "text %zu was written over", i);
	}
}

UNIT_MAIN(UNIT_TEST(test_texts_are_owned), UNIT_TEST(test_new_is_zeroed),
	  UNIT_TEST(test_grow_keeps_all), UNIT_TEST(test_arena),
	  UNIT_TEST(test_slots_between_texts))
