#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A short run of the fuzzers, some seconds for each target; "tests/fuzz/run 1200" is a long
# one. FUZZ_SECONDS sets another time.
use strict;
use warnings;
use FindBin qw($Bin);
use Test::More;

my $seconds = $ENV{FUZZ_SECONDS} || 3;

plan skip_all => 'clang is not there' if !grep { -x "$_/clang" } split /:/, $ENV{PATH};
delete @ENV{qw(ASAN_OPTIONS UBSAN_OPTIONS)};
my $said = `'$Bin/../fuzz/run' $seconds 2>&1`;
ok($? == 0, "no target broke in $seconds s each") or diag(substr $said, 0, 6000);
my @lines = $said =~ /^[a-z_]+ +[1-9]\d* runs, /mg;
cmp_ok(scalar @lines, '>', 10, 'the targets ran');
note($said);

done_testing;
