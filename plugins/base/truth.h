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

#endif
