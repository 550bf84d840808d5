/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"

#include "base/memory.h"
#include "base/text.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

/* Takes text, however long it is, over into error, and frees it. */
static bool take_text(struct error *error, char *text)
{
	text_shorten(memory_check(text), sizeof error->text - 1);
	memcpy(error->text, text, strlen(text) + 1);
	talloc_free(text);
	return false;
}

bool error_set(struct error *error, enum error_kind kind, const char *format, ...)
{
	va_list arguments;
	char *text;

	error->kind = kind;
	va_start(arguments, format);
	text = talloc_vasprintf(NULL, format, arguments);
	va_end(arguments);
	return take_text(error, text);
}

bool error_set_cause(struct error *error, enum error_kind kind, int cause, const char *format, ...)
{
	va_list arguments;
	char *text;

	error->kind = kind;
	va_start(arguments, format);
	text = talloc_vasprintf(NULL, format, arguments);
	va_end(arguments);
	text = talloc_asprintf_append_buffer(memory_check(text), ": %s", strerror(cause));
	/* no name: the list of users may be in the very directory that does not answer */
	if (cause == EACCES || cause == EPERM)
		text = talloc_asprintf_append_buffer(memory_check(text), " for user id %lu",
						     (unsigned long)geteuid());
	return take_text(error, text);
}

bool error_context(struct error *error, const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = talloc_vasprintf(NULL, format, arguments);
	va_end(arguments);
	return take_text(error, memory_append(memory_check(text), ": %s", error->text));
}
