/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How to mend what is found of hosts themselves. */
#include "report/fix.h"

#include "ad/uac.h"
#include "base/memory.h"
#include "report/quote.h"

/* How many pairs are ready by nothing but the source's being unconstrained. */
static size_t count_pairs_by_it(const struct fix *fix, const struct host *source)
{
	const struct pair_list *pairs = &fix->verdict->pairs;
	size_t count = 0;

	for (size_t i = 0; i < pairs->count; i++)
		count += pairs->items[i].source == source &&
			 pairs->items[i].readiness.by == WAY_UNCONSTRAINED;
	return count;
}

/* What migrates by this right has to be given another way first. Without a group in the policy
 * nobody knows which pairs there are. */
static void say_what_migrates(struct fix *fix, const struct host *host)
{
	size_t count = count_pairs_by_it(fix, host);

	if (count)
		fix_say(fix,
			"first let it delegate to its peers, by any authentication protocol: %zu "
			"of its pairs can migrate by this right alone, and fail without it",
			count);
	else if (!fix->verdict->policy->group_count && host->unconstrained == TRUTH_YES &&
		 !host->targets.count && !host_is_2025_or_later(host))
		fix_say(fix, "if machines migrate away from it, see first that it may delegate to "
			     "its peers by any authentication protocol: it lists no target");
}

void fix_unconstrained_delegation(struct fix *fix)
{
	if (!fix->host)
		return;
	say_what_migrates(fix, fix->host);
	fix_set_flags(fix, &fix->host->account, UAC_TRUSTED_FOR_DELEGATION, false);
}

void fix_protocol_transition(struct fix *fix)
{
	if (fix->host)
		fix_set_flags(fix, &fix->host->account, UAC_TRUSTED_TO_AUTH_FOR_DELEGATION,
			      fix->finding->rule == RULE_PROTOCOL_TRANSITION_MISSING);
}

void fix_host_missing(struct fix *fix)
{
	fix_say(fix,
		"correct the name %s in the policy or the command line, or let the login of "
		"this check read that computer",
		quote_comment(fix->context, fix->finding->subject));
}

/* Takes host out of the delegation of all others. */
static void remove_from_others(struct fix *fix, const struct host *host)
{
	const struct snapshot *snapshot = fix->verdict->snapshot;

	for (size_t i = 0; i < snapshot->hosts.count; i++) {
		const struct host *other = &snapshot->hosts.items[i];
		struct text_list targets = {0};

		for (size_t k = 0; other != host && k < other->targets.count; k++) {
			if (host_owns_target(snapshot->domain, host, other->targets.items[k]))
				text_list_add(fix->context, &targets, other->targets.items[k]);
		}
		fix_change_targets(fix, &other->account, false, &targets);
	}
}

/* Takes a whole list from a host. */
static void clear_list(struct fix *fix, const struct host *host, enum attribute attribute)
{
	const char *identity = fix_identity(fix, &host->account);
	const char *name = attribute_name(attribute);

	if (!entry_values(host->account.entry, attribute))
		return;
	if (identity)
		fix_run_windows(fix, "Set-ADComputer -Identity %s -Clear '%s'", identity, name);
	fix_change_entry(fix, host->account.entry,
			 memory_format(fix->context, "delete: %s\n-\n", name));
}

void fix_host_disabled(struct fix *fix)
{
	const struct host *host = fix->host;

	if (!host)
		return;
	fix_say(fix, "if %s is to come back, enable it instead",
		quote_comment(fix->context, host->name));
	fix->in_one = true;
	remove_from_others(fix, host);
	clear_list(fix, host, ATTRIBUTE_ALLOWED_TO_DELEGATE_TO);
	fix_set_flags(fix, &host->account,
		      host->account.uac &
			      (UAC_TRUSTED_FOR_DELEGATION | UAC_TRUSTED_TO_AUTH_FOR_DELEGATION),
		      false);
	if (!entry_values(host->account.entry, ATTRIBUTE_ALLOWED_TO_ACT))
		return;
	fix_end_ldapmodify(fix);
	fix_say_samba_refuses(fix);
	clear_list(fix, host, ATTRIBUTE_ALLOWED_TO_ACT);
}
