/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ad/netlogon.h"

#include <string.h>

enum {
	/* Opcode: of a controller that has the account asked for, which is none, or has not */
	RESPONSE_EX = 23,
	USER_UNKNOWN_EX = 25,
	NAMES_OFFSET = 24, /* behind Opcode, Sbz, Flags and DomainGuid */
	LABEL_MAX = 63,
	POINTER = 0xC0,
};

struct reader {
	const uint8_t *bytes;
	size_t size;
	size_t offset;
};

/* Appends a label of length bytes; false where it does not fit or is no text. */
static bool append_label(char name[NETLOGON_NAME_SIZE], const uint8_t *label, size_t length)
{
	size_t used = strlen(name);

	if (used + 1 + length >= NETLOGON_NAME_SIZE)
		return false;
	for (size_t i = 0; i < length; i++) {
		if (label[i] < ' ' || label[i] == 0x7F)
			return false;
	}
	if (used)
		name[used++] = '.';
	memcpy(name + used, label, length);
	name[used + length] = '\0';
	return true;
}

/*
 * Reads a name and moves behind it. A pointer leads to where an earlier name stands: only
 * backwards, so that there is an end.
 */
static bool read_name(struct reader *reader, char name[NETLOGON_NAME_SIZE])
{
	size_t at = reader->offset, limit = reader->size;
	bool moved = false;

	name[0] = '\0';
	for (;;) {
		size_t length;

		if (at >= limit)
			return false;
		length = reader->bytes[at];
		if ((length & POINTER) == POINTER) {
			size_t target;

			if (at + 1 >= limit)
				return false;
			target = (length & LABEL_MAX) << 8 | reader->bytes[at + 1];
			if (!moved)
				reader->offset = at + 2;
			moved = true;
			if (target >= at)
				return false;
			limit = at;
			at = target;
			continue;
		}
		at++;
		if (!length)
			break;
		if (length > LABEL_MAX || length > limit - at ||
		    !append_label(name, reader->bytes + at, length))
			return false;
		at += length;
	}
	if (!moved)
		reader->offset = at;
	return true;
}

bool netlogon_parse(const uint8_t *bytes, size_t size, struct netlogon_answer *answer)
{
	struct reader reader = {bytes, size, NAMES_OFFSET};
	char unused[NETLOGON_NAME_SIZE];

	if (size < NAMES_OFFSET || (bytes[0] != RESPONSE_EX && bytes[0] != USER_UNKNOWN_EX) ||
	    bytes[1])
		return false;
	return read_name(&reader, unused) && /* DnsForestName */
	       read_name(&reader, answer->domain) && read_name(&reader, answer->host) &&
	       read_name(&reader, unused) && /* NetbiosDomainName */
	       read_name(&reader, unused) && /* NetbiosComputerName */
	       read_name(&reader, unused) && /* UserName */
	       read_name(&reader, answer->site) && read_name(&reader, answer->client_site);
}
