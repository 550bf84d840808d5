/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How to mend what is found of privileged accounts, operators and the krbtgt. */
#include "report/fix.h"

#include "ad/dn.h"
#include "ad/uac.h"
#include "model/protection.h"
#include "report/quote.h"

#include <string.h>

static const struct admin *find_admin(const struct fix *fix, const char *name)
{
	const struct admin_list *admins = &fix->verdict->snapshot->admins;

	for (size_t i = 0; i < admins->count; i++) {
		if (!strcmp(admins->items[i].name, name) &&
		    admins->items[i].protected != TRUTH_UNKNOWN)
			return &admins->items[i];
	}
	return NULL;
}

static const struct operator_account *find_operator(const struct fix *fix, const char *name)
{
	const struct operator_list *operators = &fix->verdict->snapshot->operators;

	for (size_t i = 0; i < operators->count; i++) {
		if (!strcmp(operators->items[i].account.name, name))
			return &operators->items[i];
	}
	return NULL;
}

static void say_both(struct fix *fix, const char *name)
{
	fix_say(fix,
		"%s is an administrator, who must not be delegable, and an operator, who must be: "
		"give one of the two tasks to another account",
		quote_comment(fix->context, name));
}

void fix_admin_unprotected(struct fix *fix)
{
	const char *name = fix->finding->subject;
	const struct admin *admin = find_admin(fix, name);
	const struct entry *entry =
		admin ? directory_find(fix->verdict->snapshot->directory, admin->dn) : NULL;
	struct account account = {0};

	if (find_operator(fix, name)) {
		say_both(fix, name);
		return;
	}
	if (entry)
		account_read(fix->context, entry, &account);
	if (account.has_uac)
		fix_set_flags(fix, &account, UAC_NOT_DELEGATED, true);
	else
		fix_say(fix, "mark %s as sensitive in its own domain",
			quote_comment(fix->context, name));
}

static bool lists_member(const struct fix *fix, const struct entry *group,
			 const struct entry *member, const struct value **value)
{
	const struct attribute_values *values = entry_values(group, ATTRIBUTE_MEMBER);

	for (size_t i = 0; values && i < values->count; i++) {
		if (strcmp(dn_key(fix->context, values->values[i].bytes), member->key) != 0)
			continue;
		*value = &values->values[i];
		return true;
	}
	return false;
}

/* Takes an account out of Protected Users, where it is a member itself and not by way of
 * another group. */
static void leave_protected_users(struct fix *fix, const struct account *account)
{
	const struct domain *domain = fix->verdict->snapshot->domain;
	const struct entry *group = domain_find_rid(domain, RID_PROTECTED_USERS);
	const char *member = fix_identity(fix, account);
	struct account group_account;
	const struct value *value;

	if (!group || !lists_member(fix, group, account->entry, &value)) {
		fix_say(fix,
			"%s is in Protected Users by way of another group: decide which of "
			"the two memberships is to end",
			quote_comment(fix->context, account->name));
		return;
	}
	account_read(fix->context, group, &group_account);
	if (member)
		fix_run_windows(fix,
				"Remove-ADGroupMember -Identity %s -Members %s -Confirm:$false",
				fix_identity(fix, &group_account), member);
	fix_change_entry(fix, group,
			 fix_replace_value(fix->context, ATTRIBUTE_MEMBER, value, NULL));
}

void fix_operator_not_delegable(struct fix *fix)
{
	const char *name = fix->finding->subject;
	const struct admin *admin = find_admin(fix, name);
	const struct operator_account *found = find_operator(fix, name);
	struct account bare;

	if (admin && !admin->exempt) {
		say_both(fix, name);
		return;
	}
	if (!found)
		return;
	if (found->account.not_delegated == TRUTH_YES)
		fix_set_flags(fix, &found->account, UAC_NOT_DELEGATED, false);
	bare = found->account;
	bare.not_delegated = TRUTH_NO;
	if (found->protected_users == TRUTH_YES &&
	    protection_of(fix->verdict->snapshot->domain, &bare, TRUTH_YES) != TRUTH_NO)
		leave_protected_users(fix, &found->account);
}

void fix_krbtgt_not_delegable(struct fix *fix)
{
	const struct account *krbtgt = &fix->verdict->snapshot->krbtgt;

	if (krbtgt->entry)
		fix_set_flags(fix, krbtgt, UAC_NOT_DELEGATED, false);
}
