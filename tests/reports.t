#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# --output-format html and openmetrics, and --output, where there is no server: both formats
# are sound whatever the directory holds, complete whatever --max-output says, and of the
# same verdict as the others; the file is written at once or not at all, and a report that
# could not be written is never OK. Real browsers and collectors: long/reports.t.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Encode ();
use Plugin qw(run report_of normalize parse_output slurp spew work_folder program %EXIT_CODES);
use POSIX ();
use Report qw(page_faults page_text metrics_faults metrics_samples hostile_domain hostile_policy @HOSTILE);
use Test::More;

my $scenarios = "$FindBin::Bin/scenarios";
my $healthy   = "$scenarios/healthy-domain/directory.ldif";
my $work      = work_folder();
my %check     = (html => \&page_faults, openmetrics => \&metrics_faults);

# One test: the faults that a checker found.
sub sound {
    my ($faults, $name) = @_;
    return is_deeply($faults, [], $name);
}

sub files {
    my ($folder) = @_;
    opendir my $stream, $folder or die "$folder: $!";
    return sort grep { !/^\.\.?$/ } readdir $stream;
}

# The checkers themselves: a page or a metric that is wrong is found to be.
subtest 'what is wrong is found' => sub {
    my $page    = run(arguments => ['--ldif', $healthy, '--output-format', 'html'], unchecked => 1)->{stdout};
    my $metrics = run(arguments => ['--ldif', $healthy, '--output-format', 'openmetrics'], unchecked => 1)->{stdout};
    sound([page_faults($page)], 'a page as it is');
    for my $evil ('<script>1</script>', '<b onclick="x">', '<a href="http://x">x</a>', '&copy;', 'a < b', '</div>',
        '<i>', "\x01", "\xE2\x80\xAE", "\xFF", '<span id="findings">', '<i style="background:url(x)"></i>', '<td class=x><a href=#f999>K</a>')
    {
        my @faults = page_faults($page =~ s/<main>/<main>$evil/r);
        ok(@faults > 0, 'a page with ' . Encode::encode('UTF-8', Encode::decode('UTF-8', $evil)) =~ s/[^ -~]/?/gr);
    }
    sound([metrics_faults($metrics)], 'metrics as they are');
    for my $evil (qq(hyperv_delegation_state{domain="a"} 1\n), "x 1\n", qq(hyperv_delegation_hosts{domain="a"b"} 1\n),
        "# TYPE x gauge\n", "\xFF\n")
    {
        ok(scalar metrics_faults($metrics =~ s/(?=# EOF)/$evil/r), "metrics with $evil" =~ s/[^ -~]/?/gr);
    }
    ok(scalar metrics_faults($metrics =~ s/# EOF\n//r), 'metrics that are cut');
};

# Each scenario in one of the formats, in turn; those of hostile names in both.
subtest 'scenarios' => sub {
    my @formats = sort keys %check;
    my $number = 0;
    for my $folder (grep { -d } glob "$scenarios/*") {
        my ($name) = $folder =~ m{([^/]+)$};
        my @arguments = split /\n/, slurp("$folder/arguments");
        my @chosen = $name =~ /hostile/ ? @formats : $formats[$number++ % @formats];
        for my $format (@chosen) {
            my $answer = run(name => "$name, $format", folder => $folder,
                arguments => [@arguments, '--output-format', $format, '-o', "$work/$name"]);
            my $expected = slurp("$folder/expected.txt");
            my @faults = $check{$format}->(slurp("$work/$name"));
            push @faults, 'the Nagios text is another one' if normalize($answer->{stdout}) ne normalize($expected);
            sound(\@faults, "$name, $format: sound, and the Nagios text is what it is without");
            unlink "$work/$name";
        }
    }
    cmp_ok($number, '>', 100, 'there are scenarios');
};

subtest 'one verdict, one exit code' => sub {
    for my $name (qw(healthy-domain everything-wrong member-unreadable exempt only-hosts only-admins)) {
        my $folder = "$scenarios/$name";
        my @arguments = split /\n/, slurp("$folder/arguments");
        my %answer = map {
            my $json = $_ eq 'json' || $_ eq 'nagios';
            $_ => run(name => "$name, $_", folder => $folder, unchecked => !$json,
                arguments => [@arguments, '--output-format', $_])
        } qw(nagios json html openmetrics);
        my $report = report_of($answer{json}{stdout});
        is($answer{$_}{exit}, $EXIT_CODES{$report->{state}}, "$name, $_: the exit code") for sort keys %answer;
        is($answer{$_}{stderr}, '', "$name, $_: nothing on standard error") for sort keys %answer;
        like($answer{html}{stdout}, qr{<title>$report->{state}: }, "$name: the page says the state");

        my $samples = metrics_samples($answer{openmetrics}{stdout});
        my %values = map { /^hyperv_delegation_([a-z_]+)\{/ ? ($1 => $samples->{$_}) : () } keys %$samples;
        is($values{state}, $EXIT_CODES{$report->{state}}, "$name: the state is a metric");
        my %perfdata = map { $_->{label} => $_->{value} } grep { $_->{label} ne 'time' } @{$report->{perfdata}};
        delete @values{qw(state time_seconds read_timestamp_seconds findings host_state)};
        is_deeply(\%values, \%perfdata, "$name: the metrics are those of the perfdata");
        my %findings;
        $findings{"$_->{rule} $_->{state}"}++ for @{$report->{findings}};
        my %counted = map { /^\w+_findings\{.*rule="(.*?)",state="(.*?)"/ ? ("$1 $2" => $samples->{$_}) : () } keys %$samples;
        is_deeply(\%counted, \%findings, "$name: findings by rule and state");
    }
};

subtest 'complete, whatever the room' => sub {
    my $folder = "$scenarios/more-names-than-room";
    my @export = ('--ldif', "$folder/directory.ldif", '--fix');
    my $report = report_of(run(arguments => [@export, '--output-format', 'json'])->{stdout});
    my $short  = run(arguments => [@export, '--output-format', 'html', '-o', "$work/page", '--max-output', '2048']);
    like($short->{stdout}, qr/more findings/, 'the Nagios text is cut');
    my $page = page_text(slurp("$work/page"));
    my @missing = grep { index($page, $_->{subject}) < 0 } @{$report->{findings}};
    is_deeply(\@missing, [], 'the page has them all');
    run(arguments => [@export, '--output-format', 'openmetrics', '-o', "$work/page", '--max-output', '2048']);
    my $samples = metrics_samples(slurp("$work/page"));
    my $sum = 0;
    $sum += $samples->{$_} for grep {/_findings\{/} keys %$samples;
    is($sum, scalar @{$report->{findings}}, 'the metrics count them all');
    run(arguments => [@export, '--output-format', 'json', '-o', "$work/page", '--max-output', '2048']);
    is(scalar @{report_of(slurp("$work/page"))->{findings}}, $sum, 'the JSON report has them all');
};

subtest 'hostile names' => sub {
    my $export = spew("$work/<script>x.ldif", hostile_domain(1));
    my $policy = spew("$work/hostile.ini", hostile_policy(1));
    my @arguments = ('--ldif', $export, '--policy', $policy);
    my $report = report_of(run(arguments => [@arguments, '--output-format', 'json'])->{stdout});

    is(scalar @{$report->{hosts}}, scalar @HOSTILE, 'each is the name of a host');
    cmp_ok(scalar(grep { $_->{rule} eq 'admin-unprotected' } @{$report->{findings}}), '==', scalar @HOSTILE,
        'and of an admin');
    for my $more ([], ['--fix'], ['--only', 'hosts'], ['--only', 'admins']) {
        for my $format ('html', 'openmetrics') {
            run(arguments => [@arguments, @$more, '--output-format', $format, '-o', "$work/page"]);
            sound([$check{$format}->(slurp("$work/page"))], "$format @$more");
        }
    }
    run(arguments => [@arguments, '--output-format', 'html', '-o', "$work/page"]);
    my $text = page_text(slurp("$work/page"));
    my @lost = grep { index($text, $_) < 0 } map { lc } grep { /^[\x20-\x7E]+$/ } map { s/PORT/1/gr } @HOSTILE;
    is_deeply(\@lost, [], 'what can be read is read as it is');
    like($text, qr/\[U\+202E\]nimda/, 'what reverses the text is named');
    unlike($text, qr/\x{202E}/, 'and does not reverse it');
    run(arguments => [@arguments, '--output-format', 'openmetrics', '-o', "$work/page"]);
    my @hosts = grep {/_host_state\{/} keys %{metrics_samples(slurp("$work/page"))};
    is(scalar @hosts, scalar @HOSTILE, 'each host is a series');
};

subtest 'refused' => sub {
    for my $case (
        [['-o', 'x'], qr/^UNKNOWN - --output needs --output-format json, html or openmetrics/],
        [['-o', 'x', '--output-format', 'nagios'], qr/^UNKNOWN - --output needs --output-format/],
        [['-o', '-', '--output-format', 'html'], qr/^UNKNOWN - --output -:/],
        [['-o', $healthy, '--output-format', 'json'], qr/^UNKNOWN - --output makes no sense with --ldif/],
        [['-o', '', '--output-format', 'json'], qr/^UNKNOWN - --output needs a value/],
        [['--output-format', 'html', '--max-output', '3000'], qr/^UNKNOWN - --max-output makes no sense/],
        [['--output-format', 'openmetrics', '--fix'], qr/^UNKNOWN - --fix makes no sense with --output-format/],
    ) {
        my ($arguments, $cause) = @$case;
        my $answer = run(arguments => ['--ldif', $healthy, @$arguments], folder => $work, name => "@$arguments");
        ok($answer->{exit} == 3 && $answer->{stdout} =~ $cause, "@$arguments: refused") or diag($answer->{stdout});
    }
    ok(!-e "$work/x" && !-e "$work/-", 'nothing was written');
};

# The working folder of what follows, with a report in it.
my $folder = "$work/reports";
my $file   = "$folder/hv.prom";
mkdir $folder or die "$folder: $!";

# A run that writes there.
sub write_it {
    my ($export, @more) = @_;
    return run(arguments => ['--ldif', $export, '--output-format', 'openmetrics', '-o', $file, @more]);
}

subtest 'the file' => sub {
    my $answer = write_it($healthy);
    is($answer->{exit}, 0, 'OK');
    sound([metrics_faults(slurp($file))], 'the report is there');
    is_deeply([files($folder)], ['hv.prom'], 'and nothing else');
    my ($read) = slurp($file) =~ /^hyperv_delegation_read_timestamp_seconds\{.*\} (\d+)$/m;
    is($read, (stat $healthy)[9], 'it says when the export was written');
    is(sprintf('%o', (stat $file)[2] & 07777), sprintf('%o', 0644 & ~umask), 'others may read it');
    chmod 0640, $file;
    symlink 'reports/hv.prom', "$work/link" or die $!;
    run(arguments => ['--ldif', $healthy, '--output-format', 'json', '-o', "$work/link"]);
    ok(-l "$work/link" && slurp($file) =~ /^\{/, 'a link is followed');
    is(sprintf('%o', (stat $file)[2] & 07777), '640', 'the mode is kept');
};

# A verdict on an export is as old as that.
subtest 'the time of an export' => sub {
    my @exports = map { spew("$work/age$_.ldif", slurp($healthy)) } 1 .. 2;
    my $day     = 24 * 60 * 60;
    my $read    = sub {
        my $metrics = run(arguments => [@_, '--output-format', 'openmetrics'], unchecked => 1)->{stdout};
        return ($metrics =~ /^hyperv_delegation_read_timestamp_seconds\{.*\} (\d+)$/m)[0];
    };

    utime 1_000_000_000 + $_, 1_000_000_000 + $_, $exports[$_] or die $! for 0, 1;
    is($read->('--ldif', $exports[0]), 1_000_000_000, 'that of the file');
    my $json = run(arguments => ['--ldif', $exports[0], '--output-format', 'json'], unchecked => 1);
    is(report_of($json->{stdout})->{origin}{read_at}, '2001-09-09T01:46:40Z', 'in a JSON report, too');
    is($read->('--ldif', $exports[1], '--ldif', $exports[0]), 1_000_000_000, 'of several that of the oldest');
    is($read->('--ldif', $exports[0], '--ldif', $exports[1]), 1_000_000_000, 'in any order');
    utime time + $day, time + $day, $exports[0] or die $!;
    cmp_ok($read->('--ldif', $exports[0]), '<=', time, 'never in the future');
    POSIX::mkfifo("$work/pipe", 0600) or die "mkfifo: $!";

    my $begin  = time;
    my $writer = fork // die "fork: $!";

    if (!$writer) {
        spew("$work/pipe", slurp($healthy));
        POSIX::_exit(0);
    }
    my $now = $read->('--ldif', "$work/pipe");
    waitpid $writer, 0;
    ok($now >= $begin && $now <= time, 'a pipe has none but now');
};

# What failed before there was anything to judge leaves the old report, whose time tells.
subtest 'nothing to judge' => sub {
    write_it($healthy);
    my $old = slurp($file);
    POSIX::mkfifo("$work/silent", 0600) or die "mkfifo: $!";
    open my $writer, '+<', "$work/silent" or die $!;
    my %failing = (
        'no export'       => ["$work/none.ldif"],
        'no directory'    => ["$scenarios/healthy-domain/arguments"],
        'a timeout'       => ["$work/silent", '-t', '1'],
        'a timeout as OK' => ["$work/silent", '-t', '1:ok'],
    );
    for my $name (sort keys %failing) {
        my $answer = write_it(@{$failing{$name}});
        is($answer->{exit}, $name =~ /OK/ ? 0 : 3, "$name: the exit code");
        is(slurp($file), $old, "$name: the old report stays");
    }
    is_deeply([files($folder)], ['hv.prom'], 'no other file is left');
};

subtest 'a report that can not be written' => sub {
    my $critical = "$scenarios/unconstrained-host/directory.ldif";
    my %failing = (
        'no folder'      => ["$work/none/hv.prom", qr/No such file or directory/],
        'a folder'       => [$folder,              qr/no regular file/],
        'no file at all' => ['/dev/null',          qr/no regular file/],
    );
    for my $name (sort keys %failing) {
        my ($path, $cause) = @{$failing{$name}};
        my @to = ('--output-format', 'openmetrics', '-o', $path);
        my $ok = run(arguments => ['--ldif', $healthy, @to], name => $name);
        is($ok->{exit}, 3, "$name: what would be OK is UNKNOWN");
        like($ok->{stdout}, qr/^HYPERV DELEGATION UNKNOWN - .*; report not written \|/, "$name: in the first line");
        like($ok->{stdout}, qr/^\[UNKNOWN\] --output: .*$cause$/m, "$name: with the cause");
        my $wrong = run(arguments => ['--ldif', $critical, @to], name => "$name, CRITICAL");
        is($wrong->{exit}, 2, "$name: what is CRITICAL stays so");
        like($wrong->{stdout}, qr/^\[UNKNOWN\] --output: .*$cause$/m, "$name: and the cause is said too");
    }
};

# The program under strace, which does something to its system calls.
sub traced {
    my ($inject, $export, @more) = @_;
    return run(unchecked => 1, environment => {ASAN_OPTIONS => 'detect_leaks=0'},
        command => ['strace', '-f', '-o', "$work/trace", @$inject, program()],
        arguments => ['--ldif', $export, '--output-format', 'openmetrics', '-o', $file, @more]);
}

SKIP: {
    skip 'strace is not there or may not trace', 1
        if !grep({ -x "$_/strace" } split /:/, $ENV{PATH}) || traced([], '/dev/null')->{exit} != 3;

    my $other = "$scenarios/unconstrained-host/directory.ldif";

    subtest 'killed at any moment' => sub {
        write_it($healthy);
        my $old = slurp($file);
        my (%count, @calls, %seen, @wrong);

        traced([], $other);
        for my $line (split /\n/, slurp("$work/trace")) {
            my ($name) = $line =~ /^\d+\s+(\w+)\(/ or next;
            $count{$name}++;
            push @calls, [$name, $count{$name}] if @calls || $line =~ /\.new-/;
        }
        cmp_ok(scalar @calls, '>', 5, 'the new file is made beside the old one');
        for my $call (map {"$_->[0]:signal=KILL:when=$_->[1]"} @calls) {
            spew($file, $old);
            traced(['-e', "inject=$call"], $other);
            my $now = slurp($file);

            unlink glob "$file.new-*";
            push @wrong, $call if $now ne $old && ($now !~ /_state\{.*\} 2$/m || metrics_faults($now));
            $seen{$now eq $old ? 'old' : 'new'}++;
        }
        is_deeply(\@wrong, [], 'the old report or the new one');
        ok($seen{old} && $seen{new}, 'both were seen');
    };

    # The deadline passes while the file is written: what was found is told without it.
    subtest 'a disk that is slow' => sub {
        write_it($healthy);
        my $old = slurp($file);
        for my $case (['healthy', $healthy, 3, 'UNKNOWN'], ['wrong', $other, 2, 'CRITICAL']) {
            my ($name, $export, $exit, $state) = @$case;
            my $whole  = run(name => $name, arguments => ['--ldif', $export]);
            my $answer = traced(['-e', 'inject=fsync:delay_enter=7000000'], $export, '-t', '5:ok');
            my ($first, $why, @findings) = split /\n/, $answer->{stdout};

            is($answer->{exit}, $exit, "$name: exit code");
            like($first, qr/^HYPERV DELEGATION $state - .*; report not written \| hosts=2/, "$name: state and counts");
            is($why, '[UNKNOWN] --output: the time was up before the file was written (-t)', "$name: why");
            is_deeply(\@findings, [(split /\n/, $whole->{stdout})[1 .. $whole->{stdout} =~ tr/\n// - 1]], "$name: what was found");
            is(slurp($file), $old, "$name: the old report stays");
            unlink glob "$file.new-*";
        }
    };

    subtest 'a disk that fails' => sub {
        write_it($healthy);
        my $old = slurp($file);
        for my $inject ('fsync:error=ENOSPC:when=1', 'rename:error=EACCES') {
            my $answer = traced(['-e', "inject=$inject"], $healthy);
            is($answer->{exit}, 3, "$inject: not OK");
            like($answer->{stdout}, qr/^\[UNKNOWN\] --output: can not .*(?:No space left|Permission denied)/m,
                "$inject: why");
            is($answer->{stderr}, '', "$inject: nothing on standard error");
            is(slurp($file), $old, "$inject: the old report stays");
            is_deeply([files($folder)], ['hv.prom'], "$inject: no other file is left");
        }
    };
}

subtest 'beside a baseline' => sub {
    my $baseline = "$work/baseline.json";
    my $answer = run(arguments => ['--ldif', $healthy, '--baseline', $baseline, '--accept',
            '--output-format', 'html', '-o', "$work/page"]);
    is($answer->{exit}, 0, 'accepted and written');
    like($answer->{stdout}, qr/^These facts are accepted/m, 'which the Nagios text says');
    sound([page_faults(slurp("$work/page"))], 'the page');
    is(report_of(slurp($baseline))->{state}, 'OK', 'the baseline');
    my $counts = run(arguments => ['--ldif', $healthy, '--baseline', $baseline, '--accept',
            '--output-format', 'openmetrics', '-o', "$work/hv.prom"]);
    like($counts->{stdout}, qr/^These facts are accepted/m, 'beside counts the Nagios text says it, too');
    my $before = slurp($baseline);
    my $both = run(arguments => ['--ldif', $healthy, '--baseline', $baseline, '--output-format', 'json', '-o', $baseline]);
    like($both->{stdout}, qr/^UNKNOWN - --output makes no sense with --baseline/, 'a report is no way to accept');
    is(slurp($baseline), $before, 'the baseline stays');
};

# By another path each time, and whether they are there already or not.
subtest 'never in place of what the run reads' => sub {
    my $here = "$work/read";
    mkdir $here or die "$here: $!";
    my %text = (policy => "[hosts]\n", extra => "[hv]\nverbose=\n", export => slurp($healthy), secret => 'secret', ca => 'none');
    spew("$here/$_", $text{$_}) for keys %text;
    my @network = ('-D', 'example.com', '-H', '127.0.0.1', '-p', 1);
    my @cases = (
        ['--ldif', 'export', '--ldif', "$here/export"],
        ['--policy', 'policy', '--ldif', $healthy, '--policy', "$here/policy"],
        ['--extra-opts', 'extra', '--ldif', $healthy, "--extra-opts=hv\@$here/extra"],
        ['--baseline', 'no-baseline', '--ldif', $healthy, '--accept', '--baseline', "$here/no-baseline"],
        ['--keytab', 'secret', @network, '-k', "$here/secret"],
        ['--keytab', 'secret', @network, '-k', "FILE:$here/secret"],
        ['--ccache', 'secret', @network, '--ccache', "$here/secret"],
        ['--ccache', 'no-cache', @network, '--ccache', "FILE:$here/no-cache"],
        ['--ca-file', 'ca', @network, '--transport', 'ldaps', '--ca-file', "$here/ca"],
        ['--password-file', 'secret', @network, '--transport', 'ldaps', '--bind-dn', 'CN=x', '--password-file', "$here/secret"],
    );

    for my $case (@cases) {
        my ($option, $name, @arguments) = @$case;
        for my $path ("$here/$name", "$here/../read//$name", $name) {
            my $answer = run(name => "$arguments[-1] and $path", folder => $here,
                arguments => [@arguments, '--output-format', 'json', '-o', $path]);
            is($answer->{exit}, 3, "$option: refused");
            like($answer->{stdout}, qr/^UNKNOWN - --output makes no sense with \Q$option\E: it is the same file$/, "$option: said");
        }
    }
    is(slurp("$here/$_"), $text{$_}, "$_ stays") for sort keys %text;
    is_deeply([files($here)], [sort keys %text], 'and nothing was made');
    is(run(folder => $here, arguments => ['--ldif', 'export', '--accept', '--baseline', 'no-baseline', '--output-format', 'json',
        '-o', '../no-baseline'])->{exit}, 0, 'another folder is another file');
};

done_testing();
