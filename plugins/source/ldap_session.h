/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One connection to one domain controller, protected and logged in: found, connected,
 * TLS, bound. Every option that the program relies on is set here; no ldap.conf and no
 * ldaprc is read. libldap's codes do not leave this folder.
 */
#ifndef SOURCE_LDAP_SESSION_H
#define SOURCE_LDAP_SESSION_H

#include "base/error.h"
#include "source/trace.h"

#include <stdbool.h>
#include <stddef.h>

enum ldap_transport {
	TRANSPORT_GSSAPI,   /* SASL with signing and sealing, port 389 */
	TRANSPORT_STARTTLS, /* port 389 */
	TRANSPORT_LDAPS,    /* port 636 */
};

struct ldap_settings {
	const char *domain;         /* DNS name, or NULL */
	const char *site;           /* whose controllers come first; NULL: this machine's */
	const char *const *servers; /* asked in this order instead of SRV records */
	size_t server_count;
	unsigned port; /* 0: the transport's own */
	int family;    /* AF_UNSPEC, AF_INET, AF_INET6 */
	enum ldap_transport transport;
	const char *ca_file;       /* NULL: the system's */
	const char *principal;     /* NULL: the first of the keytab, or the cache's */
	const char *keytab;        /* NULL: no keytab */
	const char *ccache;        /* NULL: memory for a keytab, else the default one */
	bool forwardable;          /* the ticket of a keytab is to be a forwardable one */
	const char *bind_dn;       /* not NULL: simple bind */
	const char *password_file; /* "-": standard input */
	unsigned verbosity;        /* 3 and more: the libraries' diagnostics on stderr */
};

struct ldap_session;
struct ldap_connection;

/*
 * Finds a controller, connects, protects and logs in; the controllers are tried in
 * order, and the error names each one and why it failed. Owner of the session (and of
 * its LDAP handle, closed by its talloc destructor): context.
 */
struct ldap_session *ldap_session_open(const void *context, const struct ldap_settings *settings,
				       struct trace *trace, struct error *error);

/* All controllers there are, to be asked one by one on one login. */
struct ldap_servers;

/*
 * Finds them, in the order in which settings name them, or else of their names. Owner, of the
 * sessions as well: context.
 */
struct ldap_servers *ldap_servers_find(const void *context, const struct ldap_settings *settings,
				       struct trace *trace, struct error *error);

size_t ldap_servers_count(const struct ldap_servers *servers);
const char *ldap_servers_host(const struct ldap_servers *servers, size_t index);

/*
 * Opens a session with the controller of that index and no other. After a login that failed
 * none is opened any more.
 */
struct ldap_session *ldap_servers_open(struct ldap_servers *servers, size_t index,
				       struct error *error);

/* Makes the controller of session the only KDC for all that follows. */
bool ldap_session_choose_kdc(const struct ldap_session *session, struct error *error);

/* The controller that answers, "dc1.example.com"; owned by the session. */
const char *ldap_session_server(const struct ldap_session *session);

/* The controllers that come after that one and were not tried; owned by the session. */
const char *const *ldap_session_others(const struct ldap_session *session, size_t *count);

/* Whether the controller hung up or said that it has no time now, so that another one may
 * do better. */
bool ldap_session_is_spent(const struct ldap_session *session);

/* The connection, for the LDAP files of this folder. */
struct ldap_connection *ldap_session_connection(struct ldap_session *session);

#endif
