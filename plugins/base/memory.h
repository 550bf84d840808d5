/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory of the run: talloc, with one answer to exhaustion. Pure code never sees a
 * NULL from an allocation: memory_check hands it to out_of_memory, which each
 * program defines (the plugin prints its UNKNOWN line and ends, a test aborts).
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>
#include <talloc.h>

/* Defined by the program, not by the library: says so and ends the process. */
_Noreturn void out_of_memory(void);

/* Returns memory, which is never NULL afterwards. */
static inline void *memory_check(void *memory)
{
	if (!memory)
		out_of_memory();
	return memory;
}

/* A zeroed struct, and an array of count uninitialised elements with room for one more (a NUL, a
 * NULL at the end), owned by context. */
#define memory_new(context, type) ((type *)memory_check(talloc_zero((context), type)))
#define memory_array(context, type, count)                                                         \
	((type *)memory_check(talloc_array((context), type, (unsigned)(count) + 1u)))

/* How many elements an array has; the name is that of the C standard to come. */
#define countof(array) (sizeof(array) / sizeof(array)[0])

/* A copy of text, owned by context. */
char *memory_text(const void *context, const char *text);

/* A formatted text, owned by context. */
char *memory_format(const void *context, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* text, which memory_text or memory_format made, with a formatted one behind it; text itself may
 * have moved. */
char *memory_append(char *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * Appends an element, which is not initialised, to array; returns its address. Both array and
 * count are variables, NULL and 0 at first. Owner of the array: context.
 */
#define memory_add(context, array, count)                                                          \
	((array) = memory_grow((context), (array), (count), sizeof *(array)), &(array)[(count)++])

/*
 * Returns array with room for at least count + 1 elements of size bytes each; to be called before
 * every append. The room doubles, so that the array needs no field for it. Owner: context.
 */
void *memory_grow(const void *context, void *array, size_t count, size_t size);

/*
 * Many small byte strings that live as long as their owner: an arena of blocks, since
 * a talloc header for each of some hundred thousand values would weigh more than they.
 */
struct memory_arena {
	char *block; /* owned by the talloc context given to memory_store */
	size_t used;
	size_t size;
};

/* Copies size bytes and a NUL behind them into arena; returns the copy. */
char *memory_store(const void *context, struct memory_arena *arena, const void *bytes, size_t size);

/* Room in arena for a small struct of that size that holds pointers and integers. */
void *memory_slot(const void *context, struct memory_arena *arena, size_t size);

#endif
