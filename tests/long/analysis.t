#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Second opinions on the source: the format, clang's compiler, its analyzer and clang-tidy,
# gcc's analyzer, cppcheck, shellcheck. A finding is mended, or its silencing says why where it stands.
use strict;
use warnings;
use FindBin qw($Bin);
use File::Temp qw(tempdir);
use Test::More;

my $top = "$Bin/../..";
chdir $top or die "$top: $!";
my $build = tempdir(CLEANUP => 1);
local $ENV{SCAN_OBJECT} = "$build/scanned.o";

my @sources = sort glob 'plugins/*.c plugins/*/*.c';
my @headers = sort glob 'plugins/*.h plugins/*/*.h';
my @libraries = qw(ldap lber libsasl2 krb5 krb5-gssapi talloc inih jansson);
my @flags = (split(' ', `pkg-config --cflags @libraries`),
    qw(-std=gnu11 -D_GNU_SOURCE -DPACKAGE_VERSION="x" -Iplugins));
my @warnings = qw(-Wall -Wextra -Wshadow -Wconversion -Wformat=2 -Wstrict-prototypes
    -Wmissing-prototypes -Wswitch-enum -Wvla -Werror);

# Runs a command; passes where it says nothing and succeeds.
sub silent_ok {
    my ($name, @command) = @_;
    open my $pipe, '-|', 'sh', '-c', 'exec "$@" 2>&1', 'sh', @command or die "sh: $!";
    my $said = do { local $/; <$pipe> } // '';
    close $pipe;
    my $passed = $? == 0 && $said eq '';
    ok($passed, $name) or diag(substr $said, 0, 6000);
    return $passed;
}

silent_ok('clang-format has nothing to change', 'clang-format', '--dry-run', '-Werror', @sources, @headers);
for my $header (@headers) {
    open my $unit, '>', "$build/header.c" or die $!;
    print {$unit} '#include "', $header =~ s{^plugins/}{}r, "\"\n";
    close $unit;
    silent_ok("$header stands alone", 'gcc', @flags, @warnings, '-fsyntax-only', "$build/header.c");
}
# memory is talloc's and uthash's, which gcc's analyzer can not follow: leaks are LeakSanitizer's business
silent_ok('gcc -fanalyzer finds nothing', 'sh', '-c',
    'for file; do gcc ' . join(' ', map { "'$_'" } @flags, @warnings)
    . ' -O2 -fanalyzer -Wno-analyzer-malloc-leak -c -o /dev/null "$file" || exit 1; done', 'sh', @sources);
silent_ok('clang warns of nothing', 'sh', '-c',
    'for file; do clang ' . join(' ', map { "'$_'" } @flags, @warnings)
    . ' -fsyntax-only "$file" || exit 1; done', 'sh', @sources);
silent_ok('cppcheck finds nothing', 'cppcheck', '--quiet', '--std=c11', '--enable=warning,performance,portability',
    '--inline-suppr', '--error-exitcode=1', '-Iplugins', '-D_GNU_SOURCE', '-DPACKAGE_VERSION="x"',
    '--suppress=normalCheckLevelMaxBranches', '-j2', @sources);
# it puts its own compiler into CC, and says much even where nothing is wrong; its checkers are
# clang-tidy's clang-analyzer-*
silent_ok('scan-build finds nothing', 'sh', '-c',
    'scan-build --use-cc=clang --status-bugs -o "$0/scan" sh -c \'for file; do $CC '
    . join(' ', map { s/(["\\])/\\$1/gr } @flags)
    . ' -O1 -c -o "$SCAN_OBJECT" "$file" || exit 1; done\' sh "$@" >"$0/said" 2>&1 || cat "$0/said"', $build, @sources);
# not asked of it: the analyzer, which scan-build has run; what -Wconversion decides already;
# arrays of pointers, for which sizeof is right; casting const away for libraries that only read
silent_ok('clang-tidy finds nothing', 'sh', '-c',
    'clang-tidy --quiet --warnings-as-errors="*" '
    . '--checks="-*,bugprone-*,performance-*,'
    . '-bugprone-narrowing-conversions,-bugprone-implicit-widening-of-multiplication-result,'
    . '-bugprone-sizeof-expression,-performance-no-int-to-ptr,'
    . '-bugprone-easily-swappable-parameters,-bugprone-reserved-identifier" "$@" -- '
    . join(' ', map { "'$_'" } @flags) . ' >"' . $build . '/tidy" 2>/dev/null || cat "' . $build . '/tidy"',
    'sh', @sources);

# Whether the file is a script for a shell.
sub is_shell {
    my ($name) = @_;
    open my $file, '<', $name or return 0;
    return -f $file && (<$file> // '') =~ /^#!.*\b(?:ba)?sh\b/;
}

my @shells = ('contrib/completions/check_hyperv_delegation', grep { is_shell($_) } '.ci/run', 'contrib/demo',
    'contrib/install-packages', 'tests/copy-source', 'tests/coverage', 'tests/run', 'tests/scenarios-update', glob 'tests/lab/* tests/fuzz/* debian/tests/*');
silent_ok('shellcheck finds nothing', 'shellcheck', '-x', '-P', '.', @shells);

done_testing;
