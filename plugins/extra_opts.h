/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * --extra-opts=[section][@file]: options kept in an INI file, as in the Monitoring
 * Plugins, so that a scheduler's command lines stay short.
 */
#ifndef EXTRA_OPTS_H
#define EXTRA_OPTS_H

#include "base/error.h"
#include "base/text.h"

#include <stdbool.h>

struct extra_opts {
	struct text_list arguments; /* argv[0], the options of every --extra-opts section in
				       their order, the rest of argv */
	int count;                  /* of those options */
	struct text_list files;     /* that they were read from; "-": standard input */
};

/* Makes the argument list of the program. Owner: context. */
bool extra_opts_expand(const void *context, int argc, char *const argv[], struct extra_opts *extra,
		       struct error *error);

#endif
