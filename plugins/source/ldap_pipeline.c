/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/ldap_pipeline.h"

#include "base/memory.h"
#include "source/watchdog.h"

/* AD keeps few unfinished results for a connection (MaxResultSetsPerConn, 10). */
enum { SENT_MAX = 8 };

struct ldap_pipeline *ldap_pipeline_new(const void *context, struct ldap_connection *connection,
					struct directory *directory)
{
	struct ldap_pipeline *pipeline = memory_new(context, struct ldap_pipeline);

	pipeline->connection = connection;
	pipeline->directory = directory;
	return pipeline;
}

void ldap_pipeline_add(struct ldap_pipeline *pipeline, const struct ldap_request *request)
{
	*memory_add(pipeline, pipeline->searches, pipeline->count) =
		ldap_search_new(pipeline, request);
}

/* Whether the rest of that list is asked for already, from first on. */
static bool is_asked(const struct ldap_pipeline *pipeline, const struct entry *entry,
		     enum attribute attribute, uint32_t first)
{
	for (size_t i = 0; i < pipeline->count; i++) {
		const struct ldap_request *request = &pipeline->searches[i]->request;

		if (request->whole == entry && request->attribute == attribute &&
		    request->first >= first)
			return true;
	}
	return false;
}

/* Asks for the rest of each list of entry that the server cut. */
static void add_rest(struct ldap_pipeline *pipeline, const struct entry *entry)
{
	for (size_t i = 0; i < entry->attribute_count; i++) {
		enum attribute attribute = entry->attributes[i].attribute;
		uint32_t first = entry_next_range(&entry->attributes[i]);
		struct ldap_request request = {
			.base = entry->dn,
			.whole = entry,
			.attribute = attribute,
			.first = first,
		};

		if (!first || is_asked(pipeline, entry, attribute, first))
			continue;
		request.purpose = memory_format(pipeline, "more of %s of %s",
						attribute_name(attribute), entry->dn);
		ldap_pipeline_add(pipeline, &request);
	}
}

/* Sends what waits, in order, as far as there is room; returns how many are under way. */
static size_t send_waiting(struct ldap_pipeline *pipeline)
{
	size_t sent = 0;

	for (size_t i = 0; i < pipeline->count; i++)
		sent += pipeline->searches[i]->state == SEARCH_SENT;
	for (size_t i = 0; i < pipeline->count && sent < SENT_MAX; i++) {
		struct ldap_search *search = pipeline->searches[i];

		if (search->state != SEARCH_WAITING || pipeline->connection->lost)
			continue;
		watchdog_waiting_for("%s to take the search for %s", pipeline->connection->server,
				     search->request.purpose);
		pipeline->said = NULL;
		ldap_search_send(search, pipeline->connection, pipeline->directory);
		sent += search->state == SEARCH_SENT;
	}
	return sent;
}

static struct ldap_search *find_sent(const struct ldap_pipeline *pipeline, int message_id)
{
	for (size_t i = 0; i < pipeline->count; i++) {
		if (pipeline->searches[i]->state == SEARCH_SENT &&
		    pipeline->searches[i]->message_id == message_id)
			return pipeline->searches[i];
	}
	return NULL;
}

/* The connection is lost: what is not done never will be. One gap for all of it, named by
 * the first search: the reason is the same. */
static void fail_rest(struct ldap_pipeline *pipeline, const char *why)
{
	struct ldap_search *first = NULL;
	size_t more = 0;

	for (size_t i = 0; i < pipeline->count; i++) {
		if (pipeline->searches[i]->state == SEARCH_DONE)
			continue;
		if (first)
			more++;
		else
			first = pipeline->searches[i];
	}
	if (more)
		why = memory_format(pipeline, "%s (and %zu more searches with it)", why, more);
	if (first)
		ldap_search_fail(first, pipeline->connection, pipeline->directory, why);
}

static const struct ldap_search *first_sent(const struct ldap_pipeline *pipeline)
{
	for (size_t i = 0; i < pipeline->count; i++) {
		if (pipeline->searches[i]->state == SEARCH_SENT)
			return pipeline->searches[i];
	}
	return NULL;
}

/* Says which answer is waited for, where that was not said last: messages are many. */
static void say_what_for(struct ldap_pipeline *pipeline)
{
	const struct ldap_search *search = first_sent(pipeline);

	if (search && search != pipeline->said)
		watchdog_waiting_for("the answer of %s to the search for %s",
				     pipeline->connection->server, search->request.purpose);
	pipeline->said = search;
}

/* Waits for one message and gives it to its search; false where none will come. */
static bool take_message(struct ldap_pipeline *pipeline, struct error *error)
{
	const struct entry *entry;
	struct ldap_search *search;
	LDAPMessage *message;

	message = ldap_connection_take(pipeline->connection, LDAP_RES_ANY, error);
	if (!message)
		return false;
	search = find_sent(pipeline, ldap_msgid(message));
	if (search) {
		entry = ldap_search_take(search, pipeline->connection, message,
					 pipeline->directory);
		if (entry)
			add_rest(pipeline, entry);
	} else if (ldap_msgid(message) == LDAP_RES_UNSOLICITED) {
		/* the only one there is tells that the server hangs up: RFC 4511 4.4.1 */
		int code = ldap_connection_result(pipeline->connection, message);

		pipeline->connection->lost = true;
		error_set(error, ERROR_CONNECT, "the server ended the connection: %s",
			  ldap_connection_words(pipeline, pipeline->connection, code));
	}
	ldap_msgfree(message);
	return !pipeline->connection->lost;
}

void ldap_pipeline_run(struct ldap_pipeline *pipeline)
{
	struct error error = {.text = "the connection was lost"};

	while (send_waiting(pipeline) > 0) {
		say_what_for(pipeline);
		if (!take_message(pipeline, &error))
			break;
	}
	fail_rest(pipeline, error.text);
}
