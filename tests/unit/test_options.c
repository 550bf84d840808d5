/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line: every option reaches its setting, and every usage error is said in a
 * sentence that names what is wrong. */
#include "options.h"

#include "unit.h"

#include <sys/socket.h>

#define MOST_ARGUMENTS 24

/* Parses the words of a line; a blank separates them. */
static bool parse_line(const void *context, const char *line, struct options *options,
		       struct error *error)
{
	char *argv[MOST_ARGUMENTS] = {memory_text(context, "prog")};
	char *words = memory_text(context, line), *at;
	int argc = 1;

	for (char *word = strtok_r(words, " ", &at); word; word = strtok_r(NULL, " ", &at)) {
		assert_true(argc < MOST_ARGUMENTS - 1);
		argv[argc++] = word;
	}
	*error = (struct error){0};
	return options_parse(context, argc, argv, options, error);
}

static struct options parse_good(const void *context, const char *line)
{
	struct options options;
	struct error error;

	unit_check(parse_line(context, line, &options, &error), "%s: %s", line, error.text);
	return options;
}

static void test_defaults(void **state)
{
	struct options options = parse_good(*state, "-D hv.test");

	assert_int_equal(options.mode, RUN_CHECK);
	assert_string_equal(options.ldap.domain, "hv.test");
	assert_int_equal(options.ldap.server_count, 0);
	assert_int_equal(options.ldap.port, 0);
	assert_int_equal(options.ldap.family, AF_UNSPEC);
	assert_int_equal(options.ldap.transport, TRANSPORT_GSSAPI);
	assert_null(options.ldap.ca_file);
	assert_null(options.ldap.principal);
	assert_null(options.ldap.keytab);
	assert_null(options.ldap.ccache);
	assert_null(options.ldap.bind_dn);
	assert_null(options.ldap.password_file);
	assert_int_equal(options.ldif_files.count, 0);
	assert_true(options.policy.selection.hosts && options.policy.selection.admins);
	assert_int_equal(options.policy.selection.host_word_count, 0);
	assert_int_equal(options.timeout_s, 10);
	assert_int_equal(options.timeout_state, STATE_UNKNOWN);
	assert_int_equal(options.format, OUTPUT_NAGIOS);
	assert_int_equal(options.verbosity, 0);
	assert_int_equal(options.max_output, 0);
}

static void test_kerberos(void **state)
{
	struct options options = parse_good(
		*state,
		"-Dhv.test -H dc1 --hostname=dc2 -p 3389 -6 --transport gssapi -l u@R -k kt "
		"--ccache FILE:cc -vv --verbose");

	assert_int_equal(options.ldap.server_count, 2);
	assert_string_equal(options.ldap.servers[0], "dc1");
	assert_string_equal(options.ldap.servers[1], "dc2");
	assert_int_equal(options.ldap.port, 3389);
	assert_int_equal(options.ldap.family, AF_INET6);
	assert_string_equal(options.ldap.principal, "u@R");
	assert_string_equal(options.ldap.keytab, "kt");
	assert_string_equal(options.ldap.ccache, "FILE:cc");
	assert_int_equal(options.verbosity, 3);
	assert_int_equal(options.ldap.verbosity, 3);
	assert_int_equal(parse_good(*state, "-D a -4").ldap.family, AF_INET);
	assert_false(options.all_servers);
	assert_true(parse_good(*state, "-D a --all-servers").all_servers);
	assert_null(options.ldap.catalogue);
	assert_string_equal(parse_good(*state, "-D a --gc b").ldap.catalogue, "b");
}

static void test_simple_bind(void **state)
{
	struct options options =
		parse_good(*state, "-H dc1 --transport ldaps --ca-file ca --bind-dn cn=x "
				   "--password-file -");

	assert_int_equal(options.ldap.transport, TRANSPORT_LDAPS);
	assert_string_equal(options.ldap.ca_file, "ca");
	assert_string_equal(options.ldap.bind_dn, "cn=x");
	assert_string_equal(options.ldap.password_file, "-");
	options = parse_good(*state, "-H dc1 --transport starttls");
	assert_int_equal(options.ldap.transport, TRANSPORT_STARTTLS);
}

static void test_kdc(void **state)
{
	struct options options = parse_good(*state, "-D a -k kt");

	assert_false(options.kdc.ask || options.ldap.forwardable);
	options = parse_good(*state, "-D a -k kt --kdc");
	assert_true(options.kdc.ask && options.ldap.forwardable);
	assert_null(options.kdc.control);
	assert_int_equal(options.kdc.limit, 500);
	options = parse_good(*state, "-D a --kdc --kdc-control zoe --kdc-limit 7 --only admins");
	assert_string_equal(options.kdc.control, "zoe");
	assert_int_equal(options.kdc.limit, 7);
}

static void test_judging(void **state)
{
	struct options options = parse_good(
		*state, "--ldif a --ldif - -n hv01 --host hv* --only hosts -t 30:critical "
			"--output-format nagios --max-output 2048 -w hosts=2: -c time=5");
	const struct metric_thresholds *thresholds = options.policy.thresholds;

	assert_int_equal(options.ldif_files.count, 2);
	assert_string_equal(options.ldif_files.items[1], "-");
	assert_int_equal(options.policy.selection.host_word_count, 2);
	assert_string_equal(options.policy.selection.host_words[1].word, "hv*");
	assert_true(options.policy.selection.hosts);
	assert_false(options.policy.selection.admins);
	assert_int_equal(options.timeout_s, 30);
	assert_int_equal(options.timeout_state, STATE_CRITICAL);
	assert_int_equal(options.max_output, 2048);
	assert_string_equal(thresholds[METRIC_HOSTS].warning.text, "2:");
	assert_false(thresholds[METRIC_HOSTS].critical.given);
	assert_string_equal(thresholds[METRIC_TIME].critical.text, "5");
	assert_int_equal(parse_good(*state, "--ldif a --output-format json").format, OUTPUT_JSON);
	options = parse_good(*state, "--ldif a --output-format html --fix -o b");
	assert_int_equal(options.format, OUTPUT_HTML);
	assert_string_equal(options.output_file, "b");
	options = parse_good(*state, "--ldif a --output-format openmetrics --fix --output b "
				     "--max-output 3000");
	assert_int_equal(options.format, OUTPUT_OPENMETRICS);
	assert_int_equal(options.max_output, 3000);
	assert_int_equal(parse_good(*state, "--ldif a -v --output-format html -o b").verbosity, 1);
	assert_true(parse_good(*state,
			       "--ldif a --output-format openmetrics -o b --baseline c --accept")
			    .policy.accepting);
	assert_true(parse_good(*state, "--ldif a --only admins").policy.selection.admins);
	assert_true(
		parse_good(*state, "--ldif a --only hosts --only hosts").policy.selection.hosts);
	assert_int_equal(parse_good(*state, "--ldif a -vvv --output-format json").verbosity, 3);
}

static void test_default_label(void **state)
{
	const char *lines[] = {"--ldif a", "--ldif a -c 9", "--ldif a -w 5 -c 9",
			       "--ldif a -w 2 -w admins_unprotected=2 -c time=1 -c hosts=2"};
	static const char *const expected[][2] = {{"0", ""}, {"0", "9"}, {"5", "9"}, {"2", ""}};

	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		struct options options = parse_good(*state, lines[i]);
		const struct metric_thresholds *thresholds =
			&options.policy.thresholds[METRIC_ADMINS_UNPROTECTED];

		assert_string_equal(range_perfdata(&thresholds->warning), expected[i][0]);
		assert_string_equal(range_perfdata(&thresholds->critical), expected[i][1]);
	}
}

static void test_modes(void **state)
{
	/* help and version need no directory, whatever else is said */
	assert_int_equal(parse_good(*state, "-h").mode, RUN_HELP);
	assert_int_equal(parse_good(*state, "--help --ldif a -D b").mode, RUN_HELP);
	assert_int_equal(parse_good(*state, "-V").mode, RUN_VERSION);
}

static void test_numbers(void **state)
{
	assert_int_equal(parse_good(*state, "-D a -p 1").ldap.port, 1);
	assert_int_equal(parse_good(*state, "-D a -p 65535").ldap.port, 65535);
	assert_int_equal(parse_good(*state, "-D a -t 1").timeout_s, 1);
	assert_int_equal(parse_good(*state, "-D a -t 86400:OK").timeout_s, 86400);
	assert_int_equal(parse_good(*state, "-D a -t 9:OK").timeout_state, STATE_OK);
	assert_int_equal(parse_good(*state, "-D a --max-output 999999999").max_output, 999999999);
}

static void test_usage_errors(void **state)
{
	static const struct {
		const char *line, *error;
	} cases[] = {
		{"", "name a directory"},
		{"-v", "name a directory"},
		{"-D a -x", "-x is no option"},
		{"-xv", "-x is no option"},
		{"-D a -vx", "-x is no option"},
		{"-D a --nonsense", "--nonsense is no option"},
		{"-D a --nonsense=1", "--nonsense=1 is no option"},
		{"-D a --p 1", "--p may be any of --port, --password-file, --policy: spell it out"},
		{"-D a --c=1", "--c=1 may be any of --ca-file, --ccache, --critical: spell it out"},
		{"-D a --basline x", "--basline is no option; near it: --baseline (--help"},
		{"-D a --kdc-controll=x", "is no option; near it: --kdc-control (--help"},
		{"-D a --x", "--x is no option (--help lists"},
		{"-D a --=1", "--=1 is no option (--help lists"},
		{"-D a --kdc=1", "--kdc takes no value: --kdc=1"},
		{"-D a --help=x", "--help takes no value: --help=x"},
		{"-D a --help=1", "--help=1"},
		{"-D a -p", "option -p needs a value"},
		{"-D a -vp", "option -vp needs a value"},
		{"-D a --port", "option --port needs a value"},
		{"-D a --port=", "--port needs a value that is not empty"},
		{"-D a --host=", "--host needs a value that is not empty"},
		{"-D a word", "word is no option"},
		{"-D a -- -v", "-v is no option"},
		{"-D a -p 0", "--port takes"},
		{"-D a -p 65536", "--port takes"},
		{"-D a -p -1", "--port takes"},
		{"-D a -p 1x", "--port takes"},
		{"-D a -p 99999999999", "--port takes"},
		{"-D a -t 0", "--timeout takes"},
		{"-D a -t 86401", "--timeout takes"},
		{"-D a -t 1.5", "--timeout takes"},
		{"-D a -t :ok", "--timeout takes"},
		{"-D a -t 5:", "--timeout 5:: the state"},
		{"-D a -t 5:bad", "--timeout 5:bad: the state"},
		{"-D a --max-output 2047", "--max-output takes"},
		{"-D a --max-output x", "--max-output takes"},
		{"-D a --transport tls", "--transport takes"},
		{"-D a --transport LDAPS", "--transport takes"},
		{"-D a --only all", "--only takes"},
		{"-D a --output-format xml", "--output-format takes"},
		{"-D a -w x", "--warning x: a range"},
		{"-D a -c 5:1", "--critical 5:1: a range"},
		{"-D a -c hosts=", "--critical hosts=: a range"},
		{"-D a -w hosts=111111111111111111111111111111111", "a range"},
		{"-D a -w nothing=1", "no perfdata label nothing"},
		{"-D a -w =1", "no perfdata label"},
		{"-D a -c 0 -c 5", "--critical on admins_unprotected is given as 0 and as 5"},
		{"-D a -w admins_unprotected=0 -c 9 -w 9",
		 "--warning on admins_unprotected is given as 0 and as 9"},
		{"-D a -w time=5 -w time=5:", "--warning on time is given as 5 and as 5:"},
		{"-D a -4 -6", "--use-ipv4 makes no sense with --use-ipv6"},
		{"--ldif f -D a", "--domain makes no sense with --ldif"},
		{"--ldif f -H a", "--hostname makes no sense with --ldif"},
		{"--ldif f -p 1", "--port makes no sense with --ldif"},
		{"--ldif f -4", "--use-ipv4 makes no sense with --ldif"},
		{"--ldif f -6", "--use-ipv6 makes no sense with --ldif"},
		{"--ldif f --transport ldaps", "--transport makes no sense with --ldif"},
		{"--ldif f --ca-file a", "--ca-file makes no sense with --ldif"},
		{"--ldif f --all-servers", "--all-servers makes no sense with --ldif"},
		{"--ldif f --gc a", "--gc makes no sense with --ldif"},
		{"--ldif f -l a", "--logname makes no sense with --ldif"},
		{"--ldif f -k a", "--keytab makes no sense with --ldif"},
		{"--ldif f --ccache a", "--ccache makes no sense with --ldif"},
		{"--ldif f --bind-dn a", "--bind-dn makes no sense with --ldif"},
		{"--ldif f --password-file a", "--password-file makes no sense with --ldif"},
		{"-D a --bind-dn x -l a", "--logname makes no sense with --bind-dn"},
		{"-D a --bind-dn x -k a", "--keytab makes no sense with --bind-dn"},
		{"-D a --bind-dn x --ccache a", "--ccache makes no sense with --bind-dn"},
		{"--ldif f --kdc", "--kdc makes no sense with --ldif"},
		{"-D a --bind-dn x --kdc", "--kdc makes no sense with --bind-dn"},
		{"-D a --kdc-control x", "--kdc-control needs --kdc"},
		{"-D a --kdc-limit 5", "--kdc-limit needs --kdc"},
		{"-D a --kdc --kdc-limit 0", "--kdc-limit takes"},
		{"-D a --kdc --kdc-limit 1x", "--kdc-limit takes"},
		{"-D a --kdc --kdc-control=", "--kdc-control needs a value that is not empty"},
		{"-D a --kdc --kdc-control x --only hosts",
		 "--kdc-control makes no sense with --only"},
		{"-D a --bind-dn x", "--bind-dn needs --password-file"},
		{"-D a --password-file x", "--password-file needs --bind-dn"},
		{"-D a --bind-dn x --password-file f", "--bind-dn needs --transport"},
		{"-D a --ca-file x", "--ca-file makes no sense with --transport gssapi"},
		{"-D a --only admins -n x", "--host makes no sense with --only"},
		{"-D a --only admins -w hosts=1", "threshold on hosts "},
		{"-D a --only hosts -c 1", "threshold on admins_unprotected "},
		{"-D a --output-format json --max-output 3000",
		 "--max-output makes no sense with --output-format"},
		{"-D a -p 636", "--port 636 needs --transport ldaps: it speaks TLS"},
		{"-D a -p 636 --transport starttls", "--port 636 needs --transport ldaps"},
		{"-D a -p 3268", "--port 3268 is the global catalogue"},
		{"-D a -p 03269", "--port 03269 is the global catalogue"},
		{"-D a --only hosts --only admins", "--only is given as hosts and as admins"},
		{"-D a --policy x --policy y", "--policy is given as x and as y"},
		{"-D a --baseline x --baseline y", "--baseline is given as x and as y"},
		{"-D a -t 5 --timeout 6", "--timeout is given as 5 and as 6"},
		{"-D a -D b", "--domain is given as a and as b: give it once"},
		{"-D a --output-format json --output-format nagios", "--output-format is given as"},
		{"-D a -v --output-format json", "--verbose makes no sense with --output-format"},
		{"-D a -vv --output-format json", "--verbose makes no sense with --output-format"},
		{"-D a -v --output-format html", "--verbose makes no sense with --output-format"},
		{"-D a --output-format html --max-output 3000",
		 "--max-output makes no sense with --output-format"},
		{"-D a --output-format openmetrics --fix",
		 "--fix makes no sense with --output-format"},
		{"-D a --baseline b --accept --output-format openmetrics",
		 "--accept makes no sense with --output-format"},
		{"-D a -c drift=0",
		 "a threshold on drift (--warning, --critical) needs --baseline"},
		{"-D a -w drift=9",
		 "a threshold on drift (--warning, --critical) needs --baseline"},
		{"-D a -o f", "--output needs --output-format json, html or openmetrics"},
		{"-D a -o f --output-format nagios", "--output needs --output-format json"},
		{"-D a -o - --output-format json", "--output -: "},
		{"--ldif f -o f --output-format json", "--output makes no sense with --ldif"},
		{"--ldif f --ldif /dev/null -o /dev/./null --output-format json",
		 "--output makes no sense with --ldif"},
		{"--ldif f --baseline b -o b --output-format json",
		 "--output makes no sense with --baseline"},
		{"-D a -k b -o b --output-format json", "--output makes no sense with --keytab"},
		{"-D a --policy /dev/null -o /dev/null --output-format html",
		 "--output makes no sense with --policy"},
		{"-D a --extra-opts=x@/nowhere", "can not open /nowhere"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct options options;
		struct error error;

		unit_check(!parse_line(*state, cases[i].line, &options, &error), "%s",
			   cases[i].line);
		unit_check(error.kind == ERROR_USAGE, "%s", cases[i].line);
		unit_check(strstr(error.text, cases[i].error), "%s: %s", cases[i].line, error.text);
		unit_check(!strchr(error.text, '\n'), "%s", cases[i].line);
		/* behind "UNKNOWN - ", what is longer would lose its middle */
		unit_check(strlen(error.text) < 150, "%s: %s", cases[i].line, error.text);
	}
}

/* The arguments of the caller are not moved about by getopt_long. */
static void test_arguments_are_left_alone(void **state)
{
	char *argv[] = {memory_text(*state, "prog"), memory_text(*state, "word"),
			memory_text(*state, "-v"), NULL};
	struct options options;
	struct error error;

	assert_false(options_parse(*state, 3, argv, &options, &error));
	assert_string_equal(argv[1], "word");
	assert_string_equal(argv[2], "-v");
}

static void test_extra_options_come_first(void **state)
{
	static const char ini[] =
		"[check_hyperv_delegation]\ndomain=a\nw=5\nc=hosts=1:\n[two]\nv=\n";
	const char *path = unit_file(*state, ini, sizeof ini - 1);
	struct options options = parse_good(
		*state, memory_format(*state, "-w 7 -D b --extra-opts=@%s --extra-opts two@%s",
				      path, path));

	assert_string_equal(options.ldap.domain, "b"); /* the command line wins */
	assert_string_equal(options.policy.thresholds[METRIC_ADMINS_UNPROTECTED].warning.text, "7");
	assert_string_equal(options.policy.thresholds[METRIC_HOSTS].critical.text, "1:");
	assert_int_equal(options.verbosity, 1);
}

/* Neither of two files goes over the other. */
static void test_thresholds_of_files_agree(void **state)
{
	static const char ini[] = "[one]\nw=hosts=5\n[two]\nw=hosts=7\n";
	const char *path = unit_file(*state, ini, sizeof ini - 1);
	const char *line =
		memory_format(*state, "-D b --extra-opts=one@%s --extra-opts=two@%s", path, path);
	struct options options;
	struct error error;

	assert_false(parse_line(*state, line, &options, &error));
	assert_non_null(strstr(error.text, "--warning on hosts is given as 5 and as 7"));
}

static void test_help(void **state)
{
	static const char *const words[] = {"-D, --domain NAME",
					    "-H, --hostname HOST",
					    "-p, --port N",
					    "-4, --use-ipv4",
					    "-6, --use-ipv6",
					    "--transport",
					    "--ca-file FILE",
					    "-l, --logname PRINCIPAL",
					    "-k, --keytab FILE",
					    "--ccache NAME",
					    "--bind-dn DN",
					    "--password-file FILE",
					    "--ldif FILE",
					    "-n, --host NAME",
					    "--only HALF",
					    "--kdc",
					    "--kdc-control NAME",
					    "--kdc-limit N",
					    "-w, --warning [LABEL=]RANGE",
					    "-c, --critical [LABEL=]RANGE",
					    "-t, --timeout SECONDS[:STATE]",
					    "--output-format FORMAT",
					    "-v, --verbose",
					    "--max-output BYTES",
					    "--extra-opts [SECTION][@FILE]",
					    "-h, --help",
					    "-V, --version",
					    "Exit codes"};
	char *text = options_help(*state);

	for (size_t i = 0; i < COUNT_OF(words); i++)
		unit_check(strstr(text, words[i]), "%s", words[i]);
	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		unit_check(strcspn(line, "\n") < 100, "%.40s", line);
	}
}

UNIT_MAIN(UNIT_TEST(test_defaults), UNIT_TEST(test_kerberos), UNIT_TEST(test_simple_bind),
	  UNIT_TEST(test_kdc), UNIT_TEST(test_judging), UNIT_TEST(test_default_label),
	  UNIT_TEST(test_modes), UNIT_TEST(test_numbers), UNIT_TEST(test_usage_errors),
	  UNIT_TEST(test_arguments_are_left_alone), UNIT_TEST(test_extra_options_come_first),
	  UNIT_TEST(test_thresholds_of_files_agree), UNIT_TEST(test_help))
