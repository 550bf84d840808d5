/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which accounts the user wants judged, and how: the words of the command line and of
 * the policy, as they stand. Names, shell patterns and SIDs mix in every list.
 */
#ifndef MODEL_SELECTION_H
#define MODEL_SELECTION_H

#include "base/text.h"

#include <stdbool.h>

/* A word that names hosts, and where it stands. */
struct host_word {
	const char *word;
	const char *key; /* "host" for -n, "add" or "hosts" of the policy */
};

struct selection {
	bool hosts;                   /* judge hosts */
	bool admins;                  /* judge admins, krbtgt and operators included */
	struct text_list judged;      /* -n; empty: every host */
	struct host_word *host_words; /* -n, [hosts] add, [group] hosts: without wildcard they
					 make a computer a host */
	size_t host_word_count;
	struct text_list excluded;   /* [hosts] exclude */
	struct text_list trustees;   /* every list of trustees, to be looked up */
	struct text_list privileged; /* [admins] groups */
	struct text_list ignored;    /* [admins] ignore-groups */
	struct text_list exempt;     /* [admins] exempt */
	struct text_list exempt_dns; /* [admins] exempt-dn */
	struct text_list operators;  /* [operators] accounts */
};

#endif
