/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The walk of a group: every member DN is accounted for, whatever the groups look like. */
#include "model/membership.h"

#include "unit.h"

#define G "1100"
#define GROUP(cn, rid, members) UNIT_GROUP(cn, UNIT_SID "-" rid, members)
/* a distribution group: groupType without the high bit */
#define LIST(cn, rid, members)                                                                     \
	"dn: " UNIT_DN(cn) "\nobjectClass: group\nobjectSid: " UNIT_SID "-" rid                    \
			   "\nsAMAccountName: " cn "\ngroupType: 2\n" members "\n"
#define USER(cn, rid) UNIT_USER(cn, rid, UNIT_ENABLED, "")

static void add_entries(char **text, const char *label, const struct entry_list *list)
{
	*text = talloc_asprintf_append(*text, "%s:", label);
	for (size_t i = 0; i < list->count; i++) {
		struct account account;

		account_read(*text, list->items[i], &account);
		*text = talloc_asprintf_append(*text, " %s", account.name);
	}
}

static void add_texts(char **text, const char *label, const struct text_list *list)
{
	*text = talloc_asprintf_append(*text, "; %s:", label);
	for (size_t i = 0; i < list->count; i++)
		*text = talloc_asprintf_append(*text, " %s", list->items[i]);
}

/* All that a walk says, as one text. */
static char *walk(const void *context, const char *entries, enum membership_scope scope,
		  struct unreadable_list *unreadable)
{
	const char *all = memory_format(context, "%s%s", UNIT_DOMAIN(""), entries);
	struct error error;
	struct domain *domain =
		domain_read(context, unit_directory(context, DIRECTORY_LDIF, all), &error);
	struct membership *membership;
	char *text = memory_text(context, "");

	membership =
		membership_walk(context, domain, domain_find_rid(domain, 1100), scope, unreadable);
	add_entries(&text, "accounts", &membership->accounts);
	add_entries(&text, "; groups", &membership->groups);
	add_texts(&text, "foreign", &membership->foreign_dns);
	add_texts(&text, "unresolved", &membership->unresolved);
	if (!membership->complete)
		text = talloc_strdup_append(text, "; cut");
	if (unreadable)
		membership_report_unresolved(context, membership, unreadable);
	return text;
}

static void test_walk(void **state)
{
	static const struct {
		const char *name, *entries, *found, *unreadable;
		enum membership_scope scope;
	} cases[] = {
		/* clang-format off */
		{"empty", GROUP("g", G, ""), "accounts:; groups: g; foreign:; unresolved:", "",
		 MEMBERSHIP_ALL_GROUPS},
		{"flat",
		 GROUP("g", G, UNIT_MEMBER("a") UNIT_MEMBER("b")) USER("a", "1") USER("b", "2"),
		 "accounts: a b; groups: g; foreign:; unresolved:", "", MEMBERSHIP_ALL_GROUPS},
		{"nested, breadth first",
		 GROUP("g", G, UNIT_MEMBER("h") UNIT_MEMBER("a"))
		 GROUP("h", "1101", UNIT_MEMBER("b")) USER("a", "1") USER("b", "2"),
		 "accounts: a b; groups: g h; foreign:; unresolved:", "", MEMBERSHIP_ALL_GROUPS},
		{"itself", GROUP("g", G, UNIT_MEMBER("g") UNIT_MEMBER("a")) USER("a", "1"),
		 "accounts: a; groups: g; foreign:; unresolved:", "", MEMBERSHIP_ALL_GROUPS},
		{"cycle",
		 GROUP("g", G, UNIT_MEMBER("h")) GROUP("h", "1101", UNIT_MEMBER("i"))
		 GROUP("i", "1102", UNIT_MEMBER("g") UNIT_MEMBER("a")) USER("a", "1"),
		 "accounts: a; groups: g h i; foreign:; unresolved:", "", MEMBERSHIP_ALL_GROUPS},
		{"diamond",
		 GROUP("g", G, UNIT_MEMBER("h") UNIT_MEMBER("i"))
		 GROUP("h", "1101", UNIT_MEMBER("a")) GROUP("i", "1102", UNIT_MEMBER("a"))
		 USER("a", "1"), "accounts: a; groups: g h i; foreign:; unresolved:", "",
		 MEMBERSHIP_ALL_GROUPS},
		{"spelled twice",
		 GROUP("g", G, UNIT_MEMBER("a") "member: cn=A , dc=HV,dc=test\n") USER("a", "1"),
		 "accounts: a; groups: g; foreign:; unresolved:", "", MEMBERSHIP_ALL_GROUPS},
		{"primary group",
		 GROUP("g", G, UNIT_MEMBER("h")) GROUP("h", "1101", "")
		 UNIT_USER("a", "1", "512", "primaryGroupID: 1100\n")
		 UNIT_USER("b", "2", "512", "primaryGroupID: 1101\n")
		 UNIT_USER("c", "3", "512", "primaryGroupID: 1102\n"),
		 "accounts: a b; groups: g h; foreign:; unresolved:", "", MEMBERSHIP_ALL_GROUPS},
		{"primary group of an alias conveys nothing",
		 GROUP("g", G, UNIT_MEMBER("h")) UNIT_GROUP("h", "S-1-5-32-544", "")
		 UNIT_USER("a", "1", "512", "primaryGroupID: 544\n"),
		 "accounts:; groups: g h; foreign:; unresolved:", "", MEMBERSHIP_ALL_GROUPS},
		{"contact",
		 GROUP("g", G, UNIT_MEMBER("c")) "dn: " UNIT_DN("c") "\nobjectClass: contact\n",
		 "accounts:; groups: g; foreign:; unresolved:", "", MEMBERSHIP_ALL_GROUPS},
		{"foreign",
		 GROUP("g", G, "member: CN=x,DC=other\n" UNIT_MEMBER("S-1-5-11")
		 "member: CN=x,DC=OTHER\n") "dn: " UNIT_DN("S-1-5-11")
		 "\nobjectClass: foreignSecurityPrincipal\nobjectSid: S-1-5-11\n",
		 "accounts: S-1-5-11; groups: g; foreign: CN=x,DC=other; unresolved:", "",
		 MEMBERSHIP_ALL_GROUPS},
		{"a subdomain is foreign", GROUP("g", G, "member: CN=x,DC=sub,DC=hv,DC=test\n"),
		 "accounts:; groups: g; foreign: CN=x,DC=sub,DC=hv,DC=test; unresolved:", "",
		 MEMBERSHIP_ALL_GROUPS},
		{"unresolved",
		 GROUP("g", G, UNIT_MEMBER("gone") UNIT_MEMBER("bare")) "dn: " UNIT_DN("bare")
		 "\n",
		 "accounts:; groups: g; foreign:; unresolved: " UNIT_DN("bare") " "
		 UNIT_DN("gone"), UNIT_DN("bare") " member\n" UNIT_DN("gone") " member\n",
		 MEMBERSHIP_ALL_GROUPS},
		{"cut list", GROUP("g", G, "member;range=0-0: " UNIT_DN("a") "\n") USER("a", "1"),
		 "accounts: a; groups: g; foreign:; unresolved:; cut", "g member\n",
		 MEMBERSHIP_ALL_GROUPS},
		{"cut list below",
		 GROUP("g", G, UNIT_MEMBER("h"))
		 GROUP("h", "1101", "member;range=1-*: " UNIT_DN("a") "\n") USER("a", "1"),
		 "accounts: a; groups: g h; foreign:; unresolved:; cut", "h member\n",
		 MEMBERSHIP_ALL_GROUPS},
		{"joined list",
		 GROUP("g", G, "member;range=1-*: " UNIT_DN("b") "\nmember;range=0-0: "
		 UNIT_DN("a") "\n") USER("a", "1") USER("b", "2"),
		 "accounts: a b; groups: g; foreign:; unresolved:", "", MEMBERSHIP_ALL_GROUPS},
		{"NUL byte", GROUP("g", G, "member:: 434e3d6100\n"),
		 "accounts:; groups: g; foreign:; unresolved:; cut", "g member\n",
		 MEMBERSHIP_ALL_GROUPS},
		{"distribution group walked",
		 GROUP("g", G, UNIT_MEMBER("l")) LIST("l", "1101", UNIT_MEMBER("a"))
		 USER("a", "1"), "accounts: a; groups: g l; foreign:; unresolved:", "",
		 MEMBERSHIP_ALL_GROUPS},
		{"distribution group conveys nothing",
		 GROUP("g", G, UNIT_MEMBER("l") UNIT_MEMBER("b"))
		 LIST("l", "1101", UNIT_MEMBER("a")) USER("a", "1") USER("b", "2"),
		 "accounts: b; groups: g; foreign:; unresolved:", "", MEMBERSHIP_SECURITY_GROUPS},
		{"a security group beside it does",
		 GROUP("g", G, UNIT_MEMBER("l") UNIT_MEMBER("h"))
		 LIST("l", "1101", UNIT_MEMBER("a")) GROUP("h", "1102", UNIT_MEMBER("a"))
		 USER("a", "1"), "accounts: a; groups: g h; foreign:; unresolved:", "",
		 MEMBERSHIP_SECURITY_GROUPS},
		{"unknown type conveys nothing and is said",
		 GROUP("g", G, UNIT_MEMBER("u")) "dn: " UNIT_DN("u")
		 "\nobjectClass: group\nsAMAccountName: u\n" UNIT_MEMBER("a") "\n" USER("a", "1"),
		 "accounts:; groups: g; foreign:; unresolved:", "u groupType\n",
		 MEMBERSHIP_SECURITY_GROUPS},
		/* clang-format on */
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct unreadable_list unreadable = {0};
		const char *found = walk(*state, cases[i].entries, cases[i].scope, &unreadable);
		const char *said = unit_unreadable(*state, &unreadable);

		unit_check(!strcmp(found, cases[i].found), "%s: %s", cases[i].name, found);
		unit_check(!strcmp(said, cases[i].unreadable), "%s: %s", cases[i].name, said);
		/* without a list to say it in, the same is found */
		assert_string_equal(walk(*state, cases[i].entries, cases[i].scope, NULL),
				    cases[i].found);
	}
}

static void test_long_chain(void **state)
{
	char *text = memory_text(*state, GROUP("g", G, UNIT_MEMBER("g0")));

	for (int i = 0; i < 500; i++)
		text = talloc_asprintf_append(
			text,
			"dn: CN=g%d," UNIT_ROOT "\nobjectClass: group\nsAMAccountName: g%d\n"
			"member: CN=g%d," UNIT_ROOT "\nmember: CN=u%d," UNIT_ROOT "\n\n"
			"dn: CN=u%d," UNIT_ROOT "\nobjectClass: user\nsAMAccountName: u%d\n\n",
			i, i, (i + 1) % 500, i, i, i);
	text = walk(*state, text, MEMBERSHIP_ALL_GROUPS, NULL);
	assert_non_null(strstr(text, " u0 "));
	assert_non_null(strstr(text, " u499 "));
	assert_non_null(strstr(text, " u99;")); /* by name */
	assert_non_null(strstr(text, " g499;"));
}

UNIT_MAIN(UNIT_TEST(test_walk), UNIT_TEST(test_long_chain))
