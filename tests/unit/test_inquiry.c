/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The questions to a live directory, answered here by a whole one in memory: each round
 * asks for what is missing and for nothing twice, the rounds end, and the snapshot that
 * comes of the answers is the one that comes of the whole. */
#include "model/inquiry.h"

#include "ad/dn.h"
#include "ad/spn.h"
#include "model/host.h"
#include "policy/verdict.h"
#include "report/json_output.h"
#include "unit.h"

/* clang-format off */
static const char whole_text[] =
	UNIT_ROOTDSE("domainControllerFunctionality: 7\nrootDomainNamingContext: " UNIT_ROOT "\n")
	UNIT_DOMAIN("msDS-Behavior-Version: 7\n")
	UNIT_GROUP("Administrators", "S-1-5-32-544",
		UNIT_MEMBER("Domain Admins") UNIT_MEMBER("root"))
	UNIT_GROUP("Domain Admins", UNIT_SID "-512", UNIT_MEMBER("tier0") UNIT_MEMBER("gone")
		"member: CN=x,DC=other\n")
	UNIT_GROUP("tier0", UNIT_SID "-1200", UNIT_MEMBER("deeper") UNIT_MEMBER("adam"))
	UNIT_GROUP("deeper", UNIT_SID "-1201", UNIT_MEMBER("eve") UNIT_MEMBER("Domain Admins"))
	UNIT_GROUP("Protected Users", UNIT_SID "-525", UNIT_MEMBER("shelter"))
	UNIT_GROUP("shelter", UNIT_SID "-1202", UNIT_MEMBER("eve") UNIT_MEMBER("S-1-5-11"))
	"dn: " UNIT_DN("S-1-5-11")
		"\nobjectClass: foreignSecurityPrincipal\nobjectSid: S-1-5-11\n\n"
	UNIT_USER("root", "500", UNIT_ENABLED, "")
	UNIT_USER("krbtgt", "502", UNIT_DISABLED, "")
	UNIT_USER("adam", "1001", UNIT_ENABLED, "")
	UNIT_USER("eve", "1002", UNIT_ENABLED, "")
	UNIT_USER("paul", "1003", UNIT_ENABLED, "primaryGroupID: 1201\n")
	UNIT_GROUP("hiding", "S-1-5-32-551", "")
	UNIT_USER("hidden", "1005", UNIT_ENABLED, "memberOf: " UNIT_DN("hiding") "\n")
	UNIT_USER("nobody", "1004", UNIT_ENABLED, "")
	UNIT_COMPUTER("hv01", "1101", "4096", "msDS-AllowedToDelegateTo: cifs/hv02\n")
	UNIT_CONNECTION_POINT("hv01")
	UNIT_COMPUTER("hv02", "1102", "528384", "servicePrincipalName: " SPN_CLASS_CONSOLE
		"/hv02\n")
	UNIT_COMPUTER("plain", "1103", "4096", "")
	UNIT_COMPUTER("other", "1104", "4096", "")
	UNIT_CONNECTION_POINT("lost");
/* clang-format on */

/* What was asked so far, to see that nothing is asked twice. */
struct asked {
	struct text_list list;
};

static void note(const void *context, struct asked *asked, const char *what)
{
	unit_check(!text_list_has(&asked->list, what), "asked twice: %s", what);
	text_list_add(context, &asked->list, what);
}

static void copy_entry(struct directory *to, const struct entry *from)
{
	struct entry *entry;

	if (directory_find(to, from->dn))
		return;
	entry = directory_entry(to, from->dn);
	for (size_t i = 0; i < from->attribute_count; i++) {
		const struct attribute_values *values = &from->attributes[i];

		for (size_t k = 0; k < values->count; k++)
			directory_add_value(to, entry, attribute_name(values->attribute),
					    values->values[k].bytes, values->values[k].size);
	}
}

static bool holds_class(const struct entry *entry, const char *service_class)
{
	const struct attribute_values *values =
		entry_values(entry, ATTRIBUTE_SERVICE_PRINCIPAL_NAME);
	struct spn spn;

	return values && spn_parse(values->values[0].bytes, &spn) &&
	       spn_has_class(&spn, service_class);
}

static bool holds_spn(const struct entry *entry, const char *spn)
{
	const struct attribute_values *values =
		entry_values(entry, ATTRIBUTE_SERVICE_PRINCIPAL_NAME);

	for (size_t i = 0; values && i < values->count; i++) {
		if (text_equal(values->values[i].bytes, spn))
			return true;
	}
	return false;
}

/* Whether entry answers the question, as the server's filters would say. */
static bool answers(const void *context, const struct entry *entry, const struct question *question)
{
	struct account account;
	struct sid sid;
	uint32_t rid;

	account_read(context, entry, &account);
	if (question->domain && entry_has_text(entry, ATTRIBUTE_OBJECT_CLASS, "domainDNS"))
		return true;
	if (question->hyperv &&
	    (host_is_connection_point(context, entry) || holds_class(entry, SPN_CLASS_CONSOLE)))
		return true;
	for (size_t i = 0; i < question->host_names.count; i++) {
		if (text_equal(account.name,
			       memory_format(context, "%s$", question->host_names.items[i])))
			return true;
	}
	for (size_t i = 0; i < question->account_names.count; i++) {
		if (account_is_named(account.name, NULL, question->account_names.items[i]))
			return true;
	}
	for (size_t i = 0; i < question->own.spns.count; i++) {
		if (holds_spn(entry, question->own.spns.items[i]))
			return true;
	}
	for (size_t i = 0; i < question->own.dns.count; i++) {
		if (!strcmp(dn_key(context, question->own.dns.items[i]), entry->key))
			return true;
	}
	for (size_t i = 0; i < question->own.groups.count; i++) {
		if (entry_has_text(entry, ATTRIBUTE_MEMBER_OF, question->own.groups.items[i]))
			return true;
	}
	for (size_t i = 0; i < question->own.sids.count; i++) {
		if (entry_sid(entry, ATTRIBUTE_OBJECT_SID, &sid) == READING_OK &&
		    sid_equal(&sid, &question->own.sids.items[i]))
			return true;
	}
	for (size_t i = 0; i < question->own.primary_groups.count; i++) {
		if (entry_uint32(entry, ATTRIBUTE_PRIMARY_GROUP_ID, &rid) == READING_OK &&
		    rid == question->own.primary_groups.items[i].rid)
			return true;
	}
	return false;
}

static void note_question(const void *context, struct asked *asked, const struct question *question)
{
	char text[SID_TEXT_SIZE];

	if (question->domain)
		note(context, asked, "domain");
	if (question->hyperv)
		note(context, asked, "hyperv");
	for (size_t i = 0; i < question->host_names.count; i++)
		note(context, asked,
		     memory_format(context, "host %s", question->host_names.items[i]));
	for (size_t i = 0; i < question->own.dns.count; i++)
		note(context, asked, memory_format(context, "dn %s", question->own.dns.items[i]));
	for (size_t i = 0; i < question->own.sids.count; i++)
		note(context, asked,
		     memory_format(context, "sid %s",
				   sid_format(&question->own.sids.items[i], text)));
	for (size_t i = 0; i < question->account_names.count; i++)
		note(context, asked,
		     memory_format(context, "account %s", question->account_names.items[i]));
	for (size_t i = 0; i < question->own.groups.count; i++)
		note(context, asked,
		     memory_format(context, "claims %s", question->own.groups.items[i]));
	for (size_t i = 0; i < question->own.spns.count; i++)
		note(context, asked, memory_format(context, "spn %s", question->own.spns.items[i]));
	for (size_t i = 0; i < question->own.primary_groups.count; i++)
		note(context, asked,
		     memory_format(context, "primary %u",
				   (unsigned)question->own.primary_groups.items[i].rid));
}

/* Asks until nothing is left; returns what was read, and counts the rounds. */
static struct directory *interrogate(const void *context, const struct directory *whole,
				     const struct selection *selection, struct asked *asked,
				     size_t *rounds)
{
	struct directory *directory = directory_new(context, DIRECTORY_LDAP);
	struct inquiry *inquiry = inquiry_new(context);
	struct question question;

	directory_add_source(directory, "unit.ldif");
	copy_entry(directory, directory_find(whole, ""));
	for (*rounds = 0; inquiry_next(inquiry, directory, selection, &question); (*rounds)++) {
		assert_true(*rounds < 20);
		note_question(context, asked, &question);
		for (const struct entry *entry = whole->entries; entry; entry = entry->hh.next) {
			if (*entry->dn && answers(context, entry, &question))
				copy_entry(directory, entry);
		}
	}
	assert_false(inquiry_next(inquiry, directory, selection, &question));
	return directory;
}

static const char *report_of(const void *context, const struct directory *directory,
			     const struct selection *selection)
{
	struct policy *policy = memory_new(context, struct policy);
	struct report report = {.version = "0", .read_at = "now"};
	struct error error = {0};
	struct snapshot *snapshot;

	policy_init(policy);
	policy->selection = *selection;
	snapshot = snapshot_build(context, directory, selection, &error);
	assert_non_null(snapshot);
	report.verdict = verdict_reach(context, snapshot, policy, 0);
	return json_output(context, &report);
}

static void check_equal_of(const void *context, struct directory *whole,
			   const struct selection *selection)
{
	struct asked asked = {0};
	struct directory *read;
	size_t rounds;

	read = interrogate(context, whole, selection, &asked, &rounds);
	assert_true(rounds >= 2);
	assert_string_equal(report_of(context, read, selection),
			    report_of(context, whole, selection));
	assert_null(directory_find(read, UNIT_DN("nobody")));
}

static void check_equal(const void *context, const struct selection *selection)
{
	struct directory *whole = unit_directory(context, DIRECTORY_LDAP, whole_text);

	check_equal_of(context, whole, selection);
}

static void test_answers_make_the_same_snapshot(void **state)
{
	struct selection both = {.hosts = true, .admins = true};
	struct selection hosts = {.hosts = true}, admins = {.admins = true};
	struct selection named = {.hosts = true, .admins = true};

	unit_select_hosts(*state, &named, (const char *const[]){"plain", "hv0*", "other$", NULL});
	check_equal(*state, &both);
	check_equal(*state, &hosts);
	check_equal(*state, &admins);
	check_equal(*state, &named);
}

static void test_what_is_asked(void **state)
{
	static const char *const expected[] = {"domain",
					       "hyperv",
					       "host plain",
					       "dn " UNIT_DN("hv01"),
					       "dn " UNIT_DN("lost"),
					       "dn " UNIT_DN("tier0"),
					       "dn " UNIT_DN("gone"),
					       "dn " UNIT_DN("deeper"),
					       "dn " UNIT_DN("adam"),
					       "dn " UNIT_DN("eve"),
					       "dn " UNIT_DN("shelter"),
					       "dn " UNIT_DN("S-1-5-11"),
					       "sid S-1-5-32-544",
					       "sid S-1-5-32-548",
					       "sid S-1-5-32-549",
					       "sid S-1-5-32-550",
					       "sid S-1-5-32-551",
					       "sid S-1-5-32-552",
					       "sid S-1-5-32-578",
					       "sid " UNIT_SID "-500",
					       "sid " UNIT_SID "-502",
					       "sid " UNIT_SID "-512",
					       "sid " UNIT_SID "-518",
					       "sid " UNIT_SID "-519",
					       "sid " UNIT_SID "-525",
					       "sid " UNIT_SID "-526",
					       "sid " UNIT_SID "-527",
					       "primary 512",
					       "primary 525",
					       "primary 1200",
					       "primary 1201",
					       "primary 1202",
					       "claims " UNIT_DN("hiding")};
	struct selection selection = {.hosts = true, .admins = true};
	struct asked asked = {0};
	size_t rounds;

	unit_select_hosts(*state, &selection, (const char *const[]){"plain", "pat*tern", NULL});
	(void)interrogate(*state, unit_directory(*state, DIRECTORY_LDAP, whole_text), &selection,
			  &asked, &rounds);
	for (size_t i = 0; i < COUNT_OF(expected); i++)
		unit_check(text_list_has(&asked.list, expected[i]), "not asked: %s", expected[i]);
	for (size_t i = 0; i < asked.list.count; i++) {
		struct text_list list = {(const char **)(uintptr_t)expected, COUNT_OF(expected)};

		/* those that the first rounds may or may not have seen yet */
		unit_check(
			text_list_has(&list, asked.list.items[i]) ||
				text_equal(asked.list.items[i], "dn " UNIT_DN("Domain Admins")) ||
				text_equal(asked.list.items[i], "dn " UNIT_DN("root")),
			"asked: %s", asked.list.items[i]);
	}
}

static void test_one_half_asks_for_itself_alone(void **state)
{
	struct selection hosts = {.hosts = true}, admins = {.admins = true};
	struct directory *whole = unit_directory(*state, DIRECTORY_LDAP, whole_text);
	struct asked of_hosts = {0}, of_admins = {0};
	size_t rounds;

	(void)interrogate(*state, whole, &hosts, &of_hosts, &rounds);
	text_list_sort(&of_hosts.list);
	assert_int_equal(of_hosts.list.count, 6);
	assert_string_equal(of_hosts.list.items[0], "dn " UNIT_DN("hv01"));
	assert_string_equal(of_hosts.list.items[1], "dn " UNIT_DN("lost"));
	assert_string_equal(of_hosts.list.items[2], "domain");
	assert_string_equal(of_hosts.list.items[3], "hyperv");
	assert_string_equal(of_hosts.list.items[4], "spn cifs/hv02");
	assert_string_equal(of_hosts.list.items[5], "spn HOST/hv02");
	(void)interrogate(*state, whole, &admins, &of_admins, &rounds);
	assert_false(text_list_has(&of_admins.list, "hyperv"));
	assert_false(text_list_has(&of_admins.list, "dn " UNIT_DN("hv01")));
}

/* A directory that never answers is asked once and then left alone. */
static void test_silence_ends(void **state)
{
	struct selection selection = {.hosts = true, .admins = true};
	struct directory *nothing = directory_new(*state, DIRECTORY_LDAP);
	struct inquiry *inquiry = inquiry_new(*state);
	struct question question;

	assert_true(inquiry_next(inquiry, nothing, &selection, &question));
	assert_true(question.domain);
	assert_int_equal(question.own.sids.count, 7); /* those of BUILTIN need no domain */
	assert_false(inquiry_next(inquiry, nothing, &selection, &question));
}

static void test_an_export_without_domain_ends(void **state)
{
	struct selection selection = {.hosts = true, .admins = true};
	struct inquiry *inquiry = inquiry_new(*state);
	struct question question;

	assert_false(inquiry_next(inquiry, directory_new(*state, DIRECTORY_LDIF), &selection,
				  &question));
}

/* Owners of targets, trustees with their members, everybody that a policy names: asked
 * for once each, and what is read gives the report of the whole. */
static void test_what_a_policy_and_hosts_name(void **state)
{
	static const char *const trustees[] = {UNIT_SID "-1300", UNIT_SID "-1201", "S-1-1-0",
					       UNIT_SID "-99"};
	static const char *const expected[] = {"spn http/alias",
					       "spn HOST/alias",
					       "spn sql/db:1",
					       "sid " UNIT_SID "-1300",
					       "sid " UNIT_SID "-1201",
					       "sid " UNIT_SID "-99",
					       "dn " UNIT_DN("deep"),
					       "dn " UNIT_DN("pc"),
					       "account wac",
					       "account Ops",
					       "account tier*",
					       "account off",
					       "account op*",
					       "sid " UNIT_SID "-1400",
					       "dn CN=far,DC=other",
					       "primary 1300",
					       "host plain"};
	static const char *const never[] = {"sid S-1-1-0", "account none*", "account x*",
					    "spn not/asked", "host pat*"};
	/* clang-format off */
	const char *text = memory_format(*state,
		UNIT_HEALTHY_DOMAIN("", "")
		UNIT_COMPUTER("hv01", "1101", "4096", "servicePrincipalName: " SPN_CLASS_CONSOLE
			"/hv01\nmsDS-AllowedToDelegateTo: http/alias\n"
			"msDS-AllowedToDelegateTo: sql/db:1\n%s")
		UNIT_COMPUTER("plain", "1103", "4096", "msDS-AllowedToDelegateTo: http/alias\n")
		UNIT_COMPUTER("fs", "1104", "4096", "servicePrincipalName: HOST/alias\n"
			"msDS-AllowedToDelegateTo: not/asked\n")
		UNIT_COMPUTER("pc", "1105", "4096", "")
		UNIT_COMPUTER("wac", "1201", "4096", "")
		UNIT_USER("sql", "1106", "514", "servicePrincipalName: SQL/DB:1\n")
		UNIT_USER("paul", "1107", "512", "primaryGroupID: 1300\n")
		UNIT_USER("off", "1108", "512", "")
		UNIT_USER("op1", "1109", "1049088", "")
		UNIT_USER("bystander", "1110", "512", "")
		UNIT_GROUP("rbcd", UNIT_SID "-1300", UNIT_MEMBER("deep"))
		UNIT_GROUP("deep", UNIT_SID "-1301", UNIT_MEMBER("pc"))
		UNIT_GROUP("tier0", UNIT_SID "-1400", UNIT_MEMBER("off"))
		UNIT_GROUP("Ops", UNIT_SID "-1401", UNIT_MEMBER("bystander")),
		unit_allowed_to_act(*state, trustees, COUNT_OF(trustees)));
	/* clang-format on */
	struct selection selection =
		unit_policy(*state, "[hosts]\nadd = plain, pat*\ntrustees = wac, none*\n"
				    "[admins]\ngroups = Ops, tier*, S-1-5-21-1-2-3-1400\n"
				    "ignore-groups = tier9, x*\nexempt = off\n"
				    "exempt-dn = CN=far,DC=other\n"
				    "[operators]\naccounts = op*\n")
			->selection;
	struct directory *whole = unit_directory(*state, DIRECTORY_LDAP, text);
	struct asked asked = {0};
	size_t rounds;

	/* note() refuses whatever is asked twice */
	(void)interrogate(*state, whole, &selection, &asked, &rounds);
	for (size_t i = 0; i < COUNT_OF(expected); i++)
		unit_check(text_list_has(&asked.list, expected[i]), "not asked: %s", expected[i]);
	for (size_t i = 0; i < COUNT_OF(never); i++)
		unit_check(!text_list_has(&asked.list, never[i]), "asked: %s", never[i]);
	check_equal_of(*state, whole, &selection);
	selection.admins = false;
	check_equal_of(*state, whole, &selection);
}

UNIT_MAIN(UNIT_TEST(test_answers_make_the_same_snapshot), UNIT_TEST(test_what_is_asked),
	  UNIT_TEST(test_one_half_asks_for_itself_alone), UNIT_TEST(test_silence_ends),
	  UNIT_TEST(test_an_export_without_domain_ends),
	  UNIT_TEST(test_what_a_policy_and_hosts_name))
