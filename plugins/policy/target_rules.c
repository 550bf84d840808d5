/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules about what a host may delegate to, and who owns it. */
#include "policy/rules.h"

#include "ad/spn.h"
#include "ad/uac.h"
#include "base/memory.h"

#include <string.h>
#include <strings.h>

/* A target while it is judged. */
struct target {
	struct verdict *verdict;
	const struct host *host; /* that lists it */
	const char *text;
	bool parsed;
	struct spn spn;
	const struct host *named;      /* the host whose name stands in it, or NULL */
	const struct spn_slot *owners; /* or NULL */
	struct account owner;          /* the first of them, which is the only one as a rule */
};

/* Reads the account, spelled as findings do: a host by its name. */
static void read_account(struct verdict *verdict, const struct entry *entry,
			 struct account *account)
{
	const struct host *host = host_list_find_entry(&verdict->snapshot->hosts, entry);

	if (host) {
		*account = host->account;
		account->name = host->name;
	} else {
		account_read(verdict, entry, account);
		if (elsewhere_holds(verdict->snapshot->domain->elsewhere, entry))
			account->name = elsewhere_name(verdict, entry);
	}
}

/* The owner of that index. */
static void read_owner(const struct target *target, size_t index, struct account *owner)
{
	if (index)
		read_account(target->verdict, target->owners->accounts[index], owner);
	else
		*owner = target->owner;
}

/* RID 502, or the account of a read-only controller, krbtgt_<number>. */
static bool is_krbtgt(const struct domain *domain, const struct account *account)
{
	static const char prefix[] = "krbtgt_";
	uint32_t rid;

	if (account->has_sid && domain->has_sid &&
	    sid_in_domain(&account->sid, &domain->sid, &rid) && rid == RID_KRBTGT)
		return true;
	return !strncasecmp(account->name, prefix, sizeof prefix - 1) &&
	       account->name[sizeof prefix - 1] &&
	       !account->name[sizeof prefix - 1 +
			      strspn(account->name + sizeof prefix - 1, "0123456789")];
}

/* Tickets for krbtgt/REALM are issued without any SPN being registered. */
static bool names_krbtgt(const struct target *target)
{
	return target->parsed && spn_has_class(&target->spn, "krbtgt");
}

/* The owner that is a domain controller or a krbtgt, the first by name; NULL where none is. */
static const char *find_controller(const struct target *target, bool *krbtgt)
{
	const struct domain *domain = target->verdict->snapshot->domain;
	const char *first = NULL;

	*krbtgt = false;
	for (size_t i = 0; target->owners && i < target->owners->account_count; i++) {
		struct account owner;
		bool is_kdc;

		read_owner(target, i, &owner);
		is_kdc = is_krbtgt(domain, &owner);
		if (!is_kdc && !(owner.has_uac && owner.uac & UAC_DOMAIN_CONTROLLER))
			continue;
		if (first && text_compare(owner.name, first) > 0)
			continue;
		first = owner.name;
		*krbtgt = is_kdc;
	}
	return first;
}

static void report_hidden_owners(const struct target *target)
{
	for (size_t i = 0; target->owners && i < target->owners->account_count; i++) {
		const struct host *host;
		struct account owner;

		read_owner(target, i, &owner);
		host = host_list_find_entry(&target->verdict->snapshot->hosts, owner.entry);
		/* of a judged host, why it is hidden was said already */
		if (!owner.has_uac && !(host && host->judged))
			verdict_add(target->verdict, RULE_UNREADABLE, owner.name,
				    "userAccountControl",
				    "it owns a delegation target, but it can not be read whether "
				    "it is a domain controller or disabled");
	}
}

static bool judge_domain_controller(const struct target *target)
{
	bool krbtgt;
	const char *controller = find_controller(target, &krbtgt);

	if (controller) {
		verdict_add(target->verdict, RULE_TARGET_DOMAIN_CONTROLLER, target->host->name,
			    target->text,
			    "owned by %s, %s: whoever takes over this host can act as others "
			    "towards the domain itself; remove it",
			    controller, krbtgt ? "the account of the KDC" : "a domain controller");
		return true;
	}
	if (names_krbtgt(target)) {
		verdict_add(target->verdict, RULE_TARGET_DOMAIN_CONTROLLER, target->host->name,
			    target->text,
			    "the ticket granting service: whoever takes over this host can act as "
			    "others towards the domain itself; remove it");
		return true;
	}
	report_hidden_owners(target);
	return false;
}

static bool judge_ambiguous(const struct target *target)
{
	const char *first = NULL, *second = NULL;

	if (!target->owners || target->owners->account_count < 2)
		return false;
	/* the two first by name: directories give their entries in any order */
	for (size_t i = 0; i < target->owners->account_count; i++) {
		struct account owner;

		read_owner(target, i, &owner);
		if (!first || text_compare(owner.name, first) < 0) {
			second = first;
			first = owner.name;
		} else if (!second || text_compare(owner.name, second) < 0) {
			second = owner.name;
		}
	}
	verdict_add(target->verdict, RULE_TARGET_AMBIGUOUS, target->host->name, target->text,
		    "owned by %zu accounts, %s and %s among them, so the KDC issues no ticket for "
		    "it: leave this SPN on one account",
		    target->owners->account_count, first, second);
	return true;
}

/* The account, the first by name, that has HOST/ of the name while the owner, which registered
 * just the one class, has not; NULL where there is none. */
static const char *find_bypassed(const struct target *target)
{
	const struct spn_slot *holders =
		domain_host_owners(target->verdict->snapshot->domain, target->text);
	const char *first = NULL;

	/* a web service runs as an account of its own as a rule */
	if (!holders || spn_has_class(&target->spn, "http"))
		return NULL;
	for (size_t i = 0; i < holders->account_count; i++) {
		struct account holder;

		if (holders->accounts[i] == target->owners->accounts[0])
			return NULL;
		read_account(target->verdict, holders->accounts[i], &holder);
		if (!first || text_compare(holder.name, first) < 0)
			first = holder.name;
	}
	return first;
}

/* The same of a name that is no known host's. */
static bool judge_bypassed(const struct target *target)
{
	const char *bypassed = find_bypassed(target);
	struct account owner;

	if (!bypassed)
		return false;
	read_owner(target, 0, &owner);
	verdict_add(
		target->verdict, RULE_TARGET_HIJACKED, target->host->name, target->text,
		"%s has HOST/ of this name, but %s has registered just this service, so tickets "
		"meant for the one go to the other: find out who did this",
		bypassed, owner.name);
	return true;
}

static bool judge_hijacked(const struct target *target)
{
	struct account owner;

	if (!target->owners)
		return false;
	if (!target->named)
		return judge_bypassed(target);
	if (target->owners->accounts[0] == target->named->account.entry)
		return false;
	read_owner(target, 0, &owner);
	verdict_add(target->verdict, RULE_TARGET_HIJACKED, target->host->name, target->text,
		    "the name is that of %s, but %s has registered it, so tickets meant for that "
		    "host go to another account: find out who did this",
		    target->named->name, owner.name);
	return true;
}

static bool judge_unknown(const struct target *target)
{
	const struct domain *domain = target->verdict->snapshot->domain;
	bool foreign;

	if (target->owners || !target->parsed)
		return false;
	foreign = !domain_has_name(domain, target->spn.name, target->spn.name_length);
	if (foreign && !elsewhere_answered(domain->elsewhere) && !target->named)
		return false; /* where a catalogue failed, that is told once for all */
	/* said of the host itself, by migration-service-unregistered, unless that does not matter:
	 * the name is free all the same */
	if (target->named && spn_has_class(&target->spn, SPN_CLASS_MIGRATION) &&
	    target->verdict->policy->states[RULE_MIGRATION_SERVICE_UNREGISTERED] != STATE_OK &&
	    lacks_migration_service(target->verdict, target->named))
		return true;
	if (verdict_saw_all(target->verdict))
		verdict_add(target->verdict, RULE_TARGET_UNKNOWN, target->host->name, target->text,
			    "%s: whoever registers this service principal name next inherits the "
			    "delegation; remove it",
			    !foreign ? "nobody owns it"
			    : elsewhere_answered(domain->elsewhere)
				    ? "nobody in the forest owns it, as the global catalogue has it"
				    : "no account of this domain owns it, though one has the name");
	return true;
}

/* A disabled host that is not judged itself: once for each host that lists it. */
static void report_disabled_host(const struct target *target, const struct host *owner)
{
	const struct snapshot *snapshot = target->verdict->snapshot;
	struct text_list targets =
		host_targets_owned_by(target->verdict, snapshot->domain, &snapshot->hosts,
				      target->host, owner->account.entry);
	size_t others = targets.count - 1;

	if (strcmp(targets.items[0], target->text) != 0)
		return;
	if (!others)
		verdict_add(target->verdict, RULE_TARGET_DISABLED, target->host->name, target->text,
			    "its owner %s is disabled, and the delegation works again once that "
			    "account is enabled: remove it",
			    owner->name);
	else
		verdict_add(target->verdict, RULE_TARGET_DISABLED, target->host->name, target->text,
			    "its owner %s is disabled, and the delegation works again once that "
			    "account is enabled: remove it and the %zu other target%s of that host",
			    owner->name, others, others == 1 ? "" : "s");
}

static bool judge_disabled(const struct target *target)
{
	const struct host *host;
	struct account owner;

	if (!target->owners)
		return false;
	read_owner(target, 0, &owner);
	if (owner.enabled != TRUTH_NO)
		return false;
	host = host_list_find_entry(&target->verdict->snapshot->hosts, owner.entry);
	if (!host)
		verdict_add(target->verdict, RULE_TARGET_DISABLED, target->host->name, target->text,
			    "its owner %s is disabled, and the delegation works again once that "
			    "account is enabled: remove it",
			    owner.name);
	else if (!host->judged) /* of one that is, host-disabled speaks */
		report_disabled_host(target, host);
	return true;
}

/* Whether migration from the host to the one that is named, or what goes with it, needs the
 * class. */
static bool needs_class(const struct host_groups *groups, const struct host *host,
			const struct host *named, const struct spn *spn)
{
	static const char *const usual[] = {SPN_CLASS_MIGRATION, SPN_CLASS_CIFS, SPN_CLASS_REPLICA,
					    SPN_CLASS_CONSOLE};

	for (size_t i = 0; i < countof(usual); i++) {
		if (spn_has_class(spn, usual[i]))
			return true;
	}
	return host_groups_require(groups, host, named, spn->service_class,
				   spn->service_class_length);
}

/* The host that the target names and that is neither the one that lists it nor its peer, where
 * migration would need the target if it were one; else NULL. */
static const struct host *find_stranger(const struct host_groups *groups, const struct host *host,
					const struct host *named, const struct spn *spn)
{
	if (!named || named == host || host_groups_are_peers(groups, host, named) ||
	    !needs_class(groups, host, host, spn))
		return NULL;
	return named;
}

const struct host *target_lacks_group(const struct verdict *verdict, const struct host *host,
				      const char *text)
{
	struct spn spn;

	if (!spn_parse(text, &spn))
		return NULL;
	return find_stranger(verdict->groups, host,
			     host_list_find(&verdict->snapshot->hosts, spn.name, spn.name_length),
			     &spn);
}

/* Whether migration, or the services that go with it, needs the target. */
static bool is_needed(const struct target *target)
{
	const struct host_groups *groups = target->verdict->groups;

	return target->named && needs_class(groups, target->host, target->named, &target->spn) &&
	       !find_stranger(groups, target->host, target->named, &target->spn);
}

static bool is_allowed(const struct target *target)
{
	const struct policy *policy = target->verdict->policy;

	if (text_list_matches(&policy->allow, target->text))
		return true;
	for (size_t group = 0; group < policy->group_count; group++) {
		if (host_groups_holds(target->verdict->groups, group, target->host) &&
		    text_list_matches(&policy->groups[group].allow, target->text))
			return true;
	}
	return false;
}

static bool judge_unexpected(const struct target *target)
{
	if (is_needed(target) || is_allowed(target))
		return false;
	verdict_add(
		target->verdict, RULE_UNEXPECTED_TARGET, target->host->name, target->text, "%s",
		find_stranger(target->verdict->groups, target->host, target->named, &target->spn)
			? "no group of the policy holds both hosts: declare one if machines "
			  "migrate there, else remove it"
			: "not needed for migration: whoever takes over this host can act as "
			  "others there; remove it, or allow it in the policy");
	return true;
}

static void judge_target(struct verdict *verdict, const struct host *host, const char *text)
{
	/* of a target only the first that holds is found */
	static bool (*const judges[])(const struct target *) = {
		judge_domain_controller, judge_ambiguous, judge_hijacked,
		judge_unknown,           judge_disabled,  judge_unexpected,
	};
	const struct snapshot *snapshot = verdict->snapshot;
	struct target target = {.verdict = verdict, .host = host, .text = text};

	target.parsed = spn_parse(text, &target.spn);
	if (target.parsed)
		target.named =
			host_list_find(&snapshot->hosts, target.spn.name, target.spn.name_length);
	target.owners = domain_spn_owners(snapshot->domain, text);
	if (target.owners)
		read_account(verdict, target.owners->accounts[0], &target.owner);
	for (size_t i = 0; i < countof(judges); i++) {
		if (judges[i](&target))
			return;
	}
}

void judge_targets(struct verdict *verdict)
{
	const struct host_list *hosts = &verdict->snapshot->hosts;

	for (size_t i = 0; i < hosts->count; i++) {
		const struct host *host = &hosts->items[i];

		for (size_t k = 0; host->judged && k < host->targets.count; k++)
			judge_target(verdict, host, host->targets.items[k]);
	}
}
