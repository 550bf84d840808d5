/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the KDC was asked beside the directory, and what it answered: who may be
 * delegated, which hosts it trusts without limits, for what it issues tickets. The
 * questions are made here out of the snapshot; who puts them to a KDC is not known here.
 * A question without an answer stays one: that is data, never "no".
 */
#ifndef MODEL_KDC_ANSWERS_H
#define MODEL_KDC_ANSWERS_H

#include "base/text.h"
#include "model/snapshot.h"

#include <stdbool.h>
#include <stddef.h>

enum kdc_kind {
	KDC_CONTROL, /* a ticket to ourselves in the name of an account that may be delegated */
	KDC_ADMIN,   /* the same in the name of an admin that is judged protected */
	KDC_HOST,    /* a ticket to a host that is not trusted for unconstrained delegation */
	KDC_TARGET,  /* a ticket to a migration target that somebody owns */
	KDC_KIND_COUNT
};

enum kdc_outcome {
	KDC_OBSTRUCTED,   /* not asked: what the answer would need is missing */
	KDC_BEYOND_LIMIT, /* not asked: one question too many */
	KDC_UNANSWERED,   /* no answer that tells anything; words says why */
	KDC_REFUSED,      /* nobody gets such a ticket; words are the KDC's */
	KDC_ISSUED,
};

struct kdc_question {
	enum kdc_kind kind;
	const char *name;          /* whom the KDC is asked for: an account name or an SPN */
	const struct admin *admin; /* of KDC_ADMIN */
	const struct host *host;   /* of KDC_HOST */
	enum kdc_outcome outcome;
	bool forwardable;    /* of the ticket issued */
	bool ok_as_delegate; /* likewise */
	const char *words;   /* or NULL: the run ended before it was asked */
};

/* Our own login, as its ticket shows it. */
struct kdc_login {
	const char *principal; /* "svc-monitor@EXAMPLE.COM"; NULL: no ticket at all */
	const char *account;   /* "svc-monitor" */
	const char *realm;     /* "EXAMPLE.COM" */
	bool has_ticket;       /* a ticket for the KDC itself */
	bool forwardable;      /* that one */
};

/* What was read of the accounts that the questions need, apart from the directory judged. */
struct kdc_accounts {
	const struct directory *own;      /* the account of the login */
	const struct directory *controls; /* the control account that was named, or some users */
};

struct kdc_settings {
	bool ask;
	const char *control; /* --kdc-control, or NULL: one is found */
	size_t limit;        /* of questions about hosts, admins and targets */
};

struct kdc_answers {
	struct text_list obstacles; /* why no ticket in the name of others can be asked for */
	const char *silence;        /* why nothing at all can be asked; or NULL */
	const char *control_lack;   /* why there is no control account; or NULL */
	struct kdc_question *items; /* controls, admins, hosts, targets; in this order */
	size_t count;
	size_t first[KDC_KIND_COUNT + 1]; /* where those of each kind begin; last: count */
};

/* Whether there is an admin to ask for, and so a control account and ourselves to look at. */
bool kdc_answers_need_control(const struct snapshot *snapshot);

/*
 * Whom to ask for: the questions, all KDC_UNANSWERED, KDC_OBSTRUCTED or KDC_BEYOND_LIMIT.
 * Controls do not count towards the limit; there are several where none was named, of which
 * one that comes back forwardable is enough. Owner: context; snapshot must live as long.
 */
struct kdc_answers *kdc_answers_new(const void *context, const struct snapshot *snapshot,
				    const struct kdc_settings *settings,
				    const struct kdc_login *login,
				    const struct kdc_accounts *accounts);

/* The question about that target, compared without regard to case; NULL: not asked for. */
const struct kdc_question *kdc_answers_find_target(const struct kdc_answers *answers,
						   const char *target);

#endif
