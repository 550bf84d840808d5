#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Holds the rules together: each rule of the catalogue (plugins/policy/finding.c) fires in
# at least one scenario, stays silent in at least one near miss (tests/scenarios/silent)
# and, where the manual page is there, has its name in it. Scenarios are exports, which hold
# no answers of a KDC and nothing of a second controller: the rules about the KDC do both in
# the cases of their unit test, and the live test that asks a real KDC names them; the one
# about several controllers does both in its live test. Runs nothing.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Plugin qw(report_of slurp);
use Test::More;

my $top = "$FindBin::Bin/..";

# Names of the rules in the catalogue: [RULE_X] = {"name", ...
sub read_catalogue {
    my $source = slurp("$top/plugins/policy/finding.c");
    return $source =~ /\[RULE_[A-Z0-9_]+\]\s*=\s*\{\s*"([a-z-]+)"/g;
}

# rule => {scenario => state} of all findings in the expected reports.
sub read_firing {
    my %firing;
    for my $path (glob "$FindBin::Bin/scenarios/*/expected.json") {
        my ($scenario) = $path =~ m{([^/]+)/expected\.json$};
        $firing{$_->{rule}}{$scenario} = $_->{state} for @{report_of(slurp($path))->{findings}};
    }
    return %firing;
}

# rule => [scenarios] of the list of near misses.
sub read_silent {
    my %silent;
    for my $line (split /\n/, slurp("$FindBin::Bin/scenarios/silent")) {
        next if $line =~ /^#/ || $line eq '';
        my ($rule, $scenarios) = $line =~ /^([a-z-]+): (.+)$/ or die "scenarios/silent: $line";
        $silent{$rule} = [split / /, $scenarios];
    }
    return %silent;
}

# The findings of each case of the unit test of the rules about the KDC, as one text a case.
sub read_kdc_cases {
    my $source = slurp("$FindBin::Bin/unit/test_kdc_rules.c");
    my ($unproven) = $source =~ /^#define UNPROVEN "([^"]+)"/m or die 'test_kdc_rules.c: no UNPROVEN';
    return map { s/\bUNPROVEN\b/"$unproven"/gr } $source =~ /\.findings =((?:\s*(?:"[^"]*"|UNPROVEN))+)/g;
}

my @kdc_cases = read_kdc_cases();
my $kdc_test  = slurp("$FindBin::Bin/live/kdc.t");
my $servers_test = slurp("$FindBin::Bin/live/servers.t");
my @rules  = read_catalogue();
my %known  = map { $_ => 1 } @rules;
my %firing = read_firing();
my %silent = read_silent();
my ($page) = grep { -e } map { "$top/$_" } qw(contrib/check_hyperv_delegation.8 doc/check_hyperv_delegation.8
    plugins/check_hyperv_delegation.8);
my $rows = () = slurp("$top/plugins/policy/finding.h") =~ /^\s*RULE_(?!COUNT)[A-Z0-9_]+,/mg;

is(scalar @rules, $rows, 'every rule of finding.h is in the catalogue');
for my $rule (grep { /^kdc-/ } @rules) {
    ok(!$firing{$rule} && !$silent{$rule}, "$rule is of no scenario");
    cmp_ok(scalar(grep { /"\Q$rule\E / } @kdc_cases), '>', 0, "$rule fires in a case of its unit test");
    cmp_ok(scalar(grep { !/"\Q$rule\E / } @kdc_cases), '>', 0, "$rule is silent in one");
    like($kdc_test, qr/'\Q$rule\E\b/, "$rule is tested with a KDC");
}
ok(!$firing{'servers-disagree'} && !$silent{'servers-disagree'}, 'servers-disagree is of no scenario');
like($servers_test, qr/'servers-disagree', \$subject/, 'servers-disagree fires at two controllers');
like($servers_test, qr/\{findings\}\], \['OK', \[\]\]/, 'servers-disagree is silent at two');
for my $rule (grep { !/^kdc-|^servers-/ } @rules) {
    cmp_ok(scalar keys %{$firing{$rule} // {}}, '>', 0, "$rule fires in a scenario");
    cmp_ok(scalar @{$silent{$rule} // []}, '>', 0, "$rule has a near miss");
    for my $scenario (@{$silent{$rule} // []}) {
        ok(-e "$FindBin::Bin/scenarios/$scenario/expected.json", "$rule: there is a scenario $scenario");
        ok(!$firing{$rule}{$scenario}, "$rule is silent in $scenario");
    }
}
for my $rule ($page ? @rules : ()) {
    like(slurp($page), qr/\Q$rule\E|@{[$rule =~ s{-}{\\\\-}gr]}/, "$rule is in the manual page");
}
ok($known{$_}, "$_ in an expected report is a rule of the catalogue") for sort keys %firing;
ok($known{$_}, "$_ in scenarios/silent is a rule of the catalogue") for sort keys %silent;
for my $folder (grep { -d } glob "$FindBin::Bin/scenarios/*") {
    my @missing = grep { !-e "$folder/$_" } qw(arguments expected.txt expected.json);
    is("@missing", '', "$folder is whole" =~ s{.*/}{}r);
}
done_testing();
