/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The command line: what may be said, what it means, what contradicts itself. Knows
 * every layer's settings and fills them; reads no directory.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "base/error.h"
#include "base/text.h"
#include "model/kdc_answers.h"
#include "policy/policy.h"
#include "source/ldap_session.h"

#include <stdbool.h>
#include <stddef.h>

enum run_mode {
	RUN_CHECK,
	RUN_HELP,
	RUN_VERSION,
};

enum output_format {
	OUTPUT_NAGIOS,
	OUTPUT_JSON,
	OUTPUT_HTML,
	OUTPUT_OPENMETRICS,
};

struct options {
	enum run_mode mode;
	struct ldap_settings ldap;
	struct text_list servers;    /* what ldap.servers points to */
	struct text_list ldif_files; /* not empty: no directory is asked */
	bool all_servers;            /* each is asked, and what they hold compared */
	struct policy policy;
	struct kdc_settings kdc;
	const char *baseline_file; /* NULL: no drift is looked for */
	bool accept;               /* the present facts become the baseline */
	unsigned timeout_s;
	enum service_state timeout_state;
	enum output_format format;
	const char *output_file; /* the report goes there, the Nagios text to standard output;
				    NULL: the report to standard output */
	bool fix;                /* show the commands that mend each finding */
	unsigned verbosity;
	size_t max_output; /* bytes; 0: not given */
};

/*
 * Reads the command line, the options of --extra-opts before it. All texts are argv's
 * or owned by context. The error of a contradiction names both options.
 */
bool options_parse(const void *context, int argc, char *const argv[], struct options *options,
		   struct error *error);

/* The text of --help. Owner: context. */
char *options_help(const void *context);

#endif
