/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"

#include "base/memory.h"

#include <fnmatch.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
	WHOLE_LIST_MAX = 5, /* items that are named, all of them */
	CUT_LIST_SIZE = 3,  /* items that are named where there are more */
};

void text_list_add(const void *context, struct text_list *list, const char *item)
{
	*memory_add(context, list->items, list->count) = item;
}

int text_compare(const char *a, const char *b)
{
	int order = strcasecmp(a, b); /* the program stays in the C locale: ASCII */

	return order ? order : strcmp(a, b);
}

static int compare_items(const void *a, const void *b)
{
	return text_compare(*(const char *const *)a, *(const char *const *)b);
}

void text_list_sort(struct text_list *list)
{
	size_t kept = 0;

	if (!list->count)
		return;
	qsort(list->items, list->count, sizeof *list->items, compare_items);
	for (size_t i = 1; i < list->count; i++) {
		if (strcmp(list->items[kept], list->items[i]) != 0)
			list->items[++kept] = list->items[i];
	}
	list->count = kept + 1;
}

bool text_list_has(const struct text_list *list, const char *text)
{
	for (size_t i = 0; i < list->count; i++) {
		if (text_equal(list->items[i], text))
			return true;
	}
	return false;
}

static int compare_key(const void *key, const void *item)
{
	/* the order of text_compare agrees with this one, which ends earlier */
	return strcasecmp(key, *(const char *const *)item);
}

bool text_list_has_sorted(const struct text_list *list, const char *text)
{
	return list->count &&
	       bsearch(text, list->items, list->count, sizeof *list->items, compare_key);
}

struct text_list text_list_without(const void *context, const struct text_list *list,
				   const struct text_list *other)
{
	struct text_list missing = {0};

	for (size_t i = 0; i < list->count; i++) {
		/* spellings that differ in letter case only stand side by side */
		if (!text_list_has_sorted(other, list->items[i]) &&
		    !(missing.count &&
		      text_equal(missing.items[missing.count - 1], list->items[i])))
			text_list_add(context, &missing, list->items[i]);
	}
	return missing;
}

/* The first items of a list, as many as are shown. */
static char *join(const void *context, const struct text_list *list, size_t shown)
{
	char *text = memory_text(context, "");

	for (size_t i = 0; i < shown; i++)
		text = memory_append(text, "%s%s", i ? ", " : "", list->items[i]);
	if (shown < list->count)
		text = memory_append(text, " and %zu more", list->count - shown);
	return text;
}

char *text_list_words(const void *context, const struct text_list *list)
{
	return join(context, list, list->count > WHOLE_LIST_MAX ? CUT_LIST_SIZE : list->count);
}

char *text_list_whole(const void *context, const struct text_list *list)
{
	return join(context, list, list->count);
}

bool text_list_matches(const struct text_list *list, const char *text)
{
	for (size_t i = 0; i < list->count; i++) {
		if (text_matches(list->items[i], text))
			return true;
	}
	return false;
}

bool text_equal(const char *a, const char *b)
{
	return !strcasecmp(a, b);
}

bool text_matches(const char *pattern, const char *text)
{
	return !fnmatch(pattern, text, FNM_CASEFOLD);
}

bool text_is_pattern(const char *word)
{
	return strpbrk(word, "*?[") != NULL;
}

char *text_lower(const void *context, const char *text)
{
	char *copy = memory_text(context, text);

	for (char *c = copy; *c; c++) {
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	}
	return copy;
}

size_t text_utf8_length(const char *text, size_t size)
{
	const unsigned char *byte = (const unsigned char *)text;
	size_t length;
	uint32_t character, least;

	if (!size)
		return 0;
	if (byte[0] < 0x80)
		return 1;
	if (byte[0] >= 0xC2 && byte[0] < 0xE0) {
		length = 2;
		least = 0x80;
	} else if (byte[0] >= 0xE0 && byte[0] < 0xF0) {
		length = 3;
		least = 0x800;
	} else if (byte[0] >= 0xF0 && byte[0] < 0xF5) {
		length = 4;
		least = 0x10000;
	} else {
		return 0;
	}
	if (size < length)
		return 0;
	character = byte[0] & (0x7Fu >> length);
	for (size_t i = 1; i < length; i++) {
		if ((byte[i] & 0xC0) != 0x80)
			return 0;
		character = character << 6 | (byte[i] & 0x3Fu);
	}
	if (character < least || character > 0x10FFFF ||
	    (character >= 0xD800 && character < 0xE000))
		return 0;
	return length;
}

uint32_t text_utf8_decode(const char *text, size_t length)
{
	uint32_t character = (uint8_t)text[0];

	if (length > 1)
		character &= 0x7Fu >> length;
	for (size_t i = 1; i < length; i++)
		character = character << 6 | ((uint8_t)text[i] & 0x3Fu);
	return character;
}

bool text_is_unseen(uint32_t character)
{
	return character < ' ' || (character >= 0x7F && character < 0xA0) || character == 0xAD ||
	       character == 0x061C || (character >= 0x200B && character <= 0x200F) ||
	       (character >= 0x2028 && character <= 0x202E) ||
	       (character >= 0x2060 && character <= 0x206F) || character == 0xFEFF ||
	       (character & 0xFFFE) == 0xFFFE || character >= 0xE0000;
}

char *text_utf8(const void *context, const char *text)
{
	static const char replacement[] = "\xEF\xBF\xBD";
	size_t left = strlen(text);
	char *clean = memory_check(talloc_size(context, 3 * left + 1));
	char *end = clean;

	while (left) {
		size_t length = text_utf8_length(text, left);
		size_t copied = length ? length : sizeof replacement - 1;

		memcpy(end, length ? text : replacement, copied);
		end += copied;
		length += !length;
		text += length;
		left -= length;
	}
	*end = '\0';
	return clean;
}

/* Whether a character of UTF-8 goes on at this byte. */
static bool goes_on(char byte)
{
	return ((unsigned char)byte & 0xC0) == 0x80;
}

/* Takes the middle out of the length bytes at text, so that room of them are left, a little
 * more than half of them at the end, where paths and errors differ. */
static void cut_middle(char *text, size_t length, size_t room)
{
	static const char dots[] = "...";
	size_t head = (room - (sizeof dots - 1)) * 2 / 5;
	size_t tail = length - (room - (sizeof dots - 1) - head);

	while (head && goes_on(text[head]))
		head--;
	while (tail < length && goes_on(text[tail]))
		tail++;
	memcpy(text + head, dots, sizeof dots - 1);
	memmove(text + head + sizeof dots - 1, text + tail, strlen(text + tail) + 1);
}

void text_shorten(char *text, size_t most)
{
	/* a word of that length is left alone: it is likely to be a name */
	enum { NAME_LENGTH = 40 };
	size_t length;

	while ((length = strlen(text)) > most) {
		char *longest = text;
		size_t longest_length = 0, excess = length - most, room;

		for (char *word = text; *word; word += strspn(word, " ")) {
			size_t word_length = strcspn(word, " ");

			if (word_length > longest_length) {
				longest = word;
				longest_length = word_length;
			}
			word += word_length;
		}
		if (longest_length <= NAME_LENGTH) {
			cut_middle(text, length, most);
			return;
		}
		room = longest_length > excess + NAME_LENGTH ? longest_length - excess
							     : NAME_LENGTH;
		cut_middle(longest, longest_length, room);
	}
}
