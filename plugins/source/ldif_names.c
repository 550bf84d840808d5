/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/ldif_names.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

/* Where the GUID at text ends; NULL where there is none. */
static const char *skip_guid(const char *text)
{
	static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
	static const char digits[] = "0123456789abcdefABCDEF";

	for (size_t i = 0; form[i]; i++) {
		if (form[i] == '-' ? text[i] != '-' : !text[i] || !strchr(digits, text[i]))
			return NULL;
	}
	return text + sizeof form - 1;
}

/* Where "CNF:<GUID>" or "DEL:<GUID>" at text ends; NULL where there is none. */
static const char *skip_mark(const char *text)
{
	if (strncasecmp(text, "CNF:", 4) != 0 && strncasecmp(text, "DEL:", 4) != 0)
		return NULL;
	return skip_guid(text + 4);
}

bool ldif_names_is_rest(const char *line)
{
	const char *end = skip_mark(line);

	return end && (!*end || *end == ',');
}

bool ldif_names_are_plain(const char *key)
{
	static const char line_break[] = "\\0a";

	for (const char *at = strstr(key, line_break); at; at = strstr(at, line_break)) {
		at = skip_mark(at + sizeof line_break - 1);
		/* an object of two controllers that was deleted has both marks */
		if (!at || (*at && *at != ',' && strncmp(at, line_break, 3) != 0))
			return false;
	}
	return true;
}
