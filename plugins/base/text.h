/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Small operations on text that the C library does not have: order without regard to
 * ASCII case, lists, shell patterns, UTF-8.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A list of texts; whoever made it says who owns it. */
struct text_list {
	const char **items;
	size_t count;
};

/* Appends item, which is not copied; the array is owned by context. */
void text_list_add(const void *context, struct text_list *list, const char *item);

/* Sorts without regard to ASCII case and drops items that are equal to the letter. */
void text_list_sort(struct text_list *list);

/* Whether an item equals text without regard to ASCII case. */
bool text_list_has(const struct text_list *list, const char *text);

/* The same for a list that was sorted, by halving. */
bool text_list_has_sorted(const struct text_list *list, const char *text);

/* The items of a sorted list that the other, sorted too, lacks, each once. The array is owned
 * by context. */
struct text_list text_list_without(const void *context, const struct text_list *list,
				   const struct text_list *other);

/* "a, b, c and 7 more": the items, of a long list the first. Owner: context. */
char *text_list_words(const void *context, const struct text_list *list);

/* "a, b, c": all of them. Owner: context. */
char *text_list_whole(const void *context, const struct text_list *list);

/* Whether one of the items, each a name or a shell pattern, matches text. */
bool text_list_matches(const struct text_list *list, const char *text);

/* Order without regard to ASCII case, then by bytes, so that it is the same everywhere. */
int text_compare(const char *a, const char *b);

/* Equality without regard to ASCII case. */
bool text_equal(const char *a, const char *b);

/* Whether text matches a shell pattern (fnmatch), without regard to case. */
bool text_matches(const char *pattern, const char *text);

/* Whether a word of the user is a pattern, not a plain name. */
bool text_is_pattern(const char *word);

/* text in ASCII lower case. Owner: context. */
char *text_lower(const void *context, const char *text);

/*
 * Length of the well-formed UTF-8 character at text (RFC 3629), of which size bytes are
 * there; 0 where there is none (not UTF-8, overlong, a surrogate, cut short).
 */
size_t text_utf8_length(const char *text, size_t size);

/*
 * Makes text at most `most` bytes long, in place: words (what stands between blanks) lose
 * their middle to "...", the longest first, then, where they are short enough to be
 * read, the text as a whole does. Keeps UTF-8 characters whole.
 */
void text_shorten(char *text, size_t most);

/* The code point of the well-formed character of that length. */
uint32_t text_utf8_decode(const char *text, size_t length);

/* Whether the character does something to a terminal, a page or its reader instead of being
 * seen: controls, joiners, marks of direction, private and unassigned planes. */
bool text_is_unseen(uint32_t character);

/* text, in which every byte that is not UTF-8 is U+FFFD. Owner: context. */
char *text_utf8(const void *context, const char *text);

#endif
