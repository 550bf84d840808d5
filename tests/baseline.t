#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# --baseline and --accept where there is no server: baselines that are none, options that
# contradict, files that can not be written, and that a process killed at any moment leaves
# the old baseline or the new one. What is drift and what is not: scenarios/drift-*.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Plugin qw(run report_of slurp spew work_folder program);
use Test::More;

my $export = "$FindBin::Bin/scenarios/healthy-domain/directory.ldif";
my $work   = work_folder();
my $file   = "$work/baseline.json";
my $other  = spew("$work/other.ldif", slurp($export) =~ s/16781312/4096/r);    # hv01: Kerberos only

# Accepts and compares in the working folder.
sub accept_it { return run(arguments => ['--ldif', $_[0], '--baseline', $file, '--accept', @_[1 .. $#_]]) }
sub compare_it { return run(arguments => ['--ldif', $_[0], '--baseline', $file, @_[1 .. $#_]]) }

sub files {
    opendir my $folder, $work or die "$work: $!";
    return sort grep { /^baseline/ } readdir $folder;
}

# One line with the cause, exit 3.
sub refused {
    my ($name, $arguments, $cause, %option) = @_;
    my $answer = run(name => $name, arguments => ['--ldif', $export, @$arguments], %option);
    ok($answer->{exit} == 3 && $answer->{stdout} =~ /\A[^\n]*\n\z/ && $answer->{stdout} =~ $cause, "$name: refused")
        or diag($answer->{stdout});
    return;
}

subtest 'options' => sub {
    refused('--accept alone', ['--accept'], qr/^UNKNOWN - --accept needs --baseline/);
    refused('--accept and -n', ['--accept', '--baseline', $file, '-n', 'hv01'], qr/^UNKNOWN - --accept .*--host/);
    refused('--accept and --only', ['--accept', '--baseline', $file, '--only', 'hosts'],
        qr/^UNKNOWN - --accept .*--only/);
    refused('--accept where counts alone are told',
        ['--accept', '--baseline', $file, '--output-format', 'openmetrics'],
        qr/^UNKNOWN - --accept .*--output-format/);
    is_deeply([files()], [], 'no file is made');
};

# What is accepted is told whole, however long a list is.
subtest 'long lists' => sub {
    my $scenario = "$FindBin::Bin/scenarios/drift-of-many-targets";
    my $then = slurp("$scenario/baseline.json");
    my $all = join ', ', map { "http/old0$_" } 1 .. 6;
    for my $format (qw(nagios json)) {
        my @way = ('--ldif', "$scenario/directory.ldif", '--baseline', spew("$work/long.json", $then), '--output-format', $format);
        like(run(name => $format, arguments => \@way)->{stdout}, qr/; removed \S+, \S+, \S+ and 3 more/, "$format: cut");
        like(run(name => "$format, --accept", arguments => [@way, '--accept'])->{stdout}, qr/; removed \Q$all\E\b/,
            "$format: whole with --accept");
        isnt(slurp("$work/long.json"), $then, "$format: accepted");
    }
    unlink "$work/long.json";
};

subtest 'accepted, then nothing drifts' => sub {
    my $made = accept_it($export);
    is($made->{exit}, 0, 'the file is made where there is none');
    like($made->{stdout},
        qr/^These facts are accepted as the first baseline; there was none, so nothing was compared\.$/m,
        'and that is said');
    is_deeply(report_of(slurp($file))->{findings}, [], 'it is a report');
    is(compare_it($export)->{exit}, 0, 'nothing drifts');
    my $drift = compare_it($other, '--output-format', 'json');
    my @found = grep { $_->{rule} eq 'drift' } @{report_of($drift->{stdout})->{findings}};
    is_deeply([map { [@$_{qw(subject object)}] } @found], [['hv01', 'protocol_transition']], 'a change is found');
    ok(!grep({ exists $_->{changed} } @found), 'an export tells nothing of when');

    my $before = slurp($file);
    my $accepted = accept_it($other);
    is($accepted->{exit}, 2, 'the exit code stays that of the verdict');
    like($accepted->{stdout}, qr/^These facts are accepted as the new baseline\.$/m, 'it is not the first one');
    like($accepted->{stdout}, qr/hv01 -> protocol_transition: .*\(drift\)$/m, 'what is accepted is shown');
    isnt(slurp($file), $before, 'the file is replaced');
    unlike(compare_it($other)->{stdout}, qr/\(drift\)/, 'no drift after it');
    my $json = accept_it($export, '--output-format', 'json');
    is($json->{exit}, 1, 'in the JSON format too');
    is(compare_it($export)->{exit}, 0, 'the old state is back');
    is_deeply([files()], ['baseline.json'], 'no other file is left');
};

subtest 'no baseline' => sub {
    my $report = slurp($file);
    my ($sid) = $report =~ /"domain_sid": "([^"]*)"/;
    my %bad = (
        'empty'          => ['',                                           qr/it is empty/],
        'not JSON'       => ['HYPERV DELEGATION OK',                       qr/not JSON: line 1, column \d+/],
        'cut short'      => [substr($report, 0, length($report) / 2),      qr/cut short: it ends in line \d+/],
        'another JSON'   => ['{"hosts": []}',                              qr/no report of check_hyperv_delegation/],
        'another schema' => [$report =~ s/"schema": 1/"schema": 7/r,       qr/schema 7, and this version reads schema 1/],
        'another domain' => [$report =~ s/\Q$sid\E/S-1-5-21-4-5-6/gr,      qr/of another domain of this name \(S-1-5-21-4-5-6\)/],
        'a domain of another name' => [$report =~ s/\Q$sid\E/S-1-5-21-4-5-6/gr =~ s/corp\.example\.com/old.example.com/gr,
            qr/it is of the domain old\.example\.com, not of corp\.example\.com/],
        'a fact missing' => [$report =~ s/"targets"/"goals"/r,             qr/hosts\[0\] has no "targets"/],
        'not whole'      => [$report =~ s/"complete": true/"complete": false/r, qr/not read whole/],
    );

    for my $name (sort keys %bad) {
        my ($text, $cause) = @{$bad{$name}};
        my $path = spew("$work/bad.json", $text);
        refused($name, ['--baseline', $path], qr/^HYPERV DELEGATION UNKNOWN - the baseline \Q$path\E: .*$cause/);
        refused("$name, --accept", ['--baseline', $path, '--accept'], $cause);
        is(slurp($path), $text, "$name: untouched");
    }
    refused('missing', ['--baseline', "$work/none.json"], qr/none\.json: No such file.*; --accept writes the first one$/);
    refused('a folder', ['--baseline', $work], qr/Is a directory/);
    run(arguments => ['--ldif', $export, '--baseline', "$work/half.json", '--accept']);
    my $half = run(arguments => ['--ldif', $export, '--only', 'hosts', '--output-format', 'json']);
    refused('one half', ['--baseline', spew("$work/half.json", $half->{stdout})], qr/it has no admins/);
    is(run(arguments => ['--ldif', $export, '--baseline', "$work/half.json", '--only', 'hosts'])->{exit}, 0,
        'one half fits itself');
};

subtest 'what can not be accepted' => sub {
    my $cut = "$FindBin::Bin/scenarios/peer-defect-size-limit/directory.ldif";
    my $old = slurp($file);
    my $answer = run(name => 'read in part', arguments => ['--ldif', $cut, '--baseline', $file, '--accept']);

    is($answer->{exit}, 3, 'a directory that was not read whole');
    like($answer->{stdout}, qr/^\[UNKNOWN\] --accept: the directory was not read whole, so .* stays as it is: .*size limit/im,
        'it says why');
    like($answer->{stdout}, qr/\(incomplete\)$/m, 'and what was found');
    is(slurp($file), $old, 'the old baseline stays');

    symlink 'nowhere', "$work/dangling" or die $!;
    for my $case (['no folder', "$work/none/b.json", qr/can not make a file in the folder \S+\/none: No such file/],
        ['a link to nothing', "$work/dangling", qr/symbolic link to nothing/]) {
        my ($name, $path, $cause) = @$case;
        my @way = ('--ldif', $other, '--baseline', $path, '--accept');

        my $healthy = run(name => $name, arguments => ['--ldif', $export, @way[2 .. 4]]);
        is($healthy->{exit}, 3, "$name: not OK, though nothing was found");
        like($healthy->{stdout}, qr/\AHYPERV DELEGATION UNKNOWN - 0 of 2 hosts wrong; 0 of 2 admins unprotected; baseline not written \| .*\n\[UNKNOWN\] --accept: .*$cause.*\n\z/,
            "$name: the cause and the counts");
        my $wrong = run(name => $name, arguments => \@way);
        is($wrong->{exit}, 2, "$name: the state of what was found");
        like($wrong->{stdout}, qr/^\[UNKNOWN\] --accept: .*$cause.*\n\[CRITICAL\] hv01: .*\(protocol-transition-missing\)$/m,
            "$name: which is told");
        my $written = run(name => $name, arguments => [@way, '--output-format', 'json', '-o', "$work/report.json"]);
        is_deeply([Plugin::normalize($written->{stdout}), $written->{exit}], [Plugin::normalize($wrong->{stdout}), 2],
            "$name: with -o too");
        ok(report_of(slurp("$work/report.json")), "$name: and the report is written");
        my $alone = run(unchecked => 1, arguments => ['--ldif', $export, @way[2 .. 4], '--output-format', 'json']);
        is($alone->{exit}, 3, "$name: a report alone");
        is(report_of($alone->{stdout})->{state}, 'OK', "$name: is whole");
        like($alone->{stderr}, qr/\Acheck_hyperv_delegation: --accept: .*$cause.*\n\z/, "$name: and the cause stands beside it");
    }

    my $full = run(unchecked => 1, stdout_path => '/dev/full',
        arguments => ['--ldif', $other, '--baseline', $file, '--accept']);
    is($full->{exit}, 2, 'an answer that nobody got ends in what was found');
    is(slurp($file), $old, 'is not accepted');
    is_deeply([files()], ['baseline.json'], 'no other file is left');
};

# The system ends a process that writes beyond the limit, unless that ignores the signal.
subtest 'a limit on the size of files' => sub {
    my $old = slurp($file);
    my $answer = run(command => ['sh', '-c', 'ulimit -f 4; exec "$0" "$@"', program()],
        arguments => ['--ldif', $other, '--baseline', $file, '--accept']);
    is($answer->{exit}, 2, 'what was found counts');
    like($answer->{stdout}, qr/^\[UNKNOWN\] --accept: .*File too large/m, 'why it is not accepted');
    is(slurp($file), $old, 'the old baseline stays');
    is_deeply([files()], ['baseline.json'], 'no other file is left');
};

# What nobody could see when it was accepted must not be there in silence later.
subtest 'accepted with gaps' => sub {
    my $hidden = "$FindBin::Bin/scenarios/drift-unreadable-now/directory.ldif";
    my $path   = "$work/gaps.json";
    my $made = run(arguments => ['--ldif', $hidden, '--baseline', $path, '--accept']);

    is($made->{exit}, 3, 'UNKNOWN');
    like($made->{stdout}, qr/^These facts are accepted as the first baseline, which lacks what could not be read; there was none, .*\.$/m, 'said');
    $made = run(arguments => ['--ldif', $hidden, '--baseline', $path, '--accept']);
    like($made->{stdout}, qr/^These facts are accepted as the new baseline, which lacks what could not be read\.$/m, 'again');
    my $again = run(arguments => ['--ldif', $hidden, '--baseline', $path]);
    unlike($again->{stdout}, qr/\(drift\)/, 'still unreadable: no drift');
    my $seen = run(arguments => ['--ldif', $export, '--baseline', $path, '--output-format', 'json']);
    my @drift = grep { $_->{rule} eq 'drift' } @{report_of($seen->{stdout})->{findings}};
    is($seen->{exit}, 1, 'readable now: WARNING');
    ok(@drift && !grep({ $_->{detail} !~ /could not be read for the baseline and is known now: / } @drift), 'each fact is told');
    run(arguments => ['--ldif', $export, '--baseline', $path, '--accept']);
    is(run(arguments => ['--ldif', $export, '--baseline', $path])->{exit}, 0, 'accepted: OK');
};

subtest 'rights and links' => sub {
    chmod 0640, $file;
    symlink 'baseline.json', "$work/link.json" or die $!;
    run(arguments => ['--ldif', $other, '--baseline', "$work/link.json", '--accept']);
    is(sprintf('%o', (stat $file)[2] & 07777), '640', 'the mode is kept');
    ok(-l "$work/link.json", 'a link stays one');
    is(scalar(grep { !$_->{protocol_transition} } @{report_of(slurp($file))->{hosts}}), 1, 'its file is replaced');
    accept_it($export);
};

# The program under strace, which does something to its system calls.
sub traced {
    my ($inject, @arguments) = @_;
    return run(unchecked => 1, environment => {ASAN_OPTIONS => 'detect_leaks=0'},
        command => ['strace', '-f', '-o', "$work/trace", @$inject, program()],
        arguments => ['--ldif', $other, '--baseline', $file, '--accept', @arguments]);
}

SKIP: {
    skip 'strace is not there or may not trace', 1
        if !grep({ -x "$_/strace" } split /:/, $ENV{PATH}) || traced([], '-V')->{exit} != 3;

    subtest 'killed at any moment' => sub {
        my $old = slurp($file);
        my (%count, @calls, %seen, @wrong);

        traced([]);
        # each call from the one that makes the new file on: its name, and which of that name
        for my $line (split /\n/, slurp("$work/trace")) {
            my ($name) = $line =~ /^\d+\s+(\w+)\(/ or next;
            $count{$name}++;
            push @calls, [$name, $count{$name}] if @calls || $line =~ /\.new-/;
        }
        cmp_ok(scalar @calls, '>', 5, 'the new file is made beside the old one');
        for my $call (map { "$_->[0]:signal=KILL:when=$_->[1]" } @calls) {
            spew($file, $old);
            my $killed = traced(['-e', "inject=$call"]);
            my $now = slurp($file);
            my $new = $now ne $old && eval { report_of($now) };

            unlink glob "$work/baseline.json.new-*";
            push @wrong, "$call: $now" if $now ne $old && (!$new || $new->{state} ne 'CRITICAL');
            push @wrong, "$call: new, but nothing was printed"
                if $now ne $old && $killed->{stdout} !~ /accepted as the new baseline/;
            $seen{$now eq $old ? 'old' : 'new'}++;
        }
        is_deeply(\@wrong, [], 'the old baseline or the new one, and the new one only when it was shown');
        ok($seen{old} && $seen{new}, 'both were seen');
        note("the old one $seen{old} times, the new one $seen{new} times");
        spew($file, $old);
    };

    subtest 'a disk that fails' => sub {
        my $old = slurp($file);
        my %failing = (
            'no room'            => ['fsync:error=ENOSPC:when=1',  qr/^\[UNKNOWN\] --accept: .*No space left/m, 2],
            'the name can not be changed' => ['rename:error=EACCES', qr/accepted/, 2],
        );

        for my $name (sort keys %failing) {
            my ($inject, $said, $exit) = @{$failing{$name}};
            my $answer = traced(['-e', "inject=$inject"]);
            is($answer->{exit}, $exit, "$name: exit code");
            like($answer->{stdout}, $said, "$name: said");
            like($answer->{stderr}, qr/--accept: can not replace .*Permission denied/, "$name: on standard error")
                if $inject =~ /rename/;
            is(slurp($file), $old, "$name: the old baseline stays");
            is_deeply([files()], ['baseline.json'], "$name: no other file is left");
        }
    };
}

done_testing();
