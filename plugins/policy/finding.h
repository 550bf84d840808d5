/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The catalogue of rules, and the findings they lead to. A rule is a row here, a
 * function in one of the *_rules files, and scenarios in tests/.
 */
#ifndef POLICY_FINDING_H
#define POLICY_FINDING_H

#include "ad/entry.h"
#include "base/service_state.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum rule {
	RULE_UNCONSTRAINED_DELEGATION,
	RULE_PROTOCOL_TRANSITION_MISSING,
	RULE_PROTOCOL_TRANSITION_UNNEEDED,
	RULE_MIGRATION_TARGET_MISSING,
	RULE_MIGRATION_ONE_WAY,
	RULE_MIGRATION_NAME_MISSING,
	RULE_MIGRATION_SERVICE_UNREGISTERED,
	RULE_UNEXPECTED_TARGET,
	RULE_TARGET_DOMAIN_CONTROLLER,
	RULE_TARGET_HIJACKED,
	RULE_TARGET_AMBIGUOUS,
	RULE_TARGET_UNKNOWN,
	RULE_TARGET_DISABLED,
	RULE_RBCD_UNEXPECTED_TRUSTEE,
	RULE_RBCD_UNKNOWN_TRUSTEE,
	RULE_HOST_MISSING,
	RULE_HOST_DISABLED,
	RULE_ADMIN_UNPROTECTED,
	RULE_OPERATOR_NOT_DELEGABLE,
	RULE_KRBTGT_NOT_DELEGABLE,
	RULE_DRIFT,
	RULE_KDC_ADMIN_FORWARDABLE,
	RULE_KDC_HOST_UNCONSTRAINED,
	RULE_KDC_TARGET_REFUSED,
	RULE_KDC_UNPROVEN,
	RULE_SERVERS_DISAGREE,
	RULE_UNREADABLE,
	RULE_INCOMPLETE,
	RULE_NO_HOSTS,
	RULE_NO_ADMINS,
	RULE_COUNT
};

/* When an attribute last changed, from the directory's replication metadata. */
struct finding_change {
	const struct entry *entry; /* the account that has the attribute; NULL: no attribute of
				      an account changed */
	enum attribute attribute;
	bool known;     /* what follows */
	const char *at; /* RFC 3339, UTC */
	const char *on; /* the domain controller, or its invocation id */
	uint32_t version;
};

struct finding {
	enum rule rule;
	enum service_state state;
	const char *subject;
	const char *object;            /* or NULL */
	const char *detail;            /* one sentence */
	struct finding_change changed; /* of drift in a live run */
	const char *server;            /* the other controller that it is found at; or NULL */
};

/* One finding for each (rule, subject, object), in the order of the report. */
struct finding_list {
	struct finding *items;
	size_t count;
};

/* The name that users put into policies; stable. */
const char *rule_name(enum rule rule);

/* The state of its findings where no policy says otherwise. */
enum service_state rule_default_state(enum rule rule);

/* Finds a rule by its name; false where there is none. */
bool rule_parse(const char *name, enum rule *rule);

/* What the rule finds, in one sentence. */
const char *rule_sentence(enum rule rule);

/* Whether the subject of its findings may be a host, by its name. */
bool rule_is_about_hosts(enum rule rule);

/* Whether the finding is about the host of that name. */
bool finding_is_about_host(const struct finding *finding, const char *name);

/* Whether it is one of unexpected-target and target-*. */
bool rule_is_about_targets(enum rule rule);

/* The finding of that rule, subject and object (NULL: the one without) in a sorted list, or
 * NULL. */
const struct finding *finding_list_find(const struct finding_list *findings, enum rule rule,
					const char *subject, const char *object);

/* Sorts by rule name, subject and object, and keeps one of each. */
void finding_list_sort(struct finding_list *findings);

#endif
