/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/file.h"

#include "base/memory.h"
#include "source/watchdog.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	FILE_SIZE_MAX = 256 * 1024 * 1024, /* a report of the largest domains has some MiB */
	NEW_MODE = 0644,
	NAME_TRIES = 100,
};

struct file_replacement {
	char *path;      /* what is replaced, no symbolic link */
	char *temporary; /* NULL: there is none any more */
};

static bool fail(struct error *error, const char *what, const char *path)
{
	return error_set_cause(error, ERROR_INPUT, errno, "%s %s", what, path);
}

/* Reads fd to its end; NULL and errno where that fails. */
static char *read_all(const void *context, int fd, size_t *size)
{
	size_t room = 65536;
	char *bytes = memory_check(talloc_size(context, room));

	*size = 0;
	for (;;) {
		ssize_t got = read(fd, bytes + *size, room - *size - 1);

		if (got < 0 && errno == EINTR)
			continue;
		if (got == 0)
			break;
		if (got > 0)
			*size += (size_t)got;
		if (got > 0 && *size > FILE_SIZE_MAX)
			errno = EFBIG;
		if (got < 0 || *size > FILE_SIZE_MAX) {
			talloc_free(bytes);
			return NULL;
		}
		if (*size + 1 == room) {
			room *= 2;
			bytes = memory_check(talloc_realloc_size(context, bytes, room));
		}
	}
	bytes[*size] = '\0';
	return bytes;
}

char *file_read(const void *context, const char *path, size_t *size, bool *missing,
		struct error *error)
{
	char *bytes;
	int fd;

	watchdog_waiting_for("the file %s", path);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	*missing = fd < 0 && errno == ENOENT;
	bytes = fd < 0 ? NULL : read_all(context, fd, size);
	if (!bytes)
		fail(error, "can not read", path);
	if (fd >= 0)
		(void)close(fd);
	return bytes;
}

static bool write_all(int fd, const char *bytes, size_t size)
{
	while (size) {
		ssize_t written = write(fd, bytes, size);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return false;
		bytes += written;
		size -= (size_t)written;
	}
	return true;
}

/* Finds what path means in the end, and the state of the file that is there; false for what
 * can not be replaced. */
static bool resolve(struct file_replacement *replacement, const char *path, struct stat *old,
		    bool *exists, struct error *error)
{
	char *resolved = realpath(path, NULL);

	*exists = resolved;
	if (!resolved && errno != ENOENT)
		return fail(error, "can not replace", path);
	if (!resolved && lstat(path, old) == 0)
		return error_set(error, ERROR_INPUT,
				 "can not replace %s: it is a symbolic link to nothing", path);
	replacement->path = memory_text(replacement, resolved ? resolved : path);
	free(resolved);
	if (!*exists)
		return true;
	if (stat(replacement->path, old) != 0)
		return fail(error, "can not replace", path);
	return S_ISREG(old->st_mode) ||
	       error_set(error, ERROR_INPUT, "can not replace %s: it is no regular file", path);
}

/* The folder that the file is in. */
static char *folder_of(const struct file_replacement *replacement)
{
	const char *slash = strrchr(replacement->path, '/');

	if (!slash)
		return memory_text(replacement, ".");
	return memory_check(talloc_strndup(
		replacement, replacement->path,
		slash == replacement->path ? 1 : (size_t)(slash - replacement->path)));
}

/* Makes the temporary file; its descriptor, or -1 and errno. */
static int create(struct file_replacement *replacement, mode_t mode)
{
	int fd = -1;

	for (int i = 0; fd < 0 && i < NAME_TRIES; i++) {
		char *name = memory_format(replacement, "%s.new-%ld-%d", replacement->path,
					   (long)getpid(), i);

		fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
		if (fd >= 0)
			replacement->temporary = name;
		else if (errno != EEXIST)
			return -1;
	}
	return fd;
}

/* Gives the new file what the old one had. A foreign owner can be kept by root alone; then
 * nobody may read more than before. */
static bool keep_rights(int fd, const struct stat *old)
{
	mode_t mode = old->st_mode & 0777;
	struct stat present;

	if (fstat(fd, &present) != 0)
		return false;
	if ((present.st_uid != old->st_uid || present.st_gid != old->st_gid) &&
	    fchown(fd, old->st_uid, old->st_gid) != 0)
		mode &= (mode_t) ~(present.st_gid != old->st_gid ? S_IRWXG : 0);
	return fchmod(fd, mode) == 0;
}

static int remove_temporary(struct file_replacement *replacement)
{
	if (replacement->temporary)
		(void)unlink(replacement->temporary);
	return 0;
}

struct file_replacement *file_prepare(const void *context, const char *path, const void *bytes,
				      size_t size, struct error *error)
{
	struct file_replacement *replacement = memory_new(context, struct file_replacement);
	struct stat old;
	bool exists, written;
	int fd;

	talloc_set_destructor(replacement, remove_temporary);
	watchdog_waiting_for("the disk of %s", path);
	if (!resolve(replacement, path, &old, &exists, error)) {
		talloc_free(replacement);
		return NULL;
	}
	fd = create(replacement, exists ? 0600 : NEW_MODE);
	if (fd < 0) {
		fail(error, "can not make a file in the folder", folder_of(replacement));
		talloc_free(replacement);
		return NULL;
	}
	written =
		write_all(fd, bytes, size) && (!exists || keep_rights(fd, &old)) && fsync(fd) == 0;
	if (!written)
		fail(error, "can not write beside", path);
	if (close(fd) != 0 && written)
		written = fail(error, "can not write beside", path);
	if (written)
		return replacement;
	talloc_free(replacement);
	return NULL;
}

/* Makes the new name last through a loss of power. */
static bool sync_folder(const struct file_replacement *replacement, struct error *error)
{
	int fd = open(folder_of(replacement), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* not every file system can do that to a folder */
	bool synced = fd >= 0 && (fsync(fd) == 0 || errno == EINVAL);

	if (!synced)
		fail(error, "replaced, but may not survive a loss of power:", replacement->path);
	if (fd >= 0)
		(void)close(fd);
	return synced;
}

bool file_commit(struct file_replacement *replacement, struct error *error)
{
	bool done = false;

	if (rename(replacement->temporary, replacement->path) != 0) {
		fail(error, "can not replace", replacement->path);
	} else {
		replacement->temporary = NULL;
		done = sync_folder(replacement, error);
	}
	talloc_free(replacement);
	return done;
}
