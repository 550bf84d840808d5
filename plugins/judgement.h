/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Steps 3 to 6 of the run: from what the options name to the verdict on it. Prints nothing.
 */
#ifndef JUDGEMENT_H
#define JUDGEMENT_H

#include "options.h"
#include "policy/verdict.h"
#include "source/trace.h"

#include <time.h>

/*
 * Reads what options name, asks the KDC where they say so, and judges. start is when the run
 * began, by CLOCK_MONOTONIC. NULL where nothing could be judged. Owner of all that is read:
 * context.
 */
struct verdict *judgement_reach(const void *context, const struct options *options,
				const struct timespec *start, struct trace *trace,
				struct error *error);

#endif
