/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page: each pair by its letter, each account by what protects it, nothing that was not
 * seen as fine. That it is sound HTML is looked at by tests/reports.t. */
#include "report/html_output.h"

#include "policy/baseline.h"
#include "policy/replica.h"
#include "report/json_output.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#define MIGRATION "Microsoft Virtual System Migration Service"
#define SERVICE(cn) "servicePrincipalName: " MIGRATION "/" cn "\n"
#define LISTS(cn)                                                                                  \
	"msDS-AllowedToDelegateTo: " MIGRATION "/" cn "\nmsDS-AllowedToDelegateTo: " MIGRATION     \
	"/" cn ".hv.test\nmsDS-AllowedToDelegateTo: cifs/" cn                                      \
	"\nmsDS-AllowedToDelegateTo: cifs/" cn ".hv.test\n"
#define SYSTEM(build) "operatingSystemVersion: 10.0 (" build ")\n"
#define HOST(cn, rid, uac, extra) UNIT_COMPUTER(cn, rid, uac, SERVICE(cn) SYSTEM("20348") extra)
#define ANY_PROTOCOL "16781312"
#define PLAIN "4096"

static const char *page_of(const void *context, const struct verdict *verdict, bool with_fix)
{
	struct report report = {.verdict = verdict,
				.version = "1.2",
				.read_at = "2030-01-01T00:00:00Z",
				.with_fix = with_fix};

	return html_output(context, &report);
}

static void assert_has(const char *page, const char *part)
{
	unit_check(strstr(page, part), "%s is not in\n%s", part, page);
}

static void assert_lacks(const char *page, const char *part)
{
	unit_check(!strstr(page, part), "%s is in the page", part);
}

/* That each of the parts is in the page behind the one before it. */
static void assert_order(const char *page, const char *const *parts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *next = strstr(page, parts[i]);

		unit_check(next, "%s is not behind\n%s", parts[i], page);
		page = next;
	}
}

/* The row of a matrix without markup: "hv1 -KR" ("-": the host itself). */
static const char *row_of(const void *context, const char *page, const char *host)
{
	const char *start = memory_format(context, "\n<tr><th scope=\"row\">%s<td", host);
	const char *at = strstr(page, start);
	char *row = memory_text(context, "");
	const char *end;

	unit_check(at, "no row of %s in\n%s", host, page);
	at += strlen(start) - 3;
	end = strchr(at, '\n');
	while (at && at < end) {
		const char *text = strchr(at, '>') + 1;

		while (*text == '<' && !strncmp(text, "<a ", 3))
			text = strchr(text, '>') + 1;
		row = talloc_strndup_append_buffer(row, *text == '<' || *text == '\n' ? "-" : text,
						   *text == '\xC3' || *text == '\xC2' ? 2 : 1);
		at = strstr(text, "<td");
	}
	return row;
}

static const char *estate(const void *context)
{
	static const char *const trustees[] = {UNIT_SID "-1103"};

	return memory_format(context, UNIT_HEALTHY_DOMAIN("", "") "%s%s%s%s%s",
			     HOST("hv1", "1101", ANY_PROTOCOL, LISTS("hv2") LISTS("hv3")),
			     HOST("hv2", "1102", PLAIN, LISTS("hv1") LISTS("hv3")),
			     memory_format(context, HOST("hv3", "1103", PLAIN, "")),
			     memory_format(context, HOST("hv4", "1104", "528384", "%s"),
					   unit_allowed_to_act(context, trustees, 1)),
			     HOST("hv5", "1105", "x", ""));
}

static void test_matrix(void **state)
{
	struct policy *policy = unit_policy(*state, "[group lab]\nhosts=hv*\n[group one]\n"
						    "hosts=hv1\n");
	const char *page =
		page_of(*state, unit_verdict(*state, estate(*state), NULL, policy), false);

	assert_has(page, "<h3>lab <small>7 of 20 pairs ready</small></h3>");
	assert_has(page, "Wanted: " MIGRATION ", cifs.");
	assert_string_equal(row_of(*state, page, "hv1"), "-KK\xC3\x97\xC3\x97");
	assert_string_equal(row_of(*state, page, "hv2"), "P-P\xC3\x97\xC3\x97");
	assert_string_equal(row_of(*state, page, "hv3"), "\xC3\x97\xC3\x97-R\xC3\x97");
	assert_string_equal(row_of(*state, page, "hv4"), "UUU-U");
	assert_string_equal(row_of(*state, page, "hv5"), memory_format(*state, "%s-", "????"));
	assert_has(page, "No two hosts that are judged and enabled.");
	/* what differs in the destination alone is told once, and each can be pointed at */
	assert_has(page, "does not list " MIGRATION " and cifs for hv4, and nothing else lets it "
			 "delegate there<br>The same for <span id=\"f2\">hv5</span>\n");
	assert_has(page, "<a class=\"critical\" href=\"#f1\">migration-target-missing: 2</a>");
	/* a cell leads to its reason */
	assert_has(page, "title=\"hv1 to hv4: virtual machines can not be migrated");
}

/* Where nobody declared anything, nothing is missing: what belongs together is shown. */
static void test_matrix_without_groups(void **state)
{
	const char *page = page_of(*state, unit_verdict(*state, estate(*state), NULL, NULL), false);

	assert_has(page, "The policy declares no group.");
	assert_has(page, "<h3>hv1 and others <small>4 hosts</small></h3>");
	assert_string_equal(row_of(*state, page, "hv1"), "-KK\xC2\xB7");
	assert_string_equal(row_of(*state, page, "hv2"), "P-P\xC2\xB7");
	assert_string_equal(row_of(*state, page, "hv4"), "UUU-");
	assert_has(page, "<p>With no other one: hv5.</p>");
}

static void test_too_many_hosts(void **state)
{
	char *text = memory_text(*state, UNIT_HEALTHY_DOMAIN("", ""));
	const char *page;

	for (size_t i = 0; i < 501; i++)
		text = talloc_asprintf_append_buffer(
			text, UNIT_COMPUTER("h%zu", "%zu", "4096", SERVICE("x")), i, 5000 + i, i,
			i);
	page = page_of(*state, unit_verdict(*state, text, NULL, NULL), false);
	assert_has(page, "too many hosts to show all pairs");
	assert_lacks(page, "class=\"grid\"");
	assert_has(page, "<h2>501 hosts</h2>");
}

static void test_admins(void **state)
{
	struct policy *policy = unit_policy(*state, "[admins]\nexempt=break\n");
	const char *page = page_of(
		*state,
		unit_verdict(
			*state,
			UNIT_HEALTHY_DOMAIN(
				UNIT_MEMBER("bare") UNIT_MEMBER("break") UNIT_MEMBER("off")
					UNIT_MEMBER("hidden") UNIT_MEMBER("safe"),
				UNIT_MEMBER("safe")) UNIT_USER("bare", "1001", UNIT_ENABLED, "")
				UNIT_USER("break", "1002", UNIT_ENABLED, "")
					UNIT_USER("off", "1003", UNIT_DISABLED, "")
						UNIT_USER("hidden", "1004", "x", "")
							UNIT_USER("safe", "1005", UNIT_ENABLED, ""),
			NULL, policy),
		false);
	static const char *const order[] = {
		"can be delegated <small>1</small>",
		"bare<td class=\"bit\">not set<td class=\"users\">no member<td class=\"via\">"
		"Domain <wbr>Admins, <wbr>Administrators<td",
		"not known <small>1</small>",
		"hidden<td class=\"bit\">not readable<td class=\"users\">no member<td",
		"protected <small>2</small>",
		"Administrator<td class=\"bit\">set<td class=\"users\">no member<td",
		"safe<td class=\"bit\">not set<td class=\"users\">member<td",
		"exempt by the policy, not judged <small>1</small>",
		"break<td",
		"disabled, not judged <small>1</small>",
		"off<td",
	};

	assert_has(page, "<h2>4 privileged accounts</h2>");
	assert_order(strstr(page, "<section id=\"admins\">"), order, COUNT_OF(order));
}

/* The worst first, each with its findings, the worst first, and whom it trusts. */
static void test_hosts(void **state)
{
	static const char *const few[] = {UNIT_SID "-1102", UNIT_SID "-9"};
	static const char *const many[] = {UNIT_SID "-1102", UNIT_SID "-1", UNIT_SID "-2",
					   UNIT_SID "-3",    UNIT_SID "-4", UNIT_SID "-5"};
	static const char *const order[] = {
		"<b class=\"state critical\">CRITICAL</b><th scope=\"row\">hv3<td class=\"found\">"
		"<a class=\"critical\" href=\"#f",
		"\">unconstrained-delegation</a><br><a class=\"warning\" href=\"#f",
		"\">host-disabled</a><br><a class=\"warning\" href=\"#f",
		"\">rbcd-unknown-trustee: 5</a><br><td class=\"may\">to any service",
		"<td class=\"trustees\">hv2, <wbr>" UNIT_SID "-1, <wbr>" UNIT_SID
		"-2, <wbr>" UNIT_SID "-3 <wbr>and 2 more<td",
		"<b class=\"state warning\">WARNING</b><th scope=\"row\">hv4<td",
		"<td class=\"trustees\">hv2, <wbr>" UNIT_SID "-9<td",
		"<b class=\"state ok\">OK</b><th scope=\"row\">hv1<td class=\"found\">"
		"<td class=\"may\">none<td class=\"targets\">0<td class=\"none\">none<td",
		"OK</b><th scope=\"row\">hv2<td",
		"</section>",
	};
	const char *text = memory_format(
		*state, UNIT_HEALTHY_DOMAIN("", "") "%s%s%s", HOST("hv1", "1101", PLAIN, ""),
		HOST("hv2", "1102", PLAIN, ""),
		memory_format(*state, "%s%s",
			      memory_format(*state, HOST("hv3", "1103", "528386", "%s"),
					    unit_allowed_to_act(*state, many, COUNT_OF(many))),
			      memory_format(*state, HOST("hv4", "1104", PLAIN, "%s"),
					    unit_allowed_to_act(*state, few, COUNT_OF(few)))));
	const char *page = page_of(*state, unit_verdict(*state, text, NULL, NULL), false);

	assert_order(strstr(page, "<section id=\"hosts\">"), order, COUNT_OF(order));
}

/* A fact that drifted is called as in the rest of the page. */
static void test_drift(void **state)
{
	struct report report = {
		.verdict = unit_verdict(
			*state, UNIT_HEALTHY_DOMAIN("", "") HOST("hv1", "1101", ANY_PROTOCOL, ""),
			NULL, NULL),
		.version = "1",
		.read_at = "2030-01-01T00:00:00Z"};
	char *then = json_output(*state, &report);
	struct error error = {0};
	struct policy policy;
	const char *page;

	policy_init(&policy);
	policy.baseline = baseline_parse(*state, then, strlen(then), &error);
	page = page_of(*state,
		       unit_verdict(*state,
				    UNIT_HEALTHY_DOMAIN("", "") HOST("hv1", "1101", PLAIN, ""),
				    NULL, &policy),
		       false);
	assert_has(page, "<td><b>protocol <wbr>transition</b>: &quot;use any authentication "
			 "protocol&quot; was switched off\n");
	assert_has(page, "\">drift: <wbr>protocol <wbr>transition</a>");
	assert_lacks(page, "protocol_transition");
}

/* Where there is nothing, neither a table nor a legend of one. */
static void test_nothing(void **state)
{
	const char *page =
		page_of(*state, unit_verdict(*state, UNIT_DOMAIN(""), NULL, NULL), false);

	assert_has(page, "<h2>0 hosts</h2>");
	assert_has(page, "<h2>Migration</h2>\n<p>No host was judged.</p>\n</section>");
	assert_has(page, "<h2>Hosts <small>0</small></h2>\n<p>No host was judged.</p>\n</section>");
	assert_has(page, "<p>No privileged account is known.</p>\n</section>");
	assert_lacks(page, "class=\"legend\"");
	assert_lacks(page, "class=\"admins\"");
	page = page_of(*state,
		       unit_verdict(*state,
				    UNIT_HEALTHY_DOMAIN("", "") HOST("hv1", "1101", PLAIN, ""),
				    NULL, NULL),
		       false);
	assert_has(page, "<h2>1 host</h2>");
	assert_has(page, "<h2>1 privileged account</h2>");
	assert_has(page, "<p>With no other one: hv1.</p>");
	assert_lacks(page, "class=\"legend\"");
}

/* More than a few names stand above what is said of all of them. */
static void test_many_names(void **state)
{
#define BARE(cn, rid) UNIT_USER(cn, rid, UNIT_ENABLED, "")
	const char *three =
		UNIT_HEALTHY_DOMAIN(UNIT_MEMBER("a") UNIT_MEMBER("b") UNIT_MEMBER("c"), "")
			BARE("a", "1001") BARE("b", "1002") BARE("c", "1003");
	const char *four = UNIT_HEALTHY_DOMAIN(
		UNIT_MEMBER("a") UNIT_MEMBER("b") UNIT_MEMBER("c") UNIT_MEMBER("d"), "")
		BARE("a", "1001") BARE("b", "1002") BARE("c", "1003") BARE("d", "1004");

	assert_has(page_of(*state, unit_verdict(*state, three, NULL, NULL), false),
		   "<tr><th scope=\"row\"><span id=\"f1\">a,</span>");
	assert_has(page_of(*state, unit_verdict(*state, four, NULL, NULL), false),
		   "<tr class=\"many\"><th scope=\"row\"><span id=\"f1\">a,</span>");
#undef BARE
}

static void test_findings(void **state)
{
	const struct verdict *verdict =
		unit_verdict(*state,
			     UNIT_HEALTHY_DOMAIN(UNIT_MEMBER("<i>") UNIT_MEMBER("zoe"), "")
				     UNIT_USER("<i>", "1001", UNIT_ENABLED, "")
					     UNIT_USER("zoe", "1002", UNIT_ENABLED, "")
						     HOST("hv1", "1101", "528384", ""),
			     NULL, NULL);
	const char *page = page_of(*state, verdict, false);

	/* those that say the same are told in one row, and each can be pointed at */
	assert_has(page, "<span id=\"f1\">&lt;i&gt;,</span> <span id=\"f2\">zoe</span><td>");
	assert_has(page, "<a class=\"critical\" href=\"#f3\">unconstrained-delegation</a>");
	assert_has(page, "<b class=\"state critical\">CRITICAL</b> unconstrained-delegation ");
	assert_lacks(page, "<pre>");
	assert_lacks(page, "<i>zoe");
	page = page_of(*state, verdict, true);
	assert_has(page, "<span id=\"f2\">zoe</span><td>");
	assert_lacks(page, ",</span> <span");
	assert_has(page, "<p class=\"kind\">In PowerShell:</p>"
			 "<pre>Set-ADAccountControl -Identity &#39;hv1$&#39; ");
	assert_has(page, "\n</pre><p class=\"kind\">Or in a Unix shell:</p><pre>samba-tool ");
}

static void test_halves(void **state)
{
	struct policy policy;
	const char *page;

	policy_init(&policy);
	policy.selection.hosts = false;
	page = page_of(*state, unit_verdict(*state, UNIT_HEALTHY_DOMAIN("", ""), NULL, &policy),
		       false);
	assert_lacks(page, "#hosts");
	assert_lacks(page, "id=\"matrix\"");
	assert_has(page, "id=\"admins\"");
	assert_has(page, "No finding.");
	policy.selection.hosts = true;
	policy.selection.admins = false;
	page = page_of(*state, unit_verdict(*state, UNIT_DOMAIN(""), NULL, &policy), false);
	assert_has(page, "id=\"matrix\"");
	assert_lacks(page, "#admins");
}

/* A directory that was read in part: said at the top, and no host is fine. */
static void test_gap(void **state)
{
	struct directory *directory = unit_directory(
		*state, DIRECTORY_LDAP, UNIT_HEALTHY_DOMAIN("", "") HOST("hv1", "1101", PLAIN, ""));
	struct error error = {0};
	struct policy policy;
	const char *page;

	policy_init(&policy);
	directory_add_gap(directory, "dc1", "size <limit>");
	page = page_of(*state,
		       verdict_reach(*state,
				     snapshot_build(*state, directory, &policy.selection, &error),
				     &policy, 0),
		       false);
	assert_has(page, "The directory was not read whole.");
	assert_has(page, "<li>dc1: size &lt;limit&gt;");
	assert_has(page, "<b class=\"state unknown\">UNKNOWN</b><th scope=\"row\">hv1<td");
	assert_has(page, "</i>1 not known</span>");
}

/* What could not be read of other controllers, and of the catalogue that they ask. */
static void test_gaps_of_others(void **state)
{
	static const char text[] = UNIT_HEALTHY_DOMAIN("", "") HOST("hv1", "1101", PLAIN, "");
	struct directory *directories[2];
	struct error error = {0};
	struct policy policy;
	struct replica items[] = {{.server = "dc2"}, {.server = "dc3", .failure = "refused"}};
	struct replica_list replicas = {.items = items, .count = COUNT_OF(items)};
	const struct snapshot *judged;
	const char *page;

	policy_init(&policy);
	policy.replicas = &replicas;
	for (size_t i = 0; i < COUNT_OF(directories); i++)
		directories[i] = unit_directory(*state, DIRECTORY_LDAP, text);
	/* the one that is judged was asked, too, and told all */
	directory_add_source(directory_elsewhere(directories[0]), "gc");
	directory_add_gap(directories[1], "dc2", "busy");
	directory_add_gap(directory_elsewhere(directories[1]), "gc", "hung up");
	items[0].snapshot = snapshot_build(*state, directories[1], &policy.selection, &error);
	judged = snapshot_build(*state, directories[0], &policy.selection, &error);
	page = page_of(*state, verdict_reach(*state, judged, &policy, 0), false);
	assert_has(page, "The directory was not read whole.");
	assert_has(page, "<li>dc2: busy\n<li>gc: hung up\n<li>dc3: refused\n</ul>");
	/* of the catalogue that both ask it is told once */
	directory_add_gap(directory_elsewhere(directories[0]), "gc", "hung up");
	page = page_of(*state, verdict_reach(*state, judged, &policy, 0), false);
	assert_has(page, "<li>gc: hung up\n<li>dc2: busy\n<li>dc3: refused\n</ul>");
}

UNIT_MAIN(UNIT_TEST(test_matrix), UNIT_TEST(test_matrix_without_groups),
	  UNIT_TEST(test_too_many_hosts), UNIT_TEST(test_admins), UNIT_TEST(test_hosts),
	  UNIT_TEST(test_drift), UNIT_TEST(test_nothing), UNIT_TEST(test_many_names),
	  UNIT_TEST(test_findings), UNIT_TEST(test_halves), UNIT_TEST(test_gap),
	  UNIT_TEST(test_gaps_of_others))
