/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the KDC is asked for: whom, in which order, how many; and by whom, and with which
 * control account, so that its answers tell anything. */
#include "model/kdc_answers.h"

#include "unit.h"

#define MIGRATION "Microsoft Virtual System Migration Service/"
#define SPN(spn) "servicePrincipalName: " spn "\n"
#define TARGET(spn) "msDS-AllowedToDelegateTo: " spn "\n"
#define HOST(cn, rid, uac, extra) UNIT_COMPUTER(cn, rid, uac, SPN(MIGRATION cn) extra)

/* userAccountControl of a computer: plain, disabled, trusted for unconstrained delegation */
#define PLAIN "4096"
#define DISABLED "4098"
#define UNCONSTRAINED "528384"

#define OWN(extra) UNIT_USER("svc", "1190", UNIT_ENABLED, extra)
#define USER(cn, rid) UNIT_USER(cn, rid, UNIT_ENABLED, "")

static const char domain[] =
	UNIT_HEALTHY_DOMAIN(UNIT_MEMBER("anna") UNIT_MEMBER("emil") UNIT_MEMBER("carl")
				    UNIT_MEMBER("dora") UNIT_MEMBER("guard"),
			    UNIT_MEMBER("emil") UNIT_MEMBER("paul"))
		UNIT_USER("anna", "1101", UNIT_SENSITIVE, "") USER("emil", "1102")
			USER("carl", "1103") UNIT_USER("dora", "1104", "1049090", "")
				USER("paul", "1105") UNIT_USER("guard", "1106", UNIT_SENSITIVE, "");

static const char hosts[] = HOST("hv02", "1202", PLAIN, TARGET(MIGRATION "hv01"))
	HOST("hv01", "1201", PLAIN,
	     TARGET(MIGRATION "hv02") TARGET("cifs/hv02") TARGET("MICROSOFT Virtual System "
								 "Migration Service/HV02")
		     TARGET(MIGRATION "hv04") TARGET(MIGRATION "nobody") TARGET(MIGRATION "two"))
		HOST("hv03", "1203", UNCONSTRAINED, "") HOST("hv04", "1204", DISABLED, "")
			UNIT_USER("a", "1301", UNIT_ENABLED, SPN(MIGRATION "two"))
				UNIT_USER("b", "1302", UNIT_ENABLED, SPN(MIGRATION "two"));

static struct kdc_login good_login(void)
{
	return (struct kdc_login){
		.principal = "svc@HV.TEST",
		.account = "svc",
		.realm = "HV.TEST",
		.has_ticket = true,
		.forwardable = true,
	};
}

static struct kdc_answers *plan(const void *context, const char *text, const char *named,
				size_t limit, const struct kdc_login *login, const char *own,
				const char *controls)
{
	const struct kdc_settings settings = {.ask = true, .control = named, .limit = limit};
	const struct kdc_accounts accounts = {
		.own = unit_directory(context, DIRECTORY_LDAP, own),
		.controls = unit_directory(context, DIRECTORY_LDAP, controls),
	};
	const struct kdc_login usual = good_login();

	return kdc_answers_new(context, unit_snapshot(context, text, NULL), &settings,
			       login ? login : &usual, &accounts);
}

/* "kind name outcome\n" for each question. */
static const char *describe(const void *context, const struct kdc_answers *answers)
{
	static const char *const kinds[] = {"control", "admin", "host", "target"};
	static const char *const outcomes[] = {"obstructed", "beyond", "open"};
	char *text = memory_text(context, "");

	for (size_t i = 0; i < answers->count; i++)
		text = talloc_asprintf_append(text, "%s %s %s\n", kinds[answers->items[i].kind],
					      answers->items[i].name,
					      outcomes[answers->items[i].outcome]);
	return memory_check(text);
}

static const char *everything(const void *context)
{
	const char *policy = "[admins]\nexempt = guard\n";
	struct error error = {0};
	struct snapshot *snapshot =
		snapshot_build(context,
			       unit_directory(context, DIRECTORY_LDIF,
					      memory_format(context, "%s%s", domain, hosts)),
			       &unit_policy(context, policy)->selection, &error);
	const struct kdc_settings settings = {.limit = 500};
	const struct kdc_login login = good_login();
	const struct kdc_accounts accounts = {
		.own = unit_directory(context, DIRECTORY_LDAP, OWN(SPN("check/svc"))),
		.controls = unit_directory(context, DIRECTORY_LDAP, USER("zoe", "1401")),
	};

	return describe(context, kdc_answers_new(context, snapshot, &settings, &login, &accounts));
}

static void test_who_is_asked_for(void **state)
{
	/* not: unprotected, disabled and exempt admins; disabled and unconstrained hosts; targets
	 * of other classes, in other letters, of nobody, of two owners, of a disabled one */
	assert_string_equal(everything(*state), "control zoe open\n"
						"admin Administrator open\n"
						"admin anna open\n"
						"admin emil open\n"
						"host hv01$ open\n"
						"host hv02$ open\n"
						"target " MIGRATION "hv01 open\n"
						"target MICROSOFT Virtual System Migration "
						"Service/HV02 open\n");
}

static void test_limit(void **state)
{
	const char *text = memory_format(*state, "%s%s", domain, hosts);
	struct kdc_answers *answers =
		plan(*state, text, NULL, 5, NULL, OWN(SPN("check/svc")), USER("zoe", "1401"));

	assert_string_equal(describe(*state, answers), "control zoe open\n"
						       "admin Administrator open\n"
						       "admin anna open\n"
						       "admin emil open\n"
						       "admin guard open\n"
						       "host hv01$ open\n"
						       "host hv02$ beyond\n"
						       "target " MIGRATION "hv01 beyond\n"
						       "target MICROSOFT Virtual System Migration "
						       "Service/HV02 beyond\n");
	/* what can not be asked takes no other one's place */
	answers = plan(*state, text, NULL, 1, NULL, OWN(""), "");
	assert_string_equal(describe(*state, answers), "admin Administrator obstructed\n"
						       "admin anna obstructed\n"
						       "admin emil obstructed\n"
						       "admin guard obstructed\n"
						       "host hv01$ open\n"
						       "host hv02$ beyond\n"
						       "target " MIGRATION "hv01 beyond\n"
						       "target MICROSOFT Virtual System Migration "
						       "Service/HV02 beyond\n");
}

static void test_find_target(void **state)
{
	struct kdc_answers *answers = plan(*state, memory_format(*state, "%s%s", domain, hosts),
					   NULL, 500, NULL, OWN(SPN("check/svc")), "");

	assert_non_null(kdc_answers_find_target(answers, MIGRATION "hv02"));
	assert_non_null(kdc_answers_find_target(answers, MIGRATION "HV01"));
	assert_null(kdc_answers_find_target(answers, MIGRATION "hv04"));
	assert_null(kdc_answers_find_target(answers, "cifs/hv02"));
	answers = plan(*state, domain, NULL, 500, NULL, OWN(SPN("check/svc")), "");
	assert_null(kdc_answers_find_target(answers, MIGRATION "hv02"));
}

/* No admin is protected: nobody is asked for, and no control account is needed. */
static void test_no_admin(void **state)
{
	static const char text[] = UNIT_ROOTDSE("domainControllerFunctionality: 7\n")
		UNIT_DOMAIN("") UNIT_GROUP("Domain Admins", UNIT_SID "-512", UNIT_MEMBER("carl"))
			USER("carl", "1103");
	struct kdc_answers *answers = plan(*state, text, NULL, 500, NULL, OWN(""), "");

	assert_false(kdc_answers_need_control(unit_snapshot(*state, text, NULL)));
	assert_true(kdc_answers_need_control(unit_snapshot(*state, domain, NULL)));
	assert_int_equal(answers->count, 0);
	assert_null(answers->control_lack);
}

/* Admins of other domains, and ones without a name, have no name to ask for. */
static void test_nameless_admins(void **state)
{
	static const char text[] = UNIT_HEALTHY_DOMAIN(UNIT_MEMBER("nameless"), "") "dn: " UNIT_DN(
		"nameless") "\nobjectClass: user\nobjectSid: " UNIT_SID "-1500\n"
			    "userAccountControl: " UNIT_SENSITIVE "\n\n";
	struct kdc_answers *answers =
		plan(*state, text, NULL, 1, NULL, OWN(SPN("check/svc")), USER("zoe", "1401"));

	assert_string_equal(describe(*state, answers),
			    "control zoe open\nadmin Administrator open\n"
			    "admin S-1-5-21-1-2-3-1500 obstructed\n");
	assert_non_null(answers->items[2].words);
}

static void test_silence(void **state)
{
	struct kdc_login login = good_login();
	struct kdc_answers *answers;

	login.realm = "ELSE.TEST";
	login.principal = "svc@ELSE.TEST";
	answers = plan(*state, domain, NULL, 500, &login, "", "");
	assert_non_null(strstr(answers->silence, "svc@ELSE.TEST is not of this domain"));
	assert_string_equal(describe(*state, answers), "admin Administrator obstructed\n"
						       "admin anna obstructed\n"
						       "admin emil obstructed\n"
						       "admin guard obstructed\n");
	login = good_login();
	login.has_ticket = false;
	answers = plan(*state, domain, NULL, 500, &login, "", "");
	assert_non_null(strstr(answers->silence, "no ticket for the KDC itself"));
	login = (struct kdc_login){0};
	answers = plan(*state, domain, NULL, 500, &login, "", "");
	assert_non_null(answers->silence);
}

/* Each thing that the login lacks is said; where its account is hidden, none is made up. */
static void test_obstacles(void **state)
{
	static const struct {
		const char *own;
		bool forwardable;
		const char *said[4];
	} cases[] = {
		{OWN(SPN("check/svc")), true, {NULL}},
		{"", true, {NULL}},
		{USER("other", "1") USER("another", "2"), true, {NULL}},
		{UNIT_COMPUTER("svc", "1190", PLAIN, ""), true, {NULL}},
		{OWN(""), true, {"svc has no service principal name"}},
		/* found by its user principal name */
		{USER("monitor", "1190"), true, {"monitor has no service principal name"}},
		{OWN(SPN("check/svc") TARGET("cifs/x")), true, {"svc has delegation targets"}},
		{OWN(SPN("check/svc")), false, {"svc@HV.TEST is not forwardable (kinit -f"}},
		{UNIT_USER("svc", "1190", UNIT_SENSITIVE, SPN("check/svc")),
		 false,
		 {"svc@HV.TEST is not forwardable, for that account is marked"}},
		{OWN(TARGET("cifs/x")),
		 false,
		 {"not forwardable", "no service principal", "targets"}},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct kdc_login login = good_login();
		struct kdc_answers *answers;
		size_t count = 0;

		login.forwardable = cases[i].forwardable;
		answers =
			plan(*state, domain, NULL, 500, &login, cases[i].own, USER("zoe", "1401"));
		for (; cases[i].said[count]; count++) {
			unit_check(count < answers->obstacles.count, "case %zu", i);
			unit_check(strstr(answers->obstacles.items[count], cases[i].said[count]),
				   "case %zu: %s", i, answers->obstacles.items[count]);
		}
		unit_check(answers->obstacles.count == count, "case %zu: %zu", i,
			   answers->obstacles.count);
		assert_int_equal(answers->items[0].kind, count ? KDC_ADMIN : KDC_CONTROL);
	}
}

/* Who may serve as control: "name(what speaks against it)" of each question. */
static const char *controls_of(const void *context, const char *named, const char *text,
			       const char **lack)
{
	const struct kdc_answers *answers =
		plan(context, domain, named, 500, NULL, OWN(SPN("check/svc")), text);
	char *names = memory_text(context, "");

	for (size_t i = 0; i < answers->first[KDC_ADMIN]; i++)
		names = talloc_asprintf_append(names, "%s(%s) ", answers->items[i].name,
					       answers->items[i].words ? answers->items[i].words
								       : "");
	*lack = answers->control_lack;
	return memory_check(names);
}

static void test_controls(void **state)
{
	static const struct {
		const char *named, *text, *controls, *lack;
	} cases[] = {
		{NULL, USER("zoe", "1401") USER("bob", "1402"), "bob() zoe() ", NULL},
		/* three are enough */
		{NULL, USER("e", "1") USER("d", "2") USER("c", "3") USER("b", "4"), "b() c() d() ",
		 NULL},
		/* admins, members of Protected Users, ourselves, sensitive, disabled, hidden */
		{NULL,
		 USER("carl", "1103") USER("paul", "1105") OWN("") UNIT_USER(
			 "s", "1501", UNIT_SENSITIVE, "") UNIT_USER("d", "1502", UNIT_DISABLED, "")
			 UNIT_USER("h", "1503", "x", "") UNIT_GROUP("g", UNIT_SID "-1504", ""),
		 "", "no ordinary enabled account"},
		/* who is named is asked for, whatever speaks against it */
		{"zoe", USER("zoe", "1401"), "zoe() ", NULL},
		{"anna", UNIT_USER("anna", "1101", UNIT_SENSITIVE, ""),
		 "anna(it is marked as sensitive itself) ", NULL},
		{"paul", USER("paul", "1105"), "paul(it is in Protected Users itself) ", NULL},
		{"d", UNIT_USER("d", "1502", UNIT_DISABLED, ""), "d(it is disabled) ", NULL},
		{"carl", USER("carl", "1103"), "carl() ", NULL},
		{"nobody", "", "", "no account has the name nobody (--kdc-control)"},
		{"g", UNIT_GROUP("g", UNIT_SID "-1504", ""), "", "no account has the name g"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *lack;
		const char *controls = controls_of(*state, cases[i].named, cases[i].text, &lack);

		unit_check(!strcmp(controls, cases[i].controls), "case %zu: %s", i, controls);
		unit_check(!lack == !cases[i].lack, "case %zu: %s", i, lack ? lack : "-");
		unit_check(!lack || strstr(lack, cases[i].lack), "case %zu: %s", i, lack);
	}
}

static void test_unread_controls(void **state)
{
	const struct kdc_settings settings = {.limit = 500};
	const struct kdc_login login = good_login();
	struct directory *controls = directory_new(*state, DIRECTORY_LDAP);
	const struct kdc_accounts accounts = {
		.own = unit_directory(*state, DIRECTORY_LDAP, ""),
		.controls = controls,
	};
	struct kdc_answers *answers;

	directory_add_gap(controls, "dc1", "the search failed: busy");
	answers = kdc_answers_new(*state, unit_snapshot(*state, domain, NULL), &settings, &login,
				  &accounts);
	assert_non_null(strstr(answers->control_lack, "could be read: the search failed: busy"));
}

UNIT_MAIN(UNIT_TEST(test_who_is_asked_for), UNIT_TEST(test_limit), UNIT_TEST(test_find_target),
	  UNIT_TEST(test_no_admin), UNIT_TEST(test_nameless_admins), UNIT_TEST(test_silence),
	  UNIT_TEST(test_obstacles), UNIT_TEST(test_controls), UNIT_TEST(test_unread_controls))
