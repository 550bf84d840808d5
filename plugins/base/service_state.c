/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/service_state.h"

#include "base/memory.h"

#include <stddef.h>
#include <strings.h>

static const struct {
	const char *name;
	int rank;
} states[] = {
	[STATE_OK] = {"OK", 0},
	[STATE_UNKNOWN] = {"UNKNOWN", 1},
	[STATE_WARNING] = {"WARNING", 2},
	[STATE_CRITICAL] = {"CRITICAL", 3},
};

const char *service_state_name(enum service_state state)
{
	return states[state].name;
}

bool service_state_parse(const char *text, enum service_state *state)
{
	for (size_t i = 0; i < countof(states); i++) {
		if (!strcasecmp(text, states[i].name)) {
			*state = (enum service_state)i;
			return true;
		}
	}
	return false;
}

int service_state_rank(enum service_state state)
{
	return states[state].rank;
}

enum service_state service_state_worst(enum service_state a, enum service_state b)
{
	return states[a].rank >= states[b].rank ? a : b;
}
