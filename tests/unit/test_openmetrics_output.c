/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The metrics: values, labels that can not end early, no series twice. */
#include "report/openmetrics_output.h"

#include "unit.h"

#include <stdlib.h>

#define CONSOLE "servicePrincipalName: Microsoft Virtual Console Service/x\n"
#define HOST(cn, rid, uac) UNIT_COMPUTER(cn, rid, uac, CONSOLE)

static const char *output_of(const void *context, const struct verdict *verdict)
{
	struct report report = {.verdict = verdict, .version = "1", .read_at_s = 1700000000};

	return openmetrics_output(context, &report);
}

static void assert_has(const char *text, const char *line)
{
	const char *found = strstr(text, line);

	unit_check(found && (found == text || found[-1] == '\n'), "%s in\n%s", line, text);
}

static void test_escape(void **state)
{
	static const struct {
		const char *text, *label;
	} cases[] = {
		{"", ""},
		{"hv01.test", "hv01.test"},
		{"a\"b\\c\nd", "a\\\"b\\\\c\\nd"},
		{"\\n", "\\\\n"},
		{"a{b}=c,d#e", "a{b}=c,d#e"},
		{"\r\t\x1B\x7F", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
		{"\xC2\x85", "\xEF\xBF\xBD"},
		{"\xE2\x80\xAE", "\xEF\xBF\xBD"}, /* reads what follows backwards */
		{"K\xC3\xB6ln", "K\xC3\xB6ln"},
		{"\xFF\"", "\xEF\xBF\xBD\\\""},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_string_equal(openmetrics_escape(*state, cases[i].text), cases[i].label);
}

static void test_values(void **state)
{
	const char *text =
		output_of(*state, unit_verdict(*state,
					       UNIT_HEALTHY_DOMAIN(UNIT_MEMBER("zoe"), "")
						       UNIT_USER("zoe", "1001", UNIT_ENABLED, "")
							       HOST("hv1", "1101", "528384")
								       HOST("hv2", "1102", "4096"),
					       NULL, NULL));

	assert_has(text, "# HELP hyperv_delegation_state ");
	assert_has(text, "# TYPE hyperv_delegation_state gauge\n");
	assert_has(text, "hyperv_delegation_state{domain=\"hv.test\"} 2\n");
	assert_has(text,
		   "hyperv_delegation_read_timestamp_seconds{domain=\"hv.test\"} 1700000000\n");
	assert_has(text, "hyperv_delegation_hosts{domain=\"hv.test\"} 2\n");
	assert_has(text, "hyperv_delegation_admins_unprotected{domain=\"hv.test\"} 1\n");
	assert_has(text, "# UNIT hyperv_delegation_time_seconds seconds\n");
	assert_has(text, "hyperv_delegation_time_seconds{domain=\"hv.test\"} 0.250000\n");
	assert_has(text, "hyperv_delegation_findings{domain=\"hv.test\",rule=\"unconstrained-"
			 "delegation\",state=\"CRITICAL\"} 1\n");
	assert_has(text, "hyperv_delegation_findings{domain=\"hv.test\",rule=\"admin-"
			 "unprotected\",state=\"WARNING\"} 1\n");
	assert_has(text, "hyperv_delegation_host_state{domain=\"hv.test\",host=\"hv1\"} 2\n");
	assert_has(text, "hyperv_delegation_host_state{domain=\"hv.test\",host=\"hv2\"} 0\n");
	assert_string_equal(text + strlen(text) - 6, "# EOF\n");
}

/* What was not judged has no value. */
static void test_halves(void **state)
{
	struct policy policy;
	const char *text;

	policy_init(&policy);
	policy.selection.hosts = false;
	text = output_of(*state, unit_verdict(*state, UNIT_HEALTHY_DOMAIN("", ""), NULL, &policy));
	assert_null(strstr(text, "delegation_host"));
	assert_null(strstr(text, "delegation_pairs"));
	assert_has(text, "hyperv_delegation_admins{");
	policy.selection.hosts = true;
	policy.selection.admins = false;
	text = output_of(*state, unit_verdict(*state, UNIT_DOMAIN(""), NULL, &policy));
	assert_null(strstr(text, "delegation_admins"));
	assert_has(text, "hyperv_delegation_hosts{");
}

/* Names that differ in what is not UTF-8 alone look the same: the worst of them counts. */
static void test_one_series_for_a_name(void **state)
{
	const char *text = output_of(
		*state,
		unit_verdict(*state,
			     UNIT_HEALTHY_DOMAIN("", "") HOST("h\xFE", "1101", "4096")
				     HOST("h\xFEz", "1102", "4096") HOST("h\xFF", "1103", "528384"),
			     NULL, NULL));
	const char *series = "_host_state{domain=\"hv.test\",host=\"h\xEF\xBF\xBD\"} ";
	const char *first = strstr(text, series);

	assert_non_null(first);
	assert_int_equal(first[strlen(series)], '2');
	assert_null(strstr(first + 1, series));
	assert_non_null(strstr(text, "host=\"h\xEF\xBF\xBDz\"} 0\n"));
}

UNIT_MAIN(UNIT_TEST(test_escape), UNIT_TEST(test_values), UNIT_TEST(test_halves),
	  UNIT_TEST(test_one_series_for_a_name))
