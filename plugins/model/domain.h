/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The domain that a directory describes: its names and SID, its functional level, and
 * the indexes by which accounts are found in it (by SID, by primary group). Knows no
 * policy and no server.
 */
#ifndef MODEL_DOMAIN_H
#define MODEL_DOMAIN_H

#include "ad/directory.h"
#include "base/error.h"
#include "base/text.h"
#include "model/elsewhere.h"
#include "model/spn_index.h"

#include <stdbool.h>

enum { FUNCTIONAL_LEVEL_UNKNOWN = -1, FUNCTIONAL_LEVEL_2012_R2 = 6 };

struct domain {
	const struct directory *directory;
	const char *key;  /* dn_key of the domain object; "" where it is not known */
	const char *name; /* DNS name in lower case; "" where it is not known */
	bool has_sid;
	struct sid sid;
	int functional_level; /* of the domain controllers, or FUNCTIONAL_LEVEL_UNKNOWN */
	bool dc_level_read;   /* the level is the rootDSE's own statement */
	bool own_level_low;   /* the domain's own level is known to be below 2012 R2: other
				 controllers may be, too */
	bool forest_root;
	struct text_list host_aliases;         /* classes that HOST/ stands for (sPNMappings) */
	struct memory_arena arena;             /* of the slots that are many */
	struct spn_slot *by_spn;               /* uthash */
	struct sid_slot *by_sid;               /* uthash */
	struct primary_group_slot *by_primary; /* uthash */
	struct claim_slot *by_claim;           /* uthash */
	const struct entry **same_sid;         /* entries whose SID another one has too */
	size_t same_sid_count;
	const struct elsewhere *elsewhere;     /* what is known of other domains */
	const struct entry *indexed;           /* the last entry that the indexes hold, */
	const struct entry *indexed_elsewhere; /* and of other domains */
};

/* The entries that say by memberOf to belong to a group. */
struct claim_slot {
	const char *key; /* of the group */
	const struct entry **members;
	size_t member_count;
	UT_hash_handle hh;
};

/* Accounts that have the same primaryGroupID. */
struct primary_group_slot {
	uint32_t rid;
	const struct entry **accounts;
	size_t account_count;
	UT_hash_handle hh;
};

/* The key of the domain object in an export; NULL where there is none, or several. */
const char *domain_find_key(const struct directory *directory);

/*
 * Sets apart what an export holds of other domains than the one that its domain object is of;
 * to be called before domain_read. Does nothing where there is no such object.
 */
void domain_set_apart(struct directory *directory);

/*
 * Reads the domain out of directory. An export holds exactly one domain object: none
 * or several is an error. Owner: context.
 */
struct domain *domain_read(const void *context, const struct directory *directory,
			   struct error *error);

/*
 * Takes up what came to a live directory since domain was read or updated last. Entries that
 * were there then are not looked at again: they must have come whole.
 */
void domain_update(struct domain *domain);

/* The entry with that objectSid, or NULL. */
const struct entry *domain_find_sid(const struct domain *domain, const struct sid *sid);

/* The entry with that RID in this domain, or NULL (also where its SID is not known). */
const struct entry *domain_find_rid(const struct domain *domain, uint32_t rid);

/* The accounts whose primaryGroupID is rid, or NULL. */
const struct primary_group_slot *domain_primary_members(const struct domain *domain, uint32_t rid);

/* The entries whose memberOf names the group of that key, or NULL. */
const struct claim_slot *domain_claims(const struct domain *domain, const char *key);

/*
 * The first account whose sAMAccountName matches word, a name with or without a final $ or
 * a shell pattern, behind after in the order of the entries (NULL: from the first one on);
 * NULL where there is none.
 */
const struct entry *domain_next_account(const struct domain *domain, const char *word,
					const struct entry *after);

/*
 * The accounts that own a target: those that hold it, compared whole; where none does and
 * its class is an alias of HOST, those that hold HOST/ with the same rest. Where none of this
 * domain does and the name is another domain's, likewise of those elsewhere: the KDC goes the
 * same way. NULL where nobody does.
 */
const struct spn_slot *domain_spn_owners(const struct domain *domain, const char *target);

/* The accounts that would own target if nobody had registered it itself; NULL: nobody. */
const struct spn_slot *domain_host_owners(const struct domain *domain, const char *target);

/* The SPN by which HOST/ would answer for target; NULL where its class is no alias.
 * Owner: context. */
char *domain_host_spn(const void *context, const struct domain *domain, const char *target);

/*
 * Whether the name in an SPN is one of this domain: without a dot, an address, the
 * domain's DNS name or exactly one label below it.
 */
bool domain_has_name(const struct domain *domain, const char *name, size_t length);

/* Whether the name in target is of another domain, so that its owner may be elsewhere. */
bool domain_is_foreign_target(const struct domain *domain, const char *target);

/* What findings call the account that entry is, of whichever domain. Owner: context. */
const char *domain_account_name(const void *context, const struct domain *domain,
				const struct entry *entry);

/* Whether an SPN of that class is answered for by HOST/ with the same rest. */
bool domain_is_host_alias(const struct domain *domain, const char *service_class, size_t length);

#endif
