#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Two realms: the lab's domain and other.test trust each other (lab/lab-trust). The login at the
# controller of other.test is by tickets that the KDCs of both give, that of the lab's own domain
# chosen and those of the other found by DNS; privileged members and targets of other.test are
# read there. Both are real forests, so that one is refused as a catalogue of the other, until
# lab-trust has that controller say to be of the same forest: so much Samba can not do.
use strict;
use warnings;

use FindBin qw($Bin);
use lib "$Bin/../lib";
use Lab;
use MIME::Base64 qw(encode_base64);
use RandomDomain;
use Test::More;

enter_lab('healthy');

my ($base, $dc1) = @ENV{qw(LAB_BASE LAB_DC)};
my ($address, $far) = ('192.0.2.13', 'DC=other,DC=test');
our $dc3 = 'dc3.other.test';
our @gc = ('--gc', $dc3);
my $administrators = "CN=Administrators,CN=Builtin,$base";
my %flags = (plain => 0x10200, marked => 0x110200, disabled => 0x10202);

sub change_far {
    my ($ldif) = @_;
    lab_command({stdin => "$ldif\n"}, 'lab-trust', 'change');
    return;
}

sub forest {
    my ($dn) = @_;
    lab_command('lab-trust', 'forest', $dn);
    return;
}

sub sid_of {
    my ($name) = @_;
    my $sid = lab_command('lab-trust', 'sid', $name);
    chomp $sid;
    die "no SID of $name" if $sid !~ /^S-1-5-21-/;
    return $sid;
}

# Members of Administrators by these SIDs, and no others of elsewhere.
my @members;

sub members {
    my (@sids) = @_;
    my $ldif = "dn: $administrators\nchangetype: modify\n";

    $ldif .= "delete: member\n" . join('', map { "member: CN=$_,CN=ForeignSecurityPrincipals,$base\n" } @members) . "-\n" if @members;
    @members = @sids;
    $ldif .= "add: member\n" . join('', map { "member: <SID=$_>\n" } @members) if @members;
    # Samba makes the foreignSecurityPrincipals, unless its checks are lifted
    lab_command({stdin => "$ldif\n"}, 'lab-ldb', '-');
    return;
}

sub set_far {
    my ($name, $kind) = @_;
    change_far("dn: CN=$name,CN=Users,$far\nchangetype: modify\nreplace: userAccountControl\nuserAccountControl: $flags{$kind}\n");
    return;
}

# "name enabled bit protected-users protected" of the admins that are not of the healthy domain.
my %own;

sub others {
    my ($report) = @_;
    my $word = sub { !defined $_[0] ? '?' : $_[0] ? 'y' : 'n' };
    return [map { "$_->{name} " . join '', map { $word->($_) } @{$_}{qw(enabled not_delegated protected_users protected)} }
            grep { !$own{$_->{name}} } @{$report->{admins}}];
}

sub details {
    my ($report, @what) = @_;
    return join "\n", map { "$_->{subject}: $_->{detail}" } finding($report, @what);
}

sub value {
    my ($report, $label) = @_;
    my ($item) = grep { $_->{label} eq $label } @{$report->{perfdata}};
    return $item->{value};
}

# The lab's krb5.conf, but DNS names no KDCs; and more lines.
sub kerberos {
    my ($more) = @_;
    my $lines = slurp($ENV{KRB5_CONFIG}) =~ s/dns_lookup_kdc = true/dns_lookup_kdc = false/r;
    return {KRB5_CONFIG => spew("$tmp/krb5.conf", $lines . $more)};
}

# ---- the two domains ---------------------------------------------------------------

my $before = report(by_keytab());
$own{$_->{name}} = 1 for @{$before->{admins}};
is($before->{state}, 'OK', 'the healthy domain is OK');
lab_command('lab-trust', 'make');
same_report(report(by_keytab()), $before, 'and the same with a trust');

change_far(join "\n",
    (map { "dn: CN=$_,CN=Users,$far\nchangetype: add\nobjectClass: user\nsAMAccountName: $_\nuserAccountControl: $flags{plain}\n" } qw(oadm deep)),
    "dn: CN=Wide,CN=Users,$far\nchangetype: add\nobjectClass: group\nsAMAccountName: Wide\ngroupType: -2147483640\n"
        . "member: CN=deep,CN=Users,$far\n",
    "dn: CN=osrv,CN=Computers,$far\nchangetype: add\nobjectClass: computer\nsAMAccountName: osrv\$\nuserAccountControl: 4096\n"
        . "dNSHostName: osrv.other.test\nservicePrincipalName: HOST/osrv.other.test\n");
my %sid = map { $_ => sid_of($_) } qw(oadm Wide Administrator osrv$), 'Domain Admins';
members($sid{oadm});

subtest 'a member of another forest' => sub {
    my $found = lab_command('ldbsearch', "--configfile=$ENV{LAB_SMBCONF}", '-H', "$ENV{LAB_DIR}/dc1/private/sam.ldb",
        "(objectSid=$sid{oadm})", 'objectClass', 'sAMAccountName');
    like($found, qr/^objectClass: foreignSecurityPrincipal$/m, 'stands there as a foreign security principal');
    unlike($found, qr/^sAMAccountName/m, 'without a name');

    my $report = report(by_keytab());
    not_ok($report, 'the catalogue of this forest');
    is_deeply(others($report), ["$sid{oadm} ????"], 'knows nothing of it');
    like(details($report, 'unreadable', $sid{oadm}), qr/the global catalogue \Q$dc1\E does not show it$/, 'and is named');
    my $fix = sub { join ' ', map { @{$_->{fix}} } finding(report(by_keytab('--fix', @_)), 'unreadable', $sid{oadm}) };
    like($fix->(), qr/no domain of this forest shows \Q$sid{oadm}\E: look at it in its own domain and exempt it/, 'what to do');
    like($fix->(@gc), qr/let the check reach the global catalogue of this forest \(--gc\), or look/, 'or where another was asked');
    for (['sealed'], ['ldaps', '--transport', 'ldaps', '--ca-file', $ENV{LAB_CA}]) {
        my ($name, @how) = @$_;
        $report = report(by_keytab(@gc, @how));
        not_ok($report, "a catalogue of the other forest, $name");
        like(details($report, 'unreadable', $sid{oadm}), qr/it is of the forest other\.test, not of hv\.example\.com$/, 'is none of this one');
        like(details($report, 'incomplete', $dc3), qr/it is of the forest other\.test/, 'so that nothing was read');
    }
};

forest($base);

subtest 'its facts over the trust' => sub {
    my $report = report(by_keytab(@gc));
    not_ok($report, 'without the mark');
    is_deeply(others($report), ['oadm@other.test yn??'], 'its protection is not known');
    like(details($report, 'unreadable', 'oadm@other.test', 'memberOf'), qr/lacks the mark.*\(other\.test\)/, 'and where to look');
    is_deeply($report->{origin}{source}, [$dc1, $dc3], 'both servers are named');

    set_far('oadm', 'disabled');
    $report = report(by_keytab(@gc));
    is_deeply([$report->{state}, others($report)], ['OK', ['oadm@other.test nn??']], 'disabled: not judged');
    is(value($report, 'admins_disabled'), value($before, 'admins_disabled') + 1, 'but counted');

    set_far('oadm', 'marked');
    $report = report(by_keytab(@gc));
    is($report->{state}, 'OK', 'marked: OK') or diag(details($report));
    is_deeply(others($report), ['oadm@other.test yy?y'], 'protected');
    is(value($report, 'admins_protected'), value($before, 'admins_protected') + 1, 'and counted');
    is_deeply([map { $_->{sid} } grep { $_->{name} eq 'oadm@other.test' } @{$report->{admins}}], [$sid{oadm}], 'by its SID');

    my $own = "FILE:$tmp/own";
    lab_command('kinit', '-c', $own, '-k', '-t', $ENV{LAB_KEYTAB}, $ENV{LAB_PRINCIPAL});
    for (
        ['with --all-servers', {}, by_keytab('--all-servers')],
        ['over LDAPS', {}, by_keytab('--transport', 'ldaps', '--ca-file', $ENV{LAB_CA})],
        ['over StartTLS', {}, by_keytab('--transport', 'starttls', '--ca-file', $ENV{LAB_CA})],
        ['by a controller that is named', {}, '-H', $dc1, '-l', $ENV{LAB_PRINCIPAL}, '-k', $ENV{LAB_KEYTAB}],
        ['by a cache of one\'s own', {environment => {KRB5CCNAME => $own}}, '-D', $ENV{LAB_DOMAIN}],
        ['by that cache, a controller named', {environment => {KRB5CCNAME => $own}}, '-H', $dc1],
    ) {
        my ($name, $how, @arguments) = @$_;
        same_report(report($how, @arguments, @gc), $report, "the same $name");
    }
};

subtest 'groups there, and RID 500' => sub {
    members($sid{Wide});
    is_deeply(others(report(by_keytab(@gc))), ['deep@other.test yn??'], 'a universal group is walked');
    set_far('deep', 'marked');
    my $report = report(by_keytab(@gc));
    is_deeply([$report->{state}, others($report)], ['OK', ['deep@other.test yy?y']], 'and its member judged') or diag(details($report));
    members($sid{'Domain Admins'});
    $report = report(by_keytab(@gc));
    not_ok($report, 'a global group');
    like(details($report, 'unreadable', 'Domain Admins@other.test', 'member'), qr/not universal, .*other\.test/, 'says why');
    members($sid{Administrator}, $sid{oadm});
    has_finding(report(by_keytab(@gc)), 'admin-unprotected', 'Administrator@other.test', undef, 'RID 500 without the mark');
    members($sid{oadm});
};

# ---- the KDCs ----------------------------------------------------------------------

subtest 'who is asked for tickets' => sub {
    my $ask = sub {
        my @arguments = @_;
        my $report;
        my $count = count_packets(sub { $report = report(@arguments, @gc) });
        return ($count, [grep { /kerberos/i } @{$count->{dns}}], $report->{state});
    };

    my ($count, $dns, $state) = $ask->(by_keytab());
    is($state, 'OK', 'the login works');
    is($count->{kdcs}{$address}, 1, 'the KDC there gives one ticket') or diag(explain($count));
    is($count->{as} + $count->{tgs} - 1, $count->{kdcs}{$ENV{LAB_DC_ADDRESS}}, 'all others are from that of this domain');
    is($count->{tgs}, 3, 'for each controller one, and one for the KDC there');
    is_deeply([grep { !/OTHER\.TEST/i } @$dns], [], 'of KDCs DNS is asked for those of the other realm alone');
    ok(scalar(grep { /^_kerberos\._(?:tcp|udp)\.OTHER\.TEST SRV/i } @$dns), 'which it names') or diag(explain($dns));

    my $kept = "FILE:$tmp/kept";
    my ($first) = $ask->(by_keytab('--ccache', $kept));
    is($first->{tgs}, 3, 'a kept cache: the same at first');
    ($count, $dns, $state) = $ask->(by_keytab('--ccache', $kept));
    is_deeply([@{$count}{qw(as tgs)}, $state, $dns], [0, 0, 'OK', []], 'then nobody is asked');

    my ($kdc, $kdc_dns) = $ask->(by_keytab('--kdc'));
    cmp_ok($kdc->{tgs}, '>', 10, 'many questions to the KDC (--kdc)');
    is_deeply([grep { !/OTHER\.TEST/i } @$kdc_dns], [], 'cost no more of DNS') or diag(scalar @$kdc_dns);

    my $report;
    $count = count_packets(sub {
        $report = report({environment => kerberos("[realms]\n    OTHER.TEST = {\n        kdc = $address\n    }\n")}, by_keytab(@gc));
    });
    is($report->{state}, 'OK', 'a krb5.conf may name it, where DNS must not');
    is_deeply([grep { /kerberos.*SRV/i } @{$count->{dns}}], [], 'and does not') or diag(explain($count->{dns}));
};

# Who trusts the other, as other.test has it: 1 the lab's domain, 2 other.test, 3 both.
sub direction {
    my ($direction) = @_;
    change_far("dn: CN=$ENV{LAB_DOMAIN},CN=System,$far\nchangetype: modify\nreplace: trustDirection\ntrustDirection: $direction\n");
    return;
}

# One test: nothing is known of the member, for a reason.
sub lost {
    my ($name, $cause, @arguments) = @_;
    subtest $name => sub {
        my $report = report(@arguments, @gc);
        not_ok($report, 'never OK');
        is_deeply(others($report), ["$sid{oadm} ????"], 'nothing is known');
        like(details($report, 'unreadable', $sid{oadm}), qr/the global catalogue \Q$dc3\E: .*$cause/, 'the member says why');
        like(details($report, 'incomplete', $dc3), qr/$cause/, 'and so does the catalogue');
    };
    return;
}

my $silent = qr/no answer of the KDC at \Q$ENV{LAB_DC_ADDRESS}\E \(port 88\) or one on the way to other\.test for [\d.]+ s/;

lab_command('lab-trust', 'freeze-kdc');
lost('a silent KDC there', $silent, by_keytab('-t', 6));
is(report(by_keytab(@gc, '--ccache', "FILE:$tmp/kept"))->{state}, 'OK', 'with a ticket that was kept it is not missed');
refused({}, ['-D', 'other.test', '-l', $ENV{LAB_PRINCIPAL}, '-k', $ENV{LAB_KEYTAB}, '-t', 4],
    qr/no answer of a KDC of HV\.EXAMPLE\.COM or one on the way to other\.test/, 'nor is anything judged there');
lab_command('lab-trust', 'thaw');

lost('no KDC there', qr/no ticket over a trust for ldap\/\Q$dc3\E: Cannot (?:find|contact any) KDC for .*realm.*OTHER\.TEST/,
    {environment => kerberos('')}, by_keytab());
{
    my $hosts = slurp("$ENV{LAB_DIR}/etc/hosts");
    local $dc3 = 'dc3.nowhere.test';
    local @gc = ('--gc', $dc3);
    spew("$ENV{LAB_DIR}/etc/hosts", "$hosts$address $dc3\n");
    lost('a domain that is not trusted', qr/knows no service ldap\/\Q$dc3\E: no trust leads to its domain, or/, by_keytab());
    spew("$ENV{LAB_DIR}/etc/hosts", $hosts);
}
direction(1);
lost('a trust of the other way only', qr/no ticket over a trust for ldap\/\Q$dc3\E: \S/, by_keytab());
direction(3);
is(report(by_keytab(@gc))->{state}, 'OK', 'both ways again');
lab_command('lab-trust', 'blackhole');
lost('a controller there that is gone', qr/no connection to port 3268|no answer/, by_keytab('-t', 6));
lab_command('lab-trust', 'unblackhole');

# ---- delegation to and from other.test ---------------------------------------------

subtest 'targets there' => sub {
    my $migration = 'Microsoft Virtual System Migration Service/osrv.other.test';
    my %target = (osrv => 'cifs/osrv.other.test', gone => 'cifs/gone.other.test', controller => "ldap/$dc3");
    my @judged = by_keytab('--policy', spew("$tmp/targets.ini", "[hosts]\nallow = " . join(', ', values %target) . "\n"));
    my $rules = sub { [sort map { ($_->{object} // '-') . ": $_->{rule}" } grep { $_->{rule} =~ /target/ } @{$_[0]{findings}}] };
    my $set = sub {
        my ($what) = @_;
        change("dn: CN=hv01,OU=Hyper-V,$base\nchangetype: modify\n$what: msDS-AllowedToDelegateTo\n"
            . join('', map { "msDS-AllowedToDelegateTo: $_\n" } values %target, $migration) . "\n");
    };

    $set->('add');
    my $report = report(@judged, @gc);
    is_deeply($rules->($report), ["$migration: target-unknown", 'cifs/gone.other.test: target-unknown', "ldap/$dc3: target-domain-controller"],
        'by who owns them there');
    like(details($report, 'target-domain-controller'), qr/owned by DC3\$\@other\.test/, 'who is named');
    is_deeply($rules->(report(by_keytab(@gc))), ["$migration: target-unknown", 'cifs/gone.other.test: target-unknown',
        'cifs/osrv.other.test: unexpected-target', "ldap/$dc3: target-domain-controller"], 'nor is any allowed by itself');
    is_deeply($rules->(report(@judged)), [map { "$_: target-unknown" } sort $migration, values %target], 'none is known of in this forest');
    lab_command('lab-trust', 'freeze-kdc');
    $report = report(@judged, @gc, '-t', 6);
    is_deeply($rules->($report), ["$migration: unexpected-target"], 'where the catalogue does not answer they are judged by name');
    not_ok($report, 'and it is said');
    like(details($report, 'incomplete', $dc3), $silent, 'why');
    lab_command('lab-trust', 'thaw');
    $set->('delete');
};

subtest 'a trustee of there' => sub {
    my $attribute = 'msDS-AllowedToActOnBehalfOfOtherIdentity';
    my $bytes = encode_base64(RandomDomain::descriptor([[0, 0, 0xf01ff, $sid{'osrv$'}]]), '');

    change("dn: CN=hv01,OU=Hyper-V,$base\nchangetype: modify\nreplace: $attribute\n${attribute}:: $bytes\n\n");
    for ([], \@gc) {
        my $report = report(by_keytab(@$_));
        has_finding($report, 'rbcd-unexpected-trustee', 'hv01', $sid{'osrv$'}, "is found by its SID: @$_");
        is($report->{state}, 'CRITICAL', 'CRITICAL');
    }
    my $policy = spew("$tmp/trustee.ini", "[hosts]\ntrustees = $sid{'osrv$'}\n");
    is(report(by_keytab(@gc, '--policy', $policy))->{state}, 'OK', 'unless the policy allows it');
    change("dn: CN=hv01,OU=Hyper-V,$base\nchangetype: modify\ndelete: $attribute\n\n");
};

# ---- a login of the one realm, a domain of the other -------------------------------

subtest 'the other domain judged' => sub {
    my @login = ('-l', $ENV{LAB_PRINCIPAL}, '-k', $ENV{LAB_KEYTAB}, '--only', 'admins');
    forest($far);
    my $report = report('-D', 'other.test', @login);
    is_deeply([$report->{state}, $report->{origin}{domain}, $report->{origin}{source}], ['WARNING', 'other.test', [$dc3]], 'by a login of this one');
    has_finding($report, 'admin-unprotected', 'Administrator', undef, 'for what is wrong there');
    is(@{$report->{findings}}, 1, 'and nothing else') or diag(details($report));
    same_report(report('-H', $dc3, @login), $report, 'by its controller');
    same_report(report({environment => {KRB5CCNAME => "FILE:$tmp/own"}}, '-D', 'other.test', '--only', 'admins'), $report, 'by a cache');
    same_report(report('-D', 'other.test', @login, '--transport', 'ldaps', '--ca-file', $ENV{LAB_CA}), $report, 'over LDAPS');
    like(details(report('-D', 'other.test', @login, '--kdc'), 'kdc-unproven'), qr/\Q$ENV{LAB_PRINCIPAL}\E is not of this domain/, 'its KDC can not be asked');
};

done_testing;
