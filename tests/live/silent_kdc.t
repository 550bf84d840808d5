#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A controller whose LDAP answers and whose KDC accepts connections and says nothing: it costs
# its share of the time, the next one is asked, and the answer names it. What was found at
# another one is told, whatever --timeout makes of a run without an answer.
use strict;
use warnings;

use FindBin qw($Bin);
use lib "$Bin/../lib";
use IO::Select;
use IO::Socket::INET;
use Lab;
use POSIX ();
use Test::More;

enter_lab('healthy');

my $dc     = $ENV{LAB_DC};
my $silent = 'client.hv.example.com';
my @login  = ('-D', $ENV{LAB_DOMAIN}, '-l', $ENV{LAB_PRINCIPAL}, '-k', $ENV{LAB_KEYTAB});
my $no_answer = qr/no answer of the KDC at 192\.0\.2\.1 \(port 88\) for \d+\.\d s/;

# Its LDAP is that of the real one.
listener(\&relay, 389);
listener(sub { }, 88);

# The process that $tmp/stop names is stopped by a connection, until its deadline has passed.
use constant DEADLINE_S => 5;

sub relay {
    my ($client) = @_;
    return if fork;
    if (-e "$tmp/stop") {
        my $pid = slurp("$tmp/stop");
        kill 'STOP', $pid;
        sleep DEADLINE_S + 1;
        kill 'CONT', $pid;
    }
    my $server = IO::Socket::INET->new(PeerAddr => $ENV{LAB_DC_ADDRESS}, PeerPort => 389) or POSIX::_exit(1);
    my $both = IO::Select->new($client, $server);
    while (my @ready = $both->can_read) {
        for my $from (@ready) {
            my $size = sysread $from, my $bytes, 65536;
            POSIX::_exit(0) if !$size || !syswrite +($from == $client ? $server : $client), $bytes;
        }
    }
}

my $healthy = report(@login);
is($healthy->{state}, 'OK', 'without it: OK');

# Four tests: such a run is that of the other controller, and says why.
sub goes_on {
    my ($name, @arguments) = @_;
    my $file = "$tmp/report.json";
    my $answer = check(@arguments, '--output-format', 'json', '-o', $file, '-vv', '--max-output', 100000);
    is($answer->{exit}, 0, "$name: OK") or return diag($answer->{stdout});
    my $report = Plugin::report_of(slurp($file));

    same_report($report, $healthy, "$name: the next one is asked");
    is_deeply($report->{origin}{source}, [$dc], "$name: and is the one that answered");
    like($answer->{stdout}, qr/^\Q$silent\E failed: $no_answer/m, "$name: why is said");
    unlink $file;
    return;
}

goes_on('a keytab', @login, '-H', $silent, '-H', $dc);

subtest 'a ticket for the KDC that is there already' => sub {
    my $cache = "FILE:$tmp/cache";
    lab_command('kinit', '-c', $cache, '-k', '-t', $ENV{LAB_KEYTAB}, $ENV{LAB_PRINCIPAL});
    chmod 0400, "$tmp/cache";
    goes_on('a cache', '-D', $ENV{LAB_DOMAIN}, '--ccache', $cache, '-H', $silent, '-H', $dc);
    same_report(report('-H', $dc, '--ccache', $cache), $healthy, 'and without -D');
};

subtest 'by the records in DNS' => sub {
    my $administrator = "FILE:$tmp/administrator";
    my $zone = "_msdcs.$ENV{LAB_DOMAIN}";
    my @record = ('_ldap._tcp.dc', 'SRV');

    lab_command({stdin => "$ENV{LAB_ADMIN_PASSWORD}\n"}, 'kinit', '-c', $administrator, 'Administrator');
    for my $change (['add', "$silent 389 0 100"], ['delete', "$dc 389 0 100"], ['add', "$dc 389 50 100"]) {
        lab_command('samba-tool', 'dns', $change->[0], $dc, $zone, @record, $change->[1], "--use-krb5-ccache=$administrator");
    }
    goes_on('SRV', @login, '--site', 'Nowhere');
};

refused({within => 12}, [@login, '-t', 6, '-H', $silent], qr/\Q$silent\E: $no_answer/, 'none but that one');
refused({within => 12, exit => 2}, [@login, '-t', '6:critical', '-H', $silent], $no_answer, '-t says which state');

change("dn: CN=hv02,OU=Hyper-V,$ENV{LAB_BASE}\nchangetype: modify\nreplace: userAccountControl\nuserAccountControl: 528384\n\n");

# Four tests: what the good one holds is told, and that the other one was not read.
sub told_in_part {
    my ($name, @arguments) = @_;
    my $report = report(@login, '--all-servers', '-t', '10:ok', @arguments);
    my ($found) = finding($report, 'incomplete', $silent);

    is_deeply([$report->{state}, $report->{run}{exit}], ['CRITICAL', 2], "$name: CRITICAL");
    has_finding($report, 'unconstrained-delegation', 'hv02', undef, "$name: what is wrong is told");
    like($found ? $found->{detail} : 'nothing', qr/$no_answer|KDC knows no service/, "$name: and which was not read");
    is_deeply($report->{origin}{source}, [$dc], "$name: the other one was");
    return;
}

told_in_part('the second one', '-H', $dc, '-H', $silent);
told_in_part('the first one', '-H', $silent, '-H', $dc);

subtest 'a deadline that passes all the same' => sub {
    my $while = sub { spew("$tmp/stop.new", $_[0]); rename "$tmp/stop.new", "$tmp/stop" };
    my @arguments = (@login, '--all-servers', '-t', DEADLINE_S . ':ok', '-H', $dc, '-H', $silent);

    refused({while => $while, within => 30}, \@arguments, qr/no answer after ${\DEADLINE_S} s/,
        'while the second one is asked: what the first one holds is not OK');
    is(check({while => $while}, @login, '-t', DEADLINE_S . ':ok', '-H', $silent)->{exit}, 0, 'where nothing was read, -t decides');
    unlink "$tmp/stop";
};

done_testing;
