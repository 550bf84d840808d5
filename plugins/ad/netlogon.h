/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a domain controller answers to the "LDAP ping", the search for the attribute
 * netlogon of the rootDSE, by which clients of a domain learn their site. Pure; knows of
 * the answer what the program uses.
 */
#ifndef AD_NETLOGON_H
#define AD_NETLOGON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NETLOGON_NAME_SIZE = 256 };

/* Names are "" where the controller gives none; control characters are refused. */
struct netlogon_answer {
	char domain[NETLOGON_NAME_SIZE];      /* DnsDomainName */
	char host[NETLOGON_NAME_SIZE];        /* DnsHostName */
	char site[NETLOGON_NAME_SIZE];        /* DcSiteName, of the controller */
	char client_site[NETLOGON_NAME_SIZE]; /* ClientSiteName, of who asked */
};

/*
 * Decodes a NETLOGON_SAM_LOGON_RESPONSE_EX ([MS-ADTS] 6.3.1.9), whose names are those of
 * RFC 1035 with compression. False where it is none, or is cut or malformed.
 */
bool netlogon_parse(const uint8_t *bytes, size_t size, struct netlogon_answer *answer);

#endif
