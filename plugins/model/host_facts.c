/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/host_reading.h"

#include "ad/uac.h"
#include "base/memory.h"

#include <stdio.h>
#include <string.h>

/* sAMAccountName without $ in lower case, or what the account is called else. */
static const char *short_name(const void *context, const struct account *account)
{
	char *name = text_lower(context, account->name);
	size_t length = strlen(name);

	if (length > 1 && name[length - 1] == '$')
		name[length - 1] = '\0';
	return name;
}

void host_facts_read_names(const void *context, const struct entry *entry, struct host *host)
{
	*host = (struct host){0};
	account_read(context, entry, &host->account);
	host->name = short_name(context, &host->account);
	if (entry_text(entry, ATTRIBUTE_DNS_HOST_NAME, &host->dns_name) != READING_OK)
		host->dns_name = NULL;
}

/* Build number of "10.0 (20348)". */
static uint32_t parse_build(const char *version)
{
	unsigned major, minor, build;
	int length = 0;

	/* sscanf would take a sign and make a huge number of it */
	if (strpbrk(version, "+-") ||
	    sscanf(version, "%3u.%3u (%6u)%n", &major, &minor, &build, &length) != 3 ||
	    version[length])
		return BUILD_UNKNOWN;
	return build;
}

/* Lists the values of an attribute, sorted; false, and unreadable, where they are cut. */
static bool read_list(const void *context, const struct host *host, enum attribute attribute,
		      struct text_list *list, struct unreadable_list *unreadable)
{
	const struct attribute_values *values = entry_values(host->account.entry, attribute);

	for (size_t i = 0; values && i < values->count; i++) {
		const struct value *value = &values->values[i];

		text_list_add(context, list, value->bytes);
		if (!value_is_text(value))
			unreadable_add(context, unreadable, host->name, attribute_name(attribute),
				       "a value is empty or holds a NUL byte");
	}
	text_list_sort(list);
	if (entry_is_unasked(host->account.entry, attribute))
		return false; /* said once for all hosts (unasked.c) */
	if (!values || entry_values_complete(values))
		return true;
	unreadable_add(
		context, unreadable, host->name, attribute_name(attribute),
		values->contradictory
			? "two records of the export differ in the list of values: export the "
			  "directory anew, in one go"
			: "the list of values is not whole: a range of it is missing or not "
			  "understood");
	return false;
}

static void read_rbcd(const void *context, struct host *host, struct unreadable_list *unreadable)
{
	const struct value *value;
	enum reading reading = entry_value(host->account.entry, ATTRIBUTE_ALLOWED_TO_ACT, &value);

	if (entry_is_unasked(host->account.entry, ATTRIBUTE_ALLOWED_TO_ACT)) {
		host->acl = (struct delegation_acl){.undecidable = true};
		return; /* said once for all hosts (unasked.c) */
	}
	host->rbcd_readable = reading == READING_ABSENT;
	if (host->rbcd_readable)
		return;
	/* whom it surely names is told, whatever else is in it */
	if (reading == READING_OK &&
	    delegation_acl_parse(context, value->bytes, value->size, &host->acl))
		host->rbcd_trustees =
			delegation_acl_trustees(context, &host->acl, &host->rbcd_trustee_count);
	else
		host->acl = (struct delegation_acl){.undecidable = true};
	host->rbcd_readable = !host->acl.undecidable;
	if (!host->rbcd_readable && host->judged)
		unreadable_add(
			context, unreadable, host->name, attribute_name(ATTRIBUTE_ALLOWED_TO_ACT),
			"the security descriptor can not be decoded or holds a condition, so "
			"whom the host lets delegate to itself can not be told");
}

/* Whether name is a full one, and no address. */
static bool is_full_name(const char *name, size_t length)
{
	return memchr(name, '.', length) && !memchr(name, ':', length) &&
	       strspn(name, "0123456789.") < length;
}

/* Whether the host registers a service that each host has by its full name. */
static bool has_full_name_service(const struct host *host)
{
	static const char *const classes[] = {"HOST", SPN_CLASS_MIGRATION, SPN_CLASS_CONSOLE,
					      SPN_CLASS_REPLICA};
	const struct attribute_values *values =
		entry_values(host->account.entry, ATTRIBUTE_SERVICE_PRINCIPAL_NAME);
	struct spn spn;

	for (size_t i = 0; values && i < values->count; i++) {
		if (!spn_parse(values->values[i].bytes, &spn) ||
		    !is_full_name(spn.name, spn.name_length))
			continue;
		for (size_t k = 0; k < countof(classes); k++) {
			if (spn_has_class(&spn, classes[k]))
				return true;
		}
	}
	return false;
}

/* Says where the full name is not known although there is one. */
static void report_dns_name(const void *context, const struct host *host,
			    struct unreadable_list *unreadable)
{
	const char *name;
	enum reading reading = entry_text(host->account.entry, ATTRIBUTE_DNS_HOST_NAME, &name);

	if (reading == READING_BROKEN)
		unreadable_add(context, unreadable, host->name,
			       attribute_name(ATTRIBUTE_DNS_HOST_NAME),
			       "the name can not be decoded, so which targets mean this host can "
			       "not be told");
	else if (reading == READING_ABSENT && has_full_name_service(host))
		unreadable_add(context, unreadable, host->name,
			       attribute_name(ATTRIBUTE_DNS_HOST_NAME),
			       "it registers services by a full name, but does not show that "
			       "name, so which targets mean this host can not be told: let the "
			       "login read it");
}

void host_facts_read(const void *context, struct host *host, struct unreadable_list *unreadable)
{
	const struct entry *entry = host->account.entry;
	const char *version;

	if (host->judged)
		account_report(context, &host->account, host->name, unreadable);
	report_dns_name(context, host, unreadable);
	if (entry_text(entry, ATTRIBUTE_OPERATING_SYSTEM, &host->operating_system) != READING_OK)
		host->operating_system = NULL;
	if (entry_text(entry, ATTRIBUTE_OPERATING_SYSTEM_VERSION, &version) == READING_OK)
		host->build = parse_build(version);
	if (host->account.has_uac) {
		uint32_t uac = host->account.uac;

		/* a read-only one needs no unconstrained delegation */
		host->domain_controller = truth_of(uac & UAC_SERVER_TRUST_ACCOUNT);
		host->unconstrained = truth_of(uac & UAC_TRUSTED_FOR_DELEGATION);
		host->protocol_transition = truth_of(uac & UAC_TRUSTED_TO_AUTH_FOR_DELEGATION);
	}
	host->targets_complete = read_list(context, host, ATTRIBUTE_ALLOWED_TO_DELEGATE_TO,
					   &host->targets, unreadable);
	(void)read_list(context, host, ATTRIBUTE_SERVICE_PRINCIPAL_NAME, &host->services,
			unreadable);
	read_rbcd(context, host, unreadable);
}
