/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The cause of a failure, told once. A fallible function returns bool and takes a
 * struct error * last; the place that knows the cause fills it, callers may put
 * context in front. Nothing here prints or exits. A finding is never an error.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdbool.h>

/* What a caller may have to decide upon; the words are for people. */
enum error_kind {
	ERROR_NONE = 0,
	ERROR_USAGE,     /* the command line or a configuration file is wrong */
	ERROR_INPUT,     /* a file can not be read or is not what it should be */
	ERROR_CONNECT,   /* no usable connection: the next controller may do better */
	ERROR_LOGIN,     /* the directory or the KDC refused who we are */
	ERROR_DIRECTORY, /* the directory answered, but not what is needed */
	ERROR_TIMEOUT,   /* the deadline of the run passed */
	ERROR_INTERNAL,  /* the machine below us failed: a system call, a library */
};

struct error {
	enum error_kind kind;
	char text[1024]; /* one sentence, UTF-8 not guaranteed, never escaped */
};

/* Fills error with kind and a formatted sentence; returns false, so that a failing
 * function can end in "return error_set(...)". */
bool error_set(struct error *error, enum error_kind kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same with ": " and the system's words for errno behind it; where a right is lacking,
 * with the user who lacks it: "Permission denied for user id 112". */
bool error_set_cause(struct error *error, enum error_kind kind, int cause, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Puts "context: " in front of what error already says; returns false. */
bool error_context(struct error *error, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
