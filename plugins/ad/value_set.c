/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ad/value_set.h"

#include "ad/dn.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* The value as it compares. Owner: context. */
static struct value to_comparable(const void *context, enum attribute attribute,
				  const struct value *value)
{
	char *bytes;

	if (attribute == ATTRIBUTE_MEMBER && strlen(value->bytes) == value->size) {
		bytes = dn_key(context, value->bytes);
		return (struct value){.bytes = bytes, .size = strlen(bytes)};
	}
	bytes = memory_check(talloc_memdup(context, value->bytes, value->size + 1));
	for (size_t i = 0; i < value->size; i++) {
		if (bytes[i] >= 'A' && bytes[i] <= 'Z')
			bytes[i] = (char)(bytes[i] - 'A' + 'a');
	}
	return (struct value){.bytes = bytes, .size = value->size};
}

static int compare_values(const void *a, const void *b)
{
	const struct value *first = a, *second = b;
	size_t common = first->size < second->size ? first->size : second->size;
	int order = memcmp(first->bytes, second->bytes, common);

	return order ? order : (first->size > second->size) - (first->size < second->size);
}

/* The values sorted, each once; *count becomes how many. */
static struct value *sort(const void *context, enum attribute attribute, const struct value *values,
			  size_t *count)
{
	struct value *sorted = memory_check(talloc_size(context, (*count + 1) * sizeof *sorted));
	size_t kept = 0;

	for (size_t i = 0; i < *count; i++)
		sorted[i] = to_comparable(sorted, attribute, &values[i]);
	qsort(sorted, *count, sizeof *sorted, compare_values);
	for (size_t i = 0; i < *count; i++) {
		if (!kept || compare_values(&sorted[kept - 1], &sorted[i]) != 0)
			sorted[kept++] = sorted[i];
	}
	*count = kept;
	return sorted;
}

bool value_sets_equal(enum attribute attribute, const struct value *a, size_t a_count,
		      const struct value *b, size_t b_count)
{
	struct value *first = sort(NULL, attribute, a, &a_count);
	struct value *second = sort(NULL, attribute, b, &b_count);
	bool equal = a_count == b_count;

	for (size_t i = 0; equal && i < a_count; i++)
		equal = !compare_values(&first[i], &second[i]);
	talloc_free(first);
	talloc_free(second);
	return equal;
}
