/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "option_values.h"

#include <string.h>

enum {
	MAX_TIMEOUT_S = 86400,
	LEAST_MAX_OUTPUT = 2048, /* the status line with its perfdata always fits */
	MAX_RANGE_LENGTH = 32,
	GLOBAL_CATALOGUE_PORT = 3268,
	GLOBAL_CATALOGUE_TLS_PORT = 3269,
};

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

bool option_value_port(const char *text, struct options *options, struct error *error)
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

bool option_value_timeout(const char *text, struct options *options, struct error *error)
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

bool option_value_max_output(const char *text, struct options *options, struct error *error)
{
	unsigned long bytes;

	if (!parse_whole(text, strlen(text), LEAST_MAX_OUTPUT, 999999999, &bytes))
		return error_set(error, ERROR_USAGE,
				 "--max-output takes a number of bytes from %d on, not %s",
				 LEAST_MAX_OUTPUT, text);
	options->max_output = bytes;
	return true;
}

bool option_value_kdc_limit(const char *text, struct options *options, struct error *error)
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

bool option_value_transport(const char *text, struct options *options, struct error *error)
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

bool option_value_only(const char *text, struct options *options, struct error *error)
{
	struct selection *selection = &options->policy.selection;

	selection->hosts = !strcmp(text, "hosts");
	selection->admins = !strcmp(text, "admins");
	if (!selection->hosts && !selection->admins)
		return error_set(error, ERROR_USAGE, "--only takes hosts or admins, not %s", text);
	return true;
}

bool option_value_format(const char *text, struct options *options, struct error *error)
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

bool option_value_threshold(const char *text, bool critical, struct options *options,
			    enum metric *metric, struct error *error)
{
	const char *name = critical ? "--critical" : "--warning";
	const char *equals = strchr(text, '=');
	const char *range = equals ? equals + 1 : text;
	struct metric_thresholds *thresholds;

	*metric = METRIC_ADMINS_UNPROTECTED;
	if (equals && !metric_parse(text, (size_t)(equals - text), metric))
		return error_set(error, ERROR_USAGE, "%s %s: there is no perfdata label %.*s", name,
				 text, (int)(equals - text), text);
	thresholds = &options->policy.thresholds[*metric];
	if (strlen(range) > MAX_RANGE_LENGTH ||
	    !range_parse(range, critical ? &thresholds->critical : &thresholds->warning))
		return error_set(error, ERROR_USAGE,
				 "%s %s: a range is [@]START:END, START not above END", name, text);
	return true;
}
