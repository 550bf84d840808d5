/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/account.h"

#include "ad/uac.h"
#include "base/memory.h"
#include "base/text.h"

#include <stdarg.h>
#include <string.h>

void unreadable_add(const void *context, struct unreadable_list *list, const char *subject,
		    const char *object, const char *format, ...)
{
	va_list arguments;
	char *detail;

	va_start(arguments, format);
	detail = memory_check(talloc_vasprintf(context, format, arguments));
	va_end(arguments);
	*memory_add(context, list->items, list->count) = (struct unreadable){
		.subject = memory_text(context, subject),
		.object = object,
		.detail = detail,
	};
}

void unreadable_add_sid(const void *context, struct unreadable_list *list, const struct sid *domain,
			uint32_t rid)
{
	struct sid sid = sid_of_domain(domain, rid);
	char text[SID_TEXT_SIZE];

	unreadable_add(context, list, sid_format(&sid, text), "objectSid",
		       "every domain has this account or group, but it can not be read: check what "
		       "the login may read, or export the whole domain");
}

enum account_class account_class(const struct entry *entry)
{
	bool can_log_on = entry_values(entry, ATTRIBUTE_USER_ACCOUNT_CONTROL);

	if (entry_has_text(entry, ATTRIBUTE_OBJECT_CLASS, "foreignSecurityPrincipal") &&
	    !can_log_on)
		return ACCOUNT_FOREIGN;
	/* whatever the class says, what has a SID or can log on is no contact */
	if (entry_has_text(entry, ATTRIBUTE_OBJECT_CLASS, "contact") && !can_log_on &&
	    !entry_values(entry, ATTRIBUTE_OBJECT_SID))
		return ACCOUNT_CONTACT;
	if (entry_has_text(entry, ATTRIBUTE_OBJECT_CLASS, "group") ||
	    entry_values(entry, ATTRIBUTE_GROUP_TYPE) || entry_values(entry, ATTRIBUTE_MEMBER))
		return ACCOUNT_GROUP;
	return ACCOUNT_PLAIN;
}

bool account_is_named_exactly(const char *name, const struct sid *sid, const char *word)
{
	struct sid named;

	if (sid_parse_text(word, &named))
		return sid && sid_equal(sid, &named);
	return text_matches(word, name);
}

bool account_is_named(const char *name, const struct sid *sid, const char *word)
{
	size_t length = strlen(name);
	char *bare;
	bool matches;

	if (account_is_named_exactly(name, sid, word))
		return true;
	if (!length || name[length - 1] != '$')
		return false;
	bare = memory_check(talloc_strndup(NULL, name, length - 1));
	matches = text_matches(word, bare);
	talloc_free(bare);
	return matches;
}

void account_read(const void *context, const struct entry *entry, struct account *account)
{
	char sid[SID_TEXT_SIZE];

	*account = (struct account){.entry = entry};
	account->has_sid = entry_sid(entry, ATTRIBUTE_OBJECT_SID, &account->sid) == READING_OK;
	if (entry_text(entry, ATTRIBUTE_SAM_ACCOUNT_NAME, &account->name) != READING_OK)
		account->name = account->has_sid
					? memory_text(context, sid_format(&account->sid, sid))
					: entry->dn;
	/* no flag is as high as the sign */
	account->has_uac =
		entry_uint32(entry, ATTRIBUTE_USER_ACCOUNT_CONTROL, &account->uac) == READING_OK &&
		account->uac <= INT32_MAX;
	if (account->has_uac) {
		account->enabled = truth_of(!(account->uac & UAC_ACCOUNTDISABLE));
		account->not_delegated = truth_of(account->uac & UAC_NOT_DELEGATED);
	}
}

bool account_confirm_group(const void *context, const struct entry *entry,
			   struct unreadable_list *unreadable)
{
	struct account account;

	if (account_class(entry) == ACCOUNT_GROUP)
		return true;
	account_read(context, entry, &account);
	unreadable_add(context, unreadable, account.name, "objectClass",
		       "the directory does not show that this is a group, so its members may be "
		       "hidden too: let the login read it");
	return false;
}

void account_report(const void *context, const struct account *account, const char *name,
		    struct unreadable_list *unreadable)
{
	const struct entry *entry = account->entry;
	const struct attribute_values *classes = entry_values(entry, ATTRIBUTE_OBJECT_CLASS);
	const char *text;

	if (entry_text(entry, ATTRIBUTE_SAM_ACCOUNT_NAME, &text) != READING_OK)
		unreadable_add(context, unreadable, name, "sAMAccountName",
			       "the account name can not be read (%s): let the login read it",
			       entry->dn);
	if (!account->has_sid)
		unreadable_add(context, unreadable, name, "objectSid",
			       "the SID can not be read, so group membership and rights by SID "
			       "can not be told: let the login read it");
	if (!classes || !entry_values_complete(classes))
		unreadable_add(context, unreadable, name, "objectClass",
			       "the class can not be read, so it may be a group whose members are "
			       "not seen: let the login read it");
	if (account->has_uac)
		return;
	if (entry_values(entry, ATTRIBUTE_USER_ACCOUNT_CONTROL))
		unreadable_add(context, unreadable, name, "userAccountControl",
			       "the value can not be decoded, so whether the account is enabled "
			       "and may be delegated can not be told");
	else
		unreadable_add(context, unreadable, name, "userAccountControl",
			       "the directory does not show it to this login, so whether the "
			       "account is enabled and may be delegated can not be told: let the "
			       "login read Account Restrictions");
}
