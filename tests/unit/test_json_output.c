/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The JSON report, read back: complete, sorted, its unknowns null, its bytes UTF-8. */
#include "report/json_output.h"

#include "unit.h"

#include <jansson.h>
#include <stdlib.h>

#define CONSOLE "servicePrincipalName: Microsoft Virtual Console Service/x\n"

static int release(json_t **json)
{
	json_decref(*json);
	return 0;
}

/* The report read back; freed with context. */
static json_t *report_of(const void *context, const struct verdict *verdict)
{
	struct report report = {
		.verdict = verdict, .version = "1.2", .read_at = "2030-01-01T00:00:00Z"};
	char *text = json_output(context, &report);
	json_t **holder = memory_new(context, json_t *);
	json_error_t error;

	assert_int_equal(text[strlen(text) - 1], '\n');
	*holder = json_loads(text, JSON_REJECT_DUPLICATES, &error);
	unit_check(*holder, "%s", error.text);
	talloc_set_destructor(holder, release);
	return *holder;
}

static const char *dump(const void *context, const json_t *json)
{
	char *text = json_dumps(json, JSON_ENCODE_ANY | JSON_COMPACT);
	char *copy;

	assert_non_null(text);
	copy = memory_text(context, text);
	free(text);
	return copy;
}

static void test_skeleton(void **state)
{
	json_t *json =
		report_of(*state, unit_verdict(*state, UNIT_HEALTHY_DOMAIN("", ""), NULL, NULL));

	assert_int_equal(json_integer_value(json_object_get(json, "schema")), 1);
	assert_string_equal(json_string_value(json_object_get(json, "version")), "1.2");
	assert_string_equal(json_string_value(json_object_get(json, "state")), "UNKNOWN");
	assert_string_equal(
		json_string_value(json_object_get(json, "summary")),
		"no host judged; 0 of 1 admin unprotected; unknown: hv.test (no-hosts)");
	assert_string_equal(dump(*state, json_object_get(json, "origin")),
			    "{\"kind\":\"ldif\",\"source\":[\"unit.ldif\"],\"domain\":\"hv.test\","
			    "\"domain_sid\":\"" UNIT_SID "\",\"dc_functional_level\":7,"
			    "\"read_at\":\"2030-01-01T00:00:00Z\",\"complete\":true}");
	assert_string_equal(dump(*state, json_object_get(json, "hosts")), "[]");
	assert_string_equal(dump(*state, json_object_get(json, "pairs")), "[]");
	assert_int_equal(json_object_size(json), 10);
}

static void test_origin_of_little(void **state)
{
	struct directory *directory = unit_directory(*state, DIRECTORY_LDAP, "");
	struct error error = {0};
	struct policy policy;
	struct verdict *verdict;

	policy_init(&policy);
	directory_add_gap(directory, "dc1", "size limit");
	verdict = verdict_reach(
		*state, snapshot_build(*state, directory, &policy.selection, &error), &policy, 0);
	assert_string_equal(dump(*state, json_object_get(report_of(*state, verdict), "origin")),
			    "{\"kind\":\"ldap\",\"source\":[\"unit.ldif\"],\"domain\":null,"
			    "\"domain_sid\":null,\"dc_functional_level\":null,"
			    "\"read_at\":\"2030-01-01T00:00:00Z\",\"complete\":false}");
}

static void test_hosts(void **state)
{
	static const char *const trustees[] = {UNIT_SID "-9", UNIT_SID "-10", "S-1-1-0"};
	static const char *const words[] = {"*1", "*2", NULL};
	const char *text = memory_format(
		*state,
		UNIT_HEALTHY_DOMAIN("", "")
			UNIT_COMPUTER("hv2", "1102", "x",
				      CONSOLE "msDS-AllowedToActOnBehalfOfOtherIdentity:: 00\n")
				UNIT_COMPUTER("HV1", "1101", "16781312",
					      CONSOLE "operatingSystem: Server\n"
						      "operatingSystemVersion: 10.0 (20348)\n"
						      "msDS-AllowedToDelegateTo: cifs/b\n"
						      "msDS-AllowedToDelegateTo: CIFS/a\n%s")
					UNIT_COMPUTER("hv3", "1103", "4096", CONSOLE),
		unit_allowed_to_act(*state, trustees, COUNT_OF(trustees)));
	json_t *hosts = json_object_get(report_of(*state, unit_verdict(*state, text, words, NULL)),
					"hosts");

	assert_int_equal(json_array_size(hosts), 2); /* hv3 is not judged */
	assert_string_equal(
		dump(*state, json_array_get(hosts, 0)),
		"{\"name\":\"hv1\",\"dn\":\"" UNIT_DN(
			"HV1") "\",\"sid\":\"" UNIT_SID "-1101\","
			       "\"enabled\":true,\"dns_name\":\"HV1.hv.test\",\"operating_system\":"
			       "\"Server\","
			       "\"build\":20348,\"unconstrained\":false,\"protocol_transition\":"
			       "true,"
			       "\"targets\":[\"CIFS/a\",\"cifs/"
			       "b\"],\"rbcd_trustees\":[\"S-1-1-0\",\"" UNIT_SID "-10\",\"" UNIT_SID
			       "-9\"],\"groups\":[],"
			       "\"services\":[\"Microsoft Virtual Console Service/x\"]}");
	assert_string_equal(
		dump(*state, json_array_get(hosts, 1)),
		"{\"name\":\"hv2\",\"dn\":\"" UNIT_DN(
			"hv2") "\",\"sid\":\"" UNIT_SID "-1102\","
			       "\"enabled\":null,\"dns_name\":\"hv2.hv.test\",\"operating_system\":"
			       "null,"
			       "\"build\":null,\"unconstrained\":null,\"protocol_transition\":null,"
			       "\"targets\":[],\"rbcd_trustees\":null,\"groups\":[],"
			       "\"services\":[\"Microsoft Virtual Console Service/x\"]}");
}

static void test_admins(void **state)
{
	json_t *admins = json_object_get(
		report_of(*state,
			  unit_verdict(*state,
				       UNIT_HEALTHY_DOMAIN(
					       "member: CN=x,DC=other\n" UNIT_MEMBER("zoe"), "")
					       UNIT_USER("zoe", "1001", UNIT_DISABLED, ""),
				       NULL, NULL)),
		"admins");

	assert_int_equal(json_array_size(admins), 3);
	assert_string_equal(
		dump(*state, json_array_get(admins, 0)),
		"{\"name\":\"Administrator\",\"dn\":\"" UNIT_DN(
			"Administrator") "\",\"sid\":\"" UNIT_SID
					 "-500\",\"enabled\":true,\"via\":[\"" UNIT_SID
					 "-512\",\"S-1-5-32-544\"],\"not_delegated\":true,"
					 "\"protected_users\":false,\"exempt\":false,\"protected\":"
					 "true}");
	assert_string_equal(dump(*state, json_array_get(admins, 1)),
			    "{\"name\":\"CN=x,DC=other\",\"dn\":\"CN=x,DC=other\",\"sid\":null,"
			    "\"enabled\":null,\"via\":[\"" UNIT_SID "-512\",\"S-1-5-32-544\"],"
			    "\"not_delegated\":null,\"protected_users\":null,\"exempt\":false,"
			    "\"protected\":null}");
	assert_string_equal(json_string_value(json_object_get(json_array_get(admins, 2), "name")),
			    "zoe");
}

static void test_findings(void **state)
{
	static const char *const words[] = {"zz", "aa", "b*", NULL};
	json_t *findings = json_object_get(
		report_of(*state, unit_verdict(*state, UNIT_HEALTHY_DOMAIN("", ""), words, NULL)),
		"findings");
	static const char *const starts[] = {
		"{\"rule\":\"host-missing\",\"state\":\"CRITICAL\",\"subject\":\"aa\",\"object\":"
		"null,"
		"\"detail\":\"",
		"{\"rule\":\"host-missing\",\"state\":\"CRITICAL\",\"subject\":\"zz\",\"object\":"
		"null,"
		"\"detail\":\"",
		"{\"rule\":\"no-hosts\",\"state\":\"UNKNOWN\",\"subject\":\"hv.test\",\"object\":"
		"null,"
		"\"detail\":\"",
		"{\"rule\":\"unreadable\",\"state\":\"UNKNOWN\",\"subject\":\"b*\",\"object\":"
		"\"host\","
		"\"detail\":\"",
	};

	assert_int_equal(json_array_size(findings), COUNT_OF(starts));
	for (size_t i = 0; i < COUNT_OF(starts); i++)
		assert_memory_equal(dump(*state, json_array_get(findings, i)), starts[i],
				    strlen(starts[i]));
}

static const json_t *metric_of(const json_t *report, const char *label)
{
	const json_t *perfdata = json_object_get(report, "perfdata");

	for (size_t i = 0; i < json_array_size(perfdata); i++) {
		const json_t *metric = json_array_get(perfdata, i);

		if (!strcmp(json_string_value(json_object_get(metric, "label")), label))
			return metric;
	}
	return NULL;
}

static void test_perfdata(void **state)
{
	struct policy policy;
	json_t *report;

	policy_init(&policy);
	assert_true(range_parse("~:7", &policy.thresholds[METRIC_HOSTS].critical));
	report =
		report_of(*state, unit_verdict(*state, UNIT_HEALTHY_DOMAIN("", ""), NULL, &policy));
	assert_int_equal(json_array_size(json_object_get(report, "perfdata")), METRIC_COUNT);
	assert_string_equal(dump(*state, metric_of(report, "hosts")),
			    "{\"label\":\"hosts\",\"value\":0,\"crit\":\"7\",\"min\":0}");
	assert_string_equal(dump(*state, metric_of(report, "admins_unprotected")),
			    "{\"label\":\"admins_unprotected\",\"value\":0,\"warn\":\"0\","
			    "\"min\":0,\"max\":1}");
	assert_string_equal(dump(*state, metric_of(report, "time")),
			    "{\"label\":\"time\",\"value\":0.25,\"uom\":\"s\",\"min\":0}");
	policy_init(&policy);
	policy.selection.admins = false;
	report = report_of(*state, unit_verdict(*state, UNIT_DOMAIN(""), NULL, &policy));
	assert_null(metric_of(report, "admins"));
	assert_non_null(metric_of(report, "hosts"));
	assert_string_equal(dump(*state, json_object_get(report, "admins")), "[]");
}

static void test_invalid_utf8(void **state)
{
	static const struct {
		const char *name, *json;
	} cases[] = {
		{"K\xC3\xB6ln", "K\xC3\xB6ln"},
		{"a\xFF\xC3", "a\xEF\xBF\xBD\xEF\xBF\xBD"},
		{"\xED\xA0\x80z", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz"},
		{"\xFF\xFF\xFF\xFF", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
		{"q\"\\\x01<|", "q\"\\\x01<|"}, /* escaped by JSON alone */
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *text = memory_format(
			*state,
			UNIT_HEALTHY_DOMAIN("", "") "dn: CN=h," UNIT_ROOT
						    "\nobjectCategory: computer\nobjectClass: "
						    "computer\nsAMAccountName: h$\n"
						    "userAccountControl: 4096\nobjectSid: S-1-5-9\n"
						    "operatingSystem: %s\n" CONSOLE,
			cases[i].name);
		json_t *report = report_of(*state, unit_verdict(*state, text, NULL, NULL));
		json_t *host = json_array_get(json_object_get(report, "hosts"), 0);

		assert_string_equal(json_string_value(json_object_get(host, "operating_system")),
				    cases[i].json);
	}
}

static void test_pairs_and_groups(void **state)
{
	struct policy *policy = unit_policy(*state, "[group lab]\nhosts=hv*\n"
						    "[group a]\nhosts=hv1\n"
						    "[admins]\nexempt=Administrator\n");
	json_t *report = report_of(
		*state, unit_verdict(*state,
				     UNIT_HEALTHY_DOMAIN("", "")
					     UNIT_COMPUTER("hv1", "1101", "528384", CONSOLE)
						     UNIT_COMPUTER("hv2", "1102", "x", CONSOLE),
				     NULL, policy));
	const json_t *hosts = json_object_get(report, "hosts");
	const json_t *admin = json_array_get(json_object_get(report, "admins"), 0);

	assert_string_equal(dump(*state, json_object_get(report, "pairs")),
			    "[{\"group\":\"lab\",\"source\":\"hv1\",\"destination\":\"hv2\","
			    "\"ready\":true,\"by\":\"unconstrained\"},{\"group\":\"lab\","
			    "\"source\":\"hv2\",\"destination\":\"hv1\",\"ready\":false,"
			    "\"by\":null}]");
	assert_string_equal(dump(*state, json_object_get(json_array_get(hosts, 0), "groups")),
			    "[\"a\",\"lab\"]");
	assert_string_equal(dump(*state, json_object_get(json_array_get(hosts, 1), "groups")),
			    "[\"lab\"]");
	assert_true(json_is_true(json_object_get(admin, "exempt")));
	assert_string_equal(json_string_value(json_object_get(report, "summary")),
			    "2 of 2 hosts wrong, 1 of 2 pairs not ready; no admin judged; "
			    "1 thing could not be read; critical: hv1 (unconstrained-delegation)");
}

UNIT_MAIN(UNIT_TEST(test_skeleton), UNIT_TEST(test_origin_of_little), UNIT_TEST(test_hosts),
	  UNIT_TEST(test_admins), UNIT_TEST(test_findings), UNIT_TEST(test_perfdata),
	  UNIT_TEST(test_invalid_utf8), UNIT_TEST(test_pairs_and_groups))
