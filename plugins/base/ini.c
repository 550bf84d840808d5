/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/ini.h"

#include <errno.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>

/* What editors of Windows put in front of UTF-8: inih passes over it, take_section not. */
static const char byte_order_mark[] = "\xEF\xBB\xBF";

struct reading {
	FILE *stream;
	const char *path;
	const struct ini_settings *settings;
	bool passing_over; /* a section that is none of ours */
	ini_taker *take;
	void *user;
	char *line; /* of getline */
	size_t line_size;
	unsigned line_number;
	bool header_last; /* nothing was read since a "[name]" */
	bool failed;
	int cause; /* errno where the file could not be read */
	struct error *error;
};

static bool fail(struct reading *reading, const char *problem)
{
	reading->failed = true;
	return error_set(reading->error, ERROR_USAGE, "%s:%u: %s", reading->path,
			 reading->line_number, problem);
}

/* Gives one taken line to the user; puts file and line in front of what is wrong. */
static bool give(struct reading *reading, const char *section, const char *name, const char *value)
{
	if (reading->take(reading->user, section, name, value, reading->error))
		return true;
	reading->failed = true;
	return error_context(reading->error, "%s:%u", reading->path, reading->line_number);
}

/* Whether a line ends there, but for blanks and a comment. */
static bool is_rest_empty(const char *rest)
{
	rest += strspn(rest, " \t\r\n");
	return !*rest || *rest == ';' || *rest == '#';
}

/* "[name]" at line: inih itself does not tell of a section without a line in it. */
static bool take_section(struct reading *reading, char *line)
{
	char *end = strchr(line, ']');
	bool taken;

	if (!end)
		return reading->passing_over || fail(reading, "the section lacks its ]");
	*end = '\0';
	reading->passing_over =
		reading->settings->section && strcmp(line + 1, reading->settings->section) != 0;
	taken = reading->passing_over ||
		(is_rest_empty(end + 1) ? give(reading, line + 1, NULL, NULL)
					: fail(reading, "what stands behind the section's ] "
							"belongs on a line of its own"));
	*end = ']';
	reading->header_last = true;
	return taken;
}

/* Any other line: below a "[name]" inih takes an indented one for another, and does not say. */
static bool take_other(struct reading *reading, const char *line)
{
	bool below_header = reading->header_last;
	size_t indent = strspn(line, " \t");

	if (!is_rest_empty(line))
		reading->header_last = false;
	if (!indent || line[indent] != '[' || !below_header || reading->passing_over)
		return true;
	return fail(reading, "a section begins at the beginning of its line");
}

/* inih takes a comment off a value, but not off a line that goes on with one. */
static void cut_comment(char *line)
{
	for (char *c = line + 1; *c; c++) {
		if (*c == ';' && (c[-1] == ' ' || c[-1] == '\t')) {
			*c = '\0';
			return;
		}
	}
}

/* Whether the text is one that Windows saved as "Unicode": its byte order mark tells. */
static bool is_utf16(const char *line)
{
	return !strncmp(line, "\xFF\xFE", 2) || !strncmp(line, "\xFE\xFF", 2);
}

/* Hands inih one line; NULL ends the file for it. */
static char *read_line(char *buffer, int size, void *stream)
{
	struct reading *reading = stream;
	char *line;
	size_t length;
	ssize_t bytes;

	if (reading->failed)
		return NULL;
	bytes = getline(&reading->line, &reading->line_size, reading->stream);
	if (bytes < 0) {
		reading->cause = errno;
		return NULL;
	}
	reading->line_number++;
	line = reading->line;
	if (reading->line_number == 1 && is_utf16(line)) {
		fail(reading, "the file is saved as UTF-16: save it as UTF-8");
		return NULL;
	}
	if (!reading->passing_over && strlen(line) != (size_t)bytes) {
		fail(reading, "the line holds a NUL byte");
		return NULL;
	}
	if (reading->line_number == 1 && !strncmp(line, byte_order_mark, strlen(byte_order_mark)))
		line += strlen(byte_order_mark);
	if (reading->settings->indented_is_line)
		line += strspn(line, " \t");
	else if (*line == ' ' || *line == '\t')
		cut_comment(line);
	if (*line == '[' ? !take_section(reading, line) : !take_other(reading, line))
		return NULL;
	length = reading->passing_over ? 0 : strlen(line);
	if (length >= (size_t)size - 1) {
		char problem[80];

		(void)snprintf(problem, sizeof problem,
			       "the line is longer than %d bytes: split it", size - 3);
		fail(reading, problem);
		return NULL;
	}
	memcpy(buffer, line, length);
	buffer[length] = '\0';
	return buffer;
}

/* Returns inih's "go on". */
static int take_pair(void *user, const char *section, const char *name, const char *value)
{
	struct reading *reading = user;

	return !reading->failed && give(reading, section, name, value);
}

bool ini_read(FILE *stream, const char *path, const struct ini_settings *settings, ini_taker *take,
	      void *user, struct error *error)
{
	struct reading reading = {
		.stream = stream,
		.path = path,
		.settings = settings,
		.take = take,
		.user = user,
		.header_last = true, /* nor is there a list above the first line */
		.error = error,
	};
	int line = ini_parse_stream(read_line, &reading, take_pair, &reading);

	free(reading.line);
	if (reading.failed)
		return false;
	if (line > 0)
		return error_set(error, ERROR_USAGE, "%s:%d: not a line of \"name = value\"", path,
				 line);
	if (line < 0 || ferror(stream))
		return error_set_cause(error, ERROR_USAGE, reading.cause, "can not read %s", path);
	return true;
}
