#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Many checks at the same moment, as a scheduler starts them after a pause: all of them
# give the answer that one alone gives, each with a ticket of its own or with a credential cache
# that all of them keep: missing, run out, of another type than a file, or filled while
# some of them are killed. tests/bench/many prints what more of them cost.
use strict;
use warnings;

use FindBin qw($Bin);
use lib "$Bin/../lib";
use Lab;
use Test::More;

enter_lab('demo');

my $COUNT = 20;
my $alone = report(by_keytab('-t', 60));
is($alone->{state}, 'CRITICAL', 'the demo domain: there is something to be found');

# So many reports; code, if any, is given the process ids while they run.
sub at_once {
    my ($arguments, $while) = @_;
    my @started = map {
        Plugin::start(arguments => [by_keytab('-t', 110, @$arguments), '--output-format', 'json'], outer_timeout => 120)
    } 1 .. $COUNT;
    $while->(map { $_->{pid} } @started) if $while;
    return map { Plugin::finish($_) } @started;
}

# Each answer is that of a check alone.
sub all_alike {
    my ($name, @answers) = @_;
    my @other;
    for my $answer (@answers) {
        my $report = eval { Plugin::report_of($answer->{stdout}) };
        my @differences = $report ? differences($report, $alone) : ("no report: $answer->{stdout}");
        push @differences, "standard error: $answer->{stderr}" if $answer->{stderr} ne '';
        push @differences, "exit code $answer->{exit}" if $answer->{exit} != $alone->{run}{exit};
        push @other, \@differences if @differences;
    }
    ok(!@other, "$name: all " . @answers . ' answers are that of a check alone')
        or diag(scalar(@other), " are not:\n", map { "$_\n" } @{$other[0]}[0 .. 5 < $#{$other[0]} ? 5 : $#{$other[0]}]);
    return;
}

my $cache = "$tmp/kept";

subtest 'each for itself' => sub {
    my $packets = count_packets(sub { all_alike('tickets in memory', at_once([])) });
    is($packets->{tgs}, $COUNT, 'each asks the KDC');
};

subtest 'a cache that is missing' => sub {
    my $packets = count_packets(sub { all_alike('kept', at_once(['--ccache', "FILE:$cache"])) });
    cmp_ok($packets->{as}, '>=', 2, 'somebody asks the KDC');
    $packets = count_packets(sub { all_alike('kept by now', at_once(['--ccache', "FILE:$cache"])) });
    is("$packets->{as} AS, $packets->{tgs} TGS", '0 AS, 0 TGS', 'then nobody does any more');
    is_deeply([glob "$cache.*"], [], 'nothing is left beside it');
};

subtest 'a ticket that has run out' => sub {
    lab_command('kinit', '-l', '1s', '-c', "FILE:$cache", '-k', '-t', $ENV{LAB_KEYTAB}, $ENV{LAB_PRINCIPAL});
    sleep 2;
    all_alike('renewed', at_once(['--ccache', "FILE:$cache"]));
    like(lab_command('klist', '-c', "FILE:$cache"), qr/krbtgt\/\Q$ENV{LAB_REALM}\E/, 'the cache is whole');
};

subtest 'some are killed meanwhile' => sub {
    unlink $cache or die "$cache: $!";
    my @answers = at_once(['--ccache', "FILE:$cache"], sub {
        my @pids = @_;
        for my $number (grep { $_ % 2 } 0 .. $#pids) {
            select undef, undef, undef, 0.05;
            kill 'KILL', $pids[$number];
        }
    });
    my @ended = grep { !$_->{signal} } @answers;
    cmp_ok(scalar @ended, '>=', $COUNT / 2, 'the others end');
    all_alike('the others', @ended);
    all_alike('and later ones', at_once(['--ccache', "FILE:$cache"]));
};

subtest 'a cache that is no file' => sub {
    mkdir "$tmp/caches" or die "$tmp/caches: $!";
    my @answers = at_once(['--ccache', "DIR:$tmp/caches"]);
    # libkrb5 writes these in place: who reads meanwhile may fail, but says so
    my @failed = grep { $_->{exit} == 3 } @answers;
    note(scalar(@failed) . ' could not log in');
    is(scalar(grep { $_->{stdout} !~ /\bUNKNOWN\b/ } @failed), 0, 'who fails says UNKNOWN');
    all_alike('the others', grep { $_->{exit} != 3 } @answers);
};

done_testing;
