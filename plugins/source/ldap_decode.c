/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/ldap_decode.h"

#include "base/memory.h"

/* Adds one attribute; a range without values is noted too. */
static void add_attribute(struct directory *directory, struct entry *entry,
			  const struct berval *name, const struct berval *values)
{
	char *description = memory_check(talloc_strndup(NULL, name->bv_val, (size_t)name->bv_len));

	if (!values || !values[0].bv_val)
		directory_add_value(directory, entry, description, NULL, 0);
	for (size_t i = 0; values && values[i].bv_val; i++)
		directory_add_value(directory, entry, description, values[i].bv_val,
				    (size_t)values[i].bv_len);
	talloc_free(description);
}

static bool add_attributes(LDAP *ld, LDAPMessage *message, BerElement *rest,
			   struct directory *directory, struct entry *entry)
{
	for (;;) {
		struct berval name = {0};
		struct berval *values = NULL;
		int code = ldap_get_attribute_ber(ld, message, rest, &name, &values);

		if (code == LDAP_SUCCESS && name.bv_val)
			add_attribute(directory, entry, &name, values);
		ber_memfree(values); /* the values themselves lie in the message */
		if (code != LDAP_SUCCESS || !name.bv_val)
			return code == LDAP_SUCCESS;
	}
}

bool ldap_decode_entry(LDAP *ld, LDAPMessage *message, bool part, struct directory *directory,
		       const struct entry **entry)
{
	BerElement *rest = NULL;
	struct berval dn = {0};
	bool decoded = ldap_get_dn_ber(ld, message, &rest, &dn) == LDAP_SUCCESS && dn.bv_len;

	*entry = NULL;
	if (decoded) {
		char *name = memory_check(talloc_strndup(NULL, dn.bv_val, (size_t)dn.bv_len));
		struct entry *known = directory_entry(directory, name);

		talloc_free(name);
		/* every search asks for the same attributes: a second copy is nothing new */
		if (part || !known->attribute_count) {
			*entry = known;
			decoded = add_attributes(ld, message, rest, directory, known);
		}
	}
	ber_free(rest, 0);
	return decoded;
}

bool ldap_decode_rootdse(LDAP *ld, LDAPMessage *message, struct directory *directory)
{
	BerElement *rest = NULL;
	struct berval dn = {0};
	bool decoded = ldap_get_dn_ber(ld, message, &rest, &dn) == LDAP_SUCCESS && !dn.bv_len &&
		       add_attributes(ld, message, rest, directory, directory_entry(directory, ""));

	ber_free(rest, 0);
	return decoded;
}

void ldap_decode_outcome(LDAP *ld, LDAPMessage *message, struct ldap_outcome *outcome)
{
	LDAPControl **controls = NULL;
	LDAPControl *page;
	ber_int_t estimate;
	int code = LDAP_OTHER;
	int failure = ldap_parse_result(ld, message, &code, NULL, NULL, NULL, &controls, 0);

	*outcome = (struct ldap_outcome){.code = failure == LDAP_SUCCESS ? code : failure};
	page = ldap_control_find(LDAP_CONTROL_PAGEDRESULTS, controls, NULL);
	/* liblber reads the first byte, or ends the process, over a control without a value */
	outcome->paged = page && page->ldctl_value.bv_len &&
			 ldap_parse_pageresponse_control(ld, page, &estimate, &outcome->cookie) ==
				 LDAP_SUCCESS;
	ldap_controls_free(controls);
}
