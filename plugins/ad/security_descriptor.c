/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ad/security_descriptor.h"

#include "ad/guid.h"
#include "ad/little_endian.h"
#include "base/memory.h"

#include <string.h>

enum {
	DESCRIPTOR_HEADER_SIZE = 20,
	ACL_HEADER_SIZE = 8,
	ACE_HEADER_SIZE = 8, /* type, flags, size, mask */

	CONTROL_DACL_PRESENT = 0x0004,
	CONTROL_SELF_RELATIVE = 0x8000,

	ACE_INHERIT_ONLY = 0x08,
	ACE_OBJECT_TYPE_PRESENT = 0x01,
	ACE_INHERITED_OBJECT_TYPE_PRESENT = 0x02,
	RIGHT_CONTROL_ACCESS = 0x00000100,
};

/* What an ACE type means for access ([MS-DTYP] 2.4.4.1). */
enum ace_kind {
	ACE_UNDECIDABLE, /* a conditional denial, or a type that nobody has defined */
	ACE_MAY_ALLOW,   /* a conditional grant: takes nothing from those behind it */
	ACE_NEUTRAL,     /* audit and labels: neither grants nor denies */
	ACE_ALLOW,
	ACE_DENY,
	ACE_ALLOW_OBJECT,
	ACE_DENY_OBJECT,
};

static enum ace_kind ace_kind(uint8_t type)
{
	static const enum ace_kind kinds[] = {
		[0x00] = ACE_ALLOW,     [0x01] = ACE_DENY,         [0x02] = ACE_NEUTRAL,
		[0x03] = ACE_NEUTRAL,   [0x05] = ACE_ALLOW_OBJECT, [0x06] = ACE_DENY_OBJECT,
		[0x07] = ACE_NEUTRAL,   [0x08] = ACE_NEUTRAL,      [0x09] = ACE_MAY_ALLOW,
		[0x0B] = ACE_MAY_ALLOW, [0x0D] = ACE_NEUTRAL,      [0x0E] = ACE_NEUTRAL,
		[0x0F] = ACE_NEUTRAL,   [0x10] = ACE_NEUTRAL,      [0x11] = ACE_NEUTRAL,
		[0x12] = ACE_NEUTRAL,   [0x13] = ACE_NEUTRAL,
	};

	return type < countof(kinds) ? kinds[type] : ACE_UNDECIDABLE;
}

/* Where the SID of an ACE begins: behind the mask, and the GUIDs of an object ACE. */
static size_t sid_offset(const uint8_t *ace, size_t size, enum ace_kind kind)
{
	size_t offset = ACE_HEADER_SIZE;
	uint32_t flags;

	if (kind != ACE_ALLOW_OBJECT && kind != ACE_DENY_OBJECT)
		return offset;
	if (size < offset + 4)
		return size;
	flags = little_endian(ace + offset, 4);
	offset += 4;
	if (flags & ACE_OBJECT_TYPE_PRESENT)
		offset += GUID_SIZE;
	if (flags & ACE_INHERITED_OBJECT_TYPE_PRESENT)
		offset += GUID_SIZE;
	return offset < size ? offset : size;
}

/* Decodes one ACE of size bytes and appends it where it counts. */
static bool parse_ace(const void *context, const uint8_t *ace, size_t size,
		      struct delegation_acl *acl)
{
	enum ace_kind kind = ace_kind(ace[0]);
	uint32_t mask = little_endian(ace + 4, 4);
	size_t offset = sid_offset(ace, size, kind);
	bool counts = !(ace[1] & ACE_INHERIT_ONLY);
	struct sid trustee;

	if (kind == ACE_NEUTRAL)
		return true;
	if (kind == ACE_MAY_ALLOW || kind == ACE_UNDECIDABLE) {
		acl->undecidable |= counts;
		acl->cut |= counts && kind == ACE_UNDECIDABLE;
		return true;
	}
	if (!sid_parse(ace + offset, size - offset, &trustee, NULL))
		return false;
	if (!(mask & RIGHT_CONTROL_ACCESS) || !counts || acl->cut)
		return true;
	*memory_add(context, acl->aces, acl->ace_count) = (struct delegation_ace){
		.allow = kind == ACE_ALLOW || kind == ACE_ALLOW_OBJECT,
		.trustee = trustee,
	};
	return true;
}

/* Decodes an ACL that begins at bytes, of which size are there ([MS-DTYP] 2.4.5). */
static bool parse_acl(const void *context, const uint8_t *bytes, size_t size,
		      struct delegation_acl *acl)
{
	size_t acl_size, offset = ACL_HEADER_SIZE;
	uint32_t count;

	if (size < ACL_HEADER_SIZE)
		return false;
	acl_size = little_endian(bytes + 2, 2);
	count = little_endian(bytes + 4, 2);
	if (acl_size < ACL_HEADER_SIZE || acl_size > size)
		return false;
	for (; count; count--) {
		size_t ace_size;

		if (acl_size - offset < ACE_HEADER_SIZE)
			return false;
		ace_size = little_endian(bytes + offset + 2, 2);
		if (ace_size < ACE_HEADER_SIZE || ace_size > acl_size - offset)
			return false;
		if (!parse_ace(context, bytes + offset, ace_size, acl))
			return false;
		offset += ace_size;
	}
	return true;
}

bool delegation_acl_parse(const void *context, const void *bytes, size_t size,
			  struct delegation_acl *acl)
{
	const uint8_t *byte = bytes;
	uint32_t control, offset;

	memset(acl, 0, sizeof *acl);
	if (size < DESCRIPTOR_HEADER_SIZE || byte[0] != 1)
		return false;
	control = little_endian(byte + 2, 2);
	offset = little_endian(byte + 16, 4);
	if (!(control & CONTROL_SELF_RELATIVE))
		return false;
	if (!(control & CONTROL_DACL_PRESENT) || !offset) {
		acl->everyone = true;
		return true;
	}
	if (offset < DESCRIPTOR_HEADER_SIZE || offset > size)
		return false;
	return parse_acl(context, byte + offset, size - offset, acl);
}

/* Whether the same SID stands in one of the first count entries already: what was
 * decided on first, grant or denial, stays. */
static bool decided(const struct delegation_ace *aces, size_t count, const struct sid *sid)
{
	for (size_t i = 0; i < count; i++) {
		if (sid_equal(&aces[i].trustee, sid))
			return true;
	}
	return false;
}

struct sid *delegation_acl_trustees(const void *context, const struct delegation_acl *acl,
				    size_t *count)
{
	struct sid *trustees = memory_array(context, struct sid, acl->ace_count + 1);

	*count = 0;
	if (acl->everyone)
		trustees[(*count)++] = (struct sid){.authority = 1, .sub_authority_count = 1};
	for (size_t i = 0; i < acl->ace_count; i++) {
		if (acl->aces[i].allow && !decided(acl->aces, i, &acl->aces[i].trustee))
			trustees[(*count)++] = acl->aces[i].trustee;
	}
	return trustees;
}

static void put_16(uint8_t *byte, size_t number)
{
	byte[0] = (uint8_t)number;
	byte[1] = (uint8_t)(number >> 8);
}

/* Whether an ACE lets trustee delegate. */
static bool grants(const uint8_t *ace, size_t size, const struct sid *trustee)
{
	void *scratch = memory_check(talloc_new(NULL));
	struct delegation_acl acl = {0};
	bool granted = parse_ace(scratch, ace, size, &acl) && acl.ace_count && acl.aces[0].allow &&
		       sid_equal(&acl.aces[0].trustee, trustee);

	talloc_free(scratch);
	return granted;
}

char *delegation_acl_remove(const void *context, const void *bytes, size_t size,
			    const struct sid *trustee, size_t *new_size, size_t *left)
{
	uint8_t *copy = memory_check(talloc_memdup(context, bytes, size));
	uint8_t *acl = copy + little_endian(copy + 16, 4);
	size_t acl_size = little_endian(acl + 2, 2);
	size_t offset = ACL_HEADER_SIZE;
	size_t end = acl_size;

	*left = little_endian(acl + 4, 2);
	for (size_t count = *left; count; count--) {
		size_t ace_size = little_endian(acl + offset + 2, 2);

		if (!grants(acl + offset, ace_size, trustee)) {
			offset += ace_size;
			continue;
		}
		memmove(acl + offset, acl + offset + ace_size, end - offset - ace_size);
		end -= ace_size;
		--*left;
	}
	/* what follows the DACL stays where the header says it is */
	memset(acl + end, 0, acl_size - end);
	put_16(acl + 2, end);
	put_16(acl + 4, *left);
	*new_size = acl + acl_size == copy + size ? (size_t)(acl + end - copy) : size;
	return (char *)copy;
}
