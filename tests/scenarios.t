#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Walks the folders of tests/scenarios. Each holds an export (directory.ldif, or others
# named in "arguments"), the arguments (one a line) and the whole answer in both formats,
# reviewed by hand: expected.txt and expected.json. The program runs once for each format
# in the folder of the scenario. Names of folders as arguments restrict the walk; after a
# wanted change tests/scenarios-update rewrites the expectations.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Plugin qw(run slurp spew normalize normalize_report report_of parse_output findings_lines is_line);
use Test::More;

my $update = $ENV{SCENARIOS_UPDATE};

sub read_lines {
    my ($path) = @_;
    return split /\n/, slurp($path);
}

# The arguments of a JSON run: --max-output and -v are of the Nagios format alone.
sub json_arguments {
    my @arguments = @_;
    for my $i (reverse 0 .. $#arguments) {
        splice @arguments, $i, 2 if $arguments[$i] eq '--max-output';
    }
    return ((grep { !/^-v+$/ } @arguments), '--output-format', 'json');
}

sub compare {
    my ($path, $got, $name) = @_;
    if ($update) {
        spew($path, $got);
        return pass("$name: written");
    }
    my $expected = -e $path ? slurp($path) : '';
    return is($got, $expected, $name);
}

# Both formats tell the same: perfdata, state, summary, findings up to what was left out.
sub check_agreement {
    my ($output, $report, $name) = @_;
    my $nagios   = parse_output($output);
    my @lines    = findings_lines($report);
    my ($more)   = map { /^(\d+) more findings?, / ? $1 : () } @{$nagios->{lines}};
    my @shown    = grep { /^\[.*\([a-z-]+\)$/ } @{$nagios->{lines}};
    my @perfdata = map { $_->{label} . '=' . join ';', map { $_ // '' } @$_{qw(warn crit min max)} }
        @{$report->{perfdata}};
    my @printed = map {
        my $item = $nagios->{perfdata}{$_};
        "$_=" . join ';', map { $_ // '' } @$item{qw(warn crit min max)}
    } @{$nagios->{labels}};

    my $left = 0;
    $left += @{$_->{names}} for @lines[@shown .. $#lines];
    my @differ = grep { !is_line($shown[$_], $lines[$_] // {begin => '', names => [], end => ''}) } 0 .. $#shown;
    ok(!@differ && $left == ($more // 0), "$name: both formats list the same findings")
        || diag("left out: $left, said: " . ($more // 0), map { "\n$shown[$_]" } @differ);
    is_deeply(\@printed, \@perfdata, "$name: both formats have the same perfdata");
    is($nagios->{text}, "HYPERV DELEGATION $report->{state} - " . Plugin::encode_line(Plugin::harmless($report->{summary})),
        "$name: both formats have the same summary");
    is_deeply(
        [map { $nagios->{perfdata}{$_}{value} + 0 } grep { $_ ne 'time' } @{$nagios->{labels}}],
        [map { $_->{value} } grep { $_->{label} ne 'time' } @{$report->{perfdata}}],
        "$name: both formats have the same values");
    return;
}

my @folders = grep { -d } map { "$FindBin::Bin/scenarios/$_" } @ARGV;
@folders = grep { -e "$_/arguments" } glob "$FindBin::Bin/scenarios/*" if !@ARGV;

for my $folder (@folders) {
    my ($name)    = $folder =~ m{([^/]+)$};
    my @arguments = read_lines("$folder/arguments");
    my $nagios    = run(arguments => \@arguments, folder => $folder, name => $name);
    my $json      = run(arguments => [json_arguments(@arguments)], folder => $folder, name => "$name, JSON");

    compare("$folder/expected.txt", normalize($nagios->{stdout}), "$name: expected.txt");
    if ($json->{stdout} !~ /^\{/) {
        fail("$name: no report: $json->{stdout}");
        next;
    }
    compare("$folder/expected.json", normalize_report($json->{stdout}), "$name: expected.json");
    is($nagios->{exit}, $json->{exit}, "$name: the same exit code in both formats");
    check_agreement($nagios->{stdout}, report_of($json->{stdout}), $name);
}

cmp_ok(scalar @folders, '>', 0, 'there are scenarios');
done_testing();
