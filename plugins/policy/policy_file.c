/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/policy_file.h"

#include "base/ini.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* What stands between the items of a list. */
static const char comma[] = ",";
static const char comma_or_blank[] = ", \t";

/* The file while it is read. */
struct policy_reader {
	const void *context;
	struct policy *policy;
	struct host_group *group; /* of the present section, or NULL */
	bool state_given[RULE_COUNT];
};

/* Splits value at separators into trimmed items, none of them empty. */
static void split(const void *context, const char *value, const char *separators,
		  struct text_list *list)
{
	while (*value) {
		size_t length = strcspn(value, separators);
		const char *begin = value + strspn(value, " \t");
		const char *end = value + length;

		while (end > begin && strchr(" \t\r", end[-1]))
			end--;
		if (end > begin)
			text_list_add(context, list,
				      memory_check(talloc_strndup(context, begin,
								  (size_t)(end - begin))));
		value += length + (value[length] != '\0');
	}
}

/* Adds the items of value to the list of that key. */
static bool take_list(const struct policy_reader *reader, const char *key, const char *value,
		      const char *separators, struct text_list *list, struct error *error)
{
	size_t count = list->count;

	split(reader->context, value, separators, list);
	return list->count > count || error_set(error, ERROR_USAGE, "the list %s is empty", key);
}

/* A list that names hosts, which makes the plain ones hosts. */
static bool take_host_words(struct policy_reader *reader, const char *value, const char *key,
			    struct text_list *list, struct error *error)
{
	struct text_list words = {0};

	if (!take_list(reader, key, value, comma_or_blank, &words, error))
		return false;
	for (size_t i = 0; i < words.count; i++) {
		policy_add_host_word(reader->context, reader->policy, words.items[i], key);
		if (list)
			text_list_add(reader->context, list, words.items[i]);
	}
	return true;
}

/* The classes that hosts must reach of each other: each is one that migration needs. */
static bool take_services(struct policy_reader *reader, const char *value, struct error *error)
{
	struct text_list *services = &reader->group->services;

	if (!take_list(reader, "services", value, comma, services, error))
		return false;
	for (size_t i = 0; i < services->count; i++) {
		if (text_is_pattern(services->items[i]))
			return error_set(error, ERROR_USAGE,
					 "services takes whole classes of SPNs, no patterns: %s",
					 services->items[i]);
	}
	return true;
}

/* Trustees are looked up, so they are collected for the selection too. */
static bool take_trustees(struct policy_reader *reader, const char *value, struct text_list *list,
			  struct error *error)
{
	split(reader->context, value, comma, &reader->policy->selection.trustees);
	return take_list(reader, "trustees", value, comma, list, error);
}

static bool unknown_key(const char *section, const char *name, struct error *error)
{
	return error_set(error, ERROR_USAGE, "there is no key %s in a section [%s]", name, section);
}

static bool take_hosts(struct policy_reader *reader, const char *name, const char *value,
		       struct error *error)
{
	struct policy *policy = reader->policy;

	if (!strcmp(name, "add"))
		return take_host_words(reader, value, "add", NULL, error);
	if (!strcmp(name, "exclude"))
		return take_list(reader, name, value, comma_or_blank, &policy->selection.excluded,
				 error);
	if (!strcmp(name, "allow"))
		return take_list(reader, name, value, comma, &policy->allow, error);
	if (!strcmp(name, "trustees"))
		return take_trustees(reader, value, &policy->trustees, error);
	return unknown_key("hosts", name, error);
}

static bool take_group(struct policy_reader *reader, const char *name, const char *value,
		       struct error *error)
{
	struct host_group *group = reader->group;

	if (!strcmp(name, "hosts"))
		return take_host_words(reader, value, "hosts", &group->hosts, error);
	if (!strcmp(name, "services"))
		return take_services(reader, value, error);
	if (!strcmp(name, "allow"))
		return take_list(reader, name, value, comma, &group->allow, error);
	if (!strcmp(name, "trustees"))
		return take_trustees(reader, value, &group->trustees, error);
	return unknown_key("group NAME", name, error);
}

static bool take_admins(struct policy_reader *reader, const char *name, const char *value,
			struct error *error)
{
	struct selection *selection = &reader->policy->selection;

	if (!strcmp(name, "groups"))
		return take_list(reader, name, value, comma, &selection->privileged, error);
	if (!strcmp(name, "ignore-groups"))
		return take_list(reader, name, value, comma, &selection->ignored, error);
	if (!strcmp(name, "exempt"))
		return take_list(reader, name, value, comma, &selection->exempt, error);
	if (!strcmp(name, "exempt-dn"))
		return take_list(reader, name, value, "", &selection->exempt_dns, error);
	return unknown_key("admins", name, error);
}

static bool take_operators(struct policy_reader *reader, const char *name, const char *value,
			   struct error *error)
{
	if (strcmp(name, "accounts") != 0)
		return unknown_key("operators", name, error);
	return take_list(reader, name, value, comma, &reader->policy->selection.operators, error);
}

static bool take_rule(struct policy_reader *reader, const char *name, const char *value,
		      struct error *error)
{
	enum service_state state;
	enum rule rule;

	if (!rule_parse(name, &rule))
		return error_set(error, ERROR_USAGE, "there is no rule %s", name);
	if (rule == RULE_ADMIN_UNPROTECTED)
		return error_set(error, ERROR_USAGE,
				 "the state of admin-unprotected is set by the thresholds on "
				 "admins_unprotected (--warning, --critical)");
	if (!service_state_parse(value, &state))
		return error_set(error, ERROR_USAGE,
				 "the state of a rule is ok, warning, critical or unknown, not %s",
				 value);
	if (reader->state_given[rule])
		return error_set(error, ERROR_USAGE, "%s is set twice", name);
	reader->state_given[rule] = true;
	reader->policy->states[rule] = state;
	return true;
}

/* "group NAME": the name, or NULL. */
static const char *group_name(const char *section)
{
	if (strncmp(section, "group", 5) != 0 || !strchr(" \t", section[5]) || !section[5])
		return NULL;
	section += 5;
	section += strspn(section, " \t");
	return *section ? section : NULL;
}

/* Begins [group NAME], which may stand in the file several times. */
static void begin_group(struct policy_reader *reader, const char *name)
{
	struct policy *policy = reader->policy;

	for (size_t i = 0; i < policy->group_count; i++) {
		if (!strcmp(policy->groups[i].name, name)) {
			reader->group = &policy->groups[i];
			return;
		}
	}
	reader->group = memory_add(reader->context, policy->groups, policy->group_count);
	*reader->group = (struct host_group){.name = memory_text(reader->context, name)};
}

static bool begin_section(struct policy_reader *reader, const char *section, struct error *error)
{
	static const char *const known[] = {"hosts", "admins", "operators", "rules"};

	if (group_name(section)) {
		begin_group(reader, group_name(section));
		return true;
	}
	reader->group = NULL;
	for (size_t i = 0; i < countof(known); i++) {
		if (!strcmp(section, known[i]))
			return true;
	}
	return error_set(error, ERROR_USAGE,
			 "there is no section [%s]: known are [hosts], [group NAME], [admins], "
			 "[operators] and [rules]",
			 section);
}

/*
 * Whether a value is a section or "key = value" that was indented, and so taken to go on
 * with the value before.
 */
static bool is_indented_line(const char *value)
{
	static const char *const begins[] = {
		"add",    "exclude",       "allow",  "trustees",  "hosts",    "services",
		"groups", "ignore-groups", "exempt", "exempt-dn", "accounts",
	};
	static const char *const sections[] = {"[hosts]", "[admins]", "[operators]", "[rules]"};

	for (size_t i = 0; i < countof(sections); i++) {
		if (!strcmp(value, sections[i]))
			return true;
	}
	for (size_t i = 0; i < countof(begins); i++) {
		size_t length = strlen(begins[i]);

		if (!strncmp(value, begins[i], length) &&
		    value[length + strspn(value + length, " \t")] == '=')
			return true;
	}
	return !strncmp(value, "[group ", 7);
}

static bool take_line(void *user, const char *section, const char *name, const char *value,
		      struct error *error)
{
	struct policy_reader *reader = user;

	if (!name)
		return begin_section(reader, section, error);
	if (!*value)
		return error_set(error, ERROR_USAGE, "%s has no value", name);
	if (!*section)
		return error_set(error, ERROR_USAGE, "%s stands above the first [section]", name);
	if (is_indented_line(value))
		return error_set(error, ERROR_USAGE,
				 "an indented line goes on with the value of %s: put \"%s\" at the "
				 "beginning of the line",
				 name, value);
	if (reader->group)
		return take_group(reader, name, value, error);
	if (!strcmp(section, "hosts"))
		return take_hosts(reader, name, value, error);
	if (!strcmp(section, "admins"))
		return take_admins(reader, name, value, error);
	if (!strcmp(section, "operators"))
		return take_operators(reader, name, value, error);
	return take_rule(reader, name, value, error);
}

static int compare_groups(const void *a, const void *b)
{
	const struct host_group *left = a, *right = b;

	return text_compare(left->name, right->name);
}

/* A group without hosts would be a group that is never judged. */
static bool check_groups(const struct policy *policy, const char *path, struct error *error)
{
	for (size_t i = 0; i < policy->group_count; i++) {
		if (!policy->groups[i].hosts.count)
			return error_set(error, ERROR_USAGE,
					 "%s: the group %s needs a line \"hosts = ...\"", path,
					 policy->groups[i].name);
	}
	return true;
}

bool policy_file_read(const void *context, FILE *stream, const char *path, struct policy *policy,
		      struct error *error)
{
	const struct ini_settings settings = {0};
	struct policy_reader reader = {.context = context, .policy = policy};

	if (!ini_read(stream, path, &settings, take_line, &reader, error) ||
	    !check_groups(policy, path, error))
		return false;
	if (policy->group_count)
		qsort(policy->groups, policy->group_count, sizeof *policy->groups, compare_groups);
	return true;
}
