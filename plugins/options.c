/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "options.h"

#include "base/memory.h"
#include "extra_opts.h"
#include "policy/policy_file.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

enum {
	DEFAULT_TIMEOUT_S = 10,
	MAX_TIMEOUT_S = 86400,
	DEFAULT_MAX_OUTPUT = 4096,
	LEAST_MAX_OUTPUT = 2048, /* the status line with its perfdata always fits */
	MAX_RANGE_LENGTH = 32,
	VERBOSITY_LIBRARIES = 3,
	GLOBAL_CATALOGUE_PORT = 3268,
	GLOBAL_CATALOGUE_TLS_PORT = 3269,
	DEFAULT_KDC_LIMIT = 500,
};

/* Values of options without a letter, above those of all letters. */
enum long_option {
	FIRST_LONG_OPTION = 256,
	OPTION_SITE = FIRST_LONG_OPTION,
	OPTION_TRANSPORT,
	OPTION_CA_FILE,
	OPTION_CCACHE,
	OPTION_BIND_DN,
	OPTION_PASSWORD_FILE,
	OPTION_LDIF,
	OPTION_ALL_SERVERS,
	OPTION_ONLY,
	OPTION_POLICY,
	OPTION_BASELINE,
	OPTION_ACCEPT,
	OPTION_KDC,
	OPTION_KDC_CONTROL,
	OPTION_KDC_LIMIT,
	OPTION_OUTPUT_FORMAT,
	OPTION_FIX,
	OPTION_MAX_OUTPUT,
	OPTION_EXTRA_OPTS,
};

/* One option: how it is written, what it takes, what it says of itself. A row without
 * a name is a heading of the help. */
struct option_row {
	int value;
	const char *name;
	const char *argument; /* NULL: takes none */
	const char *help;
};

static const struct option_row rows[] = {
	{0, NULL, NULL, "The directory:"},
	{'D', "domain", "NAME", "DNS name of the domain; its controllers are found by SRV records"},
	{OPTION_SITE, "site", "NAME",
	 "the site whose controllers are asked first (this machine's)"},
	{'H', "hostname", "HOST",
	 "a controller, asked instead; repeat for several, tried in order"},
	{'p', "port", "N", "its port (389, with ldaps 636)"},
	{'4', "use-ipv4", NULL, "use IPv4 only"},
	{'6', "use-ipv6", NULL, "use IPv6 only"},
	{OPTION_TRANSPORT, "transport", "HOW",
	 "gssapi (signed and sealed by Kerberos; the default), starttls or ldaps"},
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
	 "whose ticket must come back forwardable (an ordinary user is found)"},
	{OPTION_KDC_LIMIT, "kdc-limit", "N",
	 "ask for at most N admins, hosts and targets (500); the rest is counted"},
	{0, NULL, NULL, "How:"},
	{'w', "warning", "[LABEL=]RANGE",
	 "threshold on a perfdata label (default admins_unprotected=0); repeat"},
	{'c', "critical", "[LABEL=]RANGE", "likewise"},
	{'t', "timeout", "SECONDS[:STATE]",
	 "for the whole run (10), and the state to end in (unknown)"},
	{OPTION_OUTPUT_FORMAT, "output-format", "FORMAT",
	 "nagios (the default), json, html or openmetrics"},
	{'o', "output", "FILE", "write the report there, and the Nagios text to standard output"},
	{OPTION_FIX, "fix", NULL, "after each finding the commands that mend it"},
	{'v', "verbose", NULL, "repeat: 1 hosts and idle admins, 2 searches, 3 library messages"},
	{OPTION_MAX_OUTPUT, "max-output", "BYTES",
	 "of the Nagios output (4096): findings beyond are counted"},
	{OPTION_EXTRA_OPTS, "extra-opts", "[SECTION][@FILE]",
	 "read options from an INI file first"},
	{'h', "help", NULL, "print this"},
	{'V', "version", NULL, "print the version"},
};

enum { ROW_COUNT = sizeof rows / sizeof rows[0] };

/* What parsing needs beside the options: which options were given, by row. */
struct parse {
	const void *context;
	struct options *options;
	bool given[ROW_COUNT];
	const char *arguments[ROW_COUNT]; /* the last ones */
	struct extra_opts extra;          /* the command line, what --extra-opts adds in it */
	bool from_file[ROW_COUNT];        /* the last one of that option is one of them */
	bool threshold_given[METRIC_COUNT];
};

static size_t row_of(int value)
{
	size_t i = 0;

	while (rows[i].value != value)
		i++;
	return i;
}

static bool given(const struct parse *parse, int value)
{
	return parse->given[row_of(value)];
}

char *options_help(const void *context)
{
	char *text = memory_text(
		context,
		"check_hyperv_delegation judges what Active Directory lets Hyper-V hosts and\n"
		"privileged accounts do by Kerberos delegation.\n\n"
		"Usage: check_hyperv_delegation -D DOMAIN -k KEYTAB [OPTION]...\n"
		"       check_hyperv_delegation --ldif FILE [OPTION]...\n");

	for (size_t i = 0; i < ROW_COUNT; i++) {
		const struct option_row *row = &rows[i];
		char letter[8] = "    ", *name;

		if (!row->name) {
			text = memory_check(
				talloc_asprintf_append_buffer(text, "\n%s\n", row->help));
			continue;
		}
		if (row->value < FIRST_LONG_OPTION)
			memcpy(letter, (char[]){'-', (char)row->value, ',', ' ', '\0'}, 5);
		name = memory_format(text, "%s%s%s", row->name, row->argument ? " " : "",
				     row->argument ? row->argument : "");
		text = memory_check(talloc_asprintf_append_buffer(text, "  %s--%s\n        %s\n",
								  letter, name, row->help));
	}
	return memory_check(talloc_asprintf_append_buffer(
		text,
		"\nA RANGE is [@]START:END as in the Monitoring Plugins Development Guidelines.\n"
		"Exit codes: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.\n"));
}

/* A whole number of [least, most]; false for anything else. */
static bool parse_whole(const char *text, size_t length, unsigned long least, unsigned long most,
			unsigned long *number)
{
	unsigned long value = 0;

	if (!length || length > 9)
		return false;
	for (size_t i = 0; i < length; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		value = value * 10 + (unsigned long)(text[i] - '0');
	}
	*number = value;
	return value >= least && value <= most;
}

static bool parse_port(const char *text, struct options *options, struct error *error)
{
	unsigned long port;

	if (!parse_whole(text, strlen(text), 1, 65535, &port))
		return error_set(error, ERROR_USAGE,
				 "--port takes a number from 1 to 65535, not %s", text);
	if (port == GLOBAL_CATALOGUE_PORT || port == GLOBAL_CATALOGUE_TLS_PORT)
		return error_set(error, ERROR_USAGE,
				 "--port %s is the global catalogue, which holds a part of each "
				 "entry only: ask 389, with ldaps 636",
				 text);
	options->ldap.port = (unsigned)port;
	return true;
}

static bool parse_timeout(const char *text, struct options *options, struct error *error)
{
	size_t length = strcspn(text, ":");
	unsigned long seconds;

	if (!parse_whole(text, length, 1, MAX_TIMEOUT_S, &seconds))
		return error_set(error, ERROR_USAGE,
				 "--timeout takes whole seconds from 1 to %d, then perhaps :STATE, "
				 "not %s",
				 MAX_TIMEOUT_S, text);
	if (text[length] && !service_state_parse(text + length + 1, &options->timeout_state))
		return error_set(error, ERROR_USAGE,
				 "--timeout %s: the state is one of ok, warning, critical, unknown",
				 text);
	options->timeout_s = (unsigned)seconds;
	return true;
}

static bool parse_max_output(const char *text, struct options *options, struct error *error)
{
	unsigned long bytes;

	if (!parse_whole(text, strlen(text), LEAST_MAX_OUTPUT, 999999999, &bytes))
		return error_set(error, ERROR_USAGE,
				 "--max-output takes a number of bytes from %d on, not %s",
				 LEAST_MAX_OUTPUT, text);
	options->max_output = bytes;
	return true;
}

static bool parse_kdc_limit(const char *text, struct options *options, struct error *error)
{
	unsigned long limit;

	if (!parse_whole(text, strlen(text), 1, 999999999, &limit))
		return error_set(error, ERROR_USAGE, "--kdc-limit takes a number from 1 on, not %s",
				 text);
	options->kdc.limit = limit;
	return true;
}

/* Finds word among names; their index, or -1. */
static int find_word(const char *word, const char *const *names)
{
	for (int i = 0; names[i]; i++) {
		if (!strcmp(word, names[i]))
			return i;
	}
	return -1;
}

static bool parse_transport(const char *text, struct options *options, struct error *error)
{
	static const char *const names[] = {
		[TRANSPORT_GSSAPI] = "gssapi",
		[TRANSPORT_STARTTLS] = "starttls",
		[TRANSPORT_LDAPS] = "ldaps",
		NULL,
	};
	int transport = find_word(text, names);

	if (transport < 0)
		return error_set(error, ERROR_USAGE,
				 "--transport takes gssapi, starttls or ldaps, not %s", text);
	options->ldap.transport = (enum ldap_transport)transport;
	return true;
}

static bool parse_only(const char *text, struct options *options, struct error *error)
{
	struct selection *selection = &options->policy.selection;

	selection->hosts = !strcmp(text, "hosts");
	selection->admins = !strcmp(text, "admins");
	if (!selection->hosts && !selection->admins)
		return error_set(error, ERROR_USAGE, "--only takes hosts or admins, not %s", text);
	return true;
}

/* Reads the policy that is in force in the end: one of the command line goes over one of a
 * file. */
static bool read_policy(const struct parse *parse, struct error *error)
{
	const char *path = parse->arguments[row_of(OPTION_POLICY)];
	bool standard_input = !strcmp(path, "-");
	FILE *stream = standard_input ? stdin : fopen(path, "re");
	bool read;

	if (!stream)
		return error_set(error, ERROR_USAGE, "can not open the policy %s: %s", path,
				 strerror(errno));
	read = policy_file_read(parse->context, stream, path, &parse->options->policy, error);
	if (!standard_input)
		(void)fclose(stream);
	return read;
}

static bool parse_format(const char *text, struct options *options, struct error *error)
{
	static const char *const names[] = {
		[OUTPUT_NAGIOS] = "nagios",
		[OUTPUT_JSON] = "json",
		[OUTPUT_HTML] = "html",
		[OUTPUT_OPENMETRICS] = "openmetrics",
		NULL,
	};
	int format = find_word(text, names);

	if (format < 0)
		return error_set(error, ERROR_USAGE,
				 "--output-format takes nagios, json, html or openmetrics, not %s",
				 text);
	options->format = (enum output_format)format;
	return true;
}

/* "[LABEL=]RANGE" */
static bool parse_threshold(const char *text, bool critical, struct parse *parse,
			    struct error *error)
{
	const char *name = critical ? "--critical" : "--warning";
	const char *equals = strchr(text, '=');
	const char *range = equals ? equals + 1 : text;
	enum metric metric = METRIC_ADMINS_UNPROTECTED;
	struct metric_thresholds *thresholds;

	if (equals && !metric_parse(text, (size_t)(equals - text), &metric))
		return error_set(error, ERROR_USAGE, "%s %s: there is no perfdata label %.*s", name,
				 text, (int)(equals - text), text);
	thresholds = &parse->options->policy.thresholds[metric];
	if (strlen(range) > MAX_RANGE_LENGTH ||
	    !range_parse(range, critical ? &thresholds->critical : &thresholds->warning))
		return error_set(error, ERROR_USAGE,
				 "%s %s: a range is [@]START:END, START not above END", name, text);
	parse->threshold_given[metric] = true;
	return true;
}

/* Whether each of several values of an option counts. */
static bool repeats(int value)
{
	return value == 'H' || value == OPTION_LDIF || value == 'n' || value == 'w' || value == 'c';
}

/* Notes that an option was given. The command line goes over a file; but two values of
 * which one would be forgotten are a slip of the pen. */
static bool note_option(struct parse *parse, size_t row, const char *argument, struct error *error)
{
	bool from_file = optind <= parse->extra.count + 1;
	const char *before = parse->arguments[row];

	if (rows[row].argument && !*argument)
		return error_set(error, ERROR_USAGE, "--%s needs a value that is not empty",
				 rows[row].name);
	if (rows[row].argument && !repeats(rows[row].value) && before &&
	    from_file == parse->from_file[row] && strcmp(before, argument) != 0)
		return error_set(error, ERROR_USAGE,
				 "--%s is given as %s and as %s: one of them can be in force",
				 rows[row].name, before, argument);
	parse->given[row] = true;
	parse->arguments[row] = argument;
	parse->from_file[row] = from_file;
	return true;
}

/* Takes one option of the command line. */
static bool take_option(struct parse *parse, int value, char *argument, struct error *error)
{
	struct options *options = parse->options;
	struct ldap_settings *ldap = &options->ldap;

	if (!note_option(parse, row_of(value), argument, error))
		return false;
	switch (value) {
	case 'D': ldap->domain = argument; break;
	case OPTION_SITE: ldap->site = argument; break;
	case 'H': text_list_add(parse->context, &options->servers, argument); break;
	case 'p': return parse_port(argument, options, error);
	case '4': ldap->family = AF_INET; break;
	case '6': ldap->family = AF_INET6; break;
	case OPTION_TRANSPORT: return parse_transport(argument, options, error);
	case OPTION_CA_FILE: ldap->ca_file = argument; break;
	case 'l': ldap->principal = argument; break;
	case 'k': ldap->keytab = argument; break;
	case OPTION_CCACHE: ldap->ccache = argument; break;
	case OPTION_BIND_DN: ldap->bind_dn = argument; break;
	case OPTION_PASSWORD_FILE: ldap->password_file = argument; break;
	case OPTION_LDIF: text_list_add(parse->context, &options->ldif_files, argument); break;
	case 'n':
		text_list_add(parse->context, &options->policy.selection.judged, argument);
		policy_add_host_word(parse->context, &options->policy, argument, "host");
		break;
	case OPTION_ALL_SERVERS: options->all_servers = true; break;
	case OPTION_ONLY: return parse_only(argument, options, error);
	case OPTION_POLICY: break; /* read when all are known */
	case OPTION_BASELINE: options->baseline_file = argument; break;
	case OPTION_ACCEPT: options->accept = true; break;
	case OPTION_KDC: options->kdc.ask = ldap->forwardable = true; break;
	case OPTION_KDC_CONTROL: options->kdc.control = argument; break;
	case OPTION_KDC_LIMIT: return parse_kdc_limit(argument, options, error);
	case 'w': return parse_threshold(argument, false, parse, error);
	case 'c': return parse_threshold(argument, true, parse, error);
	case 't': return parse_timeout(argument, options, error);
	case OPTION_OUTPUT_FORMAT: return parse_format(argument, options, error);
	case 'o': options->output_file = argument; break;
	case OPTION_FIX: options->fix = true; break;
	case 'v': options->verbosity++; break;
	case OPTION_MAX_OUTPUT: return parse_max_output(argument, options, error);
	case OPTION_EXTRA_OPTS:
		/* what is spelled out was taken before; this is an abbreviation, or comes from a
		 * file itself */
		return error_set(error, ERROR_USAGE,
				 "--extra-opts %s: spell it out, and on the command line only",
				 argument);
	case 'h': options->mode = RUN_HELP; break;
	case 'V': options->mode = RUN_VERSION; break;
	default: break;
	}
	return true;
}

static bool contradiction(int a, int b, const char *because, struct error *error)
{
	return error_set(error, ERROR_USAGE, "--%s makes no sense with --%s: %s",
			 rows[row_of(a)].name, rows[row_of(b)].name, because);
}

/* Pairs of options of which the first makes no sense where the second is given. */
static bool check_pairs(const struct parse *parse, struct error *error)
{
	static const struct {
		int option, with;
		const char *because;
	} pairs[] = {
		{'4', '6', "one address family at a time"},
		{'D', OPTION_LDIF, "an export says itself of which domain it is"},
		{'H', OPTION_LDIF, "an export needs no server"},
		{OPTION_SITE, OPTION_LDIF, "an export needs no server"},
		{OPTION_SITE, 'H', "the controllers named are asked in their order"},
		{'p', OPTION_LDIF, "an export needs no server"},
		{'4', OPTION_LDIF, "an export needs no server"},
		{'6', OPTION_LDIF, "an export needs no server"},
		{OPTION_TRANSPORT, OPTION_LDIF, "an export needs no server"},
		{OPTION_ALL_SERVERS, OPTION_LDIF, "an export needs no server"},
		{OPTION_CA_FILE, OPTION_LDIF, "an export needs no server"},
		{'l', OPTION_LDIF, "an export needs no login"},
		{'k', OPTION_LDIF, "an export needs no login"},
		{OPTION_CCACHE, OPTION_LDIF, "an export needs no login"},
		{OPTION_BIND_DN, OPTION_LDIF, "an export needs no login"},
		{OPTION_PASSWORD_FILE, OPTION_LDIF, "an export needs no login"},
		{OPTION_KDC, OPTION_LDIF, "an export has no KDC to ask"},
		{OPTION_KDC_CONTROL, OPTION_LDIF, "an export has no KDC to ask"},
		{OPTION_KDC_LIMIT, OPTION_LDIF, "an export has no KDC to ask"},
		{OPTION_KDC, OPTION_BIND_DN, "the KDC answers logins by Kerberos only"},
		{'l', OPTION_BIND_DN, "a login is either by Kerberos or by simple bind"},
		{'k', OPTION_BIND_DN, "a login is either by Kerberos or by simple bind"},
		{OPTION_CCACHE, OPTION_BIND_DN, "a login is either by Kerberos or by simple bind"},
		{OPTION_ACCEPT, 'n', "the baseline would forget all other hosts"},
		{OPTION_ACCEPT, OPTION_ONLY, "the baseline would forget the other half"},
	};

	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		if (given(parse, pairs[i].option) && given(parse, pairs[i].with))
			return contradiction(pairs[i].option, pairs[i].with, pairs[i].because,
					     error);
	}
	return true;
}

static bool check_login(const struct parse *parse, struct error *error)
{
	const struct options *options = parse->options;
	bool tls = options->ldap.transport != TRANSPORT_GSSAPI;

	if (given(parse, OPTION_BIND_DN) && !given(parse, OPTION_PASSWORD_FILE))
		return error_set(error, ERROR_USAGE, "--bind-dn needs --password-file");
	if (given(parse, OPTION_PASSWORD_FILE) && !given(parse, OPTION_BIND_DN))
		return error_set(error, ERROR_USAGE, "--password-file needs --bind-dn");
	if (given(parse, OPTION_BIND_DN) && !tls)
		return error_set(
			error, ERROR_USAGE,
			"--bind-dn needs --transport starttls or ldaps: no password goes over "
			"the wire unencrypted");
	if (given(parse, OPTION_CA_FILE) && !tls)
		return error_set(error, ERROR_USAGE,
				 "--ca-file makes no sense with --transport gssapi, which uses no "
				 "certificates");
	if (!options->ldif_files.count && !given(parse, 'D') && !given(parse, 'H'))
		return error_set(
			error, ERROR_USAGE,
			"name a directory: --domain, --hostname or --ldif (--help lists all "
			"options)");
	return true;
}

/* Standard input can be read once. */
static bool check_standard_input(const struct parse *parse, struct error *error)
{
	const struct options *options = parse->options;
	const char *policy = parse->arguments[row_of(OPTION_POLICY)];
	size_t readers = policy && !strcmp(policy, "-");

	for (size_t i = 0; i < options->ldif_files.count; i++)
		readers += !strcmp(options->ldif_files.items[i], "-");
	if (options->ldap.password_file)
		readers += !strcmp(options->ldap.password_file, "-");
	if (readers > 1)
		return error_set(
			error, ERROR_USAGE,
			"several options want to read standard input (-): --ldif, --policy, "
			"--password-file");
	return true;
}

static bool check_kdc(const struct parse *parse, struct error *error)
{
	if (!given(parse, OPTION_KDC) &&
	    (given(parse, OPTION_KDC_CONTROL) || given(parse, OPTION_KDC_LIMIT)))
		return error_set(error, ERROR_USAGE, "--%s needs --kdc",
				 given(parse, OPTION_KDC_CONTROL) ? "kdc-control" : "kdc-limit");
	if (!parse->options->policy.selection.admins && given(parse, OPTION_KDC_CONTROL))
		return contradiction(OPTION_KDC_CONTROL, OPTION_ONLY,
				     "no admin is asked for with --only hosts", error);
	return true;
}

static bool check_halves(const struct parse *parse, struct error *error)
{
	const struct selection *selection = &parse->options->policy.selection;

	if (given(parse, OPTION_ACCEPT) && !given(parse, OPTION_BASELINE))
		return error_set(error, ERROR_USAGE,
				 "--accept needs --baseline, the file to write");
	if (!selection->hosts && given(parse, 'n'))
		return contradiction('n', OPTION_ONLY, "no host is judged with --only admins",
				     error);
	for (size_t i = 0; i < METRIC_COUNT; i++) {
		enum metric_half half = metric_half((enum metric)i);

		if (parse->threshold_given[i] && ((half == HALF_HOSTS && !selection->hosts) ||
						  (half == HALF_ADMINS && !selection->admins)))
			return error_set(error, ERROR_USAGE,
					 "a threshold on %s (--warning, --critical) makes no sense "
					 "with --only %s",
					 metric_label((enum metric)i),
					 selection->hosts ? "hosts" : "admins");
	}
	return true;
}

/* The folder that a path is in, and what it is named there; false where there is none. */
static bool find_place(const char *path, struct stat *folder, const char **name)
{
	const char *slash = strrchr(path, '/');
	char *parent = slash ? talloc_strndup(NULL, path, (size_t)(slash - path) + 1)
			     : talloc_strdup(NULL, ".");
	bool found = stat(memory_check(parent), folder) == 0;

	talloc_free(parent);
	*name = slash ? slash + 1 : path;
	return found;
}

/* Whether both name one file, which need not be there yet. */
static bool same_file(const char *a, const char *b)
{
	struct stat one, other;
	const char *name, *other_name;

	if (!strcmp(a, b))
		return true;
	if (stat(a, &one) == 0 && stat(b, &other) == 0)
		return one.st_dev == other.st_dev && one.st_ino == other.st_ino;
	return find_place(a, &one, &name) && find_place(b, &other, &other_name) &&
	       !strcmp(name, other_name) && one.st_dev == other.st_dev &&
	       one.st_ino == other.st_ino;
}

/* The path of what Kerberos calls "FILE:path" or "path". */
static const char *without_type(const char *name)
{
	return name && !strncmp(name, "FILE:", 5) ? name + 5 : name;
}

static bool overwrites_one_of(const struct parse *parse, const struct text_list *files, int option,
			      struct error *error)
{
	for (size_t i = 0; i < files->count; i++) {
		if (same_file(parse->options->output_file, files->items[i]))
			return !contradiction('o', option, "it is the same file", error);
	}
	return false;
}

/* A report must not take the place of what the run is made of. */
static bool check_overwriting(const struct parse *parse, struct error *error)
{
	const struct options *options = parse->options;
	const struct {
		int option;
		const char *file;
	} inputs[] = {
		{OPTION_BASELINE, options->baseline_file},
		{OPTION_CA_FILE, options->ldap.ca_file},
		{OPTION_CCACHE, without_type(options->ldap.ccache)},
		{'k', without_type(options->ldap.keytab)},
		{OPTION_POLICY, parse->arguments[row_of(OPTION_POLICY)]},
		{OPTION_PASSWORD_FILE, options->ldap.password_file},
	};

	for (size_t i = 0; i < sizeof inputs / sizeof inputs[0]; i++) {
		if (inputs[i].file && same_file(options->output_file, inputs[i].file))
			return contradiction('o', inputs[i].option, "it is the same file", error);
	}
	return !overwrites_one_of(parse, &options->ldif_files, OPTION_LDIF, error) &&
	       !overwrites_one_of(parse, &parse->extra.files, OPTION_EXTRA_OPTS, error);
}

/* Where the report goes, and in which format. */
static bool check_output(const struct parse *parse, struct error *error)
{
	const struct options *options = parse->options;
	bool report_alone = options->format != OUTPUT_NAGIOS && !options->output_file;

	if (report_alone && given(parse, OPTION_MAX_OUTPUT))
		return contradiction(OPTION_MAX_OUTPUT, OPTION_OUTPUT_FORMAT,
				     "but for the Nagios text, a report is always complete", error);
	if (report_alone && options->verbosity && options->verbosity < VERBOSITY_LIBRARIES)
		return contradiction('v', OPTION_OUTPUT_FORMAT,
				     "but for the Nagios text, a report is always complete (only "
				     "-vvv, messages of the libraries, goes beside it)",
				     error);
	if (report_alone && options->format == OUTPUT_OPENMETRICS && options->fix)
		return contradiction(OPTION_FIX, OPTION_OUTPUT_FORMAT,
				     "openmetrics has no room for commands", error);
	if (!options->output_file)
		return true;
	if (options->format == OUTPUT_NAGIOS)
		return error_set(error, ERROR_USAGE,
				 "--output needs --output-format json, html or openmetrics: the "
				 "Nagios text goes to standard output");
	if (!strcmp(options->output_file, "-"))
		return error_set(error, ERROR_USAGE,
				 "--output -: the Nagios text goes to standard output; for a "
				 "report there leave --output out");
	return check_overwriting(parse, error);
}

/* The table as getopt_long wants it. */
static void make_getopt_tables(char letters[2 * ROW_COUNT + 2], struct option longs[ROW_COUNT + 1])
{
	size_t count = 0;

	*letters++ = ':'; /* report a missing argument apart from an unknown option */
	for (size_t i = 0; i < ROW_COUNT; i++) {
		if (!rows[i].name)
			continue;
		longs[count++] = (struct option){
			.name = rows[i].name,
			.has_arg = rows[i].argument ? required_argument : no_argument,
			.val = rows[i].value,
		};
		if (rows[i].value < FIRST_LONG_OPTION)
			*letters++ = (char)rows[i].value;
		if (rows[i].value < FIRST_LONG_OPTION && rows[i].argument)
			*letters++ = ':';
	}
	longs[count] = (struct option){0};
	*letters = '\0';
}

/* The option that getopt_long does not know: a letter may stand among others. */
static const char *unknown_option(char letter[3], char *const argv[])
{
	for (size_t i = 0; i < ROW_COUNT; i++) {
		if (!optopt || rows[i].value == optopt)
			return argv[optind - 1]; /* ambiguous, or has a value it does not take */
	}
	letter[0] = '-';
	letter[1] = (char)optopt;
	letter[2] = '\0';
	return letter;
}

static bool take_all(struct parse *parse, int argc, char **argv, struct error *error)
{
	char letters[2 * ROW_COUNT + 2];
	struct option longs[ROW_COUNT + 1];
	char *no_argument_given = memory_text(parse->context, "");
	char letter[3];
	int value;

	make_getopt_tables(letters, longs);
	opterr = 0;
	optind = 0; /* start anew, whatever was parsed before */
	while ((value = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		if (value == '?')
			return error_set(
				error, ERROR_USAGE,
				"%s is no option, an ambiguous one, or one that takes no value "
				"(--help lists all options)",
				unknown_option(letter, argv));
		if (value == ':')
			return error_set(error, ERROR_USAGE, "option %s needs a value",
					 argv[optind - 1]);
		if (!take_option(parse, value, optarg ? optarg : no_argument_given, error))
			return false;
	}
	if (optind < argc)
		return error_set(error, ERROR_USAGE,
				 "%s is no option, and every argument has to be one: does a value "
				 "with blanks lack its quotes? (--help lists all options)",
				 argv[optind]);
	return true;
}

bool options_parse(const void *context, int argc, char *const argv[], struct options *options,
		   struct error *error)
{
	struct parse parse = {.context = context, .options = options};
	const struct text_list *arguments = &parse.extra.arguments;
	char **copies;

	*options = (struct options){
		.timeout_s = DEFAULT_TIMEOUT_S,
		.timeout_state = STATE_UNKNOWN,
		.max_output = DEFAULT_MAX_OUTPUT,
		.ldap = {.family = AF_UNSPEC},
		.kdc = {.limit = DEFAULT_KDC_LIMIT},
	};
	policy_init(&options->policy);
	if (!extra_opts_expand(context, argc, argv, &parse.extra, error))
		return false;
	/* getopt_long sorts its arguments, so it gets copies */
	copies = memory_array(context, char *, arguments->count);
	for (size_t i = 0; i < arguments->count; i++)
		copies[i] = memory_text(copies, arguments->items[i]);
	copies[arguments->count] = NULL;
	if (!take_all(&parse, (int)arguments->count, copies, error) ||
	    (given(&parse, OPTION_POLICY) && !read_policy(&parse, error)))
		return false;
	options->ldap.servers = options->servers.items;
	options->ldap.server_count = options->servers.count;
	options->ldap.verbosity = options->verbosity;
	if (options->mode != RUN_CHECK)
		return true;
	return check_pairs(&parse, error) && check_login(&parse, error) &&
	       check_standard_input(&parse, error) && check_kdc(&parse, error) &&
	       check_halves(&parse, error) && check_output(&parse, error);
}
