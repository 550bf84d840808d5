/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libFuzzer's entry: hands what it invents to the target that FUZZ_TARGET names. Built by
 * tests/fuzz/run with clang; one program for all, so that it is linked once. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static fuzz_target *target;

	if (!target)
		target = fuzz_find(getenv("FUZZ_TARGET"));
	if (!target) {
		(void)fprintf(stderr, "FUZZ_TARGET names no target\n");
		exit(1);
	}
	target(bytes, size);
	return 0;
}
