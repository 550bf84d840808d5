/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ad/dn.h"

#include "base/memory.h"

#include <string.h>

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Takes one character of a value at *dn, an escaped one decoded, and moves behind it. */
static unsigned char take_character(const char **dn, bool *escaped)
{
	const char *at = *dn;

	*escaped = *at == '\\' && at[1];
	if (!*escaped) {
		*dn = at + 1;
		return (unsigned char)*at;
	}
	if (hex_digit(at[1]) >= 0 && hex_digit(at[2]) >= 0) {
		*dn = at + 3;
		return (unsigned char)(hex_digit(at[1]) * 16 + hex_digit(at[2]));
	}
	*dn = at + 2;
	return (unsigned char)at[1];
}

/* Whether a character of a value must be escaped. Every name of the directory comes by here, many
 * times, which is why this is no search in a text. */
static bool is_special(unsigned char c)
{
	switch (c) {
	case ',':
	case '+':
	case '"':
	case '\\':
	case '<':
	case '>':
	case ';':
	case '=':
	case '#': return true;
	default: return c < ' ';
	}
}

/* Appends one character of a value as it stands in keys; returns the new end. */
static char *put_character(char *end, unsigned char c)
{
	static const char digits[] = "0123456789abcdef";

	if (is_special(c)) {
		*end++ = '\\';
		*end++ = digits[c >> 4];
		*end++ = digits[c & 15];
		return end;
	}
	*end++ = lower((char)c);
	return end;
}

/* Copies one "type=value" from *dn to end, up to an unescaped comma or plus. */
static char *put_assertion(char *end, const char **dn)
{
	const char *at = *dn + strspn(*dn, " ");
	char *kept = end; /* behind the last character that is no trailing blank */
	bool value = false;

	while (*at && *at != ',' && *at != '+') {
		bool escaped;
		unsigned char c = take_character(&at, &escaped);

		if (!value && !escaped && c == '=') {
			end = kept;
			*end++ = '=';
			at += strspn(at, " ");
			value = true;
			kept = end;
			continue;
		}
		end = put_character(end, c);
		if (c != ' ' || escaped)
			kept = end;
	}
	*dn = at;
	return kept;
}

char *dn_key(const void *context, const char *dn)
{
	/* no character of a DN becomes longer than three */
	char *key = memory_check(talloc_size(context, 3 * strlen(dn) + 1));
	char *end = key;

	while (*dn) {
		end = put_assertion(end, &dn);
		if (*dn)
			*end++ = *dn++;
	}
	*end = '\0';
	return key;
}

const char *dn_parent(const char *dn)
{
	for (; *dn; dn++) {
		if (*dn == ',')
			return dn + 1;
		if (*dn == '\\' && dn[1])
			dn++;
	}
	return dn;
}

const char *dn_key_domain(const char *key)
{
	const char *domain = NULL;

	for (const char *rdn = key; *rdn; rdn = dn_parent(rdn)) {
		if (strncmp(rdn, "dc=", 3) != 0)
			domain = NULL;
		else if (!domain)
			domain = rdn;
	}
	return domain ? domain : key + strlen(key);
}

char *dn_first_value(const void *context, const char *dn)
{
	const char *equals = strchr(dn, '=');
	char *value = memory_text(context, equals ? equals + 1 : "");
	const char *at = value;
	char *end = value;

	while (*at && *at != ',' && *at != '+') {
		bool escaped;

		*end++ = (char)take_character(&at, &escaped);
	}
	*end = '\0';
	return value;
}

char *dn_key_dns_name(const void *context, const char *key)
{
	char *name = memory_text(context, "");

	if (!*key || dn_key_domain(key) != key) {
		talloc_free(name);
		return NULL;
	}
	for (const char *rdn = key; *rdn; rdn = dn_parent(rdn)) {
		int length = (int)strcspn(rdn + 3, ",");

		name = memory_append(name, "%s%.*s", *name ? "." : "", length, rdn + 3);
	}
	return name;
}
