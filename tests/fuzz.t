#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The corpus of the fuzzers (tests/fuzz/corpus, one archive a target, made by
# "tests/fuzz/run --keep") and what once broke a target (tests/fuzz/found), each handed to
# its target again. No fuzzer runs here.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/lib";
use Plugin qw(program slurp spew work_folder);
use Cwd qw(abs_path);
use File::Basename qw(basename dirname);
use Test::More;

my $replay = dirname(program()) . '/tests/fuzz/replay';
my $folder = work_folder();

-x $replay or BAIL_OUT("$replay is not built (make check TESTS=)");
$ENV{FUZZ_SCHEMA} = abs_path("$Bin/../contrib/report.schema.json");
mkdir "$folder/empty" or die $!;
my @targets = slurp("$Bin/fuzz/targets.c") =~ /^\t\{"([a-z_]+)", fuzz_/mg;
is_deeply([sort map { basename($_, '.txz') } glob "$Bin/fuzz/corpus/*"], [sort @targets], 'every target has a corpus');

for my $target (@targets) {
    my $archive = "$Bin/fuzz/corpus/$target.txz";
    mkdir "$folder/$target" or die $!;
    system('tar', '-xJf', $archive, '-C', "$folder/$target") == 0 or BAIL_OUT("$archive can not be unpacked");
    my @files = (glob("$folder/$target/*"), glob("$Bin/fuzz/found/$target/*"));
    my $list = spew("$folder/list", join '', map { "$_\n" } @files);
    # libldap 2.5 does not release the text of a notice of disconnection, nor some answers that are broken
    local $ENV{ASAN_OPTIONS} = join ':', grep { defined } $ENV{ASAN_OPTIONS}, 'detect_leaks=0' if $target eq 'search';
    # in an empty folder: command lines of the corpus name files
    my $status = system "cd '$folder/empty' && '$replay' $target '$list' </dev/null >'$folder/told' 2>'$folder/error'";
    my @told = split /\n/, slurp("$folder/told");
    ok($status == 0 && @files && @told == @files, "$target: " . @files . ' inputs')
        or diag('broken by ' . ($told[-1] // 'the first one') . "\n" . slurp("$folder/error"));
}

done_testing;
