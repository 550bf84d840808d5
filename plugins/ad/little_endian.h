/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Numbers as Microsoft's structures hold them.
 */
#ifndef AD_LITTLE_ENDIAN_H
#define AD_LITTLE_ENDIAN_H

#include <stddef.h>
#include <stdint.h>

/* The number of size bytes, 4 at most, the lowest first. */
static inline uint32_t little_endian(const uint8_t *byte, size_t size)
{
	uint32_t number = 0;

	while (size--)
		number = number << 8 | byte[size];
	return number;
}

#endif
