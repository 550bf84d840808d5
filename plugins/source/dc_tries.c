/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/dc_tries.h"

#include "base/memory.h"

#include <string.h>

struct outcome {
	char *reason;   /* why it failed; NULL: not tried */
	bool overtaxed; /* it was there, but hung up */
};

struct tries {
	const char *const *hosts;
	size_t count;
	struct outcome *outcomes; /* a talloc context that owns the reasons */
	size_t tried;
	enum error_kind kind;
	struct trace *trace;
};

static void note_failure(struct tries *tries, size_t index, bool reached, const struct error *error)
{
	struct outcome *outcome = &tries->outcomes[index];

	trace_add(tries->trace, "%s failed: %s", tries->hosts[index], error->text);
	if (!outcome->reason)
		outcome->reason = memory_text(tries->outcomes, error->text);
	else if (strcmp(outcome->reason, error->text) != 0)
		outcome->reason = memory_format(tries->outcomes, "%s; and once more: %s",
						outcome->reason, error->text);
	outcome->overtaxed = reached && error->kind == ERROR_CONNECT;
	if (error->kind != ERROR_TIMEOUT)
		tries->kind = error->kind;
}

/* Tries each, or each that is overtaxed, until one will do or refuses the login. */
static bool try_each(struct tries *tries, bool again, dc_try *try, void *data, struct error *error)
{
	for (size_t i = 0; i < tries->count && tries->kind != ERROR_LOGIN; i++) {
		bool reached = false;

		if (again && !tries->outcomes[i].overtaxed)
			continue;
		if (!again)
			tries->tried = i + 1;
		if (try(data, i, &reached, error))
			return true;
		note_failure(tries, i, reached, error);
	}
	return false;
}

/* The reasons of all that failed. */
static void explain(const struct tries *tries, struct error *error)
{
	char *reasons = memory_text(tries->outcomes, "");

	for (size_t i = 0; i < tries->tried; i++)
		reasons = memory_append(reasons, "%s%s: %s", i ? "; " : "", tries->hosts[i],
					tries->outcomes[i].reason);
	error_set(error, tries->kind, "%s", reasons);
}

bool dc_tries_run(const char *const *hosts, size_t count, dc_try *try, void *data, size_t *tried,
		  struct trace *trace, struct error *error)
{
	struct tries tries = {
		.hosts = hosts,
		.count = count,
		.outcomes = memory_array(NULL, struct outcome, count),
		.kind = ERROR_TIMEOUT,
		.trace = trace,
	};
	bool done;

	for (size_t i = 0; i < count; i++)
		tries.outcomes[i] = (struct outcome){0};
	done = try_each(&tries, false, try, data, error) ||
	       try_each(&tries, true, try, data, error);
	if (!done)
		explain(&tries, error);
	*tried = tries.tried;
	talloc_free(tries.outcomes);
	return done;
}
