#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Memory that runs out and libraries that refuse, while an export is judged by a policy and
# beside a baseline: always one answer. Every some-th failure, and with TESTS_LONG each.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/lib";
use Faults qw(fail_each unknown_calls);
use Plugin qw(program is_sanitized spew work_folder);
use Test::More;

my $folder = work_folder();
my $plain  = $ENV{PLUGIN_PLAIN} // program();
my $step   = $ENV{TESTS_LONG} ? 1 : 41;

is(join(' ', unknown_calls($plain)), '', 'every call of the libraries can be made to fail');
spew("$folder/options.ini", "[check]\nldif = $Bin/scenarios/drift-none/directory.ldif\ntimeout = 50\n");
spew("$folder/policy.ini", "[hosts]\nallow = http/*\n[rules]\ndrift = critical\n");

my @arguments = ("--extra-opts=check\@$folder/options.ini", '--policy', "$folder/policy.ini",
    '--baseline', "$Bin/scenarios/drift-none/baseline.json", '--fix', '-v');
my @json = (@arguments[0 .. $#arguments - 1], '--output-format', 'json');

SKIP: {
    skip 'the program has the sanitizers\' allocator', 2 if is_sanitized() && !$ENV{PLUGIN_PLAIN};
    fail_each('memory', program => $plain, arguments => \@arguments, step => $step, name => 'once');
    fail_each('memory', program => $plain, arguments => \@arguments, step => $step, stays => 1, name => 'from then on');
}
fail_each('call', arguments => \@arguments, step => $step, name => 'libraries');

done_testing;
