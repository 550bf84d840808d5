/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The self-relative security descriptor in msDS-AllowedToActOnBehalfOfOtherIdentity
 * ([MS-DTYP] 2.4.6): whom a computer lets delegate to itself. Decodes and orders;
 * whether a trustee is welcome is decided elsewhere.
 */
#ifndef AD_SECURITY_DESCRIPTOR_H
#define AD_SECURITY_DESCRIPTOR_H

#include "ad/sid.h"

#include <stdbool.h>
#include <stddef.h>

/* An entry that counts: it has the control access right and is not inherit-only. */
struct delegation_ace {
	bool allow; /* false: deny */
	struct sid trustee;
};

struct delegation_acl {
	bool everyone;    /* no DACL: grants everyone, aces is empty */
	bool undecidable; /* an ACE can not be judged (a conditional one): nothing may be concluded
			     of who is not in aces */
	bool cut;         /* one that can not be judged may deny: aces are those before it */
	struct delegation_ace *aces; /* in their order, which decides */
	size_t ace_count;
};

/*
 * Decodes the DACL of a descriptor. False where the bytes are none: then nothing may be
 * concluded, least of all that nobody is granted. Owner of the list: context.
 */
bool delegation_acl_parse(const void *context, const void *bytes, size_t size,
			  struct delegation_acl *acl);

/*
 * The SIDs granted: trustees of the allow entries that no earlier deny entry for the
 * same SID took back, each once; S-1-1-0 where there is no DACL. Owner: context.
 */
struct sid *delegation_acl_trustees(const void *context, const struct delegation_acl *acl,
				    size_t *count);

/*
 * The descriptor, one that delegation_acl_parse accepts and that has a DACL, without its
 * counting allow entries for trustee; all else stays as it is. *new_size is its size,
 * *left the number of entries of any kind that remain. Owner: context.
 */
char *delegation_acl_remove(const void *context, const void *bytes, size_t size,
			    const struct sid *trustee, size_t *new_size, size_t *left);

#endif
