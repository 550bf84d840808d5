/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a live directory still has to be asked for, round by round, until the snapshot
 * can be built as it would be from a whole export. Runs the very code that the
 * snapshot is made by, and asks for what that code missed.
 */
#ifndef MODEL_INQUIRY_H
#define MODEL_INQUIRY_H

#include "ad/directory.h"
#include "ad/question.h"
#include "model/selection.h"

#include <stdbool.h>

struct inquiry;

/* An inquiry that has asked nothing yet. Owner: context. */
struct inquiry *inquiry_new(const void *context);

/*
 * Fills question (owned by the inquiry, valid until the next call) with what directory
 * lacks and was not asked for before; false where nothing is left to ask.
 */
bool inquiry_next(struct inquiry *inquiry, const struct directory *directory,
		  const struct selection *selection, struct question *question);

#endif
