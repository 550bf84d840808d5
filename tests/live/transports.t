#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Every way to reach a domain controller and to log in there: transports, keytabs,
# credential caches, passwords, names of the controller. Whatever the way, the report is
# the same, that of a keytab over a sealed connection.
use strict;
use warnings;

use FindBin qw($Bin);
use lib "$Bin/../lib";
use Lab;
use Test::More;

enter_lab('demo');

my $dc = $ENV{LAB_DC};
my @domain = ('-D', $ENV{LAB_DOMAIN});
my @simple = (@domain, '--bind-dn', $ENV{LAB_BIND_DN}, '--password-file');
my %protected = (
    gssapi => ['--transport', 'gssapi'],
    starttls => ['--transport', 'starttls', '--ca-file', $ENV{LAB_CA}],
    ldaps => ['--transport', 'ldaps', '--ca-file', $ENV{LAB_CA}],
);

# A credential cache with a ticket of svc-monitor; its name.
sub filled_cache {
    my ($name, @options) = @_;
    my $cache = "FILE:$tmp/$name";
    lab_command('kinit', @options, '-c', $cache, '-k', '-t', $ENV{LAB_KEYTAB}, $ENV{LAB_PRINCIPAL});
    return $cache;
}

my $short_lived = filled_cache('short', '-l', '1s');

my $expected = report(by_keytab());
is($expected->{run}{exit}, 2, 'the demo domain is CRITICAL');
is($expected->{state}, 'CRITICAL', 'and says so');
is_deeply($expected->{origin}{source}, [$dc], 'the controller that DNS names was asked');
ok($expected->{origin}{complete}, 'the answer was complete');

for my $transport (sort keys %protected) {
    my @way = (@domain, @{$protected{$transport}});
    my $cache = filled_cache("cache-$transport");
    my $kept = "FILE:$tmp/kept-$transport";

    same_report(report(@way, '-k', $ENV{LAB_KEYTAB}, '-l', $ENV{LAB_PRINCIPAL}),
        $expected, "$transport: keytab");
    same_report(report(@way, '-k', $ENV{LAB_KEYTAB}), $expected, "$transport: the keytab's first principal");
    same_report(report(@way, '-k', "FILE:$ENV{LAB_KEYTAB}", '-l', 'svc-monitor'),
        $expected, "$transport: a principal without a realm");
    same_report(report(@way, '--ccache', $cache), $expected, "$transport: --ccache");
    same_report(report({environment => {KRB5CCNAME => $cache}}, @way), $expected, "$transport: KRB5CCNAME");
    same_report(report({environment => {KRB5CCNAME => $cache}}, @way, '-l', 'svc-monitor'),
        $expected, "$transport: KRB5CCNAME and the principal expected in it");
    same_report(report({environment => {KRB5_CLIENT_KTNAME => $ENV{LAB_KEYTAB}}}, @way),
        $expected, "$transport: KRB5_CLIENT_KTNAME");
    same_report(report(@way, '-k', $ENV{LAB_KEYTAB}, '--ccache', $kept),
        $expected, "$transport: a keytab fills --ccache");
    same_report(report(@way, '-k', $ENV{LAB_KEYTAB_STALE}, '--ccache', $kept),
        $expected, "$transport: which serves when the keytab no longer would");
}

for my $transport (qw(starttls ldaps)) {
    my @way = @{$protected{$transport}};
    my $password = slurp($ENV{LAB_PASSWORD_FILE});

    same_report(report(@simple, $ENV{LAB_PASSWORD_FILE}, @way), $expected, "$transport: password from a file");
    same_report(report({stdin => "$password\n"}, @simple, '-', @way),
        $expected, "$transport: password from standard input");
    same_report(report({stdin => $password}, @simple, '-', @way), $expected, "$transport: without a newline");
}

subtest 'tickets that are kept' => sub {
    my $kept = "FILE:$tmp/kept";
    my @way = by_keytab('--ccache', $kept);
    my $first = check(@way, '-vv', '--max-output', 100000);
    my $second = check(@way, '-vv', '--max-output', 100000);
    my $traced = check(@way, '-vvv');

    like($first->{stdout}, qr/^[\d.]+ ms: ticket for \Q$ENV{LAB_PRINCIPAL}\E$/m, 'the first run asks the KDC');
    unlike($second->{stdout}, qr/: ticket for/, 'the second does not');
    ok($traced->{stderr} =~ /ldap\/\Q$dc\E/, '-vvv shows what libkrb5 does');
    ok($traced->{stderr} !~ /Sending .*request/, 'and it asks no KDC for anything');
    is((stat "$tmp/kept")[2] & 077, 0, 'the cache is nobody else\'s to read');
    ok(check(by_keytab('-vvv'))->{stderr} !~ /(?:Initializing|Storing)[^\n]*FILE:/, 'without --ccache no ticket is put into a file');

    same_report(report(@domain, '-k', $ENV{LAB_KEYTAB}, '--ccache', $short_lived),
        $expected, 'with a keytab a cache that has run out is filled again');
    same_report(report(@domain, '--ccache', $short_lived), $expected, 'and serves from then on');
};

subtest 'names of the controller' => sub {
    my @login = ('-k', $ENV{LAB_KEYTAB});

    same_report(report('-H', $dc, @login), $expected, '-H without -D');
    same_report(report('-H', uc $dc, @login), $expected, 'in capitals');
    same_report(report('-H', "$dc.", @login), $expected, 'with a final dot');
    same_report(report(@domain, '-H', $dc, @login), $expected, '-H with -D');
    same_report(report('-D', uc $ENV{LAB_DOMAIN}, @login), $expected, '-D in capitals');
    same_report(report('-D', "$ENV{LAB_DOMAIN}.", @login), $expected, '-D with a final dot');
    same_report(report(by_keytab('-4')), $expected, '-4');
    same_report(report(by_keytab('-p', 389)), $expected, '-p');
    same_report(report(by_keytab('-p', 636, @{$protected{ldaps}})), $expected, '-p with ldaps');

    my @dead = (
        ['refuses', 'client.hv.example.com'],
        ['is in no DNS', 'gone.hv.example.com'],
        ['is an address where nothing is', '192.0.2.77'],
    );
    for my $case (@dead) {
        my $report = report(@domain, '-H', $case->[1], '-H', $dc, @login);

        same_report($report, $expected, "the first of two $case->[0]");
        is_deeply($report->{origin}{source}, [$dc], 'the second answered');
    }
    same_report(report(@domain, '-H', 'gone.hv.example.com', '-H', 'client.hv.example.com', '-H', $dc, @login),
        $expected, 'two of three are dead');
    my (undef, $frozen) = listener(sub { }, 389);
    same_report(report(@domain, '-t', 6, '-H', 'client.hv.example.com', '-H', $dc, @login),
        $expected, 'the first accepts and never answers');
    stop($frozen);

    refused({within => 5}, ['-6', by_keytab()], qr/address.*can not be found|no connection/i, '-6: it has no such address');
};

done_testing;
