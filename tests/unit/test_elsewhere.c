/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Other domains of the forest: what is looked up there, how it is judged, what is asked for;
 * and that nothing is taken for known that the global catalogue does not hold. */
#include "model/elsewhere.h"

#include "ad/spn.h"
#include "model/exemption.h"
#include "model/inquiry.h"
#include "unit.h"

#define EMEA_ROOT "DC=emea,DC=hv,DC=test"
#define EMEA(cn) "CN=" cn "," EMEA_ROOT
#define EMEA_SID "S-1-5-21-9-8-7"
#define EMEA_MEMBER(cn) "member: " EMEA(cn) "\n"
#define EMEA_ENTRY(class, cn, rid, extra)                                                          \
	"dn: " EMEA(cn) "\nobjectClass: " class "\nobjectSid: " EMEA_SID "-" rid                   \
						"\nsAMAccountName: " cn "\n" extra "\n"
#define EMEA_USER(cn, rid, uac) EMEA_ENTRY("user", cn, rid, "userAccountControl: " uac "\n")
#define UNIVERSAL "groupType: -2147483640\n"
#define GLOBAL "groupType: -2147483646\n"
#define EMEA_GROUP(cn, rid, type, members) EMEA_ENTRY("group", cn, rid, type members)
#define PLACEHOLDER(sid)                                                                           \
	"dn: " UNIT_DN(sid) "\nobjectClass: foreignSecurityPrincipal\nobjectSid: " sid "\n\n"

/* What the SIDs there begin with, behind S-1-. */
#define EMEA_NUMBERS "5-21-9-8-7"

static struct domain *read_domain(const void *context, const char *text)
{
	struct error error = {0};
	struct domain *domain =
		domain_read(context, unit_directory(context, DIRECTORY_LDIF, text), &error);

	assert_non_null(domain);
	return domain;
}

static void test_what_is_set_apart(void **state)
{
	struct directory *directory = unit_directory(
		*state, DIRECTORY_LDIF,
		UNIT_ROOTDSE("") UNIT_DOMAIN("") UNIT_USER("a", "1", "512", "") EMEA_USER(
			"b", "1", "512") "dn: CN=s,CN=Configuration,DC=test\nobjectClass: "
					 "x\n\ndn: CN=odd\nobjectClass: x\n");

	assert_non_null(directory_find(directory, ""));
	assert_non_null(directory_find(directory, UNIT_ROOT));
	assert_non_null(directory_find(directory, UNIT_DN("a")));
	assert_non_null(directory_find(directory, "CN=s,CN=Configuration,DC=test"));
	assert_non_null(directory_find(directory, "CN=odd"));
	assert_null(directory_find(directory, EMEA("b")));
	assert_non_null(directory_find(directory->elsewhere, EMEA("b")));
	assert_int_equal(HASH_COUNT(directory->elsewhere->entries), 1);
	/* without a domain object nothing is */
	directory = unit_directory(*state, DIRECTORY_LDIF, EMEA_USER("b", "1", "512"));
	assert_null(directory->elsewhere);
	assert_non_null(directory_find(directory, EMEA("b")));
}

static void test_look_up(void **state)
{
	struct domain *domain = read_domain(
		*state,
		UNIT_DOMAIN("") EMEA_USER("b", "1", "512") EMEA_ENTRY(
			"user", "c", "2", "primaryGroupID: 9\nservicePrincipalName: cifs/C\n")
			EMEA_GROUP("g", "9", UNIVERSAL, "") "dn: " EMEA(
				"p") "\nobjectClass: foreignSecurityPrincipal\nobjectSid: "
				     "S-1-5-21-5-5-5-5\n\ndn: " EMEA("n") "\nobjectClass: "
									  "user\n");
	const struct elsewhere *elsewhere = domain->elsewhere;
	const struct entry *b = elsewhere_find(elsewhere, "cn=B , dc=EMEA,dc=hv,dc=test");
	const struct entry *g = elsewhere_find(elsewhere, EMEA("g"));
	const struct entry *const *accounts;
	struct sid sid = unit_sid(EMEA_SID "-1"), held = unit_sid("S-1-5-21-5-5-5-5");
	size_t count;

	assert_non_null(b);
	assert_ptr_equal(elsewhere_find_sid(elsewhere, &sid), b);
	assert_null(elsewhere_find_sid(elsewhere, &held));
	assert_true(elsewhere_holds(elsewhere, b));
	assert_false(elsewhere_holds(elsewhere, directory_find(domain->directory, UNIT_ROOT)));
	assert_false(elsewhere_holds(elsewhere, NULL));
	assert_null(elsewhere_find(elsewhere, EMEA("gone")));
	accounts = elsewhere_primary_members(elsewhere, g, &count);
	assert_int_equal(count, 1);
	assert_ptr_equal(accounts[0], elsewhere_find(elsewhere, EMEA("c")));
	(void)elsewhere_primary_members(elsewhere, b, &count);
	assert_int_equal(count, 0);
	assert_int_equal(elsewhere_spn_owners(elsewhere, "CIFS/c")->account_count, 1);
	assert_null(elsewhere_spn_owners(elsewhere, "cifs/d"));
	assert_string_equal(elsewhere_name(*state, b), "b@emea.hv.test");
	assert_string_equal(elsewhere_name(*state, elsewhere_find(elsewhere, EMEA("n"))),
			    EMEA("n"));
	assert_string_equal(domain_account_name(*state, domain, b), "b@emea.hv.test");
	assert_true(elsewhere_shows_members(g));
	assert_false(elsewhere_shows_members(b));
}

/* A catalogue holds a part of this domain, too: what its controller shows goes before. */
static void test_a_part_of_this_domain_does_not_count(void **state)
{
	struct directory *directory = unit_directory(*state, DIRECTORY_LDAP, UNIT_ROOTDSE(""));
	struct entry *entry = directory_entry(directory_elsewhere(directory), UNIT_DN("a"));
	struct sid sid = unit_sid(UNIT_SID "-1");
	struct error error = {0};
	struct domain *domain;

	directory_add_value(directory->elsewhere, entry, "objectSid", UNIT_SID "-1",
			    sizeof UNIT_SID "-1" - 1);
	directory_add_value(directory->elsewhere, entry, "servicePrincipalName", "cifs/a", 6);
	domain = domain_read(*state, directory, &error);
	assert_non_null(domain);
	assert_null(elsewhere_find(domain->elsewhere, UNIT_DN("a")));
	assert_null(elsewhere_find_sid(domain->elsewhere, &sid));
	assert_null(elsewhere_spn_owners(domain->elsewhere, "cifs/a"));
	assert_false(elsewhere_holds(domain->elsewhere, entry));
}

static void test_why_something_is_not_known(void **state)
{
	struct directory *directory =
		unit_directory(*state, DIRECTORY_LDIF, UNIT_DOMAIN("") EMEA_USER("b", "1", "512"));
	struct error error = {0};
	const struct elsewhere *elsewhere = domain_read(*state, directory, &error)->elsewhere;

	assert_null(elsewhere_lack(*state, elsewhere));
	assert_false(elsewhere_answered(elsewhere));
	directory->no_catalogue = "there is none";
	assert_string_equal(elsewhere_lack(*state, elsewhere), "there is none");
	directory->no_catalogue = NULL;
	directory_add_source(directory->elsewhere, "gc");
	assert_true(elsewhere_answered(elsewhere));
	assert_string_equal(elsewhere_lack(*state, elsewhere),
			    "the global catalogue gc does not show it");
	assert_null(elsewhere_failure(elsewhere));
	assert_null(directory_first_gap(directory));
	directory_add_gap(directory->elsewhere, "gc", "size limit");
	assert_false(elsewhere_answered(elsewhere));
	assert_string_equal(elsewhere_lack(*state, elsewhere),
			    "the global catalogue gc: size limit");
	assert_string_equal(directory_first_gap(directory)->detail, "size limit");
	directory_add_gap(directory, "dc", "busy");
	assert_string_equal(directory_first_gap(directory)->detail, "busy");
}

/* "name facts" of the admins but RID 500, as in test_admin. */
static const char *admins_of(const void *context, const struct snapshot *snapshot)
{
	char *text = memory_text(context, "");

	for (size_t i = 0; i < snapshot->admins.count; i++) {
		const struct admin *admin = &snapshot->admins.items[i];

		if (strcmp(admin->name, "Administrator") != 0)
			text = talloc_asprintf_append(
				text, "%s %c%c%c%c%s%s\n", admin->name, unit_truth(admin->enabled),
				unit_truth(admin->not_delegated),
				unit_truth(admin->protected_users), unit_truth(admin->protected),
				admin->exempt ? " exempt" : "",
				admin->unresolved ? " unresolved" : "");
	}
	return text;
}

#define HEALTHY(members) UNIT_HEALTHY_DOMAIN(members, "")
#define AT "@emea.hv.test"

static void test_admins(void **state)
{
	static const struct {
		const char *name, *text, *policy, *admins, *unreadable;
	} cases[] = {
		/* clang-format off */
		{"marked", HEALTHY(EMEA_MEMBER("a")) EMEA_USER("a", "1", UNIT_SENSITIVE), NULL,
		 "a" AT " yy?y\n", ""},
		{"not marked", HEALTHY(EMEA_MEMBER("a")) EMEA_USER("a", "1", UNIT_ENABLED), NULL,
		 "a" AT " yn??\n", "a" AT " memberOf\n"},
		{"disabled", HEALTHY(EMEA_MEMBER("a")) EMEA_USER("a", "1", UNIT_DISABLED), NULL,
		 "a" AT " nn??\n", ""},
		{"RID 500", HEALTHY(EMEA_MEMBER("a")) EMEA_USER("a", "500", UNIT_ENABLED), NULL,
		 "a" AT " yn?n\n", ""},
		{"userAccountControl is hidden",
		 HEALTHY(EMEA_MEMBER("a")) EMEA_ENTRY("user", "a", "1", ""), NULL,
		 "a" AT " ????\n", "a" AT " userAccountControl\n"},
		{"the same name as one here",
		 HEALTHY(EMEA_MEMBER("adam") UNIT_MEMBER("adam"))
		 EMEA_USER("adam", "1", UNIT_SENSITIVE) UNIT_USER("adam", "1", UNIT_ENABLED, ""), NULL,
		 "adam ynnn\nadam" AT " yy?y\n", ""},
		{"not shown", HEALTHY(EMEA_MEMBER("gone")), NULL,
		 EMEA("gone") " ???? unresolved\n", EMEA("gone") " member\n"},
		{"by a placeholder",
		 HEALTHY(UNIT_MEMBER(EMEA_SID "-1") UNIT_MEMBER(EMEA_SID "-2"))
		 PLACEHOLDER(EMEA_SID "-1") PLACEHOLDER(EMEA_SID "-2")
		 EMEA_USER("a", "1", UNIT_SENSITIVE), NULL,
		 "a" AT " yy?y\n" EMEA_SID "-2 ???? unresolved\n", EMEA_SID "-2 member\n"},
		{"by both, once",
		 HEALTHY(UNIT_MEMBER(EMEA_SID "-1") EMEA_MEMBER("a")) PLACEHOLDER(EMEA_SID "-1")
		 EMEA_USER("a", "1", UNIT_SENSITIVE), NULL, "a" AT " yy?y\n", ""},
		{"a universal group, cycles, and back here",
		 HEALTHY(EMEA_MEMBER("g")) EMEA_GROUP("g", "9", UNIVERSAL, EMEA_MEMBER("h"))
		 EMEA_GROUP("h", "8", UNIVERSAL,
			    EMEA_MEMBER("g") EMEA_MEMBER("a") UNIT_MEMBER("own"))
		 EMEA_USER("a", "1", UNIT_SENSITIVE) UNIT_USER("own", "1", UNIT_ENABLED, ""), NULL,
		 "a" AT " yy?y\nown ynnn\n", ""},
		{"primary groups are of the account's own domain",
		 HEALTHY(EMEA_MEMBER("g")) EMEA_GROUP("g", "9", UNIVERSAL, "")
		 EMEA_ENTRY("user", "a", "1",
			    "primaryGroupID: 9\nuserAccountControl: " UNIT_SENSITIVE "\n")
		 EMEA_ENTRY("user", "b", "2",
			    "primaryGroupID: 512\nuserAccountControl: " UNIT_ENABLED "\n")
		 UNIT_USER("own", "1", UNIT_ENABLED, "primaryGroupID: 9\n"), NULL,
		 "a" AT " yy?y\n", ""},
		{"a global group",
		 HEALTHY(EMEA_MEMBER("g")) EMEA_GROUP("g", "9", GLOBAL, ""), NULL, "",
		 "g" AT " member\n"},
		{"a global group, some of whose members are shown",
		 HEALTHY(EMEA_MEMBER("g")) EMEA_GROUP("g", "9", GLOBAL, EMEA_MEMBER("a"))
		 EMEA_USER("a", "1", UNIT_SENSITIVE), NULL, "a" AT " yy?y\n",
		 "g" AT " member\n"},
		{"a group of unknown type",
		 HEALTHY(EMEA_MEMBER("g")) EMEA_GROUP("g", "9", "", ""), NULL, "",
		 "g" AT " member\n"},
		{"a universal group that shows a part",
		 HEALTHY(EMEA_MEMBER("g"))
		 EMEA_GROUP("g", "9", UNIVERSAL, "member;range=0-0: " EMEA("a") "\n")
		 EMEA_USER("a", "1", UNIT_SENSITIVE), NULL, "a" AT " yy?y\n",
		 "g" AT " member\n"},
		{"a universal group that shows nobody",
		 HEALTHY(EMEA_MEMBER("g")) EMEA_GROUP("g", "9", UNIVERSAL, "")
		 EMEA_ENTRY("user", "a", "1", "memberOf: " EMEA("g") "\n"), NULL, "",
		 "g" AT " member\n"},
		{"claims there to groups here are left to the controller here",
		 HEALTHY(EMEA_MEMBER("a"))
		 EMEA_ENTRY("user", "a", "1", "userAccountControl: " UNIT_SENSITIVE
			    "\nmemberOf: " UNIT_DN("Administrators") "\n"), NULL,
		 "a" AT " yy?y\n", ""},
		{"contacts", HEALTHY(EMEA_MEMBER("c")) "dn: " EMEA("c")
		 "\nobjectClass: contact\n", NULL, "", ""},
		{"exempt by DN",
		 HEALTHY(EMEA_MEMBER("a") EMEA_MEMBER("g") EMEA_MEMBER("gone"))
		 EMEA_USER("a", "1", UNIT_ENABLED) EMEA_GROUP("g", "9", GLOBAL, EMEA_MEMBER("b"))
		 EMEA_USER("b", "2", UNIT_ENABLED),
		 "[admins]\nexempt-dn = " EMEA("a") "\nexempt-dn = " EMEA("g")
		 "\nexempt-dn = " EMEA("gone") "\n",
		 "a" AT " yn?? exempt\n" EMEA("gone") " ???? exempt unresolved\ng" AT
		 " ???? exempt\n", ""},
		{"exempt by a word with the domain, or by SID",
		 HEALTHY(EMEA_MEMBER("a") EMEA_MEMBER("b") EMEA_MEMBER("g"))
		 EMEA_USER("a", "1", UNIT_ENABLED) EMEA_USER("b", "2", UNIT_ENABLED)
		 EMEA_GROUP("g", "9", GLOBAL, ""),
		 "[admins]\nexempt = a@*, b" AT ", " EMEA_SID "-9\n",
		 "a" AT " yn?? exempt\nb" AT " yn?? exempt\ng" AT " ???? exempt\n", ""},
		{"not by words that are of this domain",
		 HEALTHY(EMEA_MEMBER("a")) EMEA_USER("a", "1", UNIT_ENABLED),
		 "[admins]\nexempt = a*\n", "a" AT " yn??\n", "a" AT " memberOf\n"},
		{"patterns are of names, and no name is shown",
		 HEALTHY(EMEA_MEMBER("admin") UNIT_MEMBER(EMEA_SID "-8")) PLACEHOLDER(EMEA_SID "-8"),
		 "[admins]\nexempt = *admin*, s*, *@*, *\n",
		 EMEA("admin") " ???? unresolved\n" EMEA_SID "-8 ???? unresolved\n",
		 EMEA("admin") " member\n" EMEA_SID "-8 member\n"},
		{"nor is it of an account of the catalogue",
		 HEALTHY(EMEA_MEMBER("a")) "dn: " EMEA("a") "\nobjectClass: user\nobjectSid: "
		 EMEA_SID "-1\nuserAccountControl: " UNIT_ENABLED "\n\n",
		 "[admins]\nexempt = s*, *@*, *\n", EMEA_SID "-1 yn??\n",
		 EMEA_SID "-1 memberOf\n" EMEA_SID "-1 sAMAccountName\n"},
		{"a pattern of SIDs",
		 HEALTHY(EMEA_MEMBER("admin") UNIT_MEMBER(EMEA_SID "-8")) PLACEHOLDER(EMEA_SID "-8"),
		 "[admins]\nexempt = s-1-" EMEA_NUMBERS "-*\n",
		 EMEA("admin") " ???? unresolved\n" EMEA_SID "-8 ???? exempt unresolved\n",
		 EMEA("admin") " member\n"},
		{"a placeholder that is exempt stays closed",
		 HEALTHY(UNIT_MEMBER(EMEA_SID "-9") UNIT_MEMBER(EMEA_SID "-8"))
		 PLACEHOLDER(EMEA_SID "-9") PLACEHOLDER(EMEA_SID "-8")
		 EMEA_GROUP("g", "9", GLOBAL, "") EMEA_GROUP("h", "8", GLOBAL, ""),
		 "[admins]\nexempt = " EMEA_SID "-9\nexempt-dn = " UNIT_DN(EMEA_SID "-8") "\n",
		 EMEA_SID "-8 ???? exempt unresolved\n" EMEA_SID "-9 ???? exempt unresolved\n",
		 ""},
		/* clang-format on */
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct policy *policy =
			cases[i].policy ? unit_policy(*state, cases[i].policy) : NULL;
		const struct snapshot *snapshot =
			unit_verdict(*state, cases[i].text, NULL, policy)->snapshot;
		const char *admins = admins_of(*state, snapshot);
		const char *unreadable = unit_unreadable(*state, &snapshot->unreadable);

		unit_check(!strcmp(admins, cases[i].admins), "%s:\n%s", cases[i].name, admins);
		unit_check(!strcmp(unreadable, cases[i].unreadable), "%s:\n%s", cases[i].name,
			   unreadable);
	}
}

/* An account by its primary group would be missed silently. */
static void test_a_group_of_a_catalogue_that_fails(void **state)
{
	struct selection selection = {.admins = true};
	struct directory *directory =
		unit_directory(*state, DIRECTORY_LDIF,
			       HEALTHY(EMEA_MEMBER("g")) EMEA_GROUP("g", "9", UNIVERSAL, ""));
	struct snapshot *snapshot;
	struct error error = {0};

	directory_add_gap(directory->elsewhere, "gc", "size limit");
	snapshot = snapshot_build(*state, directory, &selection, &error);
	assert_string_equal(unit_unreadable(*state, &snapshot->unreadable), "g" AT " member\n");
	assert_non_null(strstr(snapshot->unreadable.items[0].detail, "gc: size limit"));
}

#define LISTER(targets)                                                                            \
	UNIT_COMPUTER("hv01", "1101", "4096",                                                      \
		      "servicePrincipalName: " SPN_CLASS_MIGRATION "/hv01\n" targets)
#define TARGET(text) "msDS-AllowedToDelegateTo: " text "\n"
#define FILES "cifs/files.emea.hv.test"
#define EMEA_COMPUTER(cn, rid, uac, spn)                                                           \
	EMEA_ENTRY("computer", cn, rid,                                                            \
		   "userAccountControl: " uac "\nservicePrincipalName: " spn "\n")

static void test_targets(void **state)
{
	static const char policy[] = "[hosts]\nallow = *\n[rules]\n"
				     "protocol-transition-missing = ok\n";
	enum { EXPORT, ANSWERED, FAILED };
	static const struct {
		const char *name, *entries;
		int catalogue;
		const char *findings;
	} cases[] = {
		/* clang-format off */
		{"nobody was asked", LISTER(TARGET(FILES)), EXPORT, ""},
		{"nobody owns it", LISTER(TARGET(FILES)), ANSWERED,
		 "target-unknown WARNING hv01 " FILES "\n"},
		{"nobody answered", LISTER(TARGET(FILES)), FAILED, "incomplete UNKNOWN gc -\n"},
		{"owned there", LISTER(TARGET(FILES))
		 EMEA_COMPUTER("f", "1", "4096", FILES), ANSWERED, ""},
		{"owned there, by an alias", LISTER(TARGET(FILES))
		 EMEA_COMPUTER("f", "1", "4096", "HOST/files.emea.hv.test"), ANSWERED, ""},
		{"owned there, and perhaps by others, who were cut off", LISTER(TARGET(FILES))
		 EMEA_COMPUTER("f", "1", "4096", FILES), FAILED, "incomplete UNKNOWN gc -\n"},
		{"owned here", LISTER(TARGET(FILES))
		 UNIT_COMPUTER("f", "1102", "4098", "servicePrincipalName: " FILES "\n")
		 EMEA_COMPUTER("f", "1", "4096", FILES), ANSWERED,
		 "target-disabled WARNING hv01 " FILES "\n"},
		{"a controller there", LISTER(TARGET(FILES))
		 EMEA_COMPUTER("f", "1", "532480", FILES), EXPORT,
		 "target-domain-controller CRITICAL hv01 " FILES "\n"},
		{"two there", LISTER(TARGET(FILES))
		 EMEA_COMPUTER("f", "1", "4096", FILES) EMEA_COMPUTER("g", "2", "4096", FILES),
		 ANSWERED, "target-ambiguous CRITICAL hv01 " FILES "\n"},
		{"disabled there", LISTER(TARGET(FILES))
		 EMEA_COMPUTER("f", "1", "4098", FILES), ANSWERED,
		 "target-disabled WARNING hv01 " FILES "\n"},
		{"flags of the owner are hidden", LISTER(TARGET(FILES))
		 EMEA_ENTRY("computer", "f", "1", "servicePrincipalName: " FILES "\n"), ANSWERED,
		 "unreadable UNKNOWN f" AT " userAccountControl\n"},
		{"a name of this domain is not looked for there", LISTER(TARGET("cifs/files"))
		 EMEA_COMPUTER("f", "1", "4096", "cifs/files"), ANSWERED,
		 "target-unknown WARNING hv01 cifs/files\n"},
		{"the name of a host here, owned there",
		 LISTER(TARGET("cifs/odd.example"))
		 "dn: " UNIT_DN("odd") "\nobjectClass: computer\nobjectCategory: computer\n"
		 "objectSid: " UNIT_SID "-1105\nsAMAccountName: odd$\ndNSHostName: odd.example\n"
		 "userAccountControl: 4096\nprimaryGroupID: 515\nservicePrincipalName: "
		 SPN_CLASS_CONSOLE "/odd\n\n" EMEA_COMPUTER("f", "1", "4096", "cifs/odd.example"),
		 ANSWERED, "migration-name-missing WARNING hv01 odd\n"
		 "target-hijacked CRITICAL hv01 cifs/odd.example\n"},
		/* clang-format on */
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct policy *settings = unit_policy(*state, policy);
		struct directory *directory = unit_directory(
			*state, DIRECTORY_LDIF,
			memory_format(*state, "%s%s", HEALTHY(""), cases[i].entries));
		struct snapshot *snapshot;
		struct error error = {0};
		const char *findings;

		if (cases[i].catalogue != EXPORT)
			directory_add_source(directory_elsewhere(directory), "gc");
		if (cases[i].catalogue == FAILED)
			directory_add_gap(directory_elsewhere(directory), "gc", "size limit");
		snapshot = snapshot_build(*state, directory, &settings->selection, &error);
		findings = unit_findings(*state, verdict_reach(*state, snapshot, settings, 0));
		unit_check(!strcmp(findings, cases[i].findings), "%s:\n%s", cases[i].name,
			   findings);
	}
}

/* The question of one round about other domains, as a text. */
static const char *question_text(const void *context, const struct entry_question *question)
{
	char *text = memory_text(context, "");
	char sid[SID_TEXT_SIZE];

	for (size_t i = 0; i < question->dns.count; i++)
		text = talloc_asprintf_append(text, "dn %s\n", question->dns.items[i]);
	for (size_t i = 0; i < question->sids.count; i++)
		text = talloc_asprintf_append(text, "sid %s\n",
					      sid_format(&question->sids.items[i], sid));
	for (size_t i = 0; i < question->groups.count; i++)
		text = talloc_asprintf_append(text, "claims %s\n", question->groups.items[i]);
	for (size_t i = 0; i < question->primary_groups.count; i++)
		text = talloc_asprintf_append(text, "primary %u below %s\n",
					      (unsigned)question->primary_groups.items[i].rid,
					      question->primary_groups.items[i].domain);
	for (size_t i = 0; i < question->spns.count; i++)
		text = talloc_asprintf_append(text, "spn %s\n", question->spns.items[i]);
	return text;
}

/* Gives all that was hidden as the answer of the catalogue. */
static void give(struct directory *known, const struct directory *hidden)
{
	struct directory *elsewhere = directory_elsewhere(known);

	for (const struct entry *from = hidden->entries; from; from = from->hh.next) {
		struct entry *entry = directory_entry(elsewhere, from->dn);

		for (size_t i = 0; i < from->attribute_count; i++) {
			const struct attribute_values *values = &from->attributes[i];

			for (size_t k = 0; k < values->count; k++)
				directory_add_value(
					elsewhere, entry, attribute_name(values->attribute),
					values->values[k].bytes, values->values[k].size);
		}
	}
}

static void test_what_is_asked(void **state)
{
	struct selection selection = unit_policy(*state, "[admins]\nexempt = " EMEA_SID
							 "-7\nexempt-dn = " EMEA("closed") "\n")
					     ->selection;
	struct directory *directory = unit_directory(
		*state, DIRECTORY_LDIF,
		HEALTHY(EMEA_MEMBER("g") EMEA_MEMBER("closed") UNIT_MEMBER("S-1-5-11") UNIT_MEMBER(
			EMEA_SID "-7") UNIT_MEMBER(EMEA_SID "-6") UNIT_MEMBER(UNIT_SID "-5"))
			PLACEHOLDER("S-1-5-11") PLACEHOLDER(EMEA_SID "-7")
				PLACEHOLDER(EMEA_SID "-6") PLACEHOLDER(UNIT_SID "-5") LISTER(
					TARGET(FILES) TARGET("sql/db.other:1") TARGET("cifs/here")
						TARGET("sql/owned.other"))
					UNIT_COMPUTER("o", "1103", "4096",
						      "servicePrincipalName: sql/owned.other\n"));
	struct directory *hidden = unit_directory(
		*state, DIRECTORY_LDAP,
		EMEA_GROUP("g", "9", UNIVERSAL, "") EMEA_GROUP("f", "6", GLOBAL, EMEA_MEMBER("a")));
	struct inquiry *inquiry = inquiry_new(*state);
	struct question question;

	assert_true(inquiry_next(inquiry, directory, &selection, &question));
	assert_string_equal(question_text(*state, &question.others),
			    "dn " EMEA("g") "\nsid " EMEA_SID "-6\n");
	give(directory, hidden);
	/* only now is it known that nobody here owns the targets */
	assert_true(inquiry_next(inquiry, directory, &selection, &question));
	assert_string_equal(question_text(*state, &question.others),
			    "dn " EMEA("a") "\nclaims " EMEA(
				    "g") "\nprimary 9 below dc=emea,dc=hv,dc=test\nprimary 6 below "
					 "dc=emea,dc=hv,dc=test\nspn " FILES
					 "\nspn HOST/files.emea.hv.test\nspn sql/db.other:1\n");
	assert_false(inquiry_next(inquiry, directory, &selection, &question));
}

UNIT_MAIN(UNIT_TEST(test_what_is_set_apart), UNIT_TEST(test_look_up),
	  UNIT_TEST(test_a_part_of_this_domain_does_not_count),
	  UNIT_TEST(test_why_something_is_not_known), UNIT_TEST(test_admins),
	  UNIT_TEST(test_a_group_of_a_catalogue_that_fails), UNIT_TEST(test_targets),
	  UNIT_TEST(test_what_is_asked))
