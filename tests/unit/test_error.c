/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cause of a failure: set once, context in front, never longer than its room. */
#include "base/error.h"

#include "unit.h"

static void test_set(void **state)
{
	struct error error = {0};

	(void)state;
	assert_false(error_set(&error, ERROR_LOGIN, "no %s for %d", "ticket", 7));
	assert_int_equal(error.kind, ERROR_LOGIN);
	assert_string_equal(error.text, "no ticket for 7");
}

static void test_context_goes_in_front(void **state)
{
	struct error error = {0};

	(void)state;
	error_set(&error, ERROR_INPUT, "broken");
	assert_false(error_context(&error, "file %s", "a"));
	assert_false(error_context(&error, "run"));
	assert_string_equal(error.text, "run: file a: broken");
	assert_int_equal(error.kind, ERROR_INPUT);
}

static void test_long_texts_are_cut(void **state)
{
	struct error error = {0};
	char longer[3000];

	(void)state;
	memset(longer, 'x', sizeof longer - 1);
	longer[sizeof longer - 1] = '\0';
	error_set(&error, ERROR_INPUT, "%s", longer);
	assert_int_equal(strlen(error.text), sizeof error.text - 1);
	error_context(&error, "front");
	assert_int_equal(strlen(error.text), sizeof error.text - 1);
	assert_memory_equal(error.text, "front: xxx", 10);
	error_context(&error, "%s", longer);
	assert_int_equal(strlen(error.text), sizeof error.text - 1);
	assert_memory_equal(error.text, "xxx", 3);
}

UNIT_MAIN(UNIT_TEST(test_set), UNIT_TEST(test_context_goes_in_front),
	  UNIT_TEST(test_long_texts_are_cut))
