/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The answer to the LDAP ping: names with and without compression, and every way in which
 * one can be cut, run in circles or hold what is no name. */
#include "ad/netlogon.h"

#include "unit.h"

enum { HEAD = 24 };

/* As a controller writes it: the second name is the first one again, by a pointer. */
static const uint8_t names[] = "\x02hv\7example\3com\0" /* 24: DnsForestName */
			       "\xC0\x18"               /* DnsDomainName */
			       "\3dc1\xC0\x18"          /* DnsHostName */
			       "\2HV\0"                 /* NetbiosDomainName */
			       "\3DC1\0"                /* NetbiosComputerName */
			       "\0"                     /* UserName */
			       "\6Branch\0"             /* DcSiteName */
			       "\7Central\0"            /* ClientSiteName */
			       "\x05\0\0\0\xFF\xFF\xFF";

static size_t build(uint8_t *bytes, const uint8_t *tail, size_t size)
{
	memset(bytes, 0xA5, HEAD);
	bytes[0] = 23;
	bytes[1] = 0;
	memcpy(bytes + HEAD, tail, size);
	return HEAD + size;
}

static void test_names(void **state)
{
	uint8_t bytes[HEAD + sizeof names];
	size_t size = build(bytes, names, sizeof names);
	struct netlogon_answer answer;

	(void)state;
	assert_true(netlogon_parse(bytes, size, &answer));
	assert_string_equal(answer.domain, "hv.example.com");
	assert_string_equal(answer.host, "dc1.hv.example.com");
	assert_string_equal(answer.site, "Branch");
	assert_string_equal(answer.client_site, "Central");
	bytes[0] = 25;
	assert_true(netlogon_parse(bytes, size, &answer));
}

static void test_no_client_site(void **state)
{
	static const uint8_t tail[] = "\2hv\0\2hv\0\0\0\0\0\6Branch\0\0";
	uint8_t bytes[HEAD + sizeof tail];
	struct netlogon_answer answer;

	(void)state;
	assert_true(netlogon_parse(bytes, build(bytes, tail, sizeof tail - 1), &answer));
	assert_string_equal(answer.domain, "hv");
	assert_string_equal(answer.client_site, "");
}

static void test_other_messages(void **state)
{
	uint8_t bytes[HEAD + sizeof names];
	size_t size = build(bytes, names, sizeof names);
	struct netlogon_answer answer;

	(void)state;
	for (unsigned opcode = 0; opcode < 256; opcode++) {
		bytes[0] = (uint8_t)opcode;
		assert_int_equal(netlogon_parse(bytes, size, &answer),
				 opcode == 23 || opcode == 25);
	}
	bytes[0] = 23;
	bytes[1] = 1;
	assert_false(netlogon_parse(bytes, size, &answer));
}

/* Copied to its exact length, so that the sanitizer sees a read behind it. */
static void test_cut(void **state)
{
	uint8_t bytes[HEAD + sizeof names];
	size_t size = build(bytes, names, sizeof names),
	       whole = size - sizeof "\x05\0\0\0\xFF\xFF\xFF";
	struct netlogon_answer answer;

	(void)state;
	for (size_t length = 0; length < whole; length++) {
		uint8_t *copy = malloc(length ? length : 1);

		assert_non_null(copy);
		memcpy(copy, bytes, length);
		assert_false(netlogon_parse(copy, length, &answer));
		free(copy);
	}
	assert_true(netlogon_parse(bytes, whole, &answer));
}

static bool parse_tail(const char *tail, size_t size)
{
	uint8_t bytes[HEAD + 600];
	struct netlogon_answer answer;

	return netlogon_parse(bytes, build(bytes, (const uint8_t *)tail, size), &answer);
}

#define PARSE(tail) parse_tail(tail, sizeof(tail) - 1)

static void test_malformed(void **state)
{
	(void)state;
	assert_true(PARSE("\2hv\0\0\0\0\0\0\0\0"));
	assert_false(PARSE("\xC0\x18\0\0\0\0\0\0\0"));       /* to itself */
	assert_false(PARSE("\2hv\xC0\x18\0\0\0\0\0\0\0"));   /* to its own begin */
	assert_false(PARSE("\xC0\x1A\2hv\0\0\0\0\0\0\0\0")); /* forwards */
	assert_false(PARSE("\xC0\xFF\0\0\0\0\0\0\0"));       /* out of it */
	assert_false(PARSE("\xC0"));                         /* half a pointer */
	assert_false(PARSE("\x40hv\0\0\0\0\0\0\0\0"));       /* neither label nor pointer */
	assert_false(PARSE("\x80hv\0\0\0\0\0\0\0\0"));
	assert_false(PARSE("\3h\nv\0\0\0\0\0\0\0\0")); /* a control character */
	assert_false(PARSE("\3h\0v\0\0\0\0\0\0\0\0"));
}

static void test_long_names(void **state)
{
	char tail[600] = {0};
	size_t size = 0;

	(void)state;
	for (int label = 0; label < 3; label++) {
		tail[size] = 63;
		memset(tail + size + 1, 'a', 63);
		size += 64;
	}
	assert_true(parse_tail(tail, size + 8));
	tail[size] = 63;
	memset(tail + size + 1, 'a', 63); /* 255 letters and dots: the most there is */
	assert_true(parse_tail(tail, size + 64 + 8));
	tail[size + 64] = 1;
	tail[size + 65] = 'a';
	assert_false(parse_tail(tail, size + 66 + 8));
}

UNIT_MAIN(UNIT_TEST(test_names), UNIT_TEST(test_no_client_site), UNIT_TEST(test_other_messages),
	  UNIT_TEST(test_cut), UNIT_TEST(test_malformed), UNIT_TEST(test_long_names))
