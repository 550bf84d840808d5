/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads what the entry of a computer says of it as a host. Private to host_list.c.
 */
#ifndef MODEL_HOST_FACTS_H
#define MODEL_HOST_FACTS_H

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

#endif
