#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Answers that are cut: long lists of values that come in ranges, unasked, as Windows
# sends them, give the same report as whole ones; searches that end early for whatever
# reason are never taken for the whole. The healthy domain shows a wrong OK at once. The
# controller is a real one, spoilt by lab/ldap-proxy, which says why it is a fake.
use strict;
use warnings;

use FindBin qw($Bin);
use lib "$Bin/../lib";
use Lab;
use Test::More;

enter_lab('healthy');

my $base = $ENV{LAB_BASE};
my @ldaps = by_keytab('-H', $ENV{LAB_DC}, '--transport', 'ldaps', '--ca-file', $ENV{LAB_CA});
my @unit = map { "CN=range$_,OU=Range,$base" } 1 .. 75;

# A group whose list is cut in the middle: only its last members are not protected, and
# lists of targets long enough to be cut as well.
change(join "\n", "dn: OU=Range,$base\nchangetype: add\nobjectClass: organizationalUnit\n",
    (map { my $flags = 0x110200;
        "dn: CN=range$_,OU=Range,$base\nchangetype: add\nobjectClass: user\nsAMAccountName: range$_\nuserAccountControl: $flags\n" } 1 .. 75),
    "dn: CN=Ranged,OU=Range,$base\nchangetype: add\nobjectClass: group\nsAMAccountName: Ranged\ngroupType: -2147483646\n"
        . join('', map { "member: $_\n" } @unit),
    "dn: CN=Domain Admins,CN=Users,$base\nchangetype: modify\nadd: member\nmember: CN=Ranged,OU=Range,$base\n");

my $direct = report(@ldaps);
is($direct->{state}, 'OK', 'the healthy domain is OK');
is(scalar @{$direct->{admins}}, 81, 'with all its admins');

start_proxy();
same_report(report(@ldaps), $direct, 'the proxy changes nothing of itself');

subtest 'ranges' => sub {
    my $targets = 'msDS-AllowedToDelegateTo';
    my @cases = (
        ['member;range=0-29 unasked', {member => 30}],
        ['ranges that end with the list', {member => 25}],
        ['two values at a time', {member => 2}],
        ['all but one value', {member => 74}],
        ['a limit that no list reaches', {member => 1500}],
        ['SPNs in ranges', {servicePrincipalName => 3}],
        ['targets in ranges', {$targets => 5}],
        ['all of them', {member => 7, $targets => 4, servicePrincipalName => 4}],
    );
    for my $case (@cases) {
        proxy_rules({range => $case->[1]});
        same_report(report(@ldaps), $direct, $case->[0]);
    }
    proxy_rules({range => {member => 30}, range_rest => 'server'});
    same_report(report(@ldaps), $direct, 'the first part unasked, the rest by the controller itself');
    proxy_rules({range => {member => 30}, range_wrong_by => 5});
    same_report(report(@ldaps), $direct, 'ranges that hold fewer values than they say');
    proxy_rules({range => {member => 30}, range_wrong_by => -5});
    not_ok(report(@ldaps), 'ranges that hold more values than they say');
    proxy_rules({range => {member => 30}, search => ';range=', result => 51});
    not_ok(report(@ldaps), 'the rest of a list can not be had');
    proxy_rules({range => {member => 30}, search => ';range=', result => 0});
    not_ok(report(@ldaps), 'the rest of a list is empty');
    proxy_rules({range => {member => 30}, shrink => {member => 1}});
    my $moved = report(@ldaps);
    not_ok($moved, 'a member left the list before its rest was asked for');
    like((finding($moved, 'incomplete'))[0]{detail} // '', qr/changed while it was read/, 'and that is said');
    proxy_rules({range => {member => 30}, shrink => {member => 50}});
    $moved = report(@ldaps);
    not_ok($moved, 'so many left that the list ends before its rest');
    like((finding($moved, 'incomplete'))[0]{detail} // '', qr/changed while it was read/, 'which is no end of the list');
    proxy_rules({range => {member => 30}, grow => {member => ["CN=adm-anna,OU=Admins,$base"]}});
    not_ok(report(@ldaps), 'a member came to the list before its rest was asked for');
};

# What really happens in the directory between two requests of a run: the change records
# are applied just before the first request that fits the pattern.
my $runs = 0;

sub meanwhile {
    my ($rules, $search, $ldif) = @_;
    my $file = spew("$tmp/meanwhile.ldif", $ldif);
    $runs++;
    proxy_rules({%$rules, search => $search, run => "meanwhile $runs", meanwhile => "lab-ldb --controls=relax:0 $file"});
    my $report = report(@ldaps);
    proxy_rules({});
    return $report;
}

subtest 'lists that really change between two ranges' => sub {
    my %range = (range => {member => 30}, range_rest => 'server');
    my $ranged = "CN=Ranged,OU=Range,$base";
    my @order = lab_command('ldbsearch', '-H', "$ENV{LAB_DIR}/dc1/private/sam.ldb", '-b', $ranged, '-s', 'base', 'member') =~ /^member: (.*)$/mg;
    my $modify = sub { my ($how, @members) = @_; "dn: $ranged\nchangetype: modify\n$how: member\n" . join '', map { "member: $_\n" } @members };
    my $report;

    is(scalar @order, 75, 'the list in its order');
    $report = meanwhile(\%range, ';range=', $modify->('delete', $order[3]));
    not_ok($report, 'a member of the first part was removed');
    like((finding($report, 'incomplete'))[0]{detail} // '', qr/changed while it was read/, 'and that is said');
    change($modify->('add', $order[3]));
    $report = meanwhile(\%range, ';range=', $modify->('delete', @order[5 .. 69]));
    not_ok($report, 'most were removed: the list ends before its rest');
    change($modify->('add', @order[5 .. 69]));
    $report = meanwhile(\%range, ';range=', $modify->('delete', $order[50]));
    same_report($report, report(@ldaps), 'a member of the rest was removed: as if it never had been there');
    $report = meanwhile(\%range, ';range=', $modify->('add', $order[50]));
    ok($report->{state} ne 'OK' && finding($report, 'incomplete') || grep({ $_->{dn} eq $order[50] } @{$report->{admins}}),
        'a member was added: it is listed, or a gap');
    same_report(report(@ldaps), $direct, 'everything is as before');
};

# The searches of a run, each by a pattern for the test in its filter: attribute, then (as
# an octet string, tag 4) the value.
my %searches = (
    'hosts by SPN' => 'Microsoft Virtual Console Service/',
    'hosts by connection point' => "cn\x04.Microsoft Hyper-V",
    'groups by SID' => "objectSid\x04.\x01",
    'entries by DN' => "distinguishedName\x04..?CN=",
    'by primary group' => "primaryGroupID\x04.\\d",
);

subtest 'searches that end early' => sub {
    my @faults = (
        ['busy', {result => 51}], ['unavailable', {result => 52}], ['unwilling', {result => 53}],
        ['sizeLimit', {result => 4}], ['timeLimit', {result => 3}], ['adminLimit', {result => 11}],
        ['a referral', {result => 10, referral => ['ldap://elsewhere.example/']}],
        ['no such object', {result => 32}], ['insufficient rights', {result => 50}], ['operations error', {result => 1}],
        ['hanging up', {hang_up => JSON::PP::true()}],
        ['a notice of disconnection', {notice => JSON::PP::true()}],
    );
    my $number = 0;
    for my $search (sample(2, sort keys %searches)) {
        for my $fault (sample(3, @faults)) {
            my ($what, $rules) = @$fault;
            my $after = 2 * ($number++ % 2);
            # libldap forgets to free the words of a notice
            my $how = $what =~ /notice/ ? {environment => {ASAN_OPTIONS => join ':', grep { defined } $ENV{ASAN_OPTIONS}, 'detect_leaks=0'}} : {};

            proxy_rules({%$rules, search => $searches{$search}, after => $after});
            not_ok(report($how, @ldaps), "$search, $what after $after entries");
        }
        push @faults, shift @faults;    # where not all are tried, others next
    }
};

subtest 'after everything else was read' => sub {
    my %last = (search => $searches{'by primary group'});
    my $report;

    proxy_rules({%last, result => 51});
    $report = report(@ldaps);
    has_finding($report, 'incomplete', $ENV{LAB_DC}, undef, 'incomplete names the controller');
    ok(!$report->{origin}{complete}, 'and origin says so');
    is(scalar @{$report->{hosts}}, 4, 'hosts are listed all the same');
    is($report->{run}{exit}, 3, 'UNKNOWN');
    proxy_rules({%last, garble => JSON::PP::true(), search => $searches{'entries by DN'}});
    $report = report(@ldaps);
    not_ok($report, 'an entry that can not be decoded');
    proxy_rules({continuation => "ldap://hv.example.com/CN=Configuration,$base"});
    same_report(report(@ldaps), $direct, 'references to other contexts are no gaps');
    proxy_rules({continuation => "ldap://hv.example.com/$base"});
    not_ok(report(@ldaps), 'a reference to the domain itself is one');
    proxy_rules({continuation => 'no address'});
    not_ok(report(@ldaps), 'and so is one that leads nowhere');
    proxy_rules({search => $searches{'entries by DN'}, silence => JSON::PP::true()});
    my $begin = time;
    $report = report(@ldaps, '-t', 2);
    not_ok($report, 'silence in the middle of an answer');
    cmp_ok(time - $begin, '<=', 5, 'in time');
};

subtest 'pages' => sub {
    for my $page (1, 3, 7) {
        proxy_rules({page => $page});
        same_report(report(@ldaps), $direct, "answers of $page entries, then pages of as many");
    }
    # one by one, so that each of the searches comes in pages, but that which finds but one
    for my $search (sort keys %searches) {
        proxy_rules({page => 1, unpaged => JSON::PP::true(), search => $searches{$search}});
        not_ok(report(@ldaps), "$search: a page without its control") if $search ne 'by primary group';
        proxy_rules({page => 1, result => 4, after => 1, search => $searches{$search}});
        not_ok(report(@ldaps), "$search: too much in pages, too");
    }
};

subtest 'entries that vanish between rounds' => sub {
    my $report;

    proxy_rules({drop => '^CN=Ranged,'});
    $report = report(@ldaps);
    not_ok($report, 'a group that was a member is gone');
    proxy_rules({drop => '^CN=range7,'});
    not_ok(report(@ldaps), 'an account that was a member is gone');
    proxy_rules({drop => '^CN=Domain Admins,'});
    not_ok(report(@ldaps), 'a privileged group is not found');
};

subtest 'entries that really vanish between two rounds' => sub {
    my $by_dn = "distinguishedName\x04..?CN=range";
    my $report;

    $report = meanwhile({}, $by_dn, "dn: CN=range7,OU=Range,$base\nchangetype: moddn\nnewrdn: CN=range7\ndeleteoldrdn: 1\nnewsuperior: CN=Users,$base\n");
    not_ok($report, 'a member was moved to another folder');
    has_finding($report, 'unreadable', "CN=range7,OU=Range,$base", 'member', 'and is named by the DN that the list had');
    change("dn: CN=range7,CN=Users,$base\nchangetype: moddn\nnewrdn: CN=range7\ndeleteoldrdn: 1\nnewsuperior: OU=Range,$base\n");
    same_report(report(@ldaps), $direct, 'moved back');
    $report = meanwhile({}, $by_dn, "dn: CN=range7,OU=Range,$base\nchangetype: delete\n");
    not_ok($report, 'a member was deleted');
    has_finding($report, 'unreadable', "CN=range7,OU=Range,$base", 'member', 'and is named');
    $direct = report(@ldaps);
    is_deeply([$direct->{state}, scalar @{$direct->{admins}}], ['OK', 80], 'one fewer from now on');
    $report = meanwhile({}, 'cn=Ranged|CN=Ranged', "dn: CN=Ranged,OU=Range,$base\nchangetype: moddn\nnewrdn: CN=Renamed\ndeleteoldrdn: 1\nnewsuperior: OU=Range,$base\n");
    not_ok($report, 'a group was renamed');
    change("dn: CN=Renamed,OU=Range,$base\nchangetype: moddn\nnewrdn: CN=Ranged\ndeleteoldrdn: 1\nnewsuperior: OU=Range,$base\n");
    same_report(report(@ldaps), $direct, 'its old name again');
};

# Behind the proxy, which spoils dc1, the controller itself answers to the domain's name.
subtest 'the next controller' => sub {
    my @simple = ('-D', $ENV{LAB_DOMAIN}, '--bind-dn', $ENV{LAB_BIND_DN}, '--password-file', $ENV{LAB_PASSWORD_FILE},
        '--transport', 'ldaps', '--ca-file', $ENV{LAB_CA});
    my @one = (@simple, '-H', $ENV{LAB_DC});
    my @two = (@one, '-H', $ENV{LAB_DOMAIN});
    my %searches = (%searches, 'the rootDSE' => 'defaultNamingContext');
    my %spent = (busy => {result => 51}, unavailable => {result => 52}, 'hanging up' => {hang_up => JSON::PP::true()});
    my %final = (sizeLimit => {result => 4}, timeLimit => {result => 3}, adminLimit => {result => 11});

    for my $what (sort keys %spent) {
        for my $search (sample(2, sort keys %searches)) {
            proxy_rules({%{$spent{$what}}, search => $searches{$search}});
            my $report = report(@two);
            same_report($report, $direct, "$search, $what: the next one gives all");
            is_deeply($report->{origin}{source}, [$ENV{LAB_DOMAIN}], 'and is named');
        }
        proxy_rules({%{$spent{$what}}, search => $searches{'the rootDSE'}});
        refused({}, [@one, '-H', 'gone.hv.example.com'], qr/\Q$ENV{LAB_DC}\E: .*; gone\.hv\.example\.com: /, "$what: each one is named");
        proxy_rules({%{$spent{$what}}, search => $searches{'entries by DN'}});
        my $report = report(@one, '-H', 'gone.hv.example.com');
        not_ok($report, "$what, and no other controller");
        is(scalar @{$report->{hosts}}, 4, 'what the first one gave is kept');
        like(join(' ', map { $_->{detail} } finding($report, 'incomplete')), qr/gone\.hv\.example\.com/, 'and the second one named');
    }
    for my $what (sort keys %final) {
        proxy_rules({%{$final{$what}}, search => $searches{'entries by DN'}});
        my $report = report(@two);
        not_ok($report, "$what: no other controller would allow more");
        is_deeply($report->{origin}{source}, [$ENV{LAB_DC}], 'none is asked');
        proxy_rules({%{$final{$what}}, search => $searches{'the rootDSE'}});
        same_report(report(@two), $direct, "$what before anything was read: the next one");
    }
    for my $code (51, 52) {
        proxy_rules({bind => $code});
        same_report(report(@two), $direct, "result $code of the bind: the next one");
        refused({}, [@one], qr/login failed: says the proxy/, 'of the only one: its words');
    }
    proxy_rules({bind => 49});
    refused({}, [@two], qr/\Q$ENV{LAB_DC}\E: login refused/, 'a refused login is not tried elsewhere');
};

subtest 'connections that end after some bytes' => sub {
    my @sealed = by_keytab('-H', $ENV{LAB_DC});
    my %seen;

    for my $bytes (sample(4, map { $_ * 2500 } 0 .. 24)) {
        proxy_rules({bytes => $bytes});
        my $answer = check($bytes % 5000 ? @ldaps : @sealed);

        $seen{$answer->{exit}}++;
        ok($answer->{exit} == 3 && $answer->{stdout} =~ /^HYPERV DELEGATION UNKNOWN - /
            || $answer->{exit} == 0 && $bytes > 20000, "after $bytes bytes") or diag($answer->{stdout});
        is($answer->{stderr}, '', 'nothing on standard error');
    }
    proxy_rules({});
    is(report(@sealed)->{state}, 'OK', 'sealed, without a fault: OK');
    note(join ', ', map { "exit $_: $seen{$_}" } sort keys %seen);
};

done_testing;
