#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What a run asks of the directory: so many LDAP requests, in so many round trips. It must
# not grow with the domain's ordinary users, and by one request at most for a hundred
# more members of privileged groups. Counted by the program itself (-vv) and, as a check
# of that, by the proxy in between. And what a login costs before the first of them: counted on
# the wire.
use strict;
use warnings;

use FindBin qw($Bin);
use lib "$Bin/../lib";
use Lab;
use Test::More;

enter_lab('demo');

my $base = $ENV{LAB_BASE};

# Requests and round trips of one run, and how many of the requests are searches.
sub counts {
    my (@arguments) = @_;
    my $answer = check(by_keytab(@arguments, '-vv', '--max-output', 1000000, '-t', 60));
    my ($requests, $round_trips) = $answer->{stdout} =~ /^(\d+) LDAP requests, (\d+) round trips$/m;
    my $searches = () = $answer->{stdout} =~ /^[\d.]+ ms, \d+ entr(?:y|ies), all at once: /mg;

    ok($requests && $round_trips && $searches, '-vv says how many requests there were') or diag($answer->{stdout});
    return ($requests, $round_trips, $searches);
}

sub users {
    my ($name, $count) = @_;
    return map { "dn: CN=$name$_,CN=Users,$base\nchangetype: add\nobjectClass: user\nsAMAccountName: $name$_\n"
        . "userAccountControl: 1114624\n" } 1 .. $count;
}

my ($requests, $round_trips, $searches) = counts();
diag("demo domain: $requests LDAP requests in $round_trips round trips, $searches of them searches of the domain");
cmp_ok($requests, '<=', 40, 'the demo domain: not many requests');
cmp_ok($round_trips, '<', $requests, 'several requests share a round trip');

my @only = counts('--only', 'hosts');
cmp_ok($only[0], '<', $requests, 'half a check asks less');

subtest 'a login' => sub {
    my $count = count_packets(sub { counts() });
    my $dns = $count->{dns};

    cmp_ok($count->{as}, '>=', 1, 'AS requests were seen') or diag(explain($count));
    cmp_ok($count->{as}, '<=', 2, 'two at most: one is refused for want of a proof of the key');
    is($count->{tgs}, 1, 'one TGS request');
    is($count->{kdc_connections}, $count->{as} + $count->{tgs}, 'each is sent once, over TCP');
    is($count->{binds}, 1, 'one round trip for the bind');
    is($count->{ldap_connections}, 1, 'one connection');
    is($count->{pings}, 0, 'of one controller, no site is asked');
    cmp_ok(scalar @$dns, '>=', 2, 'DNS was asked');
    cmp_ok(scalar @$dns, '<=', 6, 'six times at most') or diag(explain($dns));
    is(scalar(grep { /kerberos|_ldap/i && !/^_ldap\._tcp\.dc\._msdcs\./i } @$dns), 0, 'and not once more for the KDC')
        or diag(explain($dns));

    my $kept = "FILE:$tmp/kept";
    check(by_keytab('--ccache', $kept));
    my $again = count_packets(sub { check(by_keytab('--ccache', $kept)) });
    is("$again->{as} AS, $again->{tgs} TGS", '0 AS, 0 TGS', 'with a kept cache the KDC is not asked');
    is($again->{binds}, 1, 'and the bind is one round trip');

    my $ldaps = count_packets(sub {
        check(by_keytab('-H', $ENV{LAB_DC}, '--transport', 'ldaps', '--ca-file', $ENV{LAB_CA}));
    });
    cmp_ok($ldaps->{as} + $ldaps->{tgs}, '<=', 3, 'no more over TLS');
    cmp_ok(scalar @{$ldaps->{dns}}, '<=', 6, 'nor of DNS') or diag(explain($ldaps->{dns}));
};

subtest 'ordinary users' => sub {
    change(join "\n", users('ordinary', 500));
    my @more = counts();
    is_deeply(\@more, [$requests, $round_trips, $searches], '500 more do not matter');
};

subtest 'members' => sub {
    my $group = "CN=Many,CN=Users,$base";
    change(join "\n", users('member', 300),
        "dn: $group\nchangetype: add\nobjectClass: group\nsAMAccountName: Many\ngroupType: -2147483646\n"
            . join('', map { "member: CN=member$_,CN=Users,$base\n" } 1 .. 300),
        "dn: CN=Domain Admins,CN=Users,$base\nchangetype: modify\nadd: member\nmember: $group\n");
    my @more = counts();

    diag("with a group of 300 members: $more[0] requests in $more[1] round trips");
    # three batches, the group itself, and its primary members
    cmp_ok($more[0] - $requests, '<=', 3 + 2, 'one request a hundred members');
    cmp_ok($more[1] - $round_trips, '<=', 3 + 2, 'and not more round trips than that');
};

subtest 'the program counts rightly' => sub {
    my @ldaps = ('-H', $ENV{LAB_DC}, '--transport', 'ldaps', '--ca-file', $ENV{LAB_CA});
    start_proxy();
    my ($said) = counts(@ldaps);
    my $seen = proxy_requests();
    my $total = 0;

    $total += $seen->{$_} for grep { $_ ne 'unbind' } keys %$seen;
    is($said, $total, 'as many requests as passed the proxy');
    is($seen->{unbind}, 1, 'and it says goodbye');
    is($seen->{bind}, 1, 'one message for the login');
};

done_testing;
