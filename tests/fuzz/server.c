/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The targets of what a server sends before it proved who it is, or that sends it broken:
 * answers of the LDAP ping, of searches, lists in parts, and names for Kerberos. */
#include "ad/netlogon.h"
#include "base/memory.h"
#include "base/text.h"
#include "fuzz.h"
#include "source/dc_ping.h"
#include "source/krb5_config.h"
#include "source/ldap_pipeline.h"

#include <openldap.h>
#include <profile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- the LDAP ping ------------------------------------------------------------------ */

enum { NETLOGON_HEAD = 24, NETLOGON_NAMES = 8, LABEL_MAX = 63 };

static void check_name(const char *name)
{
	size_t length = strnlen(name, NETLOGON_NAME_SIZE);

	fuzz_check(length < NETLOGON_NAME_SIZE);
	for (size_t i = 0; i < length; i++)
		fuzz_check((unsigned char)name[i] >= ' ' && name[i] != 0x7F);
}

/* Writes a name without compression; false for one whose labels hold dots. */
static bool write_name(uint8_t *bytes, size_t *size, const char *name)
{
	while (*name) {
		size_t length = strcspn(name, ".");

		if (!length || length > LABEL_MAX || (name[length] && !name[length + 1]))
			return false;
		bytes[(*size)++] = (uint8_t)length;
		memcpy(bytes + *size, name, length);
		*size += length;
		name += length + (name[length] == '.');
	}
	bytes[(*size)++] = 0;
	return true;
}

/* Written again the plain way it means the same; and cut anywhere it is none. */
static void check_again(const struct netlogon_answer *answer)
{
	const char *const names[NETLOGON_NAMES] = {"", answer->domain, answer->host,       "", "",
						   "", answer->site,   answer->client_site};
	uint8_t bytes[NETLOGON_HEAD + NETLOGON_NAMES * (NETLOGON_NAME_SIZE + 1)] = {23};
	struct netlogon_answer again;
	size_t size = NETLOGON_HEAD;

	for (size_t i = 0; i < NETLOGON_NAMES; i++) {
		if (!write_name(bytes, &size, names[i]))
			return;
	}
	fuzz_check(netlogon_parse(bytes, size, &again));
	fuzz_check(!strcmp(again.domain, answer->domain) && !strcmp(again.host, answer->host));
	fuzz_check(!strcmp(again.site, answer->site));
	fuzz_check(!strcmp(again.client_site, answer->client_site));
	for (size_t cut = 0; cut < size; cut++)
		fuzz_check(!netlogon_parse(bytes, cut, &again));
}

void fuzz_netlogon(const uint8_t *bytes, size_t size)
{
	struct netlogon_answer answer;

	if (!netlogon_parse(bytes, size, &answer))
		return;
	fuzz_check(size >= NETLOGON_HEAD + NETLOGON_NAMES);
	check_name(answer.domain);
	check_name(answer.host);
	check_name(answer.site);
	check_name(answer.client_site);
	check_again(&answer);
}

void fuzz_ping(const uint8_t *bytes, size_t size)
{
	static const char domain[] = "hv.example.com";
	struct netlogon_answer answer;

	if (!dc_ping_decode((const char *)bytes, size, domain, &answer))
		return;
	fuzz_check(text_equal(answer.domain, domain));
	check_name(answer.site);
	check_name(answer.client_site);
}

/* ---- lists in parts ----------------------------------------------------------------- */

enum { LIST_MAX = 64, PARTS_MAX = 16 };

static bool has_value(const struct attribute_values *values, unsigned number)
{
	char text[16];
	size_t length = (size_t)snprintf(text, sizeof text, "v%u", number);

	for (size_t i = 0; i < values->count; i++) {
		if (values->values[i].size == length &&
		    !memcmp(values->values[i].bytes, text, length))
			return true;
	}
	return false;
}

/* One answer of a server that has total values: so many from first on, all that are left
 * where that reaches the end. A part that is not the last one may end too early. */
static void answer_part(struct directory *directory, unsigned total, unsigned first, unsigned count,
			unsigned lost)
{
	struct entry *entry = directory_entry(directory, "CN=group");
	bool final = first + count >= total;
	unsigned end = final ? total : first + count - lost;
	char description[48];

	if (final)
		(void)snprintf(description, sizeof description, "member;range=%u-*", first);
	else
		(void)snprintf(description, sizeof description, "member;range=%u-%u", first,
			       first + count - 1);
	directory_add_value(directory, entry, description, NULL, 0);
	for (unsigned i = first; i < end; i++) {
		char value[16];
		int length = snprintf(value, sizeof value, "v%u", i);

		directory_add_value(directory, entry, description, value, (size_t)length);
	}
}

/*
 * The first byte is the number of values; then three a part: its first value, how many it
 * has, how many of these are lost. Whatever the order and the overlaps, a list is whole only
 * where all its values came, and what is known without a gap did come.
 */
void fuzz_ranges(const uint8_t *bytes, size_t size)
{
	void *context = memory_check(talloc_new(NULL));
	struct directory *directory = directory_new(context, DIRECTORY_LDAP);
	unsigned total = size ? bytes[0] % LIST_MAX + 1U : 0;

	for (size_t i = 1; i + 3 <= size && i < PARTS_MAX * 3; i += 3) {
		unsigned first = bytes[i] % total, count = bytes[i + 1] % LIST_MAX + 1U;
		unsigned lost = bytes[i + 2] % 4 ? 0 : bytes[i + 2] / 4U % (count + 1);
		const struct attribute_values *values;
		unsigned known;

		answer_part(directory, total, first, count, lost);
		values = entry_values(directory_find(directory, "CN=group"), ATTRIBUTE_MEMBER);
		fuzz_check(values);
		known = entry_values_complete(values) ? total : entry_next_range(values);
		for (unsigned k = 0; k < known; k++)
			fuzz_check(has_value(values, k));
	}
	talloc_free(context);
}

/* ---- searches ----------------------------------------------------------------------- */

static int hang_up(struct ldap_connection *connection)
{
	(void)ldap_unbind_ext(connection->ld, NULL, NULL);
	return 0;
}

/* A connection to a server that sends the bytes, whatever it is asked, and hangs up. */
static struct ldap_connection *connect_to(const void *context, const uint8_t *bytes, size_t size,
					  int *peer)
{
	struct ldap_connection *connection = memory_new(context, struct ldap_connection);
	const int version = LDAP_VERSION3;
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) ||
	    send(ends[1], bytes, size, 0) != (ssize_t)size || shutdown(ends[1], SHUT_WR) ||
	    ldap_init_fd(ends[0], LDAP_PROTO_TCP, "ldap://dc", &connection->ld))
		abort();
	*peer = ends[1];
	connection->server = "dc";
	connection->trace = memory_new(context, struct trace);
	connection->patience.fd = ends[0];
	talloc_set_destructor(connection, hang_up);
	if (!ldap_patience_install(connection->ld, &connection->patience) ||
	    ldap_set_option(connection->ld, LDAP_OPT_PROTOCOL_VERSION, &version) ||
	    ldap_set_option(connection->ld, LDAP_OPT_REFERRALS, LDAP_OPT_OFF))
		abort();
	return connection;
}

/* How often the tag of a search's last message stands in the bytes. */
static size_t count_ends(const uint8_t *bytes, size_t size)
{
	size_t count = 0;

	for (size_t i = 0; i < size; i++)
		count += bytes[i] == LDAP_RES_SEARCH_RESULT;
	return count;
}

/* Two searches: without a gap each page of each ended as the protocol wants it. */
void fuzz_search(const uint8_t *bytes, size_t size)
{
	static const struct ldap_request requests[] = {
		{.purpose = "hosts", .base = "DC=hv,DC=test", .filter = "(objectClass=computer)"},
		{.purpose = "settings", .base = "CN=s,DC=hv,DC=test", .optional = true},
	};
	void *context = memory_check(talloc_new(NULL));
	struct directory *directory = directory_new(context, DIRECTORY_LDAP);
	int peer;
	struct ldap_connection *connection = connect_to(context, bytes, size, &peer);
	struct ldap_pipeline *pipeline = ldap_pipeline_new(context, connection, directory);
	size_t pages = 0;

	for (size_t i = 0; i < sizeof requests / sizeof *requests; i++)
		ldap_pipeline_add(pipeline, &requests[i]);
	ldap_pipeline_run(pipeline);
	for (size_t i = 0; i < pipeline->count; i++) {
		const struct ldap_search *search = pipeline->searches[i];

		fuzz_check(search->state == SEARCH_DONE || directory->gap_count);
		pages += search->page_count;
	}
	fuzz_check(directory->gap_count || pages <= count_ends(bytes, size));
	for (const struct entry *entry = directory->entries; entry; entry = entry->hh.next)
		fuzz_check_entry(context, entry);
	for (size_t i = 0; i < directory->gap_count; i++)
		fuzz_check(*directory->gaps[i].source && *directory->gaps[i].detail);
	talloc_free(context); /* which says good-bye to the peer */
	(void)close(peer);
}

/* ---- the configuration of Kerberos -------------------------------------------------- */

/* Whether the word can stand in the configuration (written anew from what krb5.conf(5)
 * promises). */
static bool can_stand(const char *word)
{
	return *word && !word[strcspn(word, " \t\r\n\v\f{}[]=\"#;*\\")];
}

/* Nor does one that begins a line stand for another file. */
static bool can_begin(const char *word)
{
	return can_stand(word) && strcmp(word, "include") != 0 && strcmp(word, "includedir") != 0;
}

/* The values that libkrb5 finds under the names, which must be those expected. */
static void check_values(profile_t profile, const char *const *names, char **expected, size_t count)
{
	char **values = NULL;
	size_t found = 0;
	long code = profile_get_values(profile, names, &values);

	for (; !code && values[found]; found++)
		fuzz_check(found < count && !strcmp(values[found], expected[found]));
	fuzz_check(found == count);
	if (!code)
		profile_free_list(values);
}

/* One word a line: the realm, then the KDCs. libkrb5's own parser finds the words that can
 * stand there and nothing else. */
void fuzz_krb5_config(const uint8_t *bytes, size_t size)
{
	enum { KDC_MAX = 8 };
	static const char *const realms[] = {"libdefaults", "default_realm", NULL};
	void *context = memory_check(talloc_new(NULL));
	struct error error = {0};
	struct krb5_config *config = krb5_config_new(context, &error);
	const char *words[KDC_MAX + 1] = {""};
	char *expected[KDC_MAX] = {NULL}, *at = fuzz_text(context, bytes, size), *path;
	const char *sections[] = {"realms", NULL, "kdc", NULL};
	size_t word_count = 0, kdc_count = 0;
	struct krb5_realm realm;
	profile_t profile = NULL;

	for (char *word; word_count <= KDC_MAX && (word = strsep(&at, "\n"));)
		words[word_count++] = word;
	realm = (struct krb5_realm){
		.name = words[0],
		.kdcs = words + 1,
		.kdc_count = word_count > 1 ? word_count - 1 : 0,
	};
	fuzz_check(config && krb5_config_write(config, &realm, &error));
	path = memory_check(talloc_strndup(context, getenv("KRB5_CONFIG"),
					   strcspn(getenv("KRB5_CONFIG"), ":")));
	fuzz_check(profile_init_path(path, &profile) == 0);
	sections[1] = words[0];
	for (size_t i = 1; can_begin(words[0]) && i < word_count; i++) {
		if (can_stand(words[i]))
			expected[kdc_count++] = memory_format(
				context, strchr(words[i], ':') ? "[%s]" : "%s", words[i]);
	}
	if (can_begin(words[0])) {
		check_values(profile, sections, expected, kdc_count);
		sections[2] = "master_kdc";
		check_values(profile, sections, expected, kdc_count);
		expected[0] = memory_text(context, words[0]);
		check_values(profile, realms, expected, 1);
	} else {
		check_values(profile, realms, expected, 0);
	}
	profile_release(profile);
	talloc_free(context);
}
