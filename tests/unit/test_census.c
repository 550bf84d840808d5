/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The entries of several directories, an account beside itself. */
#include "model/census.h"

#include "unit.h"

#define USER(cn, rid) UNIT_USER(cn, rid, UNIT_ENABLED, "")

static struct census *take(void **state, const char *const *texts, size_t count)
{
	const struct directory **directories =
		memory_array(*state, const struct directory *, count);

	for (size_t i = 0; i < count; i++)
		directories[i] = unit_directory(*state, DIRECTORY_LDAP, texts[i]);
	return census_take(*state, directories, count);
}

/* "key yn\n" for each row: in which directory it is. */
static const char *rows(void **state, const struct census *census)
{
	char *text = memory_text(*state, "");

	for (const struct census_row *row = census->rows; row; row = row->hh.next) {
		text = memory_check(talloc_asprintf_append(text, "%s ", row->key));
		for (size_t i = 0; i < census->directory_count; i++)
			text = memory_check(
				talloc_asprintf_append(text, row->entries[i] ? "y" : "n"));
		text = memory_check(talloc_asprintf_append(text, "\n"));
	}
	return text;
}

static void test_rows(void **state)
{
	static const char *const texts[] = {
		UNIT_ROOTDSE("") UNIT_CONNECTION_POINT("hv01") USER("a", "1101") USER("b", "1102"),
		UNIT_ROOTDSE("") USER("renamed", "1101") UNIT_CONNECTION_POINT("HV01"),
		UNIT_ROOTDSE("") USER("c", "1103") "dn: " UNIT_DN("bare") "\n\n",
	};
	const struct census *census = take(state, texts, COUNT_OF(texts));

	assert_string_equal(rows(state, census),
			    UNIT_SID "-1101 yyn\n" UNIT_SID "-1102 ynn\n" UNIT_SID "-1103 nny\n"
				     "cn=microsoft hyper-v,cn=hv01,dc=hv,dc=test yyn\n");
	assert_string_equal(rows(state, take(state, texts, 0)), "");
}

static void test_find(void **state)
{
	static const char *const texts[] = {USER("a", "1101"), USER("b", "1101")};
	const struct census *census = take(state, texts, COUNT_OF(texts));

	assert_ptr_equal(census_find_dn(census, UNIT_DN("a")), census->rows);
	assert_ptr_equal(census_find_dn(census, "cn = B," UNIT_ROOT), census->rows);
	assert_null(census_find_dn(census, UNIT_DN("c")));
}

static void test_missing(void **state)
{
	static const char *const texts[] = {
		USER("a", "1101") UNIT_CONNECTION_POINT("hv01"),
		USER("a", "1101") USER("b", "1102"),
		USER("c", "1103"),
	};
	struct census *census = take(state, texts, COUNT_OF(texts));
	struct question question;
	char sid[SID_TEXT_SIZE];

	assert_true(census_ask_missing(census, 0, &question));
	assert_int_equal(question.own.sids.count, 2);
	assert_string_equal(sid_format(&question.own.sids.items[0], sid), UNIT_SID "-1102");
	assert_string_equal(sid_format(&question.own.sids.items[1], sid), UNIT_SID "-1103");
	assert_int_equal(question.own.dns.count, 0);
	assert_true(census_ask_missing(census, 1, &question));
	assert_int_equal(question.own.sids.count, 1);
	assert_int_equal(question.own.dns.count, 1);
	assert_string_equal(question.own.dns.items[0], "CN=Microsoft Hyper-V," UNIT_DN("hv01"));
	assert_true(census_ask_missing(census, 2, &question));
	assert_int_equal(question.own.sids.count, 2);
	/* where all hold the same nothing is asked */
	census = take(state, (const char *const[]){texts[0], texts[0]}, 2);
	assert_false(census_ask_missing(census, 0, &question));
	assert_false(census_ask_missing(census, 1, &question));
}

UNIT_MAIN(UNIT_TEST(test_rows), UNIT_TEST(test_find), UNIT_TEST(test_missing))
