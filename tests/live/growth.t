#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# How the cost of a run grows with the directory, counted: LDAP requests, round trips and bytes
# of asking a server with domains of several sizes (OpenLDAP's slapd, which is filled in a
# moment), and, with TESTS_LONG, instructions of judging. Small sizes, at which a request for
# each entry, or a step of the square of something, shows already; tests/bench/growth prints
# the large ones.
use strict;
use warnings;

use FindBin qw($Bin);
use lib "$Bin/../lib";
use Lab;
use Test::More;

enter_lab('bare');

my $LIMIT = 'limits users size.soft=1000 size.hard=1000 size.pr=1000 size.prtotal=unlimited';    # as Active Directory
my @login = ('-D', $ENV{LAB_DOMAIN}, '-H', $ENV{LAB_SLAPD}, '--transport', 'ldaps', '--ca-file', $ENV{LAB_CA},
    '--bind-dn', $ENV{LAB_BIND_DN}, '--password-file', $ENV{LAB_PASSWORD_FILE}, '-t', 300);

# A domain of so many hosts, admins (in groups of a hundred, each inside of the one before)
# and other accounts.
sub domain {
    my ($hosts, $admins, $others) = @_;
    lab_command('lab-slapd', 'stop') if -e "$ENV{LAB_DIR}/slapd";
    lab_command('lab-slapd', 'build', $hosts, $admins, $others);
    lab_command('lab-slapd', 'start', '--setting', $LIMIT);
    return;
}

# What a run costs: requests, round_trips, entries, sent, received.
sub cost {
    my ($name) = @_;
    my $answer;
    my $cost = count_packets(sub { $answer = check(@login, '-vv', '--max-output', 10_000_000) });

    is($answer->{exit}, 0, "$name: OK") or diag($answer->{stdout});
    @$cost{qw(requests round_trips)} = $answer->{stdout} =~ /^(\d+) LDAP requests, (\d+) round trips$/m;
    $cost->{entries} = 0;
    $cost->{entries} += $1 while $answer->{stdout} =~ /^[\d.]+ ms, (\d+) entr/mg;
    note(sprintf '%s: %d requests in %d round trips, %d entries, %d bytes sent, %d received',
        $name, @$cost{qw(requests round_trips entries sent received)});
    return $cost;
}

# All groups of admins side by side in Domain Admins.
sub flatten {
    my ($groups) = @_;
    my $domain_admins = "CN=Domain Admins,CN=Users,$ENV{LAB_BASE}";
    my @tiers = map { sprintf "CN=tier%04d,OU=Admins,%s", $_, $ENV{LAB_BASE} } 0 .. $groups - 1;
    my @changes = map { ("dn: $domain_admins\nchangetype: modify\nadd: member\nmember: $tiers[$_]\n",
        "dn: $tiers[$_ - 1]\nchangetype: modify\ndelete: member\nmember: $tiers[$_]\n",
        "dn: $tiers[$_]\nchangetype: modify\nreplace: memberOf\nmemberOf: $domain_admins\n") } 1 .. $groups - 1;
    lab_command({stdin => join "\n", @changes}, 'lab-slapd', 'change');
    return;
}

domain(8, 50, 0);
my $small = cost('8 hosts, 50 admins');

subtest 'other accounts cost nothing' => sub {
    domain(8, 50, 2500);
    my $others = cost('2,500 other accounts');
    is($others->{$_}, $small->{$_}, "as many $_ as without them") for qw(requests round_trips entries);
    # a cookie or a number may be a byte longer
    cmp_ok(abs($others->{$_} - $small->{$_}), '<', 1000, "as many bytes $_") for qw(sent received);
};

subtest 'hosts' => sub {
    domain(40, 50, 0);
    my $hosts = cost('40 hosts');
    # six service principal names for each host, a hundred at once
    cmp_ok($hosts->{requests}, '<=', $small->{requests} + 2, 'one request for a hundred names more');
    is($hosts->{round_trips}, $small->{round_trips}, 'in as many round trips');
    my $HEAD = 2;    # of a value in BER
    my $OTHER_ATTRIBUTES = 1.3;
    my $list = 0;
    for my $class ('cifs', 'Microsoft Virtual System Migration Service') {
        $list += $HEAD + length "$class/$_" for 'hv0001', "hv0001.$ENV{LAB_DOMAIN}";
    }
    cmp_ok($hosts->{received} - $small->{received}, '<', $OTHER_ATTRIBUTES * (40 * 39 - 8 * 7) * $list,
        'each list of targets is sent once');
};

subtest 'admins' => sub {
    my $groups = 5;
    domain(8, 100 * $groups, 0);
    my $nested = cost('500 admins, one group inside of the other');
    # for each level: members, the group that is the hundred and first, its primary members
    cmp_ok($nested->{requests}, '<=', $small->{requests} + 3 * ($groups - 1), 'three requests for a level of a hundred');
    is($nested->{round_trips}, $small->{round_trips} + $groups - 1, 'one round trip for each level');

    flatten($groups);
    my $flat = cost('500 admins, groups side by side');
    cmp_ok($flat->{requests}, '<=', $small->{requests} + $groups, 'one request for a hundred members');
    is($flat->{round_trips}, $small->{round_trips}, 'no round trip more');
    is($flat->{entries}, $nested->{entries}, 'the same entries');
};

# ---- instructions ---------------------------------------------------------------------

# Instructions of a run that must judge.
sub instructions {
    my (@arguments) = @_;
    my $said = qx(valgrind --tool=callgrind --callgrind-out-file=/dev/null "$ENV{PLUGIN_PLAIN}" @{[map { "'$_'" } @arguments]} 2>&1);
    my ($count) = $said =~ /Collected : (\d+)/;
    ok($count && $said =~ /^HYPERV DELEGATION (?:OK|WARNING)/m, "@arguments[-2, -1]: judged") or diag($said);
    return $count || 1;
}

SKIP: {
    skip 'valgrind is not installed, or PLUGIN_PLAIN names no program', 1 if !$ENV{PLUGIN_PLAIN} || system('valgrind --version >/dev/null 2>&1');

    my $rootdse = spew("$tmp/rootdse.ldif", "dn:\ndefaultNamingContext: $ENV{LAB_BASE}\n"
        . "rootDomainNamingContext: $ENV{LAB_BASE}\ndomainControllerFunctionality: 7\n\n");
    # The arguments for an export of a domain of that size, changed by code.
    my $export = sub {
        my ($size, $change) = @_;
        my $ldif = lab_command('grown-domain', @$size);
        $change->() for $change ? $ldif : ();
        return ('--ldif', $rootdse, '--ldif', spew("$tmp/export.ldif", $ldif));
    };

    $ENV{TESTS_LONG} && subtest 'an export' => sub {
        # how much more the second step costs than the first: twice as much where what it grows
        # with is doubled twice
        my $growth = sub {
            my ($name, $limit, $change, @sizes) = @_;
            my @costs = map { instructions($export->($_, $change)) } @sizes;
            my $ratio = ($costs[2] - $costs[1]) / ($costs[1] - $costs[0]);
            note("$name: @costs, $ratio");
            cmp_ok($ratio, '<', $limit, "$name: no more than in proportion");
        };
        # four times as many targets: 528, 2,208 and 9,024
        my ($SQUARE, $DOUBLE) = (4.2, 2.1);
        my @hosts = ([12, 20, 0], [24, 20, 0], [48, 20, 0]);
        $growth->('hosts', $SQUARE, undef, @hosts);
        $growth->('disabled hosts', $SQUARE, sub { s/^userAccountControl: 16781312$/userAccountControl: 16781314/mg }, @hosts);
        $growth->('unknown targets', $SQUARE, sub { s/^(msDS-AllowedToDelegateTo: )cifs\/hv/$1http\/gone/mg }, @hosts);
        $growth->('admins', $DOUBLE, undef, [8, 400, 0], [8, 800, 0], [8, 1600, 0]);
        $growth->('other accounts', $DOUBLE, undef, [8, 20, 1000], [8, 20, 2000], [8, 20, 4000]);
    };

    subtest 'memory' => sub {
        my $peak = sub {
            my @arguments = $export->(@_);
            return (1024 * lab_command("$Bin/../bench/peak", $ENV{PLUGIN_PLAIN}, @arguments), -s $arguments[-1]);
        };
        my ($none, $none_size) = $peak->([2, 0, 0]);
        my %limit = ('targets' => [3, [80, 200, 0]], 'accounts' => [4, [8, 20, 10_000]]);
        for my $what (sort keys %limit) {
            my ($limit, $size) = @{$limit{$what}};
            my ($bytes, $file_size) = $peak->($size);
            my $ratio = ($bytes - $none) / ($file_size - $none_size);
            note("$what: $ratio bytes for each of the export");
            cmp_ok($ratio, '<=', $limit, "$what: $limit bytes at most for each of the export");
        }
    };

    # what is known of the hosts must not be gone through in every round
    $ENV{TESTS_LONG} && subtest 'a server' => sub {
        my %cost;
        for my $hosts (10, 30) {
            for my $groups (1, 6) {
                domain($hosts, 100 * $groups, 0);
                $cost{$hosts}{$groups} = instructions(@login);
            }
        }
        my %deep = map { $_ => $cost{$_}{6} - $cost{$_}{1} } 10, 30;
        note("five levels more, of 10 and of 30 hosts: $deep{10}, $deep{30}");
        cmp_ok($deep{30}, '<', 1.5 * $deep{10}, 'levels of groups cost the same, whatever the number of hosts');
    };
}

done_testing;
