/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is known beside one controller's directory: those of others, and the KDC's answers.
 * More of it never hides what was found, and less of it is never OK. */
#include "base/memory.h"
#include "fuzz.h"
#include "model/kdc_answers.h"
#include "policy/policy_file.h"
#include "policy/replica.h"

#include <string.h>

/* What the one found that the other did not. */
static size_t count_lost(const struct finding_list *findings, const struct finding_list *others)
{
	size_t count = 0;

	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];

		count += !finding_list_find(others, finding->rule, finding->subject,
					    finding->object);
	}
	return count;
}

static bool has_rule(const struct verdict *verdict, enum rule rule)
{
	for (size_t i = 0; i < verdict->findings.count; i++) {
		if (verdict->findings.items[i].rule == rule)
			return true;
	}
	return false;
}

static bool is_worse(const struct verdict *a, const struct verdict *b)
{
	return service_state_rank(a->state) > service_state_rank(b->state);
}

/* ---- other controllers -------------------------------------------------------------- */

static const struct verdict *judge_beside(const void *context, const struct snapshot *snapshot,
					  struct policy *policy, const struct snapshot *other)
{
	struct replica *replica = memory_new(context, struct replica);
	struct replica_list *replicas = memory_new(context, struct replica_list);
	const struct verdict *verdict;

	*replica = (struct replica){
		.server = "dc2", .snapshot = other, .failure = other ? NULL : "refused"};
	*replicas = (struct replica_list){.items = replica, .count = 1};
	policy->replicas = replicas;
	verdict = verdict_reach(context, snapshot, policy, 0.25);
	policy->replicas = NULL;
	return verdict;
}

/* Two exports as the directories of two controllers. */
void fuzz_replicas(const uint8_t *bytes, size_t size)
{
	void *context = memory_check(talloc_new(NULL));
	size_t length = fuzz_first_part(bytes, size), begin = length ? length + 2 : size;
	const struct verdict *alone, *both;
	const struct snapshot *one, *other;
	struct policy policy;

	policy_init(&policy);
	one = fuzz_snapshot(context, bytes, length ? length : size, &policy);
	other = fuzz_snapshot(context, bytes + begin, size - begin, &policy);
	if (one) {
		alone = verdict_reach(context, one, &policy, 0.25);
		both = judge_beside(context, one, &policy, one);
		fuzz_check(both->state == alone->state);
		fuzz_check(both->findings.count == alone->findings.count);
		both = judge_beside(context, one, &policy, other);
		fuzz_check(!count_lost(&alone->findings, &both->findings));
		fuzz_check(!is_worse(alone, both));
		fuzz_check(other || both->state != STATE_OK);
		if (other) {
			alone = verdict_reach(context, other, &policy, 0.25);
			fuzz_check(!count_lost(&alone->findings, &both->findings));
			fuzz_check(!is_worse(alone, both));
		}
	}
	talloc_free(context);
}

/* ---- the KDC ------------------------------------------------------------------------ */

/* A directory with one enabled account, which has an SPN. */
static struct directory *account_of(const void *context, const char *name, const char *sid)
{
	struct directory *directory = directory_new(context, DIRECTORY_LDAP);
	struct entry *entry = directory_entry(directory, "CN=account,DC=hv,DC=test");
	const char *const values[][2] = {
		{"objectClass", "user"},   {"sAMAccountName", name},
		{"objectSid", sid},        {"userAccountControl", "512"},
		{"primaryGroupID", "513"}, {"servicePrincipalName", "check/account"},
	};

	for (size_t i = 0; i < sizeof values / sizeof *values; i++)
		directory_add_value(directory, entry, values[i][0], values[i][1],
				    strlen(values[i][1]));
	return directory;
}

/* One byte an answer: what it is, and in its high bits what the ticket is and whether the
 * answer is taken away. */
static const struct verdict *judge_answers(const void *context, struct snapshot *snapshot,
					   const struct policy *policy, const uint8_t *bytes,
					   size_t size, bool less)
{
	const struct kdc_settings settings = {.ask = true, .limit = 500};
	const struct kdc_login login = {"svc@HV.TEST", "svc", snapshot->domain->name, true, true};
	const struct kdc_accounts accounts = {
		.own = account_of(context, "svc", "S-1-5-21-1-2-3-1190"),
		.controls = account_of(context, "zoe", "S-1-5-21-1-2-3-1401"),
	};
	struct kdc_answers *answers =
		kdc_answers_new(context, snapshot, &settings, &login, &accounts);

	for (size_t i = 0; i < answers->count; i++) {
		struct kdc_question *question = &answers->items[i];
		uint8_t byte = size ? bytes[i % size] : 0;

		if (question->outcome != KDC_UNANSWERED || (less && byte & 0x80))
			continue;
		question->outcome = (enum kdc_outcome)(KDC_UNANSWERED + byte % 3);
		question->forwardable = question->outcome == KDC_ISSUED && byte & 0x20;
		question->ok_as_delegate = question->outcome == KDC_ISSUED && byte & 0x40;
		question->words = question->outcome == KDC_REFUSED ? "no" : NULL;
	}
	snapshot->kdc = answers;
	return verdict_reach(context, snapshot, policy, 0.25);
}

/* An export and the answers of a KDC. */
void fuzz_kdc(const uint8_t *bytes, size_t size)
{
	void *context = memory_check(talloc_new(NULL));
	size_t length = fuzz_first_part(bytes, size), begin = length ? length + 2 : size;
	const struct verdict *before, *all, *less;
	struct snapshot *snapshot;
	struct policy policy;

	policy_init(&policy);
	snapshot = fuzz_snapshot(context, bytes, length ? length : size, &policy);
	if (snapshot) {
		before = verdict_reach(context, snapshot, &policy, 0.25);
		all = judge_answers(context, snapshot, &policy, bytes + begin, size - begin, false);
		less = judge_answers(context, snapshot, &policy, bytes + begin, size - begin, true);
		fuzz_check(!count_lost(&before->findings, &all->findings));
		fuzz_check(!count_lost(&before->findings, &less->findings));
		fuzz_check(all->state == STATE_OK || less->state != STATE_OK);
		fuzz_check(!count_lost(&all->findings, &less->findings) ||
			   has_rule(less, RULE_KDC_UNPROVEN));
	}
	talloc_free(context);
}
