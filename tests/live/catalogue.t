#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Members of other domains and targets there, looked up in the global catalogue. The lab's
# controller is real, and so are the foreignSecurityPrincipals in its groups. Samba can not
# make a second domain of the forest: that one stands in OpenLDAP's slapd (lab/lab-catalogue),
# a real server with a real Kerberos login, and where a list of members has to name a DN of
# that domain, which Samba refuses to store, lab/ldap-proxy adds it to the answer.
use strict;
use warnings;

use FindBin qw($Bin);
use lib "$Bin/../lib";
use IO::Select;
use IO::Socket::INET;
use Lab;
use Test::More;

enter_lab('healthy');

my ($base, $dc) = @ENV{qw(LAB_BASE LAB_DC)};
my $gc = 'gc.hv.example.com';
my $emea = "DC=emea,$base";
my $sid = 'S-1-5-21-9-8-7';
my @gc = ('--gc', $gc);
my @ldaps = ('--transport', 'ldaps', '--ca-file', $ENV{LAB_CA});
my %flags = (plain => 0x10200, marked => 0x110200, disabled => 0x10202, computer => 0x1000, controller => 0x82000);

# ---- the other domain --------------------------------------------------------------

sub sid_bytes {
    my ($rid) = @_;
    return pack 'CCx4nV5', 1, 5, 5, 21, 9, 8, 7, $rid;
}

sub base64 {
    require MIME::Base64;
    return MIME::Base64::encode_base64($_[0], '');
}

sub entry {
    my ($name, $class, $rid, @lines) = @_;
    my $dn = "CN=$name,CN=Users,$emea";
    return join("\n", "dn: $dn", "objectClass: $class", "cn: $name", "distinguishedName: $dn",
        "sAMAccountName: $name", 'objectSid:: ' . base64(sid_bytes($rid)), @lines) . "\n";
}

sub account {
    my ($name, $rid, $kind, @lines) = @_;
    return entry($name, $kind =~ /^co/ ? 'computer' : 'user', $rid, "userAccountControl: $flags{$kind}",
        (grep { /^primary/ } @lines) ? () : 'primaryGroupID: 513', @lines);
}

sub group {
    my ($name, $rid, $type, @members) = @_;
    return entry($name, 'group', $rid, "groupType: $type", map { "member: $_" } @members);
}

my $data = spew("$tmp/emea.ldif", join "\n",
    "dn: $base\nobjectClass: domainDNS\ndc: hv\n",
    "dn: $emea\nobjectClass: domainDNS\ndc: emea\n",
    "dn: CN=Users,$emea\nobjectClass: container\ncn: Users\n",
    account('marked', 1101, 'marked'), account('plain', 1102, 'plain'), account('off', 1103, 'disabled'),
    account('deep', 1104, 'marked'), account('primary', 1105, 'marked', 'primaryGroupID: 1110'),
    account('Administrator', 500, 'plain'),
    group('Universal', 1110, -2147483640, "CN=deep,CN=Users,$emea", "CN=Inner,CN=Users,$emea", "CN=user01,OU=People,$base"),
    group('Inner', 1112, -2147483640, "CN=Universal,CN=Users,$emea", "CN=marked,CN=Users,$emea"),
    group('Global', 1111, -2147483646), group('Untyped', 1113, 0) =~ s/^groupType.*\n//mr,
    group('Safe', 1140, -2147483640, "CN=marked,CN=Users,$emea"), account('inside', 1141, 'marked', 'primaryGroupID: 1140'),
    group('Hollow', 1114, -2147483640), account('claims', 1115, 'marked', "memberOf: CN=Hollow,CN=Users,$emea"),
    account('files$', 1120, 'computer', 'servicePrincipalName: HOST/files.emea.hv.example.com'),
    account('emeadc$', 1121, 'controller', 'servicePrincipalName: cifs/emeadc.emea.hv.example.com'),
    account('old$', 1122, 'disabled', 'servicePrincipalName: cifs/old.emea.hv.example.com'),
    (map { account("twin$_\$", 1130 + $_, 'computer', 'servicePrincipalName: cifs/twin.emea.hv.example.com') } 1, 2),
    # of the domain itself a catalogue holds a part too, which must not count
    "dn: CN=Users,$base\nobjectClass: container\ncn: Users\n",
    "dn: OU=People,$base\nobjectClass: organizationalUnit\nou: People\n",
    "dn: OU=Service Accounts,$base\nobjectClass: organizationalUnit\nou: Service Accounts\n",
    "dn: $ENV{LAB_BIND_DN}\nobjectClass: user\ncn: svc-monitor\nuserPassword: " . slurp($ENV{LAB_PASSWORD_FILE}) =~ s/\n.*//sr . "\n",
    "dn: CN=user01,OU=People,$base\nobjectClass: user\ncn: user01\nsAMAccountName: user01\nuserAccountControl: 2\n"
        . "servicePrincipalName: cifs/files.emea.hv.example.com\n");

my $slapd;

# Starts the catalogue and waits for it. Words are lines for its configuration.
sub start_catalogue {
    my (@lines) = @_;
    my $tries = 0;

    $slapd = start('lab-catalogue', $data, @lines);
    until (connect_to((split / /, $ENV{LAB_CATALOGUE_PORTS} || '3268 3269')[1])) {
        die 'the catalogue did not start' if ++$tries > 3000 || waitpid($slapd, 1) > 0;
        select undef, undef, undef, 0.02;
    }
    return;
}

sub connect_to {
    my ($port) = @_;
    return IO::Socket::INET->new(PeerAddr => '192.0.2.1', PeerPort => $port);
}

# Passes a connection on to another port, until so many bytes of answers have passed.
sub relay {
    my ($client, $port, $bytes) = @_;
    my $server = connect_to($port) or return;
    my $select = IO::Select->new($client, $server);

    while (1) {
        for my $from ($select->can_read) {
            my $to = $from == $client ? $server : $client;
            return if !sysread $from, my $data, 65536;
            $data = substr $data, 0, $bytes if $from == $server;
            syswrite $to, $data;
            next if $from == $client;
            $bytes -= length $data;
            if ($bytes <= 0) {
                shutdown $client, 2;
                return;
            }
        }
    }
}

# ---- what the domain holds of it ---------------------------------------------------

my $groups = "CN=Administrators,CN=Builtin,$base";

# Members of Administrators by these RIDs of the other domain, and no others of it.
my @members;

sub members {
    my (@rids) = @_;
    my $ldif = "dn: $groups\nchangetype: modify\n";

    $ldif .= "delete: member\n" . join('', map { "member: CN=$_,CN=ForeignSecurityPrincipals,$base\n" } @members) . "-\n" if @members;
    @members = map { /^S-/ ? $_ : "$sid-$_" } @rids;
    $ldif .= "add: member\n" . join('', map { "member: <SID=$_>\n" } @members) if @members;
    # Samba makes the foreignSecurityPrincipals, unless its checks are lifted
    lab_command({stdin => "$ldif\n"}, 'lab-ldb', '-');
    return;
}

sub targets {
    my ($what, @targets) = @_;
    change("dn: CN=hv01,OU=Hyper-V,$base\nchangetype: modify\n$what: msDS-AllowedToDelegateTo\n"
        . join('', map { "msDS-AllowedToDelegateTo: $_\n" } @targets) . "\n");
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

# ---- tests -------------------------------------------------------------------------

my $direct = report(by_keytab());
$own{$_->{name}} = 1 for @{$direct->{admins}};
is($direct->{state}, 'OK', 'the healthy domain is OK');

subtest 'nobody asks' => sub {
    for my $how ([], ['--gc', 'nowhere.hv.example.com']) {
        my $answer = check(by_keytab(@$how, '-vv', '--max-output', 1000000));
        is($answer->{exit}, 0, "OK: @$how");
        unlike($answer->{stdout}, qr/3268|nowhere|catalogue/, 'and no catalogue was looked for');
    }
};

subtest 'the controller in use is the catalogue' => sub {
    members(1101);
    my $report = report(by_keytab());
    not_ok($report, 'a member of a domain that it knows nothing of');
    is_deeply(others($report), ["$sid-1101 ????"], 'by its SID alone');
    like(details($report, 'unreadable'), qr/the global catalogue \Q$dc\E does not show it/, 'and why');
    like(check(by_keytab('-vv', '--max-output', 1000000))->{stdout}, qr/connect to \Q$dc\E \(\S+\), port 3268/, 'it was asked');
    like(check(by_keytab('-vv', '--max-output', 1000000, @ldaps))->{stdout}, qr/connect to \Q$dc\E \(\S+\), port 3269/,
        'over TLS at its own port');
    change("dn: $groups\nchangetype: modify\nadd: member\nmember: CN=S-1-5-11,CN=ForeignSecurityPrincipals,$base\n\n");
    like(details(report(by_keytab()), 'unreadable', 'S-1-5-11'), qr/can not be read from here$/, 'Authenticated Users are no domain\'s');
    change("dn: $groups\nchangetype: modify\ndelete: member\nmember: CN=S-1-5-11,CN=ForeignSecurityPrincipals,$base\n\n");
};

start_catalogue();

subtest 'accounts' => sub {
    members(1101);
    my $report = report(by_keytab(@gc));
    is($report->{state}, 'OK', 'marked: OK') or diag(details($report));
    is_deeply(others($report), ['marked@emea.hv.example.com yy?y'], 'with its facts');
    is_deeply($report->{origin}{source}, [$dc, $gc], 'both servers are named');
    my ($admin) = grep { $_->{name} =~ /^marked/ } @{$report->{admins}};
    is($admin->{sid}, "$sid-1101", 'its SID');
    is(lc $admin->{dn}, lc "CN=marked,CN=Users,$emea", 'its DN');
    for (['ldaps', @ldaps], ['starttls', '--transport', 'starttls', '--ca-file', $ENV{LAB_CA}]) {
        my ($name, @how) = @$_;
        same_report(report(by_keytab(@gc, @how)), $report, "$name: the same");
    }
    same_report(report(by_keytab(@gc, '--all-servers')), $report, 'and with --all-servers');
    my @simple = ('-D', $ENV{LAB_DOMAIN}, @gc, @ldaps, '--bind-dn', $ENV{LAB_BIND_DN}, '--password-file');
    same_report(report(@simple, $ENV{LAB_PASSWORD_FILE}), $report, 'by simple bind');
    my $once = report({stdin => slurp($ENV{LAB_PASSWORD_FILE})}, @simple, '-');
    not_ok($once, 'a password from standard input serves once');
    like(details($once, 'unreadable'), qr/standard input gives the password for one login only/, 'which is said');
    my @kdc = map { details(report(by_keytab(@gc, '--kdc', @$_)), 'kdc-unproven') } [], ['--policy', spew("$tmp/none.ini", "[admins]\nexempt = $sid-1101\n")];
    is($kdc[0], $kdc[1], 'the KDC of this domain is not asked for it');

    members(1102);
    $report = report(by_keytab(@gc));
    is_deeply(others($report), ['plain@emea.hv.example.com yn??'], 'without the mark its protection is not known');
    not_ok($report, 'which is said');
    like(details($report, 'unreadable', 'plain@emea.hv.example.com', 'memberOf'), qr/Protected Users.*\(emea\.hv\.example\.com\)/, 'and where to look');

    members(1103);
    $report = report(by_keytab(@gc));
    is_deeply([$report->{state}, others($report)], ['OK', ['off@emea.hv.example.com nn??']], 'a disabled one is not judged');

    members(500);
    $report = report(by_keytab(@gc));
    is_deeply(others($report), ['Administrator@emea.hv.example.com yn?n'], 'RID 500 is protected by the mark alone');
    has_finding($report, 'admin-unprotected', 'Administrator@emea.hv.example.com', undef, 'and found');

    members(1999, 1101);
    $report = report(by_keytab(@gc));
    is_deeply(others($report), ['marked@emea.hv.example.com yy?y', "$sid-1999 ????"], 'a SID that the forest does not know');
    like(details($report, 'unreadable'), qr/^\Q$sid-1999\E: .*the global catalogue \Q$gc\E does not show it$/, 'is unreadable');
};

subtest 'groups' => sub {
    members(1110);
    my $report = report(by_keytab(@gc));
    is_deeply(others($report), ['deep@emea.hv.example.com yy?y', 'marked@emea.hv.example.com yy?y',
        'primary@emea.hv.example.com yy?y', 'user01 ynnn'], 'a universal group is walked, through cycles and back here');
    is($report->{state}, 'WARNING', 'by the facts of its own controller an account of this domain is judged');
    is(finding($report, 'unreadable'), 0, 'nothing is unreadable');

    members(1111);
    $report = report(by_keytab(@gc));
    not_ok($report, 'a global group');
    like(details($report, 'unreadable', 'Global@emea.hv.example.com', 'member'), qr/not universal, .*emea\.hv\.example\.com/, 'is unreadable');
    members(1113);
    like(details(report(by_keytab(@gc)), 'unreadable', 'Untyped@emea.hv.example.com', 'member'), qr/whose type is not shown/, 'of unknown type too');
    members(1114);
    like(details(report(by_keytab(@gc)), 'unreadable', 'Hollow@emea.hv.example.com', 'member'), qr/claims\@emea\.hv\.example\.com is one by its memberOf/,
        'a list of members that is hidden');

    members(1102, 1111);
    my $policy = spew("$tmp/exempt.ini", "[admins]\nexempt = plain\@emea.hv.example.com, $sid-1111\n");
    $report = report(by_keytab(@gc, '--policy', $policy));
    is($report->{state}, 'OK', 'exempt ones are silent') or diag(details($report));
    spew($policy, "[admins]\nexempt-dn = CN=Global,CN=Users,$emea\nexempt-dn = CN=plain,CN=Users,$emea\n");
    is(report(by_keytab(@gc, '--policy', $policy))->{state}, 'OK', 'by DN as well');
    spew($policy, "[admins]\nexempt = plai*, *Global\n");
    is(finding(report(by_keytab(@gc, '--policy', $policy)), 'unreadable'), 2, 'but not by the name of an account here');
};

subtest 'by DN' => sub {
    my @at = (by_keytab('-H', $dc), @ldaps, @gc);
    members();
    my $proxy = start_proxy();
    my $add = sub { proxy_rules({add => {'^CN=Administrators,CN=Builtin' => {member => [map { "CN=$_,CN=Users,$emea" } @_]}}}) };

    $add->('Universal', 'marked');
    my $report = report(@at);
    is_deeply(others($report), ['deep@emea.hv.example.com yy?y', 'marked@emea.hv.example.com yy?y',
        'primary@emea.hv.example.com yy?y', 'user01 ynnn'], 'a universal group and a member of it');
    is(finding($report, 'unreadable'), 0, 'nothing is unreadable');
    $add->('Universal', 'Global', 'gone');
    $report = report(@at);
    is_deeply([sort map { "$_->{subject} $_->{object}" } finding($report, 'unreadable')],
        ["CN=gone,CN=Users,$emea member", 'Global@emea.hv.example.com member'], 'what is not shown, and what is not known');
    like(details($report, 'unreadable', "CN=gone,CN=Users,$emea"), qr/the global catalogue \Q$gc\E does not show it/, 'and why');
    my $policy = spew("$tmp/dn.ini", "[admins]\nexempt-dn = CN=Universal,CN=Users,$emea\n");
    $add->('Universal');
    my $answer = check(@at, '--policy', $policy, '-vv', '--max-output', 1000000);
    is($answer->{exit}, 0, 'an exempt group is not walked');
    unlike($answer->{stdout}, qr/port 3269/, 'nor asked for');
    stop($proxy);
    spew("$ENV{LAB_DIR}/etc/hosts", slurp("$ENV{LAB_DIR}/etc/hosts") =~ s/^\S+ \Q$dc\E\n//mr);
};

subtest 'targets' => sub {
    my %target = map { $_ => "cifs/$_.emea.hv.example.com" } qw(files gone emeadc old twin);
    my $policy = spew("$tmp/targets.ini", '[hosts]' . "\nallow = " . join(', ', sort values %target) . "\n");
    my @judged = by_keytab('--policy', $policy);
    my $rules = sub { join ' ', sort map { ($_->{object} // '-') =~ s{cifs/(\w+)\..*}{$1}r . ":$_->{rule}" } @{$_[0]{findings}} };

    targets('add', $target{files});
    my $report = report(@judged, @gc);
    is($report->{state}, 'OK', 'one that an account there owns') or diag(details($report));
    is($rules->(report(by_keytab(@gc))), 'files:unexpected-target', 'not allowed: as today');
    targets('add', @target{qw(gone emeadc old twin)});
    $report = report(@judged, @gc);
    is($rules->($report), 'emeadc:target-domain-controller gone:target-unknown old:target-disabled twin:target-ambiguous',
        'each by its owner there');
    like(details($report, 'target-domain-controller'), qr/owned by emeadc\$\@emea\.hv\.example\.com, a domain controller/, 'who is named');
    like(details($report, 'target-unknown'), qr/nobody in the forest owns it/, 'and nobody');
    is($rules->(report(@judged)), join(' ', map { "$_:target-unknown" } sort keys %target), 'the controller itself knows of none');
    stop($slapd);
    $report = report(@judged, @gc);
    is($rules->($report), '-:incomplete', 'a catalogue that does not answer');
    is($report->{state}, 'UNKNOWN', 'is never OK');
    like(details($report, 'incomplete'), qr/^\Q$gc\E: .*accounts of other domains may be missing here: /, 'and is named');
    ok(!$report->{origin}{complete}, 'origin says so');
    my ($failed) = finding(report(@judged, @gc, '--fix'), 'incomplete');
    like("@{$failed->{fix}}", qr/let the global catalogue \Q$gc\E answer this check .*--gc/, 'and what to do');
    start_catalogue();
    targets('delete', values %target);
};

subtest 'a catalogue that fails' => sub {
    my $lost = sub {
        my ($name, $cause, @how) = @_;
        my $report = report(by_keytab(@gc, @how));
        not_ok($report, $name);
        is_deeply(others($report), ["$sid-1101 ????", "$sid-1110 ????"], 'nothing is known of them') if $cause !~ /limit/;
        like(details($report, 'unreadable'), $cause, 'for a reason');
        return $report;
    };

    members(1101, 1110);
    my $baseline = report(by_keytab(@gc));
    is($baseline->{state}, 'WARNING', 'it answers');
    my @drift = ('--baseline', spew("$tmp/baseline.json", $baseline->{run}{stdout}));
    is(finding(report(by_keytab(@gc, @drift)), 'drift'), 0, 'no drift');
    stop($slapd);
    my $report = report(by_keytab(@gc, @drift));
    not_ok($report, 'refused, with a baseline');
    is(finding($report, 'drift'), 0, 'what can not be read now is no drift') or diag(details($report));
    my $accept = check(by_keytab(@gc, @drift, '--accept'));
    like($accept->{stdout}, qr/--accept: the directory was not read whole.*\Q$gc\E/, 'nor is it accepted');
    $lost->('refused', qr/the global catalogue \Q$gc\E: .*refused/i);
    @gc = ('--gc', 'nowhere.hv.example.com');
    $lost->('no such name', qr/the global catalogue nowhere\.hv\.example\.com: /);
    @gc = ('--gc', $gc);
    my (undef, $silent) = listener(sub { }, 3268);
    my $begin = time;
    $lost->('silent', qr/no answer for/, '-t', 4);
    cmp_ok(time - $begin, '<=', 6, 'in time');
    stop($silent);
    $ENV{LAB_CATALOGUE_READY} = 'FALSE';
    start_catalogue();
    $lost->('none', qr/it is no global catalogue/);
    stop($slapd);
    delete $ENV{LAB_CATALOGUE_READY};
    $ENV{LAB_CATALOGUE_FOREST} = 'DC=other,DC=example';
    start_catalogue();
    $lost->('of another forest', qr/it is of the forest other\.example, not of hv\.example\.com/);
    stop($slapd);
    delete $ENV{LAB_CATALOGUE_FOREST};
    start_catalogue('limits users size=1 size.prtotal=1');
    $lost->('a size limit', qr/the search for .*(?:limit|unwilling)/i);
    stop($slapd);
    start_catalogue();
};

# What the two servers showed, exported in files.
subtest 'same as export' => sub {
    my $cache = "FILE:$tmp/cache";
    my @search = ('ldapsearch', '-Y', 'GSSAPI', '-N', '-Q', '-LLL', '-H');
    my $service = "CN=Directory Service,CN=Windows NT,CN=Services,CN=Configuration,$base";
    my %parts = (
        domain => ["ldap://$dc", '-b', $base],
        rootdse => ["ldap://$dc", '-s', 'base', '-b', ''],
        service => ["ldap://$dc", '-s', 'base', '-b', $service],
        emea => ["ldap://$gc:3268", '-b', "CN=Users,$emea"],
    );

    lab_command('kinit', '-c', $cache, '-k', '-t', $ENV{LAB_KEYTAB}, $ENV{LAB_PRINCIPAL});
    members(1101, 1102, 1103, 500, 1110, 1111, 1113, 1114, 1140);
    my @targets = map { "cifs/$_.emea.hv.example.com" } qw(files emeadc old twin);
    targets('add', @targets);
    my @ldif = map { ('--ldif', spew("$tmp/export-$_.ldif", lab_command({environment => {KRB5CCNAME => $cache}}, @search, @{$parts{$_}}))) }
        sort keys %parts;
    my $live = report(by_keytab(@gc));
    my $export = report(@ldif);
    same_report($export, $live, 'members and targets of another domain are judged alike') or diag(substr $export->{run}{stdout}, 0, 400);
    cmp_ok(scalar @{$live->{findings}}, '>', 8, 'of which there are some');
    targets('delete', @targets);
};

# The controller stops being a catalogue, and the records of DNS change.
subtest 'found by DNS' => sub {
    my $settings = "CN=NTDS Settings,CN=DC1,CN=Servers,CN=Default-First-Site-Name,CN=Sites,CN=Configuration,$base";
    my %cache = (KRB5CCNAME => "FILE:$tmp/administrator");
    my $dns = sub {
        lab_command({environment => \%cache}, 'samba-tool', 'dns', shift, $dc, '_msdcs.hv.example.com', '_ldap._tcp.gc', 'SRV',
            "$_[0] 3268 0 100", '--use-kerberos=required');
    };
    my $reason = sub { details(report(by_keytab(@_)), 'unreadable', "$sid-1101") };

    lab_command({environment => \%cache, stdin => "$ENV{LAB_ADMIN_PASSWORD}\n"}, 'kinit', 'Administrator');
    members(1101);
    change("dn: $settings\nchangetype: modify\nreplace: options\noptions: 0\n\n");
    like($reason->(), qr/the global catalogue \Q$dc\E: it is no global catalogue/, 'one that DNS names wrongly');
    $dns->('add', $gc);
    my $report = report(by_keytab());
    is_deeply([$report->{state}, others($report)], ['OK', ['marked@emea.hv.example.com yy?y']], 'then the other one serves');
    is_deeply($report->{origin}{source}, [$dc, $gc], 'and is named');
    $dns->('delete', $dc);
    same_report(report(by_keytab()), $report, 'the only one');
    same_report(report(by_keytab('--site', 'Default-First-Site-Name')), $report, 'whatever the site');
    stop($slapd);
    like($reason->(), qr/the global catalogue \Q$gc\E: .*refused/i, 'dead');
    $dns->('delete', $gc);
    targets('add', 'cifs/files.emea.hv.example.com');
    $report = report(by_keytab('--policy', spew("$tmp/dns.ini", "[hosts]\nallow = cifs/files.emea.hv.example.com\n")));
    not_ok($report, 'none');
    like(details($report, 'unreadable', "$sid-1101"), qr/there is no global catalogue to ask: \Q$dc\E is none, and DNS names none/, 'for this reason');
    is(@{$report->{findings}}, 1, 'and names of another domain are not judged') or diag(details($report));
    ok($report->{origin}{complete}, 'what there is was read whole');
    targets('delete', 'cifs/files.emea.hv.example.com');
    start_catalogue();
};

# A relay to the catalogue that ends after so many bytes of answers.
subtest 'a catalogue that is cut off' => sub {
    my %seen;

    stop($slapd);
    members(1140);
    targets('add', 'cifs/files.emea.hv.example.com');
    my $policy = spew("$tmp/cut.ini", "[hosts]\nallow = cifs/files.emea.hv.example.com\n");
    local $ENV{LAB_CATALOGUE_PORTS} = '13268 13269';
    start_catalogue();
    for my $bytes (0, 1, 100, 500, 1000, map { $_ * 250 } 5 .. 24) {
        my (undef, $relay) = listener(sub { relay($_[0], 13268, $bytes) }, 3268);
        my $report = report(by_keytab(@gc, '--policy', $policy));
        my $resolved = grep { /emea/ } @{others($report)};
        my $whole = $resolved == 2 && !finding($report, 'incomplete');

        $seen{$whole ? 'whole' : $resolved ? 'in part' : 'nothing'}++;
        $whole ? is($report->{state}, 'OK', "after $bytes bytes, all of it") : not_ok($report, "after $bytes bytes");
        stop($relay);
    }
    ok($seen{whole} && $seen{nothing}, 'before the end and after it: ' . join ', ', map { "$_ $seen{$_} times" } sort keys %seen);
    stop($slapd);
    targets('delete', 'cifs/files.emea.hv.example.com');
};

done_testing;
