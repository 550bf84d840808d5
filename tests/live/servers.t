#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# --all-servers at a domain with two controllers, the second one joined as any other is.
# While both hold the same, nothing is found; then replication is stopped and each is
# changed by itself: each difference is found with what both say, and what is wrong on one
# of them alone is found as well. A controller that fails is named and never OK.
use strict;
use warnings;

use FindBin qw($Bin);
use lib "$Bin/../lib";
use Lab;
use Test::More;
use Time::HiRes qw(sleep);

enter_lab('healthy');

my $base = $ENV{LAB_BASE};
my $dc1  = $ENV{LAB_DC};
my $dc2  = "dc2.$ENV{LAB_DOMAIN}";
my $hv02 = "CN=hv02,OU=Hyper-V,$base";

sub change_dc2 {
    my ($ldif) = @_;
    return lab_command({stdin => $ldif}, 'lab-dc2', 'change');
}

sub replace {
    my ($dn, $attribute, @values) = @_;
    return "dn: $dn\nchangetype: modify\nreplace: $attribute\n" . join('', map { "$attribute: $_\n" } @values) . "\n";
}

# One test: the finding is there, and its detail says so.
sub disagree {
    my ($report, $subject, $object, $detail) = @_;
    my @found = finding($report, 'servers-disagree', $subject, $object);
    is(scalar @found, 1, "$subject, $object: the controllers disagree")
        && like($found[0]{detail}, $detail, "$subject, $object: who says what");
    return;
}

my $single = report(by_keytab());
is($single->{state}, 'OK', 'one controller: OK');
my $alone = report(by_keytab('--all-servers'));
same_report($alone, $single, '--all-servers with a single controller is the same');
same_report(report('-D', "$ENV{LAB_DOMAIN}.", '-l', $ENV{LAB_PRINCIPAL}, '-k', $ENV{LAB_KEYTAB}, @$_), $single,
    "the domain with its final dot, @$_") for [], ['--all-servers'];

# the password is read once, wherever it comes from
my $by_password = report({stdin => slurp($ENV{LAB_PASSWORD_FILE})}, '-H', $dc1, '-H', uc $dc1, '--transport', 'ldaps',
    '--ca-file', $ENV{LAB_CA}, '--bind-dn', $ENV{LAB_BIND_DN}, '--password-file', '-', '--all-servers');
is_deeply([$by_password->{state}, $by_password->{origin}{source}], ['OK', [$dc1, uc $dc1]], 'simple bind at each');

lab_command('lab-dc2', 'join');

subtest 'both hold the same' => sub {
    my $report = report(by_keytab('--all-servers'));

    is_deeply([$report->{state}, $report->{findings}], ['OK', []], 'OK, and nothing found');
    is_deeply($report->{origin}{source}, [$dc1, $dc2], 'both were asked');
    same_report($report, $single, 'and the facts are those of one');
    my @kdc = map { [map { [@{$_}{qw(rule subject object)}] } grep { $_->{rule} =~ /^kdc-/ } @{$_->{findings}}] }
        map { report(by_keytab('--kdc', @$_)) } ['--all-servers'], ['-H', $dc1];
    is_deeply($kdc[0], $kdc[1], 'the KDC that is asked besides is that of the first one');
    my $named = report('-H', $dc2, '-H', $dc1, '-l', $ENV{LAB_PRINCIPAL}, '-k', $ENV{LAB_KEYTAB}, '--all-servers');
    is_deeply([$named->{state}, $named->{findings}, $named->{origin}{source}], ['OK', [], [$dc2, $dc1]],
        'named ones, the first of them judged');
};

lab_command('lab-dc2', 'part');
change_dc2(replace($hv02, 'userAccountControl', 0x1000 | 0x80000));
change_dc2(replace("CN=adm-anna,OU=Admins,$base", 'userAccountControl', 0x10200));
change_dc2(replace("CN=adm-bernd,OU=Admins,$base", 'servicePrincipalName', 'cifs/hv04'));
change_dc2("dn: CN=hv03,OU=Hyper-V,$base\nchangetype: modify\nadd: msDS-AllowedToDelegateTo\n"
        . "msDS-AllowedToDelegateTo: cifs/files\n\n");
change_dc2(<<"LDIF");
dn: CN=adm-new,OU=Admins,$base
changetype: add
objectClass: user
sAMAccountName: adm-new
userAccountControl: 66048

dn: CN=Domain Admins,CN=Users,$base
changetype: modify
add: member
member: CN=adm-new,OU=Admins,$base
member: CN=svc-monitor,OU=Service Accounts,$base

LDIF
change(replace('CN=adm-clara,OU=Admins,' . $base, 'userAccountControl', 0x10200 | 0x100000 | 2));

subtest 'each difference is found' => sub {
    my $report = report(by_keytab('--all-servers'));

    disagree($report, 'hv02', 'userAccountControl',
        qr/\Q$dc1\E: enabled, any authentication protocol; \Q$dc2\E: enabled, unconstrained delegation$/);
    disagree($report, 'adm-anna', 'userAccountControl', qr/\Q$dc1\E: enabled, sensitive.*; \Q$dc2\E: enabled$/);
    disagree($report, 'adm-bernd', 'servicePrincipalName', qr{\Q$dc1\E without cifs/hv04$});
    disagree($report, 'adm-clara', 'userAccountControl', qr/\Q$dc1\E: disabled, .*; \Q$dc2\E: enabled/);
    disagree($report, 'adm-new', 'objectSid', qr/\Q$dc1\E: not there.*; \Q$dc2\E: there$/);
    disagree($report, 'Domain Admins', 'member', qr/\Q$dc1\E without svc-monitor$/);
    disagree($report, 'hv03', 'msDS-AllowedToDelegateTo', qr{\Q$dc1\E without cifs/files$});
    is(finding($report, 'servers-disagree'), 7, 'and no other');
    is($report->{state}, 'CRITICAL', 'the worst is not hidden');
    for ([qw(unconstrained-delegation hv02)], [qw(admin-unprotected adm-anna)], [qw(admin-unprotected adm-new)],
         [qw(admin-unprotected svc-monitor)], [qw(target-unknown hv03 cifs/files)]) {
        my ($found) = finding($report, @$_);
        like($found ? $found->{detail} : 'nothing', qr/^as \Q$dc2\E has it: /, "@$_: of the other controller");
    }
    my ($host) = grep { $_->{name} eq 'hv02' } @{$report->{hosts}};
    ok(!$host->{unconstrained}, 'the facts are those of the first controller');
    is_deeply([grep { $_->{rule} =~ /unreadable|incomplete/ } @{$report->{findings}}], [], 'all was read');

    my $again = report(by_keytab('--all-servers'));
    same_report($again, $report, 'the same twice');
};

subtest 'what is not to be judged is not found' => sub {
    is_deeply([map { $_->{subject} } finding(report(by_keytab('--all-servers', '-n', 'hv02', '--only', 'hosts')),
        'servers-disagree')], ['adm-bernd', 'hv02'], '-n: that host and who owns its targets');
    spew("$tmp/policy.ini", "[hosts]\nexclude = hv02 hv03\n[admins]\nexempt = adm-*\n[rules]\nservers-disagree = critical\n");
    my $report = report(by_keytab('--all-servers', '--policy', "$tmp/policy.ini"));
    is_deeply([map { "$_->{subject} $_->{state}" } finding($report, 'servers-disagree')], ['Domain Admins CRITICAL'],
        'excluded hosts and exempt accounts are silent, and the policy sets the state');
};

subtest 'commands that mend it' => sub {
    my $report = report(by_keytab('--all-servers', '--fix'));
    for my $finding (grep { $_->{subject} =~ /^(?:hv02|adm-new)$/ } @{$report->{findings}}) {
        like("@{$finding->{fix}}", qr/repadmin .*samba-tool drs showrepl \Q$dc1\E/, "$finding->{rule}: replication first");
    }
};

subtest 'a baseline is compared with the first controller' => sub {
    for my $server ($dc1, $dc2) {
        my @login = ('-l', $ENV{LAB_PRINCIPAL}, '-k', $ENV{LAB_KEYTAB});
        spew("$tmp/baseline.json", check('-H', $server, @login, '--output-format', 'json')->{stdout});
        my $report = report(by_keytab('--all-servers', '--baseline', "$tmp/baseline.json"));
        my @drift  = grep { $_->{object} && $_->{object} eq 'unconstrained' } finding($report, 'drift', 'hv02');
        is(scalar @drift, $server eq $dc2 ? 1 : 0, "a baseline of $server");
    }
};

# One test: dc2 fails; the other one is judged and it is said.
sub fails {
    my ($name, $cause, @more) = @_;
    subtest $name => sub {
        my $report = report(by_keytab('--all-servers', '--only', 'hosts', @more));
        my ($found) = finding($report, 'incomplete', $dc2);

        is_deeply([$report->{state}, $report->{run}{exit}], ['UNKNOWN', 3], 'UNKNOWN');
        like($found ? $found->{detail} : 'nothing', $cause, 'and why');
        is_deeply($report->{origin}{source}, [$dc1], 'the other one was read');
        is(scalar @{$report->{hosts}}, 4, 'and judged');
        ok(!$report->{run}{timed_out} && $report->{run}{stdout} !~ /no answer after/, 'within the deadline');
    };
    return;
}

# In front of dc1 from here on; it changes nothing but where it is told to.
my $proxy = start_proxy();

subtest 'a conversation that is cut' => sub {
    for my $bytes (sample(2, 2_000, 5_000, 8_000, 12_000)) {
        proxy_rules({bytes => $bytes});
        my $report = report(by_keytab('--all-servers'));
        not_ok($report, "after $bytes bytes: said");
        has_finding($report, 'incomplete', $dc1, undef, 'which controller');
        is($report->{origin}{source}[0], $dc2, 'the one that was read whole is judged');
        ok(!$report->{origin}{complete}, 'but not all of them was read');
        has_finding($report, 'unconstrained-delegation', 'hv02', undef, 'and what it holds is found');
        is(grep({ $_->{detail} =~ /\Q$dc1\E: not there/ } finding($report, 'servers-disagree')), 0,
            'what was not read is not missing');
    }
    proxy_rules({});
    is(finding(report(by_keytab('--all-servers')), 'servers-disagree'), 7, 'uncut again');
};

# One of them stands still in the middle, which holds up nobody but itself.
subtest 'all but the first at the same time' => sub {
    my @login = ('--transport', 'ldaps', '--ca-file', $ENV{LAB_CA}, '--bind-dn', $ENV{LAB_BIND_DN},
        '--password-file', $ENV{LAB_PASSWORD_FILE}, '--all-servers', '-t', 60);
    proxy_rules({run => 'one'});
    my $single = report(@login, '-H', $dc1);
    sleep 0.3;    # the proxy has noted the end of the connection
    my ($bytes) = (slurp("$tmp/proxy.log") =~ /^run (\d+)$/mg)[-1];
    proxy_requests();
    proxy_rules({run => 'all', at => int 2.5 * $bytes, stall => 2});
    my $report = report(@login, map { ('-H', $_) } my @names = ($dc1, uc $dc1, ucfirst $dc1, lcfirst uc $dc1));
    is_deeply($report->{origin}{source}, \@names, 'all were read');
    same_report($report, $single, 'and hold the same');
    sleep 0.3;
    my ($open, $most) = (0, 0);
    for my $request (map { (split)[0] } split /\n/, slurp("$tmp/proxy.log")) {
        $open += $request eq 'bind' ? 1 : $request eq 'unbind' ? -1 : 0;
        $most = $open if $open > $most;
    }
    cmp_ok($most, '>', 1, 'more than one conversation at a time');
    proxy_rules({});
};

subtest 'many dead ones' => sub {
    my @dead  = map { "dead$_.$ENV{LAB_DOMAIN}" } 1 .. 6;
    my $hosts = "$ENV{LAB_DIR}/etc/hosts";
    spew($hosts, slurp($hosts) . join '', map { "192.0.2.99 $_\n" } @dead);
    my $report = report('-l', $ENV{LAB_PRINCIPAL}, '-k', $ENV{LAB_KEYTAB}, '--all-servers', '-t', '20',
        map { ('-H', $_) } @dead[0 .. 2], $dc1, @dead[3 .. 5], $dc2);
    is_deeply($report->{origin}{source}, [$dc1, $dc2], 'the others were read');
    has_finding($report, 'incomplete', $_, undef, "$_ is said") for @dead;
    is(finding($report, 'servers-disagree'), 7, 'and compared');
};

subtest 'a frozen KDC' => sub {
    lab_command('lab-dc2', 'freeze-kdc');
    my $report = report(by_keytab('--all-servers', '-t', '20'));
    is_deeply($report->{origin}{source}, [$dc1, $dc2], 'the other one issues the ticket for its controller');
    is(finding($report, 'servers-disagree'), 7, 'which is compared');
    lab_command('lab-dc2', 'thaw');
};

subtest 'a controller that the first one does not know' => sub {
    change(replace("CN=DC2,OU=Domain Controllers,$base", 'servicePrincipalName', 'HOST/DC2'));
    my $report = report(by_keytab('--all-servers'));
    is_deeply($report->{origin}{source}, [$dc1, $dc2], 'its own KDC issues the ticket');
};

lab_command('lab-dc2', 'freeze');
fails('frozen', qr/no answer of the KDC .* for/);
refused({within => 20}, ['-H', $dc2, '-l', $ENV{LAB_PRINCIPAL}, '-k', $ENV{LAB_KEYTAB}, '--all-servers', '-t', '3'],
    qr/- \Q$dc2\E: no answer of the KDC .* for/, 'none but a frozen one');
lab_command('lab-dc2', 'thaw');
lab_command('lab-dc2', 'blackhole');
fails('black hole', qr/timed out/i);
lab_command('lab-dc2', 'unblackhole');
lab_command('lab-dc2', 'stop');
fails('stopped', qr/refused/);
lab_command('lab-dc', 'stop');
refused({}, ['-H', $dc1, '-H', $dc2, '-l', $ENV{LAB_PRINCIPAL}, '-k', $ENV{LAB_KEYTAB}, '--all-servers'],
    qr/\Q$dc1\E: .*; \Q$dc2\E: /, 'none: each is named');
lab_command('lab-dc', 'start');

subtest 'a refused login is not tried again' => sub {
    my $answer = refused({}, ['-H', $dc1, '-H', $dc2, '-l', $ENV{LAB_PRINCIPAL}, '-k', $ENV{LAB_KEYTAB_STALE},
        '--all-servers'], qr/\Q$dc1\E: .*; \Q$dc2\E: not asked, since the login failed at \Q$dc1\E/, 'stale keytab');
};

done_testing;
