/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Texts from the directory as parts of commands that somebody will paste: no name may
 * end a quotation, begin an option, or reach the terminal as a control. Where quoting is
 * not enough the value becomes base64. Knows shells and LDIF, not what is commanded.
 */
#ifndef REPORT_QUOTE_H
#define REPORT_QUOTE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether an account name means that account to every tool and nothing else: letters,
 * digits and " ._-" with perhaps a final $, and not of a form that tools would take for a
 * SID or a GUID.
 */
bool quote_is_plain_name(const char *name);

/* Whether text is printable ASCII that even an interactive shell leaves alone between
 * single quotes ("!" recalls history), and begins no option. */
bool quote_is_plain_argument(const char *text);

/* An argument of a POSIX shell in single quotes. Owner: context. */
char *quote_shell(const void *context, const char *text);

/*
 * An expression of PowerShell that is the text: in single quotes, of which PowerShell
 * knows five, or decoded from base64 where it has characters that do not survive a
 * terminal or a monitoring page. NULL where text is not UTF-8. Owner: context.
 */
char *quote_powershell(const void *context, const char *text);

/* "attribute: value\n", in base64 where RFC 2849 or caution wants it. Owner: context. */
char *quote_ldif(const void *context, const char *attribute, const void *bytes, size_t size);

/* A value inside of a search filter (RFC 4515), all but harmless characters escaped.
 * Owner: context. */
char *quote_filter(const void *context, const char *text);

/* A word inside of a comment, which a shell may read as a command: what is not harmless
 * becomes "_". Owner: context. */
char *quote_comment(const void *context, const char *text);

#endif
