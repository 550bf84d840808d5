/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether a machine can be migrated from one host to another, and by which of the ways
 * that Kerberos knows.
 */
#ifndef POLICY_READINESS_H
#define POLICY_READINESS_H

#include "base/text.h"
#include "model/snapshot.h"

enum delegation_way {
	WAY_NONE,
	WAY_KCD,           /* constrained delegation, listed on the source */
	WAY_RBCD,          /* resource-based, granted on the destination */
	WAY_UNCONSTRAINED, /* the source may delegate to anything */
};

struct readiness {
	enum truth ready;           /* for every class required */
	enum delegation_way by;     /* of the migration service, else of the first class */
	enum truth with_transition; /* ready, if the source had protocol transition */
	enum truth granted;         /* RBCD on the destination grants the source */
};

/* "kcd", "rbcd", "unconstrained"; NULL for none. */
const char *delegation_way_name(enum delegation_way way);

/* Judges one ordered pair for the classes that a group requires. */
struct readiness readiness_judge(const struct snapshot *snapshot, const struct host *source,
				 const struct host *destination, const struct text_list *services);

/* Whether RBCD on destination grants source; unknown where that can not be told. */
enum truth readiness_granted(const struct snapshot *snapshot, const struct host *source,
			     const struct host *destination);

/* Whether source lists the class for destination under its short or full name. */
bool readiness_lists(const struct host *source, const struct host *destination,
		     const char *service_class);

#endif
