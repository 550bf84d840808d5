#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Conversations that are cut or delayed after a number of bytes, at points spread over all
# that pass between the program and its controller in a run, the KDC's included: sealed by
# Kerberos, under TLS, and inside of TLS, where a cut falls into the middle of an LDAP
# message. Whatever happens, a run answers with every fact that the undisturbed one had, or
# with UNKNOWN; it does not crash, and its deadline holds. In the healthy domain every fact
# that is missed would be an OK that is wrong.
#
# CUT_POINTS is the number of cuts, and that of delays (150); CUT_WORKERS, how many runs go
# on at once (6).
use strict;
use warnings;

use FindBin qw($Bin $Script);
use lib "$Bin/../lib";
use JSON::PP ();
use Lab;
use Plugin;
use Test::More;
use Time::HiRes qw(sleep time);

my $POINTS = $ENV{CUT_POINTS} || 150;
my $WORKERS = $ENV{CUT_WORKERS} || 6;
my $GRACE_S = 1;    # so much later than its deadline a run may end; late is who is so
my $TRIALS = 5;     # as often in a row: a busy machine is late now and then, a defect always

my $json = JSON::PP->new->canonical;
my @tls = ('--ca-file', $ENV{LAB_CA} // '');
my @ways = (
    {name => 'gssapi', arguments => [by_keytab()], rules => {}},
    {name => 'starttls', arguments => [by_keytab('--transport', 'starttls', @tls)], rules => {}},
    {name => 'ldaps', arguments => [by_keytab('--transport', 'ldaps', @tls)], rules => {sealed => 1}},
    {name => 'inside ldaps', arguments => [by_keytab('--transport', 'ldaps', @tls)], rules => {}},
);

# The name of each fault, its rules, the deadline of its runs, and whether it loses nothing.
my @faults = (
    {name => 'cut', rules => {}, deadline => 3},
    {name => 'cut by a reset', rules => {reset => 1}, deadline => 3},
    {name => 'short delay', rules => {stall => 0.15}, deadline => 20, harmless => 1},
    {name => 'delay beyond the deadline', rules => {stall => 2.9}, deadline => 1},
);

# ---- one run, in a worker ------------------------------------------------------------

# Runs the program once; the answer with its report, where it has one.
sub run_once {
    my ($way, $rules, $deadline) = @_;
    my $begin = time;

    spew("$tmp/rules", $json->encode({%{$way->{rules}}, %$rules, run => "$begin"}));
    my $answer = Plugin::finish(Plugin::start(outer_timeout => 30,
        arguments => [@{$way->{arguments}}, '-H', $ENV{LAB_DC}, '-t', $deadline, '--output-format', 'json']));
    $answer->{seconds} = time - $begin;
    $answer->{report} = eval { Plugin::report_of($answer->{stdout}) };
    return $answer;
}

# What a run that was spoilt is: a word for the counts, and what is wrong with it.
sub judge {
    my ($answer, $expected, $fault) = @_;
    my $report = $answer->{report};
    my $refusal = $answer->{stdout} =~ /\AHYPERV DELEGATION UNKNOWN - [^\n|]+\n\z/;
    my ($outcome, @wrong);

    push @wrong, 'ended by the outer timeout' if $answer->{timed_out};
    push @wrong, "killed by signal $answer->{signal}" if $answer->{signal};
    push @wrong, 'the program crashed' if $answer->{stdout} =~ /crash/;
    push @wrong, 'standard error: ' . substr $answer->{stderr}, 0, 1000 if $answer->{stderr} ne '';
    if ($report && $report->{origin}{complete}) {
        my @differences = differences($report, $expected);
        $outcome = 'all facts';
        push @wrong, 'facts are missing: ' . join '; ', @differences[0 .. ($#differences > 5 ? 5 : $#differences)] if @differences;
        push @wrong, "all facts, and exit $answer->{exit}" if $answer->{exit} != 0;
    } else {
        $outcome = $report ? 'UNKNOWN: incomplete' : $answer->{stdout} =~ /no answer/ ? 'UNKNOWN: no answer' : 'UNKNOWN: no connection';
        push @wrong, 'neither a report nor a refusal' if !$report && !$refusal;
        push @wrong, "not all was read, and exit $answer->{exit}" if $answer->{exit} != 3;
        push @wrong, 'a delay alone made it fail' if $fault->{harmless};
    }
    return ($outcome, @wrong);
}

# Whether a run outlived its deadline, which is counted from when the program runs: what the
# machine takes at this time to start and to end it comes on top.
sub late {
    my ($answer, $fault) = @_;
    my $over = $answer->{seconds} - $fault->{deadline} - $GRACE_S;
    return 0 if $over <= 0;
    my $begin = time;
    Plugin::finish(Plugin::start(arguments => ['--version']));
    return $over > time - $begin;
}

# The points of a worker, one after the other: a line of JSON for each.
sub work {
    my ($number) = @_;
    my $folder = "$tmp/$number";
    my $address = '127.0.0.' . (10 + $number);
    my $task = $json->decode(slurp("$tmp/task"));

    mkdir $folder or die "$folder: $!";
    $ENV{TMPDIR} = $tmp = $folder;    # goes with the lab, whatever ends this
    spew("$tmp/rules", '{}');
    my $pid = open my $proxy, '-|', 'setpriv', '--pdeathsig', 'KILL', 'ldap-proxy', "$tmp/rules", '/dev/null', $address or die "ldap-proxy: $!";
    die 'the proxy did not start' if (<$proxy> // '') ne "ready\n";
    open my $results, '>', "$folder.results" or die "$folder.results: $!";
    for my $point (grep { $_->{worker} == $number } @{$task->{points}}) {
        my ($way, $fault) = ($ways[$point->{way}], $faults[$point->{fault}]);
        my ($trial, $late, $answer) = (0);
        do {
            $answer = run_once($way, {%{$fault->{rules}}, at => $point->{at}}, $fault->{deadline});
            $late = late($answer, $fault);
        } while ($late && ++$trial < $TRIALS);
        my ($outcome, @wrong) = judge($answer, $task->{expected}, $fault);
        push @wrong, sprintf 'took %.1f s, %d times', $answer->{seconds}, $TRIALS if $late;
        push @wrong, substr $answer->{stdout}, 0, 300 if @wrong;
        print {$results} $json->encode({%$point, outcome => $outcome, wrong => \@wrong, seconds => $answer->{seconds}, again => $trial}), "\n";
    }
    close $results or die "$folder.results: $!";
    kill 'KILL', $pid;
    exit 0;
}

# ---- the test ------------------------------------------------------------------------

# Runs a worker in a mount namespace of its own, where the controller's name is its proxy's.
sub start_worker {
    my ($number) = @_;
    my $hosts = spew("$tmp/hosts.$number", slurp('/etc/hosts') . '127.0.0.' . (10 + $number) . " $ENV{LAB_DC}\n");
    return start('unshare', '--mount', '--propagation', 'private', 'sh', '-c',
        'mount --bind "$1" "$(readlink -m /etc/hosts)" && shift && exec "$@"', 'sh', $hosts, $^X, "$Bin/$Script", 'worker', $number);
}

# The bytes of an undisturbed run of each way; its report must be the direct one.
sub measure {
    my ($expected) = @_;
    my $proxy = start_proxy();
    my @bytes;

    for my $way (@ways) {
        my $name = "measure $way->{name}";
        proxy_rules({%{$way->{rules}}, run => $name});
        same_report(report(@{$way->{arguments}}, '-H', $ENV{LAB_DC}), $expected, "$way->{name}: the proxy changes nothing of itself");
        sleep 0.3;    # the proxy has noted the end of the last connection
        push @bytes, (slurp("$tmp/proxy.log") =~ /^run (\d+)$/mg)[-1];
        cmp_ok($bytes[-1], '>', 5000, "$way->{name}: $bytes[-1] bytes");
    }
    stop($proxy);
    return @bytes;
}

# So many cuts and as many delays, evenly spread over ways, kinds and bytes.
sub points {
    my (@bytes) = @_;
    my @points;
    for my $faults ([0, 1], [2, 3]) {
        for my $i (0 .. $POINTS - 1) {
            my $way = $i % @ways;
            my $each = int(($POINTS - $way + @ways - 1) / @ways);
            my $place = int($i / @ways);
            push @points, {way => $way, fault => $faults->[$place % 2], at => int($place * $bytes[$way] / $each), worker => @points % $WORKERS};
        }
    }
    return @points;
}

enter_lab('healthy');
work($ARGV[1]) if @ARGV && $ARGV[0] eq 'worker';

my $hosts = slurp("$ENV{LAB_DIR}/etc/hosts");
my $expected = report(by_keytab());
is($expected->{state}, 'OK', 'the healthy domain is OK');
my @bytes = measure($expected);
spew("$ENV{LAB_DIR}/etc/hosts", $hosts);
delete $expected->{run};
my @points = points(@bytes);
spew("$tmp/task", $json->encode({points => \@points, expected => $expected}));
my @workers = map { start_worker($_) } 0 .. $WORKERS - 1;
waitpid $_, 0 for @workers;

my @results = map { $json->decode($_) } map { split /\n/, slurp("$tmp/$_.results") } 0 .. $WORKERS - 1;
is(scalar @results, scalar @points, 'every point was tried');
for my $f (0 .. $#faults) {
    for my $w (0 .. $#ways) {
        my @of = grep { $_->{fault} == $f && $_->{way} == $w } @results;
        my @wrong = grep { @{$_->{wrong}} } @of;
        my %count;

        $count{$_->{outcome}}++ for @of;
        ok(@of && !@wrong, "$ways[$w]{name}, $faults[$f]{name}: " . scalar(@of) . ' points');
        diag("after $_->{at} bytes: ", join "\n", @{$_->{wrong}}) for @wrong[0 .. ($#wrong > 4 ? 4 : $#wrong)];
        diag(scalar(@wrong) . ' points in all') if @wrong > 5;
        note(join ', ', map { "$_: $count{$_}" } sort keys %count);
    }
}
note('tried again for being late: ' . grep { $_->{again} } @results);
done_testing;
