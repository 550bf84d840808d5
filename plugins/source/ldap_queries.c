/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/ldap_queries.h"

#include "base/memory.h"
#include "base/text.h"
#include "source/ldap_batches.h"
#include "source/ldap_connection.h"
#include "source/ldap_decode.h"
#include "source/ldap_pipeline.h"
#include "source/watchdog.h"

/* "DC=hv,DC=example,DC=com" for "hv.example.com". Owner: context. */
static char *domain_dn(const void *context, const char *domain)
{
	char *dn = memory_text(context, "DC=");

	for (; *domain; domain++) {
		if (*domain == '.' && domain[1])
			dn = memory_append(dn, ",DC=");
		else if (*domain != '.')
			dn = memory_check(talloc_strndup_append_buffer(dn, domain, 1));
	}
	return dn;
}

/* Whether the rootDSE is that of a controller of domain (may be NULL). */
static bool check_rootdse(const struct ldap_connection *connection, const struct entry *rootdse,
			  const char *domain, struct error *error)
{
	const char *base;
	char *expected;
	bool fits;

	if (entry_text(rootdse, ATTRIBUTE_DEFAULT_NAMING_CONTEXT, &base) != READING_OK)
		return error_set(error, ERROR_DIRECTORY,
				 "%s is no domain controller: it names no defaultNamingContext",
				 connection->server);
	if (!domain)
		return true;
	expected = domain_dn(NULL, domain);
	fits = text_equal(expected, base);
	talloc_free(expected);
	return fits || error_set(error, ERROR_DIRECTORY, "%s is a controller of %s, not of %s",
				 connection->server, base, domain);
}

/* Takes the answer to the search for the rootDSE, which has one message more than it has
 * entries. */
static bool take_rootdse(struct ldap_connection *connection, int id, struct directory *directory,
			 struct error *error)
{
	struct ldap_outcome outcome = {.code = LDAP_OTHER};
	LDAPMessage *message;
	bool decoded = true;
	int type;

	do {
		message = ldap_connection_take(connection, id, error);
		if (!message)
			return false;
		type = ldap_msgtype(message);
		if (type == LDAP_RES_SEARCH_ENTRY)
			decoded = ldap_decode_rootdse(connection->ld, message, directory);
		else if (type == LDAP_RES_SEARCH_RESULT)
			ldap_decode_outcome(connection->ld, message, &outcome);
		ldap_msgfree(message);
	} while (type != LDAP_RES_SEARCH_RESULT);
	ldap_memfree(outcome.cookie.bv_val);
	if (outcome.code != LDAP_SUCCESS)
		return error_set(error, ERROR_DIRECTORY, "%s",
				 ldap_connection_words(connection, connection, outcome.code));
	return decoded || error_set(error, ERROR_DIRECTORY, "the answer can not be decoded");
}

bool ldap_queries_read_rootdse(struct ldap_session *session, const char *domain,
			       struct directory *directory, struct error *error)
{
	struct ldap_connection *connection = ldap_session_connection(session);
	char *attributes[ATTRIBUTE_COUNT + 1] = {NULL};
	size_t count = 0;
	int code;
	int id;
	uint64_t begin_us = trace_clock_us();

	for (int i = ATTRIBUTE_DEFAULT_NAMING_CONTEXT; i <= ATTRIBUTE_DC_FUNCTIONALITY; i++)
		attributes[count++] = (char *)(uintptr_t)attribute_name((enum attribute)i);
	watchdog_waiting_for("the rootDSE of %s", connection->server);
	code = ldap_search_ext(connection->ld, "", LDAP_SCOPE_BASE, "(objectClass=*)", attributes,
			       0, NULL, NULL, NULL, LDAP_NO_LIMIT, &id);
	if (code != LDAP_SUCCESS)
		return error_set(error, ERROR_CONNECT, "the rootDSE of %s: %s", connection->server,
				 ldap_connection_words(connection, connection, code));
	ldap_connection_sent(connection, id);
	if (!take_rootdse(connection, id, directory, error))
		return error_context(error, "the rootDSE of %s", connection->server);
	trace_add(connection->trace, "%.1f ms: the rootDSE of %s",
		  (double)(trace_clock_us() - begin_us) / 1000, connection->server);
	directory_add_source(directory, connection->server);
	directory_check_synchronized(directory, connection->server);
	return check_rootdse(connection, directory_entry(directory, ""), domain, error);
}

/* The accounts that Hyper-V has registered itself on. */
static const char hyperv_filter[] =
	"(|(servicePrincipalName=Microsoft Virtual Console Service/*)"
	"(servicePrincipalName=Microsoft Virtual System Migration Service/*))";

/*
 * Hosts have the SPNs that Hyper-V registers, or the connection point that it makes below
 * its computer object; the model decides which are hosts by just these values. SPNs, cn
 * and objectCategory are readable to every account of the domain by default, and entries
 * whose SPNs are hidden can not be told from ones without by any filter.
 */
static void ask_hyperv(struct ldap_pipeline *pipeline, const char *base)
{
	const struct ldap_request by_spn = {
		.purpose = "hosts by SPN",
		.base = base,
		.filter = hyperv_filter,
	};
	const struct ldap_request by_connection_point = {
		.purpose = "Hyper-V's service connection points",
		.base = base,
		.filter = "(&(objectCategory=serviceConnectionPoint)(cn=Microsoft Hyper-V))",
	};

	ldap_pipeline_add(pipeline, &by_spn);
	ldap_pipeline_add(pipeline, &by_connection_point);
}

/* The domain's SID and level, and which service classes stand for others: where the
 * latter can not be read, the model takes AD's own list. */
static void ask_domain(struct ldap_pipeline *pipeline, const struct entry *rootdse,
		       const char *base)
{
	const struct ldap_request domain = {.purpose = "the domain object", .base = base};
	struct ldap_request service = {.purpose = "the directory service object", .optional = true};
	const char *configuration;

	ldap_pipeline_add(pipeline, &domain);
	if (entry_text(rootdse, ATTRIBUTE_CONFIGURATION_NAMING_CONTEXT, &configuration) !=
	    READING_OK)
		return;
	service.base = memory_format(pipeline, "CN=Directory Service,CN=Windows NT,CN=Services,%s",
				     configuration);
	ldap_pipeline_add(pipeline, &service);
}

/* Names as users write them; both attributes are readable to every account by default. */
static void ask_names(struct ldap_pipeline *pipeline, const char *base,
		      const struct question *question)
{
	const struct text_list *hosts = &question->host_names, *accounts = &question->account_names;
	struct ldap_batches computers = {
		.pipeline = pipeline, .base = base, .purpose = "computers by name"};
	struct ldap_batches others = {
		.pipeline = pipeline, .base = base, .purpose = "accounts by name"};

	for (size_t i = 0; i < hosts->count; i++) {
		ldap_filter_add(pipeline, &computers.filter, "sAMAccountName", hosts->items[i],
				"$");
		ldap_filter_add(pipeline, &computers.filter, "dNSHostName", hosts->items[i], "");
		ldap_batches_close(&computers, i + 1, hosts->count);
	}
	for (size_t i = 0; i < accounts->count; i++) {
		const char *name = accounts->items[i];

		ldap_filter_add_pattern(pipeline, &others.filter, "sAMAccountName", name, "");
		ldap_filter_add_pattern(pipeline, &others.filter, "sAMAccountName", name, "$");
		ldap_batches_close(&others, i + 1, accounts->count);
	}
}

bool ldap_queries_ask(struct ldap_session *session, const struct question *question,
		      struct directory *directory, struct error *error)
{
	const struct entry *rootdse = directory_find(directory, "");
	struct ldap_pipeline *pipeline;
	const char *base;

	if (!rootdse || entry_text(rootdse, ATTRIBUTE_DEFAULT_NAMING_CONTEXT, &base) != READING_OK)
		return error_set(error, ERROR_INTERNAL, "asked before the rootDSE was read");
	pipeline = ldap_pipeline_new(session, ldap_session_connection(session), directory);
	if (question->hyperv)
		ask_hyperv(pipeline, base);
	if (question->domain)
		ask_domain(pipeline, rootdse, base);
	ask_names(pipeline, base, question);
	/* owners of SPNs come after the hosts, which most of them are: those that the filter of
	 * the hosts found are left out, or the lists of a mesh would be sent twice */
	ldap_batches_ask(pipeline, base, &question->own, "", hyperv_filter);
	ldap_pipeline_run(pipeline);
	talloc_free(pipeline);
	return true;
}
