/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whom the RBCD descriptors of the hosts name, resolved: accounts, groups with their
 * transitive members, orphans; and whether a descriptor grants a given host.
 */
#ifndef MODEL_TRUSTEE_H
#define MODEL_TRUSTEE_H

#include "ad/security_descriptor.h"
#include "base/truth.h"
#include "model/account.h"
#include "model/membership.h"

enum trustee_kind {
	TRUSTEE_EVERYONE, /* S-1-1-0, S-1-5-11: every host is covered */
	TRUSTEE_ACCOUNT,  /* an account of this domain that is no group */
	TRUSTEE_GROUP,    /* a group of this domain, or an alias */
	TRUSTEE_ORPHAN,   /* a SID of this domain that no account has */
	TRUSTEE_FOREIGN,  /* of another domain: it may be a group that covers a host */
	TRUSTEE_OTHER,    /* another well-known SID, which covers no computer by itself */
};

struct trustee {
	struct sid sid;
	uint8_t binary[SID_BINARY_MAX]; /* the key */
	enum trustee_kind kind;
	const struct entry *entry;           /* NULL unless of this domain */
	const char *name;                    /* sAMAccountName, or the SID */
	const struct membership *membership; /* of a group, security groups only */
	enum truth in_tokens;                /* of a group: a security group itself */
	UT_hash_handle hh;
};

/* The trustees of all hosts; a talloc context that owns them. */
struct trustee_index {
	const struct domain *domain;
	struct trustee *trustees; /* uthash */
};

struct trustee_index *trustee_index_new(const void *context, const struct domain *domain);

/* Adds the trustee where it is not there yet. What can not be read of a group is added to
 * unreadable (may be NULL), whose texts context owns. */
void trustee_index_add(struct trustee_index *index, const struct sid *sid, const void *context,
		       struct unreadable_list *unreadable);

/* The trustee of that SID; NULL where it was not added. */
const struct trustee *trustee_index_find(const struct trustee_index *index, const struct sid *sid);

/* The kind of a SID, and its entry where it is of this domain. */
enum trustee_kind trustee_kind(const struct domain *domain, const struct sid *sid,
			       const struct entry **entry);

/*
 * Whether acl grants account: the first entry that covers it decides ([MS-DTYP] 2.5.3).
 * Unknown where an entry may or may not cover it.
 */
enum truth trustee_acl_grants(const struct trustee_index *index, const struct delegation_acl *acl,
			      const struct account *account);

#endif
