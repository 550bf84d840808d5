#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A short run of the fuzzers, some seconds for each target, and two minutes for two of them, both
# at the same time: which ones are in turn, the number of commits tells. "tests/fuzz/run 1200" is
# a long one.
# FUZZ_SECONDS and FUZZ_TURN_SECONDS set other times.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Plugin qw(slurp);
use Test::More;

my $seconds = $ENV{FUZZ_SECONDS} || 3;
my $turn_seconds = $ENV{FUZZ_TURN_SECONDS} || 120;

plan skip_all => 'clang is not there' if !grep { -x "$_/clang" } split /:/, $ENV{PATH};
delete @ENV{qw(ASAN_OPTIONS UBSAN_OPTIONS)};

my @targets = slurp("$Bin/../fuzz/targets.c") =~ /^\t\{"([a-z_0-9]+)", fuzz_/mg;
my ($commits) = `git -C '$Bin' rev-list --count HEAD 2>&1` =~ /^(\d+)$/;
my @turn = map { $targets[(2 * ($commits // 0) + $_) % @targets] } 0, 1;

# What a run of so long prints, of all targets or of one.
sub start {
    my ($time, @chosen) = @_;
    open my $pipe, '-|', "'$Bin/../fuzz/run' $time @chosen 2>&1" or die "fuzz/run: $!";
    return $pipe;
}

sub finish {
    my ($pipe, $name, $expected) = @_;
    my $said = join '', <$pipe>;

    ok(close $pipe, "$name: nothing broke") or diag(substr $said, 0, 6000);
    is(scalar(() = $said =~ /^[a-z_0-9]+ +[1-9]\d* runs, /mg), $expected, "$name: each ran");
    note($said);
    return;
}

cmp_ok(scalar @targets, '>', 10, 'there are targets');
finish(start($seconds), "$seconds s each", scalar @targets);
my @runs = map { start($turn_seconds, $_) } @turn;
finish($runs[$_], "$turn_seconds s of $turn[$_]", 1) for 0 .. $#turn;

done_testing;
