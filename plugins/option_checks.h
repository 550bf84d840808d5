/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What makes no sense together on a command line, or lacks something that it needs.
 */
#ifndef OPTION_CHECKS_H
#define OPTION_CHECKS_H

#include "extra_opts.h"
#include "option_table.h"
#include "options.h"

/* The threshold of one label and severity. */
struct threshold_note {
	const char *range; /* NULL: none was given */
	bool from_file;    /* by --extra-opts */
};

/* What parsing needs beside the options: which options were given, by row. */
struct option_parse {
	const void *context;
	struct options *options;
	bool given[OPTION_ROWS_MAX];
	const char *arguments[OPTION_ROWS_MAX]; /* the last ones */
	struct extra_opts extra;                /* the command line, what --extra-opts adds in it */
	bool from_file[OPTION_ROWS_MAX];        /* the last one of that option is one of them */
	struct threshold_note thresholds[METRIC_COUNT][2]; /* [true]: critical */
};

/* Checks the options that were read; false and an error that names them where they contradict
 * each other. */
bool option_checks_run(const struct option_parse *parse, struct error *error);

#endif
