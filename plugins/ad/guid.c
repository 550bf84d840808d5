/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ad/guid.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

const char *guid_format(const struct guid *guid, char text[GUID_TEXT_SIZE])
{
	/* the first three fields are little-endian numbers, the rest stands as it is */
	static const uint8_t order[GUID_SIZE] = {3, 2, 1,  0,  5,  4,  7,  6,
						 8, 9, 10, 11, 12, 13, 14, 15};
	char *end = text;

	for (size_t i = 0; i < GUID_SIZE; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*end++ = '-';
		end += snprintf(end, 3, "%02x", (unsigned)guid->bytes[order[i]]);
	}
	return text;
}

bool guid_equal(const struct guid *a, const struct guid *b)
{
	return !memcmp(a->bytes, b->bytes, GUID_SIZE);
}
