/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The privileged accounts and what protects each: those that nothing protects first. */
#include "report/html.h"

#include "base/memory.h"

struct kind {
	const char *heading;
	const char *class;
	bool (*has)(const struct admin *admin);
};

static bool is_judged(const struct admin *admin)
{
	return !admin->exempt && admin->enabled != TRUTH_NO;
}

static bool is_unprotected(const struct admin *admin)
{
	return is_judged(admin) && admin->protected == TRUTH_NO;
}

static bool is_unknown(const struct admin *admin)
{
	return is_judged(admin) && admin->protected == TRUTH_UNKNOWN;
}

static bool is_protected(const struct admin *admin)
{
	return is_judged(admin) && admin->protected == TRUTH_YES;
}

static bool is_exempt(const struct admin *admin)
{
	return admin->exempt;
}

static bool is_disabled(const struct admin *admin)
{
	return !admin->exempt && admin->enabled == TRUTH_NO;
}

static const struct kind kinds[] = {
	{"can be delegated", "warning", is_unprotected},
	{"not known", "unknown", is_unknown},
	{"protected", "ok", is_protected},
	{"exempt by the policy, not judged", "idle", is_exempt},
	{"disabled, not judged", "idle", is_disabled},
};

/* Whether "account is sensitive and cannot be delegated" is set. */
static const char *bit_words(const struct admin *admin)
{
	switch (admin->not_delegated) {
	case TRUTH_YES: return "set";
	case TRUTH_NO: return "not set";
	case TRUTH_UNKNOWN: break;
	}
	return "not readable";
}

/* Membership in Protected Users may not count (an old functional level, RID 500). */
static const char *group_words(const struct admin *admin)
{
	switch (admin->protected_users) {
	case TRUTH_YES:
		return admin->protected == TRUTH_NO ? "member, which is of no use here" : "member";
	case TRUTH_NO: return "no member";
	case TRUTH_UNKNOWN: break;
	}
	return "not readable";
}

/* The group by its name, where the directory has one. */
static void add_group(struct html_page *page, const char *sid_text)
{
	const struct entry *entry = NULL;
	const char *name = sid_text;
	struct sid sid;

	if (sid_parse_text(sid_text, &sid))
		entry = domain_find_sid(page->verdict->snapshot->domain, &sid);
	if (entry && entry_text(entry, ATTRIBUTE_SAM_ACCOUNT_NAME, &name) != READING_OK)
		name = sid_text;
	html_add_name(page, name);
}

static void add_admin(struct html_page *page, const struct admin *admin)
{
	html_add(page, "<tr><th scope=\"row\">");
	html_add_name(page, admin->name);
	html_add(page, "<td class=\"bit\">%s<td class=\"users\">%s<td class=\"via\">",
		 bit_words(admin), group_words(admin));
	for (size_t i = 0; i < admin->via.count; i++) {
		html_text_add_markup(page->text, i ? ", <wbr>" : "");
		add_group(page, admin->via.items[i]);
	}
	html_add(page, "<td class=\"dn\">");
	html_add_name(page, admin->dn);
	html_add(page, "\n");
}

static void add_kind(struct html_page *page, const struct kind *kind)
{
	const struct admin_list *admins = &page->verdict->snapshot->admins;
	size_t count = 0;

	for (size_t i = 0; i < admins->count; i++)
		count += kind->has(&admins->items[i]);
	if (!count)
		return;
	html_add(page,
		 "<tbody class=\"%s\"><tr><th colspan=\"5\" scope=\"rowgroup\">%s "
		 "<small>%zu</small>\n",
		 kind->class, kind->heading, count);
	for (size_t i = 0; i < admins->count; i++) {
		if (kind->has(&admins->items[i]))
			add_admin(page, &admins->items[i]);
	}
}

void html_admins(struct html_page *page)
{
	size_t count = page->verdict->snapshot->admins.count;

	html_add(page, "<section id=\"admins\">\n<h2>Privileged accounts <small>%zu</small></h2>\n",
		 count);
	if (count)
		html_add(page, "<div class=\"list\"><table class=\"admins\">\n<thead><tr>"
			       "<th scope=\"col\">account"
			       "<th scope=\"col\">sensitive, cannot be delegated"
			       "<th scope=\"col\">Protected Users<th scope=\"col\">privileged by"
			       "<th scope=\"col\">DN</thead>\n");
	else
		html_add(page, "<p>No privileged account is known.</p>\n");
	for (size_t i = 0; i < countof(kinds); i++)
		add_kind(page, &kinds[i]);
	if (count)
		html_add(page, "</table></div>\n");
	html_add(page, "</section>\n");
}
