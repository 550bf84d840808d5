/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A raw directory entry, the same whether it came from LDAP or from an export: DN and
 * the values of the attributes we know, as bytes. The getters decode; what can not be
 * decoded is said, never guessed.
 */
#ifndef AD_ENTRY_H
#define AD_ENTRY_H

#include "ad/attribute.h"
#include "ad/sid.h"
#include "base/hash.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One value; a NUL that size does not count stands behind it. */
struct value {
	const char *bytes;
	size_t size;
};

/* Whether both are the same bytes. */
bool value_equal(const struct value *a, const struct value *b);

/* Whether it is a text: neither empty nor with a NUL byte in it. */
bool value_is_text(const struct value *value);

struct attribute_values {
	enum attribute attribute;
	struct value *values;
	size_t count;
	struct attribute_range *ranges; /* parts seen, where the server sent parts */
	size_t range_count;
	bool range_open;    /* what comes under the last range belongs to the same answer */
	bool strange;       /* something was dropped whose description is not understood */
	bool contradictory; /* two records of an export differ in it */
	size_t settled;     /* values of the records before the present one */
};

/* A part of an export that was made at one time, by one search as far as its file tells. */
struct export_search {
	const char *source;  /* the file */
	bool told;           /* it says which attributes were asked for: */
	uint32_t asked;      /* these, as bits */
	uint32_t shown;      /* attributes, as bits, of which one of its entries has a value */
	const char *partial; /* why its entries may be some of those below them; or NULL */
	bool shows_domain;   /* the domain object is among its entries */
};

/* The records of an export that showed an entry in one search. */
struct entry_record {
	struct export_search *search; /* NULL in a live directory */
	uint32_t shown;               /* attributes, as bits, of which it has a value */
	struct entry_record *before;  /* those of another search; or NULL */
};

/* Owned by its directory, as are all its values. */
struct entry {
	const char *dn;  /* as the server spelled it; "" is the rootDSE */
	const char *key; /* dn_key of it: the name to compare and look up by */
	struct attribute_values *attributes;
	size_t attribute_count;
	struct entry_record record; /* the last one that showed it */
	UT_hash_handle hh;          /* in the directory, by key */
};

/* How a single value could be read. */
enum reading {
	READING_ABSENT, /* the attribute is not there: unset or hidden, LDAP can not tell */
	READING_OK,
	READING_BROKEN, /* there, but not decodable, contradictory or cut short */
};

/* The values of an attribute; NULL where there is none. */
const struct attribute_values *entry_values(const struct entry *entry, enum attribute attribute);

/* True unless something was dropped, two records of an export differ, or the attribute came in
 * ranges that do not reach from 0 to the end, or of which one holds another number of values than
 * it says. */
bool entry_values_complete(const struct attribute_values *values);

/*
 * Where the next range of an unfinished attribute begins: the number of values
 * known without a gap; 0 where the attribute is whole, or where nothing can be asked for.
 */
uint32_t entry_next_range(const struct attribute_values *values);

/* Single values. Two different values (an export merged from two times) are broken, and so is
 * one that is not complete. */
enum reading entry_value(const struct entry *entry, enum attribute attribute,
			 const struct value **value);
enum reading entry_text(const struct entry *entry, enum attribute attribute, const char **text);
enum reading entry_uint32(const struct entry *entry, enum attribute attribute, uint32_t *number);
enum reading entry_sid(const struct entry *entry, enum attribute attribute, struct sid *sid);

/* Whether no search of an export that showed the entry asked for the attribute, and none shows
 * it: that it is not there means nothing. */
bool entry_is_unasked(const struct entry *entry, enum attribute attribute);

/* Whether one of the values is text, without regard to ASCII case. */
bool entry_has_text(const struct entry *entry, enum attribute attribute, const char *text);

#endif
