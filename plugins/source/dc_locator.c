/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/dc_locator.h"

#include "base/memory.h"
#include "source/watchdog.h"

#include <ctype.h>
#include <ldap.h>
#include <netdb.h>
#include <string.h>

enum { PORT_LDAP = 389, PORT_LDAPS = 636 };

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

static bool add_candidate(const void *context, const char *host, unsigned port,
			  struct dc_candidate **candidates, size_t *count, struct error *error)
{
	size_t length = strlen(host);
	char *copy;

	if (!is_host(host))
		return error_set(error, ERROR_USAGE, "\"%s\" is no name of a controller", host);
	copy = memory_text(context, host);
	if (copy[length - 1] == '.')
		copy[length - 1] = '\0'; /* certificates and SPNs have no final dot */
	*candidates = memory_grow(context, *candidates, *count, sizeof **candidates);
	(*candidates)[(*count)++] = (struct dc_candidate){.host = copy, .port = port};
	return true;
}

/* Adds "dc1.example.com:389 dc2.example.com:389", as libldap writes SRV records. */
static bool add_host_list(const void *context, const struct ldap_settings *settings, char *list,
			  struct dc_candidate **candidates, size_t *count, struct error *error)
{
	char *rest = NULL;

	for (char *word = strtok_r(list, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		char *colon = strrchr(word, ':');

		/* the port of the record is that of LDAP: no answer to what LDAPS has */
		if (colon)
			*colon = '\0';
		if (!add_candidate(context, word, port_of(settings), candidates, count, error))
			return false;
	}
	return true;
}

static bool ask_dns(const void *context, const struct ldap_settings *settings,
		    struct dc_candidate **candidates, size_t *count, struct error *error)
{
	char *name = memory_format(context, "dc._msdcs.%s", settings->domain);
	char *list = NULL;
	bool found;
	int code;

	watchdog_waiting_for("DNS: the controllers of %s", settings->domain);
	code = ldap_domain2hostlist(name, &list);
	if (code != LDAP_SUCCESS && (h_errno == TRY_AGAIN || h_errno == NO_RECOVERY))
		found = error_set(error, ERROR_CONNECT,
				  "DNS does not answer: the controllers of %s can not be found "
				  "(SRV records _ldap._tcp.%s)",
				  settings->domain, name);
	else if (code != LDAP_SUCCESS || !list)
		found = error_set(error, ERROR_CONNECT,
				  "DNS names no controller of %s (SRV records _ldap._tcp.%s): %s",
				  settings->domain, name,
				  h_errno > 0 ? hstrerror(h_errno) : ldap_err2string(code));
	else
		found = add_host_list(context, settings, list, candidates, count, error);
	ldap_memfree(list);
	return found;
}

bool dc_locator_find(const void *context, const struct ldap_settings *settings,
		     struct dc_candidate **candidates, size_t *count, struct error *error)
{
	*candidates = NULL;
	*count = 0;
	if (!settings->server_count && !settings->domain)
		return error_set(error, ERROR_USAGE, "neither a domain nor a controller is named");
	if (!settings->server_count)
		return ask_dns(context, settings, candidates, count, error);
	for (size_t i = 0; i < settings->server_count; i++) {
		if (!add_candidate(context, settings->servers[i], port_of(settings), candidates,
				   count, error))
			return false;
	}
	return true;
}
