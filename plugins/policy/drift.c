/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rule drift: what differs from the baseline. */
#include "policy/drift.h"

#include "base/hash.h"
#include "base/memory.h"
#include "policy/baseline.h"
#include "policy/rules.h"

/* An account of the baseline, to be found by its SID or its DN. */
struct slot {
	const struct facts *facts;
	char sid[SID_TEXT_SIZE];
	bool found;
	UT_hash_handle hh_sid;
	UT_hash_handle hh_dn;
};

/* One half of the baseline beside the same half of the snapshot. */
struct comparison {
	struct verdict *verdict;
	enum facts_kind kind;
	struct slot *slots;
	size_t slot_count;
	struct slot *by_sid;
	struct slot *by_dn;
};

static char *list_words(const void *context, const struct text_list *list, bool whole)
{
	return whole ? text_list_whole(context, list) : text_list_words(context, list);
}

char *drift_list_sentence(const void *context, const struct text_list *then,
			  const struct text_list *now, bool whole)
{
	void *scratch = memory_check(talloc_new(NULL));
	struct text_list added = text_list_without(scratch, now, then);
	struct text_list removed = text_list_without(scratch, then, now);
	char *text = NULL;

	if (added.count || removed.count)
		text = memory_format(context, "%s%s%s%s%s", added.count ? "added " : "",
				     list_words(scratch, &added, whole),
				     added.count && removed.count ? "; " : "",
				     removed.count ? "removed " : "",
				     list_words(scratch, &removed, whole));
	talloc_free(scratch);
	return text;
}

/*
 * Adds a finding; sentence belongs to the verdict. Two accounts may have the same subject (one
 * deleted and made anew, above all): what is said of both goes into one finding.
 */
static void add(const struct comparison *comparison, const char *subject, const char *object,
		const struct finding_change *changed, const char *sentence)
{
	struct verdict *verdict = comparison->verdict;
	struct finding_list *findings = &verdict->findings;

	for (size_t i = 0; i < findings->count; i++) {
		struct finding *finding = &findings->items[i];

		if (finding->rule != RULE_DRIFT || strcmp(finding->subject, subject) != 0 ||
		    (finding->object ? !object || strcmp(finding->object, object) != 0
				     : object != NULL))
			continue;
		finding->detail = memory_format(verdict, "%s; %s", finding->detail, sentence);
		finding->changed = (struct finding_change){0};
		return;
	}
	verdict_add(verdict, RULE_DRIFT, subject, object, "%s", sentence);
	findings->items[findings->count - 1].changed = *changed;
}

static bool is_known(enum fact fact, const struct facts *facts)
{
	return fact_is_list(fact) ? facts->list_known[fact] : facts->truths[fact] != TRUTH_UNKNOWN;
}

/* Nobody ever accepted what could not be read then: it may have been changed meanwhile. */
static const char *describe_new(struct verdict *verdict, enum fact fact, const struct facts *now)
{
	const char *value = now->truths[fact] == TRUTH_YES ? "yes" : "no";

	if (fact_is_list(fact))
		value = now->lists[fact].count
				? list_words(verdict, &now->lists[fact], verdict->policy->accepting)
				: "nothing";
	return memory_format(
		verdict,
		"it could not be read for the baseline and is known now: %s; accept it "
		"where it is right",
		value);
}

/* What happened to one fact, owned by the verdict; NULL: nothing, or it can not be told now. */
static const char *describe(struct verdict *verdict, enum fact fact, const struct facts *then,
			    const struct facts *now)
{
	if (!is_known(fact, now))
		return NULL;
	if (!is_known(fact, then))
		return describe_new(verdict, fact, now);
	if (fact_is_list(fact))
		return drift_list_sentence(verdict, &then->lists[fact], &now->lists[fact],
					   verdict->policy->accepting);
	return then->truths[fact] == now->truths[fact]
		       ? NULL
		       : fact_sentence(fact, now->truths[fact] == TRUTH_YES);
}

static void compare_facts(const struct comparison *comparison, const struct facts *then,
			  const struct facts *now)
{
	for (int i = 0; i < FACT_COUNT; i++) {
		enum fact fact = (enum fact)i;
		struct finding_change changed = {0};
		const char *sentence;

		if (!fact_applies(fact, comparison->kind))
			continue;
		sentence = describe(comparison->verdict, fact, then, now);
		if (!sentence)
			continue;
		if (fact_attribute(fact, &changed.attribute))
			changed.entry = now->entry;
		add(comparison, now->name, fact_name(fact), &changed, sentence);
	}
}

/*
 * The account of the baseline that is the present one: the same SID, or the same DN where one
 * of the two has none. Of several with that SID (an export merged from two times) the one with
 * that DN.
 */
static struct slot *find_slot(const struct comparison *comparison, const struct facts *now)
{
	char sid[SID_TEXT_SIZE];
	struct slot *there = NULL, *same = NULL;
	bool both;

	HASH_FIND(hh_dn, comparison->by_dn, now->key, strlen(now->key), there);
	both = there && there->facts->has_sid && now->has_sid;
	if (both && sid_equal(&there->facts->sid, &now->sid))
		return there;
	if (now->has_sid) {
		(void)sid_format(&now->sid, sid);
		HASH_FIND(hh_sid, comparison->by_sid, sid, strlen(sid), same);
	}
	if (same)
		return same;
	return both ? NULL : there;
}

/* " (S-1-5-…)", or nothing. */
static const char *sid_note(const struct comparison *comparison, const struct facts *facts)
{
	char text[SID_TEXT_SIZE];

	return facts->has_sid
		       ? memory_format(comparison->verdict, " (%s)", sid_format(&facts->sid, text))
		       : "";
}

static void compare_present(const struct comparison *comparison, const struct facts *now)
{
	struct slot *slot = find_slot(comparison, now);
	const char *was =
		comparison->kind == FACTS_OF_HOST ? "no Hyper-V host" : "no privileged account";

	if (slot)
		slot->found = true;
	if (now->exempt)
		return;
	if (slot)
		compare_facts(comparison, slot->facts, now);
	else if (!now->unread)
		add(comparison, now->name, NULL, &(struct finding_change){0},
		    memory_format(comparison->verdict, "new: %s in the baseline%s", was,
				  sid_note(comparison, now)));
}

/* Whether word, the subject of something unreadable, is the account. */
static bool is_subject(const char *word, const struct facts *facts)
{
	char sid[SID_TEXT_SIZE];

	return text_equal(word, facts->dn) || text_equal(word, facts->name) ||
	       (facts->has_sid && text_equal(word, sid_format(&facts->sid, sid)));
}

/* Whether word is an account that is known to be an admin, now or then. */
static bool is_admin(const struct comparison *comparison, const char *word)
{
	const struct admin_list *admins = &comparison->verdict->snapshot->admins;
	const struct directory *directory = comparison->verdict->snapshot->directory;

	for (size_t i = 0; i < comparison->slot_count; i++) {
		if (is_subject(word, comparison->slots[i].facts))
			return true;
	}
	/* a member of another domain may be a group that a catalogue told more of then */
	for (size_t i = 0; i < admins->count; i++) {
		if (text_equal(word, admins->items[i].name))
			return !admins->items[i].unresolved || !directory->no_catalogue;
	}
	return false;
}

/* Whether a group, or what may be one, could not be read: then admins may be missing that are
 * none the less. */
static bool groups_unreadable(const struct comparison *comparison)
{
	static const char *const objects[] = {"member", "objectSid", "objectClass", "groups"};
	const struct unreadable_list *list = &comparison->verdict->snapshot->unreadable;

	for (size_t i = 0; i < list->count; i++) {
		for (size_t k = 0; k < countof(objects); k++) {
			if (!strcmp(list->items[i].object, objects[k]) &&
			    !is_admin(comparison, list->items[i].subject))
				return true;
		}
	}
	return false;
}

/* Whether something of the account itself could not be read: it is there. A word of the policy
 * that means nobody is the subject of such a finding too, and says no such thing. */
static bool is_unreadable(const struct verdict *verdict, const struct facts *facts)
{
	const struct unreadable_list *list = &verdict->snapshot->unreadable;

	for (size_t i = 0; i < list->count; i++) {
		const char *object = list->items[i].object;
		struct attribute_range range;
		enum attribute attribute;

		if (is_subject(list->items[i].subject, facts) &&
		    attribute_parse(object, strlen(object), &attribute, &range))
			return true;
	}
	return false;
}

/* Whether the user asked for that host. */
static bool is_judged(const struct selection *selection, const struct facts *then)
{
	return !selection->judged.count || text_list_matches(&selection->judged, then->name) ||
	       (then->dns_name && text_list_matches(&selection->judged, then->dns_name));
}

/* The accounts of the baseline that are not there, as far as what was read can tell. */
static void compare_absent(const struct comparison *comparison)
{
	struct verdict *verdict = comparison->verdict;
	bool host = comparison->kind == FACTS_OF_HOST;

	if (verdict->snapshot->directory->gap_count ||
	    (!host &&
	     (directory_first_gap(verdict->snapshot->directory) || groups_unreadable(comparison))))
		return;
	for (size_t i = 0; i < comparison->slot_count; i++) {
		const struct facts *then = comparison->slots[i].facts;

		if (comparison->slots[i].found || then->exempt || is_unreadable(verdict, then) ||
		    (host && !is_judged(&verdict->policy->selection, then)))
			continue;
		add(comparison, memory_text(verdict, then->name), NULL, &(struct finding_change){0},
		    memory_format(
			    verdict,
			    host ? "gone: the baseline has this host%s; it was deleted, is "
				   "excluded, is not marked as a Hyper-V host any more, or is "
				   "hidden from this login"
				 : "gone: the baseline has this privileged account%s; it "
				   "was deleted, left the privileged groups, or is hidden "
				   "from this login",
			    sid_note(comparison, then)));
	}
}

static void index_baseline(struct comparison *comparison, const void *scratch,
			   const struct facts_list *list)
{
	comparison->slots = memory_array(scratch, struct slot, list->count);
	comparison->slot_count = list->count;
	for (size_t i = 0; i < list->count; i++) {
		struct slot *slot = &comparison->slots[i], *same = NULL;
		const struct facts *facts = &list->items[i];

		*slot = (struct slot){.facts = facts};
		if (facts->has_sid) {
			(void)sid_format(&facts->sid, slot->sid);
			HASH_FIND(hh_sid, comparison->by_sid, slot->sid, strlen(slot->sid), same);
			if (!same)
				HASH_ADD_KEYPTR(hh_sid, comparison->by_sid, slot->sid,
						strlen(slot->sid), slot);
		}
		HASH_FIND(hh_dn, comparison->by_dn, facts->key, strlen(facts->key), same);
		if (!same)
			HASH_ADD_KEYPTR(hh_dn, comparison->by_dn, facts->key, strlen(facts->key),
					slot);
	}
}

static void compare_hosts(const struct comparison *comparison)
{
	const struct verdict *verdict = comparison->verdict;

	for (size_t i = 0; i < verdict->snapshot->hosts.count; i++) {
		const struct host *host = &verdict->snapshot->hosts.items[i];
		struct facts now;

		if (!host->judged)
			continue;
		now = facts_of_host(verdict, verdict->groups, host);
		compare_present(comparison, &now);
	}
}

static void compare_admins(const struct comparison *comparison)
{
	const struct snapshot *snapshot = comparison->verdict->snapshot;

	for (size_t i = 0; i < snapshot->admins.count; i++) {
		struct facts now = facts_of_admin(comparison->verdict, snapshot->domain,
						  &snapshot->admins.items[i]);

		compare_present(comparison, &now);
	}
}

static void compare_half(struct verdict *verdict, enum facts_kind kind,
			 const struct facts_list *then)
{
	void *scratch = memory_check(talloc_new(NULL));
	struct comparison comparison = {.verdict = verdict, .kind = kind};

	index_baseline(&comparison, scratch, then);
	if (kind == FACTS_OF_HOST)
		compare_hosts(&comparison);
	else
		compare_admins(&comparison);
	compare_absent(&comparison);
	HASH_CLEAR(hh_sid, comparison.by_sid);
	HASH_CLEAR(hh_dn, comparison.by_dn);
	talloc_free(scratch);
}

void judge_drift(struct verdict *verdict)
{
	const struct baseline *baseline = verdict->policy->baseline;

	if (!baseline)
		return;
	if (verdict->policy->selection.hosts)
		compare_half(verdict, FACTS_OF_HOST, &baseline->hosts);
	if (verdict->policy->selection.admins)
		compare_half(verdict, FACTS_OF_ADMIN, &baseline->admins);
}
