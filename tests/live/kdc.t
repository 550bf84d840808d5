#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# --kdc against a real KDC: what it does is believed, not what the directory says. Samba's
# KDC takes no notice of Protected Users, so that one disagreement is there by itself; the
# others are made. What keeps the check from asking, or the KDC from answering, is said
# each time and never OK.
use strict;
use warnings;

use Encode qw(encode);
use FindBin qw($Bin);
use lib "$Bin/../lib";
use IO::Select;
use IO::Socket::INET;
use Lab;
use MIME::Base64 qw(encode_base64);
use Test::More;
use Time::HiRes qw(sleep);

enter_lab('healthy');

my $base = $ENV{LAB_BASE};
my $monitor = "CN=svc-monitor,OU=Service Accounts,$base";
my $migration = 'Microsoft Virtual System Migration Service';
my ($normal, $sensitive, $any_protocol, $unconstrained, $computer) = (0x10200, 0x100000, 0x1000000, 0x80000, 0x1000);
my @admins = qw(Administrator adm-anna adm-bernd adm-clara adm-david adm-emil);

# What the login asks the KDC for, before any question: twice for its own ticket (without
# and with proof of its key), once for the directory.
my $login_requests = 3;

sub modify {
    my ($dn, $attribute, @values) = @_;
    my $lines = join '', map { "$attribute: $_\n" } @values;
    change("dn: $dn\nchangetype: modify\nreplace: $attribute\n$lines");
    return;
}

sub flags {
    my ($dn, $flags) = @_;
    modify($dn, 'userAccountControl', $flags);
    return;
}

sub admin_flags { flags("CN=$_[0],OU=Admins,$base", $normal | $_[1]); return }
sub host_flags { flags("CN=$_[0],OU=Hyper-V,$base", $computer | $any_protocol | $_[1]); return }

# The sentence of kdc-unproven, '' where it is not found.
sub doubt {
    my ($report) = @_;
    my ($finding) = finding($report, 'kdc-unproven', $ENV{LAB_DOMAIN});
    return $finding ? $finding->{detail} : '';
}

sub kdc_findings {
    my ($report) = @_;
    return map { join ' ', grep { defined } @{$_}{qw(rule subject object)} }
        grep { $_->{rule} =~ /^kdc-/ } @{$report->{findings}};
}

sub is_unproven {
    my ($report, $why, $name) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    like(doubt($report), $why, $name);
    isnt($report->{state}, 'OK', "$name: not OK");
    return;
}

# ---- a KDC that we stand before ----------------------------------------------------

my $hosts_file = "$ENV{LAB_DIR}/etc/hosts";
my $hosts_before = slurp($hosts_file);

# Carries bytes between a client and a port of the controller until one of them ends.
sub relay {
    my ($client, $port) = @_;
    my $server = IO::Socket::INET->new(PeerAddr => $ENV{LAB_DC_ADDRESS}, PeerPort => $port) or return;
    my $select = IO::Select->new($client, $server);

    while (my @ready = $select->can_read) {
        for my $from (@ready) {
            my $to = $from == $client ? $server : $client;
            sysread($from, my $bytes, 65536) or return;
            syswrite($to, $bytes);
        }
    }
    return;
}

# Stands before the controller while code runs: each request to its KDC is counted, and
# before is called with its number (from 1 on); where that is true, the request goes on.
# Returns how many there were.
sub with_relay {
    my ($before, $code) = @_;
    my $log = spew("$tmp/kdc.requests", '');
    my $count = 0;
    my (undef, $ldap) = listener(sub { my ($client) = @_; fork // die or do { relay($client, 389); exit }; }, 389);
    my (undef, $kdc) = listener(sub {
        my ($client) = @_;
        spew($log, ++$count);
        relay($client, 88), close $client if $before->($count, $client);
    }, 88);

    spew($hosts_file, $hosts_before . "192.0.2.1 $ENV{LAB_DC}\n");
    $code->();
    spew($hosts_file, $hosts_before);
    stop($_) for $ldap, $kdc;
    return slurp($log) || 0;
}

# ---- admins ------------------------------------------------------------------------

subtest 'what the account of the check needs' => sub {
    my @kdc = by_keytab('--kdc', '--only', 'admins');

    is(report(by_keytab())->{state}, 'OK', 'without --kdc the domain is OK');
    my $report = report(@kdc);
    is_unproven($report, qr/^svc-monitor has no service principal name/, 'an SPN');
    is(scalar kdc_findings($report), 1, 'that is all that is said');
    modify($monitor, 'servicePrincipalName', 'check/monitor');
    # a rule of Samba's own: no forwardable ticket for who has no protocol transition
    is_unproven(report(@kdc), qr/^the ticket of the control account \S+ is not forwardable either/,
        'the control account comes back forwardable');
    flags($monitor, $normal | $any_protocol);
    is(doubt(report(@kdc)), '', 'with both, nothing is unproven');
    modify($monitor, 'msDS-AllowedToDelegateTo', 'cifs/hv01');
    is_unproven(report(@kdc), qr/^svc-monitor has delegation targets of its own/, 'no targets of its own');
    modify($monitor, 'msDS-AllowedToDelegateTo');
    flags($monitor, $normal | $any_protocol | $sensitive);
    is_unproven(report(@kdc), qr/^the ticket of \S+ is not forwardable, for that account is marked as sensitive/,
        'to be delegable itself');
    flags($monitor, $normal | $any_protocol);
};

subtest 'its ticket' => sub {
    my @domain = ('-D', $ENV{LAB_DOMAIN}, '--kdc', '--only', 'admins', '--ccache');
    my ($plain, $forwardable, $kept) = map { "FILE:$tmp/$_" } qw(plain forwardable kept);

    lab_command('kinit', '-F', '-c', $plain, '-k', '-t', $ENV{LAB_KEYTAB}, $ENV{LAB_PRINCIPAL});
    lab_command('kinit', '-f', '-c', $forwardable, '-k', '-t', $ENV{LAB_KEYTAB}, $ENV{LAB_PRINCIPAL});
    my $report = report(@domain, $plain);
    is_unproven($report, qr/^the ticket of \Q$ENV{LAB_PRINCIPAL}\E is not forwardable \(kinit -f/, 'one that is not forwardable');
    is(finding($report, 'kdc-admin-forwardable'), 0, 'then nobody is asked for');
    is(doubt(report(@domain, $forwardable)), '', 'a forwardable one');
    report(by_keytab('--ccache', $kept));
    unlike(lab_command('klist', '-f', $kept), qr/Flags: \S*F/, 'without --kdc a forwardable one is not asked for');
    is(doubt(report(by_keytab('--kdc', '--only', 'admins', '--ccache', $kept))), '', 'with it, a kept one is renewed');
    is(doubt(report({environment => {KRB5_CLIENT_KTNAME => $ENV{LAB_KEYTAB}, KRB5CCNAME => "FILE:$tmp/client"}},
        '-D', $ENV{LAB_DOMAIN}, '--kdc', '--only', 'admins')), '', 'a client keytab gives a forwardable one, as --keytab does');
};

subtest 'admins' => sub {
    my @kdc = by_keytab('--kdc', '--only', 'admins');
    my $report = report(@kdc);

    is_deeply([kdc_findings($report)], ['kdc-admin-forwardable adm-emil'],
        'Protected Users alone do not keep this KDC from it, the bit does');
    is_deeply([$report->{state}, $report->{run}{exit}], ['CRITICAL', 2], 'that is CRITICAL');
    like((finding($report, 'kdc-admin-forwardable'))[0]{detail}, qr/^in Protected Users, but/, 'and the reason is said');
    is((grep { $_->{name} eq 'adm-emil' } @{$report->{admins}})[0]{protected}, JSON::PP::true(),
        'the directory is still reported as it is');
    like(check(@kdc, '--fix')->{stdout}, qr/^ +samba-tool user sensitive 'adm-emil' on /m, '--fix sets the bit');
    admin_flags('adm-emil', $sensitive);
    $report = report(@kdc);
    is_deeply([kdc_findings($report)], [], 'with the bit nothing is found');
    is($report->{state}, 'OK', 'and all is OK');
    modify("CN=adm-anna,OU=Admins,$base", 'accountExpires', '132000000000000000');
    is(doubt(report(@kdc)), '', 'an admin that has expired leaves no doubt');
    modify("CN=adm-anna,OU=Admins,$base", 'accountExpires', '0');
    admin_flags('adm-emil', 0);
};

subtest 'names of admins' => sub {
    my $group = "CN=Tier0 Admins,OU=Admins,$base";
    my @names = ("J\xC3\xBCrgen Wei\xC3\x9F", 'back@office', 'dot.ted', "o'hara");

    change("dn: CN=odd$_,OU=Admins,$base\nchangetype: add\nobjectClass: user\nsAMAccountName:: "
            . encode_base64($names[$_], '') . "\nuserAccountControl: $normal\n\n"
            . "dn: $group\nchangetype: modify\nadd: member\nmember: CN=odd$_,OU=Admins,$base\n\n"
            . "dn: CN=Protected Users,CN=Users,$base\nchangetype: modify\nadd: member\nmember: CN=odd$_,OU=Admins,$base\n")
        for 0 .. $#names;
    my $report = report(by_keytab('--kdc', '--only', 'admins'));
    is(doubt($report), '', 'the KDC knows them all');
    has_finding($report, 'kdc-admin-forwardable', Encode::decode('UTF-8', $_), undef, $_) for @names;
    change("dn: CN=odd$_,OU=Admins,$base\nchangetype: delete\n") for 0 .. $#names;
};

subtest 'control accounts' => sub {
    my @kdc = by_keytab('--kdc', '--only', 'admins', '--kdc-control');

    is(doubt(report(@kdc, 'user02')), '', 'one that is named');
    my $report = report(@kdc, 'adm-anna');
    is_unproven($report, qr/control account adm-anna is not forwardable either \(it is marked as sensitive itself\)/, 'a sensitive one');
    has_finding($report, 'kdc-admin-forwardable', 'adm-emil', undef, 'a forwardable ticket is proof all the same');
    is_unproven(report(@kdc, 'svc-disabled'), qr/control account svc-disabled: KDC policy rejects request/, 'a disabled one');
    is_unproven(report(@kdc, 'nobody'), qr/^no account has the name nobody \(--kdc-control\)/, 'nobody');
    is_unproven(report(@kdc, 'Tier0 Admins'), qr/^no account has the name Tier0 Admins/, 'a group');
    is_unproven(report(@kdc, '*'), qr/^no account has the name \*/, 'no pattern');
};

# ---- hosts and targets -------------------------------------------------------------

subtest 'hosts and targets' => sub {
    my @kdc = by_keytab('--kdc', '--only', 'hosts');
    my $report = report(@kdc);

    # the lab's computers never joined: they have no keys
    like(doubt($report), qr/^no ticket for 4 hosts, the first being hv01: KDC has no support for encryption type/,
        'no ticket for hosts without keys: unproven');
    is(finding($report, 'kdc-target-refused'), 24, 'nor for their services: refused');
    is($report->{state}, 'WARNING', 'and said so');
    like((finding($report, 'kdc-target-refused', 'hv01', "$migration/hv02"))[0]{detail}, qr/not found in Kerberos database/, 'with the words of the KDC');
    for my $host (map { "hv0$_" } 1 .. 4) {
        my $password = encode_base64(encode('UTF-16LE', "\"Key-of-the-Lab!$host\""), '');
        # Samba's KDC looks for the letters of a Kerberos tool, where blanks are escaped
        my $escaped = $migration =~ s/ /\\ /gr;

        change("dn: CN=$host,OU=Hyper-V,$base\nchangetype: modify\nreplace: unicodePwd\nunicodePwd:: $password\n-\n"
                . "add: servicePrincipalName\nservicePrincipalName: $escaped/$host\n"
                . "servicePrincipalName: $escaped/$host.$ENV{LAB_DOMAIN}\n");
    }
    $report = report(@kdc);
    is_deeply([$report->{state}, kdc_findings($report)], ['OK'], 'with keys and names the KDC agrees with the directory');
    change("dn: CN=hv02,OU=Hyper-V,$base\nchangetype: modify\ndelete: servicePrincipalName\n"
            . 'servicePrincipalName: ' . ($migration =~ s/ /\\ /gr) . "/hv02\n");
    $report = report(@kdc);
    is_deeply([kdc_findings($report)], [map { "kdc-target-refused hv0$_ $migration/hv02" } 1, 3, 4], 'one name is refused');
    $report = report(@kdc, '-n', 'hv03');
    is_deeply([kdc_findings($report)], ["kdc-target-refused hv03 $migration/hv02"], 'of one host');
    change("dn: CN=hv02,OU=Hyper-V,$base\nchangetype: modify\nadd: servicePrincipalName\n"
            . 'servicePrincipalName: ' . ($migration =~ s/ /\\ /gr) . "/hv02\n");
    host_flags('hv02', $unconstrained);
    $report = report(@kdc);
    has_finding($report, 'unconstrained-delegation', 'hv02', undef, 'unconstrained in the directory');
    is_deeply([kdc_findings($report)], [], 'the KDC does not disagree');
    host_flags('hv02', 0);
};

subtest 'a host that only the KDC calls unconstrained' => sub {
    my $report;

    # the directory was read, the questions begin: as if one controller had not yet heard
    with_relay(sub {
        my ($number) = @_;
        local $SIG{CHLD} = 'DEFAULT';    # a command is waited for
        host_flags('hv03', $unconstrained) if $number == $login_requests + 1;
        return 1;
    }, sub { $report = report(by_keytab('--kdc', '--only', 'hosts')) });
    is_deeply([kdc_findings($report)], ['kdc-host-unconstrained hv03'], 'found');
    is($report->{state}, 'CRITICAL', 'CRITICAL');
    is((grep { $_->{name} eq 'hv03' } @{$report->{hosts}})[0]{unconstrained}, JSON::PP::false(), 'the directory said no');
    host_flags('hv03', 0);
    is(report(by_keytab('--kdc', '--only', 'hosts'))->{state}, 'OK', 'gone with the bit');
};

# ---- how many, how long ------------------------------------------------------------

subtest 'one ticket, one request a question' => sub {
    my ($report, @all) = (undef, by_keytab('--kdc'));

    my $count = with_relay(sub { 1 }, sub { $report = report(@all) });
    is_deeply([kdc_findings($report)], ['kdc-admin-forwardable adm-emil'], 'the whole domain');
    is($count, $login_requests + 1 + @admins + 4 + 8, 'one login; the control account, admins, hosts and targets');
    $count = with_relay(sub { 1 }, sub { $report = report(@all, '--kdc-limit', 2) });
    is($count, $login_requests + 1 + 2, '--kdc-limit 2');
    is_unproven($report, qr/^16 of 18 admins, hosts and targets were not asked for \(--kdc-limit\)$/, 'the rest is counted');
    is_deeply([kdc_findings(report(@all, '--kdc-limit', 18))], ['kdc-admin-forwardable adm-emil'], 'just enough');
};

subtest 'a KDC that falls silent' => sub {
    my ($report, @all) = (undef, by_keytab('--kdc', '-t', 8));
    # the control account and the admins are answered, and one host
    my $answered = $login_requests + 1 + @admins + 1;

    with_relay(sub { $_[0] <= $answered }, sub { $report = report(@all) });
    is_unproven($report, qr/^no ticket for 3 hosts, the first being hv02: the time of the run was up \(-t\); no ticket for 8 targets/,
        'what was not answered is said');
    has_finding($report, 'kdc-admin-forwardable', 'adm-emil', undef, 'what was answered is kept');
    is(scalar @{$report->{hosts}}, 4, 'and what the directory said');

    with_relay(sub { $_[0] <= $login_requests or close $_[1] and 0 }, sub { $report = report(@all) });
    is_unproven($report, qr/^no ticket for the control account \S+: Cannot contact any KDC/, 'one that hangs up');
    like(doubt($report), qr/no ticket for 6 admins, .*Cannot contact.*no ticket for 4 hosts.*no ticket for 8 targets/, 'for all');
};

subtest 'the process that asks ends with the check' => sub {
    my ($answer, $child);

    # the one before it got the tickets of the login
    with_relay(sub { $_[0] <= $login_requests or spew("$tmp/asked", '') and 0 }, sub {
        $answer = check({while => sub {
            my ($pid) = @_;
            for (1 .. 1000) {
                last if -e "$tmp/asked" && (($child) = slurp("/proc/$pid/task/$pid/children") =~ /(\d+)/);
                sleep 0.02;
            }
            kill 'TERM', $pid;
        }}, by_keytab('--kdc', '-t', 60));
    });
    ok($child, 'there is one');
    like($answer->{stdout}, qr/\AHYPERV DELEGATION UNKNOWN - stopped by a signal.*tickets from the KDC at \S+\n\z/, 'one line');
    is($answer->{exit}, 3, 'UNKNOWN');
    for (1 .. 100) {
        last if !-e "/proc/$child";
        sleep 0.02;
    }
    ok(!-e "/proc/$child" || slurp("/proc/$child/status") =~ /^State:\s+Z/m, 'and it is gone');
};

subtest 'what else is reported stays the same' => sub {
    my ($with, $without) = (report(by_keytab('--kdc')), report(by_keytab()));

    $with->{findings} = [grep { $_->{rule} !~ /^kdc-/ } @{$with->{findings}}];
    $with->{$_} = $without->{$_} for qw(state summary);
    same_report($with, $without, 'but for what the KDC says');
    like(check(by_keytab('--kdc', '-vv', '--max-output', 20000))->{stdout}, qr/^[\d.]+ ms: 19 questions to the KDC at \Q$ENV{LAB_DC}\E; control account: hvop1$/m,
        '-vv tells how many questions there were');
    same_report(report(by_keytab('--kdc', '--transport', $_, '--ca-file', $ENV{LAB_CA})), report(by_keytab('--kdc')),
        "--transport $_ makes no difference") for qw(starttls ldaps);
    like(check('--ldif', '-', '--kdc')->{stdout}, qr/^UNKNOWN - --kdc makes no sense with --ldif/, 'not for an export');
};

done_testing;
