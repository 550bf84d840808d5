/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What several controllers hold: where they disagree, and what counts of the others. */
#include "policy/replica.h"

#include "report/fix_commands.h"
#include "unit.h"

#define HOST(cn, rid, uac, extra) UNIT_COMPUTER(cn, rid, uac, extra) UNIT_CONNECTION_POINT(cn)
/* A live controller has the other groups that must be there, too. */
#define HEALTHY(admins)                                                                            \
	UNIT_HEALTHY_DOMAIN(admins, "")                                                            \
	UNIT_GROUP("Schema Admins", UNIT_SID "-518", "")                                           \
	UNIT_GROUP("Enterprise Admins", UNIT_SID "-519", "")                                       \
	UNIT_GROUP("Account Operators", "S-1-5-32-548", "")                                        \
	UNIT_GROUP("Server Operators", "S-1-5-32-549", "")                                         \
	UNIT_GROUP("Print Operators", "S-1-5-32-550", "")                                          \
	UNIT_GROUP("Backup Operators", "S-1-5-32-551", "")
#define DOMAIN HEALTHY("")
#define TARGET(spn) "msDS-AllowedToDelegateTo: " spn "\n"
#define SPN(spn) "servicePrincipalName: " spn "\n"
#define ADMIN(uac) UNIT_USER("a", "1201", uac, "")

enum { MOST_SERVERS = 4 };

static struct directory *read_server(void **state, const char *name, const char *text)
{
	struct directory *directory = unit_directory(*state, DIRECTORY_LDAP, text);

	directory->sources[0] = name;
	return directory;
}

static const struct snapshot *build(void **state, const struct directory *directory,
				    const struct policy *policy)
{
	struct error error = {0};
	const struct snapshot *snapshot =
		snapshot_build(*state, directory, &policy->selection, &error);

	unit_check(snapshot, "%s", error.text);
	return snapshot;
}

/* The verdict on the first of the directories, with all others as dc2, dc3, ... */
static struct verdict *judge(void **state, struct directory *const *directories,
			     const char *policy_text)
{
	struct policy *policy =
		policy_text ? unit_policy(*state, policy_text) : memory_new(*state, struct policy);
	struct replica_list *replicas = memory_new(*state, struct replica_list);

	if (!policy_text)
		policy_init(policy);
	replicas->items = memory_array(*state, struct replica, MOST_SERVERS);
	for (size_t i = 1; directories[i]; i++)
		replicas->items[replicas->count++] = (struct replica){
			.server = directories[i]->sources[0],
			.snapshot = build(state, directories[i], policy),
		};
	policy->replicas = replicas;
	return verdict_reach(*state, build(state, directories[0], policy), policy, 0);
}

static struct verdict *judge_texts(void **state, const char *const *texts, const char *policy)
{
	struct directory *directories[MOST_SERVERS + 1] = {NULL};

	for (size_t i = 0; i < MOST_SERVERS && texts[i]; i++)
		directories[i] = read_server(state, memory_format(*state, "dc%zu", i + 1),
					     memory_format(*state, "%s%s", DOMAIN, texts[i]));
	return judge(state, directories, policy);
}

/* "subject object: detail\n" for each finding of servers-disagree. */
static const char *disagreements(void **state, const struct verdict *verdict)
{
	static const char prefix[] = "the controllers differ: ";
	char *text = memory_text(*state, "");

	for (size_t i = 0; i < verdict->findings.count; i++) {
		const struct finding *finding = &verdict->findings.items[i];
		const char *detail = finding->detail;

		if (finding->rule != RULE_SERVERS_DISAGREE)
			continue;
		if (!strncmp(detail, prefix, sizeof prefix - 1))
			detail += sizeof prefix - 1;
		text = memory_format(*state, "%s%s %s: %s\n", text, finding->subject,
				     finding->object, detail);
	}
	return text;
}

static void test_values(void **state)
{
	static const struct {
		const char *texts[MOST_SERVERS];
		const char *found;
	} cases[] = {
		{{HOST("hv01", "1001", "4096", "")}, ""},
		{{HOST("hv01", "1001", "4096", ""), HOST("hv01", "1001", "4096", "")}, ""},
		/* passwords and lock-outs are no matter of a rule */
		{{HOST("hv01", "1001", "4096", ""), HOST("HV01", "1001", "69648", "")}, ""},
		{{HOST("hv01", "1001", "4096", ""), HOST("hv01", "1001", "4098", "")},
		 "hv01 userAccountControl: dc1: enabled; dc2: disabled\n"},
		{{HOST("hv01", "1001", "16781312", ""), HOST("hv01", "1001", "528384", ""),
		  HOST("hv01", "1001", "16781312", "")},
		 "hv01 userAccountControl: dc1, dc3: enabled, any authentication protocol; dc2: "
		 "enabled, unconstrained delegation\n"},
		/* only the others differ */
		{{HOST("hv01", "1001", "4096", ""), HOST("hv01", "1001", "4096", ""),
		  HOST("hv01", "1001", "4098", ""), HOST("hv01", "1001", "4098", "")},
		 "hv01 userAccountControl: dc1, dc2: enabled; dc3, dc4: disabled\n"},
		/* hidden, and not decodable */
		{{HOST("hv01", "1001", "4096", ""), HOST("hv01", "1001", "x", "")},
		 "hv01 userAccountControl: dc1: enabled; dc2: not decodable\n"},
		{{UNIT_USER("x", "1301", "1049088", ""), UNIT_GROUP("x", UNIT_SID "-1301", "")},
		 "x groupType: dc1: not set, or not shown; dc2: -2147483646\n"
		 "x primaryGroupID: dc1: 513; dc2: not set, or not shown\n"
		 "x userAccountControl: dc1: enabled, sensitive and cannot be delegated; dc2: not "
		 "set, or not shown\n"},
		{{UNIT_COMPUTER("dc9", "1301", "532480", ""),
		  UNIT_COMPUTER("dc9", "1301", "83890176", "")},
		 "dc9$ userAccountControl: dc1: enabled, unconstrained delegation, a domain "
		 "controller; dc2: enabled, any authentication protocol, a read-only domain "
		 "controller\n"},
		/* lists: what is lacking, in any order and letter case */
		{{HOST("hv01", "1001", "4096", TARGET("cifs/a") TARGET("cifs/b")),
		  HOST("hv01", "1001", "4096", TARGET("cifs/B") TARGET("cifs/A"))},
		 ""},
		{{HOST("hv01", "1001", "4096", TARGET("cifs/a") TARGET("cifs/b")),
		  HOST("hv01", "1001", "4096", TARGET("cifs/c") TARGET("cifs/A")),
		  HOST("hv01", "1001", "4096", "")},
		 "hv01 msDS-AllowedToDelegateTo: dc1 without cifs/c; dc2 without cifs/b; dc3 "
		 "without cifs/A, cifs/b, cifs/c\n"},
		/* a list that was cut short proves nothing */
		{{HOST("hv01", "1001", "4096", TARGET("cifs/a") TARGET("cifs/b")),
		  HOST("hv01", "1001", "4096", "msDS-AllowedToDelegateTo;range=0-0: cifs/a\n")},
		 ""},
		{{HOST("hv01", "1001", "4096",
		       SPN("HOST/hv01") "operatingSystemVersion: 6.3 (9600)\n"),
		  HOST("hv01", "1001", "4096", "operatingSystemVersion: 10.0 (20348)\n")},
		 "hv01 operatingSystemVersion: dc1: 6.3 (9600); dc2: 10.0 (20348)\n"
		 "hv01 servicePrincipalName: dc2 without HOST/hv01\n"},
		/* renamed on one: the SID tells who it is */
		{{UNIT_USER("a", "1201", UNIT_SENSITIVE, ""),
		  UNIT_USER("b", "1201", UNIT_SENSITIVE, "")},
		 "a sAMAccountName: dc1: a; dc2: b\n"},
		{{UNIT_USER("a", "1201", UNIT_SENSITIVE, ""),
		  "dn: " UNIT_DN("a") "\nobjectSid: " UNIT_SID "-1201\nsAMAccountName: a\n"
				      "userAccountControl: " UNIT_SENSITIVE
				      "\nprimaryGroupID: 515\n\n"},
		 "a primaryGroupID: dc1: 513; dc2: 515\n"},
		{{"dn: CN=Directory Service,CN=x\nsPNMappings: host=cifs\n\n",
		  "dn: CN=Directory Service,CN=x\nsPNMappings: host=http\n\n"},
		 "hv.test sPNMappings: dc1 without host=http; dc2 without host=cifs\n"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct verdict *verdict = judge_texts(state, cases[i].texts, NULL);

		unit_check(!strcmp(disagreements(state, verdict), cases[i].found), "case %zu: %s",
			   i, disagreements(state, verdict));
		unit_check((verdict->state != STATE_OK) >= (*cases[i].found != '\0'), "case %zu",
			   i);
	}
}

static void test_presence(void **state)
{
	static const struct {
		const char *texts[MOST_SERVERS];
		const char *found;
	} cases[] = {
		{{ADMIN(UNIT_SENSITIVE), "", ADMIN(UNIT_DISABLED)},
		 "a objectSid: dc1, dc3: there; dc2: not there, or not shown\n"
		 "a userAccountControl: dc1: enabled, sensitive and cannot be delegated; dc3: "
		 "disabled\n"},
		{{"", ADMIN(UNIT_SENSITIVE)},
		 "a objectSid: dc1: not there, or not shown; dc2: there\n"},
		{{HOST("hv01", "1001", "4096", ""), UNIT_COMPUTER("hv01", "1001", "4096", "")},
		 "hv01 serviceConnectionPoint: dc1: there; dc2: not there, or not shown\n"},
		/* a member that is found missing is not found again in its group */
		{{UNIT_GROUP("g", UNIT_SID "-1301", UNIT_MEMBER("a") UNIT_MEMBER("b"))
			  ADMIN(UNIT_SENSITIVE) UNIT_USER("b", "1202", UNIT_SENSITIVE, ""),
		  UNIT_GROUP("g", UNIT_SID "-1301", "") UNIT_USER("b", "1202", UNIT_SENSITIVE, "")},
		 "a objectSid: dc1: there; dc2: not there, or not shown\n"
		 "g member: dc2 without b\n"},
		/* a member that was renamed or moved is the same; an unread one is its DN */
		{{UNIT_GROUP("g", UNIT_SID "-1301", UNIT_MEMBER("a") "member: CN=z,DC=o\n")
			  UNIT_USER("a", "1201", UNIT_SENSITIVE, ""),
		  UNIT_GROUP("g", UNIT_SID "-1301", UNIT_MEMBER("b"))
			  UNIT_USER("b", "1201", UNIT_SENSITIVE, "")},
		 "a sAMAccountName: dc1: a; dc2: b\n"
		 "g member: dc2 without CN=z,DC=o\n"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct verdict *verdict = judge_texts(state, cases[i].texts, NULL);

		unit_check(!strcmp(disagreements(state, verdict), cases[i].found), "case %zu: %s",
			   i, disagreements(state, verdict));
	}
}

/* Descriptors are compared by the entries that count, in their order. */
static void test_descriptors(void **state)
{
	static const struct unit_ace none[] = {{0}};
	static const struct unit_ace grant[] = {{0, 0, 0x100, 0, UNIT_SID "-1101"}};
	static const struct unit_ace grant_more[] = {{0, 0, 0xF01FF, 0, UNIT_SID "-1101"},
						     {0, 0, 0x10, 0, UNIT_SID "-1102"}};
	static const struct unit_ace denied[] = {{1, 0, 0x100, 0, UNIT_SID "-1101"},
						 {0, 0, 0x100, 0, UNIT_SID "-1101"}};
	static const struct unit_ace late[] = {{0, 0, 0x100, 0, UNIT_SID "-1101"},
					       {1, 0, 0x100, 0, UNIT_SID "-1101"}};
	static const struct {
		const struct unit_ace *here, *there;
		size_t here_count, there_count;
		const char *found;
	} cases[] = {
		{grant, grant_more, 1, 2, ""},
		{grant, none, 1, 0, "dc2 without the grant to " UNIT_SID "-1101"},
		{grant, denied, 1, 2, "dc1 without the denial of " UNIT_SID "-1101"},
		{denied, late, 2, 2, "the same entries, but in another order"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *texts[MOST_SERVERS] = {NULL};
		const char *expected = "";

		for (size_t k = 0; k < 2; k++) {
			struct unit_descriptor descriptor;
			char *hex = memory_text(*state, "");

			unit_descriptor_build(&descriptor, k ? cases[i].there : cases[i].here,
					      k ? cases[i].there_count : cases[i].here_count);
			for (size_t b = 0; b < descriptor.size; b++)
				hex = memory_check(talloc_asprintf_append(
					hex, "%02x", (unsigned)descriptor.bytes[b]));
			texts[k] = memory_format(
				*state,
				HOST("hv01", "1001", "4096",
				     "msDS-AllowedToActOnBehalfOfOtherIdentity:: %s\n"),
				hex);
		}
		if (*cases[i].found)
			expected = memory_format(
				*state, "hv01 msDS-AllowedToActOnBehalfOfOtherIdentity: %s\n",
				cases[i].found);
		unit_check(!strcmp(disagreements(state, judge_texts(state, texts, NULL)), expected),
			   "case %zu: %s", i,
			   disagreements(state, judge_texts(state, texts, NULL)));
	}
}

/* What is not judged is not found. */
static void test_selection(void **state)
{
	static const char *const hosts[MOST_SERVERS] = {
		HOST("hv01", "1001", "4096", "") HOST("hv02", "1002", "4096", ""),
		HOST("hv01", "1001", "4098", "") HOST("hv02", "1002", "4098", "")};
	static const char admins[] = HEALTHY(UNIT_MEMBER("a"));
	struct directory *directories[] = {
		read_server(state, "dc1",
			    memory_format(*state, "%s%s", admins, ADMIN(UNIT_SENSITIVE))),
		read_server(state, "dc2",
			    memory_format(*state, "%s%s", admins, ADMIN(UNIT_DISABLED))),
		NULL};
	struct verdict *verdict;

	verdict = judge_texts(state, hosts, "[hosts]\nexclude = hv02.hv.*\n");
	assert_string_equal(disagreements(state, verdict),
			    "hv01 userAccountControl: dc1: enabled; dc2: disabled\n");
	verdict = judge(state, directories, "[rules]\nservers-disagree = critical\n");
	assert_string_equal(unit_findings_of(*state, verdict, RULE_SERVERS_DISAGREE),
			    "CRITICAL a userAccountControl\n");
	verdict = judge(state, directories, "[admins]\nexempt = a\n");
	assert_string_equal(disagreements(state, verdict), "");
}

/* The level is each controller's own, and matters from 6 on. */
static void test_levels(void **state)
{
	static const struct {
		const char *levels[2];
		const char *found;
	} cases[] = {
		{{"6", "7"}, ""},
		{{"4", "5"}, ""},
		{{"7", "5"},
		 "hv.test domainControllerFunctionality: Protected Users protects from "
		 "level 6 on, and the controllers differ: dc1: 7; dc2: 5\n"},
		{{"7", "x"}, ""},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct directory *directories[3] = {NULL};

		for (size_t k = 0; k < 2; k++)
			directories[k] = read_server(
				state, k ? "dc2" : "dc1",
				memory_format(*state,
					      UNIT_ROOTDSE("domainControllerFunctionality: %s\n")
						      UNIT_DOMAIN("msDS-Behavior-Version: 7\n"),
					      cases[i].levels[k]));
		unit_check(!strcmp(disagreements(state, judge(state, directories, NULL)),
				   cases[i].found),
			   "case %zu: %s", i,
			   disagreements(state, judge(state, directories, NULL)));
	}
}

/* What another controller's copy leads to is found, whichever is judged. */
static void test_findings_of_others(void **state)
{
	static const char *const texts[MOST_SERVERS] = {
		HOST("hv01", "1001", "4096", ""), HOST("hv01", "1001", "528384", ""),
		HOST("hv01", "1001", "528384", TARGET("cifs/x"))};
	struct verdict *verdict = judge_texts(state, texts, NULL);
	const struct finding *finding = &verdict->findings.items[2];
	struct text_list commands;

	assert_string_equal(unit_findings(*state, verdict),
			    "servers-disagree WARNING hv01 msDS-AllowedToDelegateTo\n"
			    "servers-disagree WARNING hv01 userAccountControl\n"
			    "target-unknown WARNING hv01 cifs/x\n"
			    "unconstrained-delegation CRITICAL hv01 -\n");
	assert_int_equal(verdict->state, STATE_CRITICAL);
	assert_string_equal(finding->server, "dc3");
	assert_memory_equal(finding->detail, "as dc3 has it: nobody owns", 26);
	assert_string_equal(verdict->findings.items[3].server, "dc2");
	/* counts are of the judged one, which has no target, but the host is not in order */
	assert_true(verdict->metrics[METRIC_HOSTS_NOT_OK].value == 1);
	assert_true(verdict->metrics[METRIC_TARGETS_UNEXPECTED].value == 0);
	/* no command takes away what the judged one does not have */
	commands = fix_commands(*state, verdict, finding);
	assert_int_equal(commands.count, 6);
	assert_string_equal(commands.items[5],
			    "samba-tool drs showrepl dc1 --use-kerberos=required");
	assert_int_equal(fix_commands(*state, verdict, &verdict->findings.items[0]).count, 6);
}

/* Of a finding of both, the worse state counts; the thresholds are applied to each. */
static void test_worse_state(void **state)
{
	static const char one[] = HEALTHY(UNIT_MEMBER("a") UNIT_MEMBER("b")) ADMIN(UNIT_ENABLED)
		UNIT_USER("b", "1202", UNIT_SENSITIVE, "");
	static const char two[] = HEALTHY(UNIT_MEMBER("a") UNIT_MEMBER("b")) ADMIN(UNIT_ENABLED)
		UNIT_USER("b", "1202", UNIT_ENABLED, "");
	struct directory *directories[] = {read_server(state, "dc1", one),
					   read_server(state, "dc2", two), NULL};
	struct policy *policy = memory_new(*state, struct policy);
	struct replica replica = {.server = "dc2"};
	struct replica_list replicas = {.items = &replica, .count = 1};
	struct verdict *verdict;

	policy_init(policy);
	policy->selection.hosts = false;
	assert_true(range_parse("1", &policy->thresholds[METRIC_ADMINS_UNPROTECTED].critical));
	replica.snapshot = build(state, directories[1], policy);
	policy->replicas = &replicas;
	verdict = verdict_reach(*state, build(state, directories[0], policy), policy, 0);
	assert_string_equal(unit_findings(*state, verdict),
			    "admin-unprotected CRITICAL a -\n"
			    "admin-unprotected CRITICAL b -\n"
			    "servers-disagree WARNING b userAccountControl\n");
	assert_null(verdict->findings.items[0].server);
	assert_string_equal(verdict->findings.items[1].server, "dc2");
	assert_true(verdict->metrics[METRIC_ADMINS_UNPROTECTED].value == 1);
}

/* A controller that was not read, or not whole, is said and proves nothing. */
static void test_incomplete(void **state)
{
	struct directory *directories[] = {
		read_server(state, "dc1", DOMAIN HOST("hv01", "1001", "4096", "")),
		read_server(state, "dc2", DOMAIN), NULL};
	struct policy policy;
	struct replica items[] = {{.server = "dc2"}, {.server = "dc3", .failure = "refused"}};
	struct replica_list replicas = {.items = items, .count = COUNT_OF(items)};
	struct verdict *verdict;

	directory_add_gap(directories[1], "dc2", "busy");
	policy_init(&policy);
	policy.replicas = &replicas;
	items[0].snapshot = build(state, directories[1], &policy);
	verdict = verdict_reach(*state, build(state, directories[0], &policy), &policy, 0);
	assert_string_equal(unit_findings(*state, verdict), "incomplete UNKNOWN dc2 -\n"
							    "incomplete UNKNOWN dc3 -\n"
							    "no-hosts UNKNOWN hv.test -\n");
	assert_string_equal(verdict->findings.items[0].detail, "busy");
	assert_string_equal(verdict->findings.items[1].detail,
			    "nothing could be read of this controller: refused");
	assert_int_equal(verdict->state, STATE_UNKNOWN);
	assert_true(verdict->metrics[METRIC_UNREADABLE].value == 2);
}

UNIT_MAIN(UNIT_TEST(test_values), UNIT_TEST(test_presence), UNIT_TEST(test_descriptors),
	  UNIT_TEST(test_selection), UNIT_TEST(test_levels), UNIT_TEST(test_findings_of_others),
	  UNIT_TEST(test_worse_state), UNIT_TEST(test_incomplete))
