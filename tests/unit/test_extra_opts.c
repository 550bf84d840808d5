/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --extra-opts: which options a section stands for, where they go, and what is refused. */
#include "extra_opts.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char ini[] = "; comment\n"
			  "[check_hyperv_delegation]\n"
			  "domain=hv.test\n"
			  "\n"
			  "[other]\n"
			  "v=\n"
			  "   w = 5\n"
			  "verbose =\n"
			  "host = hv*\n"
			  "timeout=10:critical\n"
			  "[empty]\n"
			  "[check_hyperv_delegation]\n"
			  "k=file\n";

/* The arguments joined by blanks; NULL, and error filled, where they are refused. */
static const char *expand(const void *context, const char *const *words, struct error *error)
{
	char *argv[16] = {NULL};
	struct extra_opts extra;
	char *text = memory_text(context, "");
	int argc = 0;

	for (; words[argc]; argc++)
		argv[argc] = memory_text(context, words[argc]);
	*error = (struct error){0};
	if (!extra_opts_expand(context, argc, argv, &extra, error))
		return NULL;
	for (size_t i = 0; i < extra.arguments.count; i++)
		text = talloc_asprintf_append(text, "%s%s", i ? " " : "", extra.arguments.items[i]);
	return text;
}

#define EXPAND(context, error, ...)                                                                \
	expand(context, (const char *const[]){"prog", __VA_ARGS__, NULL}, error)

static void test_nothing_to_expand(void **state)
{
	struct error error;

	assert_string_equal(EXPAND(*state, &error, "-v", "--", "--extra-opts=x"),
			    "prog -v -- --extra-opts=x");
	assert_string_equal(EXPAND(*state, &error, "--extra-optsx"), "prog --extra-optsx");
}

static void test_sections(void **state)
{
	const char *path = unit_file(*state, ini, sizeof ini - 1);
	struct error error;

	assert_string_equal(
		EXPAND(*state, &error, "-v", memory_format(*state, "--extra-opts=@%s", path), "-4"),
		"prog --domain=hv.test -k file -v -4");
	assert_string_equal(EXPAND(*state, &error, "--extra-opts",
				   memory_format(*state, "other@%s", path), "-4"),
			    "prog -v -w 5 --verbose --host=hv* --timeout=10:critical -4");
	assert_string_equal(
		EXPAND(*state, &error, memory_format(*state, "--extra-opts=empty@%s", path)),
		"prog");
	assert_string_equal(EXPAND(*state, &error,
				   memory_format(*state, "--extra-opts=other@%s", path), "-x",
				   memory_format(*state, "--extra-opts=@%s", path)),
			    "prog -v -w 5 --verbose --host=hv* --timeout=10:critical "
			    "--domain=hv.test -k file -x");
}

static void test_default_file(void **state)
{
	const char *path = unit_file(*state, ini, sizeof ini - 1);
	struct error error;

	assert_int_equal(setenv("MP_CONFIG_FILE", path, 1), 0);
	assert_string_equal(EXPAND(*state, &error, "--extra-opts"),
			    "prog --domain=hv.test -k file");
	assert_string_equal(EXPAND(*state, &error, "--extra-opts", "-4"),
			    "prog --domain=hv.test -k file -4");
	assert_string_equal(EXPAND(*state, &error, "--extra-opts", "empty", "-4"), "prog -4");
	assert_null(EXPAND(*state, &error, "--extra-opts=missing"));
	assert_int_equal(unsetenv("MP_CONFIG_FILE"), 0);
}

static void test_folders(void **state)
{
	char folder[] = "/tmp/unit-XXXXXX";
	const char *file;
	struct error error;
	FILE *stream;

	assert_non_null(mkdtemp(folder));
	file = memory_format(*state, "%s/plugins.ini", folder);
	stream = fopen(file, "w");
	assert_non_null(stream);
	(void)fputs(ini, stream);
	assert_int_equal(fclose(stream), 0);
	assert_int_equal(
		setenv("NAGIOS_CONFIG_PATH", memory_format(*state, "/nowhere:%s", folder), 1), 0);
	assert_string_equal(EXPAND(*state, &error, "--extra-opts"),
			    "prog --domain=hv.test -k file");
	assert_int_equal(unsetenv("NAGIOS_CONFIG_PATH"), 0);
	assert_int_equal(unlink(file), 0);
	assert_int_equal(rmdir(folder), 0);
}

static void test_refused(void **state)
{
	char longer[3000];
	struct error error;
	static const struct {
		const char *ini, *section, *error;
	} cases[] = {
		{"[a]\nx=1\n", "b", "has no section [b]"},
		{"[a]\nx=1\n", "A", "has no section [A]"},
		{"", "a", "has no section [a]"},
		{"[a]\nword\n", "a", ":2: not a line of"},
		{"[a\nx=1\n", "a", ":1: the section lacks its ]"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *path = unit_file(*state, cases[i].ini, strlen(cases[i].ini));

		assert_null(EXPAND(
			*state, &error,
			memory_format(*state, "--extra-opts=%s@%s", cases[i].section, path)));
		unit_check(strstr(error.text, cases[i].error), "%s", error.text);
		unit_check(strstr(error.text, path), "%s", error.text);
		assert_int_equal(error.kind, ERROR_USAGE);
	}
	assert_null(EXPAND(*state, &error, "--extra-opts=a@/nowhere/at/all"));
	assert_non_null(strstr(error.text, "can not open /nowhere/at/all"));
	assert_null(EXPAND(*state, &error, "--extra-opts=a@"));
	assert_non_null(strstr(error.text, "finds no configuration file"));
	assert_null(EXPAND(*state, &error, "--extra-opts=a@/"));
	memset(longer, 'x', sizeof longer);
	memcpy(longer, "[a]\nb=", 6);
	assert_null(EXPAND(*state, &error,
			   memory_format(*state, "--extra-opts=a@%s",
					 unit_file(*state, longer, sizeof longer))));
	assert_non_null(strstr(error.text, ":2: the line is longer than"));
}

/* inih keeps 49 bytes of a section's name: a longer one is still a name of its own. */
static void test_long_section(void **state)
{
	static const char fits[] = "a123456789b123456789c123456789d123456789e12345678";
	static const char longer[] = "a123456789b123456789c123456789d123456789e123456789";
	const char *text = memory_format(*state, "[%s]\nx=1\n[%s]\ny=2\n", fits, longer);
	const char *path = unit_file(*state, text, strlen(text));
	struct error error;

	assert_string_equal(
		EXPAND(*state, &error, memory_format(*state, "--extra-opts=%s@%s", fits, path)),
		"prog -x 1");
	assert_string_equal(
		EXPAND(*state, &error, memory_format(*state, "--extra-opts=%s@%s", longer, path)),
		"prog -y 2");
}

UNIT_MAIN(UNIT_TEST(test_nothing_to_expand), UNIT_TEST(test_sections), UNIT_TEST(test_default_file),
	  UNIT_TEST(test_folders), UNIT_TEST(test_refused), UNIT_TEST(test_long_section))
