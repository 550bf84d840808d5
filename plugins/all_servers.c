/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "all_servers.h"

#include "base/memory.h"
#include "base/text.h"
#include "model/census.h"
#include "server_reader.h"
#include "source/ldap_password.h"
#include "source/watchdog.h"

#include <stdlib.h>
#include <string.h>

struct survey {
	const struct options *options;
	struct trace *trace;
	struct server_reader *readers; /* a talloc context that owns all the rest */
	size_t count;
	const char *domain; /* DNS name; NULL until one is known */
	const char *kdc;    /* a controller that gives tickets; NULL: none is known, or needed */
	struct ldap_password password;
};

static int compare_readers(const void *a, const void *b)
{
	const struct server_reader *left = a, *right = b;

	return strcmp(left->host, right->host);
}

/* Finds the controllers, in the order in which the user names them, or else of their names:
 * which of equals is the first must not be up to DNS. */
static bool find_servers(const void *context, struct survey *survey, struct error *error)
{
	struct ldap_settings *each;

	if (!ldap_session_find_all(context, &survey->options->ldap, &survey->password, &each,
				   &survey->count, survey->trace, error))
		return false;
	survey->readers = memory_array(context, struct server_reader, survey->count);
	for (size_t i = 0; i < survey->count; i++)
		survey->readers[i] = (struct server_reader){
			.host = each[i].servers[0],
			.settings = each[i],
		};
	if (!survey->options->ldap.server_count)
		qsort(survey->readers, survey->count, sizeof *survey->readers, compare_readers);
	return true;
}

/* Drops what was read of a controller of another domain than the first one's. */
static void check_domain(struct survey *survey, struct server_reader *reader)
{
	const char *domain = directory_dns_name(survey->readers, reader->directory,
						ATTRIBUTE_DEFAULT_NAMING_CONTEXT);

	if (!survey->domain)
		survey->domain = domain;
	if (!domain || text_equal(domain, survey->domain))
		return;
	talloc_free(reader->directory);
	reader->directory = NULL;
	error_set(&reader->error, ERROR_DIRECTORY, "%s is a controller of %s, not of %s",
		  reader->host, domain, survey->domain);
}

/* Has count readers at work in their share of the time. */
static void run(struct survey *survey, struct server_reader *const *readers, size_t count)
{
	if (!count)
		return;
	watchdog_waiting_for("%s%s", count == 1 ? readers[0]->host : "several controllers",
			     count == 1 ? "" : ", which are asked at the same time");
	server_readers_run(survey->readers, readers, count, &survey->options->policy.selection,
			   survey->trace);
	for (size_t i = 0; i < count; i++) {
		if (!readers[i]->directory)
			continue;
		check_domain(survey, readers[i]);
		if (!readers[i]->directory)
			continue;
		watchdog_something_read();
		if (!survey->kdc && !survey->options->ldap.bind_dn)
			survey->kdc = readers[i]->host;
	}
}

/*
 * Asks one after the other until one answers: a password that is refused must not be tried
 * at all of them at the same time, which would lock the account. How many were asked.
 */
static size_t read_first(struct survey *survey)
{
	for (size_t i = 0; i < survey->count; i++) {
		struct server_reader *reader = &survey->readers[i];

		watchdog_share(survey->count - i + 1);
		run(survey, &reader, 1);
		if (reader->directory || reader->error.kind == ERROR_LOGIN ||
		    reader->error.kind == ERROR_USAGE || reader->error.kind == ERROR_INPUT)
			return i + 1;
	}
	return survey->count;
}

/* After the login failed at the one before from. */
static void refuse_others(struct survey *survey, size_t from)
{
	for (size_t i = from; i < survey->count; i++)
		error_set(&survey->readers[i].error, ERROR_LOGIN,
			  "not asked, since the login failed at %s, and failing again would count "
			  "towards a lock-out",
			  survey->readers[from - 1].host);
}

/* Whether a controller that gave nothing may do so in another try: with more time, or with a
 * ticket of another one's KDC. */
static bool may_do_better(const struct survey *survey, const struct server_reader *reader)
{
	if (reader->directory)
		return false;
	if (reader->error.kind == ERROR_CONNECT)
		return survey->kdc;
	return reader->error.kind == ERROR_TIMEOUT &&
	       (survey->kdc || watchdog_left_ms() > reader->share_ms);
}

/* The other tries: what failed first is told as well. */
static void try_again(struct survey *survey, struct server_reader **readers)
{
	struct error *before = memory_array(survey->readers, struct error, survey->count);
	size_t count = 0;

	watchdog_share(2);
	for (size_t i = 0; i < survey->count; i++) {
		struct server_reader *reader = &survey->readers[i];

		if (!may_do_better(survey, reader))
			continue;
		reader->settings.kdc = survey->kdc;
		before[count] = reader->error;
		readers[count++] = reader;
	}
	run(survey, readers, count);
	for (size_t i = 0; i < count; i++) {
		struct error *error = &readers[i]->error;

		if (!readers[i]->directory && survey->kdc &&
		    strcmp(before[i].text, error->text) != 0)
			error_set(error, before[i].kind, "%s; with a ticket of %s: %s",
				  before[i].text, survey->kdc, error->text);
	}
}

static void read_others(struct survey *survey, size_t from)
{
	struct server_reader **readers =
		memory_array(survey->readers, struct server_reader *, survey->count);
	size_t count = 0;

	for (size_t i = from; i < survey->count; i++)
		readers[count++] = &survey->readers[i];
	watchdog_share(2);
	run(survey, readers, count);
	try_again(survey, readers);
}

/*
 * Asks each controller for what only others showed: an account that was looked for nowhere
 * but there is not missing. Costs nothing where they agree.
 */
static void read_missing(struct survey *survey)
{
	const struct directory **directories =
		memory_array(survey->readers, const struct directory *, survey->count);
	struct server_reader **readers =
		memory_array(survey->readers, struct server_reader *, survey->count);
	struct question *questions = memory_array(survey->readers, struct question, survey->count);
	struct census *census;
	size_t count = 0, asked = 0;

	for (size_t i = 0; i < survey->count; i++) {
		if (!survey->readers[i].directory)
			continue;
		readers[count] = &survey->readers[i];
		directories[count++] = survey->readers[i].directory;
	}
	census = census_take(survey->readers, directories, count);
	for (size_t i = 0; i < count; i++) {
		if (!census_ask_missing(census, i, &questions[i]))
			continue;
		readers[i]->missing = &questions[i];
		readers[asked++] = readers[i];
	}
	watchdog_share(2);
	run(survey, readers, asked);
	talloc_free(census);
}

static size_t count_answers(const struct survey *survey)
{
	size_t count = 0;

	for (size_t i = 0; i < survey->count; i++)
		count += survey->readers[i].directory != NULL;
	return count;
}

/* The controller that is judged, the first of those that were read best; NULL where none
 * answered. */
static struct server_reader *choose(const struct survey *survey)
{
	struct server_reader *chosen = NULL;

	for (size_t i = 0; i < survey->count; i++) {
		struct server_reader *reader = &survey->readers[i];

		if (!reader->directory)
			continue;
		if (!directory_first_gap(reader->directory))
			return reader; /* its catalogue was read whole, too */
		if (!chosen || (chosen->directory->gap_count && !reader->directory->gap_count))
			chosen = reader;
	}
	return chosen;
}

/* Makes the others what they are to the policy. */
static bool keep_others(const void *context, const struct survey *survey,
			const struct server_reader *chosen, struct replica_list *others,
			struct error *error)
{
	others->items = memory_array(context, struct replica, survey->count);
	for (size_t i = 0; i < survey->count; i++) {
		struct server_reader *reader = &survey->readers[i];
		struct replica replica = {.server = reader->host, .failure = reader->error.text};

		if (reader == chosen)
			continue;
		if (reader->directory) {
			replica.snapshot =
				snapshot_build(context, reader->directory,
					       &survey->options->policy.selection, error);
			if (!replica.snapshot)
				return false;
			directory_add_source(chosen->directory, reader->host);
		}
		others->items[others->count++] = replica;
	}
	return true;
}

/* The reasons of all controllers, none of which answered. */
static void fail(const struct survey *survey, struct error *error)
{
	char *reasons = memory_text(survey->readers, "");
	enum error_kind kind = ERROR_TIMEOUT;

	for (size_t i = 0; i < survey->count; i++) {
		const struct server_reader *reader = &survey->readers[i];

		reasons = memory_append(reasons, "%s%s: %s", i ? "; " : "", reader->host,
					reader->error.text);
		if (reader->error.kind != ERROR_TIMEOUT)
			kind = reader->error.kind;
	}
	error_set(error, kind, "%s", reasons);
}

/* A session with the controller that is judged, for what is still to be asked there; NULL
 * where nothing is, or where it does not answer any more. */
static struct ldap_session *open_again(const void *context, const struct survey *survey,
				       const struct server_reader *chosen)
{
	const struct options *options = survey->options;
	struct ldap_session *session;
	struct error error;

	if (!options->kdc.ask && !options->baseline_file)
		return NULL;
	session = ldap_session_open(context, &chosen->settings, survey->trace, &error);
	if (!session)
		trace_add(survey->trace, "%s can not be asked again: %s", chosen->host, error.text);
	return session;
}

/* Asks them all; false where that makes no sense, and error says why. */
static bool read_all(const void *context, struct survey *survey, struct error *error)
{
	const struct error *last;
	size_t asked;

	if (!find_servers(context, survey, error))
		return false;
	asked = read_first(survey);
	last = &survey->readers[asked - 1].error;
	if (last->kind == ERROR_USAGE || last->kind == ERROR_INPUT) { /* the same everywhere */
		*error = *last;
		return false;
	}
	if (last->kind == ERROR_LOGIN)
		refuse_others(survey, asked);
	else
		read_others(survey, asked);
	read_missing(survey);
	watchdog_share(1);
	return true;
}

/* Makes one of them the directory that is judged, and the others what the policy compares. */
static struct directory *sort_out(const void *context, const struct survey *survey,
				  struct ldap_session **session, struct replica_list *others,
				  struct error *error)
{
	const struct server_reader *chosen = choose(survey);

	if (!chosen) {
		fail(survey, error);
		return NULL;
	}
	if (!keep_others(context, survey, chosen, others, error))
		return NULL;
	*session = open_again(context, survey, chosen);
	trace_add(survey->trace,
		  "%u LDAP requests, %u round trips, %zu of %zu controllers answered",
		  survey->trace->request_count, survey->trace->round_trip_count,
		  count_answers(survey), survey->count);
	return chosen->directory;
}

struct directory *all_servers_read(const void *context, const struct options *options,
				   struct trace *trace, struct ldap_session **session,
				   struct replica_list *others, struct error *error)
{
	struct survey survey = {.options = options, .trace = trace};
	struct directory *directory = NULL;

	if (read_all(context, &survey, error))
		directory = sort_out(context, &survey, session, others, error);
	ldap_password_wipe(&survey.password);
	return directory;
}
