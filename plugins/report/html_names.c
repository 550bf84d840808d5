/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the page calls things of which other formats have a key or no more than a number. */
#include "report/html.h"

#include "policy/facts.h"

#include <string.h>

/* Of more trustees no more than that are named. */
enum { TRUSTEES_NAMED = 4 };

static const char *const fact_words[FACT_COUNT] = {
	[FACT_ENABLED] = "account",
	[FACT_UNCONSTRAINED] = "trusted for delegation",
	[FACT_PROTOCOL_TRANSITION] = "protocol transition",
	[FACT_NOT_DELEGATED] = "sensitive",
	[FACT_PROTECTED_USERS] = "Protected Users",
	[FACT_TARGETS] = "targets",
	[FACT_RBCD_TRUSTEES] = "trustees",
	[FACT_GROUPS] = "groups",
};

const char *html_object(const struct finding *finding)
{
	for (size_t i = 0; finding->rule == RULE_DRIFT && finding->object && i < FACT_COUNT; i++) {
		if (!strcmp(finding->object, fact_name((enum fact)i)))
			return fact_words[i];
	}
	return finding->object;
}

/* A host by the name that it has in the rest of the page, another trustee by its own. */
static void add_trustee(struct html_page *page, const struct sid *sid)
{
	const struct snapshot *snapshot = page->verdict->snapshot;
	const struct trustee *trustee = trustee_index_find(snapshot->trustees, sid);
	const struct host *host =
		trustee ? host_list_find_entry(&snapshot->hosts, trustee->entry) : NULL;
	char text[SID_TEXT_SIZE];

	html_add_name(page, host ? host->name : trustee ? trustee->name : sid_format(sid, text));
}

void html_trustees(struct html_page *page, const struct host *host)
{
	size_t count = host->rbcd_trustee_count, named = count;

	if (!host->rbcd_readable || !count) {
		html_add(page, host->rbcd_readable ? "<td class=\"none\">none"
						   : "<td class=\"trustees\">not readable");
		return;
	}
	if (count > TRUSTEES_NAMED + 1)
		named = TRUSTEES_NAMED;
	html_add(page, "<td class=\"trustees\">");
	for (size_t i = 0; i < named; i++) {
		html_text_add_markup(page->text, i ? ", <wbr>" : "");
		add_trustee(page, &host->rbcd_trustees[i]);
	}
	if (named < count)
		html_add(page, " <wbr>and %zu more", count - named);
}
