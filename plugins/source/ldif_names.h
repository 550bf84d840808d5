/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names that hold line breaks, which ldapsearch writes as they are into the comment above
 * each entry: what follows the break stands there as if it were a line of its own. Active
 * Directory makes such names itself: an object that was made on two controllers at once
 * becomes "NAME<LF>CNF:<GUID>", a deleted one "NAME<LF>DEL:<GUID>" ([MS-ADTS] 3.1.1.5.5).
 */
#ifndef SOURCE_LDIF_NAMES_H
#define SOURCE_LDIF_NAMES_H

#include <stdbool.h>

/* Whether a line below a comment is the rest of a name that Active Directory made. */
bool ldif_names_is_rest(const char *line);

/* Whether no name in the DN of that key (dn_key) has a line break but those that Active
 * Directory made: of others nobody can tell what in the comment is a record. */
bool ldif_names_are_plain(const char *key);

#endif
