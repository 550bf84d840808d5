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
use Plugin qw(program is_sanitized slurp spew work_folder);
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

# ---- files that are written ----------------------------------------------------------

my $old = "what was there\n";
my %whole = (json => qr/^\{.*\}\n\z/s, html => qr/^<!DOCTYPE html>.*<\/html>\n\z/s, openmetrics => qr/^# HELP .*# EOF\n\z/s);

# What is wrong with a file that the program was to replace: it is the old one or a whole
# new one, and the old one only where that was said.
sub torn {
    my ($file, $format, $said, $what) = @_;
    my $now = slurp($file);
    my @left = grep { !unlink || $what ne 'unlink' } glob "$file.*";
    return ((map {"left: $_"} @left), $now ne $old && $now !~ $whole{$format} ? 'a torn file' : (),
        $now eq $old && !$said ? 'not written, and not said' : ());
}

for my $format (sort keys %whole) {
    my $file = "$folder/report";
    my @output = (@arguments, '--output-format', $format, '-o', $file);
    my %how = (arguments => \@output, before => sub { spew($file, $old) },
        after => sub { torn($file, $format, $_[0]{exit} == 3, $_[1]) });
    fail_each('call', %how, step => 10 * $step, name => "--output $format");
    fail_each('memory', %how, program => $plain, step => 10 * $step, name => "--output $format")
        if !is_sanitized() || $ENV{PLUGIN_PLAIN};
}

my $baseline = "$folder/baseline.json";
my $accepted = slurp("$Bin/scenarios/drift-none/baseline.json");
($old = $accepted) =~ s/\n\z/ \n/;    # the same to the program, and yet another one
fail_each('call', arguments => ['--ldif', "$Bin/scenarios/drift-none/directory.ldif", '--baseline', $baseline, '--accept', '-t', 50],
    step => 10 * $step, name => '--accept', before => sub { spew($baseline, $old) },
    after => sub { torn($baseline, 'json', $_[0]{exit} == 3, $_[1]) });

done_testing;
