/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/server_value.h"

#include "ad/security_descriptor.h"
#include "ad/uac.h"
#include "base/memory.h"
#include "model/account.h"

enum form {
	FORM_UNUSED,
	FORM_FLAGS,      /* userAccountControl */
	FORM_TEXT,       /* one value */
	FORM_LIST,       /* values in no order */
	FORM_MEMBERS,    /* the same, of DNs */
	FORM_DESCRIPTOR, /* whom it grants delegation */
};

static const enum form forms[ATTRIBUTE_COUNT] = {
	[ATTRIBUTE_SAM_ACCOUNT_NAME] = FORM_TEXT,
	[ATTRIBUTE_USER_ACCOUNT_CONTROL] = FORM_FLAGS,
	[ATTRIBUTE_PRIMARY_GROUP_ID] = FORM_TEXT,
	[ATTRIBUTE_GROUP_TYPE] = FORM_TEXT,
	[ATTRIBUTE_MEMBER] = FORM_MEMBERS,
	[ATTRIBUTE_DNS_HOST_NAME] = FORM_TEXT,
	[ATTRIBUTE_SERVICE_PRINCIPAL_NAME] = FORM_LIST,
	[ATTRIBUTE_ALLOWED_TO_DELEGATE_TO] = FORM_LIST,
	[ATTRIBUTE_ALLOWED_TO_ACT] = FORM_DESCRIPTOR,
	[ATTRIBUTE_OPERATING_SYSTEM_VERSION] = FORM_TEXT,
	[ATTRIBUTE_BEHAVIOR_VERSION] = FORM_TEXT,
	[ATTRIBUTE_SPN_MAPPINGS] = FORM_LIST,
};

bool server_value_is_used(enum attribute attribute)
{
	return forms[attribute] != FORM_UNUSED;
}

bool server_value_is_list(enum attribute attribute)
{
	return forms[attribute] == FORM_LIST || forms[attribute] == FORM_MEMBERS ||
	       forms[attribute] == FORM_DESCRIPTOR;
}

/* The bits that a rule looks at, and nothing of passwords and lock-outs. */
static void add_flags(const void *context, const struct entry *entry, struct text_list *items)
{
	static const struct {
		uint32_t bit;
		const char *set, *clear; /* clear: or NULL */
	} flags[] = {
		{UAC_ACCOUNTDISABLE, "disabled", "enabled"},
		{UAC_TRUSTED_FOR_DELEGATION, "unconstrained delegation", NULL},
		{UAC_TRUSTED_TO_AUTH_FOR_DELEGATION, "any authentication protocol", NULL},
		{UAC_NOT_DELEGATED, "sensitive and cannot be delegated", NULL},
		{UAC_SERVER_TRUST_ACCOUNT, "a domain controller", NULL},
		{UAC_PARTIAL_SECRETS_ACCOUNT, "a read-only domain controller", NULL},
	};
	uint32_t uac;

	if (entry_uint32(entry, ATTRIBUTE_USER_ACCOUNT_CONTROL, &uac) != READING_OK) {
		if (entry_values(entry, ATTRIBUTE_USER_ACCOUNT_CONTROL))
			text_list_add(context, items, "not decodable");
		return;
	}
	for (size_t i = 0; i < countof(flags); i++) {
		const char *word = uac & flags[i].bit ? flags[i].set : flags[i].clear;

		if (word)
			text_list_add(context, items, word);
	}
}

/* The entries that count, in their order, which decides. */
static void add_descriptor(const void *context, const struct value *value, struct text_list *items)
{
	char text[SID_TEXT_SIZE];
	struct delegation_acl acl;

	if (!delegation_acl_parse(context, value->bytes, value->size, &acl) || acl.undecidable) {
		text_list_add(context, items, "a descriptor that can not be judged");
		return;
	}
	if (acl.everyone)
		text_list_add(context, items, "the grant to S-1-1-0 (no DACL)");
	for (size_t i = 0; i < acl.ace_count; i++)
		text_list_add(context, items,
			      memory_format(context, "the %s %s",
					    acl.aces[i].allow ? "grant to" : "denial of",
					    sid_format(&acl.aces[i].trustee, text)));
}

/* A member as all controllers call it; NULL where it is found missing itself, at one of
 * them. */
static const char *member_name(const void *context, const struct census *census, const char *dn)
{
	const struct census_row *row = census_find_dn(census, dn);
	const struct entry *first = NULL;
	struct account account;

	for (size_t i = 0; row && i < census->directory_count; i++) {
		if (!row->entries[i])
			return NULL;
		if (!first)
			first = row->entries[i];
	}
	if (!first)
		return dn;
	account_read(context, first, &account);
	return account.name;
}

static void add_values(const void *context, const struct census *census,
		       const struct attribute_values *values, struct text_list *items)
{
	for (size_t i = 0; i < values->count; i++) {
		const char *text = values->values[i].bytes;

		switch (forms[values->attribute]) {
		case FORM_DESCRIPTOR: add_descriptor(context, &values->values[i], items); continue;
		case FORM_MEMBERS: text = member_name(context, census, text); break;
		case FORM_UNUSED:
		case FORM_FLAGS:
		case FORM_TEXT:
		case FORM_LIST: break;
		}
		if (text)
			text_list_add(context, items, text_utf8(context, text));
	}
	if (forms[values->attribute] != FORM_DESCRIPTOR)
		text_list_sort(items);
}

struct server_value server_value_read(const void *context, const struct census *census,
				      const struct entry *entry, enum attribute attribute)
{
	const struct attribute_values *values = entry ? entry_values(entry, attribute) : NULL;
	/* of a list that was cut short a gap tells */
	struct server_value value = {
		.known = entry && (!values || entry_values_complete(values)),
	};

	if (!value.known)
		return value;
	if (forms[attribute] == FORM_FLAGS)
		add_flags(context, entry, &value.items);
	else if (values)
		add_values(context, census, values, &value.items);
	return value;
}

bool server_value_agrees(const struct server_value *a, const struct server_value *b)
{
	if (!a->known || !b->known)
		return true;
	if (a->items.count != b->items.count)
		return false;
	for (size_t i = 0; i < a->items.count; i++) {
		if (!text_equal(a->items.items[i], b->items.items[i]))
			return false;
	}
	return true;
}
