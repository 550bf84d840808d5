#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What the login may not see is never OK. userAccountControl is hidden (accounts come
# without it), members and groups are invisible: each time the healthy domain becomes
# UNKNOWN and says of what, and is OK again when the rights are back.
use strict;
use warnings;

use FindBin qw($Bin);
use lib "$Bin/../lib";
use Lab;
use Test::More;

enter_lab('healthy');

my $base = $ENV{LAB_BASE};
my $unit = "OU=Admins,$base";
my ($sid) = lab_command('ldbsearch', '-H', "$ENV{LAB_DIR}/dc1/private/sam.ldb", '(sAMAccountName=svc-monitor)', 'objectSid')
    =~ /^objectSid: (\S+)/m;
my @unprotected = map { "adm-$_" } qw(anna bernd clara david);

sub healthy {
    my ($name, @arguments) = @_;
    my $report = report(by_keytab(@arguments));
    is_deeply([$report->{state}, $report->{run}{exit}, scalar @{$report->{findings}}], ['OK', 0, 0], "$name: OK");
    return $report;
}

sub unknown {
    my ($name, @arguments) = @_;
    my $report = report(by_keytab(@arguments));
    is_deeply([$report->{state}, $report->{run}{exit}], ['UNKNOWN', 3], "$name: UNKNOWN");
    return $report;
}

sub admin {
    my ($report, $name) = @_;
    my ($found) = grep { $_->{name} eq $name } @{$report->{admins}};
    return $found || {};
}

sub perfdata {
    my ($report) = @_;
    return {map { $_->{label} => $_->{value} } @{$report->{perfdata}}};
}

# Denies svc-monitor something on an object while code runs.
sub without {
    my ($dn, $ace, $code) = @_;
    lab_command('sd.py', 'add', $dn, $ace);
    $code->();
    lab_command('sd.py', 'del', $dn, $ace);
    return;
}

healthy('before');

subtest 'userAccountControl is hidden everywhere' => sub {
    lab_command('lab-hide-uac', 'hide');
    my $report = unknown('hidden');
    for my $name (@unprotected, 'Administrator') {
        my $admin = admin($report, $name);

        has_finding($report, 'unreadable', $name, 'userAccountControl', "$name is unreadable");
        is_deeply([@{$admin}{qw(enabled not_delegated protected)}], [undef, undef, undef], "$name: nothing is known");
        is(finding($report, 'admin-unprotected', $name), 0, "$name is not said to be unprotected");
    }
    my $emil = admin($report, 'adm-emil');
    has_finding($report, 'unreadable', 'adm-emil', 'userAccountControl', 'a Protected User is unreadable too');
    ok(!defined $emil->{enabled} && !defined $emil->{not_delegated}, 'nothing is known of the account');
    ok($emil->{protected} && $emil->{protected_users}, 'but the group protects it all the same');
    is_deeply([@{perfdata($report)}{qw(admins admins_protected admins_unprotected)}], [6, 1, 0], 'counts of what is known');
    cmp_ok(perfdata($report)->{unreadable}, '>=', 6, 'and of what is not');
    is(scalar(grep { $_->{enabled} } @{$report->{hosts}}), 4, 'computers still are readable');

    my $nagios = check(by_keytab());
    like($nagios->{stdout}, qr/^HYPERV DELEGATION UNKNOWN - /, 'in the Nagios output too');
    like($nagios->{stdout}, qr/^\[UNKNOWN\] adm-anna.*userAccountControl/m, 'with the account and the attribute');
    unknown('--only admins', '--only', 'admins');
    healthy('--only hosts does not care', '--only', 'hosts');
    unknown('thresholds do not hide it', '-w', '100', '-c', '200');
    lab_command('lab-hide-uac', 'unhide');
    healthy('unhidden');
};

subtest 'userAccountControl of one computer is hidden' => sub {
    # the attribute's GUID; RP: read property
    my $hide = "(OD;;RP;bf967a68-0de6-11d0-a285-00aa003049e2;;$sid)";

    without("CN=hv02,OU=Hyper-V,$base", $hide, sub {
        my $report = unknown('host');
        my ($host) = grep { $_->{name} eq 'hv02' } @{$report->{hosts}};

        has_finding($report, 'unreadable', 'hv02', 'userAccountControl', 'the host is unreadable');
        is_deeply([@{$host}{qw(enabled unconstrained protocol_transition)}], [undef, undef, undef], 'nothing is known');
        is(finding($report, 'protocol-transition-missing'), 0, 'and nothing concluded');
    });
    without("CN=hv02,OU=Hyper-V,$base", "(D;;RP;;;$sid)", sub {
        my $report = report(by_keytab());
        not_ok($report, 'all of it but that it is there');
        ok(scalar(grep { $_->{subject} =~ /^(?:CN=)?hv02\b/i } finding($report, 'unreadable')), 'the host is named');
    });
    healthy('readable again');
};

subtest 'members that are invisible' => sub {
    my $group = "CN=Tier0 Admins,$unit";

    without("CN=adm-bernd,$unit", "(D;;RPLCLO;;;$sid)", sub {
        my $report = unknown('one member');
        has_finding($report, 'unreadable', "CN=adm-bernd,$unit", 'member', 'its DN is named');
        is_deeply(admin($report, 'adm-bernd'), {}, 'it is not listed');
        is(perfdata($report)->{admins}, 5, 'nor counted');
    });
    without($unit, "(D;CI;RPLCLO;;;$sid)", sub {
        my $report = unknown('the unit of all of them');
        has_finding($report, 'unreadable', $group, 'member', 'the invisible group is named');
    });
    healthy('visible again');
};

subtest 'privileged groups that can not be read' => sub {
    my $admins = "CN=Domain Admins,CN=Users,$base";
    my $member = "(OD;;RP;bf9679c0-0de6-11d0-a285-00aa003049e2;;$sid)";

    without($admins, "(D;;RPLCLO;;;$sid)", sub {
        my $report = unknown('an invisible group');
        ok(scalar(grep { "$_->{subject} @{[$_->{object} // '']}" =~ /-512 objectSid|Domain Admins.* member/i }
            finding($report, 'unreadable')), 'it is named');
    });
    for my $hidden (["CN=Account Operators,CN=Builtin,$base", qr/^S-1-5-32-548$/],
        ["CN=Schema Admins,CN=Users,$base", qr/-518$/]) {
        my ($dn, $subject) = @{$hidden};
        without($dn, "(D;;RPLCLO;;;$sid)", sub {
            my $report = unknown($dn);
            ok(scalar(grep { $_->{subject} =~ $subject } finding($report, 'unreadable')), 'it is named');
        });
    }
    without("CN=Administrators,CN=Builtin,$base", "(D;;RPLCLO;;;$sid)", sub {
        has_finding(unknown('Administrators are invisible'), 'unreadable', 'S-1-5-32-544', 'objectSid', 'they are named');
    });
    without("CN=Protected Users,CN=Users,$base", "(D;;RPLCLO;;;$sid)", sub {
        my $report = unknown('Protected Users are invisible');
        ok(scalar(grep { $_->{subject} =~ /-525$/ } finding($report, 'unreadable')), 'they are named');
        is(admin($report, 'adm-anna')->{protected}, JSON::PP::true(), 'who has the bit is protected');
        isnt(admin($report, 'adm-emil')->{protected}, JSON::PP::true(), 'who has not is not said to be');
    });
    without($admins, $member, sub {
        my $report = unknown('the members of a group');
        has_finding($report, 'unreadable', 'Domain Admins', 'member', 'a hidden list of members is no empty one');
    });
    # its members belong to no other group: only their memberOf gives it away
    without("CN=Tier0 Admins,$unit", $member, sub {
        my $report = unknown('the members of a nested group');
        has_finding($report, 'unreadable', 'Tier0 Admins', 'member', 'nor is that of a nested group');
    });
    without("CN=Protected Users,CN=Users,$base", $member, sub {
        my $report = unknown('the members of Protected Users');
        has_finding($report, 'unreadable', 'Protected Users', 'member', 'nor is theirs');
        is(admin($report, 'adm-emil')->{protected}, undef, 'who may be in it is not said to be unprotected');
    });
    healthy('all back');
};

subtest 'hosts that are invisible' => sub {
    without("OU=Hyper-V,$base", "(D;CI;RPLCLO;;;$sid)", sub {
        my $report = unknown('the unit of all hosts');
        has_finding($report, 'no-hosts', $ENV{LAB_DOMAIN}, undef, 'no host was found');
    });
    without("CN=hv03,OU=Hyper-V,$base", "(D;CI;RPLCLO;;;$sid)", sub {
        my $report = report(by_keytab('-n', 'hv03'));
        has_finding($report, 'host-missing', 'hv03', undef, 'a host that was named');
    });
    healthy('visible again');
};

done_testing;
