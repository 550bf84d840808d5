/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How to take one trustee out of msDS-AllowedToActOnBehalfOfOtherIdentity. All others
 * stay: what a tool can not write back is not written by it.
 */
#include "report/fix.h"

#include "ad/security_descriptor.h"
#include "base/memory.h"
#include "report/quote.h"

#include <string.h>

/* The trustee that the finding names; NULL where there is none, or several. */
static const struct trustee *find_trustee(const struct fix *fix, const struct host *host)
{
	const char *name = fix->finding->object;
	const struct trustee *found = NULL;

	for (size_t i = 0; i < host->rbcd_trustee_count; i++) {
		const struct trustee *trustee = trustee_index_find(fix->verdict->snapshot->trustees,
								   &host->rbcd_trustees[i]);

		if (!trustee || (strcmp(trustee->name, name) != 0 &&
				 !(fix->peer && trustee->entry == fix->peer->account.entry)))
			continue;
		if (found)
			return NULL;
		found = trustee;
	}
	return found;
}

static bool denies_somebody(const struct delegation_acl *acl)
{
	for (size_t i = 0; i < acl->ace_count; i++) {
		if (!acl->aces[i].allow)
			return true;
	}
	return false;
}

/* The other trustees as PowerShell lists them, "$null" for nobody; NULL where the cmdlet
 * would lose one, a denial or a condition. */
static const char *others(const struct fix *fix, const struct host *host,
			  const struct trustee *trustee)
{
	char *list = memory_text(fix->context, "");

	if (denies_somebody(&host->acl) || !host->rbcd_readable)
		return NULL;
	for (size_t i = 0; i < host->rbcd_trustee_count; i++) {
		const struct trustee *other = trustee_index_find(fix->verdict->snapshot->trustees,
								 &host->rbcd_trustees[i]);
		const char *identity;
		struct account account;

		if (other == trustee)
			continue;
		if (!other || !other->entry)
			return NULL;
		account_read(fix->context, other->entry, &account);
		identity = fix_identity(fix, &account);
		if (!identity)
			return NULL;
		list = memory_append(list, "%s%s", *list ? "," : "", identity);
	}
	return *list ? list : "$null";
}

/* The descriptor without the trustee, by value against value. */
static void change_descriptor(struct fix *fix, const struct host *host,
			      const struct trustee *trustee)
{
	const struct attribute_values *values =
		entry_values(host->account.entry, ATTRIBUTE_ALLOWED_TO_ACT);
	struct value after = {0};
	size_t left = 0;

	if (!values)
		return;
	if (!host->acl.everyone)
		after.bytes = delegation_acl_remove(fix->context, values->values[0].bytes,
						    values->values[0].size, &trustee->sid,
						    &after.size, &left);
	fix_change_entry(fix, host->account.entry,
			 fix_replace_value(fix->context, ATTRIBUTE_ALLOWED_TO_ACT,
					   &values->values[0], left ? &after : NULL));
}

static void change_by_samba_tool(struct fix *fix, const char *host, const char *trustee)
{
	fix_run_unix(fix, "samba-tool delegation del-principal %s %s %s", host, trustee,
		     fix_samba_options(fix));
}

void fix_rbcd_trustee(struct fix *fix)
{
	const struct host *host = fix->host;
	const struct trustee *trustee = host ? find_trustee(fix, host) : NULL;
	const char *identity, *rest, *host_name, *trustee_name = NULL;
	struct account account;

	if (!trustee) {
		fix_say(fix, "several entries of the descriptor bear that name: take out by SID "
			     "the one that is too many");
		return;
	}
	if (trustee->kind == TRUSTEE_GROUP)
		fix_say(fix, "or take out of the group %s whoever is no host that migrates here",
			quote_comment(fix->context, trustee->name));
	identity = fix_identity(fix, &host->account);
	rest = others(fix, host, trustee);
	if (identity && rest)
		fix_run_windows(fix,
				"Set-ADComputer -Identity %s "
				"-PrincipalsAllowedToDelegateToAccount %s",
				identity, rest);
	else
		fix_say(fix, "no cmdlet of Windows keeps all the other entries of this descriptor");
	fix_say_samba_refuses(fix);
	host_name = fix_samba_name(fix, &host->account);
	if (trustee->entry) {
		account_read(fix->context, trustee->entry, &account);
		trustee_name = fix_samba_name(fix, &account);
	}
	if (host_name && trustee_name)
		change_by_samba_tool(fix, host_name, trustee_name);
	else
		change_descriptor(fix, host, trustee);
}
