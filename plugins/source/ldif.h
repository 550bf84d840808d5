/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads exports: LDIF content records (RFC 2849) as ldapsearch and ldifde write them.
 * Values are decoded by libldap; what a record may be and where a file may end is
 * decided here. Opens no file but those named: "attr:< url" and "include:" are refused.
 */
#ifndef SOURCE_LDIF_H
#define SOURCE_LDIF_H

#include "ad/directory.h"
#include "base/error.h"

#include <stdbool.h>

/*
 * Adds the entries of the file to directory ("-": standard input), and its time. An export that
 * says of itself that it is not whole, or of which a search lacks its end, becomes a gap; a broken
 * line, a change record, records that are not apart, a file that ends inside a record is an error
 * with file and line.
 */
bool ldif_read(const char *path, struct directory *directory, struct error *error);

#endif
