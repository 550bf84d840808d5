/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The states of a service: names, exit codes and the order that nothing hides behind. */
#include "base/service_state.h"

#include "unit.h"

static const struct {
	const char *name;
	enum service_state state;
	int exit_code;
} cases[] = {
	{"OK", STATE_OK, 0},
	{"WARNING", STATE_WARNING, 1},
	{"CRITICAL", STATE_CRITICAL, 2},
	{"UNKNOWN", STATE_UNKNOWN, 3},
};

static void test_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		enum service_state parsed = STATE_OK;
		char lower[16];

		assert_string_equal(service_state_name(cases[i].state), cases[i].name);
		assert_int_equal(cases[i].state, cases[i].exit_code);
		strcpy(lower, cases[i].name);
		for (char *c = lower; *c; c++)
			*c = (char)(*c | 0x20);
		assert_true(service_state_parse(lower, &parsed));
		assert_int_equal(parsed, cases[i].state);
		parsed = STATE_OK;
		assert_true(service_state_parse(cases[i].name, &parsed));
		assert_int_equal(parsed, cases[i].state);
	}
}

static void test_refused(void **state)
{
	static const char *const words[] = {"", "O", "OKAY", "warn", " ok", "critical ", "3"};
	enum service_state parsed = STATE_WARNING;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(words); i++)
		unit_check(!service_state_parse(words[i], &parsed), "'%s'", words[i]);
	assert_int_equal(parsed, STATE_WARNING);
}

static void test_order(void **state)
{
	static const enum service_state order[] = {STATE_OK, STATE_UNKNOWN, STATE_WARNING,
						   STATE_CRITICAL};

	(void)state;
	for (size_t a = 0; a < COUNT_OF(order); a++) {
		for (size_t b = 0; b < COUNT_OF(order); b++) {
			assert_int_equal(service_state_worst(order[a], order[b]),
					 order[a > b ? a : b]);
			assert_int_equal(
				service_state_rank(order[a]) < service_state_rank(order[b]), a < b);
		}
	}
}

UNIT_MAIN(UNIT_TEST(test_names), UNIT_TEST(test_refused), UNIT_TEST(test_order))
