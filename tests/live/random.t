#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Many random domains, each judged live and from its own export, by a policy that is
# random too: the reports must be the same but for origin and time. The seeds are fixed,
# so that a failure can be repeated: RANDOM_SEEDS="17 23" prove tests/live/random.t. With
# TESTS_LONG there are more of them.
use strict;
use warnings;

use FindBin qw($Bin);
use lib "$Bin/../lib";
use Lab;
use Test::More;

enter_lab('bare');

my @seeds = $ENV{RANDOM_SEEDS} ? split ' ', $ENV{RANDOM_SEEDS} : 1 .. ($ENV{TESTS_LONG} ? 60 : 8);
my $cache = {environment => {KRB5CCNAME => "FILE:$tmp/cache"}};
my @search = ('ldapsearch', '-Y', 'GSSAPI', '-N', '-Q', '-H', "ldap://$ENV{LAB_DC}");
my %fired;

lab_command($cache, 'kinit', '-k', '-t', $ENV{LAB_KEYTAB}, $ENV{LAB_PRINCIPAL});

# An export knows nothing of other domains, so the live run is not to know more: there is no
# catalogue any more.
my $administrator = {environment => {KRB5CCNAME => "FILE:$tmp/administrator"}};
lab_command({%$administrator, stdin => "$ENV{LAB_ADMIN_PASSWORD}\n"}, 'kinit', 'Administrator');
change("dn: CN=NTDS Settings,CN=DC1,CN=Servers,CN=Default-First-Site-Name,CN=Sites,CN=Configuration,$ENV{LAB_BASE}\n"
        . "changetype: modify\nreplace: options\noptions: 0\n\n");
lab_command($administrator, 'samba-tool', 'dns', 'delete', $ENV{LAB_DC}, "_msdcs.$ENV{LAB_DOMAIN}", '_ldap._tcp.gc', 'SRV',
    "$ENV{LAB_DC} 3268 0 100", '--use-kerberos=required');

# The rest of the directory does not change from domain to domain.
my $service = "CN=Directory Service,CN=Windows NT,CN=Services,CN=Configuration,$ENV{LAB_BASE}";
my @rest = map { ('--ldif', $_) } spew("$tmp/rootdse.ldif", lab_command($cache, @search, '-b', '', '-s', 'base')),
    spew("$tmp/service.ldif", lab_command($cache, @search, '-b', $service, '-s', 'base'));

for my $seed (@seeds) {
    lab_command('random-domain', $seed, "$tmp/policy.ini");
    my $export = spew("$tmp/domain.ldif", lab_command($cache, @search, '-b', $ENV{LAB_BASE}));
    my @policy = ('--policy', "$tmp/policy.ini", '-t', 60);
    my $live = report(by_keytab(@policy));

    $fired{$_->{rule}}++ for @{$live->{findings}};
    same_report(report('--ldif', $export, @rest, @policy), $live, "seed $seed")
        or diag("repeat it with RANDOM_SEEDS=$seed; the policy:\n" . slurp("$tmp/policy.ini"));
}
# domains in which nothing is found would agree however little was read
cmp_ok(scalar keys %fired, '>=', 12, 'many rules fire in them') if !$ENV{RANDOM_SEEDS};
note(map { "$_: $fired{$_}\n" } sort keys %fired);

done_testing;
