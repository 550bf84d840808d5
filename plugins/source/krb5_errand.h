/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tickets for a login, fetched within a limit: libkrb5 waits for a silent KDC as long as it
 * likes, so a child process asks. It hands the tickets over as a KRB-CRED (RFC 4120 5.8)
 * into a cache in memory, where GSSAPI finds them and has nothing more to ask a KDC for.
 */
#ifndef SOURCE_KRB5_ERRAND_H
#define SOURCE_KRB5_ERRAND_H

#include "base/error.h"

#include <stdbool.h>

struct krb5_errand {
	const char *host;      /* the service that the ticket is for is ldap/ at this host */
	const char *kdc;       /* who is asked, in words */
	bool far;              /* host is of another domain than principal */
	const char *keytab;    /* its key gets the ticket for the KDC; NULL: cache has one */
	const char *principal; /* the owner of both */
	const char *cache;     /* tickets are taken from it and kept in it */
	bool kept;             /* it has a ticket for the KDC */
	bool renew;            /* which is not used where there is a keytab; nor is one for host */
	bool forwardable;      /* the ticket by the keytab is to be a forwardable one */
};

/*
 * Runs it, for limit_ms at most. The tickets are the content of the cache named memory then;
 * *by_keytab says whether the keytab was used: also where the KDC refused what was kept.
 * ERROR_TIMEOUT where no KDC gave them in time, ERROR_CONNECT where another controller may do
 * better, ERROR_LOGIN where the KDC refused the key.
 */
bool krb5_errand_run(const struct krb5_errand *errand, const char *memory, int limit_ms,
		     bool *by_keytab, struct error *error);

#endif
