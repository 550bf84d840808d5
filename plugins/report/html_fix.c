/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a finding is mended: what to know first, and a box of commands for each kind of shell. */
#include "report/html.h"

#include "base/memory.h"
#include "report/fix_commands.h"

#include <string.h>

/* A command may have several lines. */
static void add_lines(struct html_page *page, const char *lines)
{
	while (*lines) {
		size_t length = strcspn(lines, "\n");
		char *line = memory_check(talloc_strndup(NULL, lines, length));

		html_add(page, "%s\n", line);
		talloc_free(line);
		lines += length + (lines[length] == '\n');
	}
}

/* A sentence here, which nobody pastes, needs no sign of a comment. */
static void add_notes(struct html_page *page, const struct text_list *notes)
{
	for (size_t i = 0; i < notes->count; i++) {
		const char *note = notes->items[i];

		html_add(page, "<p class=\"note\">%s</p>", note + (strncmp(note, "# ", 2) ? 0 : 2));
	}
}

static void add_box(struct html_page *page, const char *label, const struct text_list *commands)
{
	if (!commands->count)
		return;
	html_add(page, "<p class=\"kind\">%s:</p><pre>", label);
	for (size_t i = 0; i < commands->count; i++)
		add_lines(page, commands->items[i]);
	html_add(page, "</pre>");
}

void html_fix(struct html_page *page, const struct finding *finding)
{
	void *scratch = memory_check(talloc_new(NULL));
	struct fix_advice advice = fix_advise(scratch, page->verdict, finding);

	add_notes(page, &advice.notes);
	add_box(page, "In PowerShell", &advice.windows);
	add_box(page, advice.windows.count ? "Or in a Unix shell" : "In a Unix shell",
		&advice.unix_tools);
	talloc_free(scratch);
}
