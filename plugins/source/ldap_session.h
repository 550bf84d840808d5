/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One connection to one domain controller, protected and logged in: found, connected,
 * TLS, bound. Every option that the program relies on is set on the way; no ldap.conf and no
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
	const char *catalogue;      /* --gc; NULL: found */
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
	const char *kdc;           /* host to ask for tickets; NULL: the controller itself */
	const char *bind_dn;       /* not NULL: simple bind */
	const char *password_file; /* "-": standard input */
	const struct ldap_password *password; /* read already; NULL: password_file is read */
	unsigned verbosity;                   /* 3 and more: the libraries' diagnostics on stderr */
};

struct dc_candidate;
struct ldap_session;
struct ldap_connection;
struct ldap_password;

/*
 * Finds a controller, connects, protects and logs in; the controllers are tried in
 * order, and the error names each one and why it failed. Owner of the session (and of
 * its LDAP handle, closed by its talloc destructor): context.
 */
struct ldap_session *ldap_session_open(const void *context, const struct ldap_settings *settings,
				       struct trace *trace, struct error *error);

/*
 * Opens a session with another server of the forest on the login of session, which must live
 * as long. It gets one share of the time where kept (at least 1) more are to be left. A
 * password that came from standard input may be gone by then. Owner: context.
 */
struct ldap_session *ldap_session_open_beside(const void *context, struct ldap_session *session,
					      const struct ldap_settings *settings,
					      const struct dc_candidate *candidate, unsigned kept,
					      struct trace *trace, struct error *error);

/*
 * Settings for each controller there is, by which a session is opened with it and no other,
 * in the order in which settings name them, or DNS does. The password of a simple bind is read
 * into password, which they refer to and the caller wipes. Owner: context.
 */
bool ldap_session_find_all(const void *context, const struct ldap_settings *settings,
			   struct ldap_password *password, struct ldap_settings **each,
			   size_t *count, struct trace *trace, struct error *error);

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
