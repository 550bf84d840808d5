/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole files: read, and replaced so that the old contents or the new ones are there. */
#include "source/file.h"

#include "unit.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct folder {
	char path[32];
};

static int remove_folder(struct folder *folder)
{
	char *command = memory_format(NULL, "rm -rf %s", folder->path);
	int code = system(command);

	talloc_free(command);
	return code ? -1 : 0;
}

static const char *new_folder(void **state)
{
	struct folder *folder = memory_new(*state, struct folder);

	strcpy(folder->path, "/tmp/unit-file-XXXXXX");
	assert_non_null(mkdtemp(folder->path));
	talloc_set_destructor(folder, remove_folder);
	return folder->path;
}

static void write_file(const char *path, const char *text, mode_t mode)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static void assert_contents(void **state, const char *path, const char *text)
{
	struct error error = {0};
	bool missing;
	size_t size;
	char *bytes = file_read(*state, path, &size, &missing, &error);

	assert_non_null(bytes);
	assert_string_equal(bytes, text);
	assert_int_equal(size, strlen(text));
}

static size_t count_files(const char *folder)
{
	DIR *stream = opendir(folder);
	size_t count = 0;

	assert_non_null(stream);
	for (const struct dirent *item = readdir(stream); item; item = readdir(stream))
		count += item->d_name[0] != '.';
	closedir(stream);
	return count;
}

static mode_t mode_of(const char *path)
{
	struct stat state;

	assert_int_equal(lstat(path, &state), 0);
	return state.st_mode & 07777;
}

static void replace(void **state, const char *path, const char *text)
{
	struct error error = {0};
	struct file_replacement *replacement =
		file_prepare(*state, path, text, strlen(text), &error);

	assert_non_null(replacement);
	assert_true(file_commit(replacement, &error));
	assert_contents(state, path, text);
}

static void test_read(void **state)
{
	const char *folder = new_folder(state);
	char *path = memory_format(*state, "%s/file", folder);
	char *text = memory_check(talloc_size(*state, 300001));
	struct error error = {0};
	bool missing = false;
	size_t size;

	assert_null(file_read(*state, path, &size, &missing, &error));
	assert_true(missing);
	assert_non_null(strstr(error.text, "No such file"));
	assert_null(file_read(*state, folder, &size, &missing, &error));
	assert_false(missing);
	for (size_t length = 0; length <= 300000; length += 50000) {
		memset(text, 'x', length);
		text[length] = '\0';
		write_file(path, text, 0644);
		assert_contents(state, path, text);
	}
}

static void test_replace(void **state)
{
	static const mode_t modes[] = {0600, 0640, 0444, 0664};
	const char *folder = new_folder(state);
	char *path = memory_format(*state, "%s/file", folder);
	mode_t mask = umask(027);

	replace(state, path, "made anew");
	assert_int_equal(mode_of(path), 0640);
	umask(mask);
	for (size_t i = 0; i < COUNT_OF(modes); i++) {
		write_file(path, "old", 0600);
		assert_int_equal(chmod(path, modes[i]), 0);
		replace(state, path, "new");
		assert_int_equal(mode_of(path), modes[i]);
	}
	assert_int_equal(count_files(folder), 1);
}

static void test_abandon(void **state)
{
	const char *folder = new_folder(state);
	char *path = memory_format(*state, "%s/file", folder);
	struct error error = {0};
	struct file_replacement *replacement;

	write_file(path, "old", 0644);
	replacement = file_prepare(*state, path, "new", 3, &error);
	assert_non_null(replacement);
	assert_int_equal(count_files(folder), 2);
	assert_contents(state, path, "old");
	talloc_free(replacement);
	assert_int_equal(count_files(folder), 1);
	assert_contents(state, path, "old");
}

static void test_links(void **state)
{
	const char *folder = new_folder(state);
	char *path = memory_format(*state, "%s/file", folder);
	char *link = memory_format(*state, "%s/link", folder);
	char *dangling = memory_format(*state, "%s/dangling", folder);
	struct error error = {0};
	struct stat stat;

	write_file(path, "old", 0640);
	assert_int_equal(symlink("file", link), 0);
	assert_int_equal(symlink("nothing", dangling), 0);
	replace(state, link, "new");
	assert_contents(state, path, "new");
	assert_int_equal(mode_of(path), 0640);
	assert_int_equal(lstat(link, &stat), 0);
	assert_true(S_ISLNK(stat.st_mode));
	assert_null(file_prepare(*state, dangling, "new", 3, &error));
	assert_non_null(strstr(error.text, "symbolic link to nothing"));
	assert_int_equal(count_files(folder), 3);
}

static void test_refused(void **state)
{
	const char *folder = new_folder(state);
	char *missing = memory_format(*state, "%s/none", folder);
	struct error error = {0};

	assert_null(
		file_prepare(*state, memory_format(*state, "%s/file", missing), "new", 3, &error));
	assert_string_equal(error.text,
			    memory_format(*state,
					  "can not make a file in the folder %s: No such file or "
					  "directory",
					  missing));
	assert_null(file_prepare(*state, folder, "new", 3, &error));
	assert_non_null(strstr(error.text, "no regular file"));
	assert_null(file_prepare(*state, "/dev/null", "new", 3, &error));
	assert_non_null(strstr(error.text, "no regular file"));
	assert_int_equal(count_files(folder), 0);
}

/* The folder is gone when the name is to be changed: an error, nothing else. */
static void test_commit_fails(void **state)
{
	char *folder = memory_format(*state, "%s/inner", new_folder(state));
	char *path = memory_format(*state, "%s/file", folder);
	char *command = memory_format(*state, "rm -rf %s", folder);
	struct error error = {0};
	struct file_replacement *replacement;

	assert_int_equal(mkdir(folder, 0755), 0);
	replacement = file_prepare(*state, path, "new", 3, &error);
	assert_non_null(replacement);
	assert_int_equal(system(command), 0);
	assert_false(file_commit(replacement, &error));
	assert_non_null(strstr(error.text, path));
}

UNIT_MAIN(UNIT_TEST(test_read), UNIT_TEST(test_replace), UNIT_TEST(test_abandon),
	  UNIT_TEST(test_links), UNIT_TEST(test_refused), UNIT_TEST(test_commit_fails))
