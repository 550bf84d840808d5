/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The policy file: sections [hosts], [group NAME], [admins], [operators], [rules]. What it
 * does not know is an error with file and line; nothing is passed over.
 */
#ifndef POLICY_POLICY_FILE_H
#define POLICY_POLICY_FILE_H

#include "base/error.h"
#include "policy/policy.h"

#include <stdbool.h>
#include <stdio.h>

/* Reads stream, which errors call path, into policy. Owner of the texts: context. */
bool policy_file_read(const void *context, FILE *stream, const char *path, struct policy *policy,
		      struct error *error);

#endif
