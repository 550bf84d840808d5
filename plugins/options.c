/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "options.h"

#include "base/memory.h"
#include "option_checks.h"
#include "option_table.h"
#include "option_values.h"
#include "policy/policy_file.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

enum {
	DEFAULT_TIMEOUT_S = 10,
	DEFAULT_KDC_LIMIT = 500,
};

char *options_help(const void *context)
{
	char *text = memory_text(
		context,
		"check_hyperv_delegation judges what Active Directory lets Hyper-V hosts and\n"
		"privileged accounts do by Kerberos delegation.\n\n"
		"Usage: check_hyperv_delegation -D DOMAIN -k KEYTAB [OPTION]...\n"
		"       check_hyperv_delegation --ldif FILE [OPTION]...\n");

	for (size_t i = 0; i < option_row_count; i++) {
		const struct option_row *row = &option_rows[i];
		char letter[8] = "    ", *name;

		if (!row->name) {
			text = memory_append(text, "\n%s\n", row->help);
			continue;
		}
		if (row->value < FIRST_LONG_OPTION)
			memcpy(letter, (char[]){'-', (char)row->value, ',', ' ', '\0'}, 5);
		name = memory_format(text, "%s%s%s", row->name, row->argument ? " " : "",
				     row->argument ? row->argument : "");
		text = memory_append(text, "  %s--%s\n        %s\n", letter, name, row->help);
	}
	return memory_append(
		text,
		"\nA RANGE is [@]START:END as in the Monitoring Plugins Development Guidelines.\n"
		"Exit codes: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.\n");
}

/* Reads the policy that is in force in the end: one of the command line goes over one of a
 * file. */
static bool read_policy(const struct option_parse *parse, struct error *error)
{
	const char *path = parse->arguments[option_row_of(OPTION_POLICY)];
	bool standard_input = !strcmp(path, "-");
	const char *name = memory_format(parse->context, "policy %s",
					 standard_input ? "- (standard input)" : path);
	FILE *stream = standard_input ? stdin : fopen(path, "re");
	bool read;

	if (!stream)
		return error_set_cause(error, ERROR_INPUT, errno, "can not open the %s", name);
	read = policy_file_read(parse->context, stream, name, &parse->options->policy, error);
	if (!read)
		error->kind = ERROR_INPUT; /* what is wrong is in the file */
	if (!standard_input)
		(void)fclose(stream);
	return read;
}

/* Whether each of several values of an option counts (of -w and -c, each label). */
static bool repeats(int value)
{
	return value == 'H' || value == OPTION_LDIF || value == 'n' || value == 'w' || value == 'c';
}

/* Notes that an option was given. The command line goes over a file; but two values of
 * which one would be forgotten are a slip of the pen. */
static bool note_option(struct option_parse *parse, size_t row, const char *argument,
			struct error *error)
{
	bool from_file = optind <= parse->extra.count + 1;
	const char *before = parse->arguments[row];

	if (option_rows[row].argument && !*argument)
		return error_set(error, ERROR_USAGE, "--%s needs a value that is not empty",
				 option_rows[row].name);
	if (option_rows[row].argument && !repeats(option_rows[row].value) && before &&
	    from_file == parse->from_file[row] && strcmp(before, argument) != 0)
		return error_set(error, ERROR_USAGE, "--%s is given as %s and as %s: give it once",
				 option_rows[row].name, before, argument);
	parse->given[row] = true;
	parse->arguments[row] = argument;
	parse->from_file[row] = from_file;
	return true;
}

/* Takes a threshold; of each label and severity there is one, as of an option. */
static bool take_threshold(struct option_parse *parse, const char *text, bool critical,
			   struct error *error)
{
	bool from_file = parse->from_file[option_row_of(critical ? 'c' : 'w')];
	const struct metric_thresholds *thresholds = parse->options->policy.thresholds;
	struct threshold_note *note;
	enum metric metric;
	const char *range;

	if (!option_value_threshold(text, critical, parse->options, &metric, error))
		return false;
	range = critical ? thresholds[metric].critical.text : thresholds[metric].warning.text;
	note = &parse->thresholds[metric][critical];
	if (note->range && from_file == note->from_file && strcmp(note->range, range) != 0)
		return error_set(error, ERROR_USAGE,
				 "--%s on %s is given as %s and as %s: one of them can be in force",
				 critical ? "critical" : "warning", metric_label(metric),
				 note->range, range);
	*note = (struct threshold_note){.range = range, .from_file = from_file};
	return true;
}

/* "example.com" for "example.com.", which means the same: realms and SPNs have no such dot. */
static const char *without_final_dot(const void *context, const char *name)
{
	size_t length = strlen(name);

	if (length < 2 || name[length - 1] != '.')
		return name;
	return memory_check(talloc_strndup(context, name, length - 1));
}

/* Takes one option of the command line. */
static bool take_option(struct option_parse *parse, int value, char *argument, struct error *error)
{
	struct options *options = parse->options;
	struct ldap_settings *ldap = &options->ldap;

	if (!note_option(parse, option_row_of(value), argument, error))
		return false;
	switch (value) {
	case 'D': ldap->domain = without_final_dot(parse->context, argument); break;
	case OPTION_SITE: ldap->site = argument; break;
	case 'H': text_list_add(parse->context, &options->servers, argument); break;
	case 'p': return option_value_port(argument, options, error);
	case '4': ldap->family = AF_INET; break;
	case '6': ldap->family = AF_INET6; break;
	case OPTION_TRANSPORT: return option_value_transport(argument, options, error);
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
	case OPTION_GC: ldap->catalogue = argument; break;
	case OPTION_ALL_SERVERS: options->all_servers = true; break;
	case OPTION_ONLY: return option_value_only(argument, options, error);
	case OPTION_POLICY: break; /* read when all are known */
	case OPTION_BASELINE: options->baseline_file = argument; break;
	case OPTION_ACCEPT: options->accept = options->policy.accepting = true; break;
	case OPTION_KDC: options->kdc.ask = ldap->forwardable = true; break;
	case OPTION_KDC_CONTROL: options->kdc.control = argument; break;
	case OPTION_KDC_LIMIT: return option_value_kdc_limit(argument, options, error);
	case 'w': return take_threshold(parse, argument, false, error);
	case 'c': return take_threshold(parse, argument, true, error);
	case 't': return option_value_timeout(argument, options, error);
	case OPTION_OUTPUT_FORMAT: return option_value_format(argument, options, error);
	case 'o': options->output_file = argument; break;
	case OPTION_FIX: options->fix = true; break;
	case 'v': options->verbosity++; break;
	case OPTION_MAX_OUTPUT: return option_value_max_output(argument, options, error);
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

/* The table as getopt_long wants it. */
static void make_getopt_tables(char letters[2 * OPTION_ROWS_MAX + 2],
			       struct option longs[OPTION_ROWS_MAX + 1])
{
	size_t count = 0;

	*letters++ = ':'; /* report a missing argument apart from an unknown option */
	for (size_t i = 0; i < option_row_count; i++) {
		if (!option_rows[i].name)
			continue;
		longs[count++] = (struct option){
			.name = option_rows[i].name,
			.has_arg = option_rows[i].argument ? required_argument : no_argument,
			.val = option_rows[i].value,
		};
		if (option_rows[i].value < FIRST_LONG_OPTION)
			*letters++ = (char)option_rows[i].value;
		if (option_rows[i].value < FIRST_LONG_OPTION && option_rows[i].argument)
			*letters++ = ':';
	}
	longs[count] = (struct option){0};
	*letters = '\0';
}

/* How many letters both begin with; name may go on with "=value". */
static size_t shared_length(const char *name, const char *option)
{
	size_t length = 0;

	while (option[length] && option[length] == name[length])
		length++;
	return length;
}

/* The long options that begin with most letters of name, and how many these are. */
static struct text_list near_options(const void *context, const char *name, size_t *length)
{
	struct text_list near = {0};

	*length = 0;
	for (size_t i = 0; i < option_row_count; i++) {
		const char *option = option_rows[i].name;
		size_t shared = option ? shared_length(name, option) : 0;

		if (shared < *length || !shared)
			continue;
		if (shared > *length)
			near.count = 0;
		*length = shared;
		text_list_add(context, &near, memory_format(context, "--%s", option));
	}
	return near;
}

/* Says what is wrong with a word that getopt_long did not take; optopt is the letter that it
 * does not know, or that of an option which takes no value, or 0. */
static bool refuse_option(const void *context, const char *word, struct error *error)
{
	enum { NEAR_MIN = 3 };
	const char *name = word + strspn(word, "-");
	struct text_list near;
	size_t length;

	for (size_t i = 0; optopt && i < option_row_count; i++) {
		if (option_rows[i].value == optopt)
			return error_set(error, ERROR_USAGE, "--%s takes no value: %s",
					 option_rows[i].name, word);
	}
	if (optopt)
		return error_set(error, ERROR_USAGE, "-%c is no option (--help lists all options)",
				 optopt);
	near = near_options(context, name, &length);
	if (length && length == strcspn(name, "="))
		return error_set(error, ERROR_USAGE, "%s may be any of %s: spell it out", word,
				 text_list_words(context, &near));
	if (length >= NEAR_MIN)
		return error_set(error, ERROR_USAGE,
				 "%s is no option; near it: %s (--help lists all options)", word,
				 text_list_words(context, &near));
	return error_set(error, ERROR_USAGE, "%s is no option (--help lists all options)", word);
}

static bool take_all(struct option_parse *parse, int argc, char **argv, struct error *error)
{
	char letters[2 * OPTION_ROWS_MAX + 2];
	struct option longs[OPTION_ROWS_MAX + 1];
	char *no_argument_given = memory_text(parse->context, "");
	int value;

	make_getopt_tables(letters, longs);
	opterr = 0;
	optind = 0; /* start anew, whatever was parsed before */
	while ((value = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		if (value == '?')
			return refuse_option(parse->context, argv[optind - 1], error);
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
	struct option_parse parse = {.context = context, .options = options};
	const struct text_list *arguments = &parse.extra.arguments;
	char **copies;

	*options = (struct options){
		.timeout_s = DEFAULT_TIMEOUT_S,
		.timeout_state = STATE_UNKNOWN,
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
	    (parse.given[option_row_of(OPTION_POLICY)] && !read_policy(&parse, error)))
		return false;
	options->ldap.servers = options->servers.items;
	options->ldap.server_count = options->servers.count;
	options->ldap.verbosity = options->verbosity;
	if (options->mode != RUN_CHECK)
		return true;
	return option_checks_run(&parse, error);
}
