/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/ldif_comments.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What follows word in line; NULL where line does not begin with it. */
static const char *after(const char *line, const char *word)
{
	size_t length = strlen(word);

	return strncmp(line, word, length) ? NULL : line + length;
}

void ldif_comments_begin(struct ldif_comments *comments, struct export_search *of, bool again)
{
	if (!again)
		*comments = (struct ldif_comments){.of = of};
	comments->in_heading = true;
	comments->has_base = false;
}

void ldif_comments_add_record(struct ldif_comments *comments, bool is_entry)
{
	comments->in_heading = false;
	comments->entry_count += is_entry;
}

/* "numEntries: 26" and nothing else: an object may be called so, too, but behind its name
 * follow those above it. */
static bool read_count(const char *comment, size_t *count)
{
	const char *digits = after(comment, "# numEntries: ");
	char *end;

	if (!digits || *digits < '0' || *digits > '9')
		return false;
	*count = strtoul(digits, &end, 10);
	return !end[strspn(end, " ")];
}

/* The attributes in "ALL" or "member sAMAccountName ", as bits. A range asks for a list where
 * it begins with the first value. */
static uint32_t read_attributes(const char *list)
{
	uint32_t asked = 0;

	if (!strcmp(list, "ALL"))
		return UINT32_MAX;
	while (*list) {
		size_t length = strcspn(list, " ");
		enum attribute attribute;
		struct attribute_range range;

		if (length == 1 && *list == '*')
			return UINT32_MAX;
		if (attribute_parse(list, length, &attribute, &range) && !range.strange &&
		    (!range.ranged || !range.first))
			asked |= UINT32_C(1) << attribute;
		list += length;
		list += strspn(list, " ");
	}
	return asked;
}

/* Whether every object matches the filter: all have these. */
static bool matches_all(const char *filter)
{
	static const char *const all[] = {"objectClass=*", "objectClass=top", "objectCategory=*",
					  "objectGUID=*", "distinguishedName=*"};
	bool enclosed = *filter == '(';

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		size_t length = strlen(all[i]);

		if (!strncasecmp(filter + enclosed, all[i], length) &&
		    !strcmp(filter + enclosed + length, enclosed ? ")" : ""))
			return true;
	}
	return false;
}

/* "<DC=example,DC=com> with scope subtree" */
static void read_base(struct ldif_comments *comments, const char *text)
{
	static const char word[] = " with scope ";
	const char *scope = NULL;

	comments->has_base = true;
	for (const char *at = strstr(text, word); at; at = strstr(at + 1, word))
		scope = at + sizeof word - 1;
	if (scope && strcmp(scope, "subtree") != 0)
		comments->of->partial = memory_format(
			comments->of,
			"the domain was searched with the scope %s, which leaves out most of it: "
			"export it with the scope subtree",
			scope);
}

static void read_filter(struct ldif_comments *comments, const char *filter)
{
	if (!matches_all(filter) && !comments->of->partial)
		comments->of->partial = memory_format(
			comments->of,
			"the domain was searched with the filter %s, so what else is in it is not "
			"known: export it with (objectClass=*)",
			filter);
}

/* The heading ends with an empty comment below what was asked for; another comment without an
 * entry above it may be a name. */
static void read_heading(struct ldif_comments *comments, const char *comment)
{
	const char *text;

	if ((text = after(comment, "# base "))) {
		read_base(comments, text);
	} else if ((text = after(comment, "# filter: ")) ||
		   (text = after(comment, "# filter pattern: "))) {
		read_filter(comments, text);
	} else if ((text = after(comment, "# requesting: "))) {
		comments->of->told = true;
		comments->of->asked = read_attributes(text);
	} else if (after(comment, "# with pagedResults ")) {
		comments->paged = true;
	} else if (!strcmp(comment, "#") && comments->has_base) {
		comments->in_heading = false;
	}
}

bool ldif_comments_take(struct ldif_comments *comments, const char *comment,
			struct ldif_total *total)
{
	if (comments->in_heading) {
		read_heading(comments, comment);
		return false;
	}
	if (!read_count(comment, &total->counted))
		return false;
	total->found = comments->entry_count;
	/* of several searches of one call, those in pages are counted in one */
	if (!comments->paged)
		comments->entry_count = 0;
	return true;
}
