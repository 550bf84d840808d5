/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What has to be true before a KDC's "not forwardable" means anything: of our own account,
 * and of the control account, in whose name a forwardable ticket must come back.
 */
#ifndef MODEL_KDC_CONTROL_H
#define MODEL_KDC_CONTROL_H

#include "model/kdc_answers.h"

/*
 * What keeps the KDC from issuing us forwardable tickets in the name of others, one
 * sentence each: then asking would show every admin as protected. Where our account can
 * not be read, nothing: the control account will tell. Owner: context.
 */
struct text_list kdc_control_obstacles(const void *context, const struct kdc_login *login,
				       const struct directory *own);

/*
 * The questions about control accounts: the one that was named, or a few ordinary users,
 * by name: enabled, not sensitive, no members of Protected Users, no admins and not
 * ourselves. None: *lack says why. words of a question is what speaks against that account,
 * or NULL. Owner: context.
 */
struct kdc_question *kdc_control_questions(const void *context, const struct snapshot *snapshot,
					   const char *named, const struct kdc_login *login,
					   const struct directory *controls, size_t *count,
					   const char **lack);

#endif
