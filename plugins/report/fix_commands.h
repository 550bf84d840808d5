/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * --fix: for each finding the commands that mend just that one, first for PowerShell,
 * then for a Unix shell. Where a human has to decide, a comment says what.
 */
#ifndef REPORT_FIX_COMMANDS_H
#define REPORT_FIX_COMMANDS_H

#include "policy/verdict.h"

/*
 * The commands, each to be pasted as it is; a comment begins with "# ". Empty where
 * there is nothing sensible to do. A command of several lines is a here-document.
 * Owner: context.
 */
struct text_list fix_commands(const void *context, const struct verdict *verdict,
			      const struct finding *finding);

#endif
