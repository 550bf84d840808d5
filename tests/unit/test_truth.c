/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Logic of three values: what is not known spreads unless the other one decides. */
#include "base/truth.h"

#include "unit.h"

static void test_tables(void **state)
{
	static const struct {
		enum truth a, b;
		char both, either;
	} cases[] = {
		{TRUTH_YES, TRUTH_YES, 'y', 'y'},         {TRUTH_YES, TRUTH_NO, 'n', 'y'},
		{TRUTH_YES, TRUTH_UNKNOWN, '?', 'y'},     {TRUTH_NO, TRUTH_YES, 'n', 'y'},
		{TRUTH_NO, TRUTH_NO, 'n', 'n'},           {TRUTH_NO, TRUTH_UNKNOWN, 'n', '?'},
		{TRUTH_UNKNOWN, TRUTH_YES, '?', 'y'},     {TRUTH_UNKNOWN, TRUTH_NO, 'n', '?'},
		{TRUTH_UNKNOWN, TRUTH_UNKNOWN, '?', '?'},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		unit_check(unit_truth(truth_and(cases[i].a, cases[i].b)) == cases[i].both,
			   "case %zu", i);
		unit_check(unit_truth(truth_or(cases[i].a, cases[i].b)) == cases[i].either,
			   "case %zu", i);
	}
}

static void test_of(void **state)
{
	enum truth zeroed = 0;

	(void)state;
	assert_int_equal(truth_of(true), TRUTH_YES);
	assert_int_equal(truth_of(false), TRUTH_NO);
	/* what nobody filled in is not "no" */
	assert_int_equal(zeroed, TRUTH_UNKNOWN);
}

UNIT_MAIN(UNIT_TEST(test_tables), UNIT_TEST(test_of))
