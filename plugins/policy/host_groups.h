/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which hosts belong to which declared group, who is whose peer, and what a group
 * requires.
 */
#ifndef POLICY_HOST_GROUPS_H
#define POLICY_HOST_GROUPS_H

#include "model/host.h"
#include "policy/policy.h"

struct host_groups;

/* Works the membership out. Owner: context; policy and hosts must live as long. */
struct host_groups *host_groups_new(const void *context, const struct policy *policy,
				    const struct host_list *hosts);

/* Whether the host belongs to the group of that index. */
bool host_groups_holds(const struct host_groups *groups, size_t group, const struct host *host);

/* Whether a declared group holds both. */
bool host_groups_share(const struct host_groups *groups, const struct host *a,
		       const struct host *b);

/* Whether b is a peer of a: of the same group, or any other where none is declared. */
bool host_groups_are_peers(const struct host_groups *groups, const struct host *a,
			   const struct host *b);

/* The classes that the group requires, in its order. */
const struct text_list *host_groups_services(const struct host_groups *groups, size_t group);

/* The classes that a group requires unless the policy says otherwise. */
const struct text_list *host_groups_usual_services(const struct host_groups *groups);

/* Whether a group that holds both, which may be the same host, requires the class. */
bool host_groups_require(const struct host_groups *groups, const struct host *a,
			 const struct host *b, const char *service_class, size_t length);

/* The names of the groups of a host, sorted. Owner: context. */
struct text_list host_groups_names(const void *context, const struct host_groups *groups,
				   const struct host *host);

#endif
