#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The section of the README on the account of the check, followed word by word in a domain
# of Samba's, of another name: the account that its commands make reads everything, loses
# what the README says when the domain is hardened, and gets it back by the commands there.
use strict;
use warnings;

use FindBin qw($Bin);
use lib "$Bin/../lib";
use Lab;
use Test::More;

enter_lab('healthy');

my $base = $ENV{LAB_BASE};
my ($section) = slurp("$Bin/../../README") =~ /^The account of the check\n-+\n(.*?)^\S[^\n]*\n---/ms
    or BAIL_OUT('the README has no such section');

# The commands for a Samba domain controller, a text for each time that they are given.
my @commands = $section =~ /^On a Samba domain controller:\n\n((?:    .*\n)+)/mg;
is(scalar @commands, 2, 'to make the account, and to give it its rights');

# Types what the README says, in this domain.
sub follow {
    my ($text) = @_;
    $text =~ s/\bDC=example,DC=com\b/$base/g;
    $text =~ s/\bexample\.com\b/$ENV{LAB_DOMAIN}/g;
    $text =~ s/\bEXAMPLE\.COM\b/$ENV{LAB_REALM}/g;
    note($text);
    return lab_command({environment => {SMB_CONF_PATH => $ENV{LAB_SMBCONF}}}, 'bash', '-euc', $text);
}

lab_command('samba-tool', 'user', 'delete', 'svc-monitor', '-s', $ENV{LAB_SMBCONF});
follow($commands[0]);
my @run = ('-D', $ENV{LAB_DOMAIN}, '-l', 'svc-monitor', '-k', "$tmp/svc-monitor.keytab");

sub healthy {
    my ($name) = @_;
    my $report = report(@run);
    is_deeply([$report->{state}, $report->{origin}{complete}, scalar @{$report->{findings}}], ['OK', JSON::PP::true(), 0],
        "$name: all is readable") or diag($report->{summary});
    is(scalar(grep { !defined $_->{not_delegated} } @{$report->{admins}}), 0, "$name: of every admin");
    return;
}

healthy('an ordinary account');
unlike(lab_command('ldbsearch', '-H', "$ENV{LAB_DIR}/dc1/private/sam.ldb", '(sAMAccountName=svc-monitor)', 'memberOf', 'adminCount'),
    qr/^(?:memberOf|adminCount):/m, 'and in no other group');

lab_command('lab-hide-uac', 'hide');
my $hardened = report(@run);
not_ok($hardened, 'hardened: not OK');
has_finding($hardened, 'unreadable', 'adm-anna', 'userAccountControl', 'the finding that the README names');

follow($commands[1]);
healthy('with the rights of the README');
my ($sid) = lab_command('ldbsearch', '-H', "$ENV{LAB_DIR}/dc1/private/sam.ldb", '(sAMAccountName=svc-monitor)', 'objectSid') =~ /^objectSid: (\S+)/m;
my $holder = lab_command('samba-tool', 'dsacl', 'get', '--objectdn', "CN=AdminSDHolder,CN=System,$base", '-s', $ENV{LAB_SMBCONF});
is(scalar(() = $holder =~ /\(OA;;RP;[0-9a-f-]+;;\Q$sid\E\)/g), 2, 'AdminSDHolder has them for protected accounts');

subtest 'signing is demanded' => sub {
    lab_command('lab-dc', 'restart', '--option', 'ldap server require strong auth=yes');
    healthy('gssapi');
    refused({}, [@run, '--transport', 'ldaps', '--ca-file', $ENV{LAB_CA}], qr/demands signing: use --transport gssapi/, 'over TLS');
};

done_testing;
