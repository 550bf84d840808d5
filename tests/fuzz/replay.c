/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * replay TARGET LIST: hands each file named in LIST, one a line, to the target, as libFuzzer
 * would. Needs no clang. Prints each name before it is taken: the last one is the culprit
 * where a promise is broken, which ends the program.
 */
#include "base/memory.h"
#include "fuzz.h"
#include "source/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void replay(fuzz_target *target, const char *path)
{
	struct error error = {0};
	bool missing;
	size_t size = 0;
	char *bytes = file_read(NULL, path, &size, &missing, &error);
	uint8_t *copy; /* of just that size: a NUL behind it would hide a read too far */

	if (!bytes) {
		(void)fprintf(stderr, "%s\n", error.text);
		exit(1);
	}
	copy = memory_check(malloc(size ? size : 1));
	memcpy(copy, bytes, size);
	talloc_free(bytes);
	target(copy, size);
	free(copy);
}

int main(int argc, char *argv[])
{
	fuzz_target *target = argc == 3 ? fuzz_find(argv[1]) : NULL;
	FILE *list = target ? fopen(argv[2], "re") : NULL;
	char *line = NULL;
	size_t line_size = 0;
	ssize_t length;

	if (!list) {
		(void)fprintf(stderr, "Usage: replay TARGET LIST\n");
		return 2;
	}
	while ((length = getline(&line, &line_size, list)) > 0) {
		line[length - (line[length - 1] == '\n')] = '\0';
		(void)puts(line);
		(void)fflush(stdout);
		replay(target, line);
	}
	free(line);
	(void)fclose(list);
	return 0;
}
