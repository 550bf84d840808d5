/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "all_servers.h"

#include "ad/dn.h"
#include "base/memory.h"
#include "model/census.h"
#include "model/inquiry.h"
#include "source/ldap_queries.h"
#include "source/watchdog.h"

/* A controller and what was read of it. */
struct server_reading {
	const char *host;
	struct ldap_session *session;
	struct directory *directory; /* NULL: nothing was read, for this reason: */
	struct error error;
	int share_ms; /* the time that it was given */
};

struct survey {
	const struct options *options;
	struct ldap_servers *servers; /* owns all the rest */
	struct server_reading *readings;
	size_t count;
	const char *domain; /* DNS name; NULL until one is known */
};

/* The DNS name of the domain that directory is of; NULL where it can not be told. */
static const char *domain_name(const void *context, const struct directory *directory)
{
	const struct entry *rootdse = directory_find(directory, "");
	const char *dn;

	if (!rootdse || entry_text(rootdse, ATTRIBUTE_DEFAULT_NAMING_CONTEXT, &dn) != READING_OK)
		return NULL;
	return dn_key_dns_name(context, dn_key(context, dn));
}

/* Asks for all that the model misses; false where the controller is none of the domain. */
static bool ask_all(const struct survey *survey, struct ldap_session *session,
		    struct directory *directory, struct error *error)
{
	struct inquiry *inquiry = inquiry_new(directory);
	struct question question;
	bool asked = ldap_queries_read_rootdse(session, survey->domain, directory, error);

	while (asked &&
	       inquiry_next(inquiry, directory, &survey->options->policy.selection, &question))
		asked = ldap_queries_ask(session, &question, directory, error);
	talloc_free(inquiry);
	return asked;
}

static void read_server(struct survey *survey, size_t index)
{
	struct server_reading *reading = &survey->readings[index];
	struct directory *directory;

	reading->share_ms = watchdog_left_ms();
	reading->session = ldap_servers_open(survey->servers, index, &reading->error);
	if (!reading->session)
		return;
	directory = directory_new(survey->servers, DIRECTORY_LDAP);
	if (!ask_all(survey, reading->session, directory, &reading->error)) {
		talloc_free(directory);
		return;
	}
	reading->directory = directory;
	watchdog_something_read();
	if (!survey->domain)
		survey->domain = domain_name(survey->servers, directory);
}

static bool was_too_slow(const struct server_reading *reading)
{
	return !reading->directory && reading->error.kind == ERROR_TIMEOUT;
}

/*
 * Each controller gets an equal share of what is left, and one is kept for what turns out to
 * be missing. Those that were too slow get what the quick ones did not need, where that is
 * more than they had.
 */
static void read_each(struct survey *survey)
{
	size_t slow_count = 0;

	for (size_t i = 0; i < survey->count; i++) {
		watchdog_share(survey->count - i + 1);
		read_server(survey, i);
		slow_count += was_too_slow(&survey->readings[i]);
	}
	for (size_t i = 0; i < survey->count; i++) {
		if (!was_too_slow(&survey->readings[i]))
			continue;
		watchdog_share(slow_count-- + 1);
		if (watchdog_left_ms() > survey->readings[i].share_ms)
			read_server(survey, i);
	}
}

/*
 * Asks each controller for what only others showed: an account that was looked for nowhere
 * but there is not missing. Costs nothing where they agree.
 */
static void read_missing(struct survey *survey)
{
	const struct directory **directories =
		memory_array(survey->servers, const struct directory *, survey->count);
	struct server_reading **readings =
		memory_array(survey->servers, struct server_reading *, survey->count);
	struct census *census;
	size_t count = 0;

	for (size_t i = 0; i < survey->count; i++) {
		if (!survey->readings[i].directory)
			continue;
		readings[count] = &survey->readings[i];
		directories[count++] = survey->readings[i].directory;
	}
	census = census_take(survey->servers, directories, count);
	for (size_t i = 0; i < count; i++) {
		struct question question;

		watchdog_share(count - i);
		if (census_ask_missing(census, i, &question))
			(void)ldap_queries_ask(readings[i]->session, &question,
					       readings[i]->directory, &readings[i]->error);
	}
	watchdog_share(1);
	talloc_free(census);
}

/* The controller that is judged; NULL where none answered. */
static struct server_reading *choose(const struct survey *survey)
{
	struct server_reading *chosen = NULL;

	for (size_t i = 0; i < survey->count; i++) {
		struct server_reading *reading = &survey->readings[i];

		if (reading->directory && !reading->directory->gap_count)
			return reading;
		if (reading->directory && !chosen)
			chosen = reading;
	}
	return chosen;
}

/* Makes the others what they are to the policy, and closes their sessions. */
static bool keep_others(const void *context, const struct survey *survey,
			const struct server_reading *chosen, struct replica_list *others,
			struct error *error)
{
	others->items = memory_array(context, struct replica, survey->count);
	for (size_t i = 0; i < survey->count; i++) {
		struct server_reading *reading = &survey->readings[i];
		struct replica replica = {.server = reading->host, .failure = reading->error.text};

		if (reading == chosen)
			continue;
		if (reading->directory) {
			replica.snapshot =
				snapshot_build(context, reading->directory,
					       &survey->options->policy.selection, error);
			if (!replica.snapshot)
				return false;
			directory_add_source(chosen->directory, reading->host);
		}
		talloc_free(reading->session);
		others->items[others->count++] = replica;
	}
	return true;
}

/* The reasons of all controllers, none of which answered. */
static void fail(const struct survey *survey, struct error *error)
{
	char *reasons = memory_text(survey->servers, "");
	enum error_kind kind = ERROR_TIMEOUT;

	for (size_t i = 0; i < survey->count; i++) {
		const struct server_reading *reading = &survey->readings[i];

		reasons = memory_check(talloc_asprintf_append(reasons, "%s%s: %s", i ? "; " : "",
							      reading->host, reading->error.text));
		if (reading->error.kind != ERROR_TIMEOUT)
			kind = reading->error.kind;
	}
	error_set(error, kind, "%s", reasons);
}

struct directory *all_servers_read(const void *context, const struct options *options,
				   struct trace *trace, struct ldap_session **session,
				   struct replica_list *others, struct error *error)
{
	struct survey survey = {.options = options, .domain = options->ldap.domain};
	const struct server_reading *chosen;

	survey.servers = ldap_servers_find(context, &options->ldap, trace, error);
	if (!survey.servers)
		return NULL;
	survey.count = ldap_servers_count(survey.servers);
	survey.readings = memory_array(survey.servers, struct server_reading, survey.count);
	for (size_t i = 0; i < survey.count; i++)
		survey.readings[i] = (struct server_reading){
			.host = ldap_servers_host(survey.servers, i),
		};
	read_each(&survey);
	read_missing(&survey);
	chosen = choose(&survey);
	if (!chosen) {
		fail(&survey, error);
		return NULL;
	}
	if (!keep_others(context, &survey, chosen, others, error) ||
	    !ldap_session_choose_kdc(chosen->session, error))
		return NULL;
	*session = chosen->session;
	trace_add(trace, "%u LDAP requests, %u round trips, %zu of %zu controllers answered",
		  trace->request_count, trace->round_trip_count, chosen->directory->source_count,
		  survey.count);
	return chosen->directory;
}
