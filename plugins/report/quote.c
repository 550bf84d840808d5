/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/quote.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdint.h>
#include <string.h>

#define LETTERS_AND_DIGITS                                                                         \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ"                                                               \
	"abcdefghijklmnopqrstuvwxyz"                                                               \
	"0123456789"

/* Shorter than any form of a GUID, which tools would take a name for. */
enum { PLAIN_NAME_MAX = 31 };

bool quote_is_plain_name(const char *name)
{
	size_t length = strlen(name);
	size_t plain = strspn(name, LETTERS_AND_DIGITS " ._-");

	if (!length || length > PLAIN_NAME_MAX || !strchr(LETTERS_AND_DIGITS, name[0]))
		return false;
	if (name[length - 1] == ' ' || text_matches("S-[0-9]*-*", name))
		return false;
	return plain == length || (plain == length - 1 && plain && name[plain] == '$');
}

bool quote_is_plain_argument(const char *text)
{
	if (!*text || *text == '-')
		return false;
	for (; *text; text++) {
		if (*text < ' ' || *text > '~' || *text == '!')
			return false;
	}
	return true;
}

char *quote_shell(const void *context, const char *text)
{
	char *quoted = memory_text(context, "'");

	for (; *text; text++) {
		if (*text == '\'')
			quoted = memory_append(quoted, "'\\''");
		else
			quoted = memory_append(quoted, "%c", *text);
	}
	return memory_append(quoted, "'");
}

static char *base64(const void *context, const void *bytes, size_t size)
{
	static const char digits[] = LETTERS_AND_DIGITS "+/";
	const uint8_t *byte = bytes;
	char *text = memory_check(talloc_size(context, (size + 2) / 3 * 4 + 1));
	char *end = text;

	for (size_t i = 0; i < size; i += 3) {
		uint32_t group = (uint32_t)byte[i] << 16;

		if (i + 1 < size)
			group |= (uint32_t)byte[i + 1] << 8;
		if (i + 2 < size)
			group |= byte[i + 2];
		*end++ = digits[group >> 18];
		*end++ = digits[group >> 12 & 63];
		*end++ = i + 1 < size ? digits[group >> 6 & 63] : '=';
		*end++ = i + 2 < size ? digits[group & 63] : '=';
	}
	*end = '\0';
	return text;
}

/* Whether a terminal, a monitoring page or their reader would not see the character as it is. */
static bool is_unseen(uint32_t character)
{
	return text_is_unseen(character) || character == '|' || character == '<' ||
	       character == '>' || character == '\\';
}

/* What PowerShell takes for a single quote: ' and U+2018 to U+201B. */
static bool is_quote(uint32_t character)
{
	return character == '\'' || (character >= 0x2018 && character <= 0x201B);
}

char *quote_powershell(const void *context, const char *text)
{
	char *quoted = memory_text(context, "'");
	char *encoded;
	size_t size = strlen(text);
	bool seen = true;

	for (size_t i = 0, length; i < size; i += length) {
		uint32_t character;

		length = text_utf8_length(text + i, size - i);
		if (!length)
			return NULL;
		character = text_utf8_decode(text + i, length);
		seen = seen && !is_unseen(character);
		quoted = memory_append(quoted, "%.*s", (int)length, text + i);
		if (is_quote(character))
			quoted = memory_append(quoted, "%.*s", (int)length, text + i);
	}
	if (seen)
		return memory_append(quoted, "'");
	talloc_free(quoted);
	encoded = base64(NULL, text, size);
	quoted = memory_format(
		context, "([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('%s')))",
		encoded);
	talloc_free(encoded);
	return quoted;
}

char *quote_ldif(const void *context, const char *attribute, const void *bytes, size_t size)
{
	const char *text = bytes;
	bool safe = size && !strchr(" :<", text[0]) && text[size - 1] != ' ';
	char *encoded, *line;

	for (size_t i = 0; i < size; i++)
		safe = safe && text[i] >= ' ' && text[i] <= '~' && text[i] != '!';
	if (safe)
		return memory_format(context, "%s: %.*s\n", attribute, (int)size, text);
	encoded = base64(NULL, bytes, size);
	line = memory_format(context, "%s:: %s\n", attribute, encoded);
	talloc_free(encoded);
	return line;
}

char *quote_filter(const void *context, const char *text)
{
	char *filter = memory_text(context, "");

	for (; *text; text++) {
		if (strchr(LETTERS_AND_DIGITS " ./:_-", *text))
			filter = memory_append(filter, "%c", *text);
		else
			filter = memory_append(filter, "\\%02x", (uint8_t)*text);
	}
	return filter;
}

/* The bytes of a letter beyond ASCII that its reader sees as it is, which no shell takes for
 * more than a letter; 0 where text begins with none. */
static size_t letter_length(const char *text)
{
	/* between the two ranges there are blanks and quotes, which PowerShell knows */
	enum { FIRST_LETTER = 0xC0, END_OF_LETTERS = 0x1680, FIRST_OF_ASIA = 0x3041 };
	size_t length = text_utf8_length(text, strlen(text));
	uint32_t character = length > 1 ? text_utf8_decode(text, length) : 0;

	if (character < FIRST_LETTER ||
	    (character >= END_OF_LETTERS && character < FIRST_OF_ASIA) || is_unseen(character))
		return 0;
	return length;
}

char *quote_comment(const void *context, const char *text)
{
	char *word = memory_text(context, text);
	size_t length = strlen(word);

	if (length > 1 && word[length - 1] == '$')
		word[length - 1] = '\0';
	for (char *c = word; *c;) {
		size_t letter = letter_length(c);

		if (!letter && !strchr(LETTERS_AND_DIGITS " ./:,=@_-", *c))
			*c = '_';
		c += letter ? letter : 1;
	}
	return word;
}
