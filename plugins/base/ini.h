/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * INI files as the program reads them: inih's grammar, with the checks that it lacks. A
 * line that its buffer can not hold is an error, not two lines; every error has its line.
 */
#ifndef BASE_INI_H
#define BASE_INI_H

#include "base/error.h"

#include <stdbool.h>
#include <stdio.h>

struct ini_settings {
	bool indented_is_line; /* an indented line is one of its own; else it goes on with the
				  value before */
	const char *section;   /* not NULL: all others are none of ours, whatever they hold */
};

/*
 * Takes one line of the file of that name: a section (name is NULL), or a name with its
 * value. False ends the reading; error is then filled, without file and line.
 */
typedef bool ini_taker(void *user, const char *section, const char *name, const char *value,
		       struct error *error);

/* Reads stream, which errors call path, to its end. */
bool ini_read(FILE *stream, const char *path, const struct ini_settings *settings, ini_taker *take,
	      void *user, struct error *error);

#endif
