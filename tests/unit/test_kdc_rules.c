/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What follows from the KDC's answers: each rule fires, and each stays silent. No export
 * holds such answers, so that they are made here; tests/live/kdc.t gets real ones. */
#include "model/kdc_answers.h"

#include "unit.h"

#define MIGRATION "Microsoft Virtual System Migration Service/"
#define SPN(spn) "servicePrincipalName: " spn "\n"
#define TARGET(spn) "msDS-AllowedToDelegateTo: " spn "\n"

/* Two protected admins beside RID 500, and two hosts that list each other. */
static const char entries[] = UNIT_HEALTHY_DOMAIN(UNIT_MEMBER("anna") UNIT_MEMBER("emil"),
						  UNIT_MEMBER("emil"))
	UNIT_USER("anna", "1101", UNIT_SENSITIVE, "") UNIT_USER("emil", "1102", UNIT_ENABLED, "")
		UNIT_COMPUTER("hv01", "1201", "4096",
			      SPN(MIGRATION "hv01") TARGET(MIGRATION "hv02"))
			UNIT_COMPUTER("hv02", "1202", "4096",
				      SPN(MIGRATION "hv02") TARGET("MICROSOFT Virtual System "
								   "Migration Service/HV01"));

/* An answer of the KDC: to the question about that name. */
struct answer {
	const char *name;
	enum kdc_outcome outcome;
	bool flag; /* forwardable, or OK-AS-DELEGATE */
	const char *words;
};

struct rules_case {
	const char *name;
	const char *own;      /* of our account, beside its name */
	const char *control;  /* its userAccountControl */
	size_t limit;         /* 0: 500 */
	struct answer but[4]; /* where the KDC answers otherwise than the directory lets expect */
	const char *findings; /* of the four rules */
	const char *says[3];  /* in the sentences of the findings */
};

/* What agrees with the directory: only the control account may be delegated. */
static void answer_well(struct kdc_answers *answers)
{
	for (size_t i = 0; i < answers->count; i++) {
		struct kdc_question *question = &answers->items[i];

		if (question->outcome != KDC_UNANSWERED)
			continue;
		question->outcome = KDC_ISSUED;
		question->forwardable = question->kind == KDC_CONTROL;
	}
}

static void answer_otherwise(struct kdc_answers *answers, const struct answer *answer)
{
	for (size_t i = 0; i < answers->count; i++) {
		struct kdc_question *question = &answers->items[i];

		if (!text_equal(question->name, answer->name))
			continue;
		question->outcome = answer->outcome;
		question->forwardable = answer->flag;
		question->ok_as_delegate = answer->flag;
		question->words = answer->words ? answer->words : question->words;
		return;
	}
	fail_msg("nobody asks for %s", answer->name);
}

static const struct verdict *judge(const void *context, const struct rules_case *rules_case)
{
	struct policy *policy = memory_new(context, struct policy);
	struct snapshot *snapshot = unit_snapshot(context, entries, NULL);
	const struct kdc_settings settings = {.limit = rules_case->limit ? rules_case->limit : 500};
	const struct kdc_login login = {"svc@HV.TEST", "svc", "HV.TEST", true, true};
	const char *own = memory_format(context, UNIT_USER("svc", "1190", "512", "%s"),
					rules_case->own ? rules_case->own : SPN("check/svc"));
	const char *control = memory_format(context, UNIT_USER("zoe", "1401", "%s", ""),
					    rules_case->control ? rules_case->control : "512");
	const struct kdc_accounts accounts = {
		.own = unit_directory(context, DIRECTORY_LDAP, own),
		.controls = unit_directory(context, DIRECTORY_LDAP, control),
	};
	struct kdc_answers *answers =
		kdc_answers_new(context, snapshot, &settings, &login, &accounts);

	answer_well(answers);
	for (size_t i = 0; i < COUNT_OF(rules_case->but) && rules_case->but[i].name; i++)
		answer_otherwise(answers, &rules_case->but[i]);
	snapshot->kdc = answers;
	policy_init(policy);
	return verdict_reach(context, snapshot, policy, 0.25);
}

#define UNPROVEN "kdc-unproven UNKNOWN hv.test -\n"

static const struct rules_case cases[] = {
	{.name = "the KDC agrees with the directory", .findings = ""},

	/* RULE_KDC_ADMIN_FORWARDABLE */
	{.name = "forwardable in Protected Users",
	 .but = {{"emil", KDC_ISSUED, true, NULL}},
	 .findings = "kdc-admin-forwardable CRITICAL emil -\n",
	 .says = {"in Protected Users, but the KDC"}},
	{.name = "forwardable in spite of the bit",
	 .but = {{"anna", KDC_ISSUED, true, NULL}},
	 .findings = "kdc-admin-forwardable CRITICAL anna -\n",
	 .says = {"marked \"account is sensitive"}},
	{.name = "an expired admin gets no ticket: that is an answer",
	 .but = {{"anna", KDC_REFUSED, false, "Client's credentials have been revoked"}},
	 .findings = ""},
	{.name = "an answer that is none",
	 .but = {{"anna", KDC_UNANSWERED, false, "no KDC can be reached"}},
	 .findings = UNPROVEN,
	 .says = {"no ticket for the admin anna: no KDC can be reached"}},
	{.name = "proof does not need the control account",
	 .but = {{"emil", KDC_ISSUED, true, NULL}, {"zoe", KDC_ISSUED, false, NULL}},
	 .findings = "kdc-admin-forwardable CRITICAL emil -\n" UNPROVEN},

	/* RULE_KDC_HOST_UNCONSTRAINED */
	{.name = "OK-AS-DELEGATE",
	 .but = {{"hv02$", KDC_ISSUED, true, NULL}},
	 .findings = "kdc-host-unconstrained CRITICAL hv02 -\n",
	 .says = {"OK-AS-DELEGATE"}},
	{.name = "no ticket for a host",
	 .but = {{"hv02$", KDC_UNANSWERED, false, "no such key"}},
	 .findings = UNPROVEN,
	 .says = {"no ticket for the host hv02: no such key"}},

	/* RULE_KDC_TARGET_REFUSED */
	{.name = "no ticket for a target, in whatever letters",
	 .but = {{MIGRATION "hv01", KDC_REFUSED, false, "Server not found"}},
	 .findings = "kdc-target-refused WARNING hv02 MICROSOFT Virtual System Migration "
		     "Service/HV01\n",
	 .says = {"Server not found"}},
	{.name = "a target that was not answered",
	 .but = {{MIGRATION "hv02", KDC_UNANSWERED, false, "skew"}},
	 .findings = UNPROVEN,
	 .says = {"no ticket for the target " MIGRATION "hv02: skew"}},

	/* RULE_KDC_UNPROVEN */
	{.name = "the control account is not forwardable either",
	 .but = {{"zoe", KDC_ISSUED, false, NULL}},
	 .findings = UNPROVEN,
	 .says = {"control account zoe is not forwardable either, so nothing"}},
	{.name = "and the directory knows why",
	 .but = {{"zoe", KDC_ISSUED, false, "it is marked as sensitive itself"}},
	 .findings = UNPROVEN,
	 .says = {"zoe is not forwardable either (it is marked as sensitive itself), so"}},
	{.name = "the control account gets no ticket",
	 .but = {{"zoe", KDC_REFUSED, false, "revoked"}},
	 .findings = UNPROVEN,
	 .says = {"no ticket for the control account zoe: revoked"}},
	{.name = "no control account",
	 .control = UNIT_DISABLED,
	 .findings = UNPROVEN,
	 .says = {"no ordinary enabled account"}},
	{.name = "a login without an SPN",
	 .own = "\n",
	 .findings = UNPROVEN,
	 .says = {"svc has no service principal name"}},
	{.name = "several things at once, and the time was up",
	 .own = TARGET("cifs/x"),
	 .but = {{"hv01$", KDC_UNANSWERED, false, NULL}, {"hv02$", KDC_UNANSWERED, false, NULL}},
	 .findings = UNPROVEN,
	 .says = {"svc has no service principal name", "targets of its own",
		  "; no ticket for 2 hosts, the first being hv01: the time of the run was up "
		  "(-t)"}},
	{.name = "the limit",
	 .limit = 4,
	 .findings = UNPROVEN,
	 .says = {"3 of 7 admins, hosts and targets were not asked for (--kdc-limit)"}},
	{.name = "the limit, just high enough", .limit = 7, .findings = ""},
};

/* The findings of the four rules alone. */
static const char *findings_of(const void *context, const struct verdict *verdict)
{
	struct verdict some = *verdict;

	some.findings = (struct finding_list){0};
	for (size_t i = 0; i < verdict->findings.count; i++) {
		const struct finding *finding = &verdict->findings.items[i];

		if (finding->rule < RULE_KDC_ADMIN_FORWARDABLE || finding->rule > RULE_KDC_UNPROVEN)
			continue;
		some.findings.items = memory_grow(context, some.findings.items, some.findings.count,
						  sizeof *finding);
		some.findings.items[some.findings.count++] = *finding;
	}
	return unit_findings(context, &some);
}

static bool says(const struct verdict *verdict, const char *words)
{
	for (size_t i = 0; i < verdict->findings.count; i++) {
		if (strstr(verdict->findings.items[i].detail, words))
			return true;
	}
	return false;
}

static void test_rules(void **state)
{
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct verdict *verdict = judge(*state, &cases[i]);
		const char *findings = findings_of(*state, verdict);

		unit_check(!strcmp(findings, cases[i].findings), "%s:\n%s", cases[i].name,
			   findings);
		for (size_t k = 0; k < COUNT_OF(cases[i].says) && cases[i].says[k]; k++)
			unit_check(says(verdict, cases[i].says[k]), "%s: %s", cases[i].name,
				   cases[i].says[k]);
	}
}

/* Without --kdc nothing is found and nothing is unproven. */
static void test_not_asked(void **state)
{
	assert_string_equal(findings_of(*state, unit_verdict(*state, entries, NULL, NULL)), "");
}

/* A login of elsewhere: everything is unproven, in one finding. */
static void test_silence(void **state)
{
	struct policy *policy = memory_new(*state, struct policy);
	struct snapshot *snapshot = unit_snapshot(*state, entries, NULL);
	const struct kdc_settings settings = {.limit = 500};
	const struct kdc_login login = {0};
	const struct kdc_accounts accounts = {
		.own = unit_directory(*state, DIRECTORY_LDAP, ""),
		.controls = unit_directory(*state, DIRECTORY_LDAP, ""),
	};
	const struct verdict *verdict;

	snapshot->kdc = kdc_answers_new(*state, snapshot, &settings, &login, &accounts);
	policy_init(policy);
	verdict = verdict_reach(*state, snapshot, policy, 0.25);
	assert_string_equal(findings_of(*state, verdict), UNPROVEN);
	assert_true(says(verdict, "nothing could be asked: the login has no ticket"));
}

UNIT_MAIN(UNIT_TEST(test_rules), UNIT_TEST(test_not_asked), UNIT_TEST(test_silence))
