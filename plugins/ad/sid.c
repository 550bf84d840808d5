/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ad/sid.h"

#include "ad/little_endian.h"
#include "base/memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum {
	HEADER_SIZE = 8, /* revision, count, six bytes of authority */
	AUTHORITY_BUILTIN = 5,
	BUILTIN_DOMAIN = 32,
};

bool sid_parse(const void *bytes, size_t size, struct sid *sid, size_t *used)
{
	const uint8_t *byte = bytes;
	struct sid result = {0};

	if (size < HEADER_SIZE || byte[0] != 1 || byte[1] > SID_SUB_AUTHORITIES_MAX)
		return false;
	if (size < HEADER_SIZE + 4u * byte[1])
		return false;
	result.sub_authority_count = byte[1];
	for (size_t i = 2; i < HEADER_SIZE; i++)
		result.authority = result.authority << 8 | byte[i];
	for (size_t i = 0; i < result.sub_authority_count; i++)
		result.sub_authorities[i] = little_endian(byte + HEADER_SIZE + 4 * i, 4);
	if (used)
		*used = HEADER_SIZE + 4u * result.sub_authority_count;
	*sid = result;
	return true;
}

/* Reads digits at *text up to limit and moves *text behind them. */
static bool parse_number(const char **text, uint64_t limit, uint64_t *number)
{
	const char *at = *text;
	uint64_t value = 0;

	if (*at < '0' || *at > '9')
		return false;
	for (; *at >= '0' && *at <= '9'; at++) {
		value = value * 10 + (uint64_t)(*at - '0');
		if (value > limit)
			return false;
	}
	*text = at;
	*number = value;
	return true;
}

bool sid_parse_text(const char *text, struct sid *sid)
{
	struct sid result = {0};
	uint64_t number;

	if (strncasecmp(text, "S-1-", 4) != 0)
		return false;
	text += 4;
	if (!parse_number(&text, ((uint64_t)1 << 48) - 1, &result.authority))
		return false;
	while (*text) {
		if (*text++ != '-' || result.sub_authority_count == SID_SUB_AUTHORITIES_MAX)
			return false;
		if (!parse_number(&text, UINT32_MAX, &number))
			return false;
		result.sub_authorities[result.sub_authority_count++] = (uint32_t)number;
	}
	*sid = result;
	return true;
}

const char *sid_format(const struct sid *sid, char text[SID_TEXT_SIZE])
{
	int length = snprintf(text, SID_TEXT_SIZE, "S-1-%" PRIu64, sid->authority);

	for (size_t i = 0; i < sid->sub_authority_count; i++)
		length += snprintf(text + length, SID_TEXT_SIZE - (size_t)length, "-%" PRIu32,
				   sid->sub_authorities[i]);
	return text;
}

size_t sid_format_binary(const struct sid *sid, uint8_t bytes[SID_BINARY_MAX])
{
	bytes[0] = 1;
	bytes[1] = sid->sub_authority_count;
	for (size_t i = 2; i < HEADER_SIZE; i++)
		bytes[i] = (uint8_t)(sid->authority >> 8 * (HEADER_SIZE - 1 - i));
	for (size_t i = 0; i < sid->sub_authority_count; i++) {
		for (size_t byte = 0; byte < 4; byte++)
			bytes[HEADER_SIZE + 4 * i + byte] =
				(uint8_t)(sid->sub_authorities[i] >> 8 * byte);
	}
	return HEADER_SIZE + 4u * sid->sub_authority_count;
}

bool sid_equal(const struct sid *a, const struct sid *b)
{
	return a->authority == b->authority && a->sub_authority_count == b->sub_authority_count &&
	       !memcmp(a->sub_authorities, b->sub_authorities, 4u * a->sub_authority_count);
}

struct sid sid_of_domain(const struct sid *domain, uint32_t rid)
{
	struct sid sid = *domain;

	if (sid.sub_authority_count < SID_SUB_AUTHORITIES_MAX)
		sid.sub_authorities[sid.sub_authority_count++] = rid;
	return sid;
}

bool sid_in_domain(const struct sid *sid, const struct sid *domain, uint32_t *rid)
{
	if (sid->authority != domain->authority ||
	    sid->sub_authority_count != domain->sub_authority_count + 1 ||
	    memcmp(sid->sub_authorities, domain->sub_authorities,
		   4u * domain->sub_authority_count) != 0)
		return false;
	if (rid)
		*rid = sid->sub_authorities[domain->sub_authority_count];
	return true;
}

bool sid_is_of_some_domain(const struct sid *sid)
{
	return sid->authority == 5 && sid->sub_authority_count > 1 && sid->sub_authorities[0] == 21;
}

struct sid sid_builtin(uint32_t rid)
{
	return (struct sid){
		.authority = AUTHORITY_BUILTIN,
		.sub_authority_count = 2,
		.sub_authorities = {BUILTIN_DOMAIN, rid},
	};
}

void sid_list_add(const void *context, struct sid_list *list, const struct sid *sid)
{
	*memory_add(context, list->items, list->count) = *sid;
}
