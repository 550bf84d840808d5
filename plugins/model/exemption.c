/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/exemption.h"

#include "ad/dn.h"
#include "base/memory.h"
#include "model/account.h"

#include <string.h>

bool exemption_covers_dn(const struct selection *selection, const char *dn)
{
	char *key = dn_key(NULL, dn);
	bool exempt = false;

	for (size_t i = 0; !exempt && i < selection->exempt_dns.count; i++) {
		char *other = dn_key(key, selection->exempt_dns.items[i]);

		exempt = !strcmp(key, other);
	}
	talloc_free(key);
	return exempt;
}

bool exemption_covers(const struct selection *selection, const char *name, const struct sid *sid,
		      const char *dn)
{
	for (size_t i = 0; i < selection->exempt.count; i++) {
		if (account_is_named_exactly(name, sid, selection->exempt.items[i]))
			return true;
	}
	return exemption_covers_dn(selection, dn);
}

bool exemption_covers_elsewhere(const struct selection *selection, const struct entry *entry)
{
	void *scratch = memory_check(talloc_new(NULL));
	const char *name = elsewhere_name(scratch, entry);
	bool exempt = exemption_covers_dn(selection, entry->dn);
	struct account account;

	account_read(scratch, entry, &account);
	for (size_t i = 0; !exempt && i < selection->exempt.count; i++) {
		const char *word = selection->exempt.items[i];
		struct sid sid;

		exempt =
			(strchr(word, '@') || sid_parse_text(word, &sid)) &&
			account_is_named_exactly(name, account.has_sid ? &account.sid : NULL, word);
	}
	talloc_free(scratch);
	return exempt;
}
