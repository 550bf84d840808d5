/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * replPropertyMetaData of an object: for each attribute when, where and for how many times
 * it was changed. The fields are those of AttributeStamp in [MS-ADTS]; the bytes are
 * described by replPropertyMetaDataBlob, version 1, in Samba's drsblobs.idl.
 */
#ifndef AD_REPLICATION_METADATA_H
#define AD_REPLICATION_METADATA_H

#include "ad/attribute.h"
#include "ad/guid.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The last change of one attribute. */
struct attribute_change {
	uint32_t version;   /* how many times it was changed, the first one included */
	uint64_t time_s;    /* seconds since 1601-01-01, UTC */
	struct guid origin; /* invocation id of the domain controller where it was made */
};

enum { REPLICATION_TIME_SIZE = 21 };

/*
 * Finds the last change of attribute in the value of size bytes. False where the value is
 * not one, is cut short, tells nothing of the attribute, or the program knows no number for
 * it.
 */
bool replication_metadata_find(const void *bytes, size_t size, enum attribute attribute,
			       struct attribute_change *change);

/* Writes the time as RFC 3339 in UTC; false where it is before 1970 or after 9999. */
bool replication_metadata_time(const struct attribute_change *change,
			       char text[REPLICATION_TIME_SIZE]);

#endif
