/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A directory as bytes and back: nothing is lost, and a stream that ends early is no directory. */
#include "ad/directory_stream.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

static struct directory *sample(const void *context)
{
	struct directory *directory = unit_directory(context, DIRECTORY_LDAP,
						     "dn: CN=g\nmember;range=0-1: a\n"
						     "member;range=0-1: b\ncn: g\n\n"
						     "dn: CN=g\nmember;range=2-*: c\n\n"
						     "dn: CN=h\nmember;x-new: a\n"
						     "servicePrincipalName: cifs/h\n\n"
						     "dn: CN=shown by its name alone\n\n");
	struct entry *entry = directory_entry(directory, "CN=bytes");

	directory_add_value(directory, entry, "objectSid", "a\0b", 3);
	directory_add_value(directory, entry, "servicePrincipalName", "", 0);
	for (int i = 0; i < 9; i++)
		directory_add_value(directory, entry, "member", "a member", 8);
	directory_add_source(directory, "dc1");
	directory_add_gap(directory, "dc1", "the line was cut");
	directory->no_catalogue = "there is none";
	entry = directory_entry(directory_elsewhere(directory), "CN=x,DC=other");
	directory_add_value(directory->elsewhere, entry, "sAMAccountName", "x", 1);
	directory_add_source(directory->elsewhere, "gc");
	directory_add_gap(directory->elsewhere, "gc", "size limit");
	return directory;
}

/* All that a directory holds, as bytes. */
static char *write_all(const struct directory *directory, size_t *size)
{
	char *bytes;
	FILE *stream = open_memstream(&bytes, size);

	assert_non_null(stream);
	directory_stream_write(stream, directory);
	assert_int_equal(fclose(stream), 0);
	return bytes;
}

static struct directory *read_all(const void *context, char *bytes, size_t size)
{
	FILE *stream = fmemopen(bytes, size, "r");
	struct directory *directory;

	assert_non_null(stream);
	directory = directory_stream_read(context, stream);
	(void)fclose(stream);
	return directory;
}

static void test_nothing_is_lost(void **state)
{
	const struct attribute_values *values;
	struct directory *copy;
	size_t size, again_size;
	char *bytes = write_all(sample(*state), &size);
	char *again;

	copy = read_all(*state, bytes, size);
	assert_non_null(copy);
	assert_int_equal(copy->kind, DIRECTORY_LDAP);
	assert_int_equal(HASH_COUNT(copy->entries), 4);
	assert_string_equal(copy->sources[1], "dc1");
	assert_string_equal(copy->gaps[0].detail, "the line was cut");
	assert_string_equal(copy->no_catalogue, "there is none");
	assert_non_null(directory_find(copy->elsewhere, "cn=x,dc=other"));
	assert_string_equal(copy->elsewhere->sources[0], "gc");
	assert_string_equal(copy->elsewhere->gaps[0].detail, "size limit");
	assert_null(copy->elsewhere->elsewhere);
	assert_null(directory_find(copy, "cn=shown by its name alone"));
	values = entry_values(directory_find(copy, "cn=G"), ATTRIBUTE_MEMBER);
	assert_int_equal(values->count, 3);
	assert_true(entry_values_complete(values));
	values = entry_values(directory_find(copy, "cn=h"), ATTRIBUTE_MEMBER);
	assert_false(entry_values_complete(values));
	values = entry_values(directory_find(copy, "cn=bytes"), ATTRIBUTE_OBJECT_SID);
	assert_int_equal(values->values[0].size, 3);
	assert_memory_equal(values->values[0].bytes, "a\0b", 4);

	again = write_all(copy, &again_size);
	assert_int_equal(again_size, size);
	assert_memory_equal(again, bytes, size);
	free(again);
	free(bytes);
}

static void test_cut_anywhere(void **state)
{
	size_t size;
	char *bytes = write_all(sample(*state), &size);

	for (size_t i = 1; i < size; i++)
		assert_null(read_all(*state, bytes, i));
	free(bytes);
}

UNIT_MAIN(UNIT_TEST(test_nothing_is_lost), UNIT_TEST(test_cut_anywhere))
