/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/inquiry.h"

#include "ad/dn.h"
#include "base/memory.h"
#include "base/text.h"
#include "model/admin.h"
#include "model/asking.h"
#include "model/domain.h"
#include "model/exemption.h"
#include "model/host.h"
#include "model/membership.h"
#include "model/privileged_group.h"
#include "model/trustee.h"

struct inquiry {
	bool started;
	struct asking *asking;
	struct domain *domain;  /* as far as it is known; NULL before the first round */
	struct host_list hosts; /* as far as they are known; lives in: */
	void *hosts_context;
	size_t possible_count;        /* entries that may be hosts, when they were last read */
	struct text_list far_targets; /* asked for in the last round, with names of other domains */
};

struct inquiry *inquiry_new(const void *context)
{
	struct inquiry *inquiry = memory_new(context, struct inquiry);

	inquiry->asking = asking_new(inquiry);
	return inquiry;
}

/* Of a group of another domain: whose primary group it is, and, where its members are in the
 * catalogue, who says to be one of a list that is empty. */
static void ask_of_group_elsewhere(struct asking *asking, const struct entry *group)
{
	struct entry_question *others = &asking->question->others;
	struct sid sid;

	if (elsewhere_shows_members(group))
		asking_claims(asking, others, group);
	if (entry_sid(group, ATTRIBUTE_OBJECT_SID, &sid) == READING_OK &&
	    sid_is_of_some_domain(&sid))
		asking_primary_group(asking, others, dn_key_domain(group->key),
				     sid.sub_authorities[sid.sub_authority_count - 1]);
}

static void ask_host_names(struct asking *asking, const struct selection *selection)
{
	for (size_t i = 0; i < selection->host_word_count; i++) {
		const char *word = selection->host_words[i].word;
		const char *bare = host_bare_word(asking->round, word);

		if (text_is_pattern(word))
			continue;
		asking_text(asking, &asking->question->host_names, "host", word);
		if (bare)
			asking_text(asking, &asking->question->host_names, "host", bare);
	}
}

/* The computers above the connection points. */
static void ask_marked_hosts(struct asking *asking, const struct directory *directory)
{
	for (const struct entry *entry = directory->entries; entry; entry = entry->hh.next) {
		const char *parent = dn_parent(entry->dn);

		if (*parent && host_is_connection_point(asking->round, entry) &&
		    !directory_find(directory, parent))
			asking_dn(asking, &asking->question->own, parent);
	}
}

/* Members of other domains, by name or by the SID that a placeholder stands for. */
static void ask_members_elsewhere(struct asking *asking, const struct domain *domain,
				  const struct membership *membership,
				  const struct selection *selection)
{
	for (size_t i = 0; i < membership->foreign_dns.count; i++) {
		const char *dn = membership->foreign_dns.items[i];

		if (!selection || !exemption_covers_dn(selection, dn))
			asking_dn(asking, &asking->question->others, dn);
	}
	for (size_t i = 0; i < membership->accounts.count; i++) {
		const struct entry *entry = membership->accounts.items[i];
		struct sid sid;

		if (account_class(entry) != ACCOUNT_FOREIGN || !membership_sid(entry, &sid) ||
		    !sid_is_of_some_domain(&sid) ||
		    (domain->has_sid && sid_in_domain(&sid, &domain->sid, NULL)) ||
		    (selection && exemption_covers(selection, domain, entry, &sid, entry->dn)))
			continue;
		asking_sid(asking, &asking->question->others, &sid);
	}
}

/* Who else may belong to a group that was walked. */
static void ask_of_group(struct asking *asking, const struct domain *domain,
			 const struct entry *group)
{
	struct sid sid;
	uint32_t rid;

	if (elsewhere_holds(domain->elsewhere, group)) {
		ask_of_group_elsewhere(asking, group);
		return;
	}
	asking_claims(asking, &asking->question->own, group);
	if (entry_sid(group, ATTRIBUTE_OBJECT_SID, &sid) == READING_OK && domain->has_sid &&
	    sid_in_domain(&sid, &domain->sid, &rid))
		asking_primary_group(asking, &asking->question->own, NULL, rid);
}

/* What was missed by a walk, whose exemptions are those of selection (or NULL). */
static void ask_membership(struct asking *asking, const struct domain *domain,
			   const struct membership *membership, const struct selection *selection)
{
	for (size_t i = 0; i < membership->unresolved.count; i++)
		asking_dn(asking, &asking->question->own, membership->unresolved.items[i]);
	for (size_t i = 0; i < membership->groups.count; i++)
		ask_of_group(asking, domain, membership->groups.items[i]);
	ask_members_elsewhere(asking, domain, membership, selection);
}

/* What a walk of that group misses. */
static void ask_members(struct asking *asking, const struct domain *domain, const struct sid *sid)
{
	const struct entry *group = domain_find_sid(domain, sid);

	if (group)
		ask_membership(asking, domain,
			       membership_walk(asking->round, domain, group,
					       MEMBERSHIP_SECURITY_GROUPS, NULL),
			       NULL);
}

/* The same for a privileged group. */
static void ask_privileged(struct asking *asking, const struct domain *domain,
			   const struct sid *sid, const struct selection *selection)
{
	const struct entry *group = domain_find_sid(domain, sid);

	if (group)
		ask_membership(
			asking, domain,
			membership_walk_privileged(asking->round, domain, group, selection, NULL),
			selection);
}

/* The accounts that words of the policy mean: names, patterns, SIDs. */
static void ask_words(struct asking *asking, const struct text_list *words, bool patterns)
{
	struct question *question = asking->question;

	for (size_t i = 0; i < words->count; i++) {
		const char *word = words->items[i];
		struct sid sid;

		if (sid_parse_text(word, &sid))
			asking_sid(asking, &question->own, &sid);
		else if (patterns || !text_is_pattern(word))
			asking_text(asking, &question->account_names, "account", word);
	}
}

/* Who owns the targets of a host. Its list came whole with its entry, so that once is enough:
 * a mesh has as many targets as the square of its hosts. */
static void ask_owners(struct inquiry *inquiry, const struct domain *domain,
		       const struct host *host)
{
	struct asking *asking = inquiry->asking;

	if (!host->judged || !asking_once(asking, "owners", host->account.entry->key))
		return;
	for (size_t i = 0; i < host->targets.count; i++) {
		const char *host_spn;

		if (!asking_spn(asking, &asking->question->own, host->targets.items[i]))
			continue;
		if (domain_is_foreign_target(domain, host->targets.items[i]))
			text_list_add(inquiry, &inquiry->far_targets,
				      memory_text(inquiry, host->targets.items[i]));
		host_spn = domain_host_spn(asking->round, domain, host->targets.items[i]);
		if (host_spn)
			(void)asking_spn(asking, &asking->question->own, host_spn);
	}
}

/* Asks elsewhere for the owners of targets that nobody of this domain turned out to be. */
static void ask_owners_elsewhere(struct inquiry *inquiry, const struct domain *domain)
{
	struct asking *asking = inquiry->asking;

	for (size_t i = 0; i < inquiry->far_targets.count; i++) {
		const char *target = inquiry->far_targets.items[i];
		const char *host_spn = domain_host_spn(asking->round, domain, target);

		if (domain_spn_owners(domain, target))
			continue;
		(void)asking_spn(asking, &asking->question->others, target);
		if (host_spn)
			(void)asking_spn(asking, &asking->question->others, host_spn);
	}
	inquiry->far_targets.count = 0;
}

/* Who the trustees of a host are. */
static void ask_trustees(struct asking *asking, const struct domain *domain,
			 const struct host *host)
{
	for (size_t i = 0; i < host->acl.ace_count; i++) {
		const struct sid *sid = &host->acl.aces[i].trustee;
		const struct entry *entry;

		if (trustee_kind(domain, sid, &entry) == TRUSTEE_EVERYONE)
			continue;
		asking_sid(asking, &asking->question->own, sid);
		if (entry && account_class(entry) == ACCOUNT_GROUP)
			ask_members(asking, domain, sid);
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
	struct asking *asking = inquiry->asking;

	ask_host_names(asking, selection);
	ask_marked_hosts(asking, domain->directory);
	ask_words(asking, &selection->trustees, false);
	/* owners and trustees only of what turned out to be a host */
	read_hosts(inquiry, domain, selection);
	ask_owners_elsewhere(inquiry, domain);
	for (size_t i = 0; i < inquiry->hosts.count; i++) {
		ask_owners(inquiry, domain, &inquiry->hosts.items[i]);
		ask_trustees(asking, domain, &inquiry->hosts.items[i]);
	}
}

static void ask_admins(struct asking *asking, const struct domain *domain,
		       const struct selection *selection)
{
	static const uint32_t accounts[] = {RID_ADMINISTRATOR, RID_KRBTGT, RID_PROTECTED_USERS};
	struct entry_question *own = &asking->question->own;
	size_t count;
	struct sid *groups;
	struct sid sid;

	ask_words(asking, &selection->privileged, true);
	ask_words(asking, &selection->ignored, false);
	ask_words(asking, &selection->exempt, false);
	ask_words(asking, &selection->operators, true);
	for (size_t i = 0; i < selection->exempt_dns.count; i++)
		asking_dn(asking, own, selection->exempt_dns.items[i]);
	groups = privileged_groups_list(asking->round, domain, selection, NULL, &count);

	for (size_t i = 0; i < count; i++) {
		asking_sid(asking, own, &groups[i]);
		ask_privileged(asking, domain, &groups[i], selection);
	}
	for (size_t i = 0; domain->has_sid && i < countof(accounts); i++) {
		sid = sid_of_domain(&domain->sid, accounts[i]);
		asking_sid(asking, own, &sid);
	}
	if (domain->has_sid) {
		sid = sid_of_domain(&domain->sid, RID_PROTECTED_USERS);
		ask_members(asking, domain, &sid);
	}
}

bool inquiry_next(struct inquiry *inquiry, const struct directory *directory,
		  const struct selection *selection, struct question *question)
{
	struct error none;

	asking_begin(inquiry->asking, question);
	if (!inquiry->started) {
		inquiry->started = true;
		question->domain = true;
		question->hyperv = selection->hosts;
	}
	if (inquiry->domain)
		domain_update(inquiry->domain);
	else
		inquiry->domain = domain_read(inquiry, directory, &none);
	if (!inquiry->domain)
		return false;
	if (selection->hosts)
		ask_hosts(inquiry, inquiry->domain, selection);
	if (selection->admins)
		ask_admins(inquiry->asking, inquiry->domain, selection);
	return !question_is_empty(question);
}
