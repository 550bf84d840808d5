/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Globally unique identifiers ([MS-DTYP] 2.3.4): the bytes as they travel, and the text.
 */
#ifndef AD_GUID_H
#define AD_GUID_H

#include <stdbool.h>
#include <stdint.h>

enum { GUID_SIZE = 16, GUID_TEXT_SIZE = 37 };

struct guid {
	uint8_t bytes[GUID_SIZE];
};

/* Writes "5f3d1c6e-…", the form without braces; returns text. */
const char *guid_format(const struct guid *guid, char text[GUID_TEXT_SIZE]);

bool guid_equal(const struct guid *a, const struct guid *b);

#endif
