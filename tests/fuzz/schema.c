/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A report against its schema: as much of JSON Schema (draft 2020-12) as that file uses. A
 * keyword that is not known here ends the process, so that none is passed over. */
#include "fuzz.h"

#include <regex.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check_value(const json_t *root, const json_t *schema, const json_t *value);

static bool is_type(const json_t *value, const char *type)
{
	static const struct {
		const char *name;
		json_type type;
	} types[] = {
		{"object", JSON_OBJECT},   {"array", JSON_ARRAY},   {"string", JSON_STRING},
		{"integer", JSON_INTEGER}, {"number", JSON_REAL},   {"number", JSON_INTEGER},
		{"boolean", JSON_TRUE},    {"boolean", JSON_FALSE}, {"null", JSON_NULL},
	};

	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		if (!strcmp(types[i].name, type) && types[i].type == json_typeof(value))
			return true;
	}
	return false;
}

static bool is_one_of(const json_t *list, const json_t *value)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		if (json_equal(json_array_get(list, i), value))
			return true;
	}
	return false;
}

/* Whether it has one of the types: a name or a list of them. */
static bool has_type(const json_t *types, const json_t *value)
{
	if (json_is_string(types))
		return is_type(value, json_string_value(types));
	for (size_t i = 0; i < json_array_size(types); i++) {
		if (is_type(value, json_string_value(json_array_get(types, i))))
			return true;
	}
	return false;
}

/* The patterns are such as POSIX knows too. Each is compiled once. */
static bool matches(const char *pattern, const char *text)
{
	enum { PATTERNS_MAX = 8 };
	static struct {
		char *text;
		regex_t compiled;
	} known[PATTERNS_MAX];
	size_t i = 0;

	while (i < PATTERNS_MAX && known[i].text && strcmp(known[i].text, pattern) != 0)
		i++;
	fuzz_check(i < PATTERNS_MAX);
	if (!known[i].text) {
		fuzz_check(!regcomp(&known[i].compiled, pattern, REG_EXTENDED | REG_NOSUB));
		known[i].text = strdup(pattern);
	}
	return !regexec(&known[i].compiled, text, 0, NULL, 0);
}

/* Alternatives (anyOf) are told apart by the type of what they allow. */
static bool is_alternative(const json_t *root, const json_t *schema, const json_t *value)
{
	const char *reference = json_string_value(json_object_get(schema, "$ref"));

	if (reference) {
		fuzz_check(!strncmp(reference, "#/$defs/", 8));
		schema = json_object_get(json_object_get(root, "$defs"), reference + 8);
	}
	return has_type(json_object_get(schema, "type"), value);
}

static void check_any(const json_t *root, const json_t *schemas, const json_t *value)
{
	for (size_t i = 0; i < json_array_size(schemas); i++) {
		if (is_alternative(root, json_array_get(schemas, i), value)) {
			check_value(root, json_array_get(schemas, i), value);
			return;
		}
	}
	fuzz_fail(__FILE__, __LINE__, "one of anyOf");
}

static void check_properties(const json_t *root, const json_t *schema, const json_t *value)
{
	const json_t *properties = json_object_get(schema, "properties"), *part;
	const json_t *required = json_object_get(schema, "required");
	const char *name;

	json_object_foreach((json_t *)(uintptr_t)value, name, part)
	{
		const json_t *of_part = json_object_get(properties, name);

		fuzz_check(of_part ||
			   !json_is_false(json_object_get(schema, "additionalProperties")));
		if (of_part)
			check_value(root, of_part, part);
	}
	for (size_t i = 0; i < json_array_size(required); i++)
		fuzz_check(json_object_get(value, json_string_value(json_array_get(required, i))));
}

static void check_keyword(const json_t *root, const char *keyword, const json_t *said,
			  const json_t *value)
{
	/* those without a check of their own */
	static const char *const others[] = {"$comment",   "$schema",     "$defs",
					     "title",      "description", "format",
					     "properties", "required",    "additionalProperties"};
	bool known = false;

	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		known |= !strcmp(keyword, others[i]);
	if (!strcmp(keyword, "type"))
		fuzz_check(has_type(said, value));
	else if (!strcmp(keyword, "enum"))
		fuzz_check(is_one_of(said, value));
	else if (!strcmp(keyword, "const"))
		fuzz_check(json_equal(said, value));
	else if (!strcmp(keyword, "anyOf"))
		check_any(root, said, value);
	else if (!strcmp(keyword, "pattern"))
		fuzz_check(!json_is_string(value) ||
			   matches(json_string_value(said), json_string_value(value)));
	else if (!strcmp(keyword, "$ref"))
		check_value(root,
			    json_object_get(json_object_get(root, "$defs"),
					    json_string_value(said) + strlen("#/$defs/")),
			    value);
	else if (!strcmp(keyword, "items"))
		for (size_t i = 0; i < json_array_size(value); i++)
			check_value(root, said, json_array_get(value, i));
	else
		fuzz_check(known);
}

static void check_value(const json_t *root, const json_t *schema, const json_t *value)
{
	const char *keyword;
	const json_t *said;

	fuzz_check(json_is_object(schema));
	json_object_foreach((json_t *)(uintptr_t)schema, keyword, said)
		check_keyword(root, keyword, said, value);
	if (json_is_object(value))
		check_properties(root, schema, value);
}

void fuzz_check_schema(const json_t *report)
{
	static json_t *schema;
	const char *path = getenv("FUZZ_SCHEMA");
	json_error_t error;

	if (!schema)
		schema = json_load_file(path ? path : "", 0, &error);
	if (!schema) {
		(void)fprintf(stderr, "FUZZ_SCHEMA names no schema\n");
		exit(1);
	}
	check_value(schema, schema, report);
}
