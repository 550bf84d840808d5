/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The hosts by their names and their entries, for host_list_find and host_list_find_entry.
 * Private to host_list.c.
 */
#ifndef MODEL_HOST_NAMES_H
#define MODEL_HOST_NAMES_H

#include "model/host.h"

/*
 * Makes the index of hosts, which are sorted. A name that two of them have is added to unreadable;
 * it is the first one's, but a full name rather that of the host whose short name it begins with,
 * and the other has none then. Owner: context.
 */
void host_names_index(const void *context, struct host_list *hosts,
		      struct unreadable_list *unreadable);

#endif
