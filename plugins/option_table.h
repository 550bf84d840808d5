/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which options there are: one table, of which the help, getopt's tables and the names in
 * error messages are made.
 */
#ifndef OPTION_TABLE_H
#define OPTION_TABLE_H

#include <stddef.h>

/* Values of options without a letter, above those of all letters. */
enum long_option {
	FIRST_LONG_OPTION = 256,
	OPTION_SITE = FIRST_LONG_OPTION,
	OPTION_TRANSPORT,
	OPTION_CA_FILE,
	OPTION_CCACHE,
	OPTION_BIND_DN,
	OPTION_PASSWORD_FILE,
	OPTION_LDIF,
	OPTION_ALL_SERVERS,
	OPTION_GC,
	OPTION_ONLY,
	OPTION_POLICY,
	OPTION_BASELINE,
	OPTION_ACCEPT,
	OPTION_KDC,
	OPTION_KDC_CONTROL,
	OPTION_KDC_LIMIT,
	OPTION_OUTPUT_FORMAT,
	OPTION_FIX,
	OPTION_MAX_OUTPUT,
	OPTION_EXTRA_OPTS,
};

/* One option: how it is written, what it takes, what it says of itself. A row without
 * a name is a heading of the help. */
struct option_row {
	int value;
	const char *name;
	const char *argument; /* NULL: takes none */
	const char *help;
};

extern const struct option_row option_rows[];
extern const size_t option_row_count;

/* More than there are rows, for what is noted of each. */
enum { OPTION_ROWS_MAX = 64 };

/* The index of the row of that value, of which there is one. */
size_t option_row_of(int value);

#endif
