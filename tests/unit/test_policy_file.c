/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The policy file: each key ends up in its list, each mistake in an error with its line. */
#include "policy/policy_file.h"

#include "unit.h"

#include <stdio.h>

static bool read_policy(const void *context, const char *text, struct policy *policy,
			struct error *error)
{
	const char *path = unit_file(context, text, strlen(text));
	FILE *stream = fopen(path, "r");
	bool read;

	assert_non_null(stream);
	policy_init(policy);
	*error = (struct error){0};
	read = policy_file_read(context, stream, "policy", policy, error);
	assert_int_equal(fclose(stream), 0);
	return read;
}

static struct policy *read_good(const void *context, const char *text)
{
	struct policy *policy = memory_new(context, struct policy);
	struct error error;

	unit_check(read_policy(context, text, policy, &error), "%s: %s", text, error.text);
	return policy;
}

/* "item|item" */
static const char *joined(const void *context, const struct text_list *list)
{
	char *text = memory_text(context, "");

	for (size_t i = 0; i < list->count; i++)
		text = talloc_asprintf_append(text, "%s%s", i ? "|" : "", list->items[i]);
	return text;
}

/* Everything that lists can hold, "key=item|item" for each that is not empty. */
static const char *describe(const void *context, const struct policy *policy)
{
	const struct selection *selection = &policy->selection;
	const struct {
		const char *name;
		const struct text_list *list;
	} lists[] = {
		{"judged", &selection->judged},
		{"excluded", &selection->excluded},
		{"looked up", &selection->trustees},
		{"privileged", &selection->privileged},
		{"ignored", &selection->ignored},
		{"exempt", &selection->exempt},
		{"exempt DNs", &selection->exempt_dns},
		{"operators", &selection->operators},
		{"allow", &policy->allow},
		{"trustees", &policy->trustees},
	};
	char *text = memory_text(context, "");

	for (size_t i = 0; i < selection->host_word_count; i++)
		text = talloc_asprintf_append(text, "%s %s;", selection->host_words[i].key,
					      selection->host_words[i].word);
	for (size_t i = 0; i < COUNT_OF(lists); i++) {
		if (lists[i].list->count)
			text = talloc_asprintf_append(text, "%s=%s;", lists[i].name,
						      joined(context, lists[i].list));
	}
	for (size_t i = 0; i < policy->group_count; i++) {
		const struct host_group *group = &policy->groups[i];

		text = talloc_asprintf_append(
			text, "[%s] %s, %s, %s, %s;", group->name, joined(context, &group->hosts),
			joined(context, &group->services), joined(context, &group->allow),
			joined(context, &group->trustees));
	}
	return text;
}

static void test_keys(void **state)
{
	static const struct {
		const char *text, *policy;
	} cases[] = {
		/* clang-format off */
		{"\n; nothing\n# at all\n", ""},
		{"[hosts]\n[admins]\n[operators]\n[rules]\n", ""},
		{"[hosts]\nadd = a b,c\n", "add a;add b;add c;"},
		{"[hosts]\nexclude = a* , b\tc\n", "excluded=a*|b|c;"},
		{"[hosts]\nallow = Hyper-V Replica Service/a, cifs/*\n",
		 "allow=Hyper-V Replica Service/a|cifs/*;"},
		{"[hosts]\ntrustees = a$, S-1-5-9, Tier 0\n",
		 "looked up=a$|S-1-5-9|Tier 0;trustees=a$|S-1-5-9|Tier 0;"},
		{"[group g]\nhosts = a b\nservices = x y, z\nallow = p/q, r/s\ntrustees = t u, v\n",
		 "hosts a;hosts b;looked up=t u|v;[g] a|b, x y|z, p/q|r/s, t u|v;"},
		{"[admins]\ngroups = Tier 0, S-1-5-21-1\n", "privileged=Tier 0|S-1-5-21-1;"},
		{"[admins]\nignore-groups = a, b\n", "ignored=a|b;"},
		{"[admins]\nexempt = a b, c\n", "exempt=a b|c;"},
		/* a DN with a semicolon is not taken for one with a comment */
		{"[admins]\nexempt-dn = CN=a\\;b \\;c,DC=d ; e\nexempt=f;g\n",
		 "exempt=f;g;exempt DNs=CN=a\\;b \\;c,DC=d;"},
		{"[admins]\nexempt-dn = CN=a, DC=b,DC=c\nexempt-dn=CN=d\n",
		 "exempt DNs=CN=a, DC=b,DC=c|CN=d;"},
		{"[operators]\naccounts = a, b c\n", "operators=a|b c;"},
		/* lists: empty items, blanks around, again and again, continued */
		{"[admins]\nexempt = , a ,, b\t,\n", "exempt=a|b;"},
		{"[admins]\nexempt = a\nexempt = b\n", "exempt=a|b;"},
		{"[admins]\nexempt = a,\n  b,\n\tc ; comment\n\nexempt = d\n", "exempt=a|b|c|d;"},
		{"[admins]\r\nexempt = a, b\r\n", "exempt=a|b;"},
		{"[hosts]\nadd = a ; comment\nexclude=b;c\n", "add a;excluded=b;c;"},
		/* groups: sorted by name, in parts, names with blanks, left again */
		{"[group b]\nhosts=b1\n[group A]\nhosts=a1\n[group b]\nhosts=b2\n",
		 "hosts b1;hosts a1;hosts b2;[A] a1, , , ;[b] b1|b2, , , ;"},
		{"[group \t two words]\nhosts=a\n", "hosts a;[two words] a, , , ;"},
		{"[group g]\nhosts=a\n[hosts]\nallow=p/q\n", "hosts a;allow=p/q;[g] a, , , ;"},
		{"\xEF\xBB\xBF[group g]\nhosts=a\n", "hosts a;[g] a, , , ;"},
		{"[group a234567890123456789012345678901234567890123456789012345678901]\nhosts=a\n"
		 "[group a234567890123456789012345678901234567890123456789012345678902]\nhosts=b\n",
		 "hosts a;hosts b;"
		 "[a234567890123456789012345678901234567890123456789012345678901] a, , , ;"
		 "[a234567890123456789012345678901234567890123456789012345678902] b, , , ;"},
		/* clang-format on */
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *text = describe(*state, read_good(*state, cases[i].text));

		unit_check(!strcmp(text, cases[i].policy), "%s%s", cases[i].text, text);
	}
}

static void test_rules(void **state)
{
	static const struct {
		const char *word;
		enum service_state state;
	} words[] = {
		{"ok", STATE_OK},
		{"Warning", STATE_WARNING},
		{"CRITICAL", STATE_CRITICAL},
		{"unknown", STATE_UNKNOWN},
	};

	for (size_t rule = 0; rule < RULE_COUNT; rule++) {
		for (size_t i = 0; i < COUNT_OF(words) && rule != RULE_ADMIN_UNPROTECTED; i++) {
			const char *text = memory_format(*state, "[rules]\n%s = %s\n",
							 rule_name((enum rule)rule), words[i].word);
			const struct policy *policy = read_good(*state, text);

			for (size_t k = 0; k < RULE_COUNT; k++)
				unit_check(policy->states[k] ==
						   (k == rule ? words[i].state
							      : rule_default_state((enum rule)k)),
					   "%s", text);
		}
	}
}

static void test_errors(void **state)
{
	static const struct {
		const char *text, *error;
	} cases[] = {
		/* clang-format off */
		{"[host]\n", "policy:1: there is no section [host]"},
		{"[hosts]\nadd=a\n\n[Hosts]\n", "policy:4: there is no section [Hosts]"},
		{"[group]\nhosts=a\n", "policy:1: there is no section [group]"},
		{"[group ]\nhosts=a\n", "policy:1: there is no section [group ]"},
		{"[groups]\n", "policy:1: there is no section [groups]"},
		{"[]\n", "policy:1: there is no section []"},
		{"; c\nadd=a\n", "policy:2: add stands above the first [section]"},
		{"[hosts]\nhosts=a\n", "policy:2: there is no key hosts in a section [hosts]"},
		{"[hosts]\nAdd=a\n", "policy:2: there is no key Add in a section [hosts]"},
		{"[group g]\nhosts=a\nadd=b\n",
		 "policy:3: there is no key add in a section [group NAME]"},
		{"[admins]\nhosts=a\n", "policy:2: there is no key hosts in a section [admins]"},
		{"[operators]\nexempt=a\n",
		 "policy:2: there is no key exempt in a section [operators]"},
		{"[rules]\n\nunexpected=ok\n", "policy:3: there is no rule unexpected"},
		{"[rules]\nno-hosts=bad\n",
		 "policy:2: the state of a rule is ok, warning, critical or unknown, not bad"},
		{"[rules]\nadmin-unprotected=ok\n",
		 "policy:2: admin-unprotected takes its state from the thresholds"},
		{"[hosts]\nadd=\n", "policy:2: add has no value"},
		{"[rules]\nno-hosts=\n", "policy:2: no-hosts has no value"},
		{"[hosts]\nword\n", "policy:2: not a line of \"name = value\""},
		{"[hosts\n", "policy:1: the section lacks its ]"},
		{"[group g]\nallow=a/b\n", "policy: the group g needs a line \"hosts = ...\""},
		{"[group g]\nhosts=,\n", "policy:2: the list hosts is empty"},
		/* clang-format on */
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct policy policy;
		struct error error;

		unit_check(!read_policy(*state, cases[i].text, &policy, &error), "%s",
			   cases[i].text);
		unit_check(!strncmp(error.text, cases[i].error, strlen(cases[i].error)), "%s%s",
			   cases[i].text, error.text);
		assert_int_equal(error.kind, ERROR_USAGE);
	}
}

/* The command line's words stand: the file adds to them. */
static void test_adds(void **state)
{
	char text[] = "[hosts]\nadd=b\n[group g]\nhosts=c\n";
	FILE *stream = fmemopen(text, sizeof text - 1, "r");
	struct policy policy;
	struct error error;

	policy_init(&policy);
	policy_add_host_word(*state, &policy, "a", "host");
	text_list_add(*state, &policy.selection.judged, "a");
	assert_non_null(stream);
	assert_true(policy_file_read(*state, stream, "policy", &policy, &error));
	assert_int_equal(fclose(stream), 0);
	assert_string_equal(describe(*state, &policy),
			    "host a;add b;hosts c;judged=a;[g] c, , , ;");
}

UNIT_MAIN(UNIT_TEST(test_keys), UNIT_TEST(test_rules), UNIT_TEST(test_errors), UNIT_TEST(test_adds))
