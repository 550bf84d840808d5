/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A growing text of HTML. The one place that knows what a page makes of a character:
 * markup comes from formats alone, which are literals, and whatever is put into them is
 * escaped.
 */
#ifndef REPORT_HTML_TEXT_H
#define REPORT_HTML_TEXT_H

struct html_text;

/* An empty text. Owner: context. */
struct html_text *html_text_new(const void *context);

/*
 * Adds format, in which %s becomes the text given to it, escaped for contents and for
 * quoted attributes alike: what is not UTF-8 is U+FFFD, a character that nobody would see
 * is named ("[U+202E]"). Of printf's other conversions it knows %u, %zu, %.0f and %.3f.
 */
void html_text_add(struct html_text *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Adds a name (an account's, an SPN, a DN), escaped as by %s, with the places at which a line
 * may end: behind a blank, comma, full stop or slash, and within what is very long.
 */
void html_text_add_name(struct html_text *text, const char *name);

/* Adds a literal of this program in which % is nothing special. */
void html_text_add_markup(struct html_text *text, const char *markup);

/* The whole text so far; owned by text, valid until the next addition. */
const char *html_text_get(const struct html_text *text);

#endif
