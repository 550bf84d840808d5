#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Drift in a live domain: a report is the baseline, the directory is changed, and each change
# is found with the time, the controller and the version that Samba's own decoder reads in
# the replication metadata; nothing is asked for them where nothing drifted.
use strict;
use warnings;

use FindBin qw($Bin);
use lib "$Bin/../lib";
use JSON::PP ();
use Lab;
use Test::More;

enter_lab('healthy');

my $base     = $ENV{LAB_BASE};
my $baseline = "$tmp/baseline.json";
my $hv02     = "CN=hv02,OU=Hyper-V,$base";
my $anna     = "CN=adm-anna,OU=Admins,$base";
my ($server) = $ENV{LAB_DC} =~ /^([^.]+)/;

# attribute number => {version, at, origin} of an object, decoded by Samba.
sub metadata {
    my ($dn) = @_;
    my $script = <<'PYTHON';
import json, sys, time, os
import ldb
from samba.auth import system_session
from samba.dcerpc import drsblobs
from samba.ndr import ndr_unpack
from samba.param import LoadParm
from samba.samdb import SamDB
configuration = LoadParm()
configuration.load(os.environ["LAB_SMBCONF"])
directory = SamDB(session_info=system_session(configuration), lp=configuration)
found = directory.search(sys.argv[1], ldb.SCOPE_BASE, attrs=["replPropertyMetaData"])[0]
blob = ndr_unpack(drsblobs.replPropertyMetaDataBlob, found["replPropertyMetaData"][0])
print(json.dumps({item.attid & 0xFFFFFFFF: {
    "version": item.version,
    "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(item.originating_change_time // 10**7 - 11644473600)),
    "origin": str(item.originating_invocation_id)} for item in blob.ctr.array}))
PYTHON
    return JSON::PP::decode_json(lab_command('/usr/bin/python3', '-c', $script, $dn));
}

# The number that Samba's schema gives to an attribute.
sub number {
    my ($attribute) = @_;
    my $script = <<'PYTHON';
import os, sys
from samba.auth import system_session
from samba.param import LoadParm
from samba.samdb import SamDB
configuration = LoadParm()
configuration.load(os.environ["LAB_SMBCONF"])
directory = SamDB(session_info=system_session(configuration), lp=configuration)
print(directory.get_attid_from_lDAPDisplayName(sys.argv[1]) & 0xFFFFFFFF)
PYTHON
    chomp(my $number = lab_command('/usr/bin/python3', '-c', $script, $attribute));
    return $number;
}

sub drift {
    my ($report) = @_;
    return finding($report, 'drift');
}

# One test: the finding is there once, with what Samba tells of the attribute on dn.
sub drifted {
    my ($report, $subject, $object, $dn, $attribute, $event) = @_;
    my ($found) = finding($report, 'drift', $subject, $object);
    my $expected = metadata($dn)->{number($attribute)};

    ok($found, "$subject $object drifted") or return;
    is_deeply($found->{changed}, {version => $expected->{version}, at => $expected->{at}, on => uc $server},
        "$subject $object: when, where, version");
    my $sentence = "$attribute was last changed $expected->{at} on \U$server\E (version $expected->{version})";
    like($found->{detail}, qr/; \Q$sentence\E.*event $event /,
        "$subject $object: in the sentence");
    return;
}

sub modify {
    my ($dn, @lines) = @_;
    change(join "\n", "dn: $dn", 'changetype: modify', @lines, '', '');
    return;
}

my $first = report(by_keytab());
is($first->{state}, 'OK', 'a healthy domain');
spew($baseline, $first->{run}{stdout});

subtest 'nothing drifts at once, and nothing is asked' => sub {
    my $plain = check(by_keytab('-vv'));
    my $compared = check(by_keytab('-vv', '--baseline', $baseline));

    is_deeply([drift(report(by_keytab('--baseline', $baseline)))], [], 'no drift');
    is($compared->{exit}, 0, 'OK');
    my ($before, $after) = map { scalar(() = $_->{stdout} =~ / ms[,:]/g) } $plain, $compared;
    is($after, $before, "no request more ($after)");
};

subtest 'changes are found' => sub {
    sleep 1;    # the metadata count seconds
    modify($hv02, 'replace: userAccountControl', 'userAccountControl: 528384',
        '-', 'add: msDS-AllowedToDelegateTo', 'msDS-AllowedToDelegateTo: cifs/files01', '-');
    lab_command('samba-tool', 'delegation', 'add-principal', 'hv02$', 'hv01$', '-s', $ENV{LAB_SMBCONF},
        '-H', "$ENV{LAB_DIR}/dc1/private/sam.ldb");
    modify($anna, 'replace: userAccountControl', 'userAccountControl: 514', '-');

    my $report = report(by_keytab('--baseline', $baseline));
    drifted($report, 'hv02', 'unconstrained', $hv02, 'userAccountControl', 4742);
    drifted($report, 'hv02', 'protocol_transition', $hv02, 'userAccountControl', 4742);
    drifted($report, 'hv02', 'targets', $hv02, 'msDS-AllowedToDelegateTo', 4742);
    drifted($report, 'hv02', 'rbcd_trustees', $hv02, 'msDS-AllowedToActOnBehalfOfOtherIdentity', 4742);
    drifted($report, 'adm-anna', 'enabled', $anna, 'userAccountControl', 4738);
    drifted($report, 'adm-anna', 'not_delegated', $anna, 'userAccountControl', 4738);
    is(scalar(drift($report)), 6, 'and nothing else');
    my ($count) = map { $_->{value} } grep { $_->{label} eq 'drift' } @{$report->{perfdata}};
    is($count, 6, 'counted');

    my $trace = check(by_keytab('--baseline', $baseline, '-vv', '--max-output', 65536))->{stdout};
    is(scalar(() = $trace =~ /when an account was changed/g), 2, 'each account is asked for once');
    is(scalar(() = $trace =~ /domain controllers by invocation id/g), 1, 'the controllers too');
};

subtest 'membership has no such metadata' => sub {
    modify("CN=Protected Users,CN=Users,$base", 'add: member', "member: $anna", '-');
    my $report = report(by_keytab('--baseline', $baseline, '--only', 'admins'));
    my ($found) = finding($report, 'drift', 'adm-anna', 'protected_users');
    ok($found && !exists $found->{changed}, 'found, without time');
};

subtest 'metadata that are hidden' => sub {
    my ($sid) = lab_command('ldbsearch', '-H', "$ENV{LAB_DIR}/dc1/private/sam.ldb", '(sAMAccountName=svc-monitor)', 'objectSid')
        =~ /^objectSid: (\S+)/m;
    my $ace = "(OD;;RP;281416c0-1968-11d0-a28f-00aa003049e2;;$sid)";    # replPropertyMetaData

    lab_command('sd.py', 'add', $hv02, $ace);
    my ($found) = finding(report(by_keytab('--baseline', $baseline)), 'drift', 'hv02', 'targets');
    lab_command('sd.py', 'del', $hv02, $ace);
    ok($found && !exists $found->{changed}, 'the drift is found all the same');
    like($found->{detail}, qr/when and where msDS-AllowedToDelegateTo was changed can not be read/, 'and that is said');
};

subtest 'accepted' => sub {
    my $accepted = check(by_keytab('--baseline', $baseline, '--accept'));
    like($accepted->{stdout}, qr/^These facts are accepted as the new baseline\.$/m, 'it is said');
    like($accepted->{stdout}, qr/^\[WARNING\] hv02 -> targets: added cifs\/files01; .*\(drift\)$/m, 'what is accepted is shown');
    is($accepted->{exit}, 2, 'the exit code is that of the verdict');
    my $report = report(by_keytab('--baseline', $baseline));
    is_deeply([drift($report)], [], 'no drift after it');
    modify($hv02, 'delete: msDS-AllowedToDelegateTo', 'msDS-AllowedToDelegateTo: cifs/files01', '-');
    drifted(report(by_keytab('--baseline', $baseline)), 'hv02', 'targets', $hv02, 'msDS-AllowedToDelegateTo', 4742);
};

done_testing;
