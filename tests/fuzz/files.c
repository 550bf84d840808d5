/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The targets of what users and exports hand in: files and the command line. */
#include "ad/directory.h"
#include "ad/dn.h"
#include "base/memory.h"
#include "extra_opts.h"
#include "fuzz.h"
#include "options.h"
#include "policy/baseline.h"
#include "policy/policy_file.h"
#include "source/ldif.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What failed has said why. */
static void check_error(bool done, const struct error *error)
{
	fuzz_check(done || (error->kind != ERROR_NONE && *error->text));
	fuzz_check(!done || error->kind == ERROR_NONE);
}

void fuzz_check_entry(const void *context, const struct entry *entry)
{
	fuzz_check(!strcmp(entry->key, dn_key(context, entry->dn)));
	for (int i = 0; i < ATTRIBUTE_COUNT; i++) {
		enum attribute attribute = (enum attribute)i;
		const struct attribute_values *values = entry_values(entry, attribute);
		const char *text = NULL;
		uint32_t number = 0;
		struct sid sid;

		if (values && !values->range_count)
			fuzz_check(entry_values_complete(values) ==
				   (!values->strange && !values->contradictory));
		if (entry_text(entry, attribute, &text) == READING_OK)
			fuzz_check(values && text && entry_has_text(entry, attribute, text));
		if (entry_uint32(entry, attribute, &number) == READING_OK)
			fuzz_check(values && values->count);
		if (entry_sid(entry, attribute, &sid) == READING_OK)
			fuzz_check(sid.sub_authority_count <= SID_SUB_AUTHORITIES_MAX);
	}
}

void fuzz_ldif(const uint8_t *bytes, size_t size)
{
	void *context = memory_check(talloc_new(NULL));
	struct directory *directory = directory_new(context, DIRECTORY_LDIF);
	struct error error = {0};
	char path[32];
	int file = fuzz_file(bytes, size, path);

	check_error(ldif_read(path, directory, &error), &error);
	for (const struct entry *entry = directory->entries; entry; entry = entry->hh.next)
		fuzz_check_entry(context, entry);
	(void)close(file);
	talloc_free(context);
}

void fuzz_policy(const uint8_t *bytes, size_t size)
{
	void *context = memory_check(talloc_new(NULL));
	FILE *stream = size ? fmemopen((void *)(uintptr_t)bytes, size, "r") : NULL;
	struct policy policy;
	struct error error = {0};

	policy_init(&policy);
	if (stream) {
		check_error(policy_file_read(context, stream, "policy", &policy, &error), &error);
		(void)fclose(stream);
	}
	for (size_t i = 0; !*error.text && i < policy.group_count; i++)
		fuzz_check(policy.groups[i].hosts.count && *policy.groups[i].name);
	talloc_free(context);
}

/* The first line is the section. */
void fuzz_extra_opts(const uint8_t *bytes, size_t size)
{
	void *context = memory_check(talloc_new(NULL));
	const uint8_t *end = size ? memchr(bytes, '\n', size) : NULL;
	size_t length = end ? (size_t)(end - bytes) : size;
	char *section = fuzz_text(context, bytes, length);
	struct extra_opts extra;
	struct error error = {0};
	char path[32], program[] = "program", last[] = "-v";
	int file = fuzz_file(bytes + length, size - length, path);
	char *option = memory_format(context, "--extra-opts=%s@%s", section, path);
	char *argv[] = {program, option, last, NULL};

	if (!strchr(section, '@')) { /* which would name another file */
		bool done = extra_opts_expand(context, 3, argv, &extra, &error);

		check_error(done, &error);
		fuzz_check(!done || (extra.arguments.count == (size_t)extra.count + 2 &&
				     extra.arguments.items[0] == program &&
				     extra.arguments.items[extra.arguments.count - 1] == last));
	}
	(void)close(file);
	talloc_free(context);
}

/* One argument a line; no paths, so that nothing is opened but what is in the folder. */
void fuzz_options(const uint8_t *bytes, size_t size)
{
	enum { ARGUMENTS_MAX = 32 };
	void *context = memory_check(talloc_new(NULL));
	char *text = fuzz_text(context, bytes, size), *at = NULL;
	char program[] = "program";
	char *argv[ARGUMENTS_MAX + 1] = {program};
	struct options options;
	struct error error = {0};
	int count = 1;

	if (!strchr(text, '/')) {
		for (char *word = strtok_r(text, "\n", &at); word && count < ARGUMENTS_MAX;
		     word = strtok_r(NULL, "\n", &at))
			argv[count++] = word;
		check_error(options_parse(context, count, argv, &options, &error), &error);
	}
	talloc_free(context);
}

void fuzz_baseline(const uint8_t *bytes, size_t size)
{
	void *context = memory_check(talloc_new(NULL));
	struct error error = {0};
	/* as file_read hands it over, with a NUL behind it */
	char *text = memory_check(talloc_size(context, size + 1));
	struct baseline *baseline;

	if (size)
		memcpy(text, bytes, size);
	text[size] = '\0';
	baseline = baseline_parse(context, text, size, &error);
	check_error(baseline, &error);
	for (size_t i = 0; baseline && i < baseline->hosts.count; i++)
		fuzz_check(baseline->hosts.items[i].name && baseline->hosts.items[i].key);
	for (size_t i = 0; baseline && i < baseline->admins.count; i++)
		fuzz_check(baseline->admins.items[i].name && baseline->admins.items[i].key);
	talloc_free(context);
}
