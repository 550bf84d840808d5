#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What README tells a new user to type, in the demo domain: the first check by hand and of an
# export, the way to a baseline, the page and the metrics. Other parts of it are followed by
# account.t, demo.t and the long tests.
use strict;
use warnings;

use File::Basename qw(dirname);
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Lab;
use Plugin ();
use Test::More;

enter_lab('demo');

my $readme  = slurp("$Bin/../../README");
my $contrib = "$Bin/../../contrib";
my $login   = "--domain $ENV{LAB_DOMAIN} --logname svc-monitor --keytab $ENV{LAB_KEYTAB}";
my $verdict = 'HYPERV DELEGATION CRITICAL - 9 of 20 hosts wrong; 11 of 18 admins unprotected';
my $judged  = 'HYPERV DELEGATION CRITICAL - 8 of 19 hosts wrong, 11 of 140 pairs not ready; 10 of 16 admins unprotected';

# The texts to type in a section of that name, for this domain and with its files in $tmp,
# whose owner stays who runs this, for not every machine has the user of Icinga.
sub typed {
    my ($section) = @_;
    my ($text) = $readme =~ /^\Q$section\E\n-+\n(.*?)(?=^\S[^\n]*\n-{3,}\n|\z)/ms or BAIL_OUT("README has no section $section");
    return map {
        s/^    //gm;
        s/^\.\.\. /check_hyperv_delegation $login /;
        s/\bDC=example,DC=com\b/$ENV{LAB_BASE}/g;
        s/(?<!hv\.)\bexample\.com\b/$ENV{LAB_DOMAIN}/g;
        s/\bEXAMPLE\.COM\b/$ENV{LAB_REALM}/g;
        s{/etc/icinga2/keytabs/}{$tmp/}g;
        s/ -o nagios -g nagios\b//g;
        s/^chgrp nagios .*\n//m;
        s{/(?:etc/icinga2|var/www/html|var/lib/prometheus/node-exporter)/}{$tmp/}g;
        $_
    } $text =~ /((?:^    .*\n)+)/mg;
}

# Types it; its answer.
sub type_in {
    my ($text) = @_;
    my $plugins = dirname($ENV{PLUGIN});
    my $answer  = Plugin::finish(Plugin::start(
        command     => ['/bin/bash', '-uc', $text],
        environment => {PATH => "$ENV{PATH}:$plugins"},
        folder      => $tmp,
    ));
    note("$text$answer->{stdout}$answer->{stderr}");
    return $answer;
}

sub answers {
    my ($answer, $expected, $name) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    is($answer->{exit}, 2, "$name: the exit code");
    return like($answer->{stdout}, qr/^\Q$expected\E; critical: \S+ \([a-z-]+\) \|/m, "$name: the verdict");
}

lab_command('cp', $ENV{LAB_KEYTAB}, "$tmp/svc-monitor.keytab");
lab_command('cp', "$contrib/policy.ini", "$tmp/hyperv.ini");

my @first = typed('The first check of your domain');
is(scalar @first, 2, 'a check by hand, and one of an export');
answers(type_in($first[0]), $verdict, 'by hand');
answers(type_in($first[1]), $verdict, 'of an export');

my ($way, $variables, @more) = typed('Rolling it out');
is(scalar @more, 0, 'a command, and variables for Icinga');
my ($rights) = $way =~ /^(chmod .*\n)/m or BAIL_OUT('nobody makes the baseline readable');
$way =~ s/\Q$rights\E//;
my $accepted = type_in($way);
answers($accepted, $judged, 'with a policy and a threshold');
unlike($accepted->{stdout}, qr/^\[WARNING\].*(?:admins_unprotected|\(admin-unprotected\))/m, 'the threshold is not crossed');
like($accepted->{stdout}, qr/^\[OK\] adm-bernd\b.*: .*\(admin-unprotected\)$/m, 'but what is wrong is still told');
is(type_in($rights)->{exit}, 0, 'its rights');
like($accepted->{stdout}, qr/^These facts are accepted/m, 'the baseline is written');
umask 077;
type_in($way);
is(sprintf('%o', (stat "$tmp/hyperv.json")[2] & 07777), 640, 'written again, the baseline keeps its rights');
my $again = $way =~ s/ --accept\b//r;
isnt($again, $way, 'without --accept');
unlike(type_in($again)->{stdout}, qr/\(drift\)/, 'nothing drifted');
lab_command('samba-tool', 'user', 'sensitive', 'adm-bernd', 'on', '-s', $ENV{LAB_SMBCONF});
like(type_in($again)->{stdout}, qr/^\[\w+\] adm-bernd\b.*\(drift\)$/m, 'a change is a finding, be it for the better');
my $command = slurp("$contrib/icinga2/hyperv_delegation.conf");
my @known   = grep { $command =~ /"\$$_\$"/ } $variables =~ /^\s*(hyperv_delegation_\w+) = /mg;
is(scalar @known, 3, 'the CheckCommand has the variables');

my ($page, $metrics, @rest) = typed('A picture of the estate');
is(scalar @rest, 0, 'a page, and metrics');
$judged =~ s/10 of 16/9 of 16/ or die;
answers(type_in($page), $judged, 'the page');
like(slurp("$tmp/delegation/index.html"), qr{<title>CRITICAL: Kerberos delegation in \Q$ENV{LAB_DOMAIN}\E</title>}, 'it is there');
answers(type_in($metrics), $verdict =~ s/11 of 18/10 of 18/r, 'the metrics');
like(slurp("$tmp/delegation.prom"), qr/^hyperv_delegation_read_timestamp_seconds\{/m, 'they are there');

done_testing;
