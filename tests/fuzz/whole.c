/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole program but its command line: an export, with a policy in front of it where a
 * line of one form feed stands between them, judged and shown in both formats. */
#include "base/memory.h"
#include "fuzz.h"
#include "model/export.h"
#include "policy/baseline.h"
#include "policy/policy_file.h"
#include "report/report.h"
#include "source/ldif.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

size_t fuzz_first_part(const uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i + 1 < size; i++) {
		if (bytes[i] == '\f' && bytes[i + 1] == '\n')
			return i;
	}
	return 0;
}

static bool read_policy(const void *context, const uint8_t *bytes, size_t size,
			struct policy *policy)
{
	struct error error = {0};
	FILE *stream;
	bool read;

	policy_init(policy);
	if (!size)
		return true;
	stream = fmemopen((void *)(uintptr_t)bytes, size, "r");
	if (!stream)
		return false;
	read = policy_file_read(context, stream, "policy", policy, &error);
	(void)fclose(stream);
	return read;
}

struct snapshot *fuzz_snapshot(const void *context, const uint8_t *bytes, size_t size,
			       const struct policy *policy)
{
	struct directory *directory = directory_new(context, DIRECTORY_LDIF);
	struct snapshot *snapshot = NULL;
	struct error error = {0};
	char path[32];
	int file = fuzz_file(bytes, size, path);

	if (ldif_read(path, directory, &error)) {
		export_finish(directory);
		snapshot = snapshot_build(context, directory, &policy->selection, &error);
	}
	(void)close(file);
	fuzz_check(snapshot || *error.text);
	return snapshot;
}

/* Compared with its own report a directory did not drift. */
static void check_own_baseline(const void *context, const struct snapshot *snapshot,
			       struct policy *policy, const char *json)
{
	struct error error = {0};
	struct baseline *baseline = baseline_parse(context, json, strlen(json), &error);
	struct verdict *verdict;

	fuzz_check(baseline || snapshot->directory->gap_count);
	if (!baseline || !baseline_fits(baseline, snapshot->domain, &policy->selection, &error))
		return;
	policy->baseline = baseline;
	verdict = verdict_reach(context, snapshot, policy, 0.25);
	for (size_t i = 0; i < verdict->findings.count; i++)
		fuzz_check(verdict->findings.items[i].rule != RULE_DRIFT);
}

void fuzz_whole(const uint8_t *bytes, size_t size)
{
	void *context = memory_check(talloc_new(NULL));
	size_t before = fuzz_first_part(bytes, size);
	size_t begin = before ? before + 2 : 0;
	struct policy policy;
	const struct snapshot *snapshot;

	if (read_policy(context, bytes, before, &policy) &&
	    (snapshot = fuzz_snapshot(context, bytes + begin, size - begin, &policy))) {
		struct report report = {
			.verdict = verdict_reach(context, snapshot, &policy, 0.25),
			.version = "0",
			.read_at = "2000-01-01T00:00:00Z",
			.with_fix = true,
		};
		const char *json = fuzz_check_answers(context, &report);

		/* a rule that is OK may hide a gap, else what was not read is not OK */
		if (!before && snapshot->directory->gap_count)
			fuzz_check(report.verdict->state != STATE_OK);
		check_own_baseline(context, snapshot, &policy, json);
	}
	talloc_free(context);
}
