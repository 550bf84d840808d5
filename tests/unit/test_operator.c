/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The operators that the policy names: who they are, and whether they can be delegated. */
#include "model/operator.h"

#include "unit.h"

#define OPERATORS                                                                                  \
	UNIT_HEALTHY_DOMAIN("", UNIT_MEMBER("inside"))                                             \
	UNIT_USER("op1", "1001", UNIT_ENABLED, "")                                                 \
	UNIT_USER("op2", "1002", UNIT_SENSITIVE, "")                                               \
	UNIT_USER("inside", "1003", UNIT_ENABLED, "")                                              \
	UNIT_USER("hidden", "1004", "x", "")                                                       \
	UNIT_USER("gmsa$", "1005", "4096", "")                                                     \
	UNIT_GROUP("opgroup", UNIT_SID "-1200", "")

static void test_operators(void **state)
{
	static const struct {
		const char *word, *operators, *unreadable;
	} cases[] = {
		{"op1", "op1 n\n", ""},
		{"OP2", "op2 y\n", ""},
		{"inside", "inside y\n", ""},
		{"hidden", "hidden ?\n", "hidden userAccountControl\n"},
		{"gmsa", "gmsa$ n\n", ""},
		{UNIT_SID "-1002", "op2 y\n", ""},
		{"op?", "op1 n\nop2 y\n", ""},
		{"op*", "op1 n\nop2 y\n", ""}, /* a group is none */
		{"opgroup", "", "opgroup accounts\n"},
		{UNIT_SID "-1200", "", UNIT_SID "-1200 accounts\n"},
		{UNIT_SID "-9", "", UNIT_SID "-9 accounts\n"},
		{"slip", "", "slip accounts\n"},
		{"none*", "", "none* accounts\n"},
		{"Administrator", "Administrator y\n", ""},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct policy *policy = unit_policy(
			*state, memory_format(*state, "[operators]\naccounts=%s\n", cases[i].word));
		const struct snapshot *snapshot =
			unit_verdict(*state, OPERATORS UNIT_COMPUTER("hv", "1100", "4096", ""),
				     NULL, policy)
				->snapshot;
		char *text = memory_text(*state, "");

		for (size_t k = 0; k < snapshot->operators.count; k++)
			text = talloc_asprintf_append(
				text, "%s %c\n", snapshot->operators.items[k].account.name,
				unit_truth(snapshot->operators.items[k].protected));
		unit_check(!strcmp(text, cases[i].operators), "%s: %s", cases[i].word, text);
		unit_check(!strcmp(unit_unreadable(*state, &snapshot->unreadable),
				   cases[i].unreadable),
			   "%s: %s", cases[i].word, unit_unreadable(*state, &snapshot->unreadable));
	}
}

/* They belong to the admins: the other half does not read them. */
static void test_other_half(void **state)
{
	struct policy *policy = unit_policy(*state, "[operators]\naccounts=op1,slip\n");
	const struct snapshot *snapshot;

	policy->selection.admins = false;
	snapshot = unit_verdict(*state, OPERATORS, NULL, policy)->snapshot;
	assert_int_equal(snapshot->operators.count, 0);
	assert_int_equal(snapshot->unreadable.count, 0);
}

UNIT_MAIN(UNIT_TEST(test_operators), UNIT_TEST(test_other_half))
