/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/ldap_reference.h"

#include "ad/dn.h"

#include <string.h>

/* Whether key is that of the domain of which rootdse (or NULL) is. */
static bool is_own_domain(const struct entry *rootdse, const char *key)
{
	const char *dn;
	char *context_key;
	bool equal;

	if (!rootdse || entry_text(rootdse, ATTRIBUTE_DEFAULT_NAMING_CONTEXT, &dn) != READING_OK)
		return false;
	context_key = dn_key(NULL, dn);
	equal = !strcmp(context_key, key);
	talloc_free(context_key);
	return equal;
}

/* Whether key is that of a forest's configuration, "cn=configuration,dc=example,dc=com". */
static bool is_configuration(const char *key)
{
	static const char name[] = "cn=configuration,";

	return !strncmp(key, name, sizeof name - 1) && dn_key_domain(key) == key + sizeof name - 1;
}

/* Whether url names a naming context other than the domain's own. */
static bool leads_out(const struct directory *directory, const char *url)
{
	const struct entry *rootdse = directory_find(directory, "");
	LDAPURLDesc *parts = NULL;
	bool out = false;

	if (ldap_url_parse(url, &parts) == LDAP_URL_SUCCESS && parts->lud_dn && *parts->lud_dn) {
		char *key = dn_key(NULL, parts->lud_dn);

		out = (dn_key_domain(key) == key && !is_own_domain(rootdse, key)) ||
		      is_configuration(key);
		talloc_free(key);
	}
	ldap_free_urldesc(parts);
	return out;
}

/* Every search may be told the same. */
static void add_gap_once(struct directory *directory, const char *server, const char *detail)
{
	for (size_t i = 0; i < directory->gap_count; i++) {
		if (!strcmp(directory->gaps[i].detail, detail))
			return;
	}
	directory_add_gap(directory, server, detail);
}

void ldap_reference_take(LDAP *ld, LDAPMessage *message, const char *server,
			 struct directory *directory)
{
	char **urls = NULL;
	char *detail;

	if (ldap_parse_reference(ld, message, &urls, NULL, 0) != LDAP_SUCCESS || !urls ||
	    !urls[0]) {
		add_gap_once(directory, server, "a reference of the answer can not be decoded");
	} else if (!leads_out(directory, urls[0])) {
		detail = memory_format(directory,
				       "part of the domain is not held here, and the reference to "
				       "it is not followed: %.300s",
				       urls[0]);
		add_gap_once(directory, server, detail);
		talloc_free(detail);
	}
	ldap_memvfree((void **)urls);
}
