#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The completion for bash, in a real bash with bash-completion: the options of --help, files
# for the options that take one, the words of those that choose, the labels of thresholds,
# nothing where only the user knows. COMPLETION names another file to test than that of the sources.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Plugin qw(parse_output program run slurp spew work_folder);
use Test::More;

my $library = '/usr/share/bash-completion/bash_completion';
my $file    = $ENV{COMPLETION} // "$FindBin::Bin/../contrib/completions/check_hyperv_delegation";
plan skip_all => 'bash-completion is not installed' if !-e $library;

my $work = work_folder();
spew("$work/$_", '') for 'domain.ldif', 'a name with blanks';
mkdir "$work/keytabs" or die $!;

# bash does what it does at TAB: it calls the function that "complete" names, with the words,
# split at COMP_WORDBREAKS as readline splits them.
my $script = <<'BASH';
. "$1"; . "$2"; shift 2
[[ $(complete -p check_hyperv_delegation) =~ -F\ ([a-z_]+)\ check_hyperv_delegation$ ]] || exit 1
function=${BASH_REMATCH[1]}
line="$*" breaks="=:$EXTRA_BREAK" COMP_WORDBREAKS="${COMP_WORDBREAKS//@/}$EXTRA_BREAK"
for word; do
    while [[ $word == *["$breaks"]* ]]; do
        before=${word%%["$breaks"]*} rest=${word#"${word%%["$breaks"]*}"}
        [ -z "$before" ] || COMP_WORDS+=("$before")
        COMP_WORDS+=("${rest:0:1}")
        word=${rest:1}
        [ -n "$word" ] || break
    done
    COMP_WORDS+=("$word")
done
[[ ${!#} != *["$breaks"] ]] || unset 'COMP_WORDS[-1]'
COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_LINE=$line COMP_POINT=${#line}
"$function" "$1" "${COMP_WORDS[-1]}" "${COMP_WORDS[-2]}"
printf '%s\n' "${COMPREPLY[@]}"
BASH

# Whether @ separates words, which depends on the settings of bash ("hostcomplete").
my $break = '@';

# What is offered for the last word of a command line, sorted.
sub offered {
    my (@words) = @_;
    my $answer = run(
        name      => "TAB @words",
        unchecked => 1,
        command   => ['bash', '--norc', '-c', $script, 'bash', $library, $file, program(), @words],
        environment => {EXTRA_BREAK => $break},
        folder    => $work);
    BAIL_OUT("bash: $answer->{stderr}") if $answer->{exit} != 0;
    is($answer->{stderr}, '', "nothing is said: @words");
    return [sort grep { /./ } split /\n/, $answer->{stdout}];
}

my $help    = run(arguments => ['--help'])->{stdout};
my @rows    = $help =~ /^ +(-.*)$/mg;
my @options = map { /(?<!\S)(--?[A-Za-z0-9][a-z0-9-]*)/g } map { s/ [A-Z[].*//r } @rows;
my $export  = "$FindBin::Bin/scenarios/everything-wrong/directory.ldif";
my @labels  = keys %{parse_output(run(arguments => ['--ldif', $export])->{stdout})->{perfdata}};
my @files   = ('a name with blanks', 'domain.ldif', 'keytabs');

subtest 'options' => sub {
    cmp_ok(scalar @options, '>', 30, 'the help has many');
    is_deeply(offered(''), [sort @options], 'all options');
    is_deeply(offered('--ldif', 'domain.ldif', ''), [sort @options], 'after a value, too');
    is_deeply(offered('--po'), [qw(--policy --port)], 'those that begin so');
    is_deeply(offered('--fix=', ''), [sort @options], 'a word that is none stops nothing');
    is_deeply(offered('--fix', '--b'), [qw(--baseline --bind-dn)], 'a flag takes no value');
};

subtest 'values' => sub {
    for my $row (@rows) {
        my ($argument) = $row =~ / ([A-Z[]\S*)$/ or next;
        my ($short, $option) = $row =~ /^(?:(-\w), )?(--[a-z0-9-]+)/;
        my $values = offered($option, '');

        if ($argument eq 'FILE') {
            is_deeply($values, \@files, "$option: files");
            is_deeply(offered("$option=d"), ['domain.ldif'], "$option=: files");
            is_deeply(offered($option, 'no'), [], "$option: no other thing where there is no file");
        } elsif ($argument =~ /^(?:HOW|HALF|FORMAT)$/) {
            my ($words) = run(arguments => [$option, 'none'])->{stdout} =~ / takes (.*), not none/;
            is_deeply($values, [sort split /, | or /, $words // ''], "$option: the words that the program takes");
            is_deeply(offered("$option=" . substr($values->[0], 0, 2)), [$values->[0]], "$option=: one of them");
        } elsif ($argument =~ /^\[LABEL=\]/) {
            is_deeply($values, [sort map { "$_=" } @labels], "$option: the labels of the performance data");
            is_deeply(offered("$option=un"), ['unreadable='], "$option=: one of them");
            is_deeply(offered($option, 'drift=1'), [], "$option: no range");
        } elsif ($option eq '--ccache') {
            is_deeply($values, \@files, "$option: files");
            is_deeply(offered($option, 'FILE:d'), ['domain.ldif'], "$option: behind the type, too");
        } elsif ($argument ne 'HOST') {
            is_deeply($values, [], "$option: nothing");
        }
        is_deeply(offered($short, ''), $values, "$short is the same") if $short;
    }
};

subtest 'parts of values' => sub {
    for ('@', '') {
        $break = $_;
        my $before = $break ? '' : 'section@';
        is_deeply(offered('--extra-opts', 'section@'), [map { "$before$_" } @files], 'files of options');
        is_deeply(offered('--extra-opts=section@d'), ["${before}domain.ldif"], 'one of them');
    }
    is_deeply(offered('--extra-opts', 'd'), [], 'a section is not known');
    is_deeply(offered('--extra-opts', '--po'), [qw(--policy --port)], 'it may stand alone');
    is_deeply(offered('--timeout', '10:'), [qw(critical ok unknown warning)], 'states');
    is_deeply(offered('-t', '10:w'), ['warning'], 'one of them');
    for my $state (@{offered('--timeout=10:')}) {
        unlike(run(arguments => ['-t', "10:$state", '--ldif', $export])->{stdout}, qr/^UNKNOWN/, "the program takes $state");
    }
};

subtest 'a program that does not answer' => sub {
    local $ENV{PLUGIN} = '/bin/false';
    is_deeply(offered('--transport', 'g'), ['gssapi'], 'words');
    is_deeply(offered('--x'), [], 'no option');
};

done_testing;
