/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules about hosts; each is explained in the manual page under its name. */
#include "ad/spn.h"
#include "ad/uac.h"
#include "base/memory.h"
#include "policy/rules.h"

#include <string.h>

const char *guess_note(const struct host *host)
{
	return host->build == BUILD_UNKNOWN
		       ? " (its version can not be read: taken as Windows Server 2016 or later)"
		       : "";
}

void judge_unconstrained_delegation(struct verdict *verdict)
{
	const struct host_list *hosts = &verdict->snapshot->hosts;

	for (size_t i = 0; i < hosts->count; i++) {
		const struct host *host = &hosts->items[i];

		/* a domain controller needs the bit */
		if (host->judged && host->unconstrained == TRUTH_YES &&
		    host->domain_controller != TRUTH_YES)
			verdict_add(verdict, RULE_UNCONSTRAINED_DELEGATION, host->name, NULL,
				    "trusted for unconstrained delegation: whoever takes over this "
				    "host can act anywhere as everybody who connects to it; use "
				    "constrained delegation instead%s",
				    guess_note(host));
	}
}

bool lacks_protocol_transition(const struct host *host)
{
	return host->judged && host_is_2016_or_later(host) &&
	       host->protocol_transition == TRUTH_NO && host_lists_class(host, SPN_CLASS_MIGRATION);
}

void judge_protocol_transition_missing(struct verdict *verdict)
{
	const struct host_list *hosts = &verdict->snapshot->hosts;

	for (size_t i = 0; i < hosts->count; i++) {
		const struct host *host = &hosts->items[i];

		if (lacks_protocol_transition(host))
			verdict_add(
				verdict, RULE_PROTOCOL_TRANSITION_MISSING, host->name, NULL,
				"delegation is set to Kerberos only: migrations away from it fail "
				"unless started on the host itself; it needs \"use any "
				"authentication protocol\"%s",
				guess_note(host));
	}
}

void judge_protocol_transition_unneeded(struct verdict *verdict)
{
	const struct host_list *hosts = &verdict->snapshot->hosts;

	for (size_t i = 0; i < hosts->count; i++) {
		const struct host *host = &hosts->items[i];

		if (!host->judged || host->protocol_transition != TRUTH_YES)
			continue;
		if (!host_is_2016_or_later(host))
			verdict_add(verdict, RULE_PROTOCOL_TRANSITION_UNNEEDED, host->name, NULL,
				    "may use any authentication protocol, which a host older than "
				    "Windows Server 2016 does not need to migrate: set it to \"use "
				    "Kerberos only\"");
		/* a read-only domain controller is made with this right */
		else if (!host->targets.count && host->targets_complete &&
			 !(host->account.uac & UAC_PARTIAL_SECRETS_ACCOUNT))
			verdict_add(verdict, RULE_PROTOCOL_TRANSITION_UNNEEDED, host->name, NULL,
				    "may use any authentication protocol, but lists no service to "
				    "delegate to: take this right away, or list the services%s",
				    guess_note(host));
	}
}

static bool is_named(const struct host_list *hosts, const char *word)
{
	for (size_t i = 0; i < hosts->count; i++) {
		if (host_is_named(&hosts->items[i], word))
			return true;
	}
	return false;
}

/* "host" is the word of -n, all others are keys of the policy. */
static void report_idle_pattern(struct verdict *verdict, const struct host_word *word)
{
	bool option = !strcmp(word->key, "host");

	verdict_add(verdict, RULE_UNREADABLE, word->word, word->key,
		    option ? "the pattern given to -n matches no Hyper-V host, so nothing was "
			     "judged by it: correct it"
			   : "the pattern in the policy matches no Hyper-V host: correct it or "
			     "take it out");
}

static void report_missing(struct verdict *verdict, const struct host_word *word)
{
	/* the policy splits its lists itself */
	bool list = strpbrk(word->word, ", ");

	verdict_add(verdict, RULE_HOST_MISSING, word->word, NULL,
		    list ? "no computer of the domain has this name: repeat -n for each of several "
			   "names"
			 : "no computer of the domain has this name: correct the name, or find out "
			   "why the account is gone");
}

/* Words that name hosts: a plain one that nobody has is a missing host, a pattern that
 * matches nothing a slip of the pen. */
void judge_host_missing(struct verdict *verdict)
{
	const struct host_list *hosts = &verdict->snapshot->hosts;
	const struct selection *selection = &verdict->policy->selection;

	if (!selection->hosts)
		return;
	for (size_t i = 0; i < selection->host_word_count; i++) {
		const struct host_word *word = &selection->host_words[i];

		if (is_named(hosts, word->word) || text_list_has(&hosts->set_aside, word->word))
			continue;
		if (text_is_pattern(word->word))
			report_idle_pattern(verdict, word);
		else if (verdict_saw_all(verdict))
			report_missing(verdict, word);
	}
	for (size_t i = 0; i < selection->excluded.count; i++) {
		const char *word = selection->excluded.items[i];

		if (!text_list_has(&hosts->exclusions, word))
			verdict_add(verdict, RULE_UNREADABLE, word, "exclude",
				    "no Hyper-V host matches it: correct it or take it out");
	}
}

static bool has_delegation(const struct host *host)
{
	return host->unconstrained == TRUTH_YES || host->protocol_transition == TRUTH_YES ||
	       host->targets.count || host->rbcd_trustee_count;
}

static bool may_delegate_to(const struct domain *domain, const struct host *host,
			    const struct host *destination)
{
	/* what a mesh has, before the whole list is gone through */
	if (host_lists_service(host, SPN_CLASS_MIGRATION, destination->name) ||
	    host_lists_service(host, SPN_CLASS_CIFS, destination->name))
		return true;
	for (size_t i = 0; i < host->targets.count; i++) {
		if (host_owns_target(domain, destination, host->targets.items[i]))
			return true;
	}
	return false;
}

/* "hv01 and 2 other hosts": who else may delegate to host, the first by name; NULL where
 * nobody may. Owner: context. */
static char *name_delegators(const void *context, const struct snapshot *snapshot,
			     const struct host *host)
{
	const struct host *first = NULL;
	size_t others = 0;

	for (size_t i = 0; i < snapshot->hosts.count; i++) {
		const struct host *other = &snapshot->hosts.items[i];

		if (other == host || !may_delegate_to(snapshot->domain, other, host))
			continue;
		others += first != NULL;
		first = first ? first : other;
	}
	if (!first)
		return NULL;
	if (!others)
		return memory_text(context, first->name);
	return memory_format(context, "%s and %zu other host%s", first->name, others,
			     others == 1 ? "" : "s");
}

void judge_host_disabled(struct verdict *verdict)
{
	const struct snapshot *snapshot = verdict->snapshot;

	for (size_t i = 0; i < snapshot->hosts.count; i++) {
		const struct host *host = &snapshot->hosts.items[i];
		char *delegators;

		if (!host->judged || host->account.enabled != TRUTH_NO)
			continue;
		delegators = name_delegators(NULL, snapshot, host);
		if (delegators)
			verdict_add(verdict, RULE_HOST_DISABLED, host->name, NULL,
				    "the account is disabled, but %s may still delegate to it: "
				    "remove it from the delegation of all other hosts%s",
				    delegators, guess_note(host));
		else if (has_delegation(host))
			verdict_add(verdict, RULE_HOST_DISABLED, host->name, NULL,
				    "the account is disabled, but keeps delegation rights that "
				    "work again once it is enabled: remove them%s",
				    guess_note(host));
		talloc_free(delegators);
	}
}

void judge_no_hosts(struct verdict *verdict)
{
	if (verdict->policy->selection.hosts && !verdict->snapshot->hosts.count)
		verdict_add(verdict, RULE_NO_HOSTS, verdict->snapshot->domain->name, NULL,
			    "no Hyper-V host was found: this login sees no computer marked as one; "
			    "check what it may read, or name hosts with \"add\" in the policy");
}
