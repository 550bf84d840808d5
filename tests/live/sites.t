#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The order in which the controllers of a domain are asked: the nearest first, by --site or
# by what a controller answers to the LDAP ping, then the others, each in the order of DNS.
# The second controller is a name in DNS, behind which nothing listens: who is asked first
# shows in who fails.
use strict;
use warnings;

use FindBin qw($Bin);
use lib "$Bin/../lib";
use IO::Socket::INET;
use Lab;
use Test::More;

enter_lab('healthy');

my $far = 'far.hv.example.com';
my $zone = "_msdcs.$ENV{LAB_DOMAIN}";

my $administrator = "FILE:$tmp/administrator";
lab_command({stdin => "$ENV{LAB_ADMIN_PASSWORD}\n"}, 'kinit', '-c', $administrator, 'Administrator');

sub dns {
    my ($verb, $zone_name, @record) = @_;
    return lab_command('samba-tool', 'dns', $verb, $ENV{LAB_DC}, $zone_name, @record, "--use-krb5-ccache=$administrator");
}

# The lines of a run that tell of the search for a controller.
sub searched {
    my ($name, @arguments) = @_;
    my $answer = check(by_keytab('-vv', '--max-output', 100000, @arguments));
    is($answer->{exit}, 0, "$name: OK in the end") or diag($answer->{stdout});
    return $answer->{stdout};
}

my $alone = searched('one controller');
unlike($alone, qr/site/, 'with one controller nobody is asked for the site');
like(searched('one controller, no such site', '--site', 'Nowhere'), qr/^--site Nowhere has no effect/m, 'one that is named is looked for');

dns('add', $ENV{LAB_DOMAIN}, 'far', 'A', '192.0.2.1');
dns('add', $zone, '_ldap._tcp.dc', 'SRV', "$far 389 20 100");

subtest 'what it costs' => sub {
    my $text;
    my $count = count_packets(sub { $text = searched('two controllers') });
    like($text, qr/ of 2 controllers are in the site /, 'the site is asked for');
    is($count->{pings}, 1, 'of one of them, since it answers');
    cmp_ok(scalar @{$count->{dns}}, '<=', 6, 'with six questions to DNS at most') or diag(explain($count->{dns}));
    is("$count->{as} AS, $count->{tgs} TGS, $count->{binds} bind", '2 AS, 1 TGS, 1 bind', 'and a login as with one controller');
};

# DNS lists the far one first.
dns('delete', $zone, '_ldap._tcp.dc', 'SRV', "$ENV{LAB_DC} 389 0 100");
dns('add', $zone, '_ldap._tcp.dc', 'SRV', "$ENV{LAB_DC} 389 50 100");
my @near_first = (qr/1 of 2 controllers are in the site Branch/, qr/^\S+ ms: connect to \Q$ENV{LAB_DC}\E/m);
my $far_failed = qr/^\Q$far\E failed: no connection to port 389/m;

lab_command('samba-tool', 'sites', 'create', $_, '-H', "$ENV{LAB_DIR}/dc1/private/sam.ldb") for qw(Branch Central);
dns('add', $zone, '_ldap._tcp.Branch._sites.dc', 'SRV', "$ENV{LAB_DC} 389 0 100");
dns('add', $zone, '_ldap._tcp.Central._sites.dc', 'SRV', "$far 389 0 100");

subtest 'the site that is named' => sub {
    my $text = searched('--site Branch', '--site', 'Branch');
    like($text, $_, 'the controller of that site first') for @near_first;
    unlike($text, $far_failed, 'the other one is not asked');
    unlike($text, qr/site of this machine/, 'nor is anybody for the site');

    $text = searched('--site branch', '--site', 'branch');
    like($text, qr/1 of 2 controllers are in the site branch/, 'in small letters too');

    $text = searched('--site Central', '--site', 'Central');
    like($text, qr/1 of 2 controllers are in the site Central/, 'another site');
    like($text, $far_failed, 'has a controller that fails');
    like($text, $near_first[1], 'after which those of other sites are asked');

    $text = searched('--site Nowhere', '--site', 'Nowhere');
    like($text, qr/0 of 2 controllers are in the site Nowhere/, 'a site that DNS does not know');
    like($text, $far_failed, 'leaves the order of DNS');
    my $remark = qr/^--site Nowhere has no effect: DNS knows no controller of a site of this name\.$/m;
    like($text, $remark, 'and is told');
    like(check(by_keytab('--site', 'Nowhere'))->{stdout}, $remark, 'without -v, too');
    unlike(searched('--site Central', '--site', 'Central'), qr/has no effect/, 'of one that DNS knows nothing');
    refused({usage => 1}, [by_keytab('--site', 'no/site')], qr/--site: "no\/site" is no name of a site/, 'no name of a site');
};

subtest 'the site of this machine' => sub {
    lab_command('samba-tool', 'sites', 'subnet', 'create', '192.0.2.0/28', 'Branch', '-H', "$ENV{LAB_DIR}/dc1/private/sam.ldb");
    my $text = searched('by ping');
    like($text, qr/ms: site of this machine: Branch$/m, 'a controller says it');
    like($text, $_, 'and the controller of that site comes first') for @near_first;
    unlike($text, $far_failed, 'the other one is not asked');

    lab_command('samba-tool', 'sites', 'subnet', 'set-site', '192.0.2.0/28', 'Central', '-H', "$ENV{LAB_DIR}/dc1/private/sam.ldb");
    $text = searched('moved to another site');
    like($text, qr/ms: site of this machine: Central$/m, 'another site');
    like($text, $far_failed, 'its controller comes first');
};

subtest 'a ping that fails costs the preference' => sub {
    lab_command('lab-dc', 'restart', '--option', 'server services=rpc, ldap, kdc, drepl, kcc, dns');
    my $text = searched('no answer');
    like($text, qr/ms: site of this machine: not known/, 'the site is not known');
    like($text, $far_failed, 'the order is that of DNS');
    lab_command('lab-dc', 'restart');
};

# Somebody else's answers: on the port of the far controller.
subtest 'answers that are none' => sub {
    my $socket = IO::Socket::INET->new(LocalAddr => '192.0.2.1', LocalPort => 389, Proto => 'udp') or die "udp: $!";
    for my $case (['nothing at all', ''], ['one byte', "\x30"], ['a length without end', "\x30\x84\xFF\xFF\xFF\xFF"],
        ['nested without end', "\x30\x80" x 500], ['zeros', "\0" x 4000], ['too much', "\x30\x82\x20\x00" . "\x04\x00" x 30000],
        ['an entry without attributes', "\x30\x0B\x02\x01\x01\x64\x06\x04\x00\x30\x02\x30\x00"],
        ['a value that is no answer', "\x30\x1B\x02\x01\x01\x64\x16\x04\x00\x30\x12\x30\x10\x04\x08netlogon\x31\x04\x04\x02\x17\x00"]) {
        my ($what, $bytes) = @$case;
        my $server = start(sub {
            while (my $peer = $socket->recv(my $request, 4096)) { $socket->send($bytes, 0, $peer) }
        });
        my $text = searched("$what from the far one");
        like($text, qr/ms: site of this machine: Central$/m, "$what: the other one's answer is taken");
        stop($server);
    }
};

# DNS says nothing of the address of two more controllers: the first of them costs the ping its
# time, so that the second one is looked up only when it is its turn to be connected to.
subtest 'names that DNS keeps silent about' => sub {
    dns('add', $zone, '_ldap._tcp.dc', 'SRV', "mute$_.$ENV{LAB_DOMAIN} 389 1$_ 100") for 1, 2;
    my $resolv  = "$ENV{LAB_DIR}/etc/resolv.conf";
    my $before  = slurp($resolv);
    my $log     = spew("$tmp/dns.log", '');
    my $clients = IO::Socket::INET->new(LocalAddr => '192.0.2.1', LocalPort => 53, Proto => 'udp') or die "udp: $!";
    my $server  = start(sub {
        while (my $client = $clients->recv(my $question, 4096)) {
            my ($mute) = $question =~ /\x05(mute\d)\x02hv/;
            if ($mute) {
                open my $lines, '>>', $log or die;
                print {$lines} "$mute\n";
                close $lines;
                next;
            }
            my $there = IO::Socket::INET->new(PeerAddr => $ENV{LAB_DC_ADDRESS}, PeerPort => 53, Proto => 'udp') or die;
            $there->send($question);
            $there->recv(my $answer, 65536);
            $clients->send($answer, 0, $client);
        }
    });

    spew($resolv, $before =~ s/^nameserver .*/nameserver 192.0.2.1/mr);
    my $text = searched('mute', '-t', 55);
    spew($resolv, $before);
    stop($server);
    like($text, qr/ms: site of this machine: not known/, 'the site is not known');
    like($text, qr/^mute$_\.\S+ failed: its address can not be found/m, "mute$_ was tried") for 1, 2;
    my %asked;
    $asked{$_}++ for split /\n/, slurp($log);
    cmp_ok($asked{mute2}, '>', 0, 'the second one was looked up');
    cmp_ok($asked{mute1}, '>', $asked{mute2}, 'but not by the ping');
};

done_testing;
