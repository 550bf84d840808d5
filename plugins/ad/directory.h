/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All that was read of one directory, raw: entries by DN, and the gaps, that is, what
 * was asked for and could not be read. A source fills it, the model reads it; it
 * judges nothing.
 */
#ifndef AD_DIRECTORY_H
#define AD_DIRECTORY_H

#include "ad/entry.h"
#include "base/memory.h"

#include <time.h>

enum directory_kind {
	DIRECTORY_LDAP,
	DIRECTORY_LDIF,
};

/* An answer that was cut short; becomes the finding "incomplete". */
struct gap {
	const char *source; /* controller or file */
	const char *detail; /* one sentence */
};

struct directory {
	enum directory_kind kind;
	const char **sources; /* controllers asked, or files read */
	size_t source_count;
	time_t written_at_s;   /* of an export: when its oldest file was written; 0: not known */
	struct entry *entries; /* uthash by key */
	struct gap *gaps;
	size_t gap_count;
	/* Of other domains of the forest, as far as it was asked for: what a global catalogue
	 * showed (its source is the one that answered, its gaps what that one failed to tell), or
	 * what stands in the export. NULL: nothing. */
	struct directory *elsewhere;
	const char *no_catalogue; /* why there is none to ask; NULL: there is, or nobody asked */
	bool behind;              /* that the controller is not synchronized was noted */
	struct memory_arena arena;
	struct export_search *search; /* of an export: what is being read; or NULL */
};

/* An empty directory, owned by context. */
struct directory *directory_new(const void *context, enum directory_kind kind);

/* The first gap, of this domain or elsewhere; NULL: everything was read that was asked for. */
const struct gap *directory_first_gap(const struct directory *directory);

/*
 * The DNS name of what the rootDSE names by that attribute, a naming context; NULL where that
 * can not be told. Owner: context.
 */
const char *directory_dns_name(const void *context, const struct directory *directory,
			       enum attribute attribute);

/* Notes a controller or a file as one that was read. Copies name. */
void directory_add_source(struct directory *directory, const char *name);

/* Notes that an answer of source was cut short. Copies both texts. */
void directory_add_gap(struct directory *directory, const char *source, const char *detail);

/* Notes that what is read from now on of an export was searched for by itself, and is in the file
 * source, which is copied. */
void directory_begin_search(struct directory *directory, const char *source);

/*
 * Notes which lists of an export are not the same in all records of their entry: those whose
 * values differ, and attributes that one of several exports of the whole domain does not show
 * although it was made to. domain: the key of the domain object. To be called once, after the
 * last record.
 */
void directory_settle(struct directory *directory, const char *domain);

/* Notes a gap of source, once, where the rootDSE says that its controller has not taken over the
 * directory from the others yet ([MS-ADTS] 3.1.1.3.2, isSynchronized). */
void directory_check_synchronized(struct directory *directory, const char *source);

/* The directory of what is of other domains, made where there is none yet. */
struct directory *directory_elsewhere(struct directory *directory);

/*
 * Moves what is of no other domain than that of the key domain out of the entries, into those
 * of elsewhere; the rootDSE and the configuration, which is the forest's, stay.
 */
void directory_set_apart(struct directory *directory, const char *domain);

/* The entry of that DN, made where it is not there yet (the same DN twice is merged); asked
 * for once for each record or answer about it, whose ranges are its own. Copies dn. */
struct entry *directory_entry(struct directory *directory, const char *dn);

/* The entry of that DN, of this domain; NULL where there is none, or where nothing but its DN was
 * shown, which tells nothing about it. */
const struct entry *directory_find(const struct directory *directory, const char *dn);

/*
 * Adds a value to entry under an attribute description ("member;range=0-1499"), or,
 * where bytes is NULL, notes the description alone (a range without values). Copies
 * bytes. An attribute that the program does not use is dropped; one with an option that
 * it does not understand is too, which is noted. A value that comes twice is kept twice,
 * readers of lists sort and drop.
 */
void directory_add_value(struct directory *directory, struct entry *entry, const char *description,
			 const void *bytes, size_t size);

/* Appends a value to values, which are of an entry of directory. Copies bytes. */
void directory_append(struct directory *directory, struct attribute_values *values,
		      const void *bytes, size_t size);

#endif
