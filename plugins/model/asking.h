/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The question that is being put together, and all that was asked before it: each function
 * adds to a list of the question what no earlier one asked for. Texts are taken as they are,
 * not copied, unless it says so.
 */
#ifndef MODEL_ASKING_H
#define MODEL_ASKING_H

#include "ad/entry.h"
#include "ad/question.h"
#include "base/hash.h"

#include <stdbool.h>
#include <stdint.h>

struct asked;

struct asking {
	struct asked *asked;       /* uthash */
	struct asked *own_spns;    /* uthash; apart from the others, for there are many */
	struct asked *others_spns; /* uthash */
	void *round;               /* owner of the question's lists */
	struct question *question;
};

/* An asking that has asked nothing yet. Owner: context. */
struct asking *asking_new(const void *context);

/* Empties question and makes it the one that is added to; ends the one before, with its
 * round. */
void asking_begin(struct asking *asking, struct question *question);

/* Notes something as asked for; false where it was before. */
bool asking_once(struct asking *asking, const char *kind, const char *what);

/* Adds text, of that kind, to a list of the question. */
void asking_text(struct asking *asking, struct text_list *list, const char *kind, const char *text);

/* These add to what is asked of the own domain or of the others: one of question's two. */
void asking_dn(struct asking *asking, struct entry_question *part, const char *dn);
void asking_sid(struct asking *asking, struct entry_question *part, const struct sid *sid);
void asking_primary_group(struct asking *asking, struct entry_question *part, const char *domain,
			  uint32_t rid);

/*
 * Asks who says to be a member of group, where that shows none: its list may be hidden from the
 * login instead of empty.
 */
void asking_claims(struct asking *asking, struct entry_question *part, const struct entry *group);

/* Copies the SPN; false where it was asked for before. */
bool asking_spn(struct asking *asking, struct entry_question *part, const char *spn);

#endif
