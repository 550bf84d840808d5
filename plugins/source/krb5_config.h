/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A private krb5.conf in front of the user's own (KRB5_CONFIG), in memory: host names
 * are taken as given, and the controller that was chosen is the first KDC asked, which
 * saves some thirty DNS queries a run. Knows nothing of tickets.
 */
#ifndef SOURCE_KRB5_CONFIG_H
#define SOURCE_KRB5_CONFIG_H

#include "base/error.h"

#include <stddef.h>

struct krb5_config;

/* Makes one without content and puts it in front of the user's configuration, for
 * libkrb5 and GSSAPI alike; taken back when it is freed. Owner: context. */
struct krb5_config *krb5_config_new(const void *context, struct error *error);

/* The default realm, and who gives its tickets. */
struct krb5_realm {
	const char *name;        /* NULL: libkrb5 decides */
	const char *const *kdcs; /* addresses or names to ask, best first */
	size_t kdc_count;        /* 0: libkrb5 looks for itself, as for the KDCs of other realms */
};

/* Writes it anew. */
bool krb5_config_write(struct krb5_config *config, const struct krb5_realm *realm,
		       struct error *error);

#endif
