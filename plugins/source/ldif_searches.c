/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/ldif_searches.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool begins(const char *line, const char *word)
{
	return !strncasecmp(line, word, strlen(word));
}

static void add_gap(const struct ldif_searches *searches, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void add_gap(const struct ldif_searches *searches, const char *format, ...)
{
	va_list arguments;
	char *detail;

	va_start(arguments, format);
	detail = memory_check(talloc_vasprintf(NULL, format, arguments));
	va_end(arguments);
	directory_add_gap(searches->directory, searches->path, detail);
	talloc_free(detail);
}

void ldif_searches_end(struct ldif_searches *searches, const char *which)
{
	if (searches->more_pages)
		add_gap(searches, "%s ends after a page that announces another: it was cut", which);
	else if (searches->promised && searches->open)
		add_gap(searches,
			"%s has no result line at its end, as ldapsearch writes one: it was cut",
			which);
	searches->open = searches->has_entry = searches->more_pages = false;
}

void ldif_searches_begin(struct ldif_searches *searches, bool promised, unsigned long line_number)
{
	bool page = searches->more_pages && !(searches->promised && searches->open);
	char *which;

	/* a version line may stand below a heading */
	if (!promised && searches->open && !searches->has_entry)
		return;
	/* ldapsearch writes a heading above each page of a search */
	if (!page) {
		which = memory_format(NULL, "the search above line %lu", line_number);
		ldif_searches_end(searches, which);
		talloc_free(which);
	}
	searches->promised = searches->open = promised;
	if (!page)
		directory_begin_search(searches->directory, searches->path);
	ldif_comments_begin(&searches->comments, searches->directory->search, page);
}

void ldif_searches_entry(struct ldif_searches *searches)
{
	searches->open = searches->has_entry = true;
	ldif_comments_add_record(&searches->comments, true);
}

/* The number in "search: 3": the pages of one search are requests of one connection, numbered in a
 * row; another search in the same file is no page of the one above. */
static void read_request(struct ldif_searches *searches, const char *text,
			 unsigned long line_number)
{
	unsigned long request = strtoul(text, NULL, 10);

	if (searches->more_pages && request != searches->request + 1) {
		add_gap(searches,
			"a search above line %lu ends after a page that announces another, which "
			"does "
			"not follow: it was cut",
			line_number);
		searches->more_pages = false;
	}
	searches->request = request;
	searches->open = true;
}

/* What stands behind "result:" at the end of an ldapsearch, "4 Size limit exceeded". */
static void read_result(struct ldif_searches *searches, const char *text)
{
	searches->promised = true;
	searches->open = false;
	text += strspn(text, " ");
	if (*text != '0' || (text[1] && text[1] != ' '))
		add_gap(searches, "the export was cut short by the server: result %s", text);
}

/* "pagedresults: estimate=0 cookie=AbCd=", with -L a comment; any other line is none. After the
 * last page the cookie is empty. */
static void read_page_end(struct ldif_searches *searches, const char *line)
{
	const char *cookie;

	line += strspn(line, " ");
	cookie = begins(line, "pagedresults:") ? strstr(line, "cookie=") : NULL;
	if (cookie)
		searches->more_pages = cookie[strlen("cookie=")] != '\0';
}

void ldif_searches_comment(struct ldif_searches *searches, const char *line,
			   unsigned long line_number)
{
	struct ldif_total total;

	read_page_end(searches, line + 1);
	if (ldif_comments_take(&searches->comments, line, &total) && total.counted != total.found)
		add_gap(searches,
			"ldapsearch counted %zu entries in the search above line %lu, and %zu are "
			"there: the file was changed",
			total.counted, line_number, total.found);
}

void ldif_searches_begin_trailer(struct ldif_searches *searches, const char *line,
				 unsigned long line_number)
{
	searches->promised = true;
	ldif_comments_add_record(&searches->comments, false);
	if (begins(line, "search:"))
		read_request(searches, line + strlen("search:"), line_number);
	if (begins(line, "result:"))
		read_result(searches, line + strlen("result:"));
}

void ldif_searches_trailer(struct ldif_searches *searches, const char *line)
{
	if (begins(line, "result:"))
		read_result(searches, line + strlen("result:"));
	read_page_end(searches, line);
}
