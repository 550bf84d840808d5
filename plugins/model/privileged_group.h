/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which groups make their members privileged: known by SID, never by name, as the
 * policy adds to them and takes away.
 */
#ifndef MODEL_PRIVILEGED_GROUP_H
#define MODEL_PRIVILEGED_GROUP_H

#include "model/account.h"
#include "model/domain.h"
#include "model/selection.h"

/*
 * The privileged groups, by SID: those of the domain and, where it is the forest root, of
 * the forest; those of BUILTIN; those that the policy adds, less those that it ignores.
 * Without the first while the domain's SID is not known. A word of the policy that names
 * no group is added to unreadable (may be NULL). Owner: context.
 */
struct sid *privileged_groups_list(const void *context, const struct domain *domain,
				   const struct selection *selection,
				   struct unreadable_list *unreadable, size_t *count);

#endif
