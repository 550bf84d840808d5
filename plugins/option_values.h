/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What stands behind an option, read from its text into the options. Each function returns
 * false for a text that is none of what the option takes; the error says what it does.
 */
#ifndef OPTION_VALUES_H
#define OPTION_VALUES_H

#include "options.h"

bool option_value_port(const char *text, struct options *options, struct error *error);

/* "SECONDS[:STATE]" */
bool option_value_timeout(const char *text, struct options *options, struct error *error);

bool option_value_max_output(const char *text, struct options *options, struct error *error);
bool option_value_kdc_limit(const char *text, struct options *options, struct error *error);
bool option_value_transport(const char *text, struct options *options, struct error *error);
bool option_value_only(const char *text, struct options *options, struct error *error);
bool option_value_format(const char *text, struct options *options, struct error *error);

/* "[LABEL=]RANGE"; *metric is the one that has the label. */
bool option_value_threshold(const char *text, bool critical, struct options *options,
			    enum metric *metric, struct error *error);

#endif
