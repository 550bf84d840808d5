/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "extra_opts.h"

#include "base/memory.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char option[] = "--extra-opts";
static const char default_section[] = "check_hyperv_delegation";

/* One file while inih reads it. */
struct reading {
	const void *context;
	struct text_list *arguments;
	const char *section;
	const char *path;
	FILE *file;
	char *line; /* of getline */
	size_t line_size;
	unsigned line_number;
	bool found;  /* the section is there */
	bool inside; /* the lines now belong to it */
	bool failed;
	struct error *error;
};

/* Where the Monitoring Plugins look, in their order. */
static const char *const default_paths[] = {
	"/usr/local/etc/monitoring-plugins/monitoring-plugins.ini",
	"/usr/local/etc/monitoring-plugins.ini",
	"/etc/monitoring-plugins/monitoring-plugins.ini",
	"/etc/monitoring-plugins.ini",
	"/etc/nagios/plugins.ini",
	"/usr/local/nagios/etc/plugins.ini",
	"/usr/local/etc/nagios/plugins.ini",
	"/etc/opt/nagios/plugins.ini",
	"/etc/nagios-plugins.ini",
	"/usr/local/etc/nagios-plugins.ini",
	"/etc/opt/nagios-plugins.ini",
};

/*
 * Hands inih one line without its indentation, which it would take for a continuation
 * of the value before. A line that its buffer can not hold is an error, not two lines.
 */
static char *read_line(char *buffer, int size, void *stream)
{
	struct reading *reading = stream;
	const char *line;
	size_t length;

	if (reading->failed || getline(&reading->line, &reading->line_size, reading->file) < 0)
		return NULL;
	reading->line_number++;
	line = reading->line + strspn(reading->line, " \t");
	length = strlen(line);
	if (length >= (size_t)size) {
		reading->failed = true;
		error_set(reading->error, ERROR_USAGE, "%s:%u: the line is longer than %d bytes",
			  reading->path, reading->line_number, size - 1);
		return NULL;
	}
	memcpy(buffer, line, length + 1);
	if (*line == '[') {
		/* compared here, since inih cuts a long name */
		reading->inside = strlen(reading->section) == strcspn(line + 1, "]") &&
				  !strncmp(line + 1, reading->section, strlen(reading->section));
		reading->found |= reading->inside;
	}
	return buffer;
}

/* One "key=value" line: an option of the program. Returns inih's "go on". */
static int take_pair(void *user, const char *section, const char *name, const char *value)
{
	struct reading *reading = user;
	bool is_short = strlen(name) == 1;

	(void)section;
	if (!reading->inside)
		return 1;
	if (!*value || is_short)
		text_list_add(reading->context, reading->arguments,
			      memory_format(reading->context, is_short ? "-%s" : "--%s", name));
	else
		text_list_add(reading->context, reading->arguments,
			      memory_format(reading->context, "--%s=%s", name, value));
	if (*value && is_short)
		text_list_add(reading->context, reading->arguments,
			      memory_text(reading->context, value));
	return 1;
}

static bool read_file(struct reading *reading, struct error *error)
{
	bool standard_input = !strcmp(reading->path, "-");
	int line;

	reading->error = error;
	reading->file = standard_input ? stdin : fopen(reading->path, "re");
	if (!reading->file)
		return error_set(error, ERROR_USAGE, "can not open %s for --extra-opts: %s",
				 reading->path, strerror(errno));
	line = ini_parse_stream(read_line, reading, take_pair, reading);
	if (!standard_input)
		(void)fclose(reading->file);
	free(reading->line);
	if (reading->failed)
		return false;
	if (line > 0)
		return error_set(error, ERROR_USAGE, "%s:%d: not a line of \"option=value\"",
				 reading->path, line);
	if (line < 0)
		return error_set(error, ERROR_USAGE, "can not read %s for --extra-opts",
				 reading->path);
	if (!reading->found)
		return error_set(error, ERROR_USAGE,
				 "%s has no section [%s], which --extra-opts asks for",
				 reading->path, reading->section);
	return true;
}

/* The first file there is: MP_CONFIG_FILE, NAGIOS_CONFIG_PATH, the usual places. */
static const char *find_default_file(const void *context)
{
	static const char *const names[] = {"monitoring-plugins.ini", "plugins.ini",
					    "nagios-plugins.ini"};
	const char *named = getenv("MP_CONFIG_FILE");
	const char *path = getenv("NAGIOS_CONFIG_PATH");
	char *folders, *at = NULL;

	if (named && *named)
		return named;
	folders = memory_text(context, path ? path : "");
	for (char *folder = strtok_r(folders, ":", &at); folder;
	     folder = strtok_r(NULL, ":", &at)) {
		for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
			char *file = memory_format(context, "%s/%s", folder, names[i]);

			if (!access(file, R_OK))
				return file;
		}
	}
	for (size_t i = 0; i < sizeof default_paths / sizeof default_paths[0]; i++) {
		if (!access(default_paths[i], R_OK))
			return default_paths[i];
	}
	return NULL;
}

/* Appends the options that "[section][@file]" stands for. */
static bool expand_one(const void *context, const char *argument, struct text_list *arguments,
		       struct error *error)
{
	const char *at = strchr(argument, '@');
	struct reading reading = {.context = context, .arguments = arguments};

	reading.section =
		memory_check(at ? talloc_strndup(context, argument, (size_t)(at - argument))
				: talloc_strdup(context, argument));
	if (!*reading.section)
		reading.section = default_section;
	reading.path = at ? at + 1 : find_default_file(context);
	if (!reading.path || !*reading.path)
		return error_set(error, ERROR_USAGE,
				 "--extra-opts finds no configuration file: name one with "
				 "--extra-opts=section@file");
	return read_file(&reading, error);
}

bool extra_opts_expand(const void *context, int argc, char *const argv[],
		       struct text_list *arguments, struct error *error)
{
	const size_t length = sizeof option - 1;
	struct text_list rest = {0};

	text_list_add(context, arguments, argv[0]);
	for (int i = 1; i < argc; i++) {
		const char *argument = argv[i];

		if (!strcmp(argument, "--")) {
			for (; i < argc; i++)
				text_list_add(context, &rest, argv[i]);
		} else if (!strncmp(argument, option, length) && argument[length] == '=') {
			if (!expand_one(context, argument + length + 1, arguments, error))
				return false;
		} else if (!strcmp(argument, option)) {
			bool has_value = i + 1 < argc && argv[i + 1][0] && argv[i + 1][0] != '-';

			if (!expand_one(context, has_value ? argv[++i] : "", arguments, error))
				return false;
		} else {
			text_list_add(context, &rest, argument);
		}
	}
	for (size_t i = 0; i < rest.count; i++)
		text_list_add(context, arguments, rest.items[i]);
	return true;
}
