/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cause of a failure: set once, context in front, never longer than its room. */
#include "base/error.h"

#include "unit.h"

#include <errno.h>
#include <unistd.h>

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

/* Whose right is lacking is a part of the cause. */
static void test_cause(void **state)
{
	struct error error = {0};

	assert_false(error_set_cause(&error, ERROR_INPUT, ENOENT, "can not read %s", "a"));
	assert_int_equal(error.kind, ERROR_INPUT);
	assert_string_equal(error.text, "can not read a: No such file or directory");
	error_set_cause(&error, ERROR_INPUT, EACCES, "keytab");
	assert_string_equal(error.text,
			    memory_format(*state, "keytab: Permission denied for user id %lu",
					  (unsigned long)geteuid()));
}

UNIT_MAIN(UNIT_TEST(test_cause), UNIT_TEST(test_set), UNIT_TEST(test_context_goes_in_front),
	  UNIT_TEST(test_long_texts_are_cut))
