/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which accounts the user wants judged: the words of the command line, as they stand.
 */
#ifndef MODEL_SELECTION_H
#define MODEL_SELECTION_H

#include "base/text.h"

#include <stdbool.h>

struct selection {
	bool hosts;                  /* judge hosts */
	bool admins;                 /* judge admins, krbtgt included */
	struct text_list host_words; /* -n: names and patterns; empty: every host */
};

#endif
