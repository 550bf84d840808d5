/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/kdc_control.h"

#include "base/memory.h"
#include "model/membership.h"

#include <stdlib.h>

/* An account or two may be expired or locked; then another one is asked for. */
enum { MOST_CONTROLS = 3 };

/* The account of the login, or NULL: by its name, or as the only one that was found. */
static const struct entry *find_own(const struct kdc_login *login, const struct directory *own)
{
	const struct entry *only = NULL;
	const char *name;
	size_t count = 0;

	for (const struct entry *entry = own->entries; entry; entry = entry->hh.next) {
		if (entry_text(entry, ATTRIBUTE_SAM_ACCOUNT_NAME, &name) == READING_OK &&
		    text_equal(name, login->account))
			return entry;
		only = entry;
		count++;
	}
	return count == 1 ? only : NULL;
}

struct text_list kdc_control_obstacles(const void *context, const struct kdc_login *login,
				       const struct directory *own)
{
	const struct entry *entry = find_own(login, own);
	struct account account = {0};
	struct text_list obstacles = {0};

	if (entry)
		account_read(context, entry, &account);
	if (!login->forwardable)
		text_list_add(
			context, &obstacles,
			memory_format(context,
				      account.not_delegated == TRUTH_YES
					      ? "the ticket of %s is not forwardable, for that "
						"account is marked as sensitive itself"
					      : "the ticket of %s is not forwardable (kinit -f "
						"makes a cache that is; the account must not be in "
						"Protected Users)",
				      login->principal));
	if (!entry)
		return obstacles;
	if (!entry_values(entry, ATTRIBUTE_SERVICE_PRINCIPAL_NAME) &&
	    !entry_has_text(entry, ATTRIBUTE_OBJECT_CLASS, "computer"))
		text_list_add(
			context, &obstacles,
			memory_format(context,
				      "%s has no service principal name, which the KDC wants "
				      "of who asks in the name of others (setspn -S adds one)",
				      account.name));
	if (entry_values(entry, ATTRIBUTE_ALLOWED_TO_DELEGATE_TO))
		text_list_add(context, &obstacles,
			      memory_format(context,
					    "%s has delegation targets of its own, which it must "
					    "not have for this (nor for anything else)",
					    account.name));
	return obstacles;
}

/* The keys of all members of Protected Users. Owner: context. */
static struct text_list protected_keys(const void *context, const struct domain *domain)
{
	const struct entry *group = domain_find_rid(domain, RID_PROTECTED_USERS);
	const struct membership *membership;
	struct text_list keys = {0};

	if (!group)
		return keys;
	membership = membership_walk(context, domain, group, MEMBERSHIP_SECURITY_GROUPS, NULL);
	for (size_t i = 0; i < membership->accounts.count; i++)
		text_list_add(context, &keys, membership->accounts.items[i]->key);
	text_list_sort(&keys);
	return keys;
}

static bool is_admin(const struct snapshot *snapshot, const struct account *account)
{
	const struct admin_list *admins = &snapshot->admins;

	for (size_t i = 0; i < admins->count; i++) {
		if (admins->items[i].has_sid && sid_equal(&admins->items[i].sid, &account->sid))
			return true;
	}
	return false;
}

/* Why the KDC may rightly refuse to let that account be delegated; NULL: nothing known. */
static const char *objection(const struct account *account, const struct text_list *keys)
{
	if (account->enabled == TRUTH_NO)
		return "it is disabled";
	if (account->not_delegated == TRUTH_YES)
		return "it is marked as sensitive itself";
	return text_list_has_sorted(keys, account->entry->key) ? "it is in Protected Users itself"
							       : NULL;
}

static bool is_ordinary(const struct snapshot *snapshot, const struct kdc_login *login,
			const struct account *account)
{
	return account->has_sid && account->enabled == TRUTH_YES &&
	       account->not_delegated == TRUTH_NO && !is_admin(snapshot, account) &&
	       !text_equal(account->name, login->account);
}

static int compare_names(const void *a, const void *b)
{
	const struct kdc_question *left = a, *right = b;

	return text_compare(left->name, right->name);
}

/* Why no control account came of what was read. */
static const char *describe_lack(const void *context, const char *named,
				 const struct directory *controls)
{
	if (controls->gap_count)
		return memory_format(context, "no control account could be read: %s",
				     controls->gaps[0].detail);
	if (named)
		return memory_format(context, "no account has the name %s (--kdc-control)", named);
	return "no ordinary enabled account was found that could serve as control "
	       "(--kdc-control names one)";
}

struct kdc_question *kdc_control_questions(const void *context, const struct snapshot *snapshot,
					   const char *named, const struct kdc_login *login,
					   const struct directory *controls, size_t *count,
					   const char **lack)
{
	struct text_list keys = protected_keys(context, snapshot->domain);
	struct kdc_question *questions = NULL;

	*count = 0;
	for (const struct entry *entry = controls->entries; entry; entry = entry->hh.next) {
		struct kdc_question question = {.kind = KDC_CONTROL, .outcome = KDC_UNANSWERED};
		struct account account;

		if (entry_text(entry, ATTRIBUTE_SAM_ACCOUNT_NAME, &question.name) != READING_OK ||
		    account_class(entry) != ACCOUNT_PLAIN)
			continue;
		account_read(context, entry, &account);
		question.words = objection(&account, &keys);
		if (!named && (question.words || !is_ordinary(snapshot, login, &account)))
			continue;
		*memory_add(context, questions, *count) = question;
	}
	if (!questions)
		*lack = describe_lack(context, named, controls);
	else
		qsort(questions, *count, sizeof *questions, compare_names);
	if (*count > MOST_CONTROLS)
		*count = MOST_CONTROLS;
	return questions;
}
