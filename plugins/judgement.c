/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judgement.h"

#include "all_servers.h"
#include "base/memory.h"
#include "controller.h"
#include "model/export.h"
#include "model/snapshot.h"
#include "policy/baseline.h"
#include "policy/drift_change.h"
#include "source/file.h"
#include "source/kdc_accounts.h"
#include "source/kdc_login.h"
#include "source/kdc_probe.h"
#include "source/ldap_changes.h"
#include "source/ldap_session.h"
#include "source/ldif.h"
#include "source/watchdog.h"

#include <errno.h>
#include <string.h>

static struct directory *read_exports(const void *context, const struct options *options,
				      struct error *error)
{
	struct directory *directory = directory_new(context, DIRECTORY_LDIF);

	for (size_t i = 0; i < options->ldif_files.count; i++) {
		if (!ldif_read(options->ldif_files.items[i], directory, error))
			return NULL;
		directory_check_synchronized(directory,
					     directory->sources[directory->source_count - 1]);
	}
	export_finish(directory);
	return directory;
}

/* What the options name. Of several controllers the policy gets what the others hold. */
static struct directory *read_directory(const void *context, const struct options *options,
					struct policy *policy, struct trace *trace,
					struct ldap_session **session, struct error *error)
{
	struct replica_list *others;

	if (options->ldif_files.count)
		return read_exports(context, options, error);
	if (!options->all_servers)
		return controller_read(context, &options->ldap, &policy->selection, trace, session,
				       error);
	others = memory_new(context, struct replica_list);
	policy->replicas = others;
	return all_servers_read(context, options, trace, session, others, error);
}

/* Asks the KDC what the snapshot lets expect of it. Owner of the answers: context. */
static const struct kdc_answers *ask_kdc(const void *context, const struct options *options,
					 struct ldap_session *session,
					 const struct snapshot *snapshot, struct trace *trace)
{
	struct kdc_accounts accounts = {0};
	struct kdc_answers *answers;
	struct kdc_login login = {0};

	if (!session) { /* what was found counts all the same */
		answers = kdc_answers_new(context, snapshot, &options->kdc, &login, &accounts);
		answers->silence = "there is no connection to the controller any more (-vv tells "
				   "why)";
		return answers;
	}
	kdc_login_look(context, &login);
	kdc_accounts_read(context, session, snapshot, &login, options->kdc.control, &accounts);
	answers = kdc_answers_new(context, snapshot, &options->kdc, &login, &accounts);
	kdc_probe_ask(answers, ldap_session_server(session), trace);
	watchdog_waiting_for("its own verdict");
	return answers;
}

/* The baseline of --baseline; *baseline is NULL where --accept is about to make the file. */
static bool read_baseline(const void *context, const struct options *options,
			  const struct baseline **baseline, struct error *error)
{
	size_t size;
	bool missing;
	char *text;

	*baseline = NULL;
	if (!options->baseline_file)
		return true;
	text = file_read(context, options->baseline_file, &size, &missing, error);
	if (!text && missing && options->accept)
		return true;
	if (!text && missing)
		return error_set(error, ERROR_INPUT,
				 "--baseline: can not read %s: %s; --accept writes the first one",
				 options->baseline_file, strerror(ENOENT));
	if (!text)
		return error_context(error, "--baseline");
	*baseline = baseline_parse(context, text, size, error);
	talloc_free(text);
	return *baseline || error_context(error, "the baseline %s", options->baseline_file);
}

/* Asks when and where the facts changed that drifted, and tells it in the findings. Costs no
 * request where nothing did. */
static void read_changes(const void *context, struct ldap_session *session, struct verdict *verdict)
{
	const struct directory *directory = verdict->snapshot->directory;
	struct text_list accounts = drift_change_accounts(context, verdict);
	struct directory *changes;
	struct guid_list origins;

	if (!accounts.count)
		return;
	changes = directory_new(context, DIRECTORY_LDAP);
	ldap_changes_read_metadata(session, &accounts, changes);
	origins = drift_change_origins(context, verdict, changes);
	ldap_changes_read_controllers(session, directory_find(directory, ""), origins.items,
				      origins.count, changes);
	drift_change_tell(verdict, changes);
}

static double seconds_since(const struct timespec *start)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - start->tv_sec) + (double)(now.tv_nsec - start->tv_nsec) / 1e9;
}

struct verdict *judgement_reach(const void *context, const struct options *options,
				const struct timespec *start, struct trace *trace,
				struct error *error)
{
	struct policy *policy = memory_new(context, struct policy);
	struct ldap_session *session = NULL;
	struct directory *directory;
	struct snapshot *snapshot;
	struct verdict *verdict;

	*policy = options->policy;
	if (!read_baseline(context, options, &policy->baseline, error))
		return NULL;
	directory = read_directory(context, options, policy, trace, &session, error);
	if (!directory)
		return NULL;
	watchdog_something_read();
	watchdog_waiting_for("its own verdict");
	snapshot = snapshot_build(context, directory, &policy->selection, error);
	if (!snapshot)
		return NULL;
	if (policy->baseline &&
	    !baseline_fits(policy->baseline, snapshot->domain, &policy->selection, error)) {
		(void)error_context(error, "the baseline %s", options->baseline_file);
		return NULL;
	}
	if (options->kdc.ask)
		snapshot->kdc = ask_kdc(context, options, session, snapshot, trace);
	verdict = verdict_reach(context, snapshot, policy, seconds_since(start));
	if (session)
		read_changes(context, session, verdict);
	talloc_free(session);
	return verdict;
}
