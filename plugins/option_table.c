/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "option_table.h"

#include "base/memory.h"

const struct option_row option_rows[] = {
	{0, NULL, NULL, "The directory:"},
	{'D', "domain", "NAME", "DNS name of the domain; its controllers are found by SRV records"},
	{OPTION_SITE, "site", "NAME",
	 "the site whose controllers are asked first (default: this machine's)"},
	{'H', "hostname", "HOST",
	 "a controller, asked instead; repeat for several, tried in order"},
	{'p', "port", "N", "its port (default: 389, with ldaps 636)"},
	{'4', "use-ipv4", NULL, "use IPv4 only"},
	{'6', "use-ipv6", NULL, "use IPv6 only"},
	{OPTION_TRANSPORT, "transport", "HOW",
	 "gssapi (the default: signed and sealed by Kerberos), starttls or ldaps"},
	{OPTION_CA_FILE, "ca-file", "FILE",
	 "certificates to trust instead of the system's; always verified"},
	{'l', "logname", "PRINCIPAL", "who to log in as, by Kerberos"},
	{'k', "keytab", "FILE", "log in from a keytab; the tickets stay in memory"},
	{OPTION_CCACHE, "ccache", "NAME",
	 "use this credential cache; with -k its tickets are kept there"},
	{OPTION_BIND_DN, "bind-dn", "DN", "simple bind, over TLS only"},
	{OPTION_PASSWORD_FILE, "password-file", "FILE", "its password; - is standard input"},
	{OPTION_LDIF, "ldif", "FILE",
	 "judge an export instead; repeat for several, - is standard input"},
	{OPTION_ALL_SERVERS, "all-servers", NULL,
	 "ask every controller and compare: what differs is a finding"},
	{OPTION_GC, "gc", "HOST",
	 "a global catalogue for members of other domains (default: one is found)"},
	{0, NULL, NULL, "What to judge:"},
	{'n', "host", "NAME", "this host only; repeat, shell patterns work"},
	{OPTION_ONLY, "only", "HALF", "hosts or admins"},
	{OPTION_POLICY, "policy", "FILE",
	 "groups of hosts, exemptions, states of rules (see the manual)"},
	{OPTION_BASELINE, "baseline", "FILE",
	 "an earlier JSON report: what differs from it is a finding"},
	{OPTION_ACCEPT, "accept", NULL,
	 "show what differs, then make the present facts the baseline"},
	{OPTION_KDC, "kdc", NULL, "ask the KDC too: it shows what the directory only says"},
	{OPTION_KDC_CONTROL, "kdc-control", "NAME",
	 "whose ticket must come back forwardable (default: a user is found)"},
	{OPTION_KDC_LIMIT, "kdc-limit", "N",
	 "ask for at most N admins, hosts, targets (default: 500); count the rest"},
	{0, NULL, NULL, "How:"},
	{'w', "warning", "[LABEL=]RANGE",
	 "threshold on a perfdata label (default: admins_unprotected=0); repeat"},
	{'c', "critical", "[LABEL=]RANGE", "likewise"},
	{'t', "timeout", "SECONDS[:STATE]",
	 "for the whole run, and the state to end in (default: 10:unknown)"},
	{OPTION_OUTPUT_FORMAT, "output-format", "FORMAT",
	 "nagios (the default), json, html or openmetrics"},
	{'o', "output", "FILE", "write the report there, and the Nagios text to standard output"},
	{OPTION_FIX, "fix", NULL, "after each finding the commands that mend it"},
	{'v', "verbose", NULL, "repeat: 1 hosts and idle admins, 2 searches, 3 library messages"},
	{OPTION_MAX_OUTPUT, "max-output", "BYTES",
	 "of the Nagios output (default: 4096, but all on a terminal and with\n"
	 "--accept): findings beyond are counted"},
	{OPTION_EXTRA_OPTS, "extra-opts", "[SECTION][@FILE]",
	 "read options from an INI file first"},
	{'h', "help", NULL, "print this"},
	{'V', "version", NULL, "print the version"},
};

const size_t option_row_count = countof(option_rows);

_Static_assert(countof(option_rows) <= OPTION_ROWS_MAX, "OPTION_ROWS_MAX");

size_t option_row_of(int value)
{
	size_t i = 0;

	while (option_rows[i].value != value)
		i++;
	return i;
}
