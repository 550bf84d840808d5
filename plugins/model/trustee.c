/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/trustee.h"

#include "ad/uac.h"
#include "base/memory.h"

#include <string.h>

static int trustee_index_destroy(struct trustee_index *index)
{
	HASH_CLEAR(hh, index->trustees);
	return 0;
}

struct trustee_index *trustee_index_new(const void *context, const struct domain *domain)
{
	struct trustee_index *index = memory_new(context, struct trustee_index);

	index->domain = domain;
	talloc_set_destructor(index, trustee_index_destroy);
	return index;
}

const struct trustee *trustee_index_find(const struct trustee_index *index, const struct sid *sid)
{
	uint8_t binary[SID_BINARY_MAX];
	unsigned size = (unsigned)sid_format_binary(sid, binary);
	struct trustee *trustee;

	HASH_FIND(hh, index->trustees, binary, size, trustee);
	return trustee;
}

/* Everyone, and Authenticated Users, to which every computer belongs. */
static bool is_everyone(const struct sid *sid)
{
	return sid->sub_authority_count == 1 &&
	       ((sid->authority == 1 && sid->sub_authorities[0] == 0) ||
		(sid->authority == 5 && sid->sub_authorities[0] == 11));
}

enum trustee_kind trustee_kind(const struct domain *domain, const struct sid *sid,
			       const struct entry **entry)
{
	*entry = NULL;
	if (is_everyone(sid))
		return TRUSTEE_EVERYONE;
	*entry = domain_find_sid(domain, sid);
	if (*entry && account_class(*entry) == ACCOUNT_FOREIGN)
		*entry = NULL;
	if (*entry)
		return account_class(*entry) == ACCOUNT_GROUP ? TRUSTEE_GROUP : TRUSTEE_ACCOUNT;
	if (domain->has_sid && sid_in_domain(sid, &domain->sid, NULL))
		return TRUSTEE_ORPHAN;
	return sid_is_of_some_domain(sid) ? TRUSTEE_FOREIGN : TRUSTEE_OTHER;
}

/* Whether the group stands in the tokens of its members: a distribution group does not. */
static enum truth is_in_tokens(const struct trustee *trustee, const void *context,
			       struct unreadable_list *unreadable)
{
	uint32_t type;

	if (entry_uint32(trustee->entry, ATTRIBUTE_GROUP_TYPE, &type) == READING_OK)
		return truth_of(type & GROUP_TYPE_SECURITY_ENABLED);
	if (unreadable)
		unreadable_add(
			context, unreadable, trustee->name, "groupType",
			"whether the group is a security group can not be told, so "
			"neither can whether its members may delegate: let the login read it");
	return TRUTH_UNKNOWN;
}

void trustee_index_add(struct trustee_index *index, const struct sid *sid, const void *context,
		       struct unreadable_list *unreadable)
{
	struct membership *membership;
	struct trustee *trustee;
	struct account account;
	char text[SID_TEXT_SIZE];
	unsigned size;

	if (trustee_index_find(index, sid))
		return;
	trustee = memory_new(index, struct trustee);
	trustee->sid = *sid;
	size = (unsigned)sid_format_binary(sid, trustee->binary);
	trustee->kind = trustee_kind(index->domain, sid, &trustee->entry);
	if (trustee->entry) {
		account_read(index, trustee->entry, &account);
		trustee->name = account.name;
	} else {
		trustee->name = memory_text(index, sid_format(sid, text));
	}
	if (trustee->kind == TRUSTEE_GROUP) {
		membership = membership_walk(context, index->domain, trustee->entry,
					     MEMBERSHIP_SECURITY_GROUPS, unreadable);
		if (unreadable)
			membership_report_unresolved(context, membership, unreadable);
		trustee->membership = membership;
		trustee->in_tokens = is_in_tokens(trustee, context, unreadable);
	}
	HASH_ADD(hh, index->trustees, binary, size, trustee);
}

/* Whether a member that stands for a SID of elsewhere covers every host, or may cover one
 * as a group of another domain. */
static enum truth foreign_covers(const struct entry *entry)
{
	struct sid sid;

	if (!membership_sid(entry, &sid))
		return TRUTH_UNKNOWN;
	if (is_everyone(&sid))
		return TRUTH_YES;
	return sid_is_of_some_domain(&sid) ? TRUTH_UNKNOWN : TRUTH_NO;
}

static enum truth holds(const struct membership *membership, const struct account *account)
{
	bool maybe = !membership_is_whole(membership) || membership->foreign_dns.count;

	for (size_t i = 0; i < membership->accounts.count; i++) {
		const struct entry *entry = membership->accounts.items[i];
		enum truth covered = truth_of(entry == account->entry);

		if (account_class(entry) == ACCOUNT_FOREIGN)
			covered = foreign_covers(entry);
		if (covered == TRUTH_YES)
			return TRUTH_YES;
		maybe |= covered == TRUTH_UNKNOWN;
	}
	return maybe ? TRUTH_UNKNOWN : TRUTH_NO;
}

static enum truth covers(const struct trustee *trustee, const struct account *account)
{
	switch (trustee->kind) {
	case TRUSTEE_EVERYONE: return TRUTH_YES;
	case TRUSTEE_ACCOUNT: return truth_of(trustee->entry == account->entry);
	case TRUSTEE_GROUP:
		return truth_and(trustee->in_tokens, holds(trustee->membership, account));
	case TRUSTEE_FOREIGN: return TRUTH_UNKNOWN;
	case TRUSTEE_ORPHAN: return account->has_sid ? TRUTH_NO : TRUTH_UNKNOWN;
	case TRUSTEE_OTHER: break;
	}
	return TRUTH_NO;
}

enum truth trustee_acl_grants(const struct trustee_index *index, const struct delegation_acl *acl,
			      const struct account *account)
{
	bool maybe_denied = false, maybe_allowed = false;

	if (acl->everyone)
		return TRUTH_YES;
	for (size_t i = 0; i < acl->ace_count; i++) {
		const struct delegation_ace *ace = &acl->aces[i];
		const struct trustee *trustee = trustee_index_find(index, &ace->trustee);
		enum truth covered = trustee ? covers(trustee, account) : TRUTH_UNKNOWN;

		if (covered == TRUTH_YES && ace->allow)
			return maybe_denied ? TRUTH_UNKNOWN : TRUTH_YES;
		if (covered == TRUTH_YES)
			return maybe_allowed ? TRUTH_UNKNOWN : TRUTH_NO;
		if (covered == TRUTH_UNKNOWN && ace->allow)
			maybe_allowed = true;
		else if (covered == TRUTH_UNKNOWN)
			maybe_denied = true;
	}
	return maybe_allowed ? TRUTH_UNKNOWN : TRUTH_NO;
}
