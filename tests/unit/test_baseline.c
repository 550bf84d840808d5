/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A baseline: read from a report, refused with a sentence where it is not whole. */
#include "policy/baseline.h"

#include "report/json_output.h"
#include "unit.h"

#define HOST                                                                                       \
	"{\"name\":\"hv01\",\"dn\":\"CN=hv01,DC=hv,DC=test\",\"sid\":\"" UNIT_SID                  \
	"-1001\",\"enabled\":true,\"dns_name\":null,\"unconstrained\":false,"                      \
	"\"protocol_transition\":null,\"targets\":[\"cifs/b\",\"CIFS/a\"],"                        \
	"\"rbcd_trustees\":null,\"groups\":[]}"
#define ADMIN                                                                                      \
	"{\"name\":\"adm\",\"dn\":\"CN=adm,DC=hv,DC=test\",\"sid\":null,\"enabled\":false,"        \
	"\"exempt\":true,\"not_delegated\":true,\"protected_users\":null}"
#define ORIGIN                                                                                     \
	"\"origin\":{\"domain\":\"hv.test\",\"domain_sid\":\"" UNIT_SID "\",\"complete\":true}"
#define PERFDATA "\"perfdata\":[{\"label\":\"hosts\"},{\"label\":\"admins\"},{}]"
#define REPORT(schema, origin, hosts, admins, perfdata)                                            \
	"{\"schema\":" schema "," origin ",\"hosts\":" hosts ",\"admins\":" admins "," perfdata "}"

static const char good[] = REPORT("1", ORIGIN, "[" HOST "]", "[" ADMIN "]", PERFDATA);

static struct baseline *parse(void **state, const char *text, struct error *error)
{
	return baseline_parse(*state, text, strlen(text), error);
}

static void test_facts(void **state)
{
	struct error error = {0};
	struct baseline *baseline = parse(state, good, &error);
	const struct facts *host, *admin;

	assert_non_null(baseline);
	assert_string_equal(baseline->domain, "hv.test");
	assert_true(baseline->has_sid && baseline->has_half[FACTS_OF_HOST] &&
		    baseline->has_half[FACTS_OF_ADMIN]);
	assert_int_equal(baseline->hosts.count, 1);
	assert_int_equal(baseline->admins.count, 1);
	host = &baseline->hosts.items[0];
	admin = &baseline->admins.items[0];
	assert_string_equal(host->name, "hv01");
	assert_string_equal(host->key, "cn=hv01,dc=hv,dc=test");
	assert_true(host->has_sid);
	assert_null(host->dns_name);
	assert_int_equal(unit_truth(host->truths[FACT_ENABLED]), 'y');
	assert_int_equal(unit_truth(host->truths[FACT_UNCONSTRAINED]), 'n');
	assert_int_equal(unit_truth(host->truths[FACT_PROTOCOL_TRANSITION]), '?');
	assert_true(host->list_known[FACT_TARGETS] && host->list_known[FACT_GROUPS]);
	assert_false(host->list_known[FACT_RBCD_TRUSTEES]);
	assert_string_equal(host->lists[FACT_TARGETS].items[0], "CIFS/a");
	assert_false(admin->has_sid);
	assert_true(admin->exempt);
	assert_int_equal(unit_truth(admin->truths[FACT_NOT_DELEGATED]), 'y');
	assert_int_equal(unit_truth(admin->truths[FACT_PROTECTED_USERS]), '?');
}

/* What the program writes, it reads, and finds nothing changed. */
static void test_own_report(void **state)
{
	const char *text = UNIT_HEALTHY_DOMAIN("", "")
		UNIT_COMPUTER("hv01", "1001", "4096", "msDS-AllowedToDelegateTo: cifs/\xFF\n")
			UNIT_CONNECTION_POINT("hv01");
	struct verdict *verdict = unit_verdict(*state, text, NULL, NULL);
	struct report report = {.verdict = verdict, .version = "1", .read_at = "now"};
	struct error error = {0};
	struct policy policy;
	struct baseline *baseline = parse(state, json_output(*state, &report), &error);

	assert_non_null(baseline);
	policy_init(&policy);
	policy.baseline = baseline;
	verdict = unit_verdict(*state, text, NULL, &policy);
	assert_int_equal(verdict->metrics[METRIC_HOSTS].value, 1);
	assert_string_equal(unit_findings_of(*state, verdict, RULE_DRIFT), "");
	assert_true(baseline_fits(baseline, verdict->snapshot->domain, &policy.selection, &error));
}

static void test_refused(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{"", "empty"},
		{" \n\t\r\n", "empty"},
		{"hello", "not JSON: line 1, column"},
		{"{\"schema\":1,\n\"schema\":1}", "not JSON: line 2, column"},
		{"{}x", "not JSON"},
		{"{\"schema\":1", "cut short: it ends in line 1"},
		{"[1]", "no report"},
		{"{}", "no report"},
		{"{\"schema\":\"1\",\"origin\":{}}", "no report"},
		{"{\"schema\":1,\"origin\":[]}", "no report"},
		{REPORT("2", ORIGIN, "[]", "[]", PERFDATA), "schema 2"},
		{REPORT("0", "\"origin\":{}", "[]", "[]", PERFDATA), "schema 0"},
		{REPORT("1", "\"origin\":{}", "[]", "[]", PERFDATA), "not read whole"},
		{REPORT("1", "\"origin\":{\"complete\":false}", "[]", "[]", PERFDATA),
		 "not read whole"},
		{REPORT("1", "\"origin\":{\"complete\":true,\"domain_sid\":\"x\"}", "[]", "[]",
			PERFDATA),
		 "no SID"},
		{REPORT("1", ORIGIN, "[]", "[]", "\"perf\":[]"), "\"perfdata\" is missing"},
		{REPORT("1", ORIGIN, "{}", "[]", PERFDATA), "\"hosts\" is missing"},
		{REPORT("1", ORIGIN, "[]", "null", PERFDATA), "\"admins\" is missing"},
		{REPORT("1", ORIGIN, "[1]", "[]", PERFDATA), "hosts[0] is no account"},
		{REPORT("1", ORIGIN, "[{}]", "[]", PERFDATA), "hosts[0] has no \"name\""},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct error error = {0};

		unit_check(!parse(state, cases[i].text, &error), "case %zu", i);
		unit_check(strstr(error.text, cases[i].why), "case %zu: %s", i, error.text);
		assert_int_equal(error.kind, ERROR_INPUT);
	}
}

/* Each field of a host and of an admin taken away, or of the wrong type. */
static void test_fields(void **state)
{
	static const char *const names[] = {
		"name",
		"dn",
		"sid",
		"enabled",
		"dns_name",
		"unconstrained",
		"protocol_transition",
		"targets",
		"rbcd_trustees",
		"groups",
		"exempt",
		"not_delegated",
		"protected_users",
	};

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		char *quoted = memory_format(*state, "\"%s\":", names[i]);

		for (const char *at = strstr(good, quoted); at; at = strstr(at + 1, quoted)) {
			char *other = memory_text(*state, good);
			struct error error = {0};

			other[at - good + 1] = 'X';
			unit_check(!parse(state, other, &error), "%s", names[i]);
			unit_check(strstr(error.text, " has no \""), "%s: %s", names[i],
				   error.text);
			other = memory_format(*state, "%.*s{},\"X\":%s",
					      (int)(at - good) + (int)strlen(quoted), good,
					      at + strlen(quoted));
			unit_check(!parse(state, other, &error), "%s", names[i]);
			unit_check(strstr(error.text, " is not "), "%s: %s", names[i], error.text);
		}
	}
}

/* Every shorter text is refused, and none is read past its end. */
static void test_cut(void **state)
{
	for (size_t size = 0; size + 1 < sizeof good - 1; size++) {
		char *part = memory_check(talloc_strndup(*state, good, size));
		struct error error = {0};

		unit_check(!parse(state, part, &error), "%zu bytes", size);
		talloc_free(part);
	}
}

static void test_fits(void **state)
{
	static const struct {
		const char *name, *sid; /* of the present domain; NULL: not known */
		bool hosts, admins, baseline_sid;
		const char *why; /* NULL: it fits */
	} cases[] = {
		{"hv.test", UNIT_SID, true, true, true, NULL},
		{"renamed.test", UNIT_SID, true, true, true, NULL},
		{"hv.test", "S-1-5-21-1-2-4", true, true, true,
		 "it is of another domain of this name (S-1-5-21-1-2-3)"},
		{"HV.TEST", NULL, true, true, true, NULL},
		{"HV.TEST", UNIT_SID, true, true, false, NULL},
		{"other.test", NULL, true, true, true, "of the domain hv.test, not of other.test"},
		{"", NULL, true, true, true, "can not be told"},
	};
	struct selection selection = {.hosts = true, .admins = true};
	struct error error = {0};
	struct domain domain = {.name = "hv.test"};
	struct baseline *baseline;

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		domain = (struct domain){.name = cases[i].name, .has_sid = cases[i].sid};
		if (cases[i].sid)
			domain.sid = unit_sid(cases[i].sid);
		baseline = parse(state, good, &error);
		assert_non_null(baseline);
		baseline->has_sid = cases[i].baseline_sid;
		memset(&error, 0, sizeof error);
		unit_check(baseline_fits(baseline, &domain, &selection, &error) == !cases[i].why,
			   "case %zu: %s", i, error.text);
		if (cases[i].why)
			unit_check(strstr(error.text, cases[i].why), "case %zu: %s", i, error.text);
	}
	domain = (struct domain){.name = "hv.test"};
	for (int half = 0; half < 2; half++) {
		baseline = parse(state, good, &error);
		assert_non_null(baseline);
		baseline->has_half[half] = false;
		selection = (struct selection){.hosts = true, .admins = true};
		assert_false(baseline_fits(baseline, &domain, &selection, &error));
		assert_non_null(
			strstr(error.text, half == FACTS_OF_HOST ? "no hosts" : "no admins"));
		selection = (struct selection){.hosts = half != FACTS_OF_HOST,
					       .admins = half != FACTS_OF_ADMIN};
		assert_true(baseline_fits(baseline, &domain, &selection, &error));
	}
}

UNIT_MAIN(UNIT_TEST(test_facts), UNIT_TEST(test_own_report), UNIT_TEST(test_refused),
	  UNIT_TEST(test_fields), UNIT_TEST(test_cut), UNIT_TEST(test_fits))
