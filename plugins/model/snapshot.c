/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/snapshot.h"

#include "base/memory.h"
#include "model/omission.h"
#include "model/unasked.h"

static void read_krbtgt(struct snapshot *snapshot)
{
	const struct domain *domain = snapshot->domain;
	const struct entry *entry = domain_find_rid(domain, RID_KRBTGT);

	if (entry) {
		account_read(snapshot, entry, &snapshot->krbtgt);
		account_report(snapshot, &snapshot->krbtgt, snapshot->krbtgt.name,
			       &snapshot->unreadable);
	} else if (domain->has_sid) {
		unreadable_add_sid(snapshot, &snapshot->unreadable, &domain->sid, RID_KRBTGT);
	}
}

/* What a group among the trustees hides is reported for hosts that are judged. */
static void read_trustees(struct snapshot *snapshot, bool judged)
{
	for (size_t i = 0; i < snapshot->hosts.count; i++) {
		const struct host *host = &snapshot->hosts.items[i];

		for (size_t k = 0; host->judged == judged && k < host->acl.ace_count; k++)
			trustee_index_add(snapshot->trustees, &host->acl.aces[k].trustee, snapshot,
					  judged ? &snapshot->unreadable : NULL);
		/* Everyone stands in no entry where there is no DACL */
		for (size_t k = 0; host->judged == judged && k < host->rbcd_trustee_count; k++)
			trustee_index_add(snapshot->trustees, &host->rbcd_trustees[k], snapshot,
					  NULL);
	}
}

/* Whether the directory lacks what a plain word means. A SID of elsewhere, or a well-known
 * one, may be meant without having an account here. */
static bool is_nobody(const struct domain *domain, const char *word)
{
	const struct entry *entry;
	struct sid sid;

	if (sid_parse_text(word, &sid))
		return trustee_kind(domain, &sid, &entry) == TRUSTEE_ORPHAN;
	return !domain_next_account(domain, word, NULL) &&
	       !elsewhere_find_name(domain->elsewhere, word);
}

/* Says which trustee of the policy the directory lacks. */
static void report_trustee_words(struct snapshot *snapshot, const struct selection *selection)
{
	for (size_t i = 0; i < selection->trustees.count; i++) {
		const char *word = selection->trustees.items[i];

		if (!text_is_pattern(word) && is_nobody(snapshot->domain, word))
			unreadable_add(snapshot, &snapshot->unreadable, word, "trustees",
				       "no account of this name can be read: correct the name in "
				       "the policy, or check what the login may read");
	}
}

static void read_hosts(struct snapshot *snapshot, const struct selection *selection)
{
	host_list_read(snapshot, snapshot->domain, selection, &snapshot->hosts,
		       &snapshot->unreadable);
	read_trustees(snapshot, true);
	read_trustees(snapshot, false);
	report_trustee_words(snapshot, selection);
}

/* Whether the functional level decides about an account that is judged. */
static bool lacks_level(const struct snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->admins.count; i++) {
		const struct admin *admin = &snapshot->admins.items[i];

		if (!admin->exempt && admin->enabled != TRUTH_NO &&
		    protection_lacks_level(snapshot->domain, admin->protected_users,
					   admin->protected))
			return true;
	}
	for (size_t i = 0; i < snapshot->operators.count; i++) {
		const struct operator_account *account = &snapshot->operators.items[i];

		if (protection_lacks_level(snapshot->domain, account->protected_users,
					   account->protected))
			return true;
	}
	return false;
}

static void read_admins(struct snapshot *snapshot, const struct selection *selection)
{
	struct protected_users *protected_users =
		protected_users_read(snapshot, snapshot->domain, &snapshot->unreadable);

	admin_list_read(snapshot, snapshot->domain, selection, protected_users, &snapshot->admins,
			&snapshot->unreadable);
	operator_list_read(snapshot, snapshot->domain, selection, protected_users,
			   &snapshot->operators, &snapshot->unreadable);
	read_krbtgt(snapshot);
	if (!lacks_level(snapshot))
		return;
	if (snapshot->domain->own_level_low)
		unreadable_add(snapshot, &snapshot->unreadable, snapshot->domain->name,
			       attribute_name(ATTRIBUTE_BEHAVIOR_VERSION),
			       "the functional level of the domain is below 2012 R2, so that other "
			       "controllers may not know Protected Users, and whether it protects "
			       "its members can not be told: raise the level, or set \"account is "
			       "sensitive and cannot be delegated\"");
	else
		unreadable_add(snapshot, &snapshot->unreadable, snapshot->domain->name,
			       attribute_name(ATTRIBUTE_DC_FUNCTIONALITY),
			       "the functional level is not known, so whether Protected Users "
			       "protects its members can not be told");
}

struct snapshot *snapshot_build(const void *context, const struct directory *directory,
				const struct selection *selection, struct error *error)
{
	struct snapshot *snapshot = memory_new(context, struct snapshot);
	const struct domain *domain = domain_read(snapshot, directory, error);

	if (!domain) {
		talloc_free(snapshot);
		return NULL;
	}
	snapshot->directory = directory;
	snapshot->domain = domain;
	if (!domain->has_sid)
		unreadable_add(
			snapshot, &snapshot->unreadable, domain->name, "objectSid",
			"the SID of the domain can not be read, so its privileged groups can "
			"not be found");
	snapshot->trustees = trustee_index_new(snapshot, domain);
	if (selection->hosts)
		read_hosts(snapshot, selection);
	if (selection->admins)
		read_admins(snapshot, selection);
	omissions_report(snapshot, domain, &snapshot->hosts, &snapshot->unreadable);
	unasked_report(snapshot, domain, &snapshot->hosts, selection, &snapshot->unreadable);
	return snapshot;
}
