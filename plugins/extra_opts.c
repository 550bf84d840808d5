/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "extra_opts.h"

#include "base/ini.h"
#include "base/memory.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char option[] = "--extra-opts";
static const char default_section[] = "check_hyperv_delegation";

/* One file while it is read. */
struct reading {
	const void *context;
	struct text_list *arguments;
	const char *section;
	const char *path;
	bool found; /* the section is there */
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

/* One line: an option of the program, where the section is ours. */
static bool take_line(void *user, const char *section, const char *name, const char *value,
		      struct error *error)
{
	struct reading *reading = user;
	bool is_short;

	(void)error;
	(void)section; /* no other one is read */
	reading->found = true;
	if (!name)
		return true;
	is_short = strlen(name) == 1;
	if (!*value || is_short)
		text_list_add(reading->context, reading->arguments,
			      memory_format(reading->context, is_short ? "-%s" : "--%s", name));
	else
		text_list_add(reading->context, reading->arguments,
			      memory_format(reading->context, "--%s=%s", name, value));
	if (*value && is_short)
		text_list_add(reading->context, reading->arguments,
			      memory_text(reading->context, value));
	return true;
}

static bool read_file(struct reading *reading, struct error *error)
{
	bool standard_input = !strcmp(reading->path, "-");
	FILE *stream = standard_input ? stdin : fopen(reading->path, "re");
	const struct ini_settings settings = {
		.indented_is_line = true,
		.section = reading->section,
	};
	bool read;

	if (!stream)
		return error_set_cause(error, ERROR_USAGE, errno,
				       "can not open %s for --extra-opts", reading->path);
	read = ini_read(stream, reading->path, &settings, take_line, reading, error);
	if (!standard_input)
		(void)fclose(stream);
	if (read && !reading->found)
		return error_set(error, ERROR_USAGE,
				 "%s has no section [%s], which --extra-opts asks for",
				 reading->path, reading->section);
	return read;
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
		for (size_t i = 0; i < countof(names); i++) {
			char *file = memory_format(context, "%s/%s", folder, names[i]);

			if (!access(file, R_OK))
				return file;
		}
	}
	for (size_t i = 0; i < countof(default_paths); i++) {
		if (!access(default_paths[i], R_OK))
			return default_paths[i];
	}
	return NULL;
}

/* Appends the options that "[section][@file]" stands for. */
static bool expand_one(const void *context, const char *argument, struct extra_opts *extra,
		       struct error *error)
{
	const char *at = strchr(argument, '@');
	struct reading reading = {.context = context, .arguments = &extra->arguments};

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
	text_list_add(context, &extra->files, reading.path);
	return read_file(&reading, error);
}

bool extra_opts_expand(const void *context, int argc, char *const argv[], struct extra_opts *extra,
		       struct error *error)
{
	const size_t length = sizeof option - 1;
	struct text_list rest = {0};

	*extra = (struct extra_opts){0};
	text_list_add(context, &extra->arguments, argv[0]);
	for (int i = 1; i < argc; i++) {
		const char *argument = argv[i];

		if (!strcmp(argument, "--")) {
			for (; i < argc; i++)
				text_list_add(context, &rest, argv[i]);
		} else if (!strncmp(argument, option, length) && argument[length] == '=') {
			if (!expand_one(context, argument + length + 1, extra, error))
				return false;
		} else if (!strcmp(argument, option)) {
			bool has_value = i + 1 < argc && argv[i + 1][0] && argv[i + 1][0] != '-';

			if (!expand_one(context, has_value ? argv[++i] : "", extra, error))
				return false;
		} else {
			text_list_add(context, &rest, argument);
		}
	}
	extra->count = (int)extra->arguments.count - 1;
	for (size_t i = 0; i < rest.count; i++)
		text_list_add(context, &extra->arguments, rest.items[i]);
	return true;
}
