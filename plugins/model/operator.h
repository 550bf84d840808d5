/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The accounts that start migrations remotely, as the policy names them: they have to
 * be delegable.
 */
#ifndef MODEL_OPERATOR_H
#define MODEL_OPERATOR_H

#include "model/account.h"
#include "model/domain.h"
#include "model/protection.h"
#include "model/selection.h"

struct operator_account {
	struct account account;
	enum truth protected_users; /* a transitive member of Protected Users */
	enum truth protected;
};

struct operator_list {
	struct operator_account *items;
	size_t count;
};

/*
 * Collects the operators. What can not be read of one, and a word that names nobody, is
 * added to unreadable. Owner: context.
 */
void operator_list_read(const void *context, const struct domain *domain,
			const struct selection *selection,
			const struct protected_users *protected_users,
			struct operator_list *operators, struct unreadable_list *unreadable);

#endif
