/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/inquiry.h"

#include "ad/dn.h"
#include "base/memory.h"
#include "base/text.h"
#include "model/admin.h"
#include "model/domain.h"
#include "model/exemption.h"
#include "model/host.h"
#include "model/membership.h"
#include "model/privileged_group.h"
#include "model/trustee.h"

#include <string.h>

/* Something that was asked for already: "dn …", "sid …", "primary …". */
struct asked {
	const char *what;
	UT_hash_handle hh;
};

struct inquiry {
	bool started;
	struct asked *asked;    /* uthash */
	struct asked *spns;     /* uthash; apart from the others, for there are many */
	void *round;            /* owner of the last question */
	struct host_list hosts; /* as far as they are known; lives in: */
	void *hosts_context;
	size_t possible_count;        /* entries that may be hosts, when they were last read */
	struct text_list far_targets; /* asked for in the last round, with names of other domains */
	struct question *question;
};

static int inquiry_destroy(struct inquiry *inquiry)
{
	HASH_CLEAR(hh, inquiry->asked);
	HASH_CLEAR(hh, inquiry->spns);
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

/*
 * Whether somebody says to be a member of a group that shows none: its list may be hidden
 * from the login instead of empty.
 */
static void ask_claims(struct inquiry *inquiry, const struct entry *group)
{
	const struct attribute_values *members = entry_values(group, ATTRIBUTE_MEMBER);
	struct question *question = inquiry->question;

	if ((members && members->count) ||
	    !ask_once(inquiry, memory_format(inquiry, "claims %s", group->key)))
		return;
	question->groups = memory_grow(inquiry->round, question->groups, question->group_count,
				       sizeof *question->groups);
	question->groups[question->group_count++] = group->dn;
}

static void ask_elsewhere_dn(struct inquiry *inquiry, const char *dn)
{
	struct elsewhere_question *question = &inquiry->question->elsewhere;
	char *key = dn_key(NULL, dn);
	bool first = ask_once(inquiry, memory_format(inquiry, "elsewhere dn %s", key));

	talloc_free(key);
	if (!first)
		return;
	question->dns = memory_grow(inquiry->round, question->dns, question->dn_count,
				    sizeof *question->dns);
	question->dns[question->dn_count++] = dn;
}

static void ask_elsewhere_sid(struct inquiry *inquiry, const struct sid *sid)
{
	struct elsewhere_question *question = &inquiry->question->elsewhere;
	char text[SID_TEXT_SIZE];

	if (!ask_once(inquiry, memory_format(inquiry, "elsewhere sid %s", sid_format(sid, text))))
		return;
	question->sids = memory_grow(inquiry->round, question->sids, question->sid_count,
				     sizeof *question->sids);
	question->sids[question->sid_count++] = *sid;
}

static void ask_elsewhere_spn(struct inquiry *inquiry, const char *spn)
{
	struct elsewhere_question *question = &inquiry->question->elsewhere;

	if (!ask_once(inquiry, memory_format(inquiry, "elsewhere spn %s", spn)))
		return;
	question->spns = memory_grow(inquiry->round, question->spns, question->spn_count,
				     sizeof *question->spns);
	question->spns[question->spn_count++] = spn;
}

/* Of a group of another domain: whose primary group it is, and, where its members are in the
 * catalogue, who says to be one of a list that is empty. */
static void ask_of_group_elsewhere(struct inquiry *inquiry, const struct entry *group)
{
	struct elsewhere_question *question = &inquiry->question->elsewhere;
	const struct attribute_values *members = entry_values(group, ATTRIBUTE_MEMBER);
	struct sid sid;

	if (elsewhere_shows_members(group) && !(members && members->count) &&
	    ask_once(inquiry, memory_format(inquiry, "elsewhere claims %s", group->key))) {
		question->groups = memory_grow(inquiry->round, question->groups,
					       question->group_count, sizeof *question->groups);
		question->groups[question->group_count++] = group->dn;
	}
	if (entry_sid(group, ATTRIBUTE_OBJECT_SID, &sid) != READING_OK ||
	    !sid_is_of_some_domain(&sid) ||
	    !ask_once(inquiry, memory_format(inquiry, "elsewhere primary %s", group->key)))
		return;
	question->primary_groups =
		memory_grow(inquiry->round, question->primary_groups, question->primary_group_count,
			    sizeof *question->primary_groups);
	question->primary_groups[question->primary_group_count++] = (struct primary_group_question){
		.domain = dn_key_domain(group->key),
		.rid = sid.sub_authorities[sid.sub_authority_count - 1],
	};
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

	for (size_t i = 0; i < selection->host_word_count; i++) {
		const char *word = selection->host_words[i].word;

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

/* Members of other domains, by name or by the SID that a placeholder stands for. */
static void ask_members_elsewhere(struct inquiry *inquiry, const struct domain *domain,
				  const struct membership *membership,
				  const struct selection *selection)
{
	for (size_t i = 0; i < membership->foreign_dns.count; i++) {
		const char *dn = membership->foreign_dns.items[i];

		if (!selection || !exemption_covers_dn(selection, dn))
			ask_elsewhere_dn(inquiry, dn);
	}
	for (size_t i = 0; i < membership->accounts.count; i++) {
		const struct entry *entry = membership->accounts.items[i];
		char text[SID_TEXT_SIZE];
		struct sid sid;

		if (account_class(entry) != ACCOUNT_FOREIGN ||
		    !membership_foreign_sid(entry, &sid) || !sid_is_of_some_domain(&sid) ||
		    (domain->has_sid && sid_in_domain(&sid, &domain->sid, NULL)) ||
		    (selection &&
		     exemption_covers(selection, sid_format(&sid, text), &sid, entry->dn)))
			continue;
		ask_elsewhere_sid(inquiry, &sid);
	}
}

/* Who else may belong to a group that was walked. */
static void ask_of_group(struct inquiry *inquiry, const struct domain *domain,
			 const struct entry *group)
{
	struct sid sid;
	uint32_t rid;

	if (elsewhere_holds(domain->elsewhere, group)) {
		ask_of_group_elsewhere(inquiry, group);
		return;
	}
	ask_claims(inquiry, group);
	if (entry_sid(group, ATTRIBUTE_OBJECT_SID, &sid) == READING_OK && domain->has_sid &&
	    sid_in_domain(&sid, &domain->sid, &rid))
		ask_primary_group(inquiry, rid);
}

/* What was missed by a walk, whose exemptions are those of selection (or NULL). */
static void ask_membership(struct inquiry *inquiry, const struct domain *domain,
			   const struct membership *membership, const struct selection *selection)
{
	for (size_t i = 0; i < membership->unresolved.count; i++)
		ask_dn(inquiry, membership->unresolved.items[i]);
	for (size_t i = 0; i < membership->groups.count; i++)
		ask_of_group(inquiry, domain, membership->groups.items[i]);
	ask_members_elsewhere(inquiry, domain, membership, selection);
}

/* What a walk of that group misses. */
static void ask_members(struct inquiry *inquiry, const struct domain *domain, const struct sid *sid)
{
	const struct entry *group = domain_find_sid(domain, sid);

	if (group)
		ask_membership(inquiry, domain,
			       membership_walk(inquiry->round, domain, group,
					       MEMBERSHIP_SECURITY_GROUPS, NULL),
			       NULL);
}

/* The same for a privileged group. */
static void ask_privileged(struct inquiry *inquiry, const struct domain *domain,
			   const struct sid *sid, const struct selection *selection)
{
	const struct entry *group = domain_find_sid(domain, sid);

	if (group)
		ask_membership(
			inquiry, domain,
			membership_walk_privileged(inquiry->round, domain, group, selection, NULL),
			selection);
}

/* The accounts that words of the policy mean: names, patterns, SIDs. */
static void ask_words(struct inquiry *inquiry, const struct text_list *words, bool patterns)
{
	struct question *question = inquiry->question;

	for (size_t i = 0; i < words->count; i++) {
		const char *word = words->items[i];
		struct sid sid;

		if (sid_parse_text(word, &sid)) {
			ask_sid(inquiry, &sid);
			continue;
		}
		if ((text_is_pattern(word) && !patterns) ||
		    !ask_once(inquiry, memory_format(inquiry, "account %s", word)))
			continue;
		question->account_names =
			memory_grow(inquiry->round, question->account_names,
				    question->account_name_count, sizeof *question->account_names);
		question->account_names[question->account_name_count++] = word;
	}
}

/* False where the SPN was asked for before. */
static bool ask_spn(struct inquiry *inquiry, const char *spn)
{
	struct question *question = inquiry->question;
	struct asked *asked;

	HASH_FIND_STR(inquiry->spns, spn, asked);
	if (asked)
		return false;
	asked = memory_new(inquiry, struct asked);
	asked->what = memory_text(asked, spn);
	HASH_ADD_KEYPTR(hh, inquiry->spns, asked->what, strlen(asked->what), asked);
	question->spns = memory_grow(inquiry->round, question->spns, question->spn_count,
				     sizeof *question->spns);
	question->spns[question->spn_count++] = asked->what;
	return true;
}

/* Who owns the targets of a host. Its list came whole with its entry, so that once is enough:
 * a mesh has as many targets as the square of its hosts. */
static void ask_owners(struct inquiry *inquiry, const struct domain *domain,
		       const struct host *host)
{
	if (!host->judged ||
	    !ask_once(inquiry, memory_format(inquiry, "owners %s", host->account.entry->key)))
		return;
	for (size_t i = 0; i < host->targets.count; i++) {
		const char *host_spn;

		if (!ask_spn(inquiry, host->targets.items[i]))
			continue;
		if (domain_is_foreign_target(domain, host->targets.items[i]))
			text_list_add(inquiry, &inquiry->far_targets,
				      memory_text(inquiry, host->targets.items[i]));
		host_spn = domain_host_spn(inquiry->round, domain, host->targets.items[i]);
		if (host_spn)
			ask_spn(inquiry, host_spn);
	}
}

/* Asks elsewhere for the owners of targets that nobody of this domain turned out to be. */
static void ask_owners_elsewhere(struct inquiry *inquiry, const struct domain *domain)
{
	for (size_t i = 0; i < inquiry->far_targets.count; i++) {
		const char *target = inquiry->far_targets.items[i];
		const char *host_spn = domain_host_spn(inquiry->round, domain, target);

		if (domain_spn_owners(domain, target))
			continue;
		ask_elsewhere_spn(inquiry, target);
		if (host_spn)
			ask_elsewhere_spn(inquiry, host_spn);
	}
	inquiry->far_targets.count = 0;
}

/* Who the trustees of a host are. */
static void ask_trustees(struct inquiry *inquiry, const struct domain *domain,
			 const struct host *host)
{
	for (size_t i = 0; i < host->acl.ace_count; i++) {
		const struct sid *sid = &host->acl.aces[i].trustee;
		const struct entry *entry;

		if (trustee_kind(domain, sid, &entry) == TRUSTEE_EVERYONE)
			continue;
		ask_sid(inquiry, sid);
		if (entry && account_class(entry) == ACCOUNT_GROUP)
			ask_members(inquiry, domain, sid);
	}
}

/* Reads the hosts anew where an entry came that may be one or make one: most rounds bring
 * none, only groups and their members. */
static void read_hosts(struct inquiry *inquiry, const struct domain *domain,
		       const struct selection *selection)
{
	struct unreadable_list ignored = {0};
	size_t possible_count = 0;

	for (const struct entry *entry = domain->directory->entries; entry; entry = entry->hh.next)
		possible_count += host_is_possible(entry);
	if (inquiry->hosts_context && possible_count == inquiry->possible_count)
		return;
	talloc_free(inquiry->hosts_context);
	inquiry->hosts_context = memory_check(talloc_new(inquiry));
	inquiry->hosts = (struct host_list){0};
	inquiry->possible_count = possible_count;
	host_list_read(inquiry->hosts_context, domain, selection, &inquiry->hosts, &ignored);
}

static void ask_hosts(struct inquiry *inquiry, const struct domain *domain,
		      const struct selection *selection)
{
	ask_host_names(inquiry, selection);
	ask_marked_hosts(inquiry, domain->directory);
	ask_words(inquiry, &selection->trustees, false);
	/* owners and trustees only of what turned out to be a host */
	read_hosts(inquiry, domain, selection);
	ask_owners_elsewhere(inquiry, domain);
	for (size_t i = 0; i < inquiry->hosts.count; i++) {
		ask_owners(inquiry, domain, &inquiry->hosts.items[i]);
		ask_trustees(inquiry, domain, &inquiry->hosts.items[i]);
	}
}

static void ask_admins(struct inquiry *inquiry, const struct domain *domain,
		       const struct selection *selection)
{
	static const uint32_t accounts[] = {RID_ADMINISTRATOR, RID_KRBTGT, RID_PROTECTED_USERS};
	size_t count;
	struct sid *groups;
	struct sid sid;

	ask_words(inquiry, &selection->privileged, true);
	ask_words(inquiry, &selection->ignored, false);
	ask_words(inquiry, &selection->exempt, false);
	ask_words(inquiry, &selection->operators, true);
	for (size_t i = 0; i < selection->exempt_dns.count; i++)
		ask_dn(inquiry, selection->exempt_dns.items[i]);
	groups = privileged_groups_list(inquiry->round, domain, selection, NULL, &count);

	for (size_t i = 0; i < count; i++) {
		ask_sid(inquiry, &groups[i]);
		ask_privileged(inquiry, domain, &groups[i], selection);
	}
	for (size_t i = 0; domain->has_sid && i < sizeof accounts / sizeof accounts[0]; i++) {
		sid = sid_of_domain(&domain->sid, accounts[i]);
		ask_sid(inquiry, &sid);
	}
	if (domain->has_sid) {
		sid = sid_of_domain(&domain->sid, RID_PROTECTED_USERS);
		ask_members(inquiry, domain, &sid);
	}
}

static bool is_empty(const struct question *question)
{
	const struct elsewhere_question *elsewhere = &question->elsewhere;

	return !elsewhere->dn_count && !elsewhere->sid_count && !elsewhere->group_count &&
	       !elsewhere->primary_group_count && !elsewhere->spn_count && !question->hyperv &&
	       !question->domain && !question->host_name_count && !question->dn_count &&
	       !question->sid_count && !question->primary_group_count &&
	       !question->account_name_count && !question->spn_count && !question->group_count;
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
	if (selection->hosts)
		ask_hosts(inquiry, domain, selection);
	if (selection->admins)
		ask_admins(inquiry, domain, selection);
	return !is_empty(question);
}
