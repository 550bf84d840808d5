/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exports as ldapsearch and ldifde write them: what is read of them, what marks them as
 * cut, and what is refused with file and line. Values are decoded by libldap, so this
 * program links it. */
#include "source/ldif.h"

#include "unit.h"

#include <ldap.h>
#include <stdio.h>

#include <ldif.h> /* needs stdio.h */

static bool read_text(const void *context, const char *text, size_t size,
		      struct directory **directory, struct error *error)
{
	*directory = directory_new(context, DIRECTORY_LDIF);
	*error = (struct error){0};
	return ldif_read(unit_file(context, text, size), *directory, error);
}

static struct directory *read_good(const void *context, const char *text)
{
	struct directory *directory;
	struct error error;

	unit_check(read_text(context, text, strlen(text), &directory, &error), "%s", error.text);
	return directory;
}

/* The names of an entry, joined; "-" where there is no such entry. */
static const char *names_of(const void *context, const struct directory *directory, const char *dn)
{
	const struct entry *entry = directory_find(directory, dn);
	const struct attribute_values *values;
	char *text = memory_text(context, "");

	if (!entry)
		return "-";
	values = entry_values(entry, ATTRIBUTE_SAM_ACCOUNT_NAME);
	for (size_t i = 0; values && i < values->count; i++)
		text = talloc_asprintf_append(text, "%s%s", i ? "," : "", values->values[i].bytes);
	return text;
}

static void test_forms(void **state)
{
	static const struct {
		const char *name, *text, *names;
		size_t gaps;
	} cases[] = {
		{"plain", "dn: CN=a\nsAMAccountName: x\n\n", "x", 0},
		{"version", "version: 1\n\ndn: CN=a\nsAMAccountName: x\n\n", "x", 0},
		{"version without a line", "version: 1\ndn: CN=a\nsAMAccountName: x\n\n", "x", 0},
		{"CRLF", "dn: CN=a\r\nsAMAccountName: x\r\n\r\n", "x", 0},
		{"byte order mark",
		 "\xEF\xBB\xBF"
		 "dn: CN=a\nsAMAccountName: x\n\n",
		 "x", 0},
		{"continued", "dn: CN\n =a\nsAMAccountName: x\n y\n  z\n\n", "xy z", 0},
		{"continued CRLF", "dn: CN=a\r\nsAMAccount\r\n Name: x\r\n\r\n", "x", 0},
		{"base64", "dn:: Q049YQ==\nsAMAccountName:: eMOk\n\n", "x\xC3\xA4", 0},
		{"no blank", "dn:CN=a\nsAMAccountName:x\n\n", "x", 0},
		{"case", "DN: CN=a\nSAMACCOUNTNAME: x\n\n", "x", 0},
		{"comments", "# a\ndn: CN=a\n# b\n c\nsAMAccountName: x\n# d\n\n", "x", 0},
		{"several blank lines", "\n\n\ndn: CN=a\nsAMAccountName: x\n\n\n\n", "x", 0},
		{"the same DN twice",
		 "dn: CN=a\nsAMAccountName: x\n\ndn: cn=A\nsAMAccountName: y\n\n", "x,y", 0},
		{"add record", "dn: CN=a\nchangetype: add\nsAMAccountName: x\n\n", "x", 0},
		{"control", "dn: CN=a\ncontrol: 1.2.3 true\nchangetype: ADD\nsAMAccountName: x\n\n",
		 "x", 0},
		{"empty value", "dn: CN=a\nsAMAccountName:\n\n", "", 0},
		{"attributes not ours", "dn: CN=a\ndescription: x\n\n", "-", 0},
		{"no attributes", "dn: CN=a\n\n", "-", 0},
		{"ldapsearch, whole",
		 "# extended LDIF\n#\n# LDAPv3\n\ndn: CN=a\nsAMAccountName: x\n\n"
		 "# search result\nsearch: 2\nresult: 0 Success\n\n# numResponses: 2\n",
		 "x", 0},
		{"ldapsearch, referral",
		 "# extended LDIF\n\ndn: CN=a\nsAMAccountName: x\n\nref: ldap://b/DC=c\n\n"
		 "search: 2\nresult: 0 Success\n\n",
		 "x", 0},
		{"ldapsearch, size limit",
		 "# extended LDIF\n\ndn: CN=a\nsAMAccountName: x\n\n"
		 "search: 2\nresult: 4 Size limit exceeded\n\n",
		 "x", 1},
		{"ldapsearch, no end", "# extended LDIF\n\ndn: CN=a\nsAMAccountName: x\n\n", "x",
		 1},
		{"ldapsearch, two of which one has no end",
		 "# extended LDIF\n\ndn: CN=a\nsAMAccountName: x\n\nresult: 0\n\n"
		 "# extended LDIF\n\n",
		 "x", 1},
		{"ldapsearch, two of which the first has no end, but a page",
		 "# extended LDIF\n\ndn: CN=a\nsAMAccountName: x\n\n"
		 "# extended LDIF\n\ndn: CN=b\n\nresult: 0\npagedresults: cookie=a\n\n"
		 "dn: CN=c\n\nresult: 0\npagedresults: cookie=\n\n",
		 "x", 1},
		{"ldapsearch, two of which none has an end",
		 "# extended LDIF\n\ndn: CN=a\nsAMAccountName: x\n\n# extended LDIF\n\n", "x", 2},
		{"ldapsearch, the first of two ends after a page",
		 "# extended LDIF\n\ndn: CN=a\nsAMAccountName: x\n\n"
		 "result: 0\npagedresults: cookie=a\n\n"
		 "# extended LDIF\n\nresult: 0\n\n",
		 "x", 1},
		{"ldapsearch, two pages",
		 "# extended LDIF\n\ndn: CN=a\nsAMAccountName: x\n\n"
		 "search: 2\nresult: 0\npagedresults: cookie=a\n\n"
		 "# extended LDIF\n\ndn: CN=b\n\nsearch: 3\nresult: 0\npagedresults: cookie=\n\n",
		 "x", 0},
		{"ldapsearch, a page of two, then another search in two pages",
		 "# extended LDIF\n\ndn: CN=a\nsAMAccountName: x\n\n"
		 "search: 2\nresult: 0\npagedresults: cookie=a\n\n"
		 "# extended LDIF\n\ndn: CN=b\n\nsearch: 2\nresult: 0\npagedresults: cookie=b\n\n"
		 "# extended LDIF\n\ndn: CN=c\n\nsearch: 3\nresult: 0\npagedresults: cookie=\n\n",
		 "x", 1},
		{"ldapsearch, two pages of three, then another search, whose login took longer",
		 "# extended LDIF\n\ndn: CN=a\nsAMAccountName: x\n\n"
		 "search: 2\nresult: 0\npagedresults: cookie=a\n\n"
		 "# extended LDIF\n\ndn: CN=b\n\nsearch: 3\nresult: 0\npagedresults: cookie=b\n\n"
		 "# extended LDIF\n\ndn: CN=c\n\nsearch: 5\nresult: 0\npagedresults: cookie=\n\n",
		 "x", 1},
		{"ldapsearch -L, two pages",
		 "version: 1\n\ndn: CN=a\nsAMAccountName: x\n\n# pagedresults: cookie=a\n"
		 "\nversion: 1\n\ndn: CN=b\n\n# pagedresults: cookie=\n\n",
		 "x", 0},
		{"ldapsearch, two whole ones",
		 "# extended LDIF\n\ndn: CN=a\nsAMAccountName: x\n\nsearch: 2\nresult: 0\n\n"
		 "# extended LDIF\n\ndn:\n\nsearch: 3\nresult: 0\n\n",
		 "x", 0},
		{"ldapsearch -f, the second search has no end",
		 "# extended LDIF\n\nsearch: 2\nresult: 0\n\ndn: CN=a\nsAMAccountName: x\n\n", "x",
		 1},
		{"ldapsearch, a result line before its number only",
		 "dn: CN=a\nsAMAccountName: x\n\nsearch: 2\n\n", "x", 1},
		{"ldapsearch -L, two",
		 "version: 1\n\ndn: CN=a\nsAMAccountName: x\n\nversion: 1\n\ndn: CN=b\n\n", "x", 0},
		{"ldapsearch -L, the first of two ends after a page",
		 "version: 1\n\ndn: CN=a\nsAMAccountName: x\n\n# pagedresults: cookie=a\n"
		 "\nversion: 1\n\ndn: CN=b\n\n",
		 "x", 1},
		{"ldapsearch, then -L",
		 "# extended LDIF\n\ndn: CN=a\nsAMAccountName: x\n\nresult: 0\n\n"
		 "version: 1\n\ndn: CN=b\n\n",
		 "x", 0},
		{"ldapsearch without its end, then -L",
		 "# extended LDIF\n\ndn: CN=a\nsAMAccountName: x\n\n"
		 "version: 1\n\ndn: CN=b\n\n",
		 "x", 1},
		{"a version below a heading",
		 "# extended LDIF\nversion: 1\n\ndn: CN=a\nsAMAccountName: x\n\n", "x", 1},
		{"a heading written by cmd.exe",
		 "# extended LDIF \r\n\r\ndn: CN=a\r\nsAMAccountName: x\r\n\r\n", "x", 1},
		{"a blank before the colon", "dn : CN=a\nsAMAccountName : x\n\n", "x", 0},
		{"attributes that begin as what is below a search",
		 "dn: CN=a\nsAMAccountName: x\nsearchFlags: 1\nresults: 1\nversionNumber: 1\n"
		 "version: 12\n\n",
		 "x", 0},
		{"ldapsearch, its total",
		 "# extended LDIF\n\ndn: CN=a\nsAMAccountName: x\n\ndn: CN=b\n\n"
		 "# search reference\nref: ldap://b/DC=c\n\nsearch: 2\nresult: 0\n\n"
		 "# numResponses: 4\n# numEntries: 2\n# numReferences: 1\n",
		 "x", 0},
		{"ldapsearch, another total",
		 "# extended LDIF\n\ndn: CN=a\nsAMAccountName: x\n\n"
		 "search: 2\nresult: 0\n\n# numResponses: 3\n# numEntries: 2\n",
		 "x", 1},
		{"ldapsearch, a smaller total",
		 "# extended LDIF\n\ndn: CN=a\nsAMAccountName: x\n\ndn: CN=b\n\n"
		 "search: 2\nresult: 0\n\n# numResponses: 2\n# numEntries: 1\n",
		 "x", 1},
		{"ldapsearch, two searches with totals",
		 "# extended LDIF\n\ndn: CN=a\nsAMAccountName: x\n\nsearch: 2\nresult: 0\n\n"
		 "# numResponses: 2\n# numEntries: 1\n# extended LDIF\n\ndn: CN=b\n\n"
		 "dn: CN=c\n\nsearch: 2\nresult: 0\n\n# numResponses: 3\n# numEntries: 2\n",
		 "x", 0},
		{"ldapsearch, the first of two without a total",
		 "# extended LDIF\n\ndn: CN=a\nsAMAccountName: x\n\nsearch: 2\nresult: 0\n\n"
		 "# extended LDIF\n\ndn: CN=b\n\nsearch: 2\nresult: 0\n\n# numEntries: 1\n",
		 "x", 0},
		{"ldapsearch, the total of two pages",
		 "# extended LDIF\n#\n# LDAPv3\n# base <DC=hv> with scope subtree\n"
		 "# with pagedResults control: size=1\n#\n\ndn: CN=a\nsAMAccountName: x\n\n"
		 "search: 2\nresult: 0\npagedresults: cookie=a\n"
		 "# extended LDIF\n#\n# base <DC=hv> with scope subtree\n#\n\ndn: CN=b\n\n"
		 "search: 3\nresult: 0\npagedresults: cookie=\n\n# numEntries: 2\n",
		 "x", 0},
		{"ldapsearch, another total of two pages",
		 "# extended LDIF\n\ndn: CN=a\nsAMAccountName: x\n\n"
		 "search: 2\nresult: 0\npagedresults: cookie=a\n"
		 "# extended LDIF\n\ndn: CN=b\n\n"
		 "search: 3\nresult: 0\npagedresults: cookie=\n\n# numEntries: 3\n",
		 "x", 1},
		{"ldapsearch -L, the total of two pages",
		 "version: 1\n\n#\n# base <DC=hv> with scope subtree\n#\n\n"
		 "dn: CN=a\nsAMAccountName: x\n\n# pagedresults: cookie=a\nversion: 1\n\n"
		 "dn: CN=b\n\n# pagedresults: cookie=\n\n# numResponses: 3\n# numEntries: 2\n",
		 "x", 0},
		{"ldapsearch -L, another total",
		 "version: 1\n\ndn: CN=a\nsAMAccountName: x\n\n# search result\n\n"
		 "# numResponses: 3\n# numEntries: 2\n",
		 "x", 1},
		{"ldapsearch -f, two searches with totals",
		 "# extended LDIF\n\ndn: CN=a\nsAMAccountName: x\n\nsearch: 2\nresult: 0\n\n"
		 "# numEntries: 1\n\n#\n# filter: (cn=b)\n#\ndn: CN=b\n\ndn: CN=c\n\n"
		 "search: 3\nresult: 0\n\n# numEntries: 2\n",
		 "x", 0},
		{"ldapsearch -f, two searches in pages, counted in one",
		 "# extended LDIF\n# base <DC=hv> with scope subtree\n"
		 "# with pagedResults control: size=9\n#\n\ndn: CN=a\nsAMAccountName: x\n\n"
		 "search: 2\nresult: 0\npagedresults: cookie=\n\n# numEntries: 1\n\n"
		 "dn: CN=b\n\nsearch: 3\nresult: 0\npagedresults: cookie=\n\n# numEntries: 2\n",
		 "x", 0},
		{"an object that is called like a total, above one that is called like a heading",
		 "# extended LDIF\n# base <DC=hv> with scope subtree\n#\n\n"
		 "# numEntries: 7, hv\ndn: CN=numEntries: 7,DC=hv\n\n"
		 "# with pagedResults , hv\ndn: CN=a\nsAMAccountName: x\n\n"
		 "search: 2\nresult: 0\n\n# numEntries: 2\n",
		 "x", 0},
		{"result 00", "dn: CN=a\nsAMAccountName: x\n\nresult: 01 odd\n\n", "x", 1},
		{"range", "dn: CN=a\nsAMAccountName: x\nmember;range=0-1: CN=b\n\n", "x", 0},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct directory *directory = read_good(*state, cases[i].text);
		const char *names = names_of(*state, directory, "CN=a");

		unit_check(!strcmp(names, cases[i].names), "%s: %s", cases[i].name, names);
		unit_check(directory->gap_count == cases[i].gaps, "%s: %zu gaps", cases[i].name,
			   directory->gap_count);
		assert_int_equal(directory->source_count, 1);
	}
}

/* What the heading of a search asked for. */
static void test_headings(void **state)
{
#define BIT(attribute) (UINT32_C(1) << (attribute))
	static const struct {
		const char *heading;
		bool told;
		uint32_t asked;
		const char *partial;
	} cases[] = {
		{"", false, 0, NULL},
		{"# extended LDIF\n\n", false, 0, NULL},
		{"# extended LDIF\n#\n# LDAPv3\n# base <DC=hv> with scope subtree\n"
		 "# filter: (objectclass=*)\n# requesting: ALL\n#\n\n",
		 true, UINT32_MAX, NULL},
		{"version: 1\n\n#\n# LDAPv3\n# base <DC=hv> (default) with scope subtree\n"
		 "# filter: objectClass=*\n# requesting: member * \n#\n\n",
		 true, UINT32_MAX, NULL},
		{"version: 1\n\n", false, 0, NULL},
		{"# extended LDIF\n# requesting: MEMBER sAMAccountName;binary cn \n\n", true,
		 BIT(ATTRIBUTE_MEMBER) | BIT(ATTRIBUTE_SAM_ACCOUNT_NAME), NULL},
		{"# extended LDIF\n# requesting: member;range=0-* \n\n", true,
		 BIT(ATTRIBUTE_MEMBER), NULL},
		{"# extended LDIF\n# requesting: member;range=1500-* 1.1 memberof;lang-de \n\n",
		 true, 0, NULL},
		{"# extended LDIF\n# base <DC=hv> with scope oneLevel\n\n", false, 0, "oneLevel"},
		{"# extended LDIF\n# base <CN=a with scope subtree> with scope baseObject\n\n",
		 false, 0, "baseObject"},
		{"# extended LDIF\n# base <DC=hv> with scope children\n# filter: (cn=a)\n\n", false,
		 0, "children"},
		{"# extended LDIF\n# filter: (cn=*)\n\n", false, 0, "(cn=*)"},
		{"# extended LDIF\n# filter: (objectClass=*\n\n", false, 0, "filter"},
		{"# extended LDIF\n# filter: (objectClass=*)(a=b)\n\n", false, 0, "filter"},
		{"# extended LDIF\n# filter pattern: (cn=%s)\n\n", false, 0, "(cn=%s)"},
		{"# extended LDIF\n# filter: (objectGUID=*)\n\n", false, 0, NULL},
		/* objects that are called like a heading */
		{"# extended LDIF\n#\n# base <DC=hv> with scope subtree\n# requesting: cn \n#\n\n"
		 "# requesting: ALL\ndn: CN=requesting: ALL\n\n# filter: (cn=a)\n",
		 true, 0, NULL},
		{"# extended LDIF\n#\n# base <DC=hv> with scope subtree\n# requesting: cn \n#\n\n"
		 "# requesting: ALL\n",
		 true, 0, NULL},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *text = memory_format(*state, "%sdn: CN=a\nsAMAccountName: x\n\n",
						 cases[i].heading);
		struct directory *directory = read_good(*state, text);
		const struct entry_record *record = &directory_find(directory, "CN=a")->record;
		const char *partial = record->search->partial;

		unit_check(record->search->told == cases[i].told, "case %zu", i);
		unit_check(record->search->asked == cases[i].asked, "case %zu: %x", i,
			   (unsigned)record->search->asked);
		unit_check(!partial == !cases[i].partial &&
				   (!partial || strstr(partial, cases[i].partial)),
			   "case %zu: %s", i, partial ? partial : "-");
	}
}

static void test_binary_value(void **state)
{
	struct directory *directory =
		read_good(*state, "dn: CN=a\nobjectSid:: AQIAAAAAAAUgAAAAIAIAAA==\n\n");
	struct sid sid, expected = sid_builtin(544);

	assert_int_equal(entry_sid(directory_find(directory, "cn=A"), ATTRIBUTE_OBJECT_SID, &sid),
			 READING_OK);
	assert_true(sid_equal(&sid, &expected));
}

static void test_rootdse(void **state)
{
	struct directory *directory = read_good(
		*state, "dn:\ndefaultNamingContext: DC=hv\n\ndn: \nsAMAccountName: r\n\n");

	assert_string_equal(names_of(*state, directory, ""), "r");
}

static void test_long_line(void **state)
{
	char *name = memory_check(talloc_array(*state, char, 100001));
	struct directory *directory;

	memset(name, 'n', 100000);
	name[100000] = '\0';
	directory = read_good(
		*state, memory_format(*state, "dn: CN=a\nsAMAccountName: %s\n %s\n\n", name, name));
	assert_int_equal(strlen(names_of(*state, directory, "CN=a")), 200000);
}

static void test_refused(void **state)
{
	static const struct {
		const char *text;
		size_t size; /* 0: to the NUL */
		const char *error;
	} cases[] = {
		{"", 0, " is empty"},
		{"dn: CN=a\nsAMAccountName: x\n", 0, ":2: the file ends inside a record"},
		{"dn: CN=a\nsAMAccountName: x", 0, ":2: the file ends inside a line"},
		{"dn: CN=a\nsAMAccountName: x\n\ndn", 0, ":4: the file ends inside a line"},
		{"sAMAccountName: x\n\n", 0, ":1: a record must begin with"},
		{"\n\nword\n\n", 0, ":3: a record must begin with"},
		{"dn: CN=a\nword\n\n", 0, ":2: not a line of LDIF"},
		{"dn: CN=a\n: x\n\n", 0, ":2: not a line of LDIF"},
		{" x\n\n", 0, ":1: a continuation line"},
		{"dn: CN=a\n\n x\n", 0, ":3: a continuation line"},
		{"dn: CN=a\nmember:< file:///etc/passwd\n\n", 0, ":2: a value that is to be read"},
		{"dn:< file:///etc/passwd\n\n", 0, ":1: a value that is to be read"},
		{"dn: CN=a\nmember:: eA=\n\n", 0, ":2: the base64"},
		{"dn: CN=a\nmember:: eA==eA==\n\n", 0, ":2: the base64"},
		{"dn: CN=a\nmember:: e-A=\n\n", 0, ":2: the base64"},
		{"dn:: Q04=YQ==\n\n", 0, ":1: the base64"},
		{"dn:: Q049YQBi\n\n", 0, ":1: the DN holds a NUL byte"},
		{"dn: CN=a\nchangetype: modify\n\n", 0, ":2: a change record"},
		{"dn: CN=a\nchangetype: delete\n\n", 0, ":2: a change record"},
		{"dn: CN=a\nx\n y: 1\nz\n\n", 0, ":4: not a line of LDIF"},
		{"dn: CN=a\nsAMAccountName: x\0y\n\n", 30, ":2: the file is not text"},
		/* records that are not apart */
		{"dn: CN=a\ncn: a\ndn: CN=b\ncn: b\n\n", 0, ":3: a record begins inside"},
		{"dn: CN=a\ncn: a\nDN:: Q049YQ==\n\n", 0, ":3: a record begins inside"},
		{"dn: CN=a\ncn: a\ndn : CN=b\n\n", 0, ":3: a record begins inside"},
		{"dn: CN=a\ncn: a\n \ndn: CN=b\n\n", 0, ":3: a line of nothing but blanks"},
		{"dn: CN=a\ncn: a\n \t\r\ndn: CN=b\n\n", 0, ":3: a line of nothing but blanks"},
		{"dn: CN=a\ncn: a\nsearch: 2\n\n", 0, ":3: the end of a search inside"},
		{"dn: CN=a\ncn: a\nresult: 4 Size limit exceeded\n\n", 0,
		 ":3: the end of a search"},
		{"dn: CN=a\ncn: a\nref: ldap://b\n\n", 0, ":3: the end of a search inside"},
		{"search: 2\nresult: 0\ndn: CN=b\n\n", 0, ":3: a record begins below"},
		{"ref: ldap://b\ndn: CN=b\n\n", 0, ":2: a record begins below"},
		/* exports that were cut, and others put behind them */
		{"dn: CN=a\ncn: a\n# extended LDIF\n\ndn: CN=b\n\n", 0, ":3: another export"},
		{"dn: CN=a\ncn: a\nversion: 1\n\ndn: CN=b\n\n", 0, ":3: another export begins"},
		{"dn: CN=a\ncn: a\n\xEF\xBB\xBF"
		 "dn: CN=b\n\n",
		 0, ":3: not a line of LDIF"},
		{"dn: CN=a\ncn: a\nldap_result: Can't contact LDAP server (-1)\n\n", 0,
		 ":3: not a line of LDIF"},
		{"dn: CN=a\n2.5.4.31: CN=b\n\n", 0, ":2: an attribute by its number"},
		{"dn: CN=a\n\tcn: a\n\n", 0, ":2: not a line of LDIF"},
		{"\xFF\xFE"
		 "d\0n\0",
		 6, ":1: the file is UTF-16"},
		{"\xFE\xFF"
		 "\0d\0n",
		 6, ":1: the file is UTF-16"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		size_t size = cases[i].size ? cases[i].size : strlen(cases[i].text);
		struct directory *directory;
		struct error error;

		unit_check(!read_text(*state, cases[i].text, size, &directory, &error), "case %zu",
			   i);
		unit_check(strstr(error.text, cases[i].error), "case %zu: %s", i, error.text);
		assert_int_equal(error.kind, ERROR_INPUT);
	}
}

static void test_no_file(void **state)
{
	struct directory *directory = directory_new(*state, DIRECTORY_LDIF);
	struct error error = {0};

	assert_false(ldif_read("/nowhere/at/all", directory, &error));
	assert_non_null(strstr(error.text, "can not open /nowhere/at/all"));
	assert_false(ldif_read("/", directory, &error));
	assert_non_null(strstr(error.text, "can not read /"));
	assert_int_equal(error.kind, ERROR_INPUT);
}

static void test_several_files_are_one_directory(void **state)
{
	static const char first[] = "dn: CN=a\nsAMAccountName: x\n\n";
	static const char second[] = "dn: CN=b\nsAMAccountName: y\n\n";
	struct directory *directory = directory_new(*state, DIRECTORY_LDIF);
	struct error error = {0};

	assert_true(ldif_read(unit_file(*state, first, sizeof first - 1), directory, &error));
	assert_true(ldif_read(unit_file(*state, second, sizeof second - 1), directory, &error));
	assert_int_equal(directory->source_count, 2);
	assert_string_equal(names_of(*state, directory, "CN=a"), "x");
	assert_string_equal(names_of(*state, directory, "CN=b"), "y");
}

static void test_standard_input(void **state)
{
	static const char text[] = "dn: CN=a\nsAMAccountName: x\n\nword\n";
	struct directory *directory = directory_new(*state, DIRECTORY_LDIF);
	struct error error = {0};

	assert_non_null(freopen(unit_file(*state, text, sizeof text - 1), "r", stdin));
	assert_false(ldif_read("-", directory, &error));
	assert_string_equal(error.text, "standard input:4: a record must begin with \"dn:\"");
	assert_string_equal(directory->sources[0], "-");
	assert_string_equal(names_of(*state, directory, "CN=a"), "x");
}

/* form with name in the place of its "%s". */
static char *expand(const void *context, const char *form, const char *name)
{
	const char *at = strstr(form, "%s");

	return memory_format(context, "%.*s%s%s", (int)(at - form), form, name, at + 2);
}

/* What ldapsearch prints of an entry of that DN, with lines of that length (0: any). */
static char *printed(const void *context, const char *dn, size_t wrap)
{
	char *name = ldap_dn2ufn(dn);
	char *comment = ldif_put_wrap(LDIF_PUT_COMMENT, NULL, name, strlen(name), wrap);
	char *line = ldif_put_wrap(LDIF_PUT_VALUE, "dn", dn, strlen(dn), wrap);
	char *text = memory_format(context, "# extended LDIF\n\n%s%ssAMAccountName: x\n\n", comment,
				   line);

	ber_memfree(line);
	ber_memfree(comment);
	ldap_memfree(name);
	return text;
}

/* What Active Directory calls a conflicting or a deleted object is read past, wherever the line
 * breaks of ldapsearch fall. */
static void test_names_of_conflicts(void **state)
{
#define GUID "8e6d6b21-c8d9-4123-b3ac-8ABA01391DE8"
	static const char *const forms[] = {
		"CN=%s\\0ACNF:" GUID ",OU=o,DC=hv,DC=example",
		"CN=%s\\0ADEL:" GUID ",CN=Deleted Objects,DC=hv,DC=example",
		"CN=%s\\0ACNF:" GUID "\\0ADEL:" GUID ",CN=Deleted Objects,DC=hv,DC=example",
		"CN=Microsoft Hyper-V,CN=%s\\0ACNF:" GUID ",DC=hv,DC=example",
		"CN=%s \\0ACNF:" GUID ",DC=hv,DC=example",
		"CN=a\\0ACNF:" GUID ",OU=%s\\0ADEL:" GUID ",DC=hv",
	};
	static const size_t wraps[] = {LDIF_LINE_WIDTH, 0, 40};
	char name[181];

	for (size_t i = 0; i < COUNT_OF(forms) * COUNT_OF(wraps); i++) {
		for (size_t length = 1; length < sizeof name; length++) {
			struct directory *directory;
			char *dn, *text;

			memset(name, 'n', length);
			name[length] = '\0';
			dn = expand(*state, forms[i % COUNT_OF(forms)], name);
			text = printed(*state, dn, wraps[i / COUNT_OF(forms)]);
			directory = read_good(*state, text);
			unit_check(!strcmp(names_of(*state, directory, dn), "x"), "%s", text);
			assert_int_equal(HASH_COUNT(directory->entries), 1);
			talloc_free(directory);
			talloc_free(text);
			talloc_free(dn);
		}
	}
}

/* Nobody can write a record by the name of an object. */
static void test_records_in_names(void **state)
{
	static const char *const forms[] = {
		"CN=%s\\0A\\0Adn:: Q049YmNk\\0AsAMAccountName: y\\0A\\0A#,DC=hv",
		"CN=%s\\0A\\0Adn:: Q049YmNk\\0AsAMAccountName: y\\0A\\0Aversion: 1,DC=hv",
		"CN=%s\\0A\\0Adn:: Q049YmNk\\0AsAMAccountName: y\\0A\\0A,DC=hv",
		"CN=%s\\0ACNF:" GUID "\\0A\\0Adn:: Q049YmNk\\0Acn: y\\0A\\0A#,DC=hv",
		"CN=%s\\0ACNF:" GUID "\\0A#,DC=hv",
		"CN=%s\\0ADEL:8e6d6b21,DC=hv",
		"CN=%s\\0ADEL:" GUID "x,DC=hv",
		"CN=%s\\0A y,DC=hv",
		"CN=%s\\0A#,DC=hv",
		"CN=a,CN=%s\\0A# b,DC=hv",
	};
	char name[181];

	for (size_t i = 0; i < COUNT_OF(forms); i++) {
		for (size_t length = 1; length < sizeof name; length++) {
			struct directory *directory;
			struct error error;
			char *dn, *text;

			memset(name, 'n', length);
			name[length] = '\0';
			dn = expand(*state, forms[i], name);
			text = printed(*state, dn, LDIF_LINE_WIDTH);
			unit_check(!read_text(*state, text, strlen(text), &directory, &error), "%s",
				   text);
			/* which line of it breaks what depends on where it is cut */
			unit_check(length != 10 || i >= 2 || strstr(error.text, "with -LL or -LLL"),
				   "%s%s", text, error.text);
			talloc_free(directory);
			talloc_free(text);
			talloc_free(dn);
		}
	}
}

/* Where there are no comments, any name is one. */
static void test_line_breaks_without_comments(void **state)
{
	struct directory *directory =
		read_good(*state, "# refldap://b\n\n# pagedresults: cookie=\n"
				  "dn: CN=a\\0A#,DC=hv\nsAMAccountName: x\n\n"
				  "dn:: Q049YQpiLERDPWh2\nsAMAccountName: y\n\n");

	assert_string_equal(names_of(*state, directory, "CN=a\\0a\\23,DC=hv"), "x");
	assert_string_equal(names_of(*state, directory, "CN=a\\0ab,DC=hv"), "y");
}

/* Cut anywhere, an export is refused or says of itself that it is cut. */
static void test_every_truncation_shows(void **state)
{
	static const char whole[] =
		"# extended LDIF\n\ndn: CN=a\nsAMAccountName: x\nmember:: Q049\n"
		" YQ==\n\nref: ldap://b\n\nsearch: 2\nresult: 0 Success\n\n";
	size_t needed =
		(size_t)(strstr(whole, "result: 0") - whole) + strlen("result: 0 Success\n");
	struct directory *directory;
	struct error error;

	for (size_t size = 0; size < needed; size++) {
		bool read = read_text(*state, whole, size, &directory, &error);

		/* a comment alone is no export yet, and is judged as an empty directory */
		unit_check(!read || directory->gap_count == 1, "%zu bytes", size);
	}
	assert_true(read_text(*state, whole, sizeof whole - 1, &directory, &error));
	assert_int_equal(directory->gap_count, 0);
}

UNIT_MAIN(UNIT_TEST(test_forms), UNIT_TEST(test_headings), UNIT_TEST(test_binary_value),
	  UNIT_TEST(test_rootdse), UNIT_TEST(test_long_line), UNIT_TEST(test_refused),
	  UNIT_TEST(test_no_file), UNIT_TEST(test_standard_input),
	  UNIT_TEST(test_several_files_are_one_directory), UNIT_TEST(test_names_of_conflicts),
	  UNIT_TEST(test_records_in_names), UNIT_TEST(test_line_breaks_without_comments),
	  UNIT_TEST(test_every_truncation_shows))
