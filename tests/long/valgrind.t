#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A second opinion on memory: the unit tests and some scenarios under valgrind, with the
# build that users get, where no sanitizer stands in between.
use strict;
use warnings;
use FindBin qw($Bin);
use Test::More;

my $build = $ENV{BUILD_PLAIN} or plan skip_all => 'BUILD_PLAIN names no build (tests/run does)';
my @valgrind = qw(valgrind --quiet --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite);

# Runs a command under valgrind; passes where valgrind found nothing, whatever it answered.
sub clean_ok {
    my ($name, @command) = @_;
    open my $pipe, '-|', 'sh', '-c', 'exec "$@" 2>&1', 'sh', @valgrind, @command or die "sh: $!";
    my $said = do { local $/; <$pipe> } // '';
    close $pipe;
    my $passed = ($? >> 8) != 99 && ($? & 127) == 0 && $said ne '' && $said !~ /^==\d+==/m;
    ok($passed, $name) or diag(substr $said, 0, 4000);
    return $passed;
}

$ENV{CMOCKA_MESSAGE_OUTPUT} = 'TAP';
my @units = grep { -x && !-d } glob "$build/tests/unit/test_*[a-z]";
cmp_ok(scalar @units, '>', 40, 'the unit tests are built');
clean_ok($_, $_) for @units;
my $SAMPLE = 10;    # every tenth scenario: all of them take minutes
my $number = 0;
for my $folder (glob "$Bin/../scenarios/*/") {
    next if $number++ % $SAMPLE;
    open my $list, '<', "$folder/arguments" or next;
    chomp(my @arguments = <$list>);
    chdir $folder or die "$folder: $!";
    clean_ok($folder =~ s{.*/scenarios/(.*?)/$}{$1}r, "$build/check_hyperv_delegation", '-t', 60, @arguments);
}

done_testing;
