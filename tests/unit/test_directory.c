/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The raw directory: entries merged by DN, values kept as bytes, gaps and sources. */
#include "ad/directory.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

static void test_same_dn_is_merged(void **state)
{
	struct directory *directory = directory_new(*state, DIRECTORY_LDAP);
	struct entry *entry = directory_entry(directory, "CN=A\\2Cb,DC=hv");

	assert_ptr_equal(directory_entry(directory, "cn=a\\,B , dc=HV"), entry);
	assert_ptr_not_equal(directory_entry(directory, "CN=A,DC=hv"), entry);
	assert_string_equal(entry->dn, "CN=A\\2Cb,DC=hv");
	assert_string_equal(entry->key, "cn=a\\2cb,dc=hv");
	assert_int_equal(HASH_COUNT(directory->entries), 2);
}

static void test_an_entry_of_nothing_is_not_found(void **state)
{
	struct directory *directory = directory_new(*state, DIRECTORY_LDIF);
	struct entry *entry = directory_entry(directory, "CN=a");

	assert_null(directory_find(directory, "CN=b"));
	assert_null(directory_find(directory, "CN=a"));
	directory_add_value(directory, entry, "description", "dropped", 7);
	assert_null(directory_find(directory, "CN=a"));
	directory_add_value(directory, entry, "cn;lang-de", "dropped", 7);
	directory_add_value(directory, entry, "objectClass", "top", 3);
	assert_ptr_equal(directory_find(directory, "cn=A"), entry);
}

static void test_values_are_copied(void **state)
{
	struct directory *directory = directory_new(*state, DIRECTORY_LDIF);
	struct entry *entry = directory_entry(directory, "CN=a");
	char bytes[] = {'a', '\0', 'b'};
	const struct attribute_values *values;

	directory_add_value(directory, entry, "servicePrincipalName", bytes, sizeof bytes);
	directory_add_value(directory, entry, "SERVICEPRINCIPALNAME", bytes, sizeof bytes);
	directory_add_value(directory, entry, "servicePrincipalName", "", 0);
	memset(bytes, 'x', sizeof bytes);
	values = entry_values(entry, ATTRIBUTE_SERVICE_PRINCIPAL_NAME);
	assert_int_equal(values->count, 3); /* twice is kept twice */
	assert_int_equal(values->values[1].size, 3);
	assert_memory_equal(values->values[1].bytes, "a\0b\0", 4);
	assert_int_equal(values->values[2].size, 0);
	assert_string_equal(values->values[2].bytes, "");
}

/* What is deleted is no entry: by its own word, or where it is kept in any naming context. */
static void test_deleted_entries_are_left_out(void **state)
{
	static const struct {
		const char *dn, *attribute;
		bool kept;
	} cases[] = {
		{"CN=a,DC=hv,DC=test", "cn: a", true},
		{"CN=a,DC=hv,DC=test", "isDeleted: TRUE", false},
		{"CN=a,DC=hv,DC=test", "ISDELETED: true", false},
		{"CN=a,DC=hv,DC=test", "isDeleted: FALSE", true},
		{"CN=a\\0ADEL:b,cn=deleted objects , DC=hv,DC=test", "cn: a", false},
		{"CN=c,CN=a\\0ADEL:b,CN=Deleted Objects,DC=hv,DC=test", "cn: a", false},
		{"CN=a,CN=Deleted Objects,CN=Configuration,DC=hv,DC=test", "cn: a", false},
		{"CN=a,CN=Deleted Objects,DC=DomainDnsZones,DC=hv,DC=test", "cn: a", false},
		{"CN=a,CN=Deleted Objects,OU=o,DC=hv,DC=test", "cn: a", true},
		{"CN=Deleted Objects", "cn: a", true},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char *text = memory_format(*state, "dn: %s\nobjectClass: top\n%s\n\n", cases[i].dn,
					   cases[i].attribute);
		struct directory *directory = unit_directory(*state, DIRECTORY_LDIF, text);

		unit_check(!directory_find(directory, cases[i].dn) == !cases[i].kept, "case %zu",
			   i);
	}
}

/* A record of an export; each begins a search of its own where that is wanted. */
static void add_record(struct directory *directory, bool search, const char *dn,
		       const char *attribute, const char *values)
{
	struct entry *entry;

	if (search)
		directory_begin_search(directory, "f");
	entry = directory_entry(directory, dn);
	for (size_t length; *values; values += length + (values[length] == ' ')) {
		length = strcspn(values, " ");
		directory_add_value(directory, entry, attribute, values, length);
	}
}

static void test_records_that_differ(void **state)
{
	static const struct {
		const char *attribute, *first, *second;
		bool search, whole;
		size_t count;
	} cases[] = {
		{"member", "CN=a CN=b", "CN=b CN=a", true, true, 2},
		{"member", "CN=a CN=b", "cn=B cn=A CN=a", true, true, 2},
		{"member", "CN=a CN=b", "CN=b", true, false, 3},
		{"member", "CN=a", "CN=a CN=b", true, false, 3},
		{"member", "CN=a", "CN=b", false, false, 2},
		{"member;range=0-0", "CN=a", "CN=a", true, false, 2}, /* no end */
		{"servicePrincipalName", "http/a", "HTTP/A", false, true, 1},
		{"servicePrincipalName", "http/a", "http/b", false, false, 2},
		{"msDS-AllowedToDelegateTo", "http/a", "http/ab", true, false, 2},
		{"memberOf", "CN=a", "CN=b", true, true, 2},
		/* one search is no search of the whole domain */
		{"member", "CN=a", "", true, true, 1},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct directory *directory = directory_new(*state, DIRECTORY_LDIF);
		const struct attribute_values *values;

		add_record(directory, true, "CN=g", cases[i].attribute, cases[i].first);
		add_record(directory, cases[i].search, "cn=G", cases[i].attribute, cases[i].second);
		add_record(directory, false, "CN=other", "member", "CN=a");
		directory_settle(directory, "dc=hv");
		values = &directory_find(directory, "CN=g")->attributes[0];
		unit_check(entry_values_complete(values) == cases[i].whole, "case %zu", i);
		unit_check(values->count == cases[i].count, "case %zu: %zu", i, values->count);
	}
}

/* What one of two exports of the domain does not show of an entry, but of others. */
static void test_values_that_are_lost(void **state)
{
	static const struct {
		const char *first, *second, *object, *others;
		bool whole;
	} cases[] = {
		{"CN=a", "", "DC=hv", "CN=b", false},    {"", "CN=a", "DC=hv", "CN=b", false},
		{"CN=a", "", "DC=hv", "", true},         {"CN=a", "", "DC=other", "CN=b", true},
		{"CN=a", "CN=a", "DC=hv", "CN=b", true},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct directory *directory = directory_new(*state, DIRECTORY_LDIF);

		add_record(directory, true, "DC=hv", "objectClass", "domainDNS");
		add_record(directory, false, "CN=g", "member", cases[i].first);
		add_record(directory, false, "CN=h", "member", "CN=b");
		add_record(directory, true, cases[i].object, "objectClass", "domainDNS");
		add_record(directory, false, "CN=g", "member", cases[i].second);
		add_record(directory, false, "CN=i", "member", cases[i].others);
		directory_settle(directory, "dc=hv");
		unit_check(
			entry_values_complete(&directory_find(directory, "CN=g")->attributes[0]) ==
				cases[i].whole,
			"case %zu", i);
	}
}

static void test_ranges_join(void **state)
{
	struct directory *directory = unit_directory(*state, DIRECTORY_LDIF,
						     "dn: CN=g\nmember;range=2-*: c\n\n"
						     "dn: cn=G\nmember;range=0-1: a\n"
						     "member;range=0-1: b\nmember;range=7-9:\n");
	const struct attribute_values *values =
		entry_values(directory_find(directory, "CN=g"), ATTRIBUTE_MEMBER);

	assert_int_equal(values->count, 3);
	assert_int_equal(values->range_count, 3);
	assert_true(values->ranges[0].final);
	assert_int_equal(values->ranges[1].last, 1);
	assert_int_equal(values->ranges[2].first, 7);
	assert_true(entry_values_complete(values));
}

/* The same export twice is no other number of members than it says. */
static void test_ranges_of_two_records(void **state)
{
	static const char record[] = "dn: CN=g\nmember;range=0-1: a\nmember;range=0-1: b\n\n";
	const char *text =
		memory_format(*state, "%s%sdn: CN=g\nmember;range=2-*: c\n", record, record);
	struct directory *directory = unit_directory(*state, DIRECTORY_LDIF, text);
	const struct attribute_values *values =
		entry_values(directory_find(directory, "CN=g"), ATTRIBUTE_MEMBER);

	assert_int_equal(values->count, 5);
	assert_int_equal(values->range_count, 3);
	assert_int_equal(values->ranges[1].count, 2);
	assert_true(entry_values_complete(values));
}

/* What has an option that is not understood is dropped, but not forgotten. */
static void test_options_not_understood(void **state)
{
	static const char *const strange[] = {"member;lang-en", "member;range=abc",
					      "member;range=2-1", "member;x"};

	for (size_t i = 0; i < COUNT_OF(strange); i++) {
		const char *text =
			memory_format(*state, "dn: CN=g\nmember: a\n%s: b\n", strange[i]);
		struct directory *directory = unit_directory(*state, DIRECTORY_LDIF, text);
		const struct attribute_values *values =
			entry_values(directory_find(directory, "CN=g"), ATTRIBUTE_MEMBER);

		assert_int_equal(values->count, 1);
		unit_check(!entry_values_complete(values), "%s", strange[i]);
		assert_int_equal(entry_next_range(values), 0);
	}
}

static void test_sources_and_gaps(void **state)
{
	struct directory *directory = directory_new(*state, DIRECTORY_LDAP);
	char name[] = "dc1";

	directory_add_source(directory, name);
	directory_add_source(directory, "dc2");
	directory_add_gap(directory, name, "size limit");
	name[0] = 'x';
	assert_int_equal(directory->kind, DIRECTORY_LDAP);
	assert_int_equal(directory->source_count, 2);
	assert_string_equal(directory->sources[0], "dc1");
	assert_string_equal(directory->sources[1], "dc2");
	assert_int_equal(directory->gap_count, 1);
	assert_string_equal(directory->gaps[0].source, "dc1");
	assert_string_equal(directory->gaps[0].detail, "size limit");
}

static void test_many_entries(void **state)
{
	struct directory *directory = directory_new(*state, DIRECTORY_LDIF);

	for (int i = 0; i < 2000; i++) {
		char dn[32], value[16];
		struct entry *entry;

		(void)snprintf(dn, sizeof dn, "CN=%d,DC=hv", i);
		(void)snprintf(value, sizeof value, "%d", i);
		entry = directory_entry(directory, dn);
		directory_add_value(directory, entry, "sAMAccountName", value, strlen(value));
	}
	for (int i = 0; i < 2000; i++) {
		char dn[32];
		const char *name;

		(void)snprintf(dn, sizeof dn, "cn=%d,dc=HV", i);
		assert_int_equal(entry_text(directory_find(directory, dn),
					    ATTRIBUTE_SAM_ACCOUNT_NAME, &name),
				 READING_OK);
		assert_int_equal(atoi(name), i);
	}
}

static void test_not_synchronized(void **state)
{
	static const struct {
		const char *value;
		size_t gaps;
	} cases[] = {{"FALSE", 1}, {"TRUE", 0}, {NULL, 0}};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct directory *directory = directory_new(*state, DIRECTORY_LDIF);
		const char *value = cases[i].value;

		directory_check_synchronized(directory, "none yet");
		if (value)
			directory_add_value(directory, directory_entry(directory, ""),
					    "isSynchronized", value, strlen(value));
		directory_check_synchronized(directory, "dc1");
		directory_check_synchronized(directory, "told already");
		unit_check(directory->gap_count == cases[i].gaps, "case %zu", i);
		if (cases[i].gaps)
			assert_string_equal(directory->gaps[0].source, "dc1");
	}
}

UNIT_MAIN(UNIT_TEST(test_same_dn_is_merged), UNIT_TEST(test_an_entry_of_nothing_is_not_found),
	  UNIT_TEST(test_values_are_copied), UNIT_TEST(test_deleted_entries_are_left_out),
	  UNIT_TEST(test_records_that_differ), UNIT_TEST(test_values_that_are_lost),
	  UNIT_TEST(test_ranges_join), UNIT_TEST(test_ranges_of_two_records),
	  UNIT_TEST(test_options_not_understood), UNIT_TEST(test_sources_and_gaps),
	  UNIT_TEST(test_not_synchronized), UNIT_TEST(test_many_entries))
