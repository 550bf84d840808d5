/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * --fix: for each finding the commands that mend just that one, first for PowerShell,
 * then for a Unix shell. Where a human has to decide, a comment says what.
 */
#ifndef REPORT_FIX_COMMANDS_H
#define REPORT_FIX_COMMANDS_H

#include "policy/verdict.h"

/*
 * How to mend one finding. Each command is to be pasted as it is; one of several lines is a
 * here-document. The commands for PowerShell and those for a Unix shell do the same: they are
 * alternatives. Either list may be empty, or all three.
 */
struct fix_advice {
	struct text_list notes;      /* what a human should know first, each beginning with "# " */
	struct text_list windows;    /* commands for PowerShell */
	struct text_list unix_tools; /* commands for a Unix shell */
};

/* Owner of the texts: context. */
struct fix_advice fix_advise(const void *context, const struct verdict *verdict,
			     const struct finding *finding);

/*
 * The same as one list: the notes, then the commands of each kind below a comment that says
 * which kind it is. Empty where there is nothing sensible to do. Owner: context.
 */
struct text_list fix_commands(const void *context, const struct verdict *verdict,
			      const struct finding *finding);

#endif
