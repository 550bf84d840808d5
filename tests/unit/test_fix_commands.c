/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which commands mend a finding, for each rule; that they work is for live/fix.t to say. */
#include "unit.h"

#include "ad/security_descriptor.h"
#include "policy/replica.h"
#include "report/fix_commands.h"

#define SAMBA " -H \"${LDAPURI:?}\" --use-kerberos=required\n"
#define LDAPMODIFY "ldapmodify -H \"${LDAPURI:?}\" -Q -Y GSSAPI -N <<'EOF'\n"
#define MIGRATION "Microsoft Virtual System Migration Service/"
#define ALLOWED "msDS-AllowedToDelegateTo"

#define VERSION_2022 "operatingSystemVersion: 10.0 (20348)\n"
#define VERSION_2012 "operatingSystemVersion: 6.3 (9600)\n"
#define TARGET(spn) ALLOWED ": " spn "\n"
#define SPN(spn) "servicePrincipalName: " spn "\n"
#define SPNS(host)                                                                                 \
	SPN(MIGRATION host)                                                                        \
	SPN(MIGRATION host ".hv.test") SPN("HOST/" host) SPN("HOST/" host ".hv.test")
#define TARGETS(host)                                                                              \
	TARGET(MIGRATION host)                                                                     \
	TARGET(MIGRATION host ".hv.test") TARGET("cifs/" host) TARGET("cifs/" host ".hv.test")

/* userAccountControl of a computer: plain, with protocol transition, unconstrained too */
#define PLAIN "4096"
#define ANY_PROTOCOL "16781312"
#define BOTH "17305600"

#define HV01(uac, extra) UNIT_COMPUTER("hv01", "1101", uac, VERSION_2022 SPNS("hv01") extra)
#define HV02(uac, extra) UNIT_COMPUTER("hv02", "1102", uac, VERSION_2022 SPNS("hv02") extra)
#define DOMAIN UNIT_HEALTHY_DOMAIN("", "")

/* All of it, one a line, without a word of which is for what. */
static const char *advice_text(const void *context, const struct fix_advice *advice)
{
	const struct text_list *const lists[] = {&advice->notes, &advice->windows,
						 &advice->unix_tools};
	char *text = memory_text(context, "");

	for (size_t i = 0; i < COUNT_OF(lists); i++) {
		for (size_t k = 0; k < lists[i]->count; k++)
			text = talloc_asprintf_append(text, "%s\n", lists[i]->items[k]);
	}
	return memory_check(text);
}

/* The commands for the finding of that rule and object (NULL: the first), one a line. */
static const char *commands_for(const void *context, const struct verdict *verdict, enum rule rule,
				const char *object)
{
	for (size_t i = 0; i < verdict->findings.count; i++) {
		const struct finding *finding = &verdict->findings.items[i];
		struct fix_advice advice;

		if (finding->rule != rule || (object && strcmp(finding->object, object) != 0))
			continue;
		advice = fix_advise(context, verdict, finding);
		return advice_text(context, &advice);
	}
	fail_msg("no finding of %s:\n%s", rule_name(rule), unit_findings(context, verdict));
	return NULL;
}

struct unit_case {
	enum rule rule;
	const char *object;
	const char *directory;
	const char *commands;
};

static const struct unit_case cases[] = {
	{RULE_UNCONSTRAINED_DELEGATION, NULL, DOMAIN HV01(BOTH, TARGETS("hv01")),
	 "Set-ADAccountControl -Identity 'hv01$' -TrustedForDelegation $false\n"
	 "samba-tool delegation for-any-service 'hv01$' off" SAMBA},
	{RULE_PROTOCOL_TRANSITION_MISSING, NULL,
	 DOMAIN HV01(PLAIN, TARGETS("hv02")) HV02(ANY_PROTOCOL, TARGETS("hv01")),
	 "Set-ADAccountControl -Identity 'hv01$' -TrustedToAuthForDelegation $true\n"
	 "samba-tool delegation for-any-protocol 'hv01$' on" SAMBA},
	{RULE_PROTOCOL_TRANSITION_UNNEEDED, NULL,
	 DOMAIN UNIT_COMPUTER("hv01", "1101", ANY_PROTOCOL,
			      VERSION_2012 SPNS("hv01") TARGETS("hv01")),
	 "Set-ADAccountControl -Identity 'hv01$' -TrustedToAuthForDelegation $false\n"
	 "samba-tool delegation for-any-protocol 'hv01$' off" SAMBA},
	{RULE_MIGRATION_ONE_WAY, NULL, DOMAIN HV01(PLAIN, "") HV02(ANY_PROTOCOL, TARGETS("hv01")),
	 "# if machines are not to move back, take hv01 out of the delegation of hv02 instead\n"
	 "Set-ADComputer -Identity 'hv01$' -Add @{'" ALLOWED "'='" MIGRATION "hv02','" MIGRATION
	 "hv02.hv.test','cifs/hv02','cifs/hv02.hv.test'}\n"
	 "Set-ADAccountControl -Identity 'hv01$' -TrustedToAuthForDelegation $true\n"
	 "samba-tool delegation add-service 'hv01$' '" MIGRATION "hv02'" SAMBA
	 "samba-tool delegation add-service 'hv01$' '" MIGRATION "hv02.hv.test'" SAMBA
	 "samba-tool delegation add-service 'hv01$' 'cifs/hv02'" SAMBA
	 "samba-tool delegation add-service 'hv01$' 'cifs/hv02.hv.test'" SAMBA
	 "samba-tool delegation for-any-protocol 'hv01$' on" SAMBA},
	{RULE_MIGRATION_NAME_MISSING, NULL,
	 DOMAIN HV01(ANY_PROTOCOL, TARGET(MIGRATION "hv02") TARGET(MIGRATION "hv02.hv.test")
					   TARGET("cifs/hv02.hv.test"))
		 HV02(ANY_PROTOCOL, TARGETS("hv01")),
	 "Set-ADComputer -Identity 'hv01$' -Add @{'" ALLOWED "'='cifs/hv02'}\n"
	 "samba-tool delegation add-service 'hv01$' 'cifs/hv02'" SAMBA},
	{RULE_MIGRATION_SERVICE_UNREGISTERED, NULL,
	 DOMAIN HV01(ANY_PROTOCOL, TARGETS("hv02")) UNIT_COMPUTER(
		 "hv02", "1102", ANY_PROTOCOL, VERSION_2022 SPN("HOST/hv02") TARGETS("hv01"))
		 UNIT_CONNECTION_POINT("hv02"),
	 "# the service registers its names when it starts: restart vmms on hv02\n"
	 "# only if event 14050 comes again: setspn -S \"" MIGRATION
	 "hv02\" hv02, and the full name likewise\n"
	 "Invoke-Command -ComputerName 'hv02.hv.test' "
	 "-ScriptBlock { Restart-Service -Name vmms }\n"},
	{RULE_UNEXPECTED_TARGET, NULL, DOMAIN HV01(ANY_PROTOCOL, TARGET("http/hv01")),
	 "Set-ADComputer -Identity 'hv01$' -Remove @{'" ALLOWED "'='http/hv01'}\n"
	 "samba-tool delegation del-service 'hv01$' 'http/hv01'" SAMBA},
	{RULE_TARGET_DOMAIN_CONTROLLER, NULL,
	 DOMAIN UNIT_COMPUTER("dc1", "1000", "532480", SPN("ldap/dc1"))
		 HV01(ANY_PROTOCOL, TARGET("ldap/dc1")),
	 "Set-ADComputer -Identity 'hv01$' -Remove @{'" ALLOWED "'='ldap/dc1'}\n"
	 "samba-tool delegation del-service 'hv01$' 'ldap/dc1'" SAMBA},
	{RULE_TARGET_UNKNOWN, NULL, DOMAIN HV01(ANY_PROTOCOL, TARGET("cifs/it's-$(id)`id`;x")),
	 "Set-ADComputer -Identity 'hv01$' -Remove @{'" ALLOWED "'='cifs/it''s-$(id)`id`;x'}\n"
	 "samba-tool delegation del-service 'hv01$' 'cifs/it'\\''s-$(id)`id`;x'" SAMBA},
	{RULE_TARGET_UNKNOWN, NULL, DOMAIN HV01(ANY_PROTOCOL, TARGET("cifs/a|b!")),
	 "Set-ADComputer -Identity 'hv01$' -Remove @{'" ALLOWED
	 "'=([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('Y2lmcy9hfGIh')))}"
	 "\n" LDAPMODIFY "dn: CN=hv01,DC=hv,DC=test\nchangetype: modify\ndelete: " ALLOWED
	 "\n" ALLOWED ":: Y2lmcy9hfGIh\n-\nEOF\n"},
	/* not UTF-8: PowerShell can not say it */
	{RULE_TARGET_UNKNOWN, NULL, DOMAIN HV01(ANY_PROTOCOL, TARGET("cifs/\xFC")),
	 LDAPMODIFY "dn: CN=hv01,DC=hv,DC=test\nchangetype: modify\ndelete: " ALLOWED "\n" ALLOWED
		    ":: Y2lmcy/8\n-\nEOF\n"},
	/* the name of a host: whether to register or to forget it is not for a command */
	{RULE_TARGET_UNKNOWN, NULL,
	 DOMAIN HV01(ANY_PROTOCOL, TARGETS("hv02")) UNIT_COMPUTER(
		 "hv02", "1102", ANY_PROTOCOL, VERSION_2022 SPN(MIGRATION "hv02") TARGETS("hv01")),
	 "# cifs/hv02 bears the name of the host hv02: register it there with setspn -S, or take "
	 "it out of the delegation of hv01\n"},
	{RULE_TARGET_DISABLED, NULL,
	 DOMAIN UNIT_COMPUTER("old", "1105", "4098", SPN("cifs/old"))
		 HV01(ANY_PROTOCOL, TARGET("cifs/old")),
	 "Set-ADComputer -Identity 'hv01$' -Remove @{'" ALLOWED "'='cifs/old'}\n"
	 "samba-tool delegation del-service 'hv01$' 'cifs/old'" SAMBA},
	{RULE_TARGET_HIJACKED, NULL,
	 DOMAIN UNIT_USER("mallory", "1109", "512", SPN("cifs/hv02"))
		 HV01(ANY_PROTOCOL, TARGET("cifs/hv02")) HV02(ANY_PROTOCOL, ""),
	 "# decide which of the accounts shown is to keep cifs/hv02, and take it from the others "
	 "with setspn -D\n"
	 "Get-ADObject -LDAPFilter '(servicePrincipalName=cifs/hv02)' "
	 "-Properties servicePrincipalName\n"
	 "ldapsearch -H \"${LDAPURI:?}\" -Q -Y GSSAPI -N -LLL -o ldif-wrap=no -b 'dc=hv,dc=test' "
	 "'(servicePrincipalName=cifs/hv02)' servicePrincipalName\n"},
	/* held as HOST/, so that is what is looked for; escaped, and so unharmed by quotes */
	{RULE_TARGET_AMBIGUOUS, NULL,
	 DOMAIN UNIT_USER("a", "1108", "512", SPN("HOST/x'*")) UNIT_USER(
		 "b", "1109", "512", SPN("HOST/x'*")) HV01(ANY_PROTOCOL, TARGET("cifs/x'*")),
	 "# decide which of the accounts shown is to keep HOST/x__, and take it from the others "
	 "with setspn -D\n"
	 "Get-ADObject -LDAPFilter ([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String("
	 "'KHNlcnZpY2VQcmluY2lwYWxOYW1lPUhPU1QveFwyN1wyYSk='))) -Properties servicePrincipalName\n"
	 "ldapsearch -H \"${LDAPURI:?}\" -Q -Y GSSAPI -N -LLL -o ldif-wrap=no -b 'dc=hv,dc=test' "
	 "'(servicePrincipalName=HOST/x\\27\\2a)' servicePrincipalName\n"},
	{RULE_HOST_DISABLED, NULL,
	 DOMAIN HV01(ANY_PROTOCOL, TARGETS("hv02")) UNIT_COMPUTER(
		 "hv02", "1102", "17305602", VERSION_2022 SPNS("hv02") TARGET("cifs/hv01")),
	 "# if hv02 is to come back, enable it instead\n"
	 "Set-ADComputer -Identity 'hv01$' -Remove @{'" ALLOWED
	 "'='cifs/hv02','cifs/hv02.hv.test','" MIGRATION "hv02','" MIGRATION "hv02.hv.test'}\n"
	 "Set-ADComputer -Identity 'hv02$' -Clear '" ALLOWED "'\n"
	 "Set-ADAccountControl -Identity 'hv02$' -TrustedForDelegation $false "
	 "-TrustedToAuthForDelegation $false\n" LDAPMODIFY
	 "dn: CN=hv01,DC=hv,DC=test\nchangetype: modify\ndelete: " ALLOWED "\n" ALLOWED
	 ": cifs/hv02\n" ALLOWED ": cifs/hv02.hv.test\n" ALLOWED ": " MIGRATION "hv02\n" ALLOWED
	 ": " MIGRATION "hv02.hv.test\n-\n\n"
	 "dn: CN=hv02,DC=hv,DC=test\nchangetype: modify\ndelete: " ALLOWED "\n-\n\n"
	 "dn: CN=hv02,DC=hv,DC=test\nchangetype: modify\ndelete: userAccountControl\n"
	 "userAccountControl: 17305602\n-\nadd: userAccountControl\nuserAccountControl: 4098\n-\n"
	 "EOF\n"},
	{RULE_ADMIN_UNPROTECTED, NULL,
	 UNIT_HEALTHY_DOMAIN(UNIT_MEMBER("anna"), "") UNIT_USER("anna", "1110", "512", ""),
	 "Set-ADAccountControl -Identity 'anna' -AccountNotDelegated $true\n"
	 "samba-tool user sensitive 'anna' on" SAMBA},
	/* a name that every tool would take for the SID of another account */
	{RULE_ADMIN_UNPROTECTED, NULL,
	 UNIT_HEALTHY_DOMAIN(UNIT_MEMBER("S-1-5-21-1-2-3-500"), "")
		 UNIT_USER("S-1-5-21-1-2-3-500", "1110", "66048", ""),
	 "Set-ADAccountControl -Identity 'S-1-5-21-1-2-3-1110' -AccountNotDelegated "
	 "$true\n" LDAPMODIFY "dn: CN=S-1-5-21-1-2-3-500,DC=hv,DC=test\nchangetype: modify\n"
	 "delete: userAccountControl\nuserAccountControl: 66048\n-\n"
	 "add: userAccountControl\nuserAccountControl: 1114624\n-\nEOF\n"},
	/* a DN that samba-tool could garble */
	{RULE_ADMIN_UNPROTECTED, NULL,
	 UNIT_HEALTHY_DOMAIN(UNIT_MEMBER("J\xC3\xB6rg"), "") "dn: " UNIT_DN(
		 "J\xC3\xB6rg") "\nobjectClass: user\nobjectSid: " UNIT_SID
				"-1110\nsAMAccountName: joerg\nuserAccountControl: 512\n\n",
	 "Set-ADAccountControl -Identity 'joerg' -AccountNotDelegated $true\n" LDAPMODIFY
	 "dn:: Q049SsO2cmcsREM9aHYsREM9dGVzdA==\nchangetype: modify\n"
	 "delete: userAccountControl\nuserAccountControl: 512\n-\n"
	 "add: userAccountControl\nuserAccountControl: 1049088\n-\nEOF\n"},
	{RULE_KRBTGT_NOT_DELEGABLE, NULL,
	 UNIT_ROOTDSE("domainControllerFunctionality: 7\n") UNIT_DOMAIN("")
		 UNIT_USER("krbtgt", "502", "1049090", ""),
	 "Set-ADAccountControl -Identity 'krbtgt' -AccountNotDelegated $false\n"
	 "samba-tool user sensitive 'krbtgt' off" SAMBA},
	{RULE_NO_HOSTS, NULL, DOMAIN,
	 "# let the login of this check read the computers and what is below them, or name a "
	 "host\n"},
	{RULE_NO_ADMINS, NULL, UNIT_ROOTDSE("") UNIT_DOMAIN(""),
	 "# let the login of this check read the privileged groups and their members\n"},
	{RULE_UNREADABLE, NULL, UNIT_HEALTHY_DOMAIN(UNIT_MEMBER("a b;`id`"), ""),
	 "# let the login of this check read member of CN=a b__id_,DC=hv,DC=test; where it can, "
	 "correct the value\n"},
};

static void test_each_rule(void **state)
{
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct verdict *verdict =
			unit_verdict(*state, cases[i].directory, NULL, NULL);

		assert_string_equal(commands_for(*state, verdict, cases[i].rule, cases[i].object),
				    cases[i].commands);
	}
}

static struct policy *group_policy(const void *context)
{
	struct policy *policy = memory_new(context, struct policy);

	policy_init(policy);
	policy->groups = memory_new(policy, struct host_group);
	policy->group_count = 1;
	policy->groups[0].name = "all";
	text_list_add(policy, &policy->groups[0].hosts, "hv*");
	return policy;
}

static void test_pair(void **state)
{
	const struct verdict *verdict = unit_verdict(
		*state,
		DOMAIN HV01(ANY_PROTOCOL, TARGET(MIGRATION "hv02") TARGET(MIGRATION "hv02.hv.test"))
			HV02(ANY_PROTOCOL, TARGETS("hv01")),
		NULL, group_policy(*state));

	/* only the class that is missing, and no bit that is there */
	assert_string_equal(commands_for(*state, verdict, RULE_MIGRATION_TARGET_MISSING, "hv02"),
			    "Set-ADComputer -Identity 'hv01$' -Add @{'" ALLOWED
			    "'='cifs/hv02','cifs/hv02.hv.test'}\n"
			    "samba-tool delegation add-service 'hv01$' 'cifs/hv02'" SAMBA
			    "samba-tool delegation add-service 'hv01$' 'cifs/hv02.hv.test'" SAMBA);
}

/* What works by the right that is to go has to be given another way first. */
static void test_unconstrained_migrates(void **state)
{
	static const char text[] = DOMAIN HV01("528384", "") HV02(ANY_PROTOCOL, TARGETS("hv01"));
	static const char listed[] = DOMAIN HV01(BOTH, TARGETS("hv02")) HV02(PLAIN, "");
	const struct verdict *verdict = unit_verdict(*state, text, NULL, group_policy(*state));
	enum rule rule = RULE_UNCONSTRAINED_DELEGATION;

	assert_string_equal(commands_for(*state, verdict, rule, NULL),
			    "# first let it delegate to its peers, by any authentication protocol: "
			    "1 of its pairs can migrate by this right alone, and fail without it\n"
			    "Set-ADAccountControl -Identity 'hv01$' -TrustedForDelegation $false\n"
			    "samba-tool delegation for-any-service 'hv01$' off" SAMBA);
	/* which pairs there are nobody said */
	verdict = unit_verdict(*state, text, NULL, NULL);
	assert_memory_equal(commands_for(*state, verdict, rule, NULL),
			    "# if machines migrate away from it, see first", 45);
	verdict = unit_verdict(*state, listed, NULL, group_policy(*state));
	assert_memory_equal(commands_for(*state, verdict, rule, NULL), "Set-ADAccountControl", 20);
}

/* The policy may lack a group, and then nothing is to be removed. */
static void test_target_without_group(void **state)
{
	struct policy *policy = group_policy(*state);
	const struct verdict *verdict;

	policy->groups[0].hosts.items[0] = "hv01";
	verdict = unit_verdict(
		*state, DOMAIN HV01(ANY_PROTOCOL, TARGET("cifs/hv02")) HV02(ANY_PROTOCOL, ""), NULL,
		policy);
	assert_string_equal(commands_for(*state, verdict, RULE_UNEXPECTED_TARGET, "cifs/hv02"),
			    "# if machines migrate between hv01 and hv02, do not remove it: name "
			    "both in one group of the policy\n"
			    "Set-ADComputer -Identity 'hv01$' -Remove @{'" ALLOWED
			    "'='cifs/hv02'}\n"
			    "samba-tool delegation del-service 'hv01$' 'cifs/hv02'" SAMBA);
}

static void test_operators(void **state)
{
	static const struct {
		const char *uac, *admins, *protected_users, *commands;
	} operators[] = {
		{UNIT_SENSITIVE, "", "",
		 "Set-ADAccountControl -Identity 'op' -AccountNotDelegated $false\n"
		 "samba-tool user sensitive 'op' off" SAMBA},
		{UNIT_ENABLED, "", UNIT_MEMBER("op"),
		 "Remove-ADGroupMember -Identity 'Protected Users' -Members 'op' "
		 "-Confirm:$false\n" LDAPMODIFY
		 "dn: CN=Protected Users,DC=hv,DC=test\nchangetype: modify\n"
		 "delete: member\nmember: CN=op,DC=hv,DC=test\n-\nEOF\n"},
		{UNIT_ENABLED, "", UNIT_MEMBER("team"),
		 "# op is in Protected Users by way of another group: decide which of the two "
		 "memberships is to end\n"},
		{UNIT_SENSITIVE, UNIT_MEMBER("op"), "",
		 "# op is an administrator, who must not be delegable, and an operator, who must "
		 "be: give one of the two tasks to another account\n"},
	};

	for (size_t i = 0; i < COUNT_OF(operators); i++) {
		struct policy *policy = memory_new(*state, struct policy);
		const char *text = memory_format(
			*state,
			UNIT_ROOTDSE("domainControllerFunctionality: 7\n") UNIT_DOMAIN("")
				UNIT_GROUP("Domain Admins", UNIT_SID "-512", "%s") UNIT_GROUP(
					"Protected Users", UNIT_SID "-525", "%s")
					UNIT_GROUP("team", UNIT_SID "-1200", UNIT_MEMBER("op"))
						UNIT_USER("op", "1111", "%s", ""),
			operators[i].admins, operators[i].protected_users, operators[i].uac);

		policy_init(policy);
		text_list_add(policy, &policy->selection.operators, "op");
		assert_string_equal(commands_for(*state, unit_verdict(*state, text, NULL, policy),
						 RULE_OPERATOR_NOT_DELEGABLE, NULL),
				    operators[i].commands);
	}
}

static void test_admin_who_is_operator(void **state)
{
	struct policy *policy = memory_new(*state, struct policy);
	const struct verdict *verdict;

	policy_init(policy);
	text_list_add(policy, &policy->selection.operators, "op");
	verdict = unit_verdict(*state,
			       UNIT_HEALTHY_DOMAIN(UNIT_MEMBER("op"), "")
				       UNIT_USER("op", "1111", UNIT_ENABLED, ""),
			       NULL, policy);
	assert_memory_equal(commands_for(*state, verdict, RULE_ADMIN_UNPROTECTED, NULL),
			    "# op is an administrator", 24);
}

static const char *rbcd_commands(const void *context, const char *const *trustees, size_t count,
				 enum rule rule, const char *object)
{
	const char *line = unit_allowed_to_act(context, trustees, count);
	const char *text =
		memory_format(context,
			      DOMAIN UNIT_USER("mallory", "1109", "512", "")
				      UNIT_COMPUTER("hv01", "1101", ANY_PROTOCOL,
						    VERSION_2022 SPNS("hv01") TARGETS("hv02") "%s")
					      HV02(ANY_PROTOCOL, TARGETS("hv01")),
			      line);

	return commands_for(context, unit_verdict(context, text, NULL, NULL), rule, object);
}

#define SAMBA_NOTE                                                                                 \
	"# a controller that runs Samba takes a change of "                                        \
	"msDS-AllowedToActOnBehalfOfOtherIdentity on itself only: samba-tool there without -H, "   \
	"or ldbmodify\n"

static void test_trustees(void **state)
{
	static const char *const list[] = {UNIT_SID "-1102", UNIT_SID "-1109", UNIT_SID "-9999"};
	const char *commands;

	assert_string_equal(rbcd_commands(*state, list, 2, RULE_RBCD_UNEXPECTED_TRUSTEE, "mallory"),
			    SAMBA_NOTE
			    "Set-ADComputer -Identity 'hv01$' "
			    "-PrincipalsAllowedToDelegateToAccount 'hv02$'\n"
			    "samba-tool delegation del-principal 'hv01$' 'mallory'" SAMBA);
	assert_string_equal(
		rbcd_commands(*state, list + 1, 1, RULE_RBCD_UNEXPECTED_TRUSTEE, "mallory"),
		SAMBA_NOTE "Set-ADComputer -Identity 'hv01$' "
			   "-PrincipalsAllowedToDelegateToAccount $null\n"
			   "samba-tool delegation del-principal 'hv01$' 'mallory'" SAMBA);
	/* the cmdlet could not name the orphan again */
	assert_string_equal(
		rbcd_commands(*state, list, 3, RULE_RBCD_UNEXPECTED_TRUSTEE, "mallory"),
		"# no cmdlet of Windows keeps all the other entries of this descriptor\n" SAMBA_NOTE
		"samba-tool delegation del-principal 'hv01$' 'mallory'" SAMBA);
	commands = rbcd_commands(*state, list, 3, RULE_RBCD_UNKNOWN_TRUSTEE, list[2]);
	assert_non_null(strstr(commands, "-PrincipalsAllowedToDelegateToAccount "
					 "'hv02$','mallory'\n" LDAPMODIFY));
	assert_non_null(strstr(commands, "\n-\nadd: msDS-AllowedToAct"));
	/* the last one goes with the whole attribute */
	commands = rbcd_commands(*state, list + 2, 1, RULE_RBCD_UNKNOWN_TRUSTEE, list[2]);
	assert_non_null(strstr(commands, "\n-\nEOF\n"));
	assert_null(strstr(commands, "add: "));
}

static void test_remove_entries(void **state)
{
	static const struct unit_ace aces[] = {
		{.mask = 0xF01FF, .trustee = "S-1-5-21-1-2-3-1"},
		{.mask = 0xF01FF, .trustee = "S-1-5-21-1-2-3-2"},
		{.type = 1, .mask = 0xF01FF, .trustee = "S-1-5-21-1-2-3-1"},
		{.type = 5, .mask = 0x100, .object_flags = 3, .trustee = "S-1-5-21-1-2-3-1"},
		{.mask = 0x10, .trustee = "S-1-5-21-1-2-3-1"}, /* grants no delegation */
	};
	const struct unit_ace kept[] = {aces[1], aces[2], aces[4]};
	struct sid trustee = unit_sid("S-1-5-21-1-2-3-1");
	struct unit_descriptor before, expected;
	size_t size, left;
	char *after;

	unit_descriptor_build(&before, aces, COUNT_OF(aces));
	unit_descriptor_build(&expected, kept, COUNT_OF(kept));
	after = delegation_acl_remove(*state, before.bytes, before.size, &trustee, &size, &left);
	assert_int_equal(left, COUNT_OF(kept));
	assert_int_equal(size, expected.size);
	assert_memory_equal(after, expected.bytes, size);
	/* what follows the DACL keeps its place */
	memcpy(before.bytes + before.size, "tail", 4);
	before.size += 4;
	after = delegation_acl_remove(*state, before.bytes, before.size, &trustee, &size, &left);
	assert_int_equal(size, before.size);
	assert_memory_equal(after, expected.bytes, expected.size);
	for (size_t i = expected.size; i < size - 4; i++)
		assert_int_equal(after[i], 0);
	assert_memory_equal(after + size - 4, "tail", 4);
}

static void test_live_names_the_controller(void **state)
{
	const struct verdict *verdict =
		unit_verdict(*state, DOMAIN HV01(BOTH, TARGETS("hv01")), NULL, NULL);
	struct directory *directory = (struct directory *)verdict->snapshot->directory;

	directory->kind = DIRECTORY_LDAP;
	directory->sources[0] = "dc1.hv.test";
	assert_non_null(strstr(commands_for(*state, verdict, RULE_UNCONSTRAINED_DELEGATION, NULL),
			       " -H ldap://dc1.hv.test --use-kerberos=required\n"));
	directory->sources[0] = "dc1;id";
	assert_non_null(strstr(commands_for(*state, verdict, RULE_UNCONSTRAINED_DELEGATION, NULL),
			       " -H \"${LDAPURI:?}\" --use-kerberos=required\n"));
}

/* No export leads to these findings, so that they are made here. */
static void test_kdc(void **state)
{
	static const struct {
		enum rule rule;
		const char *subject, *object, *commands;
	} kdc_cases[] = {
		{RULE_KDC_ADMIN_FORWARDABLE, "emil", NULL,
		 "Set-ADAccountControl -Identity 'emil' -AccountNotDelegated $true\n"
		 "samba-tool user sensitive 'emil' on" SAMBA},
		/* it has the bit: not every controller knows */
		{RULE_KDC_ADMIN_FORWARDABLE, "anna", NULL,
		 "# look at the account on each domain controller (repadmin /showobjmeta, "
		 "samba-tool drs showrepl): one has not got the bit\n"
		 "Set-ADAccountControl -Identity 'anna' -AccountNotDelegated $true\n"
		 "samba-tool user sensitive 'anna' on" SAMBA},
		{RULE_KDC_HOST_UNCONSTRAINED, "hv01", NULL,
		 "# look at the account on each domain controller (repadmin /showobjmeta, "
		 "samba-tool drs showrepl): one still has the bit\n"
		 "Set-ADAccountControl -Identity 'hv01$' -TrustedForDelegation $false\n"
		 "samba-tool delegation for-any-service 'hv01$' off" SAMBA},
		{RULE_KDC_TARGET_REFUSED, "hv01", MIGRATION "hv02",
		 "# see whether the owner has ever joined the domain and which types of keys it "
		 "has (msDS-SupportedEncryptionTypes), and whether another domain has the same "
		 "name\n"
		 "Get-ADObject -LDAPFilter '(servicePrincipalName=" MIGRATION "hv02)' "
		 "-Properties servicePrincipalName\n"
		 "ldapsearch -H \"${LDAPURI:?}\" -Q -Y GSSAPI -N -LLL -o ldif-wrap=no -b "
		 "'dc=hv,dc=test' '(servicePrincipalName=" MIGRATION "hv02)' "
		 "servicePrincipalName\n"},
		{RULE_KDC_UNPROVEN, "hv.test", NULL,
		 "# remove what the finding names, on the account of this check or in its "
		 "options; check_hyperv_delegation(8) lists what --kdc needs\n"},
	};
	const struct verdict *verdict = unit_verdict(
		*state,
		UNIT_HEALTHY_DOMAIN(UNIT_MEMBER("anna") UNIT_MEMBER("emil"), UNIT_MEMBER("emil"))
			UNIT_USER("anna", "1101", UNIT_SENSITIVE, "")
				UNIT_USER("emil", "1102", UNIT_ENABLED, "")
					HV01(ANY_PROTOCOL, TARGETS("hv02"))
						HV02(ANY_PROTOCOL, TARGETS("hv01")),
		NULL, NULL);

	for (size_t i = 0; i < COUNT_OF(kdc_cases); i++) {
		const struct finding finding = {
			.rule = kdc_cases[i].rule,
			.subject = kdc_cases[i].subject,
			.object = kdc_cases[i].object,
		};
		struct fix_advice advice = fix_advise(*state, verdict, &finding);

		assert_string_equal(advice_text(*state, &advice), kdc_cases[i].commands);
	}
}

/* A controller that could not be reached is no matter of limits. */
static void test_unread_server(void **state)
{
	struct replica item = {.server = "dc2.hv.test", .failure = "refused"};
	struct replica_list replicas = {.items = &item, .count = 1};
	struct policy policy;

	policy_init(&policy);
	policy.replicas = &replicas;
	assert_string_equal(
		commands_for(*state, unit_verdict(*state, DOMAIN HV01(PLAIN, ""), NULL, &policy),
			     RULE_INCOMPLETE, NULL),
		"# dc2.hv.test has to answer: start it, let LDAP and Kerberos (ports 389 or 636, "
		"and 88) through to it, and let its services run; one that is gone for good has to "
		"be taken out of the domain and of DNS\n"
		"Test-NetConnection -ComputerName 'dc2.hv.test' -Port 389\n"
		"Test-NetConnection -ComputerName 'dc2.hv.test' -Port 88\n"
		"ldapsearch -x -H 'ldap://dc2.hv.test' -LLL -s base -b '' dnsHostName\n");
	item.server = "dc2;ls";
	assert_string_equal(
		commands_for(*state, unit_verdict(*state, DOMAIN HV01(PLAIN, ""), NULL, &policy),
			     RULE_INCOMPLETE, NULL),
		"# dc2_ls has to answer: start it, let LDAP and Kerberos (ports 389 or 636, and "
		"88) through to it, and let its services run; one that is gone for good has to be "
		"taken out of the domain and of DNS\n"
		"Test-NetConnection -ComputerName 'dc2;ls' -Port 389\n"
		"Test-NetConnection -ComputerName 'dc2;ls' -Port 88\n"
		"ldapsearch -x -H 'ldap://dc2;ls' -LLL -s base -b '' dnsHostName\n");
}

/* Of a disabled host all targets go, of another account the one of the finding. */
static void test_target_disabled(void **state)
{
	static const char *const words[] = {"hv01", NULL};
	static const char text[] =
		DOMAIN HV01(ANY_PROTOCOL, TARGET("cifs/hv02") TARGET("http/hv02") TARGET("http/a")
						  TARGET("cifs/a")) HV02("4098", "")
			UNIT_COMPUTER("a", "1201", "4098", SPN("HOST/a"));
	const struct verdict *verdict = unit_verdict(*state, text, words, NULL);
	const char *commands = commands_for(*state, verdict, RULE_TARGET_DISABLED, "cifs/hv02");

	assert_non_null(strstr(commands, "cifs/hv02"));
	assert_non_null(strstr(commands, "http/hv02"));
	assert_null(strstr(commands, "http/a"));
	commands = commands_for(*state, verdict, RULE_TARGET_DISABLED, "cifs/a");
	assert_non_null(strstr(commands, "cifs/a"));
	assert_null(strstr(commands, "http/a"));
}

/* As one list, each kind of command stands below a comment that says which kind it is. */
static void test_kinds_are_told_apart(void **state)
{
	const struct finding finding = {.rule = RULE_UNCONSTRAINED_DELEGATION, .subject = "hv01"};
	const struct finding restart = {.rule = RULE_MIGRATION_SERVICE_UNREGISTERED,
					.subject = "hv01"};
	const struct finding login = {.rule = RULE_NO_ADMINS, .subject = "hv.test"};
	struct verdict *verdict =
		unit_verdict(*state, DOMAIN HV01(BOTH, TARGETS("hv01")), NULL, NULL);
	struct text_list list = fix_commands(*state, verdict, &finding);

	assert_int_equal(list.count, 4);
	assert_string_equal(list.items[0], "# in PowerShell:");
	assert_memory_equal(list.items[1], "Set-ADAccountControl ", 21);
	assert_string_equal(list.items[2], "# or in a Unix shell:");
	assert_memory_equal(list.items[3], "samba-tool ", 11);
	list = fix_commands(*state, verdict, &restart);
	assert_int_equal(list.count, 4);
	assert_string_equal(list.items[2], "# in PowerShell:");
	assert_memory_equal(list.items[3], "Invoke-Command ", 15);
	assert_int_equal(fix_commands(*state, verdict, &login).count, 1);
}

UNIT_MAIN(UNIT_TEST(test_unconstrained_migrates), UNIT_TEST(test_target_without_group),
	  UNIT_TEST(test_kinds_are_told_apart), UNIT_TEST(test_unread_server),
	  UNIT_TEST(test_target_disabled), UNIT_TEST(test_kdc), UNIT_TEST(test_each_rule),
	  UNIT_TEST(test_pair), UNIT_TEST(test_operators), UNIT_TEST(test_admin_who_is_operator),
	  UNIT_TEST(test_trustees), UNIT_TEST(test_remove_entries),
	  UNIT_TEST(test_live_names_the_controller))
