/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/ldap_catalogue.h"

#include "base/memory.h"
#include "base/text.h"
#include "source/dc_locator.h"
#include "source/ldap_batches.h"
#include "source/ldap_connection.h"
#include "source/ldap_queries.h"

struct ldap_catalogue {
	const struct ldap_settings *settings;
	struct trace *trace;
	bool looked_for;
	struct ldap_session *session; /* NULL: none, for one of these reasons */
	const char *absence;          /* there is none */
	const char *failure;          /* there is one, of this name, that does not answer */
	const char *name;
};

struct ldap_catalogue *ldap_catalogue_new(const void *context, const struct ldap_settings *settings,
					  struct trace *trace)
{
	struct ldap_catalogue *catalogue = memory_new(context, struct ldap_catalogue);

	catalogue->settings = settings;
	catalogue->trace = trace;
	return catalogue;
}

/* DNS name of the forest by the rootDSE of a controller. Owner: context. */
static const char *forest_name(const void *context, const struct directory *directory)
{
	return directory_dns_name(context, directory, ATTRIBUTE_ROOT_DOMAIN_NAMING_CONTEXT);
}

static bool is_ready(const struct directory *directory)
{
	const struct entry *rootdse = directory_find(directory, "");

	return rootdse && entry_has_text(rootdse, ATTRIBUTE_GLOBAL_CATALOGUE_READY, "TRUE");
}

/* Lists who may be the catalogue; false, and the reason, where that can not be told. */
static bool find_candidates(struct ldap_catalogue *catalogue, struct ldap_session *session,
			    const struct directory *directory, struct dc_candidate **candidates,
			    size_t *count, struct error *error)
{
	const struct ldap_settings *settings = catalogue->settings;
	const char *server = ldap_session_server(session);
	const char *named = settings->catalogue   ? settings->catalogue
			    : is_ready(directory) ? server
						  : NULL;
	const char *forest = forest_name(catalogue, directory);

	*candidates = NULL;
	*count = 0;
	if (named)
		return dc_locator_add(catalogue, named, dc_locator_catalogue_port(settings),
				      candidates, count, error);
	if (!forest)
		return error_set(error, ERROR_DIRECTORY, "%s does not say which forest it is of",
				 server);
	if (!dc_locator_find_catalogues(catalogue, settings, forest, candidates, count,
					catalogue->trace, error))
		return false;
	if (!*count)
		catalogue->absence = memory_format(
			catalogue,
			"there is no global catalogue to ask: %s is none, and DNS names none of %s "
			"(--gc names one)",
			server, forest);
	return true;
}

/* Whether session is with a catalogue, and of the same forest. */
static bool check(struct ldap_session *session, const struct directory *directory,
		  struct error *error)
{
	struct directory *scratch = directory_new(session, DIRECTORY_LDAP);
	const char *forest = forest_name(scratch, directory), *other;
	bool fits = ldap_queries_read_rootdse(session, NULL, scratch, error);

	other = fits ? forest_name(scratch, scratch) : NULL;
	if (fits && !is_ready(scratch))
		fits = error_set(error, ERROR_DIRECTORY, "it is no global catalogue, or not yet");
	else if (fits && (!other || !forest || !text_equal(other, forest)))
		fits = error_set(error, ERROR_DIRECTORY, "it is of the forest %s, not of %s",
				 other ? other : "(not known)", forest ? forest : "(not known)");
	talloc_free(scratch);
	return fits;
}

/* Opens the candidate as the catalogue; left more may be tried after it. */
static bool try_candidate(struct ldap_catalogue *catalogue, struct ldap_session *session,
			  const struct dc_candidate *candidate, size_t left,
			  const struct directory *directory, struct error *error)
{
	/* one share more: the controller itself has to be asked on */
	struct ldap_session *beside =
		ldap_session_open_beside(catalogue, session, catalogue->settings, candidate,
					 (unsigned)left + 1, catalogue->trace, error);

	if (beside && check(beside, directory, error)) {
		catalogue->session = beside;
		return true;
	}
	trace_add(catalogue->trace, "the global catalogue %s failed: %s", candidate->host,
		  error->text);
	talloc_free(beside);
	return false;
}

static void look_for(struct ldap_catalogue *catalogue, struct ldap_session *session,
		     const struct directory *directory)
{
	struct dc_candidate *candidates;
	struct error error = {0};
	size_t count;

	catalogue->looked_for = true;
	catalogue->name = memory_text(catalogue, catalogue->settings->catalogue
							 ? catalogue->settings->catalogue
							 : ldap_session_server(session));
	if (!find_candidates(catalogue, session, directory, &candidates, &count, &error))
		catalogue->failure = memory_text(catalogue, error.text);
	for (size_t i = 0; i < count; i++) {
		if (!i)
			catalogue->name = candidates[i].host;
		if (try_candidate(catalogue, session, &candidates[i], count - i - 1, directory,
				  &error)) {
			catalogue->name = candidates[i].host;
			catalogue->failure = NULL;
			return;
		}
		catalogue->failure = i ? memory_format(catalogue, "%s; %s: %s", catalogue->failure,
						       candidates[i].host, error.text)
				       : memory_text(catalogue, error.text);
		/* elsewhere it would fail as well, and count towards a lock-out */
		if (error.kind == ERROR_LOGIN)
			return;
	}
}

/* Notes the catalogue as one that was asked, and a controller where it is another one. */
static void add_source(const struct ldap_catalogue *catalogue, struct directory *directory)
{
	struct directory *elsewhere = directory_elsewhere(directory);

	if (elsewhere->source_count)
		return;
	directory_add_source(elsewhere, catalogue->name);
	for (size_t i = 0; i < directory->source_count; i++) {
		if (text_equal(directory->sources[i], catalogue->name))
			return;
	}
	directory_add_source(directory, catalogue->name);
}

void ldap_catalogue_ask(struct ldap_catalogue *catalogue, struct ldap_session *session,
			const struct entry_question *question, struct directory *directory)
{
	struct directory *elsewhere;
	struct ldap_connection *connection;
	struct ldap_pipeline *pipeline;

	if (entry_question_is_empty(question))
		return;
	if (!catalogue->looked_for)
		look_for(catalogue, session, directory);
	elsewhere = directory_elsewhere(directory);
	if (catalogue->absence)
		directory->no_catalogue = memory_text(directory, catalogue->absence);
	if (catalogue->failure && !elsewhere->gap_count)
		directory_add_gap(elsewhere, catalogue->name, catalogue->failure);
	if (!catalogue->session)
		return;
	add_source(catalogue, directory);
	connection = ldap_session_connection(catalogue->session);
	pipeline = ldap_pipeline_new(catalogue, connection, elsewhere);
	/* each catalogue holds what is tested: of memberOf, universal groups */
	ldap_batches_ask(pipeline, "", question, " in other domains", NULL);
	ldap_pipeline_run(pipeline);
	talloc_free(pipeline);
	if (!connection->lost)
		return;
	catalogue->failure = memory_text(catalogue, elsewhere->gap_count ? elsewhere->gaps[0].detail
									 : "it hung up");
	talloc_free(catalogue->session);
	catalogue->session = NULL;
}
