/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/dc_locator.h"

#include "base/memory.h"
#include "base/text.h"
#include "source/dc_ping.h"
#include "source/watchdog.h"

#include <ctype.h>
#include <ldap.h>
#include <netdb.h>
#include <string.h>

enum {
	PORT_LDAP = 389,
	PORT_LDAPS = 636,
	PORT_CATALOGUE = 3268,
	PORT_CATALOGUE_TLS = 3269,
	PING_LIMIT_MS = 500,
};

static unsigned port_of(const struct ldap_settings *settings)
{
	if (settings->port)
		return settings->port;
	return settings->transport == TRANSPORT_LDAPS ? PORT_LDAPS : PORT_LDAP;
}

/* Whether host is a name or an address and nothing that an URL or a Kerberos
 * configuration would read as more than that. */
static bool is_host(const char *host)
{
	if (!*host || *host == '-')
		return false;
	for (; *host; host++) {
		if (!isalnum((unsigned char)*host) && !strchr("-._:%", *host))
			return false;
	}
	return true;
}

/* Whether site may stand in a DNS name as the one label that it is. */
static bool is_site(const char *site)
{
	if (!*site)
		return false;
	for (; *site; site++) {
		if (!isalnum((unsigned char)*site) && *site != '-' && *site != '_')
			return false;
	}
	return true;
}

bool dc_locator_add(const void *context, const char *host, unsigned port,
		    struct dc_candidate **candidates, size_t *count, struct error *error)
{
	size_t length = strlen(host);
	char *copy;

	if (!is_host(host))
		return error_set(error, ERROR_USAGE, "\"%s\" is no name of a controller", host);
	copy = memory_text(context, host);
	if (copy[length - 1] == '.')
		copy[length - 1] = '\0'; /* certificates and SPNs have no final dot */
	*memory_add(context, *candidates, *count) =
		(struct dc_candidate){.host = copy, .port = port};
	return true;
}

/* Adds "dc1.example.com:389 dc2.example.com:389", as libldap writes SRV records. */
static bool add_host_list(const void *context, unsigned port, char *list,
			  struct dc_candidate **candidates, size_t *count, struct error *error)
{
	char *rest = NULL;

	for (char *word = strtok_r(list, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		char *colon = strrchr(word, ':');

		/* the port of the record is that of LDAP: no answer to what LDAPS has */
		if (colon)
			*colon = '\0';
		if (!dc_locator_add(context, word, port, candidates, count, error))
			return false;
	}
	return true;
}

/* Adds the hosts that the SRV records _ldap._tcp.NAME list, by priority: what of domain, in words.
 * That there are none is a success. */
static bool add_records(const void *context, const char *name, const char *what, const char *domain,
			unsigned port, struct dc_candidate **candidates, size_t *count,
			struct error *error)
{
	char *list = NULL;
	bool added = true;
	int code;

	watchdog_waiting_for("DNS: the %s of %s", what, domain);
	code = ldap_domain2hostlist(name, &list);
	if (code != LDAP_SUCCESS && (h_errno == TRY_AGAIN || h_errno == NO_RECOVERY))
		added = error_set(error, ERROR_CONNECT,
				  "DNS does not answer: the %s of %s can not be found (SRV records "
				  "_ldap._tcp.%s)",
				  what, domain, name);
	else if (code == LDAP_SUCCESS && list)
		added = add_host_list(context, port, list, candidates, count, error);
	ldap_memfree(list);
	return added;
}

/* The site of this machine by the word of a controller; NULL where none says. */
static const char *ask_site(const void *context, const struct ldap_settings *settings,
			    const struct dc_candidate *candidates, size_t count,
			    struct trace *trace)
{
	const char **hosts = memory_array(NULL, const char *, count);
	struct netlogon_answer answer;
	uint64_t begin_us = trace_clock_us();
	int limit_ms = watchdog_left_ms() / 10;
	bool known;

	for (size_t i = 0; i < count; i++)
		hosts[i] = candidates[i].host;
	watchdog_waiting_for("the site of this machine, by the controllers of %s",
			     settings->domain);
	known = dc_ping(hosts, count, settings->family, settings->domain,
			limit_ms < PING_LIMIT_MS ? limit_ms : PING_LIMIT_MS, &answer);
	talloc_free(hosts);
	known = known && is_site(answer.client_site);
	trace_add(trace, "%.1f ms: site of this machine: %s",
		  (double)(trace_clock_us() - begin_us) / 1000,
		  known ? answer.client_site : "not known, controllers as DNS lists them");
	return known ? memory_text(context, answer.client_site) : NULL;
}

/* Moves the candidate of that name to index first; false where there is none behind it. */
static bool move_forward(struct dc_candidate *candidates, size_t count, size_t first,
			 const char *host)
{
	for (size_t i = first; i < count; i++) {
		struct dc_candidate found = candidates[i];

		if (!text_equal(found.host, host))
			continue;
		memmove(candidates + first + 1, candidates + first, (i - first) * sizeof found);
		candidates[first] = found;
		return true;
	}
	return false;
}

/* Puts the controllers of site first, of those below domain in DNS. One that it lists for the
 * site alone is none of the domain's. False where DNS says that it has no such site. */
static bool prefer_site(const char *domain, const char *site, struct dc_candidate *candidates,
			size_t count, struct trace *trace)
{
	char *name = memory_format(NULL, "%s._sites.%s", site, domain);
	size_t first = 0;
	char *list = NULL, *rest = NULL;
	bool known;

	watchdog_waiting_for("DNS: the controllers of the site %s", site);
	(void)ldap_domain2hostlist(name, &list);
	known = list || (h_errno != HOST_NOT_FOUND && h_errno != NO_DATA);
	for (char *word = list ? strtok_r(list, " ", &rest) : NULL; word;
	     word = strtok_r(NULL, " ", &rest)) {
		word[strcspn(word, ":")] = '\0';
		first += move_forward(candidates, count, first, word);
	}
	trace_add(trace, "%zu of %zu controllers are in the site %s", first, count, site);
	ldap_memfree(list);
	talloc_free(name);
	return known;
}

static bool ask_dns(const void *context, const struct ldap_settings *settings,
		    struct dc_candidate **candidates, size_t *count, struct trace *trace,
		    struct error *error)
{
	char *name = memory_format(context, "dc._msdcs.%s", settings->domain);
	const char *site;

	if (!add_records(context, name, "controllers", settings->domain, port_of(settings),
			 candidates, count, error))
		return false;
	if (!*count)
		return error_set(error, ERROR_CONNECT,
				 "DNS names no controller of %s: is this its full DNS name, and "
				 "does /etc/resolv.conf ask its DNS?",
				 settings->domain);
	if (settings->site) {
		if (!prefer_site(name, settings->site, *candidates, *count, trace))
			trace->remark = memory_format(trace,
						      "--site %s has no effect: DNS knows no "
						      "controller of a site of this name.",
						      settings->site);
		return true;
	}
	if (*count < 2) /* nothing to choose between */
		return true;
	site = ask_site(context, settings, *candidates, *count, trace);
	if (site)
		(void)prefer_site(name, site, *candidates, *count, trace);
	return true;
}

bool dc_locator_find(const void *context, const struct ldap_settings *settings,
		     struct dc_candidate **candidates, size_t *count, struct trace *trace,
		     struct error *error)
{
	*candidates = NULL;
	*count = 0;
	if (!settings->server_count && !settings->domain)
		return error_set(error, ERROR_USAGE, "neither a domain nor a controller is named");
	if (settings->site && !is_site(settings->site))
		return error_set(error, ERROR_USAGE, "--site: \"%s\" is no name of a site",
				 settings->site);
	if (!settings->server_count)
		return ask_dns(context, settings, candidates, count, trace, error);
	for (size_t i = 0; i < settings->server_count; i++) {
		if (!dc_locator_add(context, settings->servers[i], port_of(settings), candidates,
				    count, error))
			return false;
	}
	return true;
}

unsigned dc_locator_catalogue_port(const struct ldap_settings *settings)
{
	return settings->transport == TRANSPORT_LDAPS ? PORT_CATALOGUE_TLS : PORT_CATALOGUE;
}

bool dc_locator_find_catalogues(const void *context, const struct ldap_settings *settings,
				const char *forest, struct dc_candidate **candidates, size_t *count,
				struct trace *trace, struct error *error)
{
	char *name = memory_format(context, "gc._msdcs.%s", forest);

	*candidates = NULL;
	*count = 0;
	if (!add_records(context, name, "global catalogues", forest,
			 dc_locator_catalogue_port(settings), candidates, count, error))
		return false;
	if (*count > 1 && settings->site)
		(void)prefer_site(name, settings->site, *candidates, *count, trace);
	return true;
}
