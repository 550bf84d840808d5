#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A domain whose answers are really cut: more than 1,000 hosts, more than 1,000 accounts of
# one primary group, a group of more than 1,500 members, a host of more than 1,500 targets.
# Pages and ranges of whatever length, as Windows makes them, give the report of the answer
# that is not cut, or say that something is missing.
use strict;
use warnings;

use FindBin qw($Bin);
use lib "$Bin/../lib";
use Lab;
use Test::More;

my ($HOSTS, $MEMBERS, $PRIMARY, $TARGETS) = (1050, 1560, 1050, 1520);

enter_lab('healthy');

$ENV{PLUGIN} = $ENV{PLUGIN_PLAIN} || $ENV{PLUGIN};    # the sanitizers take ten times as long here
my $base = $ENV{LAB_BASE};
my $unit = "OU=Large,$base";
my @ldaps = by_keytab('-H', $ENV{LAB_DC}, '--transport', 'ldaps', '--ca-file', $ENV{LAB_CA}, '-t', 100);
my ($protected, $server, $group) = (0x110200, 0x1001000, -2147483646);
my $migration = 'Microsoft Virtual System Migration Service';
my @hosts = map { sprintf 'large%04d', $_ } 1 .. $HOSTS;

sub large {
    return report({outer_timeout => 120}, @ldaps, @_);
}

sub names {
    my ($host) = @_;
    return ($host, "$host.$ENV{LAB_DOMAIN}");
}

sub object {
    my ($name, $class, @lines) = @_;
    return join "\n", "dn: CN=$name,$unit", 'changetype: add', "objectClass: $class", @lines, '', '';
}

# The first host may delegate to many, all of which may be migrated to it.
my @many = @hosts[1 .. $TARGETS / 4];
my @targets = map { my $host = $_; map { ("cifs/$_", "$migration/$_") } names($host) } @many;
my %lists = ($hosts[0] => \@targets, map { $_ => [map { ("cifs/$_", "$migration/$_") } names($hosts[0])] } @many);

change(join '', "dn: $unit\nchangetype: add\nobjectClass: organizationalUnit\n\n",
    (map { my $host = $_; object($host, 'computer', "sAMAccountName: $host\$", "dNSHostName: $host.$ENV{LAB_DOMAIN}",
        'operatingSystemVersion: 10.0 (20348)', 'userAccountControl: ' . ($lists{$host} ? $server : 0x1000),
        (map { ("servicePrincipalName: $migration/$_", "servicePrincipalName: HOST/$_") } names($host)),
        map { "msDS-AllowedToDelegateTo: $_" } @{$lists{$host} || []}) } @hosts),
    (map { object("member$_", 'user', "sAMAccountName: member$_", "userAccountControl: $protected") } 1 .. $MEMBERS),
    (map { object("primary$_", 'user', "sAMAccountName: primary$_", "userAccountControl: $protected") } 1 .. $PRIMARY),
    object('Large', 'group', 'sAMAccountName: Large', "groupType: $group", map { "member: CN=member$_,$unit" } 1 .. $MEMBERS),
    object('Primary', 'group', 'sAMAccountName: Primary', "groupType: $group", map { "member: CN=primary$_,$unit" } 1 .. $PRIMARY),
    "dn: CN=Domain Admins,CN=Users,$base\nchangetype: modify\nadd: member\nmember: CN=Large,$unit\nmember: CN=Primary,$unit\n");
my ($rid) = lab_command('ldbsearch', '-H', "$ENV{LAB_DIR}/dc1/private/sam.ldb", '(sAMAccountName=Primary)', 'objectSid') =~ /^objectSid: \S+-(\d+)$/m;
change(join '', map { "dn: CN=primary$_,$unit\nchangetype: modify\nreplace: primaryGroupID\nprimaryGroupID: $rid\n\n" } 1 .. $PRIMARY);

my $direct = large();
is($direct->{state}, 'OK', 'a healthy domain') or diag($direct->{summary});
is(scalar @{$direct->{hosts}}, $HOSTS + 4, 'all hosts');
is(scalar @{$direct->{admins}}, $MEMBERS + $PRIMARY + 6, 'all admins');
is(scalar @{(grep { $_->{name} eq $hosts[0] } @{$direct->{hosts}})[0]{targets}}, 4 * @many, 'all targets');
my $pages = check({outer_timeout => 120}, @ldaps, '-vv', '--max-output', 1000000)->{stdout};
like($pages, qr/@{[$HOSTS + 4]} entries, all at once: hosts by SPN/, 'Samba gives all hosts at once');
like($pages, qr/\d{4} entries, all at once: accounts by primary group/, 'and accounts');

start_proxy();
my $targets = 'msDS-AllowedToDelegateTo';

subtest 'ranges' => sub {
    for my $limit (1500, 30) {
        proxy_rules({range => {member => $limit, $targets => $limit}});
        same_report(large(), $direct, "of $limit");
        proxy_rules({range => {member => $limit}, range_rest => 'server'});
        same_report(large(), $direct, "the first of $limit, the rest by the controller itself");
        for my $attribute ('member', $targets) {
            proxy_rules({range => {$attribute => $limit}, shrink => {$attribute => 1}});
            not_ok(large(), "of $limit, and a value left $attribute meanwhile");
            proxy_rules({range => {$attribute => $limit}, grow => {$attribute => ["CN=new,$unit"]}});
            not_ok(large(), "of $limit, and a value came to $attribute meanwhile");
            proxy_rules({range => {$attribute => $limit}, shrink => {$attribute => $TARGETS}});
            not_ok(large(), "of $limit, and most left $attribute meanwhile");
        }
        proxy_rules({range => {member => $limit}, search => ';range=', result => 51});
        not_ok(large(), "of $limit, and the rest can not be had");
    }
};

subtest 'pages' => sub {
    for my $page (1000, 999, 30) {
        proxy_rules({page => $page});
        same_report(large(), $direct, "of $page");
    }
    proxy_rules({page => 1000});
    $pages = check({outer_timeout => 120}, @ldaps, '-vv', '--max-output', 1000000)->{stdout};
    like($pages, qr/@{[$HOSTS + 4]} entries, 2 pages: hosts by SPN/, 'hosts come in pages');
    like($pages, qr/\d{4} entries, 2 pages: accounts by primary group/, 'and so do accounts');
    proxy_rules({page => 30, range => {member => 30, $targets => 30}});
    same_report(large(), $direct, 'and ranges of 30');
    my %searches = ('hosts' => 'Microsoft Virtual Console Service/', 'accounts by primary group' => "primaryGroupID\x04.\\d");
    for my $search (sort keys %searches) {
        my %second = (search => $searches{$search});
        proxy_rules({%second, page => 600, unpaged => JSON::PP::true()});
        not_ok(large(), "$search: the control is missing");
        for my $code (3, 4, 11, 51) {
            proxy_rules({%second, page => 600, result => $code, after => 300});
            not_ok(large(), "$search: result $code in the middle of a page");
        }
        proxy_rules({%second, hang_up => JSON::PP::true(), after => 999});
        not_ok(large(), "$search: the connection ends before the last entry of a page");
    }
};

# Things really go away while pages are read.
subtest 'entries that vanish' => sub {
    my $runs = 0;
    my $meanwhile = sub {
        my ($search, $ldif) = @_;
        my $file = spew("$tmp/meanwhile.ldif", $ldif);
        $runs++;
        proxy_rules({search => $search, run => "large $runs", meanwhile => "lab-ldb --controls=relax:0 $file"});
        return large();
    };
    my $gone = $meanwhile->("distinguishedName\x04..?CN=member", "dn: CN=member1500,$unit\nchangetype: delete\n");
    not_ok($gone, 'a member');
    has_finding($gone, 'unreadable', "CN=member1500,$unit", 'member', 'is named');
    my $fewer = large();
    is_deeply([$fewer->{state}, scalar @{$fewer->{admins}}], ['OK', $MEMBERS + $PRIMARY + 5], 'one fewer from now on');
    proxy_rules({drop => '^CN=member777,'});
    has_finding(large(), 'unreadable', "CN=member777,$unit", 'member', 'one that is hidden is named');
};

done_testing;
