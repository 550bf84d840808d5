/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What one entry is and what its common attributes say, for hosts, admins and the
 * krbtgt alike; and the list of facts that could not be read.
 */
#ifndef MODEL_ACCOUNT_H
#define MODEL_ACCOUNT_H

#include "ad/entry.h"
#include "base/truth.h"

enum account_class {
	ACCOUNT_PLAIN, /* user, computer, managed service account, or of unknown class */
	ACCOUNT_GROUP,
	ACCOUNT_CONTACT,
	ACCOUNT_FOREIGN, /* foreignSecurityPrincipal: stands for a SID of elsewhere */
};

/* The common facts of an account. */
struct account {
	const struct entry *entry;
	const char *name; /* sAMAccountName; its SID where it has none; else its DN */
	bool has_sid;
	struct sid sid;
	bool has_uac;
	uint32_t uac; /* userAccountControl, where has_uac */
	enum truth enabled;
	enum truth not_delegated;
};

/* A fact that a rule needs and that could not be read; becomes a finding. */
struct unreadable {
	const char *subject;
	const char *object; /* LDAP's name of the attribute; of a word of the policy, its key */
	const char *detail; /* one sentence */
};

struct unreadable_list {
	struct unreadable *items;
	size_t count;
};

/* Appends; subject and detail are copied, object is not. Owner: context. */
void unreadable_add(const void *context, struct unreadable_list *list, const char *subject,
		    const char *object, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/* Adds that the account or group domain-rid, which every domain has, is not there. */
void unreadable_add_sid(const void *context, struct unreadable_list *list, const struct sid *domain,
			uint32_t rid);

/* The class of an entry by its objectClass, and by what only a group has. */
enum account_class account_class(const struct entry *entry);

/*
 * Whether word means the account: its sAMAccountName, with or without a final $, a shell
 * pattern of it, or its SID as text. sid may be NULL where it is not known.
 */
bool account_is_named(const char *name, const struct sid *sid, const char *word);

/* The same, but a word without a final $ does not mean the account of a computer. */
bool account_is_named_exactly(const char *name, const struct sid *sid, const char *word);

/* Reads the common facts. Owner of the texts: context. */
void account_read(const void *context, const struct entry *entry, struct account *account);

/*
 * Whether the entry found in the place of a group is one. Where it is not, its class or its
 * members are hidden, which is added to unreadable, whose texts context owns.
 */
bool account_confirm_group(const void *context, const struct entry *entry,
			   struct unreadable_list *unreadable);

/* Adds what account_read found missing or broken, with name as the subject. */
void account_report(const void *context, const struct account *account, const char *name,
		    struct unreadable_list *unreadable);

#endif
