/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What every account and group has, and some entry lacks: then the login, or the export, is
 * missing something, and who belongs to what may be wrong without any list being short.
 */
#ifndef MODEL_OMISSION_H
#define MODEL_OMISSION_H

#include "model/account.h"
#include "model/domain.h"
#include "model/host.h"

/*
 * Adds to unreadable, once for each attribute: accounts without a primary group, groups
 * without a SID, groups that are missing from an export, two entries of the same SID, lists of SPNs
 * that are cut short (those of hosts are reported with the hosts). One such entry is the subject
 * itself; of several the domain is, and the first by name is named. Owner of the texts: context.
 */
void omissions_report(const void *context, const struct domain *domain,
		      const struct host_list *hosts, struct unreadable_list *unreadable);

#endif
