/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/kdc_answers.h"

#include "ad/spn.h"
#include "base/memory.h"
#include "model/kdc_control.h"

#include <stdlib.h>
#include <strings.h>

static struct kdc_question *add(struct kdc_answers *answers, enum kdc_kind kind, const char *name)
{
	struct kdc_question *question = memory_add(answers, answers->items, answers->count);

	*question = (struct kdc_question){.kind = kind, .name = name, .outcome = KDC_UNANSWERED};
	return question;
}

/* The name by which the KDC knows an admin; NULL: it has none that can be read. */
static const char *name_of(const struct snapshot *snapshot, const struct admin *admin)
{
	const struct domain *domain = snapshot->domain;
	const struct entry *entry = directory_find(snapshot->directory, admin->dn);
	const char *name;
	uint32_t rid;

	if (!entry || !admin->has_sid || !domain->has_sid ||
	    !sid_in_domain(&admin->sid, &domain->sid, &rid) ||
	    entry_text(entry, ATTRIBUTE_SAM_ACCOUNT_NAME, &name) != READING_OK)
		return NULL;
	return name;
}

/* Whether the directory says that the KDC does not let others act as this admin; of another
 * domain's accounts this domain's KDC knows nothing. */
static bool is_judged_protected(const struct admin *admin)
{
	return !admin->exempt && admin->enabled != TRUTH_NO && admin->protected == TRUTH_YES &&
	       !admin->elsewhere;
}

bool kdc_answers_need_control(const struct snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->admins.count; i++) {
		if (is_judged_protected(&snapshot->admins.items[i]))
			return true;
	}
	return false;
}

static void add_admins(struct kdc_answers *answers, const struct snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->admins.count; i++) {
		const struct admin *admin = &snapshot->admins.items[i];
		struct kdc_question *question;
		const char *name;

		if (!is_judged_protected(admin))
			continue;
		name = name_of(snapshot, admin);
		question = add(answers, KDC_ADMIN, name ? name : admin->name);
		question->admin = admin;
		if (answers->obstacles.count)
			question->outcome = KDC_OBSTRUCTED;
		if (name)
			continue;
		question->outcome = KDC_OBSTRUCTED;
		question->words = "its name is not known";
	}
}

/*
 * A host is asked for by its account name, which no other account has, unlike HOST/name.
 * Disabled ones get no ticket, and of those that the directory calls unconstrained the KDC
 * can say nothing worse.
 */
static void add_hosts(struct kdc_answers *answers, const struct snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->hosts.count; i++) {
		const struct host *host = &snapshot->hosts.items[i];

		if (host->judged && host->account.enabled != TRUTH_NO &&
		    host->unconstrained == TRUTH_NO)
			add(answers, KDC_HOST, host->account.name)->host = host;
	}
}

/* Whether the directory lets expect a ticket: one owner, which is not disabled. */
static bool is_owned(const void *context, const struct domain *domain, const char *target)
{
	const struct spn_slot *owners = domain_spn_owners(domain, target);
	struct account owner;

	if (!owners || owners->account_count != 1)
		return false;
	account_read(context, owners->accounts[0], &owner);
	if (elsewhere_holds(domain->elsewhere, owner.entry))
		return false;
	return owner.enabled != TRUTH_NO;
}

static void add_targets(struct kdc_answers *answers, const struct snapshot *snapshot)
{
	struct text_list targets = {0};

	for (size_t i = 0; i < snapshot->hosts.count; i++) {
		const struct host *host = &snapshot->hosts.items[i];

		for (size_t k = 0; host->judged && k < host->targets.count; k++) {
			struct spn spn;

			if (spn_parse(host->targets.items[k], &spn) &&
			    spn_has_class(&spn, SPN_CLASS_MIGRATION))
				text_list_add(answers, &targets, host->targets.items[k]);
		}
	}
	text_list_sort(&targets);
	for (size_t i = 0; i < targets.count; i++) {
		const char *target = targets.items[i];

		if (i && text_equal(target, targets.items[i - 1]))
			continue; /* the same in other letters */
		if (is_owned(answers, snapshot->domain, target))
			add(answers, KDC_TARGET, target);
	}
}

/* Admins, hosts and targets count, in this order. */
static void apply_limit(struct kdc_answers *answers, size_t limit)
{
	size_t asked = 0;

	for (size_t i = answers->first[KDC_ADMIN]; i < answers->count; i++) {
		struct kdc_question *question = &answers->items[i];

		if (question->outcome == KDC_UNANSWERED && ++asked > limit)
			question->outcome = KDC_BEYOND_LIMIT;
	}
}

/* Why nothing can be asked with this login; NULL: something can. */
static const char *find_silence(const void *context, const struct kdc_login *login,
				const struct domain *domain)
{
	if (!login->principal || !login->has_ticket)
		return "the login has no ticket for the KDC itself in its credential cache";
	if (!text_equal(login->realm, domain->name))
		return memory_format(context,
				     "the login %s is not of this domain, whose KDC answers "
				     "accounts of its own only",
				     login->principal);
	return NULL;
}

/* Controls come first, for what they tell of the answers behind them, but are asked for
 * only where there is an admin to ask for. */
static void add_controls(struct kdc_answers *answers, const struct snapshot *snapshot,
			 const struct kdc_settings *settings, const struct kdc_login *login,
			 const struct kdc_accounts *accounts)
{
	struct kdc_question *controls;
	size_t count;

	if (!kdc_answers_need_control(snapshot) || answers->silence || answers->obstacles.count)
		return;
	controls = kdc_control_questions(answers, snapshot, settings->control, login,
					 accounts->controls, &count, &answers->control_lack);
	for (size_t i = 0; i < count; i++)
		*add(answers, KDC_CONTROL, controls[i].name) = controls[i];
}

struct kdc_answers *kdc_answers_new(const void *context, const struct snapshot *snapshot,
				    const struct kdc_settings *settings,
				    const struct kdc_login *login,
				    const struct kdc_accounts *accounts)
{
	struct kdc_answers *answers = memory_new(context, struct kdc_answers);

	answers->silence = find_silence(answers, login, snapshot->domain);
	if (!answers->silence)
		answers->obstacles = kdc_control_obstacles(answers, login, accounts->own);
	add_controls(answers, snapshot, settings, login, accounts);
	answers->first[KDC_ADMIN] = answers->count;
	add_admins(answers, snapshot);
	answers->first[KDC_HOST] = answers->count;
	add_hosts(answers, snapshot);
	answers->first[KDC_TARGET] = answers->count;
	add_targets(answers, snapshot);
	answers->first[KDC_KIND_COUNT] = answers->count;
	for (size_t i = 0; answers->silence && i < answers->count; i++)
		answers->items[i].outcome = KDC_OBSTRUCTED;
	apply_limit(answers, settings->limit);
	return answers;
}

static int compare_target(const void *key, const void *item)
{
	/* agrees with the order of text_list_sort, which goes on where this one ends */
	return strcasecmp(key, ((const struct kdc_question *)item)->name);
}

const struct kdc_question *kdc_answers_find_target(const struct kdc_answers *answers,
						   const char *target)
{
	size_t first = answers->first[KDC_TARGET];

	if (first == answers->count)
		return NULL;
	return bsearch(target, answers->items + first, answers->count - first,
		       sizeof *answers->items, compare_target);
}
