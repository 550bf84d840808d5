/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/ldap_search.h"

#include "source/ldap_decode.h"
#include "source/ldap_reference.h"
#include "source/watchdog.h"

#include <string.h>

/* AD's MaxPageSize: more is cut to it anyway. */
enum { PAGE_SIZE = 1000 };

/* "1 page" or "all at once". */
static const char *count_pages(const struct ldap_search *search)
{
	if (!search->paged)
		return "all at once";
	return memory_format(search, "%u page%s", search->page_count,
			     search->page_count == 1 ? "" : "s");
}

static int free_cookie(struct ldap_search *search)
{
	ldap_memfree(search->cookie.bv_val);
	search->cookie = (struct berval){0};
	return 0;
}

struct ldap_search *ldap_search_new(const void *context, const struct ldap_request *request)
{
	struct ldap_search *search = memory_new(context, struct ldap_search);

	search->request = *request;
	search->paged = request->enough;
	talloc_set_destructor(search, free_cookie);
	return search;
}

/* "12.3 ms, 20 entries, all at once: hosts by SPN: below DC=example,DC=com (|(...". */
static void trace_search(const struct ldap_search *search, const struct ldap_connection *connection,
			 const char *end)
{
	const struct ldap_request *request = &search->request;

	trace_add(connection->trace, "%.1f ms, %zu entr%s, %s: %s: %s %s%s%.100s%s",
		  (double)(trace_clock_us() - search->begin_us) / 1000, search->entry_count,
		  search->entry_count == 1 ? "y" : "ies", count_pages(search), request->purpose,
		  request->filter ? "below" : "at", *request->base ? request->base : "all domains",
		  request->filter ? " " : "", request->filter ? request->filter : "", end);
}

void ldap_search_fail(struct ldap_search *search, const struct ldap_connection *connection,
		      struct directory *directory, const char *why)
{
	char *detail = memory_format(search, "the search for %s %s: %s", search->request.purpose,
				     search->entry_count ? "was cut short" : "failed", why);

	directory_add_gap(directory, connection->server, detail);
	trace_search(search, connection, " - failed");
	talloc_free(detail);
	search->state = SEARCH_DONE;
}

/* Ends search well; more values of an attribute must have come where it was for them, or
 * their absence would pass for the end of the list. */
static void finish(struct ldap_search *search, const struct ldap_connection *connection,
		   struct directory *directory)
{
	const struct ldap_request *request = &search->request;

	if (request->whole) {
		const struct attribute_values *values =
			entry_values(request->whole, request->attribute);

		if (entry_next_range(values) == request->first) {
			ldap_search_fail(search, connection, directory,
					 "the server sent no more values although it has some");
			return;
		}
	}
	trace_search(search, connection, "");
	search->state = SEARCH_DONE;
}

/* The attributes to ask for: all that accounts and groups have, a part of one, or those
 * that tell of changes. */
static void fill_attributes(const struct ldap_search *search, char **attributes)
{
	const struct ldap_request *request = &search->request;
	size_t count = 0;

	if (request->whole) {
		/* once more the last value known: the parts must join */
		attributes[count++] =
			memory_format(search, "%s;range=%u-*", attribute_name(request->attribute),
				      (unsigned)request->first - 1);
	} else if (request->changes) {
		for (int i = ATTRIBUTE_REPLICATION_METADATA; i <= ATTRIBUTE_INVOCATION_ID; i++)
			attributes[count++] = (char *)(uintptr_t)attribute_name((enum attribute)i);
	} else {
		for (int i = 0; i <= ATTRIBUTE_SPN_MAPPINGS; i++)
			attributes[count++] = (char *)(uintptr_t)attribute_name((enum attribute)i);
	}
	attributes[count] = NULL;
}

/* Sends the search for all at once, or for the next page of it. */
static int send_request(struct ldap_search *search, struct ldap_connection *connection)
{
	const struct ldap_request *request = &search->request;
	char *attributes[ATTRIBUTE_COUNT + 1];
	LDAPControl *controls[] = {NULL, NULL};
	int code = LDAP_SUCCESS;

	fill_attributes(search, attributes);
	/* critical: a server without paging would cut the list at its limit */
	if (search->paged)
		code = ldap_create_page_control(
			connection->ld, request->enough ? request->enough : PAGE_SIZE,
			search->cookie.bv_val ? &search->cookie : NULL, 1, &controls[0]);
	if (code != LDAP_SUCCESS)
		return code;
	code = ldap_search_ext(connection->ld, request->base,
			       request->filter ? LDAP_SCOPE_SUBTREE : LDAP_SCOPE_BASE,
			       request->filter ? request->filter : "(objectClass=*)", attributes, 0,
			       controls, NULL, NULL, LDAP_NO_LIMIT, &search->message_id);
	ldap_control_free(controls[0]);
	return code;
}

void ldap_search_send(struct ldap_search *search, struct ldap_connection *connection,
		      struct directory *directory)
{
	int code;

	if (!search->begin_us)
		search->begin_us = trace_clock_us();
	(void)ldap_connection_limit_ms(connection);
	code = send_request(search, connection);
	if (code == LDAP_SERVER_DOWN) {
		connection->lost = true;
		return;
	}
	if (code != LDAP_SUCCESS) {
		ldap_search_fail(search, connection, directory,
				 ldap_connection_words(search, connection, code));
		return;
	}
	ldap_connection_sent(connection, search->message_id);
	search->page_count += search->paged;
	search->state = SEARCH_SENT;
}

/* What was too much at once comes in pages; those entries that are here already are not new
 * when they come again. */
static void begin_pages(struct ldap_search *search)
{
	(void)free_cookie(search);
	search->paged = true;
	search->entry_count = 0;
	search->state = SEARCH_WAITING;
}

/* The end of all or of a page, by a server that says it went well. */
static void take_good_end(struct ldap_search *search, struct ldap_connection *connection,
			  const struct ldap_outcome *outcome, struct directory *directory)
{
	bool tells = search->paged ? outcome->paged : !outcome->cookie.bv_len;

	if (!tells)
		ldap_search_fail(search, connection, directory,
				 "the last answer does not say whether it is complete");
	else if (outcome->cookie.bv_len && !search->request.enough)
		search->state = SEARCH_WAITING;
	else
		finish(search, connection, directory);
}

/* The end of all or of a page: the next page, pages instead, the end, or a gap. */
static void take_end(struct ldap_search *search, struct ldap_connection *connection,
		     LDAPMessage *message, struct directory *directory)
{
	struct ldap_outcome outcome;

	ldap_decode_outcome(connection->ld, message, &outcome);
	(void)free_cookie(search);
	search->cookie = outcome.cookie;
	if (outcome.code == LDAP_BUSY || outcome.code == LDAP_UNAVAILABLE)
		connection->overloaded = true;
	if (outcome.code == LDAP_SUCCESS)
		take_good_end(search, connection, &outcome, directory);
	else if (outcome.code == LDAP_SIZELIMIT_EXCEEDED && !search->paged)
		begin_pages(search);
	else if (search->request.optional &&
		 (outcome.code == LDAP_NO_SUCH_OBJECT || outcome.code == LDAP_INSUFFICIENT_ACCESS))
		finish(search, connection, directory);
	else
		ldap_search_fail(search, connection, directory,
				 ldap_connection_words(search, connection, outcome.code));
}

static size_t known_count(const struct ldap_request *request)
{
	return request->whole ? entry_values(request->whole, request->attribute)->count : 0;
}

/*
 * Whether the part of a list that came behind its first known_count values joins them: it
 * begins with the last of them, or values were added or removed in between and have moved
 * one past the border. A list that ends before them has lost some.
 */
static bool joins(const struct ldap_request *request, size_t known_count)
{
	const struct attribute_values *values = entry_values(request->whole, request->attribute);
	const struct value *last = &values->values[known_count - 1], *again = last + 1;

	if (values->count == known_count)
		return entry_next_range(values); /* else finish() tells */
	return last->size == again->size && !memcmp(last->bytes, again->bytes, last->size);
}

/* Puts an entry into the directory; NULL where it is not new or can not be decoded. */
static const struct entry *take_entry(struct ldap_search *search,
				      struct ldap_connection *connection, LDAPMessage *message,
				      struct directory *directory)
{
	size_t known = known_count(&search->request);
	const struct entry *entry = NULL;

	if (!ldap_decode_entry(connection->ld, message, search->request.whole, directory, &entry)) {
		directory_add_gap(directory, connection->server,
				  "an entry of the answer can not be decoded");
		return entry;
	}
	search->entry_count++;
	if (known && !joins(&search->request, known))
		ldap_search_fail(search, connection, directory,
				 "the list was changed while it was read");
	return entry;
}

const struct entry *ldap_search_take(struct ldap_search *search, struct ldap_connection *connection,
				     LDAPMessage *message, struct directory *directory)
{
	const struct entry *entry = NULL;

	switch (ldap_msgtype(message)) {
	case LDAP_RES_SEARCH_ENTRY:
		entry = take_entry(search, connection, message, directory);
		break;
	case LDAP_RES_SEARCH_REFERENCE:
		ldap_reference_take(connection->ld, message, connection->server, directory);
		break;
	default: take_end(search, connection, message, directory); break;
	}
	return entry;
}
