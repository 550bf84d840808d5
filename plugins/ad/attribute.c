/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ad/attribute.h"

#include <string.h>
#include <strings.h>

static const char *const names[ATTRIBUTE_COUNT] = {
	[ATTRIBUTE_OBJECT_CLASS] = "objectClass",
	[ATTRIBUTE_OBJECT_CATEGORY] = "objectCategory",
	[ATTRIBUTE_OBJECT_SID] = "objectSid",
	[ATTRIBUTE_SAM_ACCOUNT_NAME] = "sAMAccountName",
	[ATTRIBUTE_USER_ACCOUNT_CONTROL] = "userAccountControl",
	[ATTRIBUTE_PRIMARY_GROUP_ID] = "primaryGroupID",
	[ATTRIBUTE_GROUP_TYPE] = "groupType",
	[ATTRIBUTE_MEMBER] = "member",
	[ATTRIBUTE_MEMBER_OF] = "memberOf",
	[ATTRIBUTE_DNS_HOST_NAME] = "dNSHostName",
	[ATTRIBUTE_SERVICE_PRINCIPAL_NAME] = "servicePrincipalName",
	[ATTRIBUTE_ALLOWED_TO_DELEGATE_TO] = "msDS-AllowedToDelegateTo",
	[ATTRIBUTE_ALLOWED_TO_ACT] = "msDS-AllowedToActOnBehalfOfOtherIdentity",
	[ATTRIBUTE_OPERATING_SYSTEM] = "operatingSystem",
	[ATTRIBUTE_OPERATING_SYSTEM_VERSION] = "operatingSystemVersion",
	[ATTRIBUTE_BEHAVIOR_VERSION] = "msDS-Behavior-Version",
	[ATTRIBUTE_SPN_MAPPINGS] = "sPNMappings",
	[ATTRIBUTE_DEFAULT_NAMING_CONTEXT] = "defaultNamingContext",
	[ATTRIBUTE_ROOT_DOMAIN_NAMING_CONTEXT] = "rootDomainNamingContext",
	[ATTRIBUTE_CONFIGURATION_NAMING_CONTEXT] = "configurationNamingContext",
	[ATTRIBUTE_GLOBAL_CATALOGUE_READY] = "isGlobalCatalogReady",
	[ATTRIBUTE_IS_SYNCHRONIZED] = "isSynchronized",
	[ATTRIBUTE_DC_FUNCTIONALITY] = "domainControllerFunctionality",
	[ATTRIBUTE_IS_DELETED] = "isDeleted",
	[ATTRIBUTE_REPLICATION_METADATA] = "replPropertyMetaData",
	[ATTRIBUTE_INVOCATION_ID] = "invocationId",
};

const char *attribute_name(enum attribute attribute)
{
	return names[attribute];
}

/* Reads the digits of [at, end); false where there are none or too many. */
static bool parse_index(const char *at, const char *end, uint32_t *index)
{
	uint64_t value = 0;

	if (at == end)
		return false;
	for (; at < end; at++) {
		if (*at < '0' || *at > '9')
			return false;
		value = value * 10 + (uint64_t)(*at - '0');
		if (value >= UINT32_MAX)
			return false;
	}
	*index = (uint32_t)value;
	return true;
}

/* Reads the option "range=0-1499" or "range=1500-*" in [at, end). */
static bool parse_range(const char *at, const char *end, struct attribute_range *range)
{
	static const char option[] = "range=";
	const char *dash;

	if ((size_t)(end - at) < sizeof option || strncasecmp(at, option, sizeof option - 1) != 0)
		return false;
	at += sizeof option - 1;
	dash = memchr(at, '-', (size_t)(end - at));
	if (!dash || !parse_index(at, dash, &range->first))
		return false;
	range->ranged = true;
	range->final = end - dash == 2 && dash[1] == '*';
	if (range->final)
		return true;
	return parse_index(dash + 1, end, &range->last) && range->last >= range->first;
}

/* Reads the options in [at, end), each after a semicolon. */
static void parse_options(const char *at, const char *end, struct attribute_range *range)
{
	static const char binary[] = "binary";

	while (at < end && !range->strange) {
		const char *option = at + 1;
		size_t length;

		at = memchr(option, ';', (size_t)(end - option));
		if (!at)
			at = end;
		length = (size_t)(at - option);
		if (length == sizeof binary - 1 && !strncasecmp(option, binary, length))
			continue;
		range->strange = range->ranged || !parse_range(option, at, range);
	}
}

bool attribute_parse(const char *description, size_t length, enum attribute *attribute,
		     struct attribute_range *range)
{
	const char *end = description + length;
	const char *semicolon = memchr(description, ';', length);
	size_t name_length = semicolon ? (size_t)(semicolon - description) : length;
	size_t i;

	memset(range, 0, sizeof *range);
	for (i = 0; i < ATTRIBUTE_COUNT; i++) {
		if (strlen(names[i]) == name_length &&
		    !strncasecmp(names[i], description, name_length))
			break;
	}
	if (i == ATTRIBUTE_COUNT)
		return false;
	*attribute = (enum attribute)i;
	if (semicolon)
		parse_options(semicolon, end, range);
	return true;
}
