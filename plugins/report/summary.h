/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A verdict in one line, which is all that a phone shows at night: the counts, and what
 * made the state what it is.
 */
#ifndef REPORT_SUMMARY_H
#define REPORT_SUMMARY_H

#include "policy/verdict.h"

#include <stddef.h>

/* Bytes of a summary that has all the room there is: of a line of less than 160, behind the longest
 * state. */
enum { SUMMARY_MAX = 129 };

/*
 * The summary, without state: "2 of 20 hosts wrong; 25 of 50 admins unprotected; critical:
 * hv09 (unconstrained-delegation)". The last part names the first of what is worst, where no
 * count says it. What must be left out for it to have at most max bytes is first the pairs,
 * then drift, then that name; what could not be read is always told. Holds text of the
 * directory as it is. Owner: context.
 */
char *summary_text(const void *context, const struct verdict *verdict, size_t max);

#endif
