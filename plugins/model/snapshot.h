/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The typed facts of one directory, worked out from its raw entries: what the rules
 * judge and the report shows. Pure: the same entries give the same snapshot, whichever
 * way they came.
 */
#ifndef MODEL_SNAPSHOT_H
#define MODEL_SNAPSHOT_H

#include "base/error.h"
#include "model/admin.h"
#include "model/domain.h"
#include "model/host.h"
#include "model/operator.h"
#include "model/selection.h"
#include "model/trustee.h"

struct kdc_answers;

struct snapshot {
	const struct directory *directory;
	const struct domain *domain;
	struct host_list hosts; /* all of them; judged ones are marked */
	struct admin_list admins;
	struct operator_list operators;
	struct trustee_index *trustees; /* those of all hosts' descriptors */
	struct account krbtgt;          /* entry is NULL where it can not be read */
	struct unreadable_list unreadable;
	const struct kdc_answers *kdc; /* what the KDC says to all this; NULL: it was not asked */
};

/*
 * Works the facts out. False where the entries are not those of one domain. Owner:
 * context; directory must live as long.
 */
struct snapshot *snapshot_build(const void *context, const struct directory *directory,
				const struct selection *selection, struct error *error);

#endif
