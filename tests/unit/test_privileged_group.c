/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which groups are privileged: by SID, and as the policy adds and takes away. */
#include "model/privileged_group.h"

#include "unit.h"

#define OF_DOMAIN "512 526"
#define OF_FOREST " 518 519 527"
#define OF_BUILTIN " 544 548 549 550 551 552 578"
#define USUAL OF_DOMAIN OF_FOREST OF_BUILTIN
#define GROUPS                                                                                     \
	UNIT_DOMAIN("")                                                                            \
	UNIT_GROUP("Tier0", UNIT_SID "-1140", "")                                                  \
	UNIT_GROUP("Tier1", UNIT_SID "-1141", "")                                                  \
	UNIT_GROUP("Print Operators", "S-1-5-32-550", "")                                          \
	UNIT_USER("joe", "1001", UNIT_ENABLED, "")                                                 \
	"dn: " UNIT_DN("nosid") "\nobjectClass: group\nsAMAccountName: nosid\n\n"

struct group_case {
	const char *name, *text;
	const char *added[4], *ignored[4];
	const char *sids, *unreadable;
};

static struct text_list list_of(const void *context, const char *const *words)
{
	struct text_list list = {0};

	for (; *words; words++)
		text_list_add(context, &list, *words);
	return list;
}

static void check_case(const void *context, const struct group_case *group_case)
{
	struct error error;
	struct domain *domain = domain_read(
		context, unit_directory(context, DIRECTORY_LDIF, group_case->text), &error);
	const struct selection selection = {.privileged = list_of(context, group_case->added),
					    .ignored = list_of(context, group_case->ignored)};
	struct unreadable_list unreadable = {0};
	char *text = memory_text(context, "");
	size_t count, silent_count;
	struct sid *sids = privileged_groups_list(context, domain, &selection, &unreadable, &count);

	for (size_t i = 0; i < count; i++) {
		char sid[SID_TEXT_SIZE];

		sid_format(&sids[i], sid);
		unit_check(!strncmp(sid, "S-1-5-32-", 9) || !strncmp(sid, UNIT_SID "-", 15), "%s",
			   sid);
		text = talloc_asprintf_append(text, "%s%s", i ? " " : "", strrchr(sid, '-') + 1);
	}
	unit_check(!strcmp(text, group_case->sids), "%s: %s", group_case->name, text);
	unit_check(!strcmp(unit_unreadable(context, &unreadable), group_case->unreadable), "%s: %s",
		   group_case->name, unit_unreadable(context, &unreadable));
	(void)privileged_groups_list(context, domain, &selection, NULL, &silent_count);
	assert_int_equal(silent_count, count);
}

static void test_groups(void **state)
{
	static const struct group_case cases[] = {
		/* clang-format off */
		{"usual", UNIT_DOMAIN(""), {NULL}, {NULL}, USUAL, ""},
		{"below the root",
		 UNIT_ROOTDSE("rootDomainNamingContext: DC=test\n") UNIT_DOMAIN(""), {NULL}, {NULL},
		 OF_DOMAIN OF_BUILTIN, ""},
		{"SID of the domain unknown", "dn: DC=hv,DC=test\nobjectClass: domainDNS\n", {NULL},
		 {NULL}, "544 548 549 550 551 552 578", ""},
		{"by name", GROUPS, {"tier0"}, {NULL}, USUAL " 1140", ""},
		{"by SID", GROUPS, {UNIT_SID "-1141"}, {NULL}, USUAL " 1141", ""},
		{"by pattern", GROUPS, {"TIER?"}, {NULL}, USUAL " 1140 1141", ""},
		{"each once", GROUPS, {"tier0", UNIT_SID "-1140", "S-1-5-32-550"}, {NULL},
		 USUAL " 1140", ""},
		{"nobody", GROUPS, {"tier9", UNIT_SID "-9", "none*"}, {NULL}, USUAL,
		 "none* groups\n" UNIT_SID "-9 groups\ntier9 groups\n"},
		{"no group", GROUPS, {"joe", UNIT_SID "-1001"}, {NULL}, USUAL,
		 "joe groups\n" UNIT_SID "-1001 groups\n"},
		{"without SID", GROUPS, {"nosid"}, {NULL}, USUAL, "nosid groups\n"},
		{"ignored by name", GROUPS, {NULL}, {"print operators"},
		 OF_DOMAIN OF_FOREST " 544 548 549 551 552 578", ""},
		{"ignored by SID", GROUPS, {NULL}, {"S-1-5-32-550"},
		 OF_DOMAIN OF_FOREST " 544 548 549 551 552 578", ""},
		{"ignored by a SID that is not there", GROUPS, {NULL}, {"S-1-5-32-551"},
		 OF_DOMAIN OF_FOREST " 544 548 549 550 552 578",
		 "S-1-5-32-551 ignore-groups\n"},
		{"added and ignored", GROUPS, {"tier*"}, {"tier1"}, USUAL " 1140", ""},
		{"ignored by pattern", GROUPS, {"tier*"}, {"t*", "nothing*"}, USUAL, ""},
		{"ignores nobody", GROUPS, {NULL}, {"slip"}, USUAL, "slip ignore-groups\n"},
		/* clang-format on */
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		check_case(*state, &cases[i]);
}

UNIT_MAIN(UNIT_TEST(test_groups))
