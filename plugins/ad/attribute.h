/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The LDAP attributes that the program reads, and nothing else of any entry: both
 * sources drop what is not in this list. Knows ranged names (member;range=0-1499).
 */
#ifndef AD_ATTRIBUTE_H
#define AD_ATTRIBUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum attribute {
	/* of accounts, groups and service connection points */
	ATTRIBUTE_OBJECT_CLASS,
	ATTRIBUTE_OBJECT_CATEGORY,
	ATTRIBUTE_OBJECT_SID,
	ATTRIBUTE_SAM_ACCOUNT_NAME,
	ATTRIBUTE_USER_ACCOUNT_CONTROL,
	ATTRIBUTE_PRIMARY_GROUP_ID,
	ATTRIBUTE_GROUP_TYPE,
	ATTRIBUTE_MEMBER,
	ATTRIBUTE_MEMBER_OF,
	ATTRIBUTE_DNS_HOST_NAME,
	ATTRIBUTE_SERVICE_PRINCIPAL_NAME,
	ATTRIBUTE_ALLOWED_TO_DELEGATE_TO,
	ATTRIBUTE_ALLOWED_TO_ACT,
	ATTRIBUTE_OPERATING_SYSTEM,
	ATTRIBUTE_OPERATING_SYSTEM_VERSION,
	/* of the domain object and of CN=Directory Service in the configuration */
	ATTRIBUTE_BEHAVIOR_VERSION,
	ATTRIBUTE_SPN_MAPPINGS,
	/* of the rootDSE */
	ATTRIBUTE_DEFAULT_NAMING_CONTEXT,
	ATTRIBUTE_ROOT_DOMAIN_NAMING_CONTEXT,
	ATTRIBUTE_CONFIGURATION_NAMING_CONTEXT,
	ATTRIBUTE_GLOBAL_CATALOGUE_READY,
	ATTRIBUTE_IS_SYNCHRONIZED,
	ATTRIBUTE_DC_FUNCTIONALITY,
	/* of what is deleted, which only exports show */
	ATTRIBUTE_IS_DELETED,
	/* of any object, and of the settings of a domain controller: what changed where and when */
	ATTRIBUTE_REPLICATION_METADATA,
	ATTRIBUTE_INVOCATION_ID,
	ATTRIBUTE_COUNT
};

_Static_assert(ATTRIBUTE_COUNT <= 32, "attributes are kept as bits");

/* LDAP's name as in Microsoft's schema, "msDS-AllowedToDelegateTo". */
const char *attribute_name(enum attribute attribute);

/* A part of a multi-valued attribute, as a server that cuts long lists sends it. */
struct attribute_range {
	bool strange;   /* an option that is not understood: what the values are is not known */
	bool ranged;    /* false: the whole attribute, the rest is meaningless */
	uint32_t first; /* index of the first value */
	uint32_t last;  /* index of the last one, unless final */
	bool final;     /* "range=1500-*": nothing follows */
	uint32_t count; /* values that came under it */
};

/*
 * Splits an attribute description, "member;range=0-1499" (case does not matter;
 * [MS-ADTS] 3.1.1.3.1.3.3), of length bytes. False where the attribute is none of ours.
 * The option "binary" changes nothing; any other one than a well-formed range makes
 * range strange.
 */
bool attribute_parse(const char *description, size_t length, enum attribute *attribute,
		     struct attribute_range *range);

#endif
