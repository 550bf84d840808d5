/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the targets share, and their names. */
#include "base/memory.h"
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const struct {
	const char *name;
	fuzz_target *target;
} targets[] = {
	{"attribute", fuzz_attribute},
	{"baseline", fuzz_baseline},
	{"dn", fuzz_dn},
	{"extra_opts", fuzz_extra_opts},
	{"kdc", fuzz_kdc},
	{"kerberos_config", fuzz_krb5_config},
	{"ldif", fuzz_ldif},
	{"metadata", fuzz_metadata},
	{"netlogon", fuzz_netlogon},
	{"options", fuzz_options},
	{"ping", fuzz_ping},
	{"policy", fuzz_policy},
	{"ranges", fuzz_ranges},
	{"replicas", fuzz_replicas},
	{"search", fuzz_search},
	{"security_descriptor", fuzz_security_descriptor},
	{"sid", fuzz_sid},
	{"spn", fuzz_spn},
	{"threshold", fuzz_threshold},
	{"whole", fuzz_whole},
};

fuzz_target *fuzz_find(const char *name)
{
	for (size_t i = 0; name && i < sizeof targets / sizeof targets[0]; i++) {
		if (!strcmp(targets[i].name, name))
			return targets[i].target;
	}
	return NULL;
}

void fuzz_fail(const char *file, int line, const char *condition)
{
	(void)fprintf(stderr, "%s:%d: not true: %s\n", file, line, condition);
	abort();
}

void out_of_memory(void)
{
	abort();
}

char *fuzz_text(const void *context, const uint8_t *bytes, size_t size)
{
	return memory_check(talloc_strndup(context, size ? (const char *)bytes : "", size));
}

int fuzz_file(const uint8_t *bytes, size_t size, char path[32])
{
	int file = memfd_create("input", 0);

	if (file < 0)
		abort();
	while (size) {
		ssize_t written = write(file, bytes, size);

		if (written < 0)
			abort();
		bytes += written;
		size -= (size_t)written;
	}
	(void)snprintf(path, 32, "/proc/self/fd/%d", file);
	return file;
}
