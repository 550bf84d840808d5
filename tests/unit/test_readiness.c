/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a pair is ready: every combination of what is known and what is not, held
 * against the contract's own words about each world that may be the real one. */
#include "policy/readiness.h"

#include "ad/spn.h"
#include "unit.h"

/* What is known of a source and its destination. */
struct facts {
	enum truth transition, listed, granted, unconstrained;
	bool lists_other; /* a target beside */
	uint32_t build;
};

/* One world: nothing is unknown in it. */
struct world {
	bool transition, listed, granted, unconstrained, lists_anything;
	bool is_2016, is_2025;
};

static bool by_kcd(const struct world *world)
{
	return world->listed && (world->transition || !world->is_2016);
}

static bool by_rbcd(const struct world *world)
{
	return world->granted && (world->transition || !world->lists_anything || !world->is_2016);
}

static bool by_bit(const struct world *world)
{
	return world->unconstrained && !world->is_2025;
}

static bool may_be(enum truth known, bool value)
{
	return known == TRUTH_UNKNOWN || known == truth_of(value);
}

/* The worlds that agree with the facts; with_transition: in all of which it is on. */
static size_t worlds_of(const struct facts *facts, bool with_transition, struct world worlds[32])
{
	size_t count = 0;

	for (unsigned bits = 0; bits < 32; bits++) {
		struct world world = {
			.transition = bits & 1,
			.listed = bits & 2,
			.granted = bits & 4,
			.unconstrained = bits & 8,
			.lists_anything = bits & 16,
			.is_2016 = facts->build == BUILD_UNKNOWN || facts->build >= 14393,
			.is_2025 = facts->build >= 26100,
		};
		/* a list cut short may hold anything; else it holds what is seen */
		bool may_list_anything =
			facts->listed == TRUTH_UNKNOWN && !facts->lists_other
				? world.lists_anything >= world.listed
				: world.lists_anything ==
					  (facts->lists_other || facts->listed == TRUTH_YES);

		if (may_list_anything && may_be(facts->listed, world.listed) &&
		    may_be(facts->granted, world.granted) &&
		    may_be(facts->unconstrained, world.unconstrained) &&
		    (with_transition ? world.transition
				     : may_be(facts->transition, world.transition)))
			worlds[count++] = world;
	}
	assert_true(count > 0);
	return count;
}

/* What holds of all worlds, or of none, is known. */
static enum truth expect(const struct facts *facts, bool with_transition, enum delegation_way *by)
{
	struct world worlds[32];
	size_t count = worlds_of(facts, with_transition, worlds);
	size_t ready = 0, kcd = 0, rbcd = 0, bit = 0;

	for (size_t i = 0; i < count; i++) {
		const struct world *world = &worlds[i];

		ready += by_kcd(world) || by_rbcd(world) || by_bit(world);
		kcd += by_kcd(world);
		rbcd += by_rbcd(world);
		bit += by_bit(world);
	}
	*by = kcd == count    ? WAY_KCD
	      : rbcd == count ? WAY_RBCD
	      : bit == count  ? WAY_UNCONSTRAINED
			      : WAY_NONE;
	return ready == count ? TRUTH_YES : ready ? TRUTH_UNKNOWN : TRUTH_NO;
}

static void check_facts(const void *context, const struct facts *facts)
{
	const char *services[] = {SPN_CLASS_CIFS}, *targets[2] = {NULL};
	const struct text_list required = {services, COUNT_OF(services)};
	struct snapshot snapshot = {.trustees = trustee_index_new(context, NULL)};
	struct host source = {
		.name = "a",
		.build = facts->build,
		.unconstrained = facts->unconstrained,
		.protocol_transition = facts->transition,
		.targets_complete = facts->listed != TRUTH_UNKNOWN,
		.rbcd_readable = true,
		.targets = {targets, 0},
	};
	struct host destination = {.name = "b",
				   .dns_name = "b.hv.test",
				   .rbcd_readable = facts->granted != TRUTH_UNKNOWN,
				   .acl = {.everyone = facts->granted == TRUTH_YES}};
	struct readiness readiness;
	enum delegation_way by, ignored;
	enum truth ready;

	if (facts->listed == TRUTH_YES)
		targets[source.targets.count++] = "cifs/B";
	if (facts->lists_other)
		targets[source.targets.count++] = "cifs/other";
	readiness = readiness_judge(&snapshot, &source, &destination, &required);
	ready = expect(facts, false, &by);
	unit_check(readiness.ready == ready && readiness.by == by,
		   "transition %c listed %c other %d granted %c unconstrained %c build %u: "
		   "ready %c by %d, not %c by %d",
		   unit_truth(facts->transition), unit_truth(facts->listed), facts->lists_other,
		   unit_truth(facts->granted), unit_truth(facts->unconstrained),
		   (unsigned)facts->build, unit_truth(readiness.ready), readiness.by,
		   unit_truth(ready), by);
	assert_int_equal(readiness.granted, facts->granted);
	assert_int_equal(readiness.with_transition, expect(facts, true, &ignored));
}

static void test_every_combination(void **state)
{
	static const uint32_t builds[] = {BUILD_UNKNOWN, 9600, 14392, 14393, 20348, 26099, 26100};
	const unsigned combinations = 3 * 3 * 3 * 3 * 2;

	for (size_t build = 0; build < COUNT_OF(builds); build++) {
		for (unsigned i = 0; i < combinations; i++) {
			const struct facts facts = {
				.transition = (enum truth)(i % 3),
				.listed = (enum truth)(i / 3 % 3),
				.granted = (enum truth)(i / 9 % 3),
				.unconstrained = (enum truth)(i / 27 % 3),
				.lists_other = i / 81,
				.build = builds[build],
			};

			check_facts(*state, &facts);
		}
	}
}

/* The oracle above is code too: a few rows of the contract, written out. */
static void test_the_contract_itself(void **state)
{
	static const struct {
		struct facts facts;
		char ready;
		const char *by;
	} cases[] = {
		/* clang-format off */
		{{TRUTH_YES, TRUTH_YES, TRUTH_NO, TRUTH_NO, false, 20348}, 'y', "kcd"},
		{{TRUTH_NO, TRUTH_YES, TRUTH_NO, TRUTH_NO, false, 20348}, 'n', NULL},
		{{TRUTH_NO, TRUTH_YES, TRUTH_NO, TRUTH_NO, false, 9600}, 'y', "kcd"},
		{{TRUTH_NO, TRUTH_NO, TRUTH_YES, TRUTH_NO, false, 20348}, 'y', "rbcd"},
		{{TRUTH_NO, TRUTH_NO, TRUTH_YES, TRUTH_NO, true, 20348}, 'n', NULL},
		{{TRUTH_NO, TRUTH_NO, TRUTH_YES, TRUTH_NO, true, 9600}, 'y', "rbcd"},
		{{TRUTH_NO, TRUTH_NO, TRUTH_NO, TRUTH_YES, false, 20348}, 'y', "unconstrained"},
		{{TRUTH_NO, TRUTH_NO, TRUTH_NO, TRUTH_YES, false, 26100}, 'n', NULL},
		{{TRUTH_NO, TRUTH_NO, TRUTH_NO, TRUTH_YES, false, 0}, 'y', "unconstrained"},
		{{TRUTH_YES, TRUTH_YES, TRUTH_YES, TRUTH_YES, false, 20348}, 'y', "kcd"},
		{{TRUTH_UNKNOWN, TRUTH_YES, TRUTH_NO, TRUTH_NO, false, 20348}, '?', NULL},
		{{TRUTH_UNKNOWN, TRUTH_YES, TRUTH_NO, TRUTH_NO, false, 9600}, 'y', "kcd"},
		{{TRUTH_YES, TRUTH_NO, TRUTH_UNKNOWN, TRUTH_NO, false, 20348}, '?', NULL},
		/* clang-format on */
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		enum delegation_way by;
		enum truth ready = expect(&cases[i].facts, false, &by);
		const char *name = delegation_way_name(by);

		unit_check(unit_truth(ready) == cases[i].ready, "case %zu", i);
		unit_check(name && cases[i].by ? !strcmp(name, cases[i].by) : name == cases[i].by,
			   "case %zu", i);
	}
}

/* Ready for every class; by is that of the migration service, else of the first class. */
static void test_services(void **state)
{
	static const char migration[] = SPN_CLASS_MIGRATION;
	static const struct {
		const char *services[3];
		const char *targets[3];
		bool unconstrained, targets_complete;
		char ready;
		enum delegation_way by;
	} cases[] = {
		/* clang-format off */
		{{migration, "cifs"}, {"cifs/b", "Microsoft Virtual System Migration Service/b"},
		 false, true, 'y', WAY_KCD},
		{{migration, "cifs"}, {"Microsoft Virtual System Migration Service/b"}, false, true,
		 'n', WAY_NONE},
		{{migration, "cifs"}, {"Microsoft Virtual System Migration Service/b"}, false,
		 false, '?', WAY_NONE},
		{{migration, "cifs"}, {"cifs/b"}, false, true, 'n', WAY_NONE},
		{{migration, "cifs"}, {"cifs/b"}, true, true, 'y', WAY_UNCONSTRAINED},
		{{"cifs", migration}, {"Microsoft Virtual System Migration Service/b"}, true, true,
		 'y', WAY_KCD},
		{{"cifs", "http"}, {"cifs/b"}, true, true, 'y', WAY_KCD},
		{{"http", "cifs"}, {"cifs/b"}, true, true, 'y', WAY_UNCONSTRAINED},
		{{"CIFS"}, {"cifs/B.HV.TEST"}, false, true, 'y', WAY_KCD},
		{{"cifs"}, {"cifs/b.hv.test:445"}, false, true, 'n', WAY_NONE},
		/* clang-format on */
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct snapshot snapshot = {.trustees = trustee_index_new(*state, NULL)};
		struct host source = {.name = "a",
				      .build = 20348,
				      .unconstrained = truth_of(cases[i].unconstrained),
				      .protocol_transition = TRUTH_YES,
				      .targets_complete = cases[i].targets_complete};
		struct host destination = {
			.name = "b", .dns_name = "b.hv.test", .rbcd_readable = true};
		struct text_list services = {0};
		struct readiness readiness;

		for (size_t k = 0; cases[i].services[k]; k++)
			text_list_add(*state, &services, cases[i].services[k]);
		for (size_t k = 0; cases[i].targets[k]; k++)
			text_list_add(*state, &source.targets, cases[i].targets[k]);
		text_list_sort(&source.targets);
		readiness = readiness_judge(&snapshot, &source, &destination, &services);
		unit_check(unit_truth(readiness.ready) == cases[i].ready, "case %zu: %c", i,
			   unit_truth(readiness.ready));
		unit_check(readiness.by == cases[i].by, "case %zu: %d", i, readiness.by);
	}
}

static void test_lists_and_names(void **state)
{
	const char *targets[] = {"cifs/b", "http/b.hv.test"};
	const struct host source = {.name = "a", .targets = {targets, COUNT_OF(targets)}};
	struct host destination = {.name = "b", .dns_name = "b.hv.test"};

	(void)state;
	assert_true(readiness_lists(&source, &destination, "CIFS"));
	assert_true(readiness_lists(&source, &destination, "http"));
	assert_false(readiness_lists(&source, &destination, "htt"));
	destination.dns_name = NULL;
	assert_true(readiness_lists(&source, &destination, "cifs"));
	assert_false(readiness_lists(&source, &destination, "http"));
	assert_null(delegation_way_name(WAY_NONE));
	assert_string_equal(delegation_way_name(WAY_KCD), "kcd");
	assert_string_equal(delegation_way_name(WAY_RBCD), "rbcd");
	assert_string_equal(delegation_way_name(WAY_UNCONSTRAINED), "unconstrained");
}

UNIT_MAIN(UNIT_TEST(test_every_combination), UNIT_TEST(test_the_contract_itself),
	  UNIT_TEST(test_services), UNIT_TEST(test_lists_and_names))
