/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/nagios_text.h"

#include "base/memory.h"
#include "base/text.h"

#include <string.h>

/* Room that is kept for the line that counts what was left out. */
enum { TAIL_SIZE = 160 };

void nagios_text_add(struct nagios_text *output, const char *line)
{
	size_t used = talloc_get_size(output->text) - 1;

	if (output->lines_left_out || used + strlen(line) + 1 + TAIL_SIZE > output->max) {
		output->lines_left_out++;
		return;
	}
	output->text = memory_append(output->text, "%s\n", line);
}

static char clean_byte(char c)
{
	switch (c) {
	case '|':
	case '\\': return '/';
	case '<': return '(';
	case '>': return ')';
	default: return (unsigned char)c < ' ' || c == 0x7F ? ' ' : c;
	}
}

char *nagios_clean(const void *context, const char *text)
{
	size_t left = strlen(text);
	char *clean = memory_check(talloc_size(context, left + 1));
	char *end = clean;

	while (left) {
		size_t length = text_utf8_length(text, left);

		if (length <= 1) {
			*end++ = length ? clean_byte(*text) : '?';
			length = 1;
		} else if (length == 2 && text[0] == '\xC2' && (unsigned char)text[1] < 0xA0) {
			*end++ = ' '; /* a C1 control */
		} else {
			memcpy(end, text, length);
			end += length;
		}
		text += length;
		left -= length;
	}
	*end = '\0';
	return clean;
}
