#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Two controllers that both break off in the middle, one of them later than the other: what the
# better one gave is kept, whichever is asked first, and both are named. Each is a proxy in front
# of the real one, under a name of its own. What is wrong is told with what was missed, and where
# no connection is left for the questions to the KDC.
use strict;
use warnings;

use FindBin qw($Bin);
use lib "$Bin/../lib";
use Lab;
use POSIX ();
use Test::More;

enter_lab('healthy');

my $dc     = $ENV{LAB_DC};
my $second = "second.$ENV{LAB_DOMAIN}";
my $gone   = "gone.$ENV{LAB_DOMAIN}";
my $hosts  = "$ENV{LAB_DIR}/etc/hosts";
my @login  = ('-D', $ENV{LAB_DOMAIN}, '-l', $ENV{LAB_PRINCIPAL}, '-k', $ENV{LAB_KEYTAB});

# The real one answers to that name too.
change("dn: CN=DC1,OU=Domain Controllers,$ENV{LAB_BASE}\nchangetype: modify\nadd: servicePrincipalName\nservicePrincipalName: ldap/$second\n\n");
change("dn: CN=hv02,OU=Hyper-V,$ENV{LAB_BASE}\nchangetype: modify\nreplace: userAccountControl\nuserAccountControl: 528384\n\n");
my $whole = report(@login);
is($whole->{run}{exit}, 2, 'undisturbed: CRITICAL');

start_proxy();
lab_command('ip', 'address', 'add', '192.0.2.9/24', 'dev', 'br0');
spew($hosts, slurp($hosts) . "192.0.2.9 $second\n192.0.2.99 $gone\n");
spew("$tmp/second.$_", $_ eq 'rules' ? '{}' : '') for qw(rules log);
pipe my $from, my $to or die "pipe: $!";
start(sub {
    open STDOUT, '>&', $to or die;
    exec 'ldap-proxy', "$tmp/second.rules", "$tmp/second.log", '192.0.2.9' or POSIX::_exit(127);
});
close $to;
die 'the second proxy did not start' if (<$from> // '') ne "ready\n";
same_report(report(@login, '-H', $second), $whole, 'by the other name: the same');

# So many bytes of answers are there in all.
sub cut_at {
    my ($first, $other) = @_;
    proxy_rules($first ? {bytes => $first} : {});
    spew("$tmp/second.rules", $other ? "{\"bytes\": $other}" : '{}');
    return;
}

# How much of the directory a report holds.
sub amount {
    my ($report) = @_;
    return @{$report->{hosts}} + @{$report->{admins}} + map { @{$_->{targets}} } @{$report->{hosts}};
}

# The first cut behind which there is anything, and the last one that is a cut.
my ($less, $more);
for (my $bytes = 2_000; $bytes < 200_000; $bytes = int $bytes * 1.2) {
    cut_at($bytes);
    my $report = report(@login, '-H', $dc);
    last if $report->{origin}{complete};
    next if !amount($report);
    $report->{bytes} = $bytes;
    $less //= $report;
    $more = $report;
}
ok($less && $more && amount($less) < amount($more), 'cut later, it gives more') or die 'no two cuts differ';
note(sprintf '%d and %d bytes: %d and %d items', map({ $_->{bytes} } $less, $more), map { amount($_) } $less, $more);

# Both orders, and either of them the better one.
for my $better (0, 1) {
    my @bytes = map { $_->{bytes} } $better ? ($less, $more) : ($more, $less);
    my @names = ($dc, $second);

    cut_at(@bytes);
    for my $order ([$dc, $second], [$second, $dc]) {
        my $name = "$names[$better] is the better one, $order->[0] comes first";
        my $report = report(@login, map { ('-H', $_) } @$order);

        not_ok($report, "$name: not OK");
        is_deeply($report->{origin}{source}, [$names[$better]], "$name: it is the one that is judged");
        is(amount($report), amount($more), "$name: with all that it gave");
        has_finding($report, 'incomplete', $_, undef, "$name: $_ is said") for @names;
    }
}

# The KDC's connections and the controller's, up to the answer to the bind.
subtest 'who hangs up once at the login is asked once more' => sub {
    for my $at (200, 1_500, 4_000, 7_000) {
        my $file = "$tmp/report.json";
        proxy_rules({run => "once at $at", at => $at});
        my $answer = check(@login, '-H', $dc, '--output-format', 'json', '-o', $file, '-vv', '--max-output', 100_000);
        same_report(Plugin::report_of(slurp($file)), $whole, "after $at bytes: all the same");
        like($answer->{stdout}, qr/^\Q$dc\E failed: /m, "after $at bytes: it did hang up");
        unlink $file;
    }
    # somewhere in there is the bind, behind a handshake that is not of the same length each time
    my @told = map {
        proxy_rules({run => "with a password, $_", at => $_, sealed => JSON::PP::true()});
        check('-H', $dc, '--transport', 'ldaps', '--ca-file', $ENV{LAB_CA}, '--bind-dn', $ENV{LAB_BIND_DN},
            '--password-file', $ENV{LAB_PASSWORD_FILE})->{stdout};
    } map { 1_000 + 30 * $_ } 0 .. 40;
    cmp_ok(scalar(grep {/\Q$dc\E: simple bind: the connection was lost/} @told), '>', 0, 'binds by password that were cut');
    is(scalar(grep { !/^HYPERV DELEGATION UNKNOWN - / } @told), 0, 'are not tried again');
};

subtest 'the user\'s own credential cache serves at the next one, too' => sub {
    my $cache = "FILE:$tmp/own";

    lab_command('kinit', '-c', $cache, '-k', '-t', $ENV{LAB_KEYTAB}, $ENV{LAB_PRINCIPAL});
    cut_at($less->{bytes}, 0);
    my $report = report({environment => {KRB5CCNAME => $cache}}, '-D', $ENV{LAB_DOMAIN}, '-H', $dc, '-H', $second);
    is_deeply($report->{origin}{source}, [$second], 'the second one is read');
    same_report($report, $whole, 'and whole');
};

subtest 'what is wrong is told with what was missed' => sub {
    cut_at($more->{bytes}, $more->{bytes});
    my $told = 0;
    for my $order ([$dc], [$dc, $second], [$dc, $gone]) {
        my @arguments = (@login, map { ('-H', $_) } @$order);
        my $report = report(@arguments, '-t', '20:ok');
        my ($wrong) = finding($report, 'unconstrained-delegation', 'hv02');

        is($report->{run}{exit}, $wrong ? 2 : 3, "@$order: exit code");
        like(check(@arguments)->{stdout}, qr/\(incomplete\)$/m, "@$order: said in the Nagios text");
        $told += defined $wrong;
    }
    is($told, 3, 'the host that is wrong each time');
};

subtest 'no connection is left to ask the KDC by' => sub {
    cut_at($more->{bytes});
    my $report = report(@login, '--kdc', '-H', $dc, '-H', $gone, '-t', 20);
    my ($doubt) = finding($report, 'kdc-unproven');

    is_deeply($report->{origin}{source}, [$dc], 'what the first one gave');
    is(amount($report), amount($more), 'is all there');
    has_finding($report, 'unconstrained-delegation', 'hv02', undef, 'and what is wrong in it');
    like($doubt ? $doubt->{detail} : 'nothing', qr/there is no connection to the controller any more/, 'the KDC was not asked, and why');
    my ($found) = finding($report, 'incomplete', $dc);
    like($found ? $found->{detail} : 'nothing', qr/no other controller did better: \Q$gone\E: /, 'the other one is named');
};

done_testing;
