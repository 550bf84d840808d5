/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ad/entry.h"

#include <string.h>
#include <strings.h>

bool value_equal(const struct value *a, const struct value *b)
{
	return a->size == b->size && !memcmp(a->bytes, b->bytes, a->size);
}

bool value_is_text(const struct value *value)
{
	return value->size && strlen(value->bytes) == value->size;
}

const struct attribute_values *entry_values(const struct entry *entry, enum attribute attribute)
{
	for (size_t i = 0; i < entry->attribute_count; i++) {
		if (entry->attributes[i].attribute == attribute)
			return &entry->attributes[i];
	}
	return NULL;
}

/* How many values a range that is not final says it holds. */
static uint32_t range_size(const struct attribute_range *range)
{
	return range->last - range->first + 1;
}

/*
 * How many values are known from the first one on without a gap, by the ranges seen in
 * any order; *final tells whether a range that reaches the end joins on. A range that
 * holds less than it says is known only so far.
 */
static uint32_t known_without_gap(const struct attribute_values *values, bool *final)
{
	uint32_t next = 0;
	bool moved = true;

	*final = false;
	while (moved && !*final) {
		moved = false;
		for (size_t i = 0; i < values->range_count; i++) {
			const struct attribute_range *range = &values->ranges[i];
			uint32_t count = range->count;

			if (range->first > next)
				continue;
			if (range->final) {
				*final = true;
				continue;
			}
			if (count > range_size(range))
				count = range_size(range);
			if (range->first + count > next) {
				next = range->first + count;
				moved = true;
			}
		}
	}
	return next;
}

bool entry_values_complete(const struct attribute_values *values)
{
	bool final;

	if (values->strange || values->contradictory)
		return false;
	if (!values->range_count)
		return true;
	for (size_t i = 0; i < values->range_count; i++) {
		const struct attribute_range *range = &values->ranges[i];

		if (!range->final && range->count > range_size(range))
			return false;
	}
	(void)known_without_gap(values, &final);
	return final;
}

uint32_t entry_next_range(const struct attribute_values *values)
{
	bool final;
	uint32_t next;

	if (!values->range_count)
		return 0;
	next = known_without_gap(values, &final);
	return final ? 0 : next;
}

enum reading entry_value(const struct entry *entry, enum attribute attribute,
			 const struct value **value)
{
	const struct attribute_values *values = entry_values(entry, attribute);

	if (!values)
		return READING_ABSENT;
	if (!entry_values_complete(values))
		return READING_BROKEN;
	if (!values->count)
		return READING_ABSENT;
	*value = &values->values[0];
	for (size_t i = 1; i < values->count; i++) {
		if (!value_equal(&values->values[i], *value))
			return READING_BROKEN;
	}
	return READING_OK;
}

enum reading entry_text(const struct entry *entry, enum attribute attribute, const char **text)
{
	const struct value *value;
	enum reading reading = entry_value(entry, attribute, &value);

	if (reading != READING_OK)
		return reading;
	if (!value_is_text(value))
		return READING_BROKEN;
	*text = value->bytes;
	return READING_OK;
}

enum reading entry_uint32(const struct entry *entry, enum attribute attribute, uint32_t *number)
{
	const struct value *value;
	enum reading reading = entry_value(entry, attribute, &value);
	const char *digit;
	uint64_t magnitude = 0;
	bool negative;

	if (reading != READING_OK)
		return reading;
	/* AD's integers are signed 32-bit ones; bit 31 of groupType shows as a minus */
	digit = value->bytes;
	negative = *digit == '-';
	digit += negative;
	if (!*digit)
		return READING_BROKEN;
	for (; *digit >= '0' && *digit <= '9'; digit++) {
		magnitude = magnitude * 10 + (uint64_t)(*digit - '0');
		if (magnitude > (negative ? (uint64_t)1 << 31 : UINT32_MAX))
			return READING_BROKEN;
	}
	if (digit != value->bytes + value->size)
		return READING_BROKEN;
	*number = negative ? (uint32_t)(0 - magnitude) : (uint32_t)magnitude;
	return READING_OK;
}

static bool decode_sid(const struct value *value, struct sid *sid)
{
	size_t used;

	/* a binary SID begins with 0x01, never with the letter S */
	if (value->size && (value->bytes[0] == 'S' || value->bytes[0] == 's'))
		return strlen(value->bytes) == value->size && sid_parse_text(value->bytes, sid);
	return sid_parse(value->bytes, value->size, sid, &used) && used == value->size;
}

enum reading entry_sid(const struct entry *entry, enum attribute attribute, struct sid *sid)
{
	const struct attribute_values *values = entry_values(entry, attribute);
	struct sid other;

	if (!values)
		return READING_ABSENT;
	if (!entry_values_complete(values))
		return READING_BROKEN;
	if (!values->count)
		return READING_ABSENT;
	if (!decode_sid(&values->values[0], sid))
		return READING_BROKEN;
	/* two exports may spell the same SID as bytes and as text */
	for (size_t i = 1; i < values->count; i++) {
		if (!decode_sid(&values->values[i], &other) || !sid_equal(sid, &other))
			return READING_BROKEN;
	}
	return READING_OK;
}

bool entry_is_unasked(const struct entry *entry, enum attribute attribute)
{
	const uint32_t bit = UINT32_C(1) << attribute;

	if (entry_values(entry, attribute))
		return false;
	for (const struct entry_record *record = &entry->record; record; record = record->before) {
		if (!record->search || !record->search->told || record->search->asked & bit)
			return false;
	}
	return true;
}

bool entry_has_text(const struct entry *entry, enum attribute attribute, const char *text)
{
	const struct attribute_values *values = entry_values(entry, attribute);
	size_t length = strlen(text);

	for (size_t i = 0; values && i < values->count; i++) {
		if (values->values[i].size == length &&
		    !strncasecmp(values->values[i].bytes, text, length))
			return true;
	}
	return false;
}
