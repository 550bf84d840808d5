/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report for browsers and that for Prometheus, by grammars that are stricter than theirs:
 * what is not expressly allowed ends the process. */
#include "base/text.h"
#include "fuzz.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* ---- characters --------------------------------------------------------------------- */

/* Well-formed UTF-8 without a character that nobody would see, but line ends. */
static void check_characters(const char *text)
{
	size_t left = strlen(text);

	while (left) {
		size_t length = text_utf8_length(text, left);

		fuzz_check(length);
		fuzz_check(*text == '\n' || !text_is_unseen(text_utf8_decode(text, length)));
		text += length;
		left -= length;
	}
}

/* Whether one of the words, each between blanks, is that of length bytes at text. */
static bool is_word(const char *words, const char *text, size_t length)
{
	for (const char *at = words + 1; *at; at += strcspn(at, " ") + 1) {
		if (strcspn(at, " ") == length && !strncmp(at, text, length))
			return true;
	}
	return false;
}

/* ---- pages -------------------------------------------------------------------------- */

/* "&lt;": the length of the entity at text. */
static size_t entity_length(const char *text)
{
	size_t length = strcspn(text, ";");

	fuzz_check(is_word(" &amp &lt &gt &quot &#39 ", text, length));
	return length + 1;
}

/* The attributes of a tag; returns its end, the ">". */
static const char *check_attributes(const char *at)
{
	static const char names[] = " charset http-equiv content name lang class tabindex role "
				    "aria-label id href style scope colspan title ";

	while (*at == ' ') {
		size_t length = strcspn(++at, " =>");

		fuzz_check(is_word(names, at, length));
		at += length;
		if (*at != '=')
			continue;
		if (*++at != '"') {
			length = strcspn(at, " >");
			fuzz_check(length && strcspn(at, "\"'`=<&") >= length);
			at += length;
			continue;
		}
		for (at++; *at != '"';) {
			fuzz_check(*at && *at != '<' && *at != '>');
			at += *at == '&' ? entity_length(at) : 1;
		}
		at++;
	}
	fuzz_check(*at == '>');
	return at;
}

void fuzz_check_page(const char *page, size_t finding_count)
{
	static const char begin[] = "<!DOCTYPE html>\n";
	static const char elements[] =
		" html head title style meta body header nav main section div p a b i span small "
		"br wbr table thead tbody tr th td ul li pre h1 h2 h3 ";
	size_t told = 0;

	check_characters(page);
	fuzz_check(!strncmp(page, begin, sizeof begin - 1));
	for (const char *at = page + sizeof begin - 1; *at;) {
		bool opens = *at == '<' && at[1] != '/';
		const char *name = at + 1 + !opens;
		size_t length;

		fuzz_check(*at != '>');
		if (*at != '<') {
			at += *at == '&' ? entity_length(at) : 1;
			continue;
		}
		length = strcspn(name, " >");
		fuzz_check(is_word(elements, name, length));
		told += !strncmp(at, "<span id=\"f", 11);
		at = check_attributes(name + length) + 1;
		if (opens && !strncmp(name, "style", 5))
			at = strstr(at, "</style>");
		fuzz_check(at);
	}
	fuzz_check(told == finding_count);
}

/* ---- metrics ------------------------------------------------------------------------ */

/* "name{label="value",label="value"} 12.5"; returns where the value begins. */
static const char *check_sample(const char *at, const char *end)
{
	at += strspn(at, "abcdefghijklmnopqrstuvwxyz_");
	fuzz_check(*at == '{' && !strncmp(at + 1, "domain=\"", 8));
	do {
		at++;
		at += strspn(at, "abcdefghijklmnopqrstuvwxyz");
		fuzz_check(at[0] == '=' && at[1] == '"');
		for (at += 2; *at != '"'; at++) {
			fuzz_check(at < end);
			if (*at == '\\')
				fuzz_check(*++at && strchr("\\\"n", *at));
		}
		at++;
	} while (*at == ',');
	fuzz_check(at[0] == '}' && at[1] == ' ');
	at += 2;
	fuzz_check(isdigit((unsigned char)*at));
	fuzz_check(at + strspn(at, "0123456789.") == end);
	return at;
}

void fuzz_check_metrics(const char *text, size_t finding_count)
{
	static const char prefix[] = "hyperv_delegation_";
	const char *family = NULL, *end;
	size_t family_length = 0, counted = 0;

	check_characters(text);
	for (; strcmp(text, "# EOF\n") != 0; text = end + 1) {
		end = strchr(text, '\n');
		fuzz_check(end && end > text);
		if (!strncmp(text, "# HELP ", 7)) {
			family = text + 7;
			family_length = strcspn(family, " ");
			fuzz_check(!strncmp(family, prefix, sizeof prefix - 1));
			fuzz_check(!memchr(text, '\\', (size_t)(end - text)));
		} else if (*text == '#') {
			fuzz_check(!strncmp(text, "# TYPE ", 7) || !strncmp(text, "# UNIT ", 7));
			fuzz_check(family && !strncmp(text + 7, family, family_length));
		} else {
			const char *value = check_sample(text, end);

			fuzz_check(family && !strncmp(text, family, family_length));
			if (!strncmp(text, "hyperv_delegation_findings{", 27))
				counted += strtoul(value, NULL, 10);
		}
	}
	fuzz_check(counted == finding_count);
}
