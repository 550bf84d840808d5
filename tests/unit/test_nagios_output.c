/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The output for Nagios: what its pages would make of a text is taken out of it, it is
 * never longer than it may be, and what is left out is counted. */
#include "report/nagios_findings.h"
#include "report/nagios_output.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#define HOST(cn, rid, uac, extra)                                                                  \
	UNIT_COMPUTER(cn, rid, uac,                                                                \
		      "servicePrincipalName: Microsoft Virtual Console Service/x\n" extra)

static const char *output_of(const void *context, const struct verdict *verdict,
			     struct nagios_settings settings)
{
	struct report report = {.verdict = verdict, .version = "0", .read_at = "now"};

	if (!settings.max_output)
		settings.max_output = 4096;
	return nagios_output(context, &report, &settings);
}

static void test_clean(void **state)
{
	static const struct {
		const char *text, *clean;
	} cases[] = {
		{"", ""},
		{"plain - text", "plain - text"},
		{"a|b<c>d\\e", "a/b(c)d/e"},
		{"CORP\\name \\n", "CORP/name /n"},
		{"a\nb\rc\td\x01\x1B[0m", "a b c d  [0m"},
		{"a\x7F", "a "},
		{"\xC2\x80\xC2\x9F\xC2\xA0", "  \xC2\xA0"}, /* C1 controls, then a blank */
		{"K\xC3\xB6ln \xE2\x82\xAC \xF0\x9F\x98\x80",
		 "K\xC3\xB6ln \xE2\x82\xAC \xF0\x9F\x98\x80"},
		{"\xC3", "?"},
		{"\xFF\xFE", "??"},
		{"\xE2\x82|", "?"
			      "?/"},
		{"\xED\xA0\x80", "???"},
		{"\xC0\xBC", "??"},         /* an overlong < */
		{"&amp; \"'", "&amp; \"'"}, /* no entities: the pages escape for themselves */
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_string_equal(nagios_clean(*state, cases[i].text), cases[i].clean);
}

static void test_failure(void **state)
{
	assert_string_equal(nagios_failure(*state, "X UNKNOWN", "can not open a|b\nc", true),
			    "X UNKNOWN - can not open a/b c\n");
}

static void test_whole_text(void **state)
{
	struct verdict *verdict = unit_verdict(
		*state,
		UNIT_HEALTHY_DOMAIN(UNIT_MEMBER("adam") UNIT_MEMBER("gone"),
				    "") UNIT_USER("adam", "1001", UNIT_ENABLED, "")
			HOST("HV01", "1101", "528384", "operatingSystemVersion: 10.0 (20348)\n"),
		NULL, NULL);

	assert_string_equal(
		output_of(*state, verdict, (struct nagios_settings){0}),
		"HYPERV DELEGATION CRITICAL - 1 of 1 host wrong; 1 of 2 admins unprotected; "
		"1 thing could not be read; critical: hv01 (unconstrained-delegation) | "
		"hosts=1;;;0 hosts_not_ok=1;;;0;1 "
		"hosts_unconstrained=1;;;0;1 hosts_any_protocol=0;;;0;1 "
		"hosts_kerberos_only=0;;;0;1 pairs=0;;;0 pairs_ready=0;;;0;0 targets=0;;;0 "
		"targets_unexpected=0;;;0;0 admins=2;;;0 admins_protected=1;;;0;2 "
		"admins_unprotected=1;0;;0;2 admins_exempt=0;;;0 admins_disabled=0;;;0 "
		"drift=0;;;0 unreadable=1;;;0 time=0.250s;;;0\n"
		"[CRITICAL] hv01: trusted for unconstrained delegation: whoever takes over this "
		"host can act anywhere as everybody who connects to it; use constrained "
		"delegation instead (unconstrained-delegation)\n"
		"[WARNING] adam: can be delegated: any host with protocol transition can act as "
		"this account; set \"account is sensitive and cannot be delegated\" "
		"(admin-unprotected)\n"
		"[UNKNOWN] CN=gone,DC=hv,DC=test -> member: the member can not be read, so it may "
		"be an unprotected account or a group of them: let the login read it "
		"(unreadable)\n");
}

static void test_halves(void **state)
{
	struct policy policy;
	const char *text;

	policy_init(&policy);
	policy.selection.admins = false;
	text = output_of(
		*state,
		unit_verdict(*state, UNIT_DOMAIN("") HOST("hv01", "1", "4096", ""), NULL, &policy),
		(struct nagios_settings){0});
	assert_non_null(strstr(text, "OK - 0 of 1 host wrong | hosts=1;;;0 "));
	assert_null(strstr(text, "admins"));
	assert_non_null(strstr(text, " drift=0;;;0 unreadable=0;;;0 time="));
	policy_init(&policy);
	policy.selection.hosts = false;
	text = output_of(*state, unit_verdict(*state, UNIT_HEALTHY_DOMAIN("", ""), NULL, &policy),
			 (struct nagios_settings){0});
	assert_non_null(strstr(text, "OK - 0 of 1 admin unprotected | admins=1;;;0 "));
	assert_null(strstr(text, "hosts"));
	assert_null(strstr(text, "pairs"));
}

static void test_thresholds(void **state)
{
	struct verdict *verdict;
	struct policy policy;
	const char *text;

	policy_init(&policy);
	assert_true(range_parse("2:", &policy.thresholds[METRIC_HOSTS].warning));
	assert_true(range_parse("~:0.1", &policy.thresholds[METRIC_TIME].critical));
	assert_true(range_parse("@1:", &policy.thresholds[METRIC_ADMINS_UNPROTECTED].critical));
	assert_true(range_parse("7", &policy.thresholds[METRIC_TARGETS].critical));
	verdict = unit_verdict(*state, UNIT_HEALTHY_DOMAIN("", "") HOST("hv01", "1101", "4096", ""),
			       NULL, &policy);
	text = output_of(*state, verdict, (struct nagios_settings){0});
	assert_non_null(strstr(text, "| hosts=1;2:;;0 "));
	assert_non_null(strstr(text, " time=0.250s;;0.1;0\n"));
	assert_non_null(strstr(text, " admins_unprotected=0;0;@1:;0;1 "));
	assert_non_null(strstr(text, " targets=0;;7;0 "));
	assert_non_null(strstr(text, "\n[WARNING] hosts is 1, below 2 (-w hosts=2:)\n"));
	assert_non_null(strstr(text, "\n[CRITICAL] time is 0.250 s, above 0.1 (-c time=~:0.1)\n"));
	assert_null(strstr(text, "admins_unprotected is"));
	assert_null(strstr(text, "targets is"));
}

/* Where each unprotected admin is too many, the findings say it; else the line does. */
static void test_threshold_of_admins(void **state)
{
	static const struct {
		const char *range, *line;
	} cases[] = {
		{"0", NULL},
		{"~:0", NULL},
		{"1:", "\n[WARNING] admins_unprotected is 0, below 1 (-w admins_unprotected=1:)\n"},
		{"@0:0", "\n[WARNING] admins_unprotected is 0, within 0 to 0 (-w "
			 "admins_unprotected=@0:0)\n"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct policy policy;
		const char *text;

		policy_init(&policy);
		assert_true(range_parse(cases[i].range,
					&policy.thresholds[METRIC_ADMINS_UNPROTECTED].warning));
		text = output_of(*state,
				 unit_verdict(*state, UNIT_HEALTHY_DOMAIN("", ""), NULL, &policy),
				 (struct nagios_settings){0});
		if (cases[i].line)
			assert_non_null(strstr(text, cases[i].line));
		else
			assert_null(strstr(text, "admins_unprotected is"));
	}
}

static void test_verbosity(void **state)
{
	char lines[2][16] = {"search a|b", "search c"};
	char *trace[] = {lines[0], lines[1]};
	struct nagios_settings settings = {.trace_lines = trace, .trace_line_count = 2};
	static const char *const words[] = {"hv*", NULL};
	struct verdict *verdict = unit_verdict(
		*state,
		UNIT_HEALTHY_DOMAIN(UNIT_MEMBER("off"), "")
			UNIT_USER("off", "1001", UNIT_DISABLED, "") HOST("xen", "1100", "4096", "")
				HOST("hv01", "1101", "16781312",
				     "operatingSystemVersion: 10.0 (20348)\n"
				     "msDS-AllowedToDelegateTo: cifs/a\n")
					HOST("hv02", "1102", "528386", "")
						HOST("hv03", "1103", "x", ""),
		words, NULL);
	const char *text = output_of(*state, verdict, settings);

	assert_null(strstr(text, "\nhost hv"));
	assert_null(strstr(text, "search"));
	settings.verbosity = 1;
	text = output_of(*state, verdict, settings);
	assert_non_null(strstr(text, "\nhost hv01: enabled, build 20348, unconstrained no, any "
				     "protocol yes, targets: 1, RBCD trustees: 0\n"
				     "host hv02: disabled, version not readable, taken as 2016 or "
				     "later, unconstrained yes, any protocol no, targets: 0, RBCD "
				     "trustees: 0\n"
				     "host hv03: not readable, "));
	assert_null(strstr(text, "host xen"));
	assert_non_null(strstr(text, "\nadmin off: disabled, not judged\n"));
	assert_null(strstr(text, "admin Administrator:"));
	assert_null(strstr(text, "search"));
	settings.verbosity = 2;
	text = output_of(*state, verdict, settings);
	assert_non_null(strstr(text, "\nsearch a/b\nsearch c\n"));
}

/* A domain with count hosts of which each has a finding, hostile text among them; of each another
 * thing is said, so that each has a line. */
static struct verdict *large_verdict(const void *context, int count, bool unreadable)
{
	struct verdict *verdict;
	char *text = memory_text(context, UNIT_HEALTHY_DOMAIN(UNIT_MEMBER("a|<\\\\"), "")
						  UNIT_USER("a|<\\\\", "1001", UNIT_ENABLED, ""));

	for (int i = 0; i < count; i++)
		text = talloc_asprintf_append_buffer(
			text,
			"dn: CN=h%d," UNIT_ROOT
			"\nobjectClass: computer\nobjectCategory: computer\nprimaryGroupID: 515\n"
			"objectSid: " UNIT_SID "-%d\nsAMAccountName: h|\xC3\xA4%d\xFF$\n"
			"userAccountControl: %s\n"
			"servicePrincipalName: Microsoft Virtual Console Service/h%d\n\n",
			i, 2000 + i, i, unreadable && i % 3 == 0 ? "x" : "528384", i);
	verdict = unit_verdict(context, text, NULL, NULL);
	for (size_t i = 0; i < verdict->findings.count; i++)
		verdict->findings.items[i].detail =
			memory_format(context, "%zu: %s", i, verdict->findings.items[i].detail);
	return verdict;
}

/* The lines that begin with "[", and the number that the last line says was left out. */
static size_t count_findings(const char *text)
{
	size_t count = 0;
	const char *more = strstr(text, " more finding");

	for (const char *line = text; (line = strstr(line, "\n[")); line++)
		count++;
	if (more) {
		while (more > text && more[-1] != '\n')
			more--;
		count += (size_t)atol(more);
	}
	return count;
}

static void check_output(const char *text, const struct verdict *verdict, size_t max)
{
	const char *bar = strchr(text, '|');
	size_t length = strlen(text);

	unit_check(length <= max, "%zu bytes of at most %zu", length, max);
	assert_int_equal(text[length - 1], '\n');
	assert_true(bar && bar - text < 160);
	assert_null(strchr(bar + 1, '|'));
	assert_true(bar < strchr(text, '\n'));
	assert_null(strpbrk(text, "<\\"));
	/* the only ">" is that of an arrow */
	for (const char *at = text; (at = strchr(at, '>')); at++)
		assert_memory_equal(at - 2, " -> ", 4);
	assert_true(strstr(text, " time=") < strchr(text, '\n'));
	for (size_t i = 0; i < length; i++)
		unit_check((unsigned char)text[i] >= ' ' || text[i] == '\n', "byte %zu", i);
	unit_check(count_findings(text) == verdict->findings.count, "limit %zu: %zu of %zu", max,
		   count_findings(text), verdict->findings.count);
}

static void test_every_limit_is_kept(void **state)
{
	struct verdict *verdict = large_verdict(*state, 300, true);

	for (size_t max = 1024; max < 60000; max += max < 4096 ? 1 : 997) {
		void *scratch = talloc_new(*state);
		unsigned verbosity = (unsigned)(max % 3);

		check_output(output_of(scratch, verdict,
				       (struct nagios_settings){.max_output = max,
								.verbosity = verbosity}),
			     verdict, max);
		talloc_free(scratch);
	}
}

static void test_what_is_left_out_is_counted(void **state)
{
	struct verdict *verdict = large_verdict(*state, 30, true);
	struct nagios_settings settings = {.max_output = 1024};
	const char *text = output_of(*state, verdict, settings);

	/* 20 CRITICAL, 1 WARNING, 10 UNKNOWN */
	assert_int_equal(verdict->findings.count, 31);
	assert_int_equal(count_findings(text), 31);
	assert_non_null(strstr(text, " CRITICAL, 1 WARNING, 10 UNKNOWN; --output-format json "));
	settings.max_output = 8192;
	verdict = large_verdict(*state, 6, false);
	text = output_of(*state, verdict, settings);
	assert_null(strstr(text, " more "));
	assert_int_equal(count_findings(text), 7);
}

/* From limit to limit one finding more is shown; the words follow the number. */
static void test_words_of_the_rest(void **state)
{
	struct verdict *verdict = large_verdict(*state, 12, false);
	bool one = false, all = false, mixed = false;

	for (size_t max = 1024; max < 4096; max++) {
		const char *text =
			output_of(*state, verdict, (struct nagios_settings){.max_output = max});

		one |= strstr(text,
			      "\n1 more finding, WARNING; --output-format json shows all\n") !=
		       NULL;
		mixed |= strstr(text, "\n3 more findings, 2 CRITICAL, 1 WARNING; ") != NULL;
	}
	assert_true(one);
	assert_true(mixed);
	verdict = large_verdict(*state, 12, false);
	for (size_t i = 0; i < verdict->findings.count; i++)
		verdict->findings.items[i].state = STATE_CRITICAL;
	for (size_t max = 1024; max < 4096; max++)
		all |= strstr(output_of(*state, verdict,
					(struct nagios_settings){.max_output = max}),
			      "\n2 more findings, all CRITICAL; ") != NULL;
	assert_true(all);
}

static void test_other_lines_are_counted_too(void **state)
{
	struct verdict *verdict = unit_verdict(
		*state, UNIT_HEALTHY_DOMAIN("", "") HOST("hv01", "1101", "4096", ""), NULL, NULL);
	char line[100];
	char *trace[50];
	struct nagios_settings settings = {.max_output = 2048,
					   .verbosity = 2,
					   .trace_lines = trace,
					   .trace_line_count = COUNT_OF(trace)};
	const char *text, *more;
	size_t shown = 0;

	memset(line, 't', sizeof line - 1);
	line[sizeof line - 1] = '\0';
	for (size_t i = 0; i < COUNT_OF(trace); i++)
		trace[i] = line;
	text = output_of(*state, verdict, settings);
	assert_true(strlen(text) <= 2048);
	for (const char *at = text; (at = strstr(at, "\ntttt")); at++)
		shown++;
	more = strstr(text, " more lines; raise --max-output to see them\n");
	assert_non_null(more);
	while (more[-1] != '\n')
		more--;
	assert_int_equal((size_t)atol(more) + shown, COUNT_OF(trace));
}

/* Thresholds that were crossed are not findings, but do not vanish either. */
static void test_threshold_lines_are_counted_too(void **state)
{
	struct verdict *verdict;
	struct policy policy;
	const char *text, *more;
	size_t shown = 0;

	policy_init(&policy);
	for (size_t i = 0; i < METRIC_COUNT; i++)
		assert_true(range_parse("1000:", &policy.thresholds[i].critical));
	verdict = unit_verdict(*state, UNIT_HEALTHY_DOMAIN("", "") HOST("hv01", "1101", "4096", ""),
			       NULL, &policy);
	assert_int_equal(verdict->findings.count, 0);
	text = output_of(*state, verdict, (struct nagios_settings){.max_output = 1024});
	assert_true(strlen(text) <= 1024);
	for (const char *at = text; (at = strstr(at, "\n[CRITICAL]")); at++)
		shown++;
	more = strstr(text, " more lines; raise --max-output to see them\n");
	assert_non_null(more);
	while (more[-1] != '\n')
		more--;
	assert_int_equal((size_t)atol(more) + shown, METRIC_COUNT);
}

static void test_exempt_and_pairs(void **state)
{
	struct policy *policy = unit_policy(*state, "[group g]\nhosts=hv*\n"
						    "[admins]\nexempt=off\n");
	struct verdict *verdict = unit_verdict(
		*state,
		UNIT_HEALTHY_DOMAIN(UNIT_MEMBER("off"), "")
			UNIT_USER("off", "1001", UNIT_DISABLED, "") HOST("hv01", "1101", "4096", "")
				HOST("hv02", "1102", "4096", ""),
		NULL, policy);
	const char *text = output_of(*state, verdict, (struct nagios_settings){.verbosity = 1});

	/* exempt goes before disabled */
	assert_non_null(strstr(text, "\nadmin off: exempt, not judged\n"));
	assert_non_null(strstr(text, "2 of 2 hosts wrong, 2 of 2 pairs not ready; "));
	assert_non_null(strstr(text, " pairs=2;;;0 pairs_ready=0;;;0;2 "));
	assert_non_null(strstr(text, "\n[CRITICAL] hv01 -> hv02: "));
	assert_non_null(strstr(text, " (migration-target-missing)\n"));
}

/* A report that could not be written is never OK, and hides nothing that was found. */
static void test_unwritten(void **state)
{
	struct verdict *verdict = unit_verdict(
		*state, UNIT_HEALTHY_DOMAIN("", "") HOST("hv01", "1101", "4096", ""), NULL, NULL);
	struct report report = {.verdict = verdict, .version = "0", .read_at = "now"};
	struct nagios_settings settings = {.max_output = 4096, .unwritten = "no <room>"};
	const char *text = nagios_output(*state, &report, &settings);

	assert_int_equal(verdict->state, STATE_OK);
	assert_int_equal(nagios_state(&report, &settings), STATE_UNKNOWN);
	assert_memory_equal(text, "HYPERV DELEGATION UNKNOWN - ", 28);
	assert_non_null(strstr(text, "; report not written | hosts=1;"));
	assert_non_null(strstr(text, "\n[UNKNOWN] --output: no (room)\n"));
	verdict->state = STATE_CRITICAL;
	assert_int_equal(nagios_state(&report, &settings), STATE_CRITICAL);
	assert_memory_equal(nagios_output(*state, &report, &settings),
			    "HYPERV DELEGATION CRITICAL - ", 29);
	settings.unwritten = NULL;
	assert_int_equal(nagios_state(&report, &settings), STATE_CRITICAL);
	assert_null(strstr(nagios_output(*state, &report, &settings), "report"));
}

/* The first line stays short, whatever it counts and whether or not something was written. */
static void test_first_line(void **state)
{
	static const enum service_state states[] = {STATE_OK, STATE_UNKNOWN, STATE_WARNING,
						    STATE_CRITICAL};
	char name[60];
	struct finding finding = {
		.rule = RULE_MIGRATION_SERVICE_UNREGISTERED, .subject = name, .detail = "so"};
	struct verdict *verdict = unit_verdict(*state, UNIT_HEALTHY_DOMAIN("", ""), NULL, NULL);
	size_t longest = 0;

	verdict->findings = (struct finding_list){&finding, 1};
	for (unsigned i = 0; i < 4 * 4 * 7 * 50; i++) {
		struct nagios_settings settings = {
			.max_output = 4096,
			.unwritten = i & 1 ? "a" : NULL,
			.unaccepted = i & 2 ? "b" : NULL,
		};
		struct report report = {.verdict = verdict};
		double count = 1;
		size_t length;

		for (unsigned digits = i / 16 % 7; digits; digits--)
			count *= 10;
		verdict->metrics[METRIC_HOSTS].value = 2 * count;
		verdict->metrics[METRIC_HOSTS_NOT_OK].value = count;
		verdict->metrics[METRIC_ADMINS].value = 3 * count;
		verdict->metrics[METRIC_ADMINS_UNPROTECTED].value = count;
		verdict->metrics[METRIC_UNREADABLE].value = count - 1;
		verdict->metrics[METRIC_DRIFT].value = i % 3;
		finding.state = verdict->state = states[i / 4 % 4];
		memset(name, 'n', sizeof name);
		name[1 + i / 112 % 50] = '\0';
		length = strcspn(nagios_output(*state, &report, &settings), "|");
		unit_check(length < 160, "%u: %zu bytes", i, length);
		longest = length > longest ? length : longest;
	}
	assert_int_equal(longest, 159);
}

/* What one sentence says of many is one line, with as many names as have room. */
static void test_same_sentence(void **state)
{
	static const struct finding findings[] = {
		{RULE_TARGET_UNKNOWN, STATE_WARNING, "hv01", "cifs/a", "nobody", {0}, NULL},
		{RULE_TARGET_UNKNOWN, STATE_WARNING, "hv01", "cifs/b", "nobody", {0}, NULL},
		{RULE_TARGET_UNKNOWN, STATE_WARNING, "hv01", "cifs/c", "somebody", {0}, NULL},
		{RULE_TARGET_UNKNOWN, STATE_WARNING, "hv|2", "cifs/a", "nobody", {0}, NULL},
		{RULE_UNREADABLE, STATE_UNKNOWN, "hv01", NULL, "nobody", {0}, NULL},
		{RULE_UNREADABLE, STATE_UNKNOWN, "hv03", NULL, "nobody", {0}, NULL},
	};
	static const struct {
		size_t max;
		const char *lines;
	} cases[] = {
		{4096,
		 "\n[WARNING] hv01 -> cifs/a, cifs/b; hv/2 -> cifs/a: nobody (target-unknown)\n"
		 "[WARNING] hv01 -> cifs/c: somebody (target-unknown)\n"
		 "[UNKNOWN] hv01, hv03: nobody (unreadable)\n"},
		{280, "\n[WARNING] hv01 -> cifs/a, cifs/b and 1 more: nobody (target-unknown)"},
	};
	struct verdict *verdict = unit_verdict(*state, UNIT_HEALTHY_DOMAIN("", ""), NULL, NULL);

	verdict->findings =
		(struct finding_list){(struct finding *)(uintptr_t)findings, COUNT_OF(findings)};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct report report = {.verdict = verdict};
		struct nagios_text output = {.text = memory_text(*state, "\n"),
					     .max = cases[i].max};
		char *text;

		(void)nagios_findings_add(&output, &report);
		text = output.text;
		unit_check(strstr(text, cases[i].lines) == text, "case %zu: %s", i, text);
	}
}

/* One sentence of many thousands: counted, whatever the limit. */
static void test_many_of_one_sentence(void **state)
{
	enum { MANY = 5000 };
	struct verdict *verdict = unit_verdict(*state, UNIT_HEALTHY_DOMAIN("", ""), NULL, NULL);
	struct finding *findings = memory_array(*state, struct finding, MANY);

	for (size_t i = 0; i < MANY; i++)
		findings[i] = (struct finding){
			.rule = RULE_ADMIN_UNPROTECTED,
			.state = STATE_WARNING,
			.subject = memory_format(*state, "admin%04zu", i),
			.detail = "can be delegated",
		};
	verdict->findings = (struct finding_list){findings, MANY};
	for (size_t max = 1024; max < 40000; max += 977) {
		const char *text =
			output_of(*state, verdict, (struct nagios_settings){.max_output = max});
		const char *line = strstr(text, "\n[WARNING] admin0000, admin0001, ");
		size_t named = 1;
		size_t more = 0;

		assert_non_null(line);
		assert_true(strlen(text) <= max);
		for (const char *at = line + 1; *at && *at != ':'; at++) {
			named += *at == ',';
			if (!strncmp(at, " and ", 5))
				more = (size_t)atol(at + 5);
		}
		assert_int_equal(named + more, MANY);
		unit_check(named > max / 8 / 13, "%zu of %zu bytes", named, max);
	}
}

UNIT_MAIN(UNIT_TEST(test_clean), UNIT_TEST(test_failure), UNIT_TEST(test_whole_text),
	  UNIT_TEST(test_halves), UNIT_TEST(test_thresholds), UNIT_TEST(test_threshold_of_admins),
	  UNIT_TEST(test_verbosity), UNIT_TEST(test_first_line), UNIT_TEST(test_same_sentence),
	  UNIT_TEST(test_many_of_one_sentence), UNIT_TEST(test_every_limit_is_kept),
	  UNIT_TEST(test_what_is_left_out_is_counted), UNIT_TEST(test_words_of_the_rest),
	  UNIT_TEST(test_other_lines_are_counted_too),
	  UNIT_TEST(test_threshold_lines_are_counted_too), UNIT_TEST(test_exempt_and_pairs),
	  UNIT_TEST(test_unwritten))
