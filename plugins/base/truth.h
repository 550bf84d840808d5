/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is known of a claim about an account: "could not be read" is a value of its
 * own, so that it can not be mistaken for "no".
 */
#ifndef BASE_TRUTH_H
#define BASE_TRUTH_H

#include <stdbool.h>

enum truth {
	TRUTH_UNKNOWN = 0,
	TRUTH_NO,
	TRUTH_YES,
};

static inline enum truth truth_of(bool claim)
{
	return claim ? TRUTH_YES : TRUTH_NO;
}

static inline enum truth truth_and(enum truth a, enum truth b)
{
	if (a == TRUTH_NO || b == TRUTH_NO)
		return TRUTH_NO;
	return a == TRUTH_YES && b == TRUTH_YES ? TRUTH_YES : TRUTH_UNKNOWN;
}

static inline enum truth truth_or(enum truth a, enum truth b)
{
	if (a == TRUTH_YES || b == TRUTH_YES)
		return TRUTH_YES;
	return a == TRUTH_NO && b == TRUTH_NO ? TRUTH_NO : TRUTH_UNKNOWN;
}

#endif
