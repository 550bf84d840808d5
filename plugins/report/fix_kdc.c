/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How to mend what the KDC does otherwise than the directory says. */
#include "report/fix.h"

#include "ad/uac.h"
#include "report/quote.h"

#include <string.h>

/* The entry of an admin that a finding calls so, or NULL. */
static const struct entry *find_admin(const struct fix *fix, const char *name)
{
	const struct snapshot *snapshot = fix->verdict->snapshot;

	for (size_t i = 0; i < snapshot->admins.count; i++) {
		if (!strcmp(snapshot->admins.items[i].name, name))
			return directory_find(snapshot->directory, snapshot->admins.items[i].dn);
	}
	return NULL;
}

/* The bit works where the group does not; where the bit is set, it has to arrive. */
void fix_kdc_admin_forwardable(struct fix *fix)
{
	const struct entry *entry = find_admin(fix, fix->finding->subject);
	struct account account = {0};

	if (entry)
		account_read(fix->context, entry, &account);
	if (!account.has_uac)
		return;
	if (account.not_delegated == TRUTH_YES)
		fix_say(fix,
			"look at the account on each domain controller (repadmin /showobjmeta, "
			"samba-tool drs showrepl): one has not got the bit");
	fix_set_flags(fix, &account, UAC_NOT_DELEGATED, true);
}

void fix_kdc_host_unconstrained(struct fix *fix)
{
	fix_say(fix, "look at the account on each domain controller (repadmin /showobjmeta, "
		     "samba-tool drs showrepl): one still has the bit");
	fix_unconstrained_delegation(fix);
}

/* The owner is there; why the KDC does not serve it, its log knows. */
void fix_kdc_target_refused(struct fix *fix)
{
	fix_say(fix,
		"see whether the owner has ever joined the domain and which types of keys it has "
		"(msDS-SupportedEncryptionTypes), and whether another domain has the same name");
	fix_show_owners(fix);
}

void fix_kdc_unproven(struct fix *fix)
{
	fix_say(fix, "remove what the finding names, on the account of this check or in its "
		     "options; check_hyperv_delegation(8) lists what --kdc needs");
}
