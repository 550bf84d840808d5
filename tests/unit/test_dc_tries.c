/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which controllers are tried, how often, in which order, and what is said of them. */
#include "source/dc_tries.h"

#include "unit.h"

enum { HOST_MAX = 3, TRY_MAX = 2 };

/* What one try brings: the kind of an error (ERROR_NONE: it will do), and whether the
 * controller was there. */
struct result {
	enum error_kind kind;
	bool reached;
};

struct play {
	const struct result (*results)[TRY_MAX];
	size_t tries[HOST_MAX];
	char order[HOST_MAX * TRY_MAX + 1];
};

static bool play_try(void *data, size_t index, bool *reached, struct error *error)
{
	struct play *play = data;
	size_t try = play->tries[index]++;
	const struct result *result;

	unit_check(try < TRY_MAX, "controller %zu is tried %zu times", index, try + 1);
	result = &play->results[index][try];
	play->order[strlen(play->order)] = (char)('a' + index);
	*reached = result->reached;
	return result->kind == ERROR_NONE ||
	       error_set(error, result->kind, result->reached ? "hung up" : "away");
}

#define GOOD                                                                                       \
	{                                                                                          \
		ERROR_NONE, true                                                                   \
	}
#define AWAY                                                                                       \
	{                                                                                          \
		ERROR_CONNECT, false                                                               \
	}
#define HUNG_UP                                                                                    \
	{                                                                                          \
		ERROR_CONNECT, true                                                                \
	}
#define SILENT                                                                                     \
	{                                                                                          \
		ERROR_TIMEOUT, false                                                               \
	}
#define REFUSED                                                                                    \
	{                                                                                          \
		ERROR_LOGIN, true                                                                  \
	}

static void test_order(void **state)
{
	static const char *const hosts[] = {"a", "b", "c"};
	static const struct {
		struct result results[HOST_MAX][TRY_MAX];
		size_t count;
		const char *order;
		size_t tried;    /* of one that will do */
		const char *why; /* NULL: one will do */
		enum error_kind kind;
	} cases[] = {
		{{{GOOD}}, 3, "a", 1, NULL, ERROR_NONE},
		{{{AWAY}, {SILENT}, {GOOD}}, 3, "abc", 3, NULL, ERROR_NONE},
		{{{AWAY}, {GOOD}}, 3, "ab", 2, NULL, ERROR_NONE},
		/* another one comes before a second try */
		{{{HUNG_UP}, {GOOD}}, 2, "ab", 2, NULL, ERROR_NONE},
		{{{HUNG_UP, GOOD}}, 1, "aa", 1, NULL, ERROR_NONE},
		{{{AWAY}, {HUNG_UP, GOOD}, {SILENT}}, 3, "abcb", 3, NULL, ERROR_NONE},
		{{{HUNG_UP, HUNG_UP}, {HUNG_UP, GOOD}}, 2, "abab", 2, NULL, ERROR_NONE},
		/* who is not there, or silent, is not asked again */
		{{{AWAY}, {SILENT}}, 2, "ab", 0, "a: away; b: away", ERROR_CONNECT},
		{{{SILENT}}, 1, "a", 0, "a: away", ERROR_TIMEOUT},
		{{{HUNG_UP, HUNG_UP}}, 1, "aa", 0, "a: hung up", ERROR_CONNECT},
		{{{HUNG_UP, AWAY}}, 1, "aa", 0, "a: hung up; and once more: away", ERROR_CONNECT},
		/* a login that is refused is tried nowhere else */
		{{{REFUSED}, {GOOD}}, 2, "a", 0, "a: hung up", ERROR_LOGIN},
		{{{HUNG_UP}, {REFUSED}, {GOOD}}, 3, "ab", 0, "a: hung up; b: hung up", ERROR_LOGIN},
		{{{HUNG_UP, REFUSED}, {HUNG_UP}},
		 2,
		 "aba",
		 0,
		 "a: hung up; b: hung up",
		 ERROR_LOGIN},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct play play = {.results = cases[i].results};
		struct trace *trace = memory_new(*state, struct trace);
		struct error error = {0};
		size_t tried;
		bool done =
			dc_tries_run(hosts, cases[i].count, play_try, &play, &tried, trace, &error);

		unit_check(!strcmp(play.order, cases[i].order), "case %zu: %s", i, play.order);
		unit_check(done == !cases[i].why, "case %zu: %s", i, error.text);
		if (done)
			unit_check(tried == cases[i].tried, "case %zu: %zu", i, tried);
		else
			unit_check(!strcmp(error.text, cases[i].why) && error.kind == cases[i].kind,
				   "case %zu: %s (%d)", i, error.text, error.kind);
	}
}

UNIT_MAIN(UNIT_TEST(test_order))
