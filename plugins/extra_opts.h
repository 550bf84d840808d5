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

/*
 * Makes the argument list of the program: argv[0], the options of every --extra-opts
 * section in their order, which are *file_count, then the rest of argv. Owner: context.
 */
bool extra_opts_expand(const void *context, int argc, char *const argv[],
		       struct text_list *arguments, int *file_count, struct error *error);

#endif
