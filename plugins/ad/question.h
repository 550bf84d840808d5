/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the model still has to know of a live directory: filled by the model, put to
 * the server by the LDAP source. Every filter made of it selects a superset of what
 * the model then decides on for itself.
 */
#ifndef AD_QUESTION_H
#define AD_QUESTION_H

#include "ad/sid.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A group, by the domain that it and its accounts are of. */
struct primary_group {
	const char *domain; /* DN; NULL: the controller's own */
	uint32_t rid;
};

struct primary_group_list {
	struct primary_group *items;
	size_t count;
};

/* Entries of the controller's own domain, or of others. */
struct entry_question {
	struct text_list dns;    /* entries of these DNs */
	struct sid_list sids;    /* entries of these objectSid */
	struct text_list groups; /* who says by memberOf to belong to these DNs, as evidence only:
				    it may be hidden */
	struct primary_group_list primary_groups; /* accounts whose primary group is one of these */
	struct text_list spns;                    /* accounts that hold one of these SPNs */
};

struct question {
	bool hyperv;                    /* accounts and connection points of Hyper-V hosts */
	bool domain;                    /* the domain object and the directory service object */
	struct text_list host_names;    /* computers of that sAMAccountName (without $) or
					   dNSHostName */
	struct text_list account_names; /* accounts of that sAMAccountName, with or without $;
					   shell patterns too */
	struct entry_question own;
	struct entry_question others; /* of other domains of the forest: for the global catalogue */
};

/* Whether it asks for nothing. */
bool entry_question_is_empty(const struct entry_question *question);
bool question_is_empty(const struct question *question);

#endif
