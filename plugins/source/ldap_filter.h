/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * LDAP filters that compare one attribute with many values: "(|(a=x)(a=y))", with the
 * escaping of RFC 4515 section 3. Knows nothing of what is asked for or why.
 */
#ifndef SOURCE_LDAP_FILTER_H
#define SOURCE_LDAP_FILTER_H

#include <stddef.h>

/* An OR of equality tests that grows; text is NULL before the first one. */
struct ldap_filter {
	char *text; /* "(|(a=x)(a=y)", the last bracket comes with ldap_filter_end */
};

/*
 * Adds "(attribute=value suffix)" to filter; every byte of value that RFC 4515 does not
 * allow is escaped, so that a name from the directory stays a name. The text's owner:
 * context.
 */
void ldap_filter_add(const void *context, struct ldap_filter *filter, const char *attribute,
		     const char *value, const char *suffix);

/*
 * Adds a test for a superset of what a shell pattern matches: each wildcard becomes the
 * filter's *, and from a bracket or backslash on, everything matches.
 */
void ldap_filter_add_pattern(const void *context, struct ldap_filter *filter, const char *attribute,
			     const char *pattern, const char *suffix);

/* The same for a value of bytes (a SID), each of them escaped. */
void ldap_filter_add_bytes(const void *context, struct ldap_filter *filter, const char *attribute,
			   const void *bytes, size_t size);

/* Closes filter, which has at least one test, and empties it for the next one; returns
 * the text. */
const char *ldap_filter_end(struct ldap_filter *filter);

#endif
