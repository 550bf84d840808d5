/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/inquiry.h"

#include "ad/dn.h"
#include "base/memory.h"
#include "base/text.h"
#include "model/admin.h"
#include "model/domain.h"
#include "model/host.h"
#include "model/membership.h"

#include <string.h>

/* Something that was asked for already: "dn …", "sid …", "primary …". */
struct asked {
	const char *what;
	UT_hash_handle hh;
};

struct inquiry {
	bool started;
	struct asked *asked; /* uthash */
	void *round;         /* owner of the last question */
	struct question *question;
};

static int inquiry_destroy(struct inquiry *inquiry)
{
	HASH_CLEAR(hh, inquiry->asked);
	return 0;
}

struct inquiry *inquiry_new(const void *context)
{
	struct inquiry *inquiry = memory_new(context, struct inquiry);

	talloc_set_destructor(inquiry, inquiry_destroy);
	return inquiry;
}

/* Notes what as asked for; false where it was before. Takes the text over. */
static bool ask_once(struct inquiry *inquiry, char *what)
{
	struct asked *asked;

	HASH_FIND_STR(inquiry->asked, what, asked);
	if (asked) {
		talloc_free(what);
		return false;
	}
	asked = memory_new(inquiry, struct asked);
	asked->what = talloc_steal(asked, what);
	HASH_ADD_KEYPTR(hh, inquiry->asked, asked->what, strlen(asked->what), asked);
	return true;
}

static void ask_dn(struct inquiry *inquiry, const char *dn)
{
	struct question *question = inquiry->question;
	char *key = dn_key(NULL, dn);
	bool first = ask_once(inquiry, memory_format(inquiry, "dn %s", key));

	talloc_free(key);
	if (!first)
		return;
	question->dns = memory_grow(inquiry->round, question->dns, question->dn_count,
				    sizeof *question->dns);
	question->dns[question->dn_count++] = dn;
}

static void ask_sid(struct inquiry *inquiry, const struct sid *sid)
{
	struct question *question = inquiry->question;
	char text[SID_TEXT_SIZE];

	if (!ask_once(inquiry, memory_format(inquiry, "sid %s", sid_format(sid, text))))
		return;
	question->sids = memory_grow(inquiry->round, question->sids, question->sid_count,
				     sizeof *question->sids);
	question->sids[question->sid_count++] = *sid;
}

static void ask_primary_group(struct inquiry *inquiry, uint32_t rid)
{
	struct question *question = inquiry->question;

	if (!ask_once(inquiry, memory_format(inquiry, "primary %u", (unsigned)rid)))
		return;
	question->primary_groups =
		memory_grow(inquiry->round, question->primary_groups, question->primary_group_count,
			    sizeof *question->primary_groups);
	question->primary_groups[question->primary_group_count++] = rid;
}

static void ask_host_names(struct inquiry *inquiry, const struct selection *selection)
{
	struct question *question = inquiry->question;

	for (size_t i = 0; i < selection->host_words.count; i++) {
		const char *word = selection->host_words.items[i];

		if (text_is_pattern(word) ||
		    !ask_once(inquiry, memory_format(inquiry, "host %s", word)))
			continue;
		question->host_names =
			memory_grow(inquiry->round, question->host_names, question->host_name_count,
				    sizeof *question->host_names);
		question->host_names[question->host_name_count++] = word;
	}
}

/* The computers above the connection points. */
static void ask_marked_hosts(struct inquiry *inquiry, const struct directory *directory)
{
	for (const struct entry *entry = directory->entries; entry; entry = entry->hh.next) {
		const char *parent = dn_parent(entry->dn);

		if (*parent && host_is_connection_point(inquiry->round, entry) &&
		    !directory_find(directory, parent))
			ask_dn(inquiry, parent);
	}
}

/* What a walk of that group misses. */
static void ask_members(struct inquiry *inquiry, const struct domain *domain, const struct sid *sid,
			enum membership_scope scope)
{
	const struct entry *group = domain_find_sid(domain, sid);
	struct membership *membership;

	if (!group)
		return;
	membership = membership_walk(inquiry->round, domain, group, scope, NULL);
	for (size_t i = 0; i < membership->unresolved.count; i++)
		ask_dn(inquiry, membership->unresolved.items[i]);
	for (size_t i = 0; i < membership->groups.count; i++) {
		struct sid member;
		uint32_t rid;

		if (entry_sid(membership->groups.items[i], ATTRIBUTE_OBJECT_SID, &member) ==
			    READING_OK &&
		    domain->has_sid && sid_in_domain(&member, &domain->sid, &rid))
			ask_primary_group(inquiry, rid);
	}
}

static void ask_admins(struct inquiry *inquiry, const struct domain *domain)
{
	static const uint32_t accounts[] = {RID_ADMINISTRATOR, RID_KRBTGT, RID_PROTECTED_USERS};
	size_t count;
	struct sid *groups = admin_privileged_groups(inquiry->round, domain, &count);
	struct sid sid;

	for (size_t i = 0; i < count; i++) {
		ask_sid(inquiry, &groups[i]);
		ask_members(inquiry, domain, &groups[i], MEMBERSHIP_ALL_GROUPS);
	}
	for (size_t i = 0; domain->has_sid && i < sizeof accounts / sizeof accounts[0]; i++) {
		sid = sid_of_domain(&domain->sid, accounts[i]);
		ask_sid(inquiry, &sid);
	}
	if (domain->has_sid) {
		sid = sid_of_domain(&domain->sid, RID_PROTECTED_USERS);
		ask_members(inquiry, domain, &sid, MEMBERSHIP_SECURITY_GROUPS);
	}
}

static bool is_empty(const struct question *question)
{
	return !question->hyperv && !question->domain && !question->host_name_count &&
	       !question->dn_count && !question->sid_count && !question->primary_group_count &&
	       !question->spn_count;
}

bool inquiry_next(struct inquiry *inquiry, const struct directory *directory,
		  const struct selection *selection, struct question *question)
{
	struct error none;
	struct domain *domain;

	talloc_free(inquiry->round);
	inquiry->round = memory_check(talloc_new(inquiry));
	inquiry->question = question;
	*question = (struct question){0};
	if (!inquiry->started) {
		inquiry->started = true;
		question->domain = true;
		question->hyperv = selection->hosts;
	}
	domain = domain_read(inquiry->round, directory, &none);
	if (!domain)
		return false;
	if (selection->hosts) {
		ask_host_names(inquiry, selection);
		ask_marked_hosts(inquiry, directory);
	}
	if (selection->admins)
		ask_admins(inquiry, domain);
	return !is_empty(question);
}
