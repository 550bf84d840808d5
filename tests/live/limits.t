#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A directory server's own limits: of size and of time, rules of access down to one
# attribute of one entry, referrals, error codes in the middle of an answer. The server is
# a real one, slapd, with a healthy domain of its own: whatever it leaves out, the check
# says that not all was read, in one sentence, or gives the same report as without the
# limit. Samba, which has no such limits, is the next controller.
use strict;
use warnings;

use FindBin qw($Bin);
use lib "$Bin/../lib";
use Lab;
use Test::More;

enter_lab('healthy');
plan skip_all => 'slapd is not installed; contrib/install-packages lab installs what the lab needs' if !-x '/usr/sbin/slapd';

my $base = $ENV{LAB_BASE};
my $host = "CN=hv0012,OU=Hyper-V,$base";
my $admin = "CN=adm000150,OU=Admins,$base";
my $group = "CN=tier0001,OU=Admins,$base";
my $root = "CN=root,$base";
my @bare = ('--transport', 'ldaps', '--ca-file', $ENV{LAB_CA}, '--bind-dn', $ENV{LAB_BIND_DN},
    '--password-file', $ENV{LAB_PASSWORD_FILE}, '-t', 20);
my @login = ('-D', $ENV{LAB_DOMAIN}, @bare);
my @run = (@login, '-H', $ENV{LAB_SLAPD});

sub restart {
    my (@settings) = @_;
    return lab_command('lab-slapd', 'restart', @settings);
}

# Change records, as text, for slapd.
sub apply {
    my ($ldif) = @_;
    return lab_command({stdin => $ldif}, 'lab-slapd', 'change');
}

# Not all was read, and one finding says so in one sentence that has these words.
sub is_incomplete {
    my ($report, $words, $name) = @_;
    my @said = finding($report, 'incomplete', $ENV{LAB_SLAPD});
    local $Test::Builder::Level = $Test::Builder::Level + 1;

    not_ok($report, $name);
    return ok(!$report->{origin}{complete} && @said == 1 && $said[0]{detail} =~ $words && $said[0]{detail} !~ /\n/, "$name: and why")
        || diag(map { "$_->{detail}\n" } @said);
}

lab_command('lab-slapd', 'build', 25, 230, 60);
restart();
my $whole = report(@run);
is_deeply([$whole->{state}, $whole->{origin}{complete}, scalar @{$whole->{hosts}}, scalar @{$whole->{admins}}],
    ['OK', JSON::PP::true(), 25, 231], 'all of the domain');

subtest 'limits of size' => sub {
    my $again = qr/Size limit exceeded, 4|Size limit exceeded \(4\)/;
    my @cut = (
        ['of every answer', 'size=20', $again],
        ['of all pages of a search together', 'size=20 size.prtotal=25', $again],
        ['of a page', 'size=20 size.pr=10', qr/page size.*Administrative limit exceeded, 11/],
        ['no pages at all', 'size=20 size.prtotal=disabled', qr/control not allowed.*Administrative limit exceeded, 11/],
        ['of candidates', 'size.unchecked=5', qr/Administrative limit exceeded/],
        ['no search that an index does not answer', 'size.unchecked=disabled', qr/Administrative limit exceeded/],
    );
    my @enough = (
        ["Active Directory's own", 'size.soft=1000 size.hard=1000 size.pr=1000 size.prtotal=unlimited'],
        ['of what is not paged', 'size.soft=20 size.hard=20 size.pr=1000 size.prtotal=unlimited'],
        ['of who asks for no number', 'size.soft=20 size.hard=unlimited'],
        ['no estimate of the number', 'size=20 size.pr=noEstimate size.prtotal=unlimited'],
        ['of pages, where none are needed', 'size.prtotal=disabled'],
    );
    for my $case (sample(2, @cut)) {
        my ($name, $limit, $words) = @$case;
        restart('--setting', "limits users $limit");
        is_incomplete(report(@run), $words, $name);
    }
    for my $case (sample(3, @enough)) {
        my ($name, $limit) = @$case;
        restart('--setting', "limits users $limit");
        same_report(report(@run), $whole, $name);
    }
};

# Error codes of the server, each where an entry would be, and a server that sleeps.
my @codes = ('--setting', 'access to attrs=entry,objectClass by * read',
    map { ('--overlay', $_) } 'retcode', "retcode-parent OU=Nowhere,$base");

subtest 'limits of time' => sub {
    restart('--setting', 'limits users time=1', @codes, '--overlay', 'retcode-sleep 2');
    is_incomplete(report(@run), qr/Time limit exceeded/, 'of a search that takes longer');
    restart('--setting', 'limits users time=10');
    same_report(report(@run), $whole, 'that no search reaches');
};

subtest 'what the server refuses' => sub {
    restart('--setting', 'restrict search');
    is_incomplete(report(@run), qr/restricted \(Server is unwilling to perform, 53\)/, 'every search');
    restart('--setting', 'require SASL');
    is_incomplete(report(@run), qr/Strong\(er\) authentication required, 8/, 'every search of such a login');
    restart('--global', 'security simple_bind=512');
    refused({}, [@run], qr/login refused: .*Confidentiality required/, 'a login that it thinks badly protected');
    restart('--global', 'disallow bind_simple');
    refused({}, [@run], qr/login failed: .*unwilling to perform/, 'every login by password');
    restart('--global', 'sockbuf_max_incoming_auth 3000');
    is_incomplete(report(@run), qr/the connection was lost/, 'long requests: it hangs up');
};

subtest 'error codes in the middle of an answer' => sub {
    my %words = (
        1 => 'Operations error', 3 => 'Time limit exceeded', 4 => 'Size limit exceeded', 11 => 'Administrative limit exceeded',
        12 => 'Critical extension is unavailable', 32 => 'No such object', 50 => 'Insufficient access', 51 => 'Server is busy',
        52 => 'Server is unavailable', 53 => 'Server is unwilling to perform', 80 => 'Other',
    );
    my @places = ($host, $admin, $group, "CN=Protected Users,CN=Users,$base", $base);

    restart(@codes, '--overlay', 'retcode-indir');
    same_report(report(@run), $whole, 'none yet');
    for my $place (sample(2, @places)) {
        for my $code ($place eq $admin ? sample(3, sort { $a <=> $b } keys %words) : sample(3, 4, 50, 51)) {
            apply("dn: $place\nchangetype: modify\nadd: errCode\nerrCode: $code\n-\nadd: errText\nerrText: the server's words\n-\n"
                    . "add: objectClass\nobjectClass: errAuxObject\n");
            is_incomplete(report(@run), qr/the server's words \(\Q$words{$code}\E.*, $code\)/, "$code instead of $place");
            if ($code == 51 || $code == 52) {
                my $next = report(@login, '-H', $ENV{LAB_SLAPD}, '-H', $ENV{LAB_DC});
                is_deeply([$next->{state}, $next->{origin}{source}], ['OK', [$ENV{LAB_DC}]], 'the next controller answers');
            } elsif ($code == 4) {
                my $same = report(@login, '-H', $ENV{LAB_SLAPD}, '-H', $ENV{LAB_DC});
                is_incomplete($same, qr/Size limit exceeded/, 'no other controller would allow more');
            }
            apply("dn: $place\nchangetype: modify\ndelete: objectClass\nobjectClass: errAuxObject\n-\ndelete: errCode\n-\ndelete: errText\n");
        }
    }
    apply("dn: $admin\nchangetype: modify\nadd: objectClass\nobjectClass: errAuxObject\n-\nadd: errCode\nerrCode: 1\n-\n"
            . "add: errDisconnect\nerrDisconnect: TRUE\n");
    my $lost = report(@run);
    not_ok($lost, 'an entry that the server loses without a word');
    has_finding($lost, 'unreadable', $admin, 'member', 'and it is named');
    lab_command('lab-slapd', 'stop');
    lab_command('lab-slapd', 'build', 25, 230, 60);
};

subtest 'referrals' => sub {
    my $branch = "OU=Branch,$base";
    my $referral = "objectClass: referral\nobjectClass: extensibleObject";

    restart();
    apply("dn: DC=$_,$base\nchangetype: add\n$referral\nDC: $_\nref: ldap://$_.$ENV{LAB_DOMAIN}/DC=$_,$base\n") for qw(child DomainDnsZones);
    same_report(report(@run), $whole, 'to a child domain and to DNS zones: nothing was asked of them');
    apply("dn: $branch\nchangetype: add\n$referral\nOU: Branch\nref: ldap://branch.$ENV{LAB_DOMAIN}/$branch\n");
    my $report = report(@run);
    is_incomplete($report, qr{not held here.*not followed: ldap://branch\.\Q$ENV{LAB_DOMAIN}\E/}, 'to a part of the domain');
    is_deeply([scalar @{$report->{hosts}}, scalar @{$report->{admins}}], [25, 231], 'what is held here is judged');
    apply("dn: $group\nchangetype: modify\nadd: member\nmember: CN=far,$branch\n");
    $report = report(@run);
    is_incomplete($report, qr/not held here/, 'and a member there');
    has_finding($report, 'unreadable', "CN=far,$branch", 'member', 'is named');
    apply("dn: $group\nchangetype: modify\ndelete: member\nmember: CN=far,$branch\n\ndn: $branch\nchangetype: delete\n");

    my @elsewhere = ('--global', 'referral ldap://elsewhere.example/');
    restart(@elsewhere);
    same_report(report(@run), $whole, 'for what nobody asks');
    restart(@elsewhere, '--rootdse', 'configurationNamingContext: CN=Configuration,DC=elsewhere,DC=example');
    is_incomplete(report(@run), qr/Referral.*10/, 'for the configuration');
    restart(@elsewhere, '--rootdse', 'defaultNamingContext: DC=elsewhere,DC=example');
    is_incomplete(report(@bare, '-H', $ENV{LAB_SLAPD}), qr/Referral.*10/, 'for the whole domain');
};

# One of the directory's rules of access: nobody sees the attributes.
sub hide {
    my ($what, $attributes) = @_;
    return restart('--setting', "access to $what attrs=$attributes by dn.exact=\"$root\" write by * none");
}

subtest 'attributes that are hidden' => sub {
    my %hidden = (
        $host => [qw(objectClass objectCategory objectSid sAMAccountName userAccountControl primaryGroupID entry)],
        $admin => [qw(objectClass objectSid sAMAccountName userAccountControl primaryGroupID distinguishedName entry)],
        $group => [qw(objectSid member distinguishedName entry)],
        "CN=Domain Admins,CN=Users,$base" => [qw(objectSid member entry)],
        "CN=Protected Users,CN=Users,$base" => [qw(objectSid entry)],
        $base => [qw(objectClass objectSid entry)],
    );
    my @everywhere = qw(objectClass objectCategory objectSid sAMAccountName userAccountControl primaryGroupID member
        distinguishedName entry);

    for my $dn (sort keys %hidden) {
        for my $attribute (sample(3, @{$hidden{$dn}})) {
            hide("dn.exact=\"$dn\"", $attribute);
            not_ok(report(@run), "$attribute of $dn");
        }
    }
    for my $attribute (sample(3, @everywhere)) {
        hide('*', $attribute);
        not_ok(report(@run), "$attribute, everywhere");
    }
    # without these the healthy domain looks like one with mistakes
    for my $attribute (qw(dNSHostName servicePrincipalName msDS-AllowedToDelegateTo)) {
        for my $what ("dn.exact=\"$host\"", '*') {
            hide($what, $attribute);
            isnt(report(@run)->{state}, 'OK', "$attribute of $what");
        }
    }
    for my $attribute (qw(groupType memberOf)) {
        hide('*', $attribute);
        same_report(report(@run), $whole, "$attribute, on which no fact rests here");
    }
};

subtest 'entries that are hidden' => sub {
    for my $case (['a host', "dn.subtree=\"$host\""], ['all hosts', "dn.subtree=\"OU=Hyper-V,$base\""],
        ['all admins', "dn.subtree=\"OU=Admins,$base\""]) {
        my ($name, $what) = @$case;
        hide($what, 'entry,children,@extensibleObject');
        isnt(report(@run)->{state}, 'OK', $name);
    }
    restart('--setting', "access to dn.subtree=\"OU=Hyper-V,$base\" by * search");
    not_ok(report(@run), 'hosts that may be found and not be read');
    restart('--setting', "access to dn.exact=\"$base\" by * disclose");
    is_incomplete(report(@run), qr/Insufficient access \(50\)/, 'a domain that is there and may not be searched');
    restart('--setting', "access to dn.exact=\"$base\" by * none");
    is_incomplete(report(@run), qr/No such object \(32\)/, 'and one that is said not to be there');
    restart('--setting', "access to dn.subtree=\"CN=Services,CN=Configuration,$base\" by * disclose");
    same_report(report(@run), $whole, 'the directory service object, which may be hidden');
};

done_testing;
