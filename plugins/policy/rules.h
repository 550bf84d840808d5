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
void judge_migration_target_missing(struct verdict *verdict);
void judge_migration_one_way(struct verdict *verdict);
void judge_migration_name_missing(struct verdict *verdict);
void judge_migration_service_unregistered(struct verdict *verdict);
void judge_targets(struct verdict *verdict);
void judge_rbcd_unexpected_trustee(struct verdict *verdict);
void judge_rbcd_unknown_trustee(struct verdict *verdict);
void judge_host_missing(struct verdict *verdict);
void judge_host_disabled(struct verdict *verdict);
void judge_no_hosts(struct verdict *verdict);

void judge_admin_unprotected(struct verdict *verdict);
void judge_operator_not_delegable(struct verdict *verdict);
void judge_krbtgt_not_delegable(struct verdict *verdict);
void judge_no_admins(struct verdict *verdict);

void judge_drift(struct verdict *verdict);
void judge_servers_disagree(struct verdict *verdict);

void judge_kdc_admin_forwardable(struct verdict *verdict);
void judge_kdc_host_unconstrained(struct verdict *verdict);
void judge_kdc_target_refused(struct verdict *verdict);
void judge_kdc_unproven(struct verdict *verdict);

void judge_unreadable(struct verdict *verdict);
void judge_incomplete(struct verdict *verdict);

/* What a finding has to add where the generation of the host is a guess. */
const char *guess_note(const struct host *host);

/* Whether migration-service-unregistered is found of the host. */
bool lacks_migration_service(const struct verdict *verdict, const struct host *host);

/* Whether protocol-transition-missing is found of the host. */
bool lacks_protocol_transition(const struct host *host);

/* The host that a target names where migration would need the target if only a group of the
 * policy held that host and this one; else NULL. */
const struct host *target_lacks_group(const struct verdict *verdict, const struct host *host,
				      const char *text);

#endif
