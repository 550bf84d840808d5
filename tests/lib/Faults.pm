# SPDX-License-Identifier: GPL-3.0-or-later
#
# Makes one allocation or one library call of a run fail, each in its turn, and looks at
# what the program answers then: what it would have answered anyway, or UNKNOWN in one line
# that tells no crash. Uses the preloaded libraries of tests/faults.
package Faults;

use strict;
use warnings;
use Exporter qw(import);
use File::Basename qw(dirname);
use Plugin qw(normalize program slurp work_folder);
use Test::More;

our @EXPORT_OK = qw(fail_each unknown_calls);

# Functions that are not made to fail by name, and why.
my %EXEMPT = (
    'releases what it is given' => [qw(
        _talloc_free ber_free ber_memfree free freeaddrinfo gss_release_cred gss_release_name json_delete krb5_cc_close
        krb5_cc_destroy krb5_cc_end_seq_get krb5_clear_error_message krb5_free_context krb5_free_cred_contents krb5_free_creds krb5_free_data krb5_free_tgt_creds krb5_auth_con_free
        krb5_free_error_message krb5_free_keytab_entry_contents krb5_free_principal krb5_free_string krb5_free_unparsed_name
        krb5_get_init_creds_opt_free krb5_kt_close krb5_kt_end_seq_get ldap_control_free ldap_controls_free ldap_free_urldesc
        ldap_memfree ldap_memvfree ldap_msgfree ldap_unbind_ext)],
    'tells or sets what is there already, and has no way to fail' => [qw(
        json_array_get json_array_size json_false json_integer_value json_null json_object_get json_set_alloc_funcs json_string_value
        json_true krb5_cc_get_name krb5_cc_get_type krb5_get_error_message krb5_get_init_creds_opt_set_forwardable
        krb5_get_init_creds_opt_set_proxiable krb5_auth_con_setflags krb5_get_time_offsets krb5_is_config_principal krb5_principal_compare ldap_control_find ldap_err2string
        ldap_msgid ldap_msgtype __errno_location __h_errno_location _talloc_set_destructor _talloc_steal_loc talloc_get_size
        gai_strerror getenv geteuid getpid getppid isatty strerror stdin stdout stderr optarg optind opterr optopt environ)],
    'allocates: the other kind of failure, one allocation after the other' => [qw(
        _talloc_array _talloc_memdup _talloc_realloc _talloc_zero calloc malloc realloc talloc_asprintf talloc_asprintf_append
        talloc_asprintf_append_buffer talloc_named_const talloc_strdup talloc_strdup_append talloc_strdup_append_buffer talloc_strndup
        talloc_strndup_append_buffer talloc_vasprintf talloc_vasprintf_append talloc_vasprintf_append_buffer)],
    'works on memory that it is given' => [qw(
        __ctype_b_loc __ctype_tolower_loc __ctype_toupper_loc __explicit_bzero_chk explicit_bzero __isoc99_sscanf __snprintf_chk
        __vsnprintf_chk __memcpy_chk __strcpy_chk __stpcpy_chk bsearch fnmatch getopt_long gmtime_r memchr memcmp memcpy memmove mempcpy memset
        qsort snprintf strcasecmp strchr strcmp strcspn strftime strlen strncasecmp strncmp strpbrk strrchr strspn strstr strtod strtok_r
        strtol strtoul)],
    'can not fail as it is called' => [qw(
        fileno alarm clock_gettime kill sigaction sigaddset sigemptyset sigfillset signal sigprocmask time)],
    'ends the process, or writes where nobody reads on' => [qw(__assert_fail _exit __fprintf_chk __stack_chk_fail)],
    'is called by the loader and the compiler alone' => [qw(
        _ITM_deregisterTMCloneTable _ITM_registerTMCloneTable __cxa_finalize __gmon_start__ __libc_start_main)],
);
my %exempt = map { $_ => 1 } map { @{$_} } values %EXEMPT;

my $folder = work_folder();
my $told   = "$folder/told";

# What a sanitized program must be loaded with before anything else.
sub sanitizer {
    my ($program) = @_;
    my ($library) = `ldd '$program'` =~ /(\S*libasan\S*) \(/;
    return $library // '';
}

# Functions of others that the program calls, that the shim does not know and that are not
# exempt.
sub unknown_calls {
    my ($program) = @_;
    my ($shim) = dirname($program) . '/tests/faults/shim.so';
    my %known  = map { $_ => 1 } `nm -D --defined-only '$shim'` =~ / T (\w+)$/mg;
    my @used   = `nm -D --undefined-only '$program'` =~ / [Uw] (\w+)/g;

    return ('nm tells nothing') if @used < 100 || !%known;
    return grep { !$known{$_} && !$exempt{$_} } @used;
}

sub run_with {
    my ($how, %environment) = @_;
    my $program = $how->{program} // program();
    my $asan    = sanitizer($program);
    my $shim    = dirname($program) . '/tests/faults/' . ($asan ? 'calls.so' : 'shim.so');

    unlink $told;
    return Plugin::finish(Plugin::start(%{$how},
        environment => {%{$how->{environment} // {}}, LD_PRELOAD => $asan ? "$asan $shim" : $shim,
            FAULT_TOLD => $told, %environment}));
}

# What is wrong with an answer under a failure, or nothing; $normal is the answer without it.
# Libraries in between may be worse off: libsasl2 and GnuTLS read through the NULL that malloc
# gave them, liblber and libldap check it by assert, which tells on standard error, libkrb5 frees
# a ticket twice in krb5_get_credentials (in our child), of which libc tells there, and libsasl2
# prints a word of its own ("no olist") behind the answer.
sub faults {
    my ($answer, $normal, $libraries) = @_;

    return "killed by signal $answer->{signal}" if $answer->{signal};
    return 'ended by the outer timeout' if $answer->{timed_out};
    # the answer has left: this is the one way to tell that it was not kept
    my $unkept = $answer->{exit} == 3 && $answer->{stderr} =~ /\Acheck_hyperv_delegation: --accept: [^\n]+\n\z/;
    my $stderr = $answer->{stderr};
    $stderr =~ s{\A\S+ \S*/lib(?:lber|ldap)/\S+ \w+: Assertion .* failed\.\n\z|\Afree\(\): double free detected in tcache \d\n\z}{} if $libraries;
    return "standard error: $stderr" if $stderr ne '' && !$unkept;
    my $text = $libraries ? $answer->{stdout} =~ s/^no olist\n?\z//mr : $answer->{stdout};
    $text =~ s/^--site \S+ has no effect: .*\n//m;    # what is asked does not hang upon it
    return if ($unkept || $answer->{exit} == $normal->{exit}) && normalize($text) eq normalize($normal->{stdout});
    # what could not be read of a directory that was read otherwise is a finding, and what was
    # found beside it counts: of an entry that lacks a part more than of one that is whole
    return if $answer->{stdout} =~ /\AHYPERV DELEGATION (UNKNOWN|WARNING|CRITICAL) - .*^\[UNKNOWN\] .* \((?:incomplete|unreadable|kdc-unproven)\)$/ms
        && $answer->{exit} == {WARNING => 1, CRITICAL => 2, UNKNOWN => 3}->{$1};
    return "exit $answer->{exit}" if $answer->{exit} != 3;
    return 'a crash' if !$libraries && $answer->{stdout} =~ /crash/;
    return if $answer->{stdout} =~ /\A(?:HYPERV DELEGATION )?UNKNOWN - [^\n|]+\n\z/;
    return if $answer->{stdout} =~ /\AHYPERV DELEGATION UNKNOWN - [^|]*; (?:report|baseline) not written \|/;
    return 'not a line of UNKNOWN';
}

# Which of the counted things are to fail: of each name the first and the last one, and of
# all every step-th.
sub choose {
    my ($step, @names) = @_;
    my (%chosen, %first, %last);

    for my $at (1 .. @names) {
        $first{$names[$at - 1]} //= $at;
        $last{$names[$at - 1]} = $at;
        $chosen{$at} = 1 if $at % $step == 0;
    }
    $chosen{$_} = 1 for values %first, values %last;
    return sort { $a <=> $b } keys %chosen;
}

# One test: of the counted things of that kind each one fails in its turn, or every step-th
# of them. Options are those of Plugin::start, and step, stays: all behind the failing one
# fail too, name, libraries: allocations inside of libraries are counted, that handle them as
# they do; before: code that is run before each; after: code that is given the answer and what
# failed, and tells what else is wrong.
sub fail_each {
    my ($kind, %how) = @_;
    my ($step, $stays, $name, $libraries, $before, $after) = delete @how{qw(step stays name libraries before after)};
    $before->() if $before;
    my $normal = run_with(\%how, FAULT_KIND => $kind, FAULT_AT => 0);
    my @names  = split /\n/, -e $told ? slurp($told) : '';
    my @chosen = choose($step || 1, @names);
    my (%unharmed, @wrong);

    if (!@chosen || $normal->{signal} || $normal->{stdout} !~ /^HYPERV DELEGATION [A-Z]+ - .*\|/) {
        return fail("$name: runs") || diag("exit $normal->{exit}: $normal->{stdout}$normal->{stderr}");
    }
    for my $at (@chosen) {
        $before->() if $before;
        my $answer = run_with(\%how, FAULT_KIND => $kind, FAULT_AT => $at, $stays ? (FAULT_STAYS => 1) : ());
        my ($what) = (-e $told ? slurp($told) : '') =~ /^(\w+)/;
        my @faults = faults($answer, $normal, $libraries);

        push @faults, $after->($answer, $what // '') if $after;
        # nothing was tried then; but how often libraries allocate differs from run to run, and how
        # often a network is read from
        push @faults, 'nothing failed' if !$what && !(($libraries || $ENV{LAB_DIR}) && $at > 0.95 * @names);
        $what //= $names[$at - 1];
        push @wrong, "$kind $at of " . @names . ", $what: @faults: $answer->{stdout}" if @faults;
        $unharmed{$what}++ if !@faults && $answer->{exit} == $normal->{exit};
    }
    my $fine = ok(!@wrong, "$name: " . @chosen . ' of ' . @names . " failures of $kind");
    diag(join '', map { substr($_, 0, 1500) . "\n" } @wrong[0 .. ($#wrong > 9 ? 9 : $#wrong)]) if !$fine;
    diag(@wrong . ' in all') if @wrong > 10;
    note("without harm: $_, $unharmed{$_} times") for sort keys %unharmed;
    return $fine;
}

1;
