/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/ldif_search.h"

#include <stdlib.h>
#include <string.h>

/* What follows word in line; NULL where line does not begin with it. */
static const char *after(const char *line, const char *word)
{
	size_t length = strlen(word);

	return strncmp(line, word, length) ? NULL : line + length;
}

void ldif_search_begin(struct ldif_search *search, bool again)
{
	if (!again)
		*search = (struct ldif_search){0};
	search->in_heading = true;
	search->has_base = false;
}

void ldif_search_add_record(struct ldif_search *search, bool is_entry)
{
	search->in_heading = false;
	search->entry_count += is_entry;
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

/* The heading ends with an empty comment below what was asked for; another comment without an
 * entry above it may be a name. */
static void read_heading(struct ldif_search *search, const char *comment)
{
	if (after(comment, "# base <"))
		search->has_base = true;
	else if (!strcmp(comment, "#") && search->has_base)
		search->in_heading = false;
	else if (after(comment, "# with pagedResults "))
		search->paged = true;
}

bool ldif_search_take_comment(struct ldif_search *search, const char *comment,
			      struct ldif_total *total)
{
	if (search->in_heading) {
		read_heading(search, comment);
		return false;
	}
	if (!read_count(comment, &total->counted))
		return false;
	total->found = search->entry_count;
	/* of several searches of one call, those in pages are counted in one */
	if (!search->paged)
		search->entry_count = 0;
	return true;
}
