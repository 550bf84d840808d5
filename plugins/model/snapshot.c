/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/snapshot.h"

#include "base/memory.h"

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
	if (selection->hosts)
		host_list_read(snapshot, domain, selection, &snapshot->hosts,
			       &snapshot->unreadable);
	if (selection->admins) {
		admin_list_read(snapshot, domain, &snapshot->admins, &snapshot->unreadable);
		read_krbtgt(snapshot);
	}
	return snapshot;
}
