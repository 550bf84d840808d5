/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The catalogue of rules, and the findings they lead to. A rule is a row here, a
 * function in one of the *_rules files, and scenarios in tests/.
 */
#ifndef POLICY_FINDING_H
#define POLICY_FINDING_H

#include "base/service_state.h"

#include <stdbool.h>
#include <stddef.h>

enum rule {
	RULE_UNCONSTRAINED_DELEGATION,
	RULE_PROTOCOL_TRANSITION_MISSING,
	RULE_PROTOCOL_TRANSITION_UNNEEDED,
	RULE_HOST_MISSING,
	RULE_HOST_DISABLED,
	RULE_ADMIN_UNPROTECTED,
	RULE_KRBTGT_NOT_DELEGABLE,
	RULE_UNREADABLE,
	RULE_INCOMPLETE,
	RULE_NO_HOSTS,
	RULE_NO_ADMINS,
	RULE_COUNT
};

struct finding {
	enum rule rule;
	enum service_state state;
	const char *subject;
	const char *object; /* or NULL */
	const char *detail; /* one sentence */
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

/* What the rule finds, in one sentence. */
const char *rule_sentence(enum rule rule);

/* Whether the subject of its findings may be a host, by its name. */
bool rule_is_about_hosts(enum rule rule);

/* Sorts by rule name, subject and object, and keeps one of each. */
void finding_list_sort(struct finding_list *findings);

#endif
