/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/html_text.h"

#include "base/memory.h"
#include "base/text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { FIRST_ROOM = 65536, NUMBER_SIZE = 64 };

/* So many bytes of a name fit on one line of a narrow screen. */
enum { UNBROKEN_MAX = 24 };

struct html_text {
	char *bytes; /* ends with a NUL */
	size_t used;
	size_t room;
};

struct html_text *html_text_new(const void *context)
{
	struct html_text *text = memory_new(context, struct html_text);

	text->room = FIRST_ROOM;
	text->bytes = memory_check(talloc_size(text, text->room));
	text->bytes[0] = '\0';
	return text;
}

const char *html_text_get(const struct html_text *text)
{
	return text->bytes;
}

static void add_bytes(struct html_text *text, const char *bytes, size_t size)
{
	if (text->room - text->used <= size) {
		while (text->room - text->used <= size)
			text->room *= 2;
		text->bytes = memory_check(talloc_realloc_size(text, text->bytes, text->room));
	}
	memcpy(text->bytes + text->used, bytes, size);
	text->used += size;
	text->bytes[text->used] = '\0';
}

void html_text_add_markup(struct html_text *text, const char *markup)
{
	add_bytes(text, markup, strlen(markup));
}

/* What stands in the page for a character that can not stand for itself; NULL for others. */
static const char *substitute(uint32_t character, char name[NUMBER_SIZE])
{
	switch (character) {
	case '&': return "&amp;";
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '"': return "&quot;";
	case '\'': return "&#39;";
	default: break;
	}
	if (!text_is_unseen(character))
		return NULL;
	(void)snprintf(name, NUMBER_SIZE, "[U+%04X]", (unsigned)character);
	return name;
}

/* Adds the character at value, of which left bytes are left; returns its length. */
static size_t add_character(struct html_text *text, const char *value, size_t left)
{
	const char *instead = "\xEF\xBF\xBD";
	size_t length = text_utf8_length(value, left);
	char name[NUMBER_SIZE];

	if (length)
		instead = substitute(text_utf8_decode(value, length), name);
	length += !length;
	if (instead)
		add_bytes(text, instead, strlen(instead));
	else
		add_bytes(text, value, length);
	return length;
}

static void add_escaped(struct html_text *text, const char *value)
{
	size_t left = strlen(value);

	for (size_t length; left; value += length, left -= length)
		length = add_character(text, value, left);
}

void html_text_add_name(struct html_text *text, const char *name)
{
	size_t left = strlen(name), unbroken = 0;

	for (size_t length; left; name += length, left -= length) {
		size_t before = text->used;

		length = add_character(text, name, left);
		unbroken += text->used - before;
		if (left > length && (strchr(" ,./", *name) || unbroken >= UNBROKEN_MAX)) {
			html_text_add_markup(text, "<wbr>");
			unbroken = 0;
		}
	}
}

/* Adds one conversion with its argument; returns what stands behind it in the format. */
static const char *add_conversion(struct html_text *text, const char *format, va_list *arguments)
{
	char number[NUMBER_SIZE] = "%";

	if (!strncmp(format, "%s", 2)) {
		add_escaped(text, va_arg(*arguments, const char *));
		return format + 2;
	}
	if (!strncmp(format, "%u", 2)) {
		(void)snprintf(number, sizeof number, "%u", va_arg(*arguments, unsigned));
		format += 2;
	} else if (!strncmp(format, "%zu", 3)) {
		(void)snprintf(number, sizeof number, "%zu", va_arg(*arguments, size_t));
		format += 3;
	} else if (!strncmp(format, "%.0f", 4) || !strncmp(format, "%.3f", 4)) {
		(void)snprintf(number, sizeof number, "%.*f", format[2] - '0',
			       va_arg(*arguments, double));
		format += 4;
	} else {
		assert(!strncmp(format, "%%", 2));
		format += 2;
	}
	add_bytes(text, number, strlen(number));
	return format;
}

void html_text_add(struct html_text *text, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	while (*format) {
		size_t literal = strcspn(format, "%");

		add_bytes(text, format, literal);
		format += literal;
		if (*format)
			format = add_conversion(text, format, &arguments);
	}
	va_end(arguments);
}
