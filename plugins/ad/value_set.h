/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether two lists of values of an attribute hold the same, in whatever order and however
 * often.
 */
#ifndef AD_VALUE_SET_H
#define AD_VALUE_SET_H

#include "ad/entry.h"

/* Whether each of the values a is among b, and the other way round. DNs compare as such,
 * other values without regard to ASCII case. */
bool value_sets_equal(enum attribute attribute, const struct value *a, size_t a_count,
		      const struct value *b, size_t b_count);

#endif
