/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/ldif.h"

#include "base/memory.h"
#include "source/ldif_names.h"
#include "source/ldif_searches.h"
#include "source/watchdog.h"

#include <errno.h>
#include <lber.h>
#include <ldap.h>
#include <ldif.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

/* What the lines up to the next empty one belong to. */
enum record_kind {
	RECORD_NONE,
	RECORD_ENTRY,
	RECORD_TRAILER, /* "search: 2", "result: 0 Success", "ref: ldap://…" of ldapsearch */
};

struct reader {
	const char *path; /* as the user named it */
	FILE *file;
	struct directory *directory;
	char *line; /* of getline */
	size_t line_size;
	unsigned long line_number;
	char *logical; /* a line with its continuations; talloc */
	size_t logical_length;
	unsigned long logical_number; /* of its first physical line */
	enum record_kind record;
	struct entry *entry;
	bool begun;         /* there was a line that is no comment */
	bool commented;     /* there was a comment that may be a name */
	bool below_comment; /* the last line was one, or the rest of a name in one */
	bool torn;          /* the logical line continues nothing: it must be the rest of a name */
	struct ldif_searches searches;
};

static bool fail(const struct reader *reader, struct error *error, const char *problem)
{
	return error_set(error, ERROR_INPUT, "%s:%lu: %s", reader->path, reader->logical_number,
			 problem);
}

static bool begins(const char *line, const char *word)
{
	return !strncasecmp(line, word, strlen(word));
}

/*
 * Whether text, after blanks, is base64 to its end (RFC 4648, 4): libldap stops at the
 * first "=" and would not see what follows.
 */
static bool is_base64(const char *text)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				     "0123456789+/";
	size_t length, padding;

	text += strspn(text, " ");
	length = strspn(text, digits);
	padding = strspn(text + length, "=");
	return !text[length + padding] && padding <= 2 && (length + padding) % 4 == 0;
}

/* Whether line is word and nothing else: cmd.exe writes the blank in front of ">" too. */
static bool is_line(const char *line, const char *word)
{
	size_t length = strlen(word);

	return !strncmp(line, word, length) && !line[length + strspn(line + length, " \t")];
}

/* A heading of ldapsearch. */
static bool begin_search(struct reader *reader, bool promised, struct error *error)
{
	if (reader->record == RECORD_ENTRY)
		return fail(reader, error,
			    "another export begins inside a record: the one above was cut, export "
			    "it again");
	ldif_searches_begin(&reader->searches, promised, reader->logical_number);
	return true;
}

/* Whether the text up to end is an attribute description (RFC 4512, 2.5) or the name of a
 * range: what is glued from two files or is a message of a program is none. */
static bool is_description(const char *text, const char *end)
{
	static const char characters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
					 "0123456789-.;=*";

	text += strspn(text, characters);
	return text + strspn(text, " ") == end;
}

/* Splits the logical line into attribute description and value, base64 decoded. */
static bool parse_line(struct reader *reader, struct berval *type, struct berval *value,
		       int *must_free, struct error *error)
{
	const char *colon = strchr(reader->logical, ':');

	if (!colon || colon == reader->logical)
		return fail(reader, error, "not a line of LDIF (no \"attribute: value\")");
	if (colon[1] == '<')
		return fail(reader, error,
			    "a value that is to be read from elsewhere (\":<\") is refused");
	if (colon[1] == ':' && !is_base64(colon + 2))
		return fail(reader, error, "the base64 of the value is broken");
	if (!is_description(reader->logical, colon))
		return fail(reader, error, "not a line of LDIF (no attribute is called so)");
	if (ldif_parse_line2(reader->logical, type, value, must_free) != 0)
		return fail(reader, error, "not a line of LDIF");
	return true;
}

/* Whether the line is "name: ...", perhaps with blanks in front of the colon as libldap
 * takes them. */
static bool is_of(const char *line, const char *name)
{
	size_t length = strlen(name);

	return begins(line, name) && line[length + strspn(line + length, " ")] == ':';
}

/* Whether a line is none of an entry, but what stands around entries. */
static bool is_of_trailer(const char *line)
{
	return is_of(line, "search") || is_of(line, "result") || is_of(line, "ref");
}

/* A line that begins a record. */
static bool begin_record(struct reader *reader, struct error *error)
{
	struct berval type = {0}, value = {0};
	int must_free = 0;
	char *dn;

	if (begins(reader->logical, "version:"))
		return begin_search(reader, false, error);
	if (is_of_trailer(reader->logical)) {
		reader->record = RECORD_TRAILER;
		ldif_searches_begin_trailer(&reader->searches, reader->logical,
					    reader->logical_number);
		return true;
	}
	if (!is_of(reader->logical, "dn"))
		return fail(reader, error,
			    reader->below_comment
				    ? "a record must begin with \"dn:\" (is it a name with a line "
				      "break in the comment above? then export with -LL)"
				    : "a record must begin with \"dn:\"");
	if (!parse_line(reader, &type, &value, &must_free, error))
		return false;
	if (value.bv_len && memchr(value.bv_val, '\0', value.bv_len)) {
		if (must_free)
			ber_memfree(value.bv_val);
		return fail(reader, error, "the DN holds a NUL byte");
	}
	dn = memory_check(talloc_strndup(NULL, value.bv_val ? value.bv_val : "", value.bv_len));
	reader->entry = directory_entry(reader->directory, dn);
	reader->record = RECORD_ENTRY;
	ldif_searches_entry(&reader->searches);
	talloc_free(dn);
	if (must_free)
		ber_memfree(value.bv_val);
	if (reader->commented && !ldif_names_are_plain(reader->entry->key))
		return fail(reader, error,
			    "a name with a line break, and what follows that may stand in the "
			    "comments as a record: export with -LL or -LLL");
	return true;
}

/* A line inside of an entry. */
static bool add_line(struct reader *reader, struct error *error)
{
	struct berval type = {0}, value = {0};
	int must_free = 0;

	if (is_of(reader->logical, "dn"))
		return fail(reader, error,
			    "a record begins inside another one: the empty line between them is "
			    "missing");
	if (*reader->logical >= '0' && *reader->logical <= '9')
		return fail(reader, error,
			    "an attribute by its number (OID): export it by its name");
	if (is_of_trailer(reader->logical))
		return fail(
			reader, error,
			"the end of a search inside of an entry: the empty line between them is "
			"missing");
	if (is_line(reader->logical, "version: 1"))
		return begin_search(reader, false, error);
	if (begins(reader->logical, "changetype:")) {
		const char *change = reader->logical + strlen("changetype:");

		change += strspn(change, " ");
		if (!strcasecmp(change, "add"))
			return true;
		return fail(reader, error,
			    "a change record, not an export (only \"changetype: add\" is taken)");
	}
	if (begins(reader->logical, "control:"))
		return true;
	if (!parse_line(reader, &type, &value, &must_free, error))
		return false;
	directory_add_value(reader->directory, reader->entry, type.bv_val,
			    value.bv_val ? value.bv_val : "", value.bv_len);
	if (must_free)
		ber_memfree(value.bv_val);
	return true;
}

/* A line below the entries of a search. */
static bool read_trailer(struct reader *reader, struct error *error)
{
	if (is_of(reader->logical, "dn"))
		return fail(reader, error,
			    "a record begins below the end of a search: the empty line between "
			    "them is missing");
	ldif_searches_trailer(&reader->searches, reader->logical);
	return true;
}

static bool read_comment(struct reader *reader, struct error *error)
{
	if (is_line(reader->logical, "# extended LDIF"))
		return begin_search(reader, true, error);
	ldif_searches_comment(&reader->searches, reader->logical, reader->logical_number);
	return true;
}

/* Whether the logical line so far is a comment, or what a line break made of one. */
static bool is_comment(const struct reader *reader)
{
	if (!reader->logical_length)
		return false;
	if (reader->logical[0] == '#' && !reader->torn)
		return true;
	return reader->below_comment && ldif_names_is_rest(reader->logical);
}

/* Whether a comment may be the name of an entry. What stands on top of a file is somebody's own,
 * and two comments ldapsearch writes that writes no names (-LLL). */
static bool may_be_name(const struct reader *reader)
{
	return (reader->begun || reader->searches.promised) &&
	       !begins(reader->logical, "# pagedresults:") && !begins(reader->logical, "# refldap");
}

/* Takes the logical line that is complete now. */
static bool take_logical(struct reader *reader, struct error *error)
{
	bool comment = is_comment(reader);
	bool taken = true;

	if (!reader->logical_length)
		return true;
	if (reader->logical[0] == '#' && !reader->torn) {
		taken = read_comment(reader, error);
	} else if (reader->torn && !comment) {
		taken = fail(reader, error, "a continuation line that continues nothing");
	} else if (!comment) {
		switch (reader->record) {
		case RECORD_NONE: taken = begin_record(reader, error); break;
		case RECORD_ENTRY: taken = add_line(reader, error); break;
		case RECORD_TRAILER: taken = read_trailer(reader, error); break;
		}
	}
	reader->commented |= comment && may_be_name(reader);
	reader->begun |= !comment;
	reader->below_comment = comment;
	reader->torn = false;
	reader->logical_length = 0;
	return taken;
}

static void append_logical(struct reader *reader, const char *text, size_t length)
{
	size_t room = talloc_get_size(reader->logical);

	if (reader->logical_length + length + 1 > room) {
		room = 2 * (reader->logical_length + length + 1);
		reader->logical = memory_check(talloc_realloc_size(NULL, reader->logical, room));
	}
	memcpy(reader->logical + reader->logical_length, text, length);
	reader->logical_length += length;
	reader->logical[reader->logical_length] = '\0';
}

/* Takes one physical line of length bytes, without its end. ldapsearch breaks the lines of its
 * comments without regard to line breaks in them: a blank may stand alone, and an empty line in
 * front of a continuation. */
static bool take_line(struct reader *reader, const char *line, size_t length, struct error *error)
{
	if (length && strspn(line, " \t") == length && !(*line == ' ' && is_comment(reader))) {
		reader->logical_number = reader->line_number;
		return fail(reader, error,
			    "a line of nothing but blanks: is it meant to be empty?");
	}
	if (length && *line == ' ' && reader->logical_length) {
		append_logical(reader, line + 1, length - 1);
		return true;
	}
	if (!take_logical(reader, error))
		return false;
	reader->logical_number = reader->line_number;
	if (length && *line == ' ' && !reader->below_comment)
		return fail(reader, error, "a continuation line that continues nothing");
	if (!length) {
		reader->record = RECORD_NONE;
		reader->begun = true;
		return true;
	}
	reader->torn = *line == ' ';
	append_logical(reader, line + reader->torn, length - reader->torn);
	return true;
}

/* What a file must not contain, whatever its lines say. */
static bool check_bytes(struct reader *reader, const char *line, size_t length, bool ended,
			struct error *error)
{
	reader->logical_number = reader->line_number;
	if (reader->line_number == 1 && length >= 2 &&
	    (!memcmp(line, "\xFF\xFE", 2) || !memcmp(line, "\xFE\xFF", 2)))
		return fail(reader, error,
			    "the file is UTF-16: export it without the option -u of ldifde");
	if (memchr(line, '\0', length))
		return fail(reader, error, "the file is not text (it holds a NUL byte)");
	if (!ended)
		return fail(reader, error,
			    "the file ends inside a line: it was cut, export it again");
	return true;
}

static bool read_lines(struct reader *reader, struct error *error)
{
	static const char byte_order_mark[] = "\xEF\xBB\xBF";
	ssize_t got;

	while ((got = getline(&reader->line, &reader->line_size, reader->file)) > 0) {
		const char *line = reader->line;
		size_t length = (size_t)got;
		unsigned long logical_number = reader->logical_number;
		bool ended = line[length - 1] == '\n';

		reader->line_number++;
		if (!check_bytes(reader, line, length, ended, error))
			return false;
		reader->logical_number = logical_number;
		length--;
		if (length && line[length - 1] == '\r')
			length--;
		if (reader->line_number == 1 && length >= 3 && !memcmp(line, byte_order_mark, 3)) {
			line += 3;
			length -= 3;
		}
		if (!take_line(reader, line, length, error))
			return false;
	}
	if (ferror(reader->file))
		return error_set_cause(error, ERROR_INPUT, errno, "can not read %s", reader->path);
	return true;
}

/* Judges the end of the file: what is not closed was cut. */
static bool check_end(struct reader *reader, struct error *error)
{
	if (!take_logical(reader, error))
		return false;
	reader->logical_number = reader->line_number;
	if (!reader->line_number)
		return error_set(error, ERROR_INPUT, "%s is empty", reader->path);
	if (reader->record == RECORD_ENTRY)
		return fail(reader, error,
			    "the file ends inside a record (no empty line after it): it was cut, "
			    "export it again");
	ldif_searches_end(&reader->searches, "the export");
	return true;
}

/* Notes the time of the file, which a pipe does not have. */
static void read_time(const struct reader *reader)
{
	struct directory *directory = reader->directory;
	struct stat status;

	if (fstat(fileno(reader->file), &status) != 0 || !S_ISREG(status.st_mode))
		return;
	if (!directory->written_at_s || status.st_mtime < directory->written_at_s)
		directory->written_at_s = status.st_mtime;
}

bool ldif_read(const char *path, struct directory *directory, struct error *error)
{
	bool standard_input = !strcmp(path, "-");
	struct reader reader = {
		.path = standard_input ? "standard input" : path,
		.directory = directory,
	};
	bool done;

	reader.searches.path = reader.path;
	reader.searches.directory = directory;
	watchdog_waiting_for("the export %s", reader.path);
	reader.file = standard_input ? stdin : fopen(path, "re");
	if (!reader.file)
		return error_set_cause(error, ERROR_INPUT, errno, "can not open %s", path);
	directory_add_source(directory, path);
	read_time(&reader);
	directory_begin_search(directory, reader.path);
	reader.searches.comments.of = directory->search;
	done = read_lines(&reader, error) && check_end(&reader, error);
	free(reader.line);
	talloc_free(reader.logical);
	if (!standard_input)
		(void)fclose(reader.file);
	return done;
}
