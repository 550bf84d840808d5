/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool error_set(struct error *error, enum error_kind kind, const char *format, ...)
{
	va_list arguments;

	error->kind = kind;
	va_start(arguments, format);
	(void)vsnprintf(error->text, sizeof error->text, format, arguments);
	va_end(arguments);
	return false;
}

bool error_context(struct error *error, const char *format, ...)
{
	char cause[sizeof error->text];
	size_t length;
	va_list arguments;

	memcpy(cause, error->text, sizeof cause);
	va_start(arguments, format);
	(void)vsnprintf(error->text, sizeof error->text, format, arguments);
	va_end(arguments);
	length = strlen(error->text);
	(void)snprintf(error->text + length, sizeof error->text - length, ": %s", cause);
	return false;
}
