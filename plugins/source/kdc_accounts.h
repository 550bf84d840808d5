/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asks the directory for the accounts that questions to the KDC need: our own, and one that
 * may be delegated. Costs two requests.
 */
#ifndef SOURCE_KDC_ACCOUNTS_H
#define SOURCE_KDC_ACCOUNTS_H

#include "model/kdc_answers.h"
#include "source/ldap_session.h"

/*
 * Reads both, apart from the directory that snapshot judges; nothing where it has no admin
 * to ask for. control is the name of the control account; NULL: a few ordinary users are
 * read. Owner: context.
 */
void kdc_accounts_read(const void *context, struct ldap_session *session,
		       const struct snapshot *snapshot, const struct kdc_login *login,
		       const char *control, struct kdc_accounts *accounts);

#endif
