/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"

#include <stdarg.h>
#include <stdint.h>
#include <string.h>

enum { ARENA_BLOCK_SIZE = 65536, FIRST_ROOM = 4 };

char *memory_text(const void *context, const char *text)
{
	return memory_check(talloc_strdup(context, text));
}

char *memory_format(const void *context, const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = talloc_vasprintf(context, format, arguments);
	va_end(arguments);
	return memory_check(text);
}

char *memory_append(char *text, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	text = talloc_vasprintf_append_buffer(text, format, arguments);
	va_end(arguments);
	return memory_check(text);
}

void *memory_grow(const void *context, void *array, size_t count, size_t size)
{
	size_t room;

	if (count && (count < FIRST_ROOM || (count & (count - 1))))
		return array; /* the room is the next power of two, and not used up */
	room = count ? 2 * count : FIRST_ROOM;
	return memory_check(talloc_realloc_size(context, array, room * size));
}

/* Makes sure that arena has room for more than size bytes. */
static void make_room(const void *context, struct memory_arena *arena, size_t size)
{
	if (arena->block && arena->size - arena->used > size)
		return;
	arena->block = memory_check(talloc_size(context, ARENA_BLOCK_SIZE));
	arena->size = ARENA_BLOCK_SIZE;
	arena->used = 0;
}

char *memory_store(const void *context, struct memory_arena *arena, const void *bytes, size_t size)
{
	char *copy;

	if (size >= ARENA_BLOCK_SIZE / 4) {
		/* a large one gets its own block, so that none is left half empty */
		copy = memory_check(talloc_size(context, size + 1));
	} else {
		make_room(context, arena, size);
		copy = arena->block + arena->used;
		arena->used += size + 1;
	}
	if (size)
		memcpy(copy, bytes, size);
	copy[size] = '\0';
	return copy;
}

void *memory_slot(const void *context, struct memory_arena *arena, size_t size)
{
	const size_t step = sizeof(uint64_t);
	void *slot;

	make_room(context, arena, size + step);
	arena->used = (arena->used + step - 1) / step * step;
	slot = arena->block + arena->used;
	arena->used += size;
	return slot;
}
