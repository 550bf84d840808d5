/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The four states of a Nagios service, their names, exit codes and order.
 */
#ifndef BASE_SERVICE_STATE_H
#define BASE_SERVICE_STATE_H

#include <stdbool.h>

/* The values are the exit codes of the Monitoring Plugins Development Guidelines. */
enum service_state {
	STATE_OK = 0,
	STATE_WARNING = 1,
	STATE_CRITICAL = 2,
	STATE_UNKNOWN = 3,
};

/* "OK", "WARNING", "CRITICAL", "UNKNOWN". */
const char *service_state_name(enum service_state state);

/* Reads a name in any letter case; false where text is none. */
bool service_state_parse(const char *text, enum service_state *state);

/* Place in OK < UNKNOWN < WARNING < CRITICAL: what could not be read never hides what
 * was found. */
int service_state_rank(enum service_state state);

/* The one of higher rank. */
enum service_state service_state_worst(enum service_state a, enum service_state b);

#endif
