/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whom the policy lets pass: names, patterns and SIDs, and DNs. Such a word must mean nobody
 * by accident, least of all an account whose name is not known.
 */
#ifndef MODEL_EXEMPTION_H
#define MODEL_EXEMPTION_H

#include "ad/sid.h"
#include "model/domain.h"
#include "model/selection.h"

#include <stdbool.h>

/* Whether the policy exempts the DN. */
bool exemption_covers_dn(const struct selection *selection, const char *dn);

/*
 * Whether word, of a list in the policy that lets accounts pass, means the account of entry
 * with that SID; either may be NULL. A name or a pattern of names means accounts of this
 * domain whose name is shown; those of other domains, which may have the same names, only with
 * their domain in it ("Administrator@example.com", "*@example.com"). A SID means whoever
 * has it, a pattern that begins with S-1- such accounts of domains (not Everyone and its like).
 * exactly: a word without a final $ does not mean the account of a computer.
 */
bool exemption_word_means(const struct domain *domain, const char *word, const struct entry *entry,
			  const struct sid *sid, bool exactly);

/* Whether the policy exempts the account or group of that DN; entry and sid may be NULL. */
bool exemption_covers(const struct selection *selection, const struct domain *domain,
		      const struct entry *entry, const struct sid *sid, const char *dn);

#endif
