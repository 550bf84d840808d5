#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A short run of the fuzzers, some seconds for each target, and a minute for each of two: which
# ones are in turn, the number of commits tells. "tests/fuzz/run 1200" is a long one.
# FUZZ_SECONDS and FUZZ_TURN_SECONDS set other times.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Plugin qw(slurp);
use Test::More;

my $seconds = $ENV{FUZZ_SECONDS} || 3;
my $turn_seconds = $ENV{FUZZ_TURN_SECONDS} || 60;

plan skip_all => 'clang is not there' if !grep { -x "$_/clang" } split /:/, $ENV{PATH};
delete @ENV{qw(ASAN_OPTIONS UBSAN_OPTIONS)};

my @targets = slurp("$Bin/../fuzz/targets.c") =~ /^\t\{"([a-z_0-9]+)", fuzz_/mg;
my ($commits) = `git -C '$Bin' rev-list --count HEAD 2>&1` =~ /^(\d+)$/;
my @turn = map { $targets[(2 * ($commits // 0) + $_) % @targets] } 0, 1;

sub fuzz {
    my ($time, @chosen) = @_;
    my $said = `'$Bin/../fuzz/run' $time @chosen 2>&1`;
    my $expected = @chosen || @targets;

    ok($? == 0, "no target broke in $time s each: @chosen") or diag(substr $said, 0, 6000);
    is(scalar(() = $said =~ /^[a-z_0-9]+ +[1-9]\d* runs, /mg), $expected, 'each of them ran');
    note($said);
    return;
}

cmp_ok(scalar @targets, '>', 10, 'there are targets');
fuzz($seconds);
fuzz($turn_seconds, @turn);

done_testing;
