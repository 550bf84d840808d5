/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ad/directory_stream.h"

#include <string.h>

void directory_stream_write_number(FILE *stream, uint64_t number)
{
	(void)fwrite(&number, sizeof number, 1, stream);
}

bool directory_stream_read_number(FILE *stream, uint64_t *number)
{
	return fread(number, sizeof *number, 1, stream) == 1;
}

static void write_bytes(FILE *stream, const char *bytes, size_t size)
{
	directory_stream_write_number(stream, size);
	(void)fwrite(bytes, 1, size, stream);
}

/* A NUL that size does not count stands behind them; NULL where the stream ends. */
static char *read_bytes(const void *context, FILE *stream, size_t *size)
{
	uint64_t length;
	char *bytes;

	if (!directory_stream_read_number(stream, &length) || length > INT32_MAX)
		return NULL;
	bytes = memory_array(context, char, length);
	*size = fread(bytes, 1, length, stream);
	bytes[*size] = '\0';
	if (*size == length)
		return bytes;
	talloc_free(bytes);
	return NULL;
}

void directory_stream_write_text(FILE *stream, const char *text)
{
	write_bytes(stream, text, strlen(text));
}

char *directory_stream_read_text(const void *context, FILE *stream)
{
	size_t size;

	return read_bytes(context, stream, &size);
}

static void write_values(FILE *stream, const struct attribute_values *values)
{
	directory_stream_write_number(stream, values->attribute);
	directory_stream_write_number(stream, values->strange);
	directory_stream_write_number(stream, values->range_count);
	for (size_t i = 0; i < values->range_count; i++)
		(void)fwrite(&values->ranges[i], sizeof *values->ranges, 1, stream);
	directory_stream_write_number(stream, values->count);
	for (size_t i = 0; i < values->count; i++)
		write_bytes(stream, values->values[i].bytes, values->values[i].size);
}

static bool read_ranges(struct directory *directory, struct attribute_values *values, FILE *stream)
{
	uint64_t count;

	if (!directory_stream_read_number(stream, &count))
		return false;
	for (; values->range_count < count; values->range_count++) {
		values->ranges = memory_grow(directory, values->ranges, values->range_count,
					     sizeof *values->ranges);
		if (fread(&values->ranges[values->range_count], sizeof *values->ranges, 1,
			  stream) != 1)
			return false;
	}
	return true;
}

static bool read_values(struct directory *directory, struct attribute_values *values, FILE *stream)
{
	uint64_t attribute, strange, count;

	if (!directory_stream_read_number(stream, &attribute) || attribute >= ATTRIBUTE_COUNT ||
	    !directory_stream_read_number(stream, &strange) ||
	    !read_ranges(directory, values, stream) ||
	    !directory_stream_read_number(stream, &count))
		return false;
	values->attribute = (enum attribute)attribute;
	values->strange = strange;
	while (values->count < count) {
		size_t size;
		char *bytes = read_bytes(NULL, stream, &size);

		if (!bytes)
			return false;
		directory_append(directory, values, bytes, size);
		talloc_free(bytes);
	}
	return true;
}

static bool read_entry(struct directory *directory, FILE *stream)
{
	char *dn = directory_stream_read_text(NULL, stream);
	struct entry *entry = dn ? directory_entry(directory, dn) : NULL;
	uint64_t count;

	talloc_free(dn);
	if (!entry || !directory_stream_read_number(stream, &count))
		return false;
	while (entry->attribute_count < count) {
		struct attribute_values *values;

		values = memory_add(directory, entry->attributes, entry->attribute_count);
		*values = (struct attribute_values){0};
		if (!read_values(directory, values, stream))
			return false;
	}
	return true;
}

static bool read_source(struct directory *directory, FILE *stream)
{
	char *source = directory_stream_read_text(NULL, stream);

	if (source)
		directory_add_source(directory, source);
	talloc_free(source);
	return source;
}

static bool read_gap(struct directory *directory, FILE *stream)
{
	char *source = directory_stream_read_text(NULL, stream);
	char *detail = source ? directory_stream_read_text(source, stream) : NULL;

	if (detail)
		directory_add_gap(directory, source, detail);
	talloc_free(source);
	return detail;
}

/* Reads a count, and as many items by read_item. */
static bool read_items(struct directory *directory, FILE *stream,
		       bool (*read_item)(struct directory *directory, FILE *stream))
{
	uint64_t count;

	if (!directory_stream_read_number(stream, &count))
		return false;
	while (count && read_item(directory, stream))
		count--;
	return !count;
}

void directory_stream_write(FILE *stream, const struct directory *directory)
{
	const char *no_catalogue = directory->no_catalogue ? directory->no_catalogue : "";

	directory_stream_write_number(stream, directory->kind);
	directory_stream_write_text(stream, no_catalogue);
	directory_stream_write_number(stream, directory->source_count);
	for (size_t i = 0; i < directory->source_count; i++)
		directory_stream_write_text(stream, directory->sources[i]);
	directory_stream_write_number(stream, directory->gap_count);
	for (size_t i = 0; i < directory->gap_count; i++) {
		directory_stream_write_text(stream, directory->gaps[i].source);
		directory_stream_write_text(stream, directory->gaps[i].detail);
	}
	directory_stream_write_number(stream, HASH_COUNT(directory->entries));
	for (const struct entry *entry = directory->entries; entry; entry = entry->hh.next) {
		directory_stream_write_text(stream, entry->dn);
		directory_stream_write_number(stream, entry->attribute_count);
		for (size_t i = 0; i < entry->attribute_count; i++)
			write_values(stream, &entry->attributes[i]);
	}
	directory_stream_write_number(stream, directory->elsewhere != NULL);
	if (directory->elsewhere)
		directory_stream_write(stream, directory->elsewhere);
}

static bool read_no_catalogue(struct directory *directory, FILE *stream)
{
	char *text = directory_stream_read_text(directory, stream);

	directory->no_catalogue = text && *text ? text : NULL;
	return text;
}

static bool read_elsewhere(struct directory *directory, FILE *stream)
{
	uint64_t there;

	if (!directory_stream_read_number(stream, &there))
		return false;
	if (there)
		directory->elsewhere = directory_stream_read(directory, stream);
	return !there || directory->elsewhere;
}

struct directory *directory_stream_read(const void *context, FILE *stream)
{
	struct directory *directory = directory_new(context, DIRECTORY_LDAP);
	uint64_t kind;

	if (directory_stream_read_number(stream, &kind) && read_no_catalogue(directory, stream) &&
	    read_items(directory, stream, read_source) && read_items(directory, stream, read_gap) &&
	    read_items(directory, stream, read_entry) && read_elsewhere(directory, stream)) {
		directory->kind = (enum directory_kind)kind;
		return directory;
	}
	talloc_free(directory);
	return NULL;
}
