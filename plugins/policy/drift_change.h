/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When and on which domain controller the facts changed that drifted: what the directory has
 * to be asked for, and its answers told in the findings. Asked in two rounds, since the
 * metadata of an account name the controller by a number only.
 */
#ifndef POLICY_DRIFT_CHANGE_H
#define POLICY_DRIFT_CHANGE_H

#include "ad/directory.h"
#include "ad/guid.h"
#include "policy/verdict.h"

struct guid_list {
	struct guid *items;
	size_t count;
};

/* The DNs of the accounts whose replication metadata are needed, each once; empty where
 * nothing drifted that has any. Owner: context. */
struct text_list drift_change_accounts(const void *context, const struct verdict *verdict);

/* The controllers (invocation ids) that the metadata in changes name for those facts, each
 * once. Owner: context. */
struct guid_list drift_change_origins(const void *context, const struct verdict *verdict,
				      const struct directory *changes);

/* Tells in each finding when, where and in which version the attribute last changed and where
 * to look for who did it, as far as changes can tell. */
void drift_change_tell(struct verdict *verdict, const struct directory *changes);

#endif
