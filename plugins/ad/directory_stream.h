/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A directory as bytes, for another process of this very program: as it is in memory, with
 * its ranges and gaps. No format for files: numbers are in the machine's order, and lengths
 * are believed.
 */
#ifndef AD_DIRECTORY_STREAM_H
#define AD_DIRECTORY_STREAM_H

#include "ad/directory.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Writes directory; what could not be written is seen by ferror. */
void directory_stream_write(FILE *stream, const struct directory *directory);

/* Reads what directory_stream_write wrote. NULL: the stream ends too early. Owner: context. */
struct directory *directory_stream_read(const void *context, FILE *stream);

/* The same for a number, and for a text. */
void directory_stream_write_number(FILE *stream, uint64_t number);
bool directory_stream_read_number(FILE *stream, uint64_t *number);
void directory_stream_write_text(FILE *stream, const char *text);
char *directory_stream_read_text(const void *context, FILE *stream);

#endif
