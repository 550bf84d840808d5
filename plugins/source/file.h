/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whole files: read, and replaced in such a way that whoever opens the name finds the old
 * contents or the new ones, whatever happens meanwhile. Knows nothing of contents.
 */
#ifndef SOURCE_FILE_H
#define SOURCE_FILE_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Reads a file to its end; a NUL that *size does not count stands behind the bytes. NULL where
 * that fails; *missing then says whether there is no file of that name. Owner: context.
 */
char *file_read(const void *context, const char *path, size_t *size, bool *missing,
		struct error *error);

/* New contents that wait in a temporary file beside the one that they will replace. */
struct file_replacement;

/*
 * Writes size bytes, down to the disk, into a new file in the folder of path (of the file that
 * it points to, where it is a symbolic link), with the mode and, where allowed, the owner of
 * the old one; where there is none, 0644 less the umask. Nothing has happened to path yet; if
 * the replacement is freed without file_commit, nothing will have. NULL where that fails.
 * Owner: context.
 */
struct file_replacement *file_prepare(const void *context, const char *path, const void *bytes,
				      size_t size, struct error *error);

/* Puts the new contents in the place of the old ones, and frees replacement. False where that
 * fails: the old ones are still there, or (the error says so) may be again after a loss of
 * power. */
bool file_commit(struct file_replacement *replacement, struct error *error);

#endif
