/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "all_servers.h"

#include "ad/dn.h"
#include "base/memory.h"
#include "model/census.h"
#include "model/inquiry.h"
#include "source/ldap_queries.h"
#include "source/watchdog.h"

/* The controllers and what was read of each: NULL where nothing was. */
struct survey {
	const struct options *options;
	struct ldap_server *servers;
	struct directory **directories;
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

/* Asks a controller for all that the model misses; NULL where it is none of the domain. */
static struct directory *read_one(struct survey *survey, struct ldap_server *server)
{
	struct directory *directory = directory_new(survey->servers, DIRECTORY_LDAP);
	struct inquiry *inquiry = inquiry_new(directory);
	struct question question;
	bool asked = ldap_queries_read_rootdse(server->session, survey->domain, directory,
					       &server->error);

	while (asked &&
	       inquiry_next(inquiry, directory, &survey->options->policy.selection, &question))
		asked = ldap_queries_ask(server->session, &question, directory, &server->error);
	talloc_free(inquiry);
	if (!asked) {
		talloc_free(directory);
		return NULL;
	}
	if (!survey->domain)
		survey->domain = domain_name(survey->servers, directory);
	return directory;
}

static void read_each(struct survey *survey)
{
	for (size_t i = 0; i < survey->count; i++) {
		struct ldap_server *server = &survey->servers[i];

		survey->directories[i] = NULL;
		if (!server->session)
			continue;
		watchdog_share(survey->count - i + 1); /* one share is for what was missing */
		survey->directories[i] = read_one(survey, server);
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
	size_t *indexes = memory_array(survey->servers, size_t, survey->count);
	struct census *census;
	size_t count = 0;

	for (size_t i = 0; i < survey->count; i++) {
		if (!survey->directories[i])
			continue;
		indexes[count] = i;
		directories[count++] = survey->directories[i];
	}
	census = census_take(survey->servers, directories, count);
	for (size_t i = 0; i < count; i++) {
		struct ldap_server *server = &survey->servers[indexes[i]];
		struct question question;

		watchdog_share(count - i);
		if (census_ask_missing(census, i, &question))
			(void)ldap_queries_ask(server->session, &question,
					       survey->directories[indexes[i]], &server->error);
	}
	watchdog_share(1);
	talloc_free(census);
}

/* The index of the controller that is judged; count where none answered. */
static size_t choose(const struct survey *survey)
{
	size_t chosen = survey->count;

	for (size_t i = 0; i < survey->count; i++) {
		const struct directory *directory = survey->directories[i];

		if (directory && !directory->gap_count)
			return i;
		if (directory && chosen == survey->count)
			chosen = i;
	}
	return chosen;
}

/* Makes the others what they are to the policy, and closes their sessions. */
static bool keep_others(const void *context, const struct survey *survey, size_t chosen,
			struct replica_list *others, struct error *error)
{
	others->items = memory_array(context, struct replica, survey->count);
	for (size_t i = 0; i < survey->count; i++) {
		struct ldap_server *server = &survey->servers[i];
		struct replica replica = {.server = server->host, .failure = server->error.text};

		if (i == chosen)
			continue;
		if (survey->directories[i]) {
			replica.snapshot =
				snapshot_build(context, survey->directories[i],
					       &survey->options->policy.selection, error);
			if (!replica.snapshot)
				return false;
			directory_add_source(survey->directories[chosen], server->host);
		}
		talloc_free(server->session);
		server->session = NULL;
		others->items[others->count++] = replica;
	}
	return true;
}

/* The reasons of all controllers, none of which answered. */
static bool fail(const struct survey *survey, struct error *error)
{
	char *reasons = memory_text(survey->servers, "");
	enum error_kind kind = ERROR_TIMEOUT;

	for (size_t i = 0; i < survey->count; i++) {
		const struct ldap_server *server = &survey->servers[i];

		reasons = memory_check(talloc_asprintf_append(reasons, "%s%s: %s", i ? "; " : "",
							      server->host, server->error.text));
		if (server->error.kind != ERROR_TIMEOUT)
			kind = server->error.kind;
	}
	return error_set(error, kind, "%s", reasons);
}

struct directory *all_servers_read(const void *context, const struct options *options,
				   struct trace *trace, struct ldap_session **session,
				   struct replica_list *others, struct error *error)
{
	struct survey survey = {.options = options, .domain = options->ldap.domain};
	size_t chosen;

	survey.servers =
		ldap_session_open_each(context, &options->ldap, trace, &survey.count, error);
	if (!survey.servers)
		return NULL;
	survey.directories = memory_array(survey.servers, struct directory *, survey.count);
	read_each(&survey);
	read_missing(&survey);
	chosen = choose(&survey);
	if (chosen == survey.count) {
		(void)fail(&survey, error);
		return NULL;
	}
	if (!keep_others(context, &survey, chosen, others, error))
		return NULL;
	*session = survey.servers[chosen].session;
	trace_add(trace, "%u LDAP requests, %u round trips, %zu of %zu controllers answered",
		  trace->request_count, trace->round_trip_count,
		  survey.directories[chosen]->source_count, survey.count);
	return survey.directories[chosen];
}
