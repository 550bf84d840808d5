/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What becomes of texts that want to be more than a text. */
#include "unit.h"

#include "report/quote.h"

static void test_plain_names(void **state)
{
	static const struct {
		const char *name;
		bool plain;
	} cases[] = {
		{"hv01$", true},
		{"adm-anna", true},
		{"Backup Team", true},
		{"svc_1.x", true},
		{"", false},
		{"$", false},
		{"a$b", false},
		{"a$$", false},
		{"-H", false},
		{"--option", false},
		{" a", false},
		{"a ", false},
		{".a", false},
		{"a'b", false},
		{"a`id`", false},
		{"a;b", false},
		{"a|b", false},
		{"a\nb", false},
		{"a@b", false},
		{"CORP\\a", false},
		{"CN=x", false},
		{"J\xC3\xB6rg", false},
		{"S-1-5-21-1-2-3-500", false},
		{"s-1-5-32-544", false},
		{"0123456789abcdef0123456789abcdef", false}, /* a GUID */
		{"01234567-89ab-cdef-0123-456789abcdef", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		unit_check(quote_is_plain_name(cases[i].name) == cases[i].plain, "%s",
			   cases[i].name);
}

static void test_plain_arguments(void **state)
{
	(void)state;
	assert_true(quote_is_plain_argument("cifs/a'b`id`$(id);|<>\\\"*"));
	assert_false(quote_is_plain_argument(""));
	assert_false(quote_is_plain_argument("-H"));
	assert_false(quote_is_plain_argument("a!b"));
	assert_false(quote_is_plain_argument("a\nb"));
	assert_false(quote_is_plain_argument("a\x1B[2J"));
	assert_false(quote_is_plain_argument("a\x7F"));
	assert_false(quote_is_plain_argument("J\xC3\xB6rg"));
}

static void test_shell(void **state)
{
	assert_string_equal(quote_shell(*state, ""), "''");
	assert_string_equal(quote_shell(*state, "a b$(id)`id`;|\\"), "'a b$(id)`id`;|\\'");
	assert_string_equal(quote_shell(*state, "it's"), "'it'\\''s'");
	assert_string_equal(quote_shell(*state, "''"), "''\\'''\\'''");
}

#define DECODED(base64)                                                                            \
	"([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('" base64 "')))"

static void test_powershell(void **state)
{
	static const struct {
		const char *text, *expression;
	} cases[] = {
		{"", "''"},
		{"cifs/hv01", "'cifs/hv01'"},
		{"a`b$(id);\"#", "'a`b$(id);\"#'"},
		{"it's", "'it''s'"},
		/* the typographic ones, U+2018 to U+201B, end a string too */
		{"a\xE2\x80\x98", "'a\xE2\x80\x98\xE2\x80\x98'"},
		{"\xE2\x80\x99", "'\xE2\x80\x99\xE2\x80\x99'"},
		{"\xE2\x80\x9A", "'\xE2\x80\x9A\xE2\x80\x9A'"},
		{"\xE2\x80\x9B", "'\xE2\x80\x9B\xE2\x80\x9B'"},
		{"\xE2\x80\x9C", "'\xE2\x80\x9C'"}, /* a double one is not */
		{"J\xC3\xB6rg", "'J\xC3\xB6rg'"},
		{"\xF0\x9F\x98\x80", "'\xF0\x9F\x98\x80'"},
		/* what a terminal, a page or a reader would not take as it stands */
		{"a\nb", DECODED("YQpi")},
		{"\x1B[2J", DECODED("G1sySg==")},
		{"a|b", DECODED("YXxi")},
		{"<b>", DECODED("PGI+")},
		{"a\\b", DECODED("YVxi")},
		{"\x7F", DECODED("fw==")},
		{"\xC2\x85", DECODED("woU=")},
		{"a\xE2\x80\xAE", DECODED("YeKArg==")},     /* right to left */
		{"\xEF\xBB\xBF", DECODED("77u/")},          /* byte order mark */
		{"\xF3\xA0\x80\x81'", DECODED("86CAgSc=")}, /* a tag */
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_string_equal(quote_powershell(*state, cases[i].text), cases[i].expression);
	assert_null(quote_powershell(*state, "Gr\xFC\xDF"));
	assert_null(quote_powershell(*state, "cut\xC3"));
}

static void test_ldif(void **state)
{
	static const struct {
		const char *value, *line;
	} cases[] = {
		{"CN=hv01,DC=hv", "a: CN=hv01,DC=hv\n"},
		{"a'b`id`$(id);|\\", "a: a'b`id`$(id);|\\\n"},
		{"", "a:: \n"},
		{" a", "a:: IGE=\n"},
		{"a ", "a:: YSA=\n"},
		{":a", "a:: OmE=\n"},
		{"<a", "a:: PGE=\n"},
		{"a\nb", "a:: YQpi\n"},
		{"a\rb", "a:: YQ1i\n"},
		{"\x1B", "a:: Gw==\n"},
		{"a!", "a:: YSE=\n"},
		{"\xC3\xB6", "a:: w7Y=\n"},
		{"\xFC", "a:: /A==\n"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_string_equal(quote_ldif(*state, "a", cases[i].value, strlen(cases[i].value)),
				    cases[i].line);
	assert_string_equal(quote_ldif(*state, "a", "a\0b", 3), "a:: YQBi\n");
	assert_string_equal(quote_ldif(*state, "a", "\0", 1), "a:: AA==\n");
}

static void test_filter(void **state)
{
	assert_string_equal(quote_filter(*state, "cifs/hv01.hv.test:80"), "cifs/hv01.hv.test:80");
	assert_string_equal(quote_filter(*state, "a*(b)\\\n'\"$`!&|=\xC3\xB6"),
			    "a\\2a\\28b\\29\\5c\\0a\\27\\22\\24\\60\\21\\26\\7c\\3d\\c3\\b6");
}

static void test_comment(void **state)
{
	assert_string_equal(quote_comment(*state, "hv01$"), "hv01");
	assert_string_equal(quote_comment(*state, "CN=a b,DC=hv"), "CN=a b,DC=hv");
	assert_string_equal(quote_comment(*state, "a\nrm -rf;`id`$(id)|'\"*?~#\xC3\xB6"),
			    "a_rm -rf__id___id________\xC3\xB6");
	/* a typographic quote, a wide blank, a mark of direction, a byte alone, a control */
	assert_string_equal(
		quote_comment(*state, "\xE2\x80\x98x\xE3\x80\x80y\xD8\x9Cz\xF6\xC2\x85"),
		"___x___y__z___");
	assert_string_equal(quote_comment(*state, "$"), "_");
}

UNIT_MAIN(UNIT_TEST(test_plain_names), UNIT_TEST(test_plain_arguments), UNIT_TEST(test_shell),
	  UNIT_TEST(test_powershell), UNIT_TEST(test_ldif), UNIT_TEST(test_filter),
	  UNIT_TEST(test_comment))
