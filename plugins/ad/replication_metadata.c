/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ad/replication_metadata.h"

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

static uint32_t read_uint32(const uint8_t *at)
{
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
	       (uint32_t)at[3] << 24;
}

static uint64_t read_uint64(const uint8_t *at)
{
	return read_uint32(at) | (uint64_t)read_uint32(at + 4) << 32;
}

bool replication_metadata_find(const void *bytes, size_t size, enum attribute attribute,
			       struct attribute_change *change)
{
	const uint8_t *item = bytes;
	uint32_t wanted = attribute_number(attribute);
	uint32_t count;

	if (!wanted || size < HEAD_SIZE || read_uint32(item) != BLOB_VERSION)
		return false;
	count = read_uint32(item + 8);
	if (count > (size - HEAD_SIZE) / ITEM_SIZE)
		return false;
	item += HEAD_SIZE;
	for (; count; count--, item += ITEM_SIZE) {
		if (read_uint32(item) != wanted)
			continue;
		change->version = read_uint32(item + 4);
		change->time_s = read_uint64(item + 8);
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
