/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The steps by which host_list.c reads the hosts: what their entries say (host_facts.c), and the
 * index of their names (host_names.c). Private to these files.
 */
#ifndef MODEL_HOST_READING_H
#define MODEL_HOST_READING_H

#include "model/host.h"

/* Empties host and reads the names by which the computer may be selected. Owner of the texts:
 * context. */
void host_facts_read_names(const void *context, const struct entry *entry, struct host *host);

/*
 * Reads the rest, of a computer that is a host and whose names were read. What can not be read of
 * one that is not judged is said where hosts that are depend on it: its names, whom it lists and
 * what it registers. Owner: context.
 */
void host_facts_read(const void *context, struct host *host, struct unreadable_list *unreadable);

/*
 * Makes the index of hosts, which are sorted. A name that two of them have is added to unreadable;
 * it is the first one's, but a full name rather that of the host whose short name it begins with,
 * and the other has none then. Owner: context.
 */
void host_names_index(const void *context, struct host_list *hosts,
		      struct unreadable_list *unreadable);

#endif
