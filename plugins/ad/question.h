/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the model still has to know of a live directory: filled by the model, put to
 * the server by the LDAP source. Every filter made of it selects a superset of what
 * the model then decides on for itself.
 */
#ifndef AD_QUESTION_H
#define AD_QUESTION_H

#include "ad/sid.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Accounts of a domain with that primaryGroupID. */
struct primary_group_question {
	const char *domain; /* DN of the domain */
	uint32_t rid;
};

/* What is asked of the global catalogue: of other domains of the forest. */
struct elsewhere_question {
	const char **dns; /* as in struct question */
	size_t dn_count;
	struct sid *sids;
	size_t sid_count;
	const char **groups;
	size_t group_count;
	struct primary_group_question *primary_groups;
	size_t primary_group_count;
	const char **spns;
	size_t spn_count;
};

struct question {
	bool hyperv;             /* accounts and connection points of Hyper-V hosts */
	bool domain;             /* the domain object and the directory service object */
	const char **host_names; /* computers of that sAMAccountName (without $) or
				    dNSHostName */
	size_t host_name_count;
	const char **dns; /* entries of these DNs */
	size_t dn_count;
	struct sid *sids; /* entries of these objectSid */
	size_t sid_count;
	const char **groups; /* who says by memberOf to belong to these DNs, as evidence only:
				it may be hidden */
	size_t group_count;
	uint32_t *primary_groups; /* accounts whose primaryGroupID is one of these RIDs */
	size_t primary_group_count;
	const char **account_names; /* accounts of that sAMAccountName, with or without $;
				       shell patterns too */
	size_t account_name_count;
	const char **spns; /* accounts that hold one of these SPNs */
	size_t spn_count;
	struct elsewhere_question elsewhere;
};

#endif
