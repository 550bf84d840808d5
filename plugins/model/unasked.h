/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Attributes that no search of an export asked for, as ldapsearch's headings tell. Where one
 * is not there that every account has, its reader sees it; these mean something by their
 * absence, and nobody looked.
 */
#ifndef MODEL_UNASKED_H
#define MODEL_UNASKED_H

#include "model/account.h"
#include "model/domain.h"
#include "model/host.h"
#include "model/selection.h"

/*
 * Adds to unreadable, once for each attribute with the domain as the subject: those that were
 * not asked for of an entry of which they matter. Owner of the texts: context.
 */
void unasked_report(const void *context, const struct domain *domain, const struct host_list *hosts,
		    const struct selection *selection, struct unreadable_list *unreadable);

#endif
