/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kinds of change that mend findings, each for PowerShell and for a Unix shell. */
#include "report/fix.h"

#include "ad/uac.h"
#include "base/memory.h"
#include "report/quote.h"

#include <inttypes.h>
#include <string.h>

/* How each tool calls a bit of userAccountControl. */
static const struct flag_words {
	uint32_t bit;
	const char *parameter;  /* of Set-ADAccountControl */
	const char *subcommand; /* of samba-tool */
} flags[] = {
	{UAC_TRUSTED_FOR_DELEGATION, "TrustedForDelegation", "delegation for-any-service"},
	{UAC_TRUSTED_TO_AUTH_FOR_DELEGATION, "TrustedToAuthForDelegation",
	 "delegation for-any-protocol"},
	{UAC_NOT_DELEGATED, "AccountNotDelegated", "user sensitive"},
};

void fix_change_entry(struct fix *fix, const struct entry *entry, const char *changes)
{
	char *dn = quote_ldif(fix->context, "dn", entry->dn, strlen(entry->dn));

	fix->ldif = memory_format(fix->context, "%s%s%schangetype: modify\n%s",
				  fix->ldif ? fix->ldif : "", fix->ldif ? "\n" : "", dn, changes);
}

char *fix_replace_value(const void *context, enum attribute attribute, const struct value *before,
			const struct value *after)
{
	const char *name = attribute_name(attribute);
	char *lines = memory_format(context, "delete: %s\n%s-\n", name,
				    quote_ldif(context, name, before->bytes, before->size));

	if (!after)
		return lines;
	return memory_format(context, "%sadd: %s\n%s-\n", lines, name,
			     quote_ldif(context, name, after->bytes, after->size));
}

/* LDAP has no operation on bits: the old value makes way for the whole new one, and both
 * fail where it is another by now. */
static void change_uac(struct fix *fix, const struct account *account, uint32_t bits, bool on)
{
	const struct attribute_values *values =
		entry_values(account->entry, ATTRIBUTE_USER_ACCOUNT_CONTROL);
	uint32_t uac = on ? account->uac | bits : account->uac & ~bits;
	char *text = memory_format(fix->context, "%" PRId32, (int32_t)uac);
	struct value after = {.bytes = text, .size = strlen(text)};

	fix_change_entry(fix, account->entry,
			 fix_replace_value(fix->context, ATTRIBUTE_USER_ACCOUNT_CONTROL,
					   &values->values[0], &after));
}

void fix_set_flags(struct fix *fix, const struct account *account, uint32_t bits, bool on)
{
	const char *identity = fix_identity(fix, account);
	const char *name = fix->in_one ? NULL : fix_samba_name(fix, account);
	char *parameters = memory_text(fix->context, "");

	if (!account->has_uac || !bits)
		return;
	for (size_t i = 0; i < countof(flags); i++) {
		if (!(bits & flags[i].bit))
			continue;
		parameters = memory_append(parameters, " -%s %s", flags[i].parameter,
					   on ? "$true" : "$false");
		if (name)
			fix_run_unix(fix, "samba-tool %s %s %s %s", flags[i].subcommand, name,
				     on ? "on" : "off", fix_samba_options(fix));
	}
	if (identity)
		fix_run_windows(fix, "Set-ADAccountControl -Identity %s%s", identity, parameters);
	if (!name)
		change_uac(fix, account, bits, on);
}

/* The values as PowerShell lists them; NULL where one of them can not be said. */
static const char *powershell_list(const struct fix *fix, const struct text_list *texts)
{
	char *list = memory_text(fix->context, "");

	for (size_t i = 0; i < texts->count; i++) {
		const char *value = quote_powershell(fix->context, texts->items[i]);

		if (!value)
			return NULL;
		list = memory_append(list, "%s%s", i ? "," : "", value);
	}
	return list;
}

/* One target by samba-tool; false where it can not be told. */
static bool change_by_samba_tool(struct fix *fix, const struct account *account, bool add,
				 const char *target)
{
	const char *name = fix_samba_name(fix, account);

	if (!name || fix->in_one || !quote_is_plain_argument(target))
		return false;
	fix_run_unix(fix, "samba-tool delegation %s-service %s %s %s", add ? "add" : "del", name,
		     quote_shell(fix->context, target), fix_samba_options(fix));
	return true;
}

void fix_change_targets(struct fix *fix, const struct account *account, bool add,
			const struct text_list *targets)
{
	const char *attribute = attribute_name(ATTRIBUTE_ALLOWED_TO_DELEGATE_TO);
	const char *identity = fix_identity(fix, account);
	const char *values = powershell_list(fix, targets);
	char *lines = memory_format(fix->context, "%s: %s\n", add ? "add" : "delete", attribute);
	bool by_ldif = false;

	if (!targets->count)
		return;
	if (identity && values)
		fix_run_windows(fix, "Set-ADComputer -Identity %s -%s @{'%s'=%s}", identity,
				add ? "Add" : "Remove", attribute, values);
	for (size_t i = 0; i < targets->count; i++) {
		const char *target = targets->items[i];

		if (change_by_samba_tool(fix, account, add, target))
			continue;
		lines = memory_append(lines, "%s",
				      quote_ldif(fix->context, attribute, target, strlen(target)));
		by_ldif = true;
	}
	if (by_ldif)
		fix_change_entry(fix, account->entry, memory_format(fix->context, "%s-\n", lines));
}
