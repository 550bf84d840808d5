/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the unit tests share: cmocka with TAP output, a talloc context for each test, and
 * builders that make a directory, a descriptor or a verdict from a few lines of text. The
 * library under test is the pure one; this file needs nothing else.
 */
#ifndef UNIT_UNIT_H
#define UNIT_UNIT_H

#include "ad/directory.h"
#include "base/memory.h"
#include "model/snapshot.h"
#include "policy/verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

/* A test whose *state is a talloc context, freed behind it. */
#define UNIT_TEST(function) cmocka_unit_test_setup_teardown(function, unit_setup, unit_teardown)

/* The program: runs the tests and says so in TAP. */
#define UNIT_MAIN(...)                                                                             \
	int main(void)                                                                             \
	{                                                                                          \
		const struct CMUnitTest tests[] = {__VA_ARGS__};                                   \
                                                                                                   \
		cmocka_set_message_output(CM_OUTPUT_TAP);                                          \
		return cmocka_run_group_tests(tests, NULL, NULL);                                  \
	}

/* Fails the test and says which case of a table it was. */
#define unit_check(condition, ...)                                                                 \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			print_error(__VA_ARGS__);                                                  \
			print_error(": not true: %s\n", #condition);                               \
			_fail(__FILE__, __LINE__);                                                 \
		}                                                                                  \
	} while (0)

int unit_setup(void **state);
int unit_teardown(void **state);

/*
 * Entries for unit_directory, as text. All accounts stand directly below the domain
 * DC=hv,DC=test, whose SID is S-1-5-21-1-2-3; extra is further lines, each with its end.
 * Tables of such texts are laid out by hand: clang-format knows no adjacent macros.
 */
#define UNIT_ROOT "DC=hv,DC=test"
#define UNIT_SID "S-1-5-21-1-2-3"
#define UNIT_DN(cn) "CN=" cn "," UNIT_ROOT
#define UNIT_MEMBER(cn) "member: " UNIT_DN(cn) "\n"
#define UNIT_ROOTDSE(extra) "dn:\ndefaultNamingContext: " UNIT_ROOT "\n" extra "\n"
#define UNIT_DOMAIN(extra)                                                                         \
	"dn: " UNIT_ROOT "\nobjectClass: top\nobjectClass: domainDNS\nobjectSid: " UNIT_SID        \
	"\n" extra "\n"
#define UNIT_GROUP(cn, sid, extra)                                                                 \
	"dn: " UNIT_DN(cn) "\nobjectClass: group\nobjectSid: " sid "\nsAMAccountName: " cn         \
			   "\ngroupType: -2147483646\n" extra "\n"
#define UNIT_USER(cn, rid, uac, extra)                                                             \
	"dn: " UNIT_DN(cn) "\nobjectClass: user\nobjectSid: " UNIT_SID "-" rid                     \
			   "\nsAMAccountName: " cn "\nuserAccountControl: " uac "\n" extra "\n"
#define UNIT_COMPUTER(cn, rid, uac, extra)                                                         \
	"dn: " UNIT_DN(cn) "\nobjectClass: user\nobjectClass: computer\nobjectCategory: "          \
			   "CN=Computer,CN=Schema,CN=Configuration," UNIT_ROOT                     \
			   "\nobjectSid: " UNIT_SID "-" rid "\nsAMAccountName: " cn                \
			   "$\ndNSHostName: " cn ".hv.test\nuserAccountControl: " uac "\n" extra   \
			   "\n"
#define UNIT_CONNECTION_POINT(cn)                                                                  \
	"dn: CN=Microsoft Hyper-V," UNIT_DN(cn) "\nobjectClass: serviceConnectionPoint\n\n"

/* An enabled normal account, one that is marked sensitive, and a disabled one. */
#define UNIT_ENABLED "512"
#define UNIT_SENSITIVE "1049088"
#define UNIT_DISABLED "514"

/* A domain without fault: level 7, RID 500 and krbtgt, the groups that must be there. */
#define UNIT_HEALTHY_DOMAIN(admins, protected_users)                                               \
	UNIT_ROOTDSE("domainControllerFunctionality: 7\n")                                         \
	UNIT_DOMAIN("")                                                                            \
	UNIT_GROUP("Administrators", "S-1-5-32-544", UNIT_MEMBER("Domain Admins"))                 \
	UNIT_GROUP("Domain Admins", UNIT_SID "-512", UNIT_MEMBER("Administrator") admins)          \
	UNIT_GROUP("Protected Users", UNIT_SID "-525", protected_users)                            \
	UNIT_USER("Administrator", "500", UNIT_SENSITIVE, "")                                      \
	UNIT_USER("krbtgt", "502", UNIT_DISABLED, "")

/*
 * A directory from LDIF-like text: entries end with an empty line, "name: value" adds a
 * value, "name:: 00FF" one of bytes in hexadecimal, "name:" the description alone. Users
 * and computers get a primaryGroupID where the text names none.
 */
struct directory *unit_directory(const void *context, enum directory_kind kind, const char *text);

/* Adds words of -n, up to a NULL (words may be NULL), as the command line does. */
void unit_select_hosts(const void *context, struct selection *selection, const char *const *words);

/* The snapshot of an export with that text; NULL words: every host. Both halves. */
struct snapshot *unit_snapshot(const void *context, const char *text, const char *const *words);

/* The snapshot judged: by the default policy, or by policy where it is not NULL. */
struct verdict *unit_verdict(const void *context, const char *text, const char *const *words,
			     struct policy *policy);

/* The default policy with what the text of a policy file, which is not empty, says. */
struct policy *unit_policy(const void *context, const char *text);

/* "rule STATE subject object\n" for each finding ("-" for no object), in order. */
const char *unit_findings(const void *context, const struct verdict *verdict);

/* The findings of one rule alone, "STATE subject object\n" for each. */
const char *unit_findings_of(const void *context, const struct verdict *verdict, enum rule rule);

/* What a rule finds in a healthy domain with entries added. */
struct unit_rule_case {
	const char *name;
	enum rule rule;
	const char *policy; /* text of a policy file, or NULL */
	const char *entries;
	const char *words[3]; /* of -n */
	const char *findings; /* as unit_findings_of */
};

void unit_check_rules(const void *context, const struct unit_rule_case *cases, size_t count);

/* "subject object\n" for each, sorted. */
const char *unit_unreadable(const void *context, const struct unreadable_list *unreadable);

/* "y", "n" or "?" */
char unit_truth(enum truth truth);

struct sid unit_sid(const char *text);

/* One entry of a DACL; object_flags: which GUIDs an object ACE has. */
struct unit_ace {
	uint8_t type;
	uint8_t flags;
	uint32_t mask;
	uint32_t object_flags;
	const char *trustee;
};

struct unit_descriptor {
	uint8_t bytes[2048];
	size_t size;
};

/* A self-relative descriptor that ends with its DACL. */
void unit_descriptor_build(struct unit_descriptor *descriptor, const struct unit_ace *aces,
			   size_t count);

/* A line that grants delegation to the trustees, for an entry of unit_directory. */
const char *unit_allowed_to_act(const void *context, const char *const *trustees, size_t count);

/* A file that holds the bytes and goes away with context; returns its path. */
const char *unit_file(const void *context, const void *bytes, size_t size);

#endif
