/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How to mend what is found of delegation targets. */
#include "report/fix.h"

#include "ad/spn.h"
#include "base/memory.h"
#include "policy/rules.h"
#include "report/quote.h"

void fix_target(struct fix *fix)
{
	struct text_list targets = {0};

	if (!fix->host)
		return;
	text_list_add(fix->context, &targets, fix->finding->object);
	fix_change_targets(fix, &fix->host->account, false, &targets);
}

/* Between hosts that no group holds, the policy may be what is wrong. */
void fix_unexpected_target(struct fix *fix)
{
	const struct host *named =
		fix->host ? target_lacks_group(fix->verdict, fix->host, fix->finding->object)
			  : NULL;

	if (named)
		fix_say(fix,
			"if machines migrate between %s and %s, do not remove it: name both in "
			"one group of the policy",
			quote_comment(fix->context, fix->host->name),
			quote_comment(fix->context, named->name));
	fix_target(fix);
}

/* Of a disabled host all its targets are meant, of another account the one. */
void fix_target_disabled(struct fix *fix)
{
	const struct snapshot *snapshot = fix->verdict->snapshot;
	const struct host *host = fix->host;
	const struct spn_slot *owners = domain_spn_owners(snapshot->domain, fix->finding->object);
	struct text_list targets;

	if (!host || !owners || !host_list_find_entry(&snapshot->hosts, owners->accounts[0])) {
		fix_target(fix);
		return;
	}
	targets = host_targets_owned_by(fix->context, snapshot->domain, &snapshot->hosts, host,
					owners->accounts[0]);
	fix_change_targets(fix, &host->account, false, &targets);
}

/* The SPN by which the owners of a target hold it: the target, or HOST/ for it. */
static const char *held_spn(const struct fix *fix, const char *target)
{
	const struct domain *domain = fix->verdict->snapshot->domain;
	const struct spn_slot *owners = domain_spn_owners(domain, target);
	const char *host_spn;

	if (!owners ||
	    entry_has_text(owners->accounts[0], ATTRIBUTE_SERVICE_PRINCIPAL_NAME, target))
		return target;
	host_spn = domain_host_spn(fix->context, domain, target);
	return host_spn ? host_spn : target;
}

void fix_show_owners(struct fix *fix)
{
	const char *spn = held_spn(fix, fix->finding->object);
	const char *filter = memory_format(fix->context, "(servicePrincipalName=%s)",
					   quote_filter(fix->context, spn));
	const char *base = fix->verdict->snapshot->domain->key;

	fix_run_windows(fix, "Get-ADObject -LDAPFilter %s -Properties servicePrincipalName",
			quote_powershell(fix->context, filter));
	fix_run_unix(fix, "ldapsearch %s -LLL -o ldif-wrap=no -b %s %s servicePrincipalName",
		     fix_ldap_options(fix), quote_shell(fix->context, base),
		     quote_shell(fix->context, filter));
}

/* Which account is to lose a name is for a human to say: the owners are shown. */
void fix_target_owner(struct fix *fix)
{
	fix_say(fix,
		"decide which of the accounts shown is to keep %s, and take it from the others "
		"with setspn -D",
		quote_comment(fix->context, held_spn(fix, fix->finding->object)));
	fix_show_owners(fix);
}

/* The name of a host may have to be registered rather than forgotten. */
void fix_target_unknown(struct fix *fix)
{
	const char *target = fix->finding->object;
	const struct host *named;
	struct spn spn;

	named = spn_parse(target, &spn)
			? host_list_find(&fix->verdict->snapshot->hosts, spn.name, spn.name_length)
			: NULL;
	if (!named) {
		fix_target(fix);
		return;
	}
	fix_say(fix,
		"%s bears the name of the host %s: register it there with setspn -S, or take it "
		"out of the delegation of %s",
		quote_comment(fix->context, target), quote_comment(fix->context, named->name),
		quote_comment(fix->context, fix->finding->subject));
}
