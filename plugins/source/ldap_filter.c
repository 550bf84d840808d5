/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/ldap_filter.h"

#include "base/memory.h"

#include <stdint.h>
#include <string.h>

static void append(struct ldap_filter *filter, const char *text)
{
	filter->text = memory_append(filter->text, "%s", text);
}

static void append_escaped(struct ldap_filter *filter, uint8_t byte)
{
	filter->text = memory_append(filter->text, "\\%02x", byte);
}

/* Appends what stands in value in front of the first of specials; returns the rest. */
static const char *append_plain(struct ldap_filter *filter, const char *value, const char *specials)
{
	size_t plain = strcspn(value, specials);

	filter->text = memory_check(talloc_strndup_append_buffer(filter->text, value, plain));
	return value + plain;
}

static void begin_test(const void *context, struct ldap_filter *filter, const char *attribute)
{
	if (!filter->text)
		filter->text = memory_text(context, "(|");
	append(filter, "(");
	append(filter, attribute);
	append(filter, "=");
}

void ldap_filter_add(const void *context, struct ldap_filter *filter, const char *attribute,
		     const char *value, const char *suffix)
{
	begin_test(context, filter, attribute);
	while (*(value = append_plain(filter, value, "\\*()")))
		append_escaped(filter, (uint8_t)*value++);
	append(filter, suffix);
	append(filter, ")");
}

void ldap_filter_add_pattern(const void *context, struct ldap_filter *filter, const char *attribute,
			     const char *pattern, const char *suffix)
{
	begin_test(context, filter, attribute);
	/* a bracket may stand for a letter or for itself: the rest is anything */
	while (*(pattern = append_plain(filter, pattern, "\\*?[()")) && !strchr("[\\", *pattern)) {
		if (*pattern == '*' || *pattern == '?')
			append(filter, "*");
		else
			append_escaped(filter, (uint8_t)*pattern);
		pattern++;
	}
	append(filter, *pattern ? "*" : suffix);
	append(filter, ")");
}

void ldap_filter_add_bytes(const void *context, struct ldap_filter *filter, const char *attribute,
			   const void *bytes, size_t size)
{
	const uint8_t *byte = bytes;

	begin_test(context, filter, attribute);
	for (size_t i = 0; i < size; i++)
		append_escaped(filter, byte[i]);
	append(filter, ")");
}

const char *ldap_filter_end(struct ldap_filter *filter)
{
	const char *text;

	append(filter, ")");
	text = filter->text;
	*filter = (struct ldap_filter){0};
	return text;
}
