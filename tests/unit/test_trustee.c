/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom a descriptor names, and whether it grants a host: the first entry that covers it
 * decides, and one that may or may not cover it leaves the answer open. */
#include "model/trustee.h"

#include "unit.h"

#define HV01 UNIT_SID "-1101"
#define HV02 UNIT_SID "-1102"
#define HOSTS UNIT_SID "-1200"
#define OUTER UNIT_SID "-1201"
#define HALF UNIT_SID "-1202"
#define LIST UNIT_SID "-1203"
#define GONE UNIT_SID "-1204"
#define PRIMARY UNIT_SID "-515"
#define FOREIGN "S-1-5-21-9-9-9-1000"

/* clang-format off */
static const char text[] =
	UNIT_DOMAIN("")
	UNIT_COMPUTER("hv01", "1101", "4096", "primaryGroupID: 515\n")
	UNIT_COMPUTER("hv02", "1102", "4096", "")
	"dn: " UNIT_DN("nosid") "\nobjectClass: computer\nsAMAccountName: nosid$\n\n"
	UNIT_GROUP("hosts", HOSTS, UNIT_MEMBER("hv01"))
	UNIT_GROUP("outer", OUTER, UNIT_MEMBER("hosts"))
	UNIT_GROUP("half", HALF, "member;range=0-0: " UNIT_DN("hv02") "\n")
	UNIT_GROUP("withgone", GONE, UNIT_MEMBER("gone"))
	UNIT_GROUP("Domain Computers", PRIMARY, "")
	UNIT_GROUP("listing", UNIT_SID "-1205", UNIT_MEMBER("list"))
	"dn: " UNIT_DN("list") "\nobjectClass: group\ngroupType: 2\nobjectSid: " LIST
		"\nsAMAccountName: list\n" UNIT_MEMBER("hv01") "\n"
	"dn: " UNIT_DN("S-1-5-11") "\nobjectClass: foreignSecurityPrincipal\nobjectSid: S-1-5-11\n\n"
	"dn: " UNIT_DN("x") "\nobjectClass: foreignSecurityPrincipal\nobjectSid: " FOREIGN "\n\n";
/* clang-format on */

static const struct domain *read_domain(const void *context)
{
	struct error error;
	struct domain *domain =
		domain_read(context, unit_directory(context, DIRECTORY_LDIF, text), &error);

	assert_non_null(domain);
	return domain;
}

static void test_kinds(void **state)
{
	static const struct {
		const char *sid;
		enum trustee_kind kind;
		const char *name, *dn;
	} cases[] = {
		{"S-1-1-0", TRUSTEE_EVERYONE, "S-1-1-0", NULL},
		{"S-1-5-11", TRUSTEE_EVERYONE, "S-1-5-11", NULL},
		{"S-1-5-9", TRUSTEE_OTHER, "S-1-5-9", NULL},
		{"S-1-1-1", TRUSTEE_OTHER, "S-1-1-1", NULL},
		{"S-1-5-32-544", TRUSTEE_OTHER, "S-1-5-32-544", NULL},
		{HV01, TRUSTEE_ACCOUNT, "hv01$", UNIT_DN("hv01")},
		{HOSTS, TRUSTEE_GROUP, "hosts", UNIT_DN("hosts")},
		{UNIT_SID "-9", TRUSTEE_ORPHAN, UNIT_SID "-9", NULL},
		{FOREIGN, TRUSTEE_FOREIGN, FOREIGN, NULL},
		{"S-1-5-21-9", TRUSTEE_FOREIGN, "S-1-5-21-9", NULL},
	};
	struct trustee_index *index = trustee_index_new(*state, read_domain(*state));

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct sid sid = unit_sid(cases[i].sid);
		const struct trustee *trustee;
		const struct entry *entry;

		unit_check(trustee_kind(index->domain, &sid, &entry) == cases[i].kind, "%s",
			   cases[i].sid);
		unit_check((entry != NULL) == (cases[i].dn != NULL), "%s", cases[i].sid);
		assert_null(trustee_index_find(index, &sid));
		trustee_index_add(index, &sid, *state, NULL);
		trustee = trustee_index_find(index, &sid);
		assert_non_null(trustee);
		assert_string_equal(trustee->name, cases[i].name);
		assert_int_equal(trustee->kind, cases[i].kind);
		if (cases[i].dn)
			assert_string_equal(trustee->entry->dn, cases[i].dn);
		assert_int_equal(trustee->membership != NULL, cases[i].kind == TRUSTEE_GROUP);
		/* a second time changes nothing */
		trustee_index_add(index, &sid, *state, NULL);
		assert_ptr_equal(trustee_index_find(index, &sid), trustee);
	}
}

/* What the members of a group hide is said once, to who asks. */
static void test_unreadable(void **state)
{
	struct trustee_index *index = trustee_index_new(*state, read_domain(*state));
	struct unreadable_list unreadable = {0};
	static const char *const sids[] = {HALF, GONE, HALF, HOSTS, HV01};

	for (size_t i = 0; i < COUNT_OF(sids); i++) {
		struct sid sid = unit_sid(sids[i]);

		trustee_index_add(index, &sid, *state, &unreadable);
	}
	assert_string_equal(unit_unreadable(*state, &unreadable),
			    UNIT_DN("gone") " member\nhalf member\n");
}

static void test_grants(void **state)
{
	static const struct {
		const char *account;
		const char *aces[4]; /* "+SID" allows, "-SID" denies */
		char granted;
	} cases[] = {
		/* clang-format off */
		{"hv01", {NULL}, 'n'},
		{"hv01", {"+" HV01}, 'y'},
		{"hv02", {"+" HV01}, 'n'},
		{"hv01", {"+" HV02, "+" HV01}, 'y'},
		{"hv01", {"+S-1-1-0"}, 'y'},
		{"hv01", {"+S-1-5-11"}, 'y'},
		{"hv01", {"+S-1-5-9"}, 'n'},
		{"hv01", {"+" HOSTS}, 'y'},
		{"hv01", {"+" OUTER}, 'y'},
		{"hv02", {"+" OUTER}, 'n'},
		{"hv01", {"+" PRIMARY}, 'y'},
		{"hv02", {"+" PRIMARY}, 'n'},
		/* a distribution group conveys nothing */
		{"hv01", {"+" UNIT_SID "-1205"}, 'n'},
		/* the first that covers it decides */
		{"hv01", {"-" HV01, "+" HV01}, 'n'},
		{"hv01", {"+" HV01, "-" HV01}, 'y'},
		{"hv01", {"-S-1-1-0", "+" HV01}, 'n'},
		{"hv01", {"-" HOSTS, "+" HV01}, 'n'},
		{"hv01", {"-" HV02, "+" HV01}, 'y'},
		{"hv01", {"-" HV01, "+S-1-1-0"}, 'n'},
		/* what may or may not cover it */
		{"hv01", {"+" HALF}, '?'},
		{"hv02", {"+" HALF}, 'y'},
		{"hv01", {"+" GONE}, '?'},
		{"hv01", {"+" FOREIGN}, '?'},
		{"hv01", {"-" FOREIGN}, 'n'},
		{"hv01", {"-" HALF, "+" HV01}, '?'},
		{"hv01", {"+" HV01, "-" HALF}, 'y'},
		{"hv01", {"+" HALF, "+" HV01}, 'y'},
		{"hv01", {"+" HALF, "-" HV01}, '?'},
		{"hv01", {"-" HALF, "-" HV01}, 'n'},
		{"hv01", {"-" FOREIGN, "+" HALF}, '?'},
		{"hv01", {"+" UNIT_SID "-9"}, 'n'},
		{"nosid", {"+" UNIT_SID "-9"}, '?'},
		{"nosid", {"+" HOSTS}, 'n'},
		/* clang-format on */
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct trustee_index *index = trustee_index_new(*state, read_domain(*state));
		struct delegation_ace aces[4];
		struct delegation_acl acl = {.aces = aces};
		const struct entry *entry = directory_find(
			index->domain->directory,
			memory_format(*state, "CN=%s,%s", cases[i].account, UNIT_ROOT));
		struct account account;

		assert_non_null(entry);
		account_read(*state, entry, &account);
		for (; cases[i].aces[acl.ace_count]; acl.ace_count++) {
			const char *ace = cases[i].aces[acl.ace_count];

			aces[acl.ace_count].allow = *ace == '+';
			aces[acl.ace_count].trustee = unit_sid(ace + 1);
			trustee_index_add(index, &aces[acl.ace_count].trustee, *state, NULL);
		}
		unit_check(
			unit_truth(trustee_acl_grants(index, &acl, &account)) == cases[i].granted,
			"case %zu: %c", i, unit_truth(trustee_acl_grants(index, &acl, &account)));
	}
}

static void test_no_dacl_and_not_added(void **state)
{
	struct trustee_index *index = trustee_index_new(*state, read_domain(*state));
	struct delegation_ace ace = {.allow = true, .trustee = unit_sid(HV02)};
	const struct delegation_acl everyone = {.everyone = true},
				    strange = {.aces = &ace, .ace_count = 1};
	struct account account;

	account_read(*state, directory_find(index->domain->directory, UNIT_DN("hv01")), &account);
	assert_int_equal(trustee_acl_grants(index, &everyone, &account), TRUTH_YES);
	/* a trustee that was not looked up is not known not to cover */
	assert_int_equal(trustee_acl_grants(index, &strange, &account), TRUTH_UNKNOWN);
}

UNIT_MAIN(UNIT_TEST(test_kinds), UNIT_TEST(test_unreadable), UNIT_TEST(test_grants),
	  UNIT_TEST(test_no_dacl_and_not_added))
