/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The targets of the directory's own formats: what was parsed and written again means the
 * same, and no byte behind the end is looked at (the sanitizers watch the blocks). */
#include "ad/attribute.h"
#include "ad/dn.h"
#include "ad/replication_metadata.h"
#include "ad/security_descriptor.h"
#include "ad/sid.h"
#include "ad/spn.h"
#include "base/memory.h"
#include "fuzz.h"
#include "policy/threshold.h"

#include <math.h>
#include <string.h>

static void check_sid_text(const char *text)
{
	char once[SID_TEXT_SIZE];
	struct sid sid, again;

	if (!sid_parse_text(text, &sid))
		return;
	sid_format(&sid, once);
	fuzz_check(sid_parse_text(once, &again) && sid_equal(&sid, &again));
}

void fuzz_sid(const uint8_t *bytes, size_t size)
{
	void *context = memory_check(talloc_new(NULL));
	uint8_t binary[SID_BINARY_MAX];
	char text[SID_TEXT_SIZE];
	struct sid sid, again;
	size_t used = 0;
	uint32_t rid;

	check_sid_text(fuzz_text(context, bytes, size));
	if (sid_parse(bytes, size, &sid, &used)) {
		fuzz_check(used <= size && used <= SID_BINARY_MAX);
		fuzz_check(sid_format_binary(&sid, binary) == used);
		fuzz_check(!memcmp(binary, bytes, used));
		sid_format(&sid, text);
		fuzz_check(sid_parse_text(text, &again) && sid_equal(&sid, &again));
		if (sid.sub_authority_count < SID_SUB_AUTHORITIES_MAX) {
			again = sid_of_domain(&sid, 512);
			fuzz_check(sid_in_domain(&again, &sid, &rid) && rid == 512);
		}
	}
	talloc_free(context);
}

/* After its removal no trustee is granted, and all others are as before. */
static void check_removal(const void *context, const uint8_t *bytes, size_t size,
			  const struct sid *trustees, size_t count, size_t removed)
{
	struct delegation_acl acl;
	size_t new_size = 0, left = 0, new_count = 0, others = 0;
	char *rest =
		delegation_acl_remove(context, bytes, size, &trustees[removed], &new_size, &left);
	struct sid *kept;

	fuzz_check(new_size <= size);
	fuzz_check(delegation_acl_parse(context, rest, new_size, &acl));
	fuzz_check(acl.ace_count <= left);
	kept = delegation_acl_trustees(context, &acl, &new_count);
	for (size_t i = 0; i < new_count; i++) {
		fuzz_check(!sid_equal(&kept[i], &trustees[removed]));
		for (size_t j = 0; j < count; j++)
			others += sid_equal(&kept[i], &trustees[j]);
	}
	fuzz_check(new_count == count - 1 && others == count - 1);
}

void fuzz_security_descriptor(const uint8_t *bytes, size_t size)
{
	enum { REMOVALS_MAX = 4 }; /* of each the time is linear in the size */
	void *context = memory_check(talloc_new(NULL));
	struct delegation_acl acl;
	struct sid *trustees;
	size_t count = 0;

	if (delegation_acl_parse(context, bytes, size, &acl)) {
		trustees = delegation_acl_trustees(context, &acl, &count);
		fuzz_check(!acl.everyone || (!acl.ace_count && count == 1));
		fuzz_check(count <= acl.ace_count + 1);
		for (size_t i = 0; !acl.everyone && i < count && i < REMOVALS_MAX; i++)
			check_removal(context, bytes, size, trustees, count, i);
	}
	talloc_free(context);
}

void fuzz_spn(const uint8_t *bytes, size_t size)
{
	void *context = memory_check(talloc_new(NULL));
	char *text = fuzz_text(context, bytes, size);
	struct spn spn;

	if (spn_parse(text, &spn)) {
		const char *end = text + strlen(text);
		char *name = memory_check(talloc_strndup(context, spn.name, spn.name_length));

		fuzz_check(spn.service_class_length && spn.name_length);
		fuzz_check(spn.service_class == text && spn.name > text);
		fuzz_check(spn.name + spn.name_length <= end);
		fuzz_check(spn_has_name(&spn, name));
		(void)spn_has_class(&spn, SPN_CLASS_MIGRATION);
	}
	talloc_free(context);
}

static void upper(char *text)
{
	for (; *text; text++) {
		if (*text >= 'a' && *text <= 'z')
			*text = (char)(*text - 'a' + 'A');
	}
}

void fuzz_dn(const uint8_t *bytes, size_t size)
{
	void *context = memory_check(talloc_new(NULL));
	char *dn = fuzz_text(context, bytes, size);
	char *key = dn_key(context, dn);
	const char *domain = dn_key_domain(key);

	/* the parent's key is the key's parent: children are looked up so */
	fuzz_check(!strcmp(dn_key(context, dn_parent(dn)), dn_parent(key)));
	fuzz_check(domain >= key && domain <= key + strlen(key));
	fuzz_check(dn_first_value(context, dn));
	(void)dn_key_dns_name(context, domain);
	upper(dn);
	fuzz_check(!strcmp(dn_key(context, dn), key));
	talloc_free(context);
}

void fuzz_attribute(const uint8_t *bytes, size_t size)
{
	enum attribute attribute;
	struct attribute_range range;

	if (!attribute_parse((const char *)bytes, size, &attribute, &range))
		return;
	fuzz_check(attribute < ATTRIBUTE_COUNT);
	fuzz_check(size >= strlen(attribute_name(attribute)));
	fuzz_check(range.strange || !range.ranged || range.final || range.last >= range.first);
}

void fuzz_metadata(const uint8_t *bytes, size_t size)
{
	for (int i = 0; i < ATTRIBUTE_COUNT; i++) {
		struct attribute_change change;
		char text[REPLICATION_TIME_SIZE];

		if (replication_metadata_find(bytes, size, (enum attribute)i, &change) &&
		    replication_metadata_time(&change, text))
			fuzz_check(strlen(text) == sizeof text - 1);
	}
}

void fuzz_threshold(const uint8_t *bytes, size_t size)
{
	static const double values[] = {0, 1, 2, 10, 1e9};
	void *context = memory_check(talloc_new(NULL));
	struct range range = {0};

	if (range_parse(fuzz_text(context, bytes, size), &range)) {
		fuzz_check(range.given && !(range.start > range.end));
		fuzz_check(!isnan(range.start) && !isnan(range.end));
		for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
			bool within = values[i] >= range.start && values[i] <= range.end;

			fuzz_check(range_alerts(&range, values[i]) == (within == range.inside));
		}
		fuzz_check(strspn(range_perfdata(&range), "0123456789.:~@+-eE") ==
			   strlen(range_perfdata(&range)));
	}
	talloc_free(context);
}
