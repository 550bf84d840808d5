/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "model/export.h"
#include "policy/policy_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

_Noreturn void out_of_memory(void)
{
	abort();
}

int unit_setup(void **state)
{
	*state = talloc_new(NULL);
	return *state ? 0 : -1;
}

int unit_teardown(void **state)
{
	return talloc_free(*state);
}

static int hex_value(char digit)
{
	const char *digits = "0123456789abcdef";
	const char *found = digit ? strchr(digits, digit | 0x20) : NULL;

	assert_non_null(found);
	return (int)(found - digits);
}

static void add_hex(struct directory *directory, struct entry *entry, const char *name,
		    const char *hex)
{
	size_t size = strlen(hex) / 2;
	char *bytes = memory_array(directory, char, size);

	for (size_t i = 0; i < size; i++)
		bytes[i] = (char)(hex_value(hex[2 * i]) * 16 + hex_value(hex[2 * i + 1]));
	directory_add_value(directory, entry, name, bytes, size);
}

static void add_line(struct directory *directory, struct entry **entry, char *line)
{
	char *colon = strchr(line, ':');
	char *value;

	assert_non_null(colon);
	*colon = '\0';
	value = colon + 1;
	if (*value == ':') {
		value++;
		add_hex(directory, *entry, line, value + strspn(value, " "));
		return;
	}
	value += *value == ' ';
	if (!strcmp(line, "dn"))
		*entry = directory_entry(directory, value);
	else
		directory_add_value(directory, *entry, line, *value ? value : NULL, strlen(value));
}

/* Every account has a primary group: tables name one only where it is not the usual one, or
 * an empty one ("primaryGroupID:") where it is hidden. */
static void add_primary_groups(struct directory *directory)
{
	for (struct entry *entry = directory->entries; entry; entry = entry->hh.next) {
		if (entry_has_text(entry, ATTRIBUTE_OBJECT_CLASS, "user") &&
		    !entry_values(entry, ATTRIBUTE_PRIMARY_GROUP_ID))
			directory_add_value(directory, entry, "primaryGroupID", "513", 3);
	}
}

struct directory *unit_directory(const void *context, enum directory_kind kind, const char *text)
{
	struct directory *directory = directory_new(context, kind);
	struct entry *entry = NULL;

	directory_add_source(directory, "unit.ldif");
	while (*text) {
		size_t length = strcspn(text, "\n");
		char *line = memory_check(talloc_strndup(NULL, text, length));

		if (length)
			add_line(directory, &entry, line);
		talloc_free(line);
		text += length + (text[length] == '\n');
	}
	add_primary_groups(directory);
	if (kind == DIRECTORY_LDIF)
		export_finish(directory);
	return directory;
}

void unit_select_hosts(const void *context, struct selection *selection, const char *const *words)
{
	for (; words && *words; words++) {
		text_list_add(context, &selection->judged, *words);
		selection->host_words =
			memory_grow(context, selection->host_words, selection->host_word_count,
				    sizeof *selection->host_words);
		selection->host_words[selection->host_word_count++] =
			(struct host_word){.word = *words, .key = "host"};
	}
}

struct snapshot *unit_snapshot(const void *context, const char *text, const char *const *words)
{
	struct selection selection = {.hosts = true, .admins = true};
	struct error error = {0};
	struct snapshot *snapshot;

	unit_select_hosts(context, &selection, words);
	snapshot = snapshot_build(context, unit_directory(context, DIRECTORY_LDIF, text),
				  &selection, &error);
	unit_check(snapshot, "%s", error.text);
	return snapshot;
}

struct verdict *unit_verdict(const void *context, const char *text, const char *const *words,
			     struct policy *policy)
{
	struct snapshot *snapshot;
	struct error error = {0};

	if (!policy) {
		policy = memory_new(context, struct policy);
		policy_init(policy);
	}
	unit_select_hosts(context, &policy->selection, words);
	snapshot = snapshot_build(context, unit_directory(context, DIRECTORY_LDIF, text),
				  &policy->selection, &error);
	unit_check(snapshot, "%s", error.text);
	return verdict_reach(context, snapshot, policy, 0.25);
}

struct policy *unit_policy(const void *context, const char *text)
{
	struct policy *policy = memory_new(context, struct policy);
	FILE *stream = fmemopen(memory_text(context, text), strlen(text), "r");
	struct error error = {0};
	bool read;

	assert_non_null(stream);
	policy_init(policy);
	read = policy_file_read(context, stream, "policy", policy, &error);
	(void)fclose(stream);
	unit_check(read, "%s", error.text);
	return policy;
}

const char *unit_findings(const void *context, const struct verdict *verdict)
{
	char *text = memory_text(context, "");

	for (size_t i = 0; i < verdict->findings.count; i++) {
		const struct finding *finding = &verdict->findings.items[i];

		text = talloc_asprintf_append(text, "%s %s %s %s\n", rule_name(finding->rule),
					      service_state_name(finding->state), finding->subject,
					      finding->object ? finding->object : "-");
	}
	return memory_check(text);
}

const char *unit_findings_of(const void *context, const struct verdict *verdict, enum rule rule)
{
	char *text = memory_text(context, "");

	for (size_t i = 0; i < verdict->findings.count; i++) {
		const struct finding *finding = &verdict->findings.items[i];

		if (finding->rule == rule)
			text = talloc_asprintf_append(
				text, "%s %s %s\n", service_state_name(finding->state),
				finding->subject, finding->object ? finding->object : "-");
	}
	return memory_check(text);
}

void unit_check_rules(const void *context, const struct unit_rule_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct unit_rule_case *rule_case = &cases[i];
		const char *text = memory_format(context, "%s%s", UNIT_HEALTHY_DOMAIN("", ""),
						 rule_case->entries);
		struct policy *policy =
			rule_case->policy ? unit_policy(context, rule_case->policy) : NULL;
		const struct verdict *verdict =
			unit_verdict(context, text, rule_case->words, policy);
		const char *findings = unit_findings_of(context, verdict, rule_case->rule);

		unit_check(!strcmp(findings, rule_case->findings), "%s:\n%s", rule_case->name,
			   findings);
	}
}

const char *unit_unreadable(const void *context, const struct unreadable_list *unreadable)
{
	struct text_list lines = {0};
	char *text = memory_text(context, "");

	for (size_t i = 0; i < unreadable->count; i++) {
		assert_true(strlen(unreadable->items[i].detail) > 10);
		text_list_add(context, &lines,
			      memory_format(context, "%s %s\n", unreadable->items[i].subject,
					    unreadable->items[i].object));
	}
	text_list_sort(&lines);
	for (size_t i = 0; i < lines.count; i++)
		text = talloc_strdup_append(text, lines.items[i]);
	return memory_check(text);
}

char unit_truth(enum truth truth)
{
	return truth == TRUTH_YES ? 'y' : truth == TRUTH_NO ? 'n' : '?';
}

struct sid unit_sid(const char *text)
{
	struct sid sid;

	unit_check(sid_parse_text(text, &sid), "%s", text);
	return sid;
}

static uint8_t *put(uint8_t *end, uint32_t number, size_t size)
{
	for (size_t i = 0; i < size; i++)
		*end++ = (uint8_t)(number >> 8 * i);
	return end;
}

static uint8_t *put_ace(uint8_t *end, const struct unit_ace *ace)
{
	struct sid trustee = unit_sid(ace->trustee);
	bool object = (ace->type >= 0x05 && ace->type <= 0x08) || ace->type == 0x0B;
	uint8_t *start = end;

	end = put(end, ace->type, 1);
	end = put(end, ace->flags, 1);
	end = put(end, 0, 2);
	end = put(end, ace->mask, 4);
	if (object) {
		end = put(end, ace->object_flags, 4);
		for (uint32_t bit = 1; bit <= 2; bit *= 2) {
			if (!(ace->object_flags & bit))
				continue;
			memset(end, 0xA5, 16);
			end += 16;
		}
	}
	end += sid_format_binary(&trustee, end);
	(void)put(start + 2, (uint32_t)(end - start), 2);
	return end;
}

void unit_descriptor_build(struct unit_descriptor *descriptor, const struct unit_ace *aces,
			   size_t count)
{
	uint8_t *acl = descriptor->bytes + 20;
	uint8_t *end = descriptor->bytes;

	end = put(end, 1, 1);
	end = put(end, 0, 1);
	end = put(end, 0x8004, 2);
	end = put(end, 0, 4);
	end = put(end, 0, 4);
	end = put(end, 0, 4);
	end = put(end, 20, 4);
	end = put(end, 2, 2);
	end = put(end, 0, 2);
	end = put(end, (uint32_t)count, 4);
	for (size_t i = 0; i < count; i++)
		end = put_ace(end, &aces[i]);
	(void)put(acl + 2, (uint32_t)(end - acl), 2);
	descriptor->size = (size_t)(end - descriptor->bytes);
}

const char *unit_allowed_to_act(const void *context, const char *const *trustees, size_t count)
{
	struct unit_ace aces[8] = {0};
	struct unit_descriptor descriptor;
	char *line = memory_text(context, "msDS-AllowedToActOnBehalfOfOtherIdentity:: ");

	assert_true(count <= COUNT_OF(aces));
	for (size_t i = 0; i < count; i++)
		aces[i] = (struct unit_ace){.mask = 0x000F01FF, .trustee = trustees[i]};
	unit_descriptor_build(&descriptor, aces, count);
	for (size_t i = 0; i < descriptor.size; i++)
		line = talloc_asprintf_append(line, "%02x", descriptor.bytes[i]);
	return memory_check(talloc_strdup_append(line, "\n"));
}

static int remove_file(char *path)
{
	return unlink(path);
}

const char *unit_file(const void *context, const void *bytes, size_t size)
{
	const char *folder = getenv("TMPDIR");
	char *path = memory_format(context, "%s/unit-XXXXXX", folder ? folder : "/tmp");
	int descriptor = mkstemp(path);

	assert_true(descriptor >= 0);
	talloc_set_destructor(path, remove_file);
	assert_int_equal(write(descriptor, bytes, size), (ssize_t)size);
	assert_int_equal(close(descriptor), 0);
	return path;
}
