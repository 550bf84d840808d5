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

# Calls that can not fail, or whose failure nobody could do anything about.
my %cannot_fail = map { $_ => 1 } qw(
    ber_free ber_memfree gss_release_cred gss_release_name json_array_get json_array_size json_delete json_false json_integer_value json_null
    json_object_get json_set_alloc_funcs json_string_value json_true krb5_auth_con_free krb5_auth_con_setflags krb5_cc_close krb5_cc_destroy krb5_cc_end_seq_get krb5_cc_get_name
    krb5_cc_get_type krb5_clear_error_message krb5_free_context krb5_free_cred_contents krb5_free_creds krb5_free_data krb5_free_error_message
    krb5_free_keytab_entry_contents krb5_free_principal krb5_free_string krb5_free_tgt_creds krb5_free_unparsed_name
    krb5_get_error_message krb5_get_init_creds_opt_free krb5_get_init_creds_opt_set_forwardable
    krb5_get_init_creds_opt_set_proxiable krb5_get_time_offsets krb5_is_config_principal krb5_kt_close krb5_kt_end_seq_get krb5_principal_compare
    ldap_control_find ldap_control_free ldap_controls_free ldap_err2string ldap_memfree ldap_msgfree ldap_msgid
    ldap_msgtype ldap_unbind_ext
);

my $folder = work_folder();
my $told   = "$folder/told";

# What a sanitized program must be loaded with before anything else.
sub sanitizer {
    my ($program) = @_;
    my ($library) = `ldd '$program'` =~ /(\S*libasan\S*) \(/;
    return $library // '';
}

# Functions of the libraries that the program calls and the shim does not know.
sub unknown_calls {
    my ($program) = @_;
    my ($shim) = dirname($program) . '/tests/faults/shim.so';
    my %known  = map { $_ => 1 } `nm -D --defined-only '$shim'` =~ / T (\w+)$/mg;
    my @used   = `nm -D --undefined-only '$program'` =~ / U ((?:ber|gss|ini|json|krb5|ldap|ldif)_\w+)/g;

    return ('nm tells nothing') if !@used;
    return grep { !$known{$_} && !$cannot_fail{$_} } @used;
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
# gave them, liblber and libldap check it by assert, which tells on standard error, and libsasl2
# prints a word of its own ("no olist") behind the answer.
sub faults {
    my ($answer, $normal, $libraries) = @_;

    return "killed by signal $answer->{signal}" if $answer->{signal};
    return 'ended by the outer timeout' if $answer->{timed_out};
    my $stderr = $answer->{stderr};
    $stderr =~ s{\A\S+ \S*/lib(?:lber|ldap)/\S+ \w+: Assertion .* failed\.\n\z}{} if $libraries;
    return "standard error: $stderr" if $stderr ne '';
    my $text = $libraries ? $answer->{stdout} =~ s/^no olist\n?\z//mr : $answer->{stdout};
    return if $answer->{exit} == $normal->{exit} && normalize($text) eq normalize($normal->{stdout});
    return "exit $answer->{exit}" if $answer->{exit} != 3;
    return 'a crash' if !$libraries && $answer->{stdout} =~ /crash/;
    return if $answer->{stdout} =~ /\A(?:HYPERV DELEGATION )?UNKNOWN - [^\n|]+\n\z/;
    # what could not be read of a directory that was read otherwise is a finding
    return if $answer->{stdout} =~ /\AHYPERV DELEGATION UNKNOWN - .*^\[UNKNOWN\] .* \((?:incomplete|unreadable)\)$/ms;
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
# they do.
sub fail_each {
    my ($kind, %how) = @_;
    my ($step, $stays, $name, $libraries) = delete @how{qw(step stays name libraries)};
    my $normal = run_with(\%how, FAULT_KIND => $kind, FAULT_AT => 0);
    my @names  = split /\n/, -e $told ? slurp($told) : '';
    my @chosen = choose($step || 1, @names);
    my (%unharmed, @wrong);

    if (!@chosen || $normal->{signal} || $normal->{stdout} !~ /^HYPERV DELEGATION [A-Z]+ - .*\|/) {
        return fail("$name: runs") || diag("exit $normal->{exit}: $normal->{stdout}$normal->{stderr}");
    }
    for my $at (@chosen) {
        my $answer = run_with(\%how, FAULT_KIND => $kind, FAULT_AT => $at, $stays ? (FAULT_STAYS => 1) : ());
        my ($what) = (-e $told ? slurp($told) : '') =~ /^(\w+)/;
        my @faults = faults($answer, $normal, $libraries);

        push @faults, 'nothing failed' if !$what;    # and so nothing was tried
        push @wrong, "$kind $at of " . @names . ", $names[$at - 1]: @faults: $answer->{stdout}" if @faults;
        $unharmed{$names[$at - 1]}++ if !@faults && $answer->{exit} == $normal->{exit};
    }
    my $fine = ok(!@wrong, "$name: " . @chosen . ' of ' . @names . " failures of $kind");
    diag(join '', map { substr($_, 0, 1500) . "\n" } @wrong[0 .. ($#wrong > 9 ? 9 : $#wrong)]) if !$fine;
    diag(@wrong . ' in all') if @wrong > 10;
    note("without harm: $_, $unharmed{$_} times") for sort keys %unharmed;
    return $fine;
}

1;
