/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/ldap_password.h"

#include "source/watchdog.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Reads fd to its end, at most size bytes; -1 and errno where that fails. read, not
 * stdio: no buffer may keep a copy. */
static ssize_t read_all(int fd, char *bytes, size_t size)
{
	size_t used = 0;

	while (used < size) {
		ssize_t got = read(fd, bytes + used, size - used);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		used += (size_t)got;
	}
	return (ssize_t)used;
}

static bool accept_password(const char *name, struct ldap_password *password, struct error *error)
{
	if (password->size == sizeof password->bytes)
		return error_set(error, ERROR_INPUT, "--password-file %s: longer than %zu bytes",
				 name, sizeof password->bytes - 1);
	if (password->size && password->bytes[password->size - 1] == '\n')
		password->size--;
	if (password->size && password->bytes[password->size - 1] == '\r')
		password->size--;
	/* a simple bind without a password succeeds as nobody: RFC 4513 5.1.2 */
	if (!password->size)
		return error_set(error, ERROR_INPUT, "--password-file %s: no password in it", name);
	return true;
}

bool ldap_password_read(const char *file, struct ldap_password *password, struct error *error)
{
	bool standard_input = !strcmp(file, "-");
	const char *name = standard_input ? "- (standard input)" : file;
	ssize_t size = -1;
	int cause = 0;
	int fd;

	password->size = 0;
	watchdog_waiting_for("the password in %s", name);
	fd = standard_input ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		size = read_all(fd, password->bytes, sizeof password->bytes);
	if (size < 0)
		cause = errno;
	if (fd >= 0 && !standard_input)
		(void)close(fd);
	if (cause)
		return error_set_cause(error, ERROR_INPUT, cause, "--password-file %s", name);
	password->size = (size_t)size;
	return accept_password(name, password, error);
}

void ldap_password_wipe(struct ldap_password *password)
{
	explicit_bzero(password, sizeof *password);
}
