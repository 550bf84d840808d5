/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ad/replication_metadata.h"

#include "ad/little_endian.h"

#include <string.h>
#include <time.h>

enum {
	BLOB_VERSION = 1,
	HEAD_SIZE = 16, /* version, reserved, count, reserved */
	ITEM_SIZE = 48, /* attribute, version, time, origin, two update sequence numbers */
};

/*
 * The number of an attribute in the prefix table that every directory starts with: all of
 * Microsoft's attributes are 1.2.840.113556.1.4.N, which is 0x00090000 + N ([MS-DRSR]
 * 5.16.4).
 */
static uint32_t attribute_number(enum attribute attribute)
{
	static const uint16_t numbers[ATTRIBUTE_COUNT] = {
		[ATTRIBUTE_USER_ACCOUNT_CONTROL] = 8,
		[ATTRIBUTE_ALLOWED_TO_DELEGATE_TO] = 1787,
		[ATTRIBUTE_ALLOWED_TO_ACT] = 2182,
	};

	return numbers[attribute] ? 0x00090000u + numbers[attribute] : 0;
}

bool replication_metadata_find(const void *bytes, size_t size, enum attribute attribute,
			       struct attribute_change *change)
{
	const uint8_t *item = bytes;
	uint32_t wanted = attribute_number(attribute);
	uint32_t count;

	if (!wanted || size < HEAD_SIZE || little_endian(item, 4) != BLOB_VERSION)
		return false;
	count = little_endian(item + 8, 4);
	if (count > (size - HEAD_SIZE) / ITEM_SIZE)
		return false;
	item += HEAD_SIZE;
	for (; count; count--, item += ITEM_SIZE) {
		if (little_endian(item, 4) != wanted)
			continue;
		change->version = little_endian(item + 4, 4);
		change->time_s = little_endian(item + 8, 4) | (uint64_t)little_endian(item + 12, 4)
								      << 32;
		memcpy(change->origin.bytes, item + 16, GUID_SIZE);
		return true;
	}
	return false;
}

bool replication_metadata_time(const struct attribute_change *change,
			       char text[REPLICATION_TIME_SIZE])
{
	const uint64_t unix_epoch_s = 11644473600; /* 1970-01-01 */
	const uint64_t end_s = 265046774400;       /* 10000-01-01 */
	struct tm parts;
	time_t time_s;

	if (change->time_s < unix_epoch_s || change->time_s >= end_s)
		return false;
	time_s = (time_t)(change->time_s - unix_epoch_s);
	return gmtime_r(&time_s, &parts) &&
	       strftime(text, REPLICATION_TIME_SIZE, "%Y-%m-%dT%H:%M:%SZ", &parts) ==
		       REPLICATION_TIME_SIZE - 1;
}
