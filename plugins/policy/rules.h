/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rules, one function each: looks at the whole snapshot and adds its findings.
 */
#ifndef POLICY_RULES_H
#define POLICY_RULES_H

#include "policy/verdict.h"

void judge_unconstrained_delegation(struct verdict *verdict);
void judge_protocol_transition_missing(struct verdict *verdict);
void judge_protocol_transition_unneeded(struct verdict *verdict);
void judge_host_missing(struct verdict *verdict);
void judge_host_disabled(struct verdict *verdict);
void judge_no_hosts(struct verdict *verdict);

void judge_admin_unprotected(struct verdict *verdict);
void judge_krbtgt_not_delegable(struct verdict *verdict);
void judge_no_admins(struct verdict *verdict);

void judge_unreadable(struct verdict *verdict);
void judge_incomplete(struct verdict *verdict);

#endif
