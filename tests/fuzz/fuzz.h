/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fuzz targets: each takes bytes that an attacker may have made, gives them to one part of
 * the program, and ends the process (abort) where an answer breaks what the part promises.
 * libFuzzer calls them with what it invents (libfuzzer.c), the tests with the corpus
 * (replay.c). They write no file; what has to be one is in memory.
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

struct entry;
struct policy;
struct report;
struct snapshot;

typedef void fuzz_target(const uint8_t *bytes, size_t size);

fuzz_target fuzz_attribute, fuzz_dn, fuzz_metadata, fuzz_security_descriptor, fuzz_sid, fuzz_spn,
	fuzz_threshold;                                                           /* formats.c */
fuzz_target fuzz_baseline, fuzz_extra_opts, fuzz_ldif, fuzz_options, fuzz_policy; /* files.c */
fuzz_target fuzz_krb5_config, fuzz_netlogon, fuzz_ping, fuzz_ranges, fuzz_search; /* server.c */
fuzz_target fuzz_kdc, fuzz_replicas;                                              /* others.c */
fuzz_target fuzz_whole;                                                           /* whole.c */

/* The target of that name; NULL where there is none. */
fuzz_target *fuzz_find(const char *name);

/* Ends the process, saying which condition of a target does not hold. */
#define fuzz_check(condition)                                                                      \
	do {                                                                                       \
		if (!(condition))                                                                  \
			fuzz_fail(__FILE__, __LINE__, #condition);                                 \
	} while (0)
_Noreturn void fuzz_fail(const char *file, int line, const char *condition);

/* The bytes as text, up to their first NUL, in a block of just that size. Owner: context. */
char *fuzz_text(const void *context, const uint8_t *bytes, size_t size);

/* A file in memory that holds the bytes: its descriptor, and in path its name. */
int fuzz_file(const uint8_t *bytes, size_t size, char path[32]);

/* The length of what stands before a line of one form feed; 0 where there is none. (whole.c) */
size_t fuzz_first_part(const uint8_t *bytes, size_t size);

/* The snapshot of an export; NULL where it can not be read. Owner: context. (whole.c) */
struct snapshot *fuzz_snapshot(const void *context, const uint8_t *bytes, size_t size,
			       const struct policy *policy);

/* Checks what the getters of an entry promise (files.c). */
void fuzz_check_entry(const void *context, const struct entry *entry);

/* Ends the process where a report in JSON does not follow the schema, a JSON file that
 * FUZZ_SCHEMA names (schema.c). */
void fuzz_check_schema(const json_t *report);

/* The same for a page and for metrics that hold so many findings and hosts (pages.c). */
void fuzz_check_page(const char *page, size_t finding_count);
void fuzz_check_metrics(const char *text, size_t finding_count);

/* Checks all outputs of a report against what holds for all (answer.c). Returns the JSON.
 * Owner: context. */
const char *fuzz_check_answers(const void *context, const struct report *report);

#endif
