/* SPDX-License-Identifier: GPL-3.0-or-later */
/* INI files: which lines are taken, with their sections, and the line of every error. */
#include "base/ini.h"

#include "unit.h"

struct taken {
	const void *context;
	char *text;          /* "[section]", "section:name=value", one a line */
	const char *refused; /* the value that the taker does not take, or NULL */
};

static bool take(void *user, const char *section, const char *name, const char *value,
		 struct error *error)
{
	struct taken *taken = user;

	if (value && taken->refused && !strcmp(value, taken->refused))
		return error_set(error, ERROR_USAGE, "refused");
	taken->text = name ? talloc_asprintf_append(taken->text, "%s:%s=%s\n", section, name, value)
			   : talloc_asprintf_append(taken->text, "[%s]\n", section);
	return true;
}

static bool read_bytes(const void *context, const char *bytes, size_t size,
		       const struct ini_settings *settings, struct taken *taken,
		       struct error *error)
{
	const char *path = unit_file(context, bytes, size);
	FILE *stream = fopen(path, "r");
	bool read;

	assert_non_null(stream);
	taken->text = memory_text(context, "");
	*error = (struct error){0};
	read = ini_read(stream, "file", settings, take, taken, error);
	assert_int_equal(fclose(stream), 0);
	return read;
}

static void test_lines(void **state)
{
	static const struct {
		const char *name, *file;
		struct ini_settings settings;
		const char *taken;
	} cases[] = {
		/* clang-format off */
		{"empty", "\n", {0}, ""},
		{"comments and blank lines", "; a\n# b\n\n[s]\n  \nx=1\n", {0}, "[s]\ns:x=1\n"},
		{"comment behind a value", "[s] ; c\nx = 1 ; c\ny=a;b\n", {0},
		 "[s]\ns:x=1\ns:y=a;b\n"},
		{"above the first section", "x=1\n", {0}, ":x=1\n"},
		{"no line break at the end", "[s]\nx=1", {0}, "[s]\ns:x=1\n"},
		{"CR LF", "[s]\r\nx = 1\r\n", {0}, "[s]\ns:x=1\n"},
		{"no value", "[s]\nx=\ny =  \n", {0}, "[s]\ns:x=\ns:y=\n"},
		{"colon", "[s]\nx: 1\n", {0}, "[s]\ns:x=1\n"},
		{"equals signs in a value", "[s]\nx=CN=a,DC=b\n", {0}, "[s]\ns:x=CN=a,DC=b\n"},
		{"a section without lines", "[s]\n[t]\n[s]\n", {0}, "[s]\n[t]\n[s]\n"},
		{"continuation", "[s]\nx=1\n 2\n\t3\ny=4\n", {0},
		 "[s]\ns:x=1\ns:x=2\ns:x=3\ns:y=4\n"},
		{"comments among continuations", "[s]\nx=1\n 2 ; c\n ; c\n 3;4\n\t;c\n", {0},
		 "[s]\ns:x=1\ns:x=2\ns:x=3;4\n"},
		{"continuation with a bracket", "[s]\nx=1\n [abc]*\n", {0},
		 "[s]\ns:x=1\ns:x=[abc]*\n"},
		{"indented lines of their own", "  [s]\n x=1\n\ty=2\n", {.indented_is_line = true},
		 "[s]\ns:x=1\ns:y=2\n"},
		{"byte order mark", "\xEF\xBB\xBF[s]\nx=1\n", {0}, "[s]\ns:x=1\n"},
		{"one section", "x=0\n[t]\nnonsense\ny=1\n[s]\nx=1\n[t]\nz=2\n[s]\ny=2\n",
		 {.section = "s"}, ":x=0\n[s]\ns:x=1\n[s]\ns:y=2\n"},
		{"byte order mark, another section", "\xEF\xBB\xBF[t]\nx=1\n[s]\ny=2\n",
		 {.section = "s"}, "[s]\ns:y=2\n"},
		/* clang-format on */
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct taken taken = {0};
		struct error error;

		unit_check(read_bytes(*state, cases[i].file, strlen(cases[i].file),
				      &cases[i].settings, &taken, &error),
			   "%s: %s", cases[i].name, error.text);
		unit_check(!strcmp(taken.text, cases[i].taken), "%s:\n%s", cases[i].name,
			   taken.text);
	}
}

static void test_errors(void **state)
{
	static const struct {
		const char *file, *refused, *error;
	} cases[] = {
		{"[s]\nx=1\nword\n", NULL, "file:3: not a line of"},
		{"\n[s\nx=1\n", NULL, "file:2: the section lacks its ]"},
		{"[s]\nx=1\n\n;\ny=2\n", "2", "file:5: refused"},
		{"[s]\nx=1\n  2\n", "2", "file:3: refused"},
		{"[s]\nx=2\ny=2\n", "2", "file:2: refused"}, /* the first of two */
		{"\xFF\xFE[", NULL, "file:1: the file is saved as UTF-16: save it as UTF-8"},
		{"\xFE\xFF", NULL, "file:1: the file is saved as UTF-16: save it as UTF-8"},
	};
	const struct ini_settings settings = {0};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct taken taken = {.refused = cases[i].refused};
		struct error error;

		assert_false(read_bytes(*state, cases[i].file, strlen(cases[i].file), &settings,
					&taken, &error));
		unit_check(!strncmp(error.text, cases[i].error, strlen(cases[i].error)), "%s",
			   error.text);
		assert_int_equal(error.kind, ERROR_USAGE);
	}
}

/* A taker that refuses a section: that has its line too. */
static bool refuse_section(void *user, const char *section, const char *name, const char *value,
			   struct error *error)
{
	(void)user;
	(void)value;
	return name || error_set(error, ERROR_USAGE, "no %s", section);
}

static void test_refused_section(void **state)
{
	char text[] = "\n\n[s]\nx=1\n";
	const struct ini_settings settings = {0};
	FILE *stream = fmemopen(text, sizeof text - 1, "r");
	struct error error = {0};

	(void)state;
	assert_non_null(stream);
	assert_false(ini_read(stream, "file", &settings, refuse_section, NULL, &error));
	assert_string_equal(error.text, "file:3: no s");
	assert_int_equal(fclose(stream), 0);
}

/* From length to length: a line is taken whole or refused, never split. */
static void test_long_lines(void **state)
{
	const struct ini_settings settings = {0};
	size_t longest = 0;

	for (size_t length = 20; length < 10000; length += length < 600 ? 1 : 397) {
		void *scratch = talloc_new(*state);
		char *text = memory_array(scratch, char, length);
		struct taken taken = {0};
		struct error error;

		memset(text, 'v', length);
		memcpy(text, "[s]\nx=", 6);
		if (read_bytes(scratch, text, length, &settings, &taken, &error)) {
			assert_int_equal(strlen(taken.text),
					 strlen("[s]\ns:x=\n") + length - strlen("[s]\nx="));
			assert_true(!longest || longest < length);
			longest = length;
		} else {
			assert_non_null(strstr(error.text, "file:2: the line is longer than"));
			assert_non_null(strstr(error.text, ": split it"));
		}
		talloc_free(scratch);
	}
	/* inih's own buffer, however large, has an end */
	assert_true(longest >= 150 && longest < 9000);
}

static void test_unreadable_stream(void **state)
{
	const struct ini_settings settings = {0};
	struct taken taken = {.text = memory_text(*state, "")};
	FILE *stream = fopen("/", "r");
	struct error error = {0};

	assert_non_null(stream);
	assert_false(ini_read(stream, "folder", &settings, take, &taken, &error));
	assert_non_null(strstr(error.text, "can not read folder: Is a directory"));
	assert_int_equal(fclose(stream), 0);
}

UNIT_MAIN(UNIT_TEST(test_lines), UNIT_TEST(test_errors), UNIT_TEST(test_refused_section),
	  UNIT_TEST(test_long_lines), UNIT_TEST(test_unreadable_stream))
