/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Security identifiers ([MS-DTYP] 2.4.2): binary, text, comparison, and the relative
 * identifiers that this program knows by number.
 */
#ifndef AD_SID_H
#define AD_SID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	SID_SUB_AUTHORITIES_MAX = 15,
	SID_BINARY_MAX = 8 + 4 * SID_SUB_AUTHORITIES_MAX,
	SID_TEXT_SIZE = 192, /* "S-1-" + 15 digits + 15 * 11 + NUL, rounded up */
};

/* Relative identifiers of a domain ([MS-DTYP] 2.4.2.4). */
enum {
	RID_ADMINISTRATOR = 500,
	RID_KRBTGT = 502,
	RID_DOMAIN_ADMINS = 512,
	RID_SCHEMA_ADMINS = 518,
	RID_ENTERPRISE_ADMINS = 519,
	RID_PROTECTED_USERS = 525,
	RID_KEY_ADMINS = 526,
	RID_ENTERPRISE_KEY_ADMINS = 527,
};

/* Aliases of the BUILTIN domain, S-1-5-32. */
enum {
	RID_ALIAS_ADMINISTRATORS = 544,
	RID_ALIAS_ACCOUNT_OPERATORS = 548,
	RID_ALIAS_SERVER_OPERATORS = 549,
	RID_ALIAS_PRINT_OPERATORS = 550,
	RID_ALIAS_BACKUP_OPERATORS = 551,
	RID_ALIAS_REPLICATOR = 552,
	RID_ALIAS_HYPER_V_ADMINISTRATORS = 578,
};

struct sid {
	uint64_t authority; /* 48 bits */
	uint8_t sub_authority_count;
	uint32_t sub_authorities[SID_SUB_AUTHORITIES_MAX];
};

/*
 * Reads the binary SID at the start of size bytes ([MS-DTYP] 2.4.2.2); *used, where
 * not NULL, is its length. False where the bytes are none.
 */
bool sid_parse(const void *bytes, size_t size, struct sid *sid, size_t *used);

/* Reads "S-1-5-21-…" ([MS-DTYP] 2.4.2.1), the whole of text; false where it is none. */
bool sid_parse_text(const char *text, struct sid *sid);

/* Writes the text form; returns text. */
const char *sid_format(const struct sid *sid, char text[SID_TEXT_SIZE]);

/* Writes the binary form; returns its length. */
size_t sid_format_binary(const struct sid *sid, uint8_t bytes[SID_BINARY_MAX]);

bool sid_equal(const struct sid *a, const struct sid *b);

/* The SID of an account of that domain. domain has at most 14 sub-authorities. */
struct sid sid_of_domain(const struct sid *domain, uint32_t rid);

/* Whether sid is domain's with one more sub-authority, which *rid (not NULL) is then. */
bool sid_in_domain(const struct sid *sid, const struct sid *domain, uint32_t *rid);

/* Whether sid is that of an account of some domain: S-1-5-21-…. */
bool sid_is_of_some_domain(const struct sid *sid);

/* An alias of the BUILTIN domain, S-1-5-32-rid. */
struct sid sid_builtin(uint32_t rid);

struct sid_list {
	struct sid *items;
	size_t count;
};

/* Appends a copy of sid. Owner of the list: context. */
void sid_list_add(const void *context, struct sid_list *list, const struct sid *sid);

#endif
