/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One LDAP connection below its protection and login: the handle with every option
 * that the program relies on, bounded waiting for answers, libldap's words. Included
 * by the LDAP files of this folder alone: the rest of the program sees no ldap.h.
 */
#ifndef SOURCE_LDAP_CONNECTION_H
#define SOURCE_LDAP_CONNECTION_H

#include "base/error.h"
#include "source/dc_locator.h"
#include "source/ldap_patience.h"
#include "source/ldap_session.h"
#include "source/ldap_socket.h"
#include "source/trace.h"

#include <ldap.h>
#include <stdbool.h>

struct ldap_connection {
	LDAP *ld; /* closed by the talloc destructor, and the socket with it */
	struct ldap_socket socket;
	struct ldap_patience patience;
	struct dc_candidate controller;
	const char *server;  /* its host: the certificate and the SPN fit this name */
	unsigned left_count; /* controllers that may still be tried after this one */
	struct trace *trace;
	int last_id;     /* of the last request */
	int round_begin; /* the first request of this round trip: an answer to it, or to one
			    behind it, ends it */
	bool lost;       /* no answer will come any more, and nothing may be sent */
	bool overloaded; /* the server said busy or unavailable */
	struct ldap_conncb no_reconnect;
};

/*
 * Connects to controller, whose name outlives the connection, and makes the handle;
 * nothing is sent yet. left_count more controllers wait for their share of the time. ca_file is
 * NULL without TLS. Owner: context.
 */
struct ldap_connection *
ldap_connection_open(const void *context, const struct dc_candidate *controller,
		     unsigned left_count, const struct ldap_settings *settings, const char *ca_file,
		     struct trace *trace, struct error *error);

/*
 * How long the next step may take: below the deadline, so that the better message wins,
 * and a share of what is left while other controllers wait. Patience with the peer ends
 * after that.
 */
int ldap_connection_limit_ms(struct ldap_connection *connection);

/*
 * Reads the rootDSE, which needs no login, to see whether the server answers at all, before
 * its KDC, which would be as silent, is given the same time again.
 */
bool ldap_connection_ping(struct ldap_connection *connection, struct error *error);

/* Counts the request of that id, which was sent. */
void ldap_connection_sent(struct ldap_connection *connection, int id);

/*
 * Waits for an answer to request id, or to any (LDAP_RES_ANY). NULL: none came, the
 * connection is lost. The caller frees it with ldap_msgfree.
 */
LDAPMessage *ldap_connection_take(struct ldap_connection *connection, int id, struct error *error);

/*
 * The result code of answer, which is the last of its request; libldap's own code where
 * it can not be decoded. The server's diagnostic is then in ldap_connection_words.
 */
int ldap_connection_result(struct ldap_connection *connection, LDAPMessage *answer);

/* What libldap or the server says of code: the diagnostic first. Owner: context. */
const char *ldap_connection_words(const void *context, const struct ldap_connection *connection,
				  int code);

#endif
