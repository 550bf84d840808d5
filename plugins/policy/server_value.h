/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a controller shows of one attribute of one account, as far as a rule uses it, in
 * words: to be compared with what another controller shows.
 */
#ifndef POLICY_SERVER_VALUE_H
#define POLICY_SERVER_VALUE_H

#include "base/text.h"
#include "model/census.h"

#include <stdbool.h>

struct server_value {
	bool known;             /* false: nothing can be compared */
	struct text_list items; /* of a list each once, sorted; entries of a descriptor in order */
};

/* Whether a rule uses values of the attribute. */
bool server_value_is_used(enum attribute attribute);

/* Whether it is a list, of which one shows what is lacking, not all of it. */
bool server_value_is_list(enum attribute attribute);

/*
 * Reads it in entry; NULL: an account that the controller does not show. The names of members
 * are those of census. Owner of the texts: context.
 */
struct server_value server_value_read(const void *context, const struct census *census,
				      const struct entry *entry, enum attribute attribute);

/* Whether both are known to be the same, or one is not known. */
bool server_value_agrees(const struct server_value *a, const struct server_value *b);

#endif
