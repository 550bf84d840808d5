/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text in a page: nothing that is put into it becomes markup, and everything is seen. */
#include "report/html_text.h"

#include "unit.h"

#include <stdlib.h>

static void test_escaping(void **state)
{
	static const struct {
		const char *text, *html;
	} cases[] = {
		{"", ""},
		{"hv01", "hv01"},
		{"<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
		{"\" onload=\"x' y", "&quot; onload=&quot;x&#39; y"},
		{"&lt; && &#60;", "&amp;lt; &amp;&amp; &amp;#60;"},
		{"100% %s %n", "100% %s %n"},
		{"a\nb\tc\x1B[0m\x7F", "a[U+000A]b[U+0009]c[U+001B][0m[U+007F]"},
		{"\xC2\x85\xC2\xA0", "[U+0085]\xC2\xA0"},
		{"J\xC3\xBCrgen \xE2\x82\xAC \xF0\x9F\x98\x80",
		 "J\xC3\xBCrgen \xE2\x82\xAC \xF0\x9F\x98\x80"},
		{"adm\xE2\x80\xAEnim\xE2\x81\xA9", "adm[U+202E]nim[U+2069]"},
		{"\xEF\xBB\xBF\xEF\xBF\xBF", "[U+FEFF][U+FFFF]"},
		{"\xF3\xA0\x80\xBC", "[U+E003C]"},
		{"\xC3<", "\xEF\xBF\xBD&lt;"},
		{"\xFF\xFE", "\xEF\xBF\xBD\xEF\xBF\xBD"},
		{"\xC0\xBC", "\xEF\xBF\xBD\xEF\xBF\xBD"}, /* an overlong < */
		{"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct html_text *text = html_text_new(*state);

		html_text_add(text, "<b>%s</b>", cases[i].text);
		assert_string_equal(html_text_get(text),
				    memory_format(*state, "<b>%s</b>", cases[i].html));
	}
}

/* A line of a name may end at its separators, at no hyphen, and somewhere in what is long. */
static void test_names(void **state)
{
	static const struct {
		const char *name, *html;
	} cases[] = {
		{"", ""},
		{"adm-bernd", "adm-bernd"},
		{"CN=adm-bernd,OU=Admins,DC=test", "CN=adm-bernd,<wbr>OU=Admins,<wbr>DC=test"},
		{"cifs/old01.hv.test", "cifs/<wbr>old01.<wbr>hv.<wbr>test"},
		{"Domain Admins", "Domain <wbr>Admins"},
		{"ends with,", "ends <wbr>with,"},
		{"<b>,\xE2\x80\xAE", "&lt;b&gt;,<wbr>[U+202E]"},
		{"123456789012345678901234", "123456789012345678901234"},
		{"123456789012345678901234567890123456789012345678x",
		 "123456789012345678901234<wbr>567890123456789012345678<wbr>x"},
		{"12345678901234567890123\xC3\xBCx", "12345678901234567890123\xC3\xBC<wbr>x"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct html_text *text = html_text_new(*state);

		html_text_add_name(text, cases[i].name);
		assert_string_equal(html_text_get(text), cases[i].html);
	}
}

static void test_conversions(void **state)
{
	struct html_text *text = html_text_new(*state);

	html_text_add(text, "%u %zu %.0f %.3f 50%% %s|%s", 8u, (size_t)9, 10.4, 0.25, "a", "b");
	html_text_add_markup(text, "<i>100%s</i>");
	assert_string_equal(html_text_get(text), "8 9 10 0.250 50% a|b<i>100%s</i>");
}

/* A text that outgrows its room many times is the same text. */
static void test_growth(void **state)
{
	struct html_text *text = html_text_new(*state);
	const char *got;
	size_t rounds = 300000;

	for (size_t i = 0; i < rounds; i++)
		html_text_add(text, "<td>%s", "<");
	got = html_text_get(text);
	assert_int_equal(strlen(got), rounds * strlen("<td>&lt;"));
	for (size_t i = 0; i < rounds; i++)
		assert_memory_equal(got + i * strlen("<td>&lt;"), "<td>&lt;", strlen("<td>&lt;"));
}

UNIT_MAIN(UNIT_TEST(test_escaping), UNIT_TEST(test_names), UNIT_TEST(test_conversions),
	  UNIT_TEST(test_growth))
