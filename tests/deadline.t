#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The deadline passes while the answer is being written, because nobody reads it: an answer
# that still can leave does, whole and with its own exit code; one that can not does not
# keep the process.
use strict;
use warnings;

use FindBin qw($Bin);
use lib "$Bin/lib";
use Fcntl qw(F_GETFL F_SETFL O_NONBLOCK);
use Plugin qw(program run);
use Test::More;
use Time::HiRes qw(sleep);

my @arguments = ('--ldif', "$Bin/scenarios/guard-pages-joined/directory.ldif", '--output-format', 'json');
my $undisturbed = run(arguments => \@arguments);

# The program with a pipe as its output that has room for so many bytes: the end to read from,
# its process id.
sub start_blocked {
    my ($room, @arguments) = @_;
    pipe my $from, my $to or die "pipe: $!";
    my $pid = fork // die "fork: $!";
    if (!$pid) {
        my $flags = fcntl $to, F_GETFL, 0;
        fcntl $to, F_SETFL, $flags | O_NONBLOCK;
        1 while syswrite $to, 'x' x 4096;
        1 while syswrite $to, 'x';
        sysread $from, my $taken, $room if $room;
        fcntl $to, F_SETFL, $flags;
        open STDOUT, '>&', $to or POSIX::_exit(126);
        exec program(), @arguments, '-t', '1:ok' or POSIX::_exit(127);
    }
    close $to;
    return ($from, $pid);
}

subtest 'an answer that leaves late' => sub {
    my ($from, $pid) = start_blocked(0, @arguments);

    sleep 1.4;    # the deadline is behind it
    my $got = do { local $/; <$from> };
    waitpid $pid, 0;
    $got =~ s/^x+//;
    is(Plugin::normalize_report($got), Plugin::normalize_report($undisturbed->{stdout}), 'is whole');
    is($? >> 8, $undisturbed->{exit}, 'and has its own exit code');
};

# Its exit code is that of its state, but never OK.
for my $case (['nobody reads', 0, 'guard-pages-joined', 3], ['nobody reads to its end', 4096, 'guard-pages-joined', 3],
    ['nobody reads, of something CRITICAL', 0, 'unconstrained-host', 2],
    ['nobody reads to its end, of something CRITICAL', 4096, 'unconstrained-host', 2]) {
    my ($name, $room, $scenario, $exit) = @$case;
    my @export = ('--ldif', "$Bin/scenarios/$scenario/directory.ldif", '--output-format', 'json');
    my $whole  = run(name => "$scenario, whole", arguments => \@export)->{stdout};

    subtest "an answer that $name" => sub {
        my ($from, $pid) = start_blocked($room, @export);
        local $SIG{ALRM} = sub { kill 'KILL', $pid };

        alarm 30;
        waitpid $pid, 0;
        alarm 0;
        is($?, $exit << 8, 'does not keep the process');
        my $got = do { local $/; <$from> } =~ s/\Ax*//r;
        cmp_ok(length $whole, '>', 4096, 'it has no room');
        is(length $got, $room, 'what had room has left');
        is(substr($got, 0, 20), substr($whole, 0, $room ? 20 : 0), 'and is its beginning');
    };
}

done_testing;
