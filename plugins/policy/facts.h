/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The facts of one host or admin that are compared with a baseline, in the same form
 * whether they come from the snapshot or from an earlier report.
 */
#ifndef POLICY_FACTS_H
#define POLICY_FACTS_H

#include "ad/attribute.h"
#include "ad/entry.h"
#include "base/text.h"
#include "base/truth.h"
#include "model/admin.h"
#include "model/host.h"
#include "policy/host_groups.h"

#include <stdbool.h>
#include <stddef.h>

enum fact {
	FACT_ENABLED,
	FACT_UNCONSTRAINED,
	FACT_PROTOCOL_TRANSITION,
	FACT_NOT_DELEGATED,
	FACT_PROTECTED_USERS,
	FACT_TARGETS,
	FACT_RBCD_TRUSTEES,
	FACT_GROUPS,
	FACT_COUNT
};

enum facts_kind {
	FACTS_OF_HOST,
	FACTS_OF_ADMIN,
};

struct facts {
	const char *name; /* as the report spells it */
	const char *dn;
	const char *key; /* dn_key of it */
	bool has_sid;
	struct sid sid;
	const char *dns_name; /* of a host; or NULL */
	bool unread;          /* of an admin: a catalogue that fails now may tell more of it */
	bool exempt;          /* of an admin */
	/* a claim has a truth, a list is known or not; of which kind a fact is, fact_is_list
	 * says */
	enum truth truths[FACT_COUNT];
	bool list_known[FACT_COUNT];
	struct text_list lists[FACT_COUNT]; /* sorted without regard to case, UTF-8 */
	const struct entry *entry;          /* of a present account in this directory; or NULL */
};

struct facts_list {
	struct facts *items;
	size_t count;
};

/* The report's name of the field, "protocol_transition". */
const char *fact_name(enum fact fact);

/* Whether it is a list, not a claim. */
bool fact_is_list(enum fact fact);

/* Whether an account of that kind has it. */
bool fact_applies(enum fact fact, enum facts_kind kind);

/* What happened where a claim was the contrary before: "the account was disabled". */
const char *fact_sentence(enum fact fact, bool now);

/* The attribute of the account whose change it is; false where it is none of its own. */
bool fact_attribute(enum fact fact, enum attribute *attribute);

/* The facts as the report shows them now. Owner of the texts: context. */
struct facts facts_of_host(const void *context, const struct host_groups *groups,
			   const struct host *host);
struct facts facts_of_admin(const void *context, const struct domain *domain,
			    const struct admin *admin);

#endif
