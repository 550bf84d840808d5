/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/exemption.h"

#include "ad/dn.h"
#include "base/memory.h"
#include "model/account.h"

#include <string.h>
#include <strings.h>

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

/* The name by which words mean the account of entry (or NULL); NULL where it is not shown:
 * the SID or DN that is told in its place is no name. */
static const char *shown_name(const void *context, const struct domain *domain,
			      const struct entry *entry, const char *word)
{
	const char *name;

	if (!entry || account_class(entry) == ACCOUNT_FOREIGN ||
	    entry_text(entry, ATTRIBUTE_SAM_ACCOUNT_NAME, &name) != READING_OK)
		return NULL;
	if (!elsewhere_holds(domain->elsewhere, entry))
		return name;
	return strchr(word, '@') ? elsewhere_name(context, entry) : NULL;
}

/* Whether word is a pattern of SIDs: it begins as they do. */
static bool is_sid_pattern(const char *word)
{
	return text_is_pattern(word) && !strncasecmp(word, "S-1-", strlen("S-1-"));
}

bool exemption_word_means(const struct domain *domain, const char *word, const struct entry *entry,
			  const struct sid *sid, bool exactly)
{
	void *scratch = memory_check(talloc_new(NULL));
	const char *name = shown_name(scratch, domain, entry, word);
	char text[SID_TEXT_SIZE];
	struct sid named;
	bool means;

	if (sid_parse_text(word, &named))
		means = sid && sid_equal(sid, &named);
	else if (is_sid_pattern(word))
		means = sid && sid_is_of_some_domain(sid) &&
			text_matches(word, sid_format(sid, text));
	else
		means = name && (exactly ? account_is_named_exactly(name, sid, word)
					 : account_is_named(name, sid, word));
	talloc_free(scratch);
	return means;
}

bool exemption_covers(const struct selection *selection, const struct domain *domain,
		      const struct entry *entry, const struct sid *sid, const char *dn)
{
	for (size_t i = 0; i < selection->exempt.count; i++) {
		if (exemption_word_means(domain, selection->exempt.items[i], entry, sid, true))
			return true;
	}
	return exemption_covers_dn(selection, dn);
}
