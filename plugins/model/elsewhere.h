/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The accounts and groups of other domains of the forest, as a global catalogue shows them: a
 * part of each. Of the members of a group it holds those of universal groups alone, so those
 * of any other are never known, whatever was shown of them.
 */
#ifndef MODEL_ELSEWHERE_H
#define MODEL_ELSEWHERE_H

#include "ad/directory.h"
#include "base/text.h"
#include "model/spn_index.h"

#include <stdbool.h>

struct elsewhere;

/*
 * Reads what directory holds of other domains than that of the key domain. Owner: context;
 * directory must live as long.
 */
struct elsewhere *elsewhere_read(const void *context, const struct directory *directory,
				 const char *domain);

/* The entry of that DN, or of that objectSid (no placeholder for it), or NULL. */
const struct entry *elsewhere_find(const struct elsewhere *elsewhere, const char *dn);
const struct entry *elsewhere_find_sid(const struct elsewhere *elsewhere, const struct sid *sid);

/* The entry that elsewhere_name calls so, or NULL. */
const struct entry *elsewhere_find_name(const struct elsewhere *elsewhere, const char *name);

/* Whether entry is one of them. */
bool elsewhere_holds(const struct elsewhere *elsewhere, const struct entry *entry);

/* The accounts that hold spn; NULL: none that is known. */
const struct spn_slot *elsewhere_spn_owners(const struct elsewhere *elsewhere, const char *spn);

/* The accounts whose primary group is group, *count of them. */
const struct entry *const *elsewhere_primary_members(const struct elsewhere *elsewhere,
						     const struct entry *group, size_t *count);

/* Whether the list of members that was shown of group is the group's whole one. */
bool elsewhere_shows_members(const struct entry *group);

/* What findings call entry: "Administrator@example.com"; its SID or DN where it has no name.
 * Owner: context. */
const char *elsewhere_name(const void *context, const struct entry *entry);

/*
 * Why something that was looked for is not known, as the end of a sentence; NULL where
 * nobody was asked. Owner: context.
 */
const char *elsewhere_lack(const void *context, const struct elsewhere *elsewhere);

/* Whether a catalogue was asked and answered all of it. */
bool elsewhere_answered(const struct elsewhere *elsewhere);

/* Where a catalogue that there is failed to answer, why; else NULL. */
const struct gap *elsewhere_failure(const struct elsewhere *elsewhere);

#endif
