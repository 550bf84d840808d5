#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The same domain judged live and from its own ldapsearch export gives the same report
# but for origin and time, whatever is in it: three templates, exports of three kinds,
# parts of the check, and a domain made difficult on purpose (big, deep and cyclic
# groups, names in other alphabets, attributes that the login may not see).
use strict;
use warnings;
use utf8;

use Encode qw(encode);
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Lab;
use Test::More;

enter_labs(qw(healthy bare demo));

my $base = $ENV{LAB_BASE};
my $cache = "FILE:$tmp/cache";
my @search = ('ldapsearch', '-Y', 'GSSAPI', '-N', '-Q', '-H', "ldap://$ENV{LAB_DC}");

lab_command('kinit', '-c', $cache, '-k', '-t', $ENV{LAB_KEYTAB}, $ENV{LAB_PRINCIPAL});

# The attributes that the manual page names for the export of a domain.
sub attributes_of_manual {
    my ($command) = slurp("$Bin/../../contrib/check_hyperv_delegation.8")
        =~ /"\(objectClass=\*\)" \\e\n((?: .*\\e\n)* .*) >domain\.ldif/ or die 'the page names no attributes';
    return grep { /\w/ } split ' ', $command =~ s/\\e$//gmr =~ s/\\-/-/gr;
}

# Exports the domain as it is now, in three files; the arguments that judge it. Options of
# ldapsearch, then perhaps a filter and attributes for the domain.
sub export {
    my (@options) = @_;
    my ($first) = grep { $options[$_] =~ /^\(/ } 0 .. $#options;
    my @wanted = defined $first ? splice @options, $first : ();
    my $how = {environment => {KRB5CCNAME => $cache}};
    my $service = "CN=Directory Service,CN=Windows NT,CN=Services,CN=Configuration,$base";
    my %parts = (
        domain => ['-b', $base],
        rootdse => ['-b', '', '-s', 'base'],
        service => ['-b', $service, '-s', 'base'],
    );
    my @arguments;

    for my $part (sort keys %parts) {
        my @own = $part eq 'domain' ? @options : grep { $_ eq '-LLL' } @options;
        my @words = (@own, @{$parts{$part}}, $part eq 'domain' ? @wanted : ());
        push @arguments, '--ldif', spew("$tmp/$part.ldif", lab_command($how, @search, @words));
    }
    return @arguments;
}

# One test for each way to ask: live and export agree. Returns the whole live report.
sub agree {
    my ($name, $exported, @ways) = @_;
    my $whole;

    for my $way ([], @ways) {
        my $live = report(by_keytab(@$way, '-t', 60));
        my $export = report(@$exported, @$way, '-t', 60);

        same_report($export, $live, "$name: @$way");
        is($export->{origin}{kind}, 'ldif', "$name: an export");
        is($export->{run}{exit}, $live->{run}{exit}, "$name: exit code");
        $whole ||= $live;
    }
    return $whole;
}

my @parts = (
    ['-n', 'hv01'], ['-n', 'hv0?', '-n', 'HV-LAB*'], ['-n', 'hv02.hv.example.com'], ['-n', 'absent', '-n', 'nothing*'],
    ['-n', 'SOFS01$'], ['-n', 'sofs01', '-n', 'hvclu01'],
    ['--only', 'hosts'], ['--only', 'admins'], ['-w', 'admins=3', '-c', '10'],
);

subtest 'as it is' => sub {
    agree('ldapsearch -LLL', [export('-LLL')], sample(2, @parts));
    agree('with comments', [export()]);
    agree('the attributes of the manual', [export('-LLL', '(objectClass=*)', attributes_of_manual())], sample(9, @parts));
    agree('paged', [export('-LLL', '-E', 'pr=50/noprompt')]);
    agree('paged, with comments', [export('-E', 'pr=37/noprompt')]) if $ENV{TESTS_LONG};
};

subtest 'what the login may not see' => sub {
    lab_command('lab-hide-uac', 'hide');
    my $hidden = agree('userAccountControl is hidden', [export('-LLL')], sample(2, ['--only', 'admins'], ['--only', 'hosts']));
    isnt($hidden->{state}, 'OK', 'and not OK');
    lab_command('lab-hide-uac', 'unhide');
};

if ($ENV{LAB_TEMPLATE} ne 'demo') {
    subtest 'names with line breaks' => sub {
        change("dn: CN=Printer\\0ACNF:8e6d6b21-c8d9-4123-b3ac-8aba01391de8,$base\nchangetype: add\nobjectClass: container\n");
        agree('a conflicting object', [export()]);
        agree('and deleted ones', [export('-E', 'pr=37/noprompt', '-e', '!1.2.840.113556.1.4.417')]);
        change("dn: CN=a\\0A\\0Ab,$base\nchangetype: add\nobjectClass: container\n");
        my @exported = export();
        like(check(@exported)->{stdout}, qr/^HYPERV DELEGATION UNKNOWN - .*export with -LL/, 'any other is refused');
        agree('without comments', [export('-LLL')]);
    };
    done_testing;
    exit;
}

# ---- a difficult domain ------------------------------------------------------------

my @records;

sub add {
    my ($dn, $class, %attributes) = @_;
    my $record = "dn: $dn\nchangetype: add\nobjectClass: $class\n";

    for my $name (sort keys %attributes) {
        my $values = $attributes{$name};
        $record .= "$name: $_\n" for ref $values ? @$values : $values;
    }
    # safe for any name: LDIF wants others in base64
    utf8::encode($record);
    $record =~ s{^(\w+): ([^\n]*[^ -~\n][^\n]*)$}{"$1:: " . base64($2)}gem;
    push @records, $record;
    return $dn;
}

sub base64 {
    require MIME::Base64;
    return MIME::Base64::encode_base64($_[0], '');
}

my $unit = "OU=Difficult,$base";
my %flags = (plain => 0x10200, protected => 0x110200, disabled => 0x10202);

sub user {
    my ($account, $kind, $dn) = @_;
    return add($dn // "CN=$account,$unit", 'user', sAMAccountName => $account, userAccountControl => $flags{$kind // 'plain'});
}

sub group {
    my ($account, $members, $dn) = @_;
    return add($dn // "CN=$account,$unit", 'group', sAMAccountName => $account, groupType => -2147483646,
        @$members ? (member => $members) : ());
}

add($unit, 'organizationalUnit');
my @kinds = qw(plain protected protected disabled);
my @many = map { user(sprintf('many%04d', $_), $kinds[$_ % 4]) } 1 .. 2100;
my $big = group('Big', \@many);

# ten levels, the last of which holds the first
my $deep = group('Level 10', [user('deepest'), map { user("deep$_", 'protected') } 1 .. 3]);
$deep = group("Level $_", [$deep, user("level$_")]) for reverse 1 .. 9;

# three hundred groups in one, each with a member of its own
my @nested = map { group("Nested $_", [user("nested$_", $kinds[$_ % 4])]) } 1 .. 300;
my $nested = group('Nested', [@nested, $many[0]]);

my @odd = (
    user('odd1', 'plain', "CN=Groß\\, Jürgen (東京),$unit"),
    user('odd2', 'plain', "CN=a*b(c)d\\\\e,$unit"),
    user('odd3', 'plain', "CN=\\#hash \\+ plus \\\"quoted\\\" \\<less\\>\\; semi,$unit"),
    user('odd4', 'plain', "CN=equals \\= and | bar & \\\\2c,$unit"),
    user('ödd5', 'plain', "CN=Ναταλία Ωμέγα,$unit"),
    user('odd6', 'plain', "CN=\\ leading and trailing\\ ,$unit"),
    user('odd7', 'plain', "CN=" . ('x' x 64) . ",$unit"),
);
my $odd = group('Größe (alle)', \@odd, "CN=Größe \\(alle*\\)\\, \\+ mehr,$unit");
push @records, "dn: CN=Level 10,$unit\nchangetype: modify\nadd: member\nmember: CN=Level 1,$unit\n";
push @records, "dn: CN=Domain Admins,CN=Users,$base\nchangetype: modify\nadd: member\n" . join '',
    map { my $dn = "member:: " . base64(encode('UTF-8', $_)); "$dn\n" } $big, $deep, $nested, $odd;
push @records, "dn: CN=Tier0 Admins,OU=Admins,$base\nchangetype: modrdn\nnewrdn: CN=Renamed Admins\ndeleteoldrdn: 1\n";
change(join "\n", @records);
# only now that she is in the group may it be her primary one
my ($rid) = lab_command('ldbsearch', '-H', "$ENV{LAB_DIR}/dc1/private/sam.ldb", '(sAMAccountName=Big)', 'objectSid')
    =~ /^objectSid: \S+-(\d+)/m;
change("dn: CN=many0004,$unit\nchangetype: modify\nreplace: primaryGroupID\nprimaryGroupID: $rid\n");

subtest 'a difficult domain' => sub {
    my $report = agree('-LLL', [export('-LLL')], ['--only', 'admins']);
    agree('paged, with comments', [export('-E', 'pr=500/noprompt')]);
    my %admins = map { $_->{name} => $_ } @{$report->{admins}};

    is(scalar(grep { /^many\d/ } keys %admins), 2100, 'all members of the big group');
    is(scalar(grep { /^nested\d/ } keys %admins), 300, 'all members of nested groups');
    is(scalar(grep { /^(?:level|deep)/ } keys %admins), 13, 'all of the deep ones');
    is(scalar(grep { /^.dd\d$/ } keys %admins), 7, 'all with odd names');
    ok($admins{many0004}, 'the one whose primary group it is');
    ok($admins{'adm-david'}, 'those in the group that was renamed');
    is(scalar(grep { $_->{rule} =~ /^(?:unreadable|incomplete)$/ } @{$report->{findings}}), 0, 'nothing is unreadable');
};

subtest 'a difficult domain that hides things' => sub {
    my ($sid) = lab_command('ldbsearch', '-H', "$ENV{LAB_DIR}/dc1/private/sam.ldb", '(sAMAccountName=svc-monitor)', 'objectSid')
        =~ /^objectSid: (\S+)/m;
    my $count = sub { scalar grep { $_->{rule} eq 'unreadable' } @{$_[0]{findings}} };

    lab_command('sd.py', 'add', "CN=Level 7,$unit", "(D;;RPLCLO;;;$sid)");
    lab_command('sd.py', 'add', "CN=many0007,$unit", "(D;;RPLCLO;;;$sid)");
    is($count->(agree('an invisible group and an invisible member', [export('-LLL')])), 2, 'both are unreadable');
};

done_testing;
