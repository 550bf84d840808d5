/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From libldap's messages to raw entries and paging cookies. Nothing that can not be
 * decoded is taken for something that is not there.
 */
#ifndef SOURCE_LDAP_DECODE_H
#define SOURCE_LDAP_DECODE_H

#include "ad/directory.h"

#include <ldap.h>
#include <stdbool.h>

/*
 * Puts the entry in message, which is one, into directory. An entry that came before is
 * left as it is unless part is true: then the message holds more of its values. False
 * where it can not be decoded, or has no DN. *entry is the entry where something was
 * added, else NULL.
 */
bool ldap_decode_entry(LDAP *ld, LDAPMessage *message, bool part, struct directory *directory,
		       const struct entry **entry);

/* The same for the rootDSE, the one entry without a DN. */
bool ldap_decode_rootdse(LDAP *ld, LDAPMessage *message, struct directory *directory);

/* How a search ended. */
struct ldap_outcome {
	int code;             /* libldap's: LDAP_SUCCESS, ... */
	bool paged;           /* the answer says whether more follows */
	struct berval cookie; /* bv_val is the caller's, for ldap_memfree; length 0: the end */
};

/* Reads the last message of a search. */
void ldap_decode_outcome(LDAP *ld, LDAPMessage *message, struct ldap_outcome *outcome);

#endif
