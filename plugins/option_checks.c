/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "option_checks.h"

#include "base/memory.h"

#include <string.h>
#include <sys/stat.h>

enum {
	VERBOSITY_LIBRARIES = 3,
	LDAPS_PORT = 636,
};

static bool given(const struct option_parse *parse, int value)
{
	return parse->given[option_row_of(value)];
}

static bool contradiction(int a, int b, const char *because, struct error *error)
{
	return error_set(error, ERROR_USAGE, "--%s makes no sense with --%s: %s",
			 option_rows[option_row_of(a)].name, option_rows[option_row_of(b)].name,
			 because);
}

/* Pairs of options of which the first makes no sense where the second is given. */
static bool check_pairs(const struct option_parse *parse, struct error *error)
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
		{OPTION_GC, OPTION_LDIF, "an export needs no server"},
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

	for (size_t i = 0; i < countof(pairs); i++) {
		if (given(parse, pairs[i].option) && given(parse, pairs[i].with))
			return contradiction(pairs[i].option, pairs[i].with, pairs[i].because,
					     error);
	}
	return true;
}

static bool check_login(const struct option_parse *parse, struct error *error)
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
	if (options->ldap.port == LDAPS_PORT && options->ldap.transport != TRANSPORT_LDAPS)
		return error_set(error, ERROR_USAGE,
				 "--port %d needs --transport ldaps: it speaks TLS from the start",
				 LDAPS_PORT);
	if (!options->ldif_files.count && !given(parse, 'D') && !given(parse, 'H'))
		return error_set(
			error, ERROR_USAGE,
			"name a directory: --domain, --hostname or --ldif (--help lists all "
			"options)");
	return true;
}

/* Standard input can be read once. */
static bool check_standard_input(const struct option_parse *parse, struct error *error)
{
	const struct options *options = parse->options;
	const char *policy = parse->arguments[option_row_of(OPTION_POLICY)];
	size_t readers = policy && !strcmp(policy, "-");

	for (size_t i = 0; i < parse->extra.files.count; i++)
		readers += !strcmp(parse->extra.files.items[i], "-");
	for (size_t i = 0; i < options->ldif_files.count; i++)
		readers += !strcmp(options->ldif_files.items[i], "-");
	if (options->ldap.password_file)
		readers += !strcmp(options->ldap.password_file, "-");
	if (readers > 1)
		return error_set(
			error, ERROR_USAGE,
			"several options want to read standard input (-): --extra-opts, --ldif, "
			"--policy, --password-file");
	return true;
}

static bool check_kdc(const struct option_parse *parse, struct error *error)
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

static bool check_baseline(const struct option_parse *parse, struct error *error)
{
	const struct threshold_note *drift = parse->thresholds[METRIC_DRIFT];

	if (given(parse, OPTION_BASELINE))
		return true;
	if (given(parse, OPTION_ACCEPT))
		return error_set(error, ERROR_USAGE,
				 "--accept needs --baseline, the file to write");
	return (!drift[false].range && !drift[true].range) ||
	       error_set(error, ERROR_USAGE,
			 "a threshold on drift (--warning, --critical) needs --baseline: without "
			 "one nothing drifts");
}

static bool check_halves(const struct option_parse *parse, struct error *error)
{
	const struct selection *selection = &parse->options->policy.selection;

	if (!selection->hosts && given(parse, 'n'))
		return contradiction('n', OPTION_ONLY, "no host is judged with --only admins",
				     error);
	for (size_t i = 0; i < METRIC_COUNT; i++) {
		enum metric_half half = metric_half((enum metric)i);
		bool threshold =
			parse->thresholds[i][false].range || parse->thresholds[i][true].range;

		if (threshold && ((half == HALF_HOSTS && !selection->hosts) ||
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

static bool overwrites_one_of(const struct option_parse *parse, const struct text_list *files,
			      int option, struct error *error)
{
	for (size_t i = 0; i < files->count; i++) {
		if (same_file(parse->options->output_file, files->items[i]))
			return !contradiction('o', option, "it is the same file", error);
	}
	return false;
}

/* A report must not take the place of what the run is made of. */
static bool check_overwriting(const struct option_parse *parse, struct error *error)
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
		{OPTION_POLICY, parse->arguments[option_row_of(OPTION_POLICY)]},
		{OPTION_PASSWORD_FILE, options->ldap.password_file},
	};

	for (size_t i = 0; i < countof(inputs); i++) {
		if (inputs[i].file && same_file(options->output_file, inputs[i].file))
			return contradiction('o', inputs[i].option, "it is the same file", error);
	}
	return !overwrites_one_of(parse, &options->ldif_files, OPTION_LDIF, error) &&
	       !overwrites_one_of(parse, &parse->extra.files, OPTION_EXTRA_OPTS, error);
}

/* Where the report goes, and in which format. */
static bool check_output(const struct option_parse *parse, struct error *error)
{
	const struct options *options = parse->options;
	bool report_alone = options->format != OUTPUT_NAGIOS && !options->output_file;

	if (report_alone && given(parse, OPTION_MAX_OUTPUT))
		return contradiction(OPTION_MAX_OUTPUT, OPTION_OUTPUT_FORMAT,
				     "any report but the Nagios text is always complete", error);
	if (report_alone && options->verbosity && options->verbosity < VERBOSITY_LIBRARIES)
		return contradiction('v', OPTION_OUTPUT_FORMAT,
				     "any report but the Nagios text is always complete; -vvv may "
				     "go beside it",
				     error);
	if (report_alone && options->format == OUTPUT_OPENMETRICS && options->fix)
		return contradiction(OPTION_FIX, OPTION_OUTPUT_FORMAT,
				     "openmetrics has no room for commands", error);
	if (report_alone && options->format == OUTPUT_OPENMETRICS && options->accept)
		return contradiction(OPTION_ACCEPT, OPTION_OUTPUT_FORMAT,
				     "openmetrics counts and does not show what is accepted; with "
				     "--output the Nagios text does",
				     error);
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

bool option_checks_run(const struct option_parse *parse, struct error *error)
{
	return check_pairs(parse, error) && check_login(parse, error) &&
	       check_standard_input(parse, error) && check_kdc(parse, error) &&
	       check_baseline(parse, error) && check_halves(parse, error) &&
	       check_output(parse, error);
}
