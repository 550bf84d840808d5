/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/ldap_ca.h"

#include "base/memory.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Debian's and Red Hat's place of the system's bundle. */
static const char *const bundles[] = {
	"/etc/ssl/certs/ca-certificates.crt",
	"/etc/pki/tls/certs/ca-bundle.crt",
};

/* Whether a line of file begins a PEM certificate; errno where it can not be read. */
static int find_certificate(const char *file, bool *found)
{
	FILE *stream = fopen(file, "re");
	char line[256];
	int cause = 0;

	*found = false;
	if (!stream)
		return errno;
	while (!*found && fgets(line, sizeof line, stream))
		*found = !strncmp(line, "-----BEGIN CERTIFICATE-----", 27) ||
			 !strncmp(line, "-----BEGIN TRUSTED CERTIFICATE-----", 35);
	if (ferror(stream))
		cause = errno;
	(void)fclose(stream);
	return cause;
}

bool ldap_ca_find(const char *given, const char **ca_file, struct error *error)
{
	bool found;
	int cause;

	*ca_file = given;
	if (given) {
		cause = find_certificate(given, &found);
		if (cause)
			return error_set_cause(error, ERROR_INPUT, cause, "--ca-file %s", given);
		if (!found)
			return error_set(error, ERROR_INPUT,
					 "--ca-file %s: no certificate in it (PEM is expected)",
					 given);
		return true;
	}
	for (size_t i = 0; i < countof(bundles); i++) {
		if (!find_certificate(bundles[i], &found) && found) {
			*ca_file = bundles[i];
			return true;
		}
	}
	return error_set(error, ERROR_INPUT,
			 "this system has no bundle of trusted certificates (%s): name one by "
			 "--ca-file",
			 bundles[0]);
}
