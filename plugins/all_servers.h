/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * --all-servers: every controller of the domain is asked the same things, each into a
 * directory of its own, by a process of its own (server_reader.c): after the first one that
 * answers all others at the same time. What is dead or slow costs a share of the time, and is
 * said.
 */
#ifndef ALL_SERVERS_H
#define ALL_SERVERS_H

#include "options.h"
#include "policy/replica.h"

/*
 * Reads all controllers. Returns the directory that is to be judged: that of the first one
 * that could be read whole, or else of the first one that answered; *session is open to its
 * controller where more is to be asked there, and the caller frees it. What the others hold is in
 * others. NULL where no controller answered; the error names each of them and why. Owner: context.
 */
struct directory *all_servers_read(const void *context, const struct options *options,
				   struct trace *trace, struct ldap_session **session,
				   struct replica_list *others, struct error *error);

#endif
