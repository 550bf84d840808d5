/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whom the policy does not want judged: names, patterns and SIDs, and DNs.
 */
#ifndef MODEL_EXEMPTION_H
#define MODEL_EXEMPTION_H

#include "ad/sid.h"
#include "model/domain.h"
#include "model/selection.h"

#include <stdbool.h>

/* Whether the policy exempts the DN. */
bool exemption_covers_dn(const struct selection *selection, const char *dn);

/* Whether it exempts an account of this domain; sid may be NULL. */
bool exemption_covers(const struct selection *selection, const char *name, const struct sid *sid,
		      const char *dn);

/*
 * Whether it exempts an account or group of another domain: by DN, by SID, or by a word with
 * the domain in it ("Administrator@example.com", "*@example.com"). Words without one are of
 * this domain, whose accounts may have the same names.
 */
bool exemption_covers_elsewhere(const struct selection *selection, const struct entry *entry);

#endif
