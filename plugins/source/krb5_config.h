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

/*
 * Writes it anew. realm, the default one, may be NULL; kdcs are the addresses or names
 * to ask for its tickets, best first; with none of them libkrb5 looks for itself.
 */
bool krb5_config_write(struct krb5_config *config, const char *realm, const char *const *kdcs,
		       size_t kdc_count, struct error *error);

#endif
