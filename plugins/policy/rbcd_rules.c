/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules about whom a host lets delegate to itself. */
#include "model/exemption.h"
#include "policy/rules.h"

/* Whether an allow-list names the account or group of entry (or NULL) and sid (or NULL). */
static bool list_names(const struct verdict *verdict, const struct text_list *words,
		       const struct entry *entry, const struct sid *sid)
{
	const struct domain *domain = verdict->snapshot->domain;

	for (size_t i = 0; i < words->count; i++) {
		if (exemption_word_means(domain, words->items[i], entry, sid, false))
			return true;
	}
	return false;
}

/* Whether the policy lets RBCD on host name that account or group. */
static bool is_allowed(const struct verdict *verdict, const struct host *host,
		       const struct entry *entry, const struct sid *sid)
{
	const struct policy *policy = verdict->policy;

	if (list_names(verdict, &policy->trustees, entry, sid))
		return true;
	for (size_t group = 0; group < policy->group_count; group++) {
		if (host_groups_holds(verdict->groups, group, host) &&
		    list_names(verdict, &policy->groups[group].trustees, entry, sid))
			return true;
	}
	return false;
}

static bool is_peer(const struct verdict *verdict, const struct host *host,
		    const struct entry *entry)
{
	const struct host *other = host_list_find_entry(&verdict->snapshot->hosts, entry);

	return other && host_groups_are_peers(verdict->groups, host, other);
}

/* The first member of a group that is no peer, not the host and not allowed, or NULL. */
static const struct entry *find_unexpected_member(const struct verdict *verdict,
						  const struct host *host,
						  const struct trustee *trustee)
{
	const struct entry_list *members = &trustee->membership->accounts;

	for (size_t i = 0; i < members->count; i++) {
		const struct entry *entry = members->items[i];
		struct sid sid;
		bool has_sid = membership_sid(entry, &sid);

		if (entry != host->account.entry && !is_peer(verdict, host, entry) &&
		    !is_allowed(verdict, host, entry, has_sid ? &sid : NULL))
			return entry;
	}
	return NULL;
}

/* How a trustee is spelled as the object of a finding: a host by its name. */
static const char *spell(const struct verdict *verdict, const struct trustee *trustee)
{
	const struct host *host = host_list_find_entry(&verdict->snapshot->hosts, trustee->entry);

	return host ? host->name : trustee->name;
}

/* Whether nobody is in a security group, as far as it could be read, which is all of it. */
static bool is_empty(const struct trustee *trustee)
{
	const struct membership *membership = trustee->membership;

	return trustee->in_tokens != TRUTH_NO && membership_is_whole(membership) &&
	       !membership->accounts.count && !membership->foreign_dns.count;
}

static void judge_group(struct verdict *verdict, const struct host *host,
			const struct trustee *trustee)
{
	const struct entry *member = find_unexpected_member(verdict, host, trustee);
	const struct text_list *foreign = &trustee->membership->foreign_dns;

	if (member) {
		verdict_add(verdict, RULE_RBCD_UNEXPECTED_TRUSTEE, host->name, trustee->name,
			    "the members of this group may act as others towards this host, but %s "
			    "in it is no host that migrates to it: remove it, or allow it as a "
			    "trustee in the policy",
			    domain_account_name(verdict, verdict->snapshot->domain, member));
	} else if (foreign->count) {
		verdict_add(verdict, RULE_RBCD_UNEXPECTED_TRUSTEE, host->name, trustee->name,
			    "the members of this group may act as others towards this host, but %s "
			    "in it is of another domain: remove it, or allow the group as a "
			    "trustee in the policy",
			    foreign->items[0]);
	} else if (is_empty(trustee)) {
		verdict_add(verdict, RULE_RBCD_UNEXPECTED_TRUSTEE, host->name, trustee->name,
			    "the members of this group may act as others towards this host, and "
			    "it has none: whoever adds one gives that right away; remove it, or "
			    "allow it as a trustee in the policy");
	}
}

static void judge_trustee(struct verdict *verdict, const struct host *host,
			  const struct trustee *trustee)
{
	if (trustee->kind == TRUSTEE_ORPHAN ||
	    (trustee->kind == TRUSTEE_ACCOUNT && is_peer(verdict, host, trustee->entry)) ||
	    is_allowed(verdict, host, trustee->entry, &trustee->sid))
		return;
	if (trustee->kind == TRUSTEE_GROUP) {
		judge_group(verdict, host, trustee);
		return;
	}
	verdict_add(verdict, RULE_RBCD_UNEXPECTED_TRUSTEE, host->name, spell(verdict, trustee),
		    trustee->kind == TRUSTEE_EVERYONE
			    ? "everybody may act as others towards this host: remove this "
			      "resource-based delegation"
			    : "the trustee may act as others towards the host, which no migration "
			      "needs: remove it from the resource-based delegation, or allow it in "
			      "the policy");
}

static void judge_orphan(struct verdict *verdict, const struct host *host,
			 const struct trustee *trustee)
{
	if (trustee->kind == TRUSTEE_ORPHAN && verdict_saw_all(verdict))
		verdict_add(verdict, RULE_RBCD_UNKNOWN_TRUSTEE, host->name, trustee->name,
			    "the host lets this SID delegate to it, but no account has the SID: "
			    "remove it from the resource-based delegation");
}

typedef void judge_function(struct verdict *verdict, const struct host *host,
			    const struct trustee *trustee);

/* Calls judge with each trustee of each host. */
static void judge_each(struct verdict *verdict, judge_function *judge)
{
	const struct snapshot *snapshot = verdict->snapshot;

	for (size_t i = 0; i < snapshot->hosts.count; i++) {
		const struct host *host = &snapshot->hosts.items[i];

		for (size_t k = 0; host->judged && k < host->rbcd_trustee_count; k++) {
			const struct trustee *trustee =
				trustee_index_find(snapshot->trustees, &host->rbcd_trustees[k]);

			if (trustee)
				judge(verdict, host, trustee);
		}
	}
}

void judge_rbcd_unexpected_trustee(struct verdict *verdict)
{
	judge_each(verdict, judge_trustee);
}

void judge_rbcd_unknown_trustee(struct verdict *verdict)
{
	judge_each(verdict, judge_orphan);
}
