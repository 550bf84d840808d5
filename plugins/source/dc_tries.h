/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The order in which controllers are tried, and what is said where none of them will do.
 */
#ifndef SOURCE_DC_TRIES_H
#define SOURCE_DC_TRIES_H

#include "base/error.h"
#include "source/trace.h"

#include <stdbool.h>
#include <stddef.h>

/* Tries the controller of that index; false, and error, where it failed. *reached: it was
 * there, and nothing speaks against another try. */
typedef bool dc_try(void *data, size_t index, bool *reached, struct error *error);

/*
 * Tries the controllers one after the other, hosts naming them. Where all fail, those that
 * hung up are tried once more: with many checks at once a controller, or its KDC, drops some
 * that it has no place for. A login that is refused ends it: elsewhere it would fail as well,
 * and count towards a lock-out. *tried: so many of them, from the first on, were tried. False
 * where none will do; error names each one that was tried, and why it failed.
 */
bool dc_tries_run(const char *const *hosts, size_t count, dc_try *try, void *data, size_t *tried,
		  struct trace *trace, struct error *error);

#endif
