/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/policy_file.h"

#include "base/ini.h"
#include "base/memory.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* What stands between the items of a list. */
#define COMMA ","
#define COMMA_OR_BLANK ", \t"

/* What is done with the items of a list beside keeping them. */
enum list_kind {
	LIST_PLAIN,
	LIST_ADDED_HOSTS, /* they name hosts, and are kept for nothing else */
	LIST_HOSTS,       /* they name hosts */
	LIST_SERVICES,    /* each is a class that hosts must reach of each other */
	LIST_TRUSTEES,    /* they are looked up */
};

static const char group_section[] = "group NAME";

/* The keys of all sections but [rules]. */
static const struct list_key {
	const char *section;
	const char *name;
	const char *separators;
	enum list_kind kind;
	size_t offset; /* of the list in struct policy, or of a group in struct host_group */
} keys[] = {
	{"hosts", "add", COMMA_OR_BLANK, LIST_ADDED_HOSTS, 0},
	{"hosts", "exclude", COMMA_OR_BLANK, LIST_PLAIN,
	 offsetof(struct policy, selection.excluded)},
	{"hosts", "allow", COMMA, LIST_PLAIN, offsetof(struct policy, allow)},
	{"hosts", "trustees", COMMA, LIST_TRUSTEES, offsetof(struct policy, trustees)},
	{group_section, "hosts", COMMA_OR_BLANK, LIST_HOSTS, offsetof(struct host_group, hosts)},
	{group_section, "services", COMMA, LIST_SERVICES, offsetof(struct host_group, services)},
	{group_section, "allow", COMMA, LIST_PLAIN, offsetof(struct host_group, allow)},
	{group_section, "trustees", COMMA, LIST_TRUSTEES, offsetof(struct host_group, trustees)},
	{"admins", "groups", COMMA, LIST_PLAIN, offsetof(struct policy, selection.privileged)},
	{"admins", "ignore-groups", COMMA, LIST_PLAIN, offsetof(struct policy, selection.ignored)},
	{"admins", "exempt", COMMA, LIST_PLAIN, offsetof(struct policy, selection.exempt)},
	{"admins", "exempt-dn", "", LIST_PLAIN, offsetof(struct policy, selection.exempt_dns)},
	{"operators", "accounts", COMMA, LIST_PLAIN, offsetof(struct policy, selection.operators)},
};

/* All sections but those of groups. */
static const char *const sections[] = {"hosts", "admins", "operators", "rules"};

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

/* Takes one item of a list, which may be that of several lines. */
static bool take_item(struct policy_reader *reader, const struct list_key *key, const char *item,
		      struct error *error)
{
	void *owner = reader->group ? (void *)reader->group : reader->policy;
	struct text_list *list = (void *)((char *)owner + key->offset);

	switch (key->kind) {
	case LIST_PLAIN: break;
	case LIST_ADDED_HOSTS:
	case LIST_HOSTS:
		policy_add_host_word(reader->context, reader->policy, item, key->name);
		break;
	case LIST_SERVICES:
		if (text_is_pattern(item))
			return error_set(error, ERROR_USAGE,
					 "services takes whole classes of SPNs, no patterns: %s",
					 item);
		break;
	case LIST_TRUSTEES:
		text_list_add(reader->context, &reader->policy->selection.trustees, item);
		break;
	}
	if (key->kind != LIST_ADDED_HOSTS)
		text_list_add(reader->context, list, item);
	return true;
}

static bool take_list(struct policy_reader *reader, const char *section, const char *name,
		      const char *value, struct error *error)
{
	struct text_list items = {0};
	size_t i = 0;

	while (i < countof(keys) &&
	       (strcmp(section, keys[i].section) != 0 || strcmp(name, keys[i].name) != 0))
		i++;
	if (i == countof(keys))
		return error_set(error, ERROR_USAGE, "there is no key %s in a section [%s]", name,
				 section);
	split(reader->context, value, keys[i].separators, &items);
	for (size_t k = 0; k < items.count; k++) {
		if (!take_item(reader, &keys[i], items.items[k], error))
			return false;
	}
	return items.count || error_set(error, ERROR_USAGE, "the list %s is empty", name);
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
				 "admin-unprotected takes its state from the thresholds "
				 "(--warning, --critical)");
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
	if (group_name(section)) {
		begin_group(reader, group_name(section));
		return true;
	}
	reader->group = NULL;
	for (size_t i = 0; i < countof(sections); i++) {
		if (!strcmp(section, sections[i]))
			return true;
	}
	return error_set(error, ERROR_USAGE,
			 "there is no section [%s], only [hosts], [group NAME], [admins], "
			 "[operators], [rules]",
			 section);
}

/*
 * Whether a value is a section or "key = value" that was indented, and so taken to go on
 * with the value before.
 */
static bool is_indented_line(const char *value)
{
	for (size_t i = 0; i < countof(sections); i++) {
		size_t length = strlen(sections[i]);

		if (*value == '[' && !strncmp(value + 1, sections[i], length) &&
		    !strcmp(value + 1 + length, "]"))
			return true;
	}
	for (size_t i = 0; i < countof(keys); i++) {
		size_t length = strlen(keys[i].name);

		if (!strncmp(value, keys[i].name, length) &&
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
				 "an indented line goes on with the value of %s: do not indent "
				 "\"%s\"",
				 name, value);
	if (!strcmp(section, "rules"))
		return take_rule(reader, name, value, error);
	return take_list(reader, reader->group ? group_section : section, name, value, error);
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
