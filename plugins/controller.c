/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "controller.h"

#include "base/memory.h"
#include "model/inquiry.h"
#include "source/ldap_catalogue.h"
#include "source/ldap_queries.h"
#include "source/watchdog.h"

#include <string.h>

/* Asks round by round what the model still misses; NULL where not even the rootDSE came. */
static struct directory *read_rounds(const void *context, struct ldap_session *session,
				     const struct ldap_settings *settings,
				     const struct selection *selection, struct trace *trace,
				     struct error *error)
{
	struct ldap_catalogue *catalogue = ldap_catalogue_new(session, settings, trace);
	struct directory *directory = directory_new(context, DIRECTORY_LDAP);
	struct inquiry *inquiry = inquiry_new(context);
	struct question question;
	bool asked = ldap_queries_read_rootdse(session, settings->domain, directory, error);

	while (asked && inquiry_next(inquiry, directory, selection, &question)) {
		asked = ldap_queries_ask(session, &question, directory, error);
		ldap_catalogue_ask(catalogue, session, &question.others, directory);
	}
	talloc_free(catalogue);
	talloc_free(inquiry);
	if (asked)
		return directory;
	talloc_free(directory);
	return NULL;
}

/* Whether another controller may do better than the one that gave directory (or NULL): each
 * is a login of its own, for which standard input does not give its password again. */
static bool is_to_be_left(const struct ldap_session *session, const struct ldap_settings *settings,
			  const struct directory *directory)
{
	size_t count;

	(void)ldap_session_others(session, &count);
	return count && (!settings->password_file || strcmp(settings->password_file, "-") != 0) &&
	       (!directory || (directory->gap_count && ldap_session_is_spent(session)));
}

/* Leaves a controller: settings name the others now. */
static void leave(const void *context, struct ldap_session **session,
		  struct ldap_settings *settings)
{
	size_t count;
	const char *const *others = ldap_session_others(*session, &count);
	const char **copies = memory_array(context, const char *, count);

	for (size_t i = 0; i < count; i++)
		copies[i] = memory_text(copies, others[i]);
	settings->servers = copies;
	settings->server_count = count;
	talloc_free(*session);
	*session = NULL;
}

/* What is known of an earlier controller, left in the middle, and why it was left. */
struct earlier {
	struct directory *directory; /* not whole, or NULL */
	char *reasons;
};

/*
 * Of two controllers that both broke off the one that gave more, which then tells of the other
 * too. Either may be NULL.
 */
static struct directory *choose(struct directory *one, struct directory *other)
{
	struct directory *kept = one, *dropped = other;

	if (!one || !other)
		return one ? one : other;
	if (HASH_COUNT(other->entries) > HASH_COUNT(one->entries)) {
		kept = other;
		dropped = one;
	}
	for (size_t i = 0; i < dropped->gap_count; i++)
		directory_add_gap(kept, dropped->gaps[i].source, dropped->gaps[i].detail);
	return kept;
}

/* No other controller gave anything: what the earlier one gave, or the reasons of all. */
static struct directory *fall_back(const struct earlier *earlier, struct error *error)
{
	struct error last = *error;

	if (earlier->directory) {
		for (size_t i = 0; i < earlier->directory->gap_count; i++) {
			struct gap *gap = &earlier->directory->gaps[i];

			gap->detail = memory_format(earlier->directory,
						    "%s; and no other controller did better: %s",
						    gap->detail, last.text);
		}
		return earlier->directory;
	}
	if (earlier->reasons)
		(void)error_set(error, last.kind, "%s; %s", earlier->reasons, last.text);
	return NULL;
}

struct directory *controller_read(const void *context, const struct ldap_settings *settings,
				  const struct selection *selection, struct trace *trace,
				  struct ldap_session **session, struct error *error)
{
	struct ldap_settings left = *settings;
	struct earlier earlier = {0};

	for (;;) {
		struct directory *directory;
		const char *why;

		*session = ldap_session_open(context, &left, trace, error);
		if (!*session)
			return fall_back(&earlier, error);
		directory = read_rounds(context, *session, &left, selection, trace, error);
		if (!is_to_be_left(*session, &left, directory)) {
			trace_add(trace, "%u LDAP requests, %u round trips", trace->request_count,
				  trace->round_trip_count);
			if (!directory)
				return fall_back(&earlier, error);
			return directory->gap_count ? choose(earlier.directory, directory)
						    : directory;
		}
		why = directory ? directory->gaps[0].detail : error->text;
		trace_add(trace, "%s is left for the next controller: %s",
			  ldap_session_server(*session), why);
		earlier.reasons = memory_format(
			context, "%s%s%s: %s", earlier.reasons ? earlier.reasons : "",
			earlier.reasons ? "; " : "", ldap_session_server(*session), why);
		earlier.directory = choose(earlier.directory, directory);
		if (earlier.directory)
			watchdog_something_read();
		leave(context, session, &left);
	}
}
