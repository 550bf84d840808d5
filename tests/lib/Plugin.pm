# SPDX-License-Identifier: GPL-3.0-or-later
#
# Runs the program named by the environment variable PLUGIN and looks at what it
# answers. Every answer that passes through run() is checked against what holds for all
# of them (check_answer): one status line, nothing on standard error, an exit code that
# agrees with the word, harmless text. Knows the output formats, not the rules.
package Plugin;

use strict;
use warnings;
use Exporter qw(import);
use Encode ();
use Fcntl qw(F_GETFD F_SETFD FD_CLOEXEC);
use File::Temp ();
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use IPC::Open2 qw(open2);
use JSON::PP ();
use POSIX ();
use Test::More;

our @EXPORT_OK = qw(program run check_answer parse_output normalize normalize_report
    report_of findings_lines is_line why_invalid slurp spew work_folder is_sanitized %EXIT_CODES);

our %EXIT_CODES = (OK => 0, WARNING => 1, CRITICAL => 2, UNKNOWN => 3);

my $OUTER_TIMEOUT_S = 60;
my $json = JSON::PP->new->canonical->utf8;

# The absolute path of the program under test.
sub program {
    my $program = $ENV{PLUGIN} or BAIL_OUT('set PLUGIN to the program to be tested');
    $program = POSIX::getcwd() . "/$program" if $program !~ m{^/};
    -x $program or BAIL_OUT("PLUGIN: $program can not be run");
    return $program;
}

# Sanitizers map terabytes and dislike ptrace: tests of memory limits skip them.
sub is_sanitized {
    return slurp(program()) =~ /__asan_init/;
}

sub slurp {
    my ($path) = @_;
    open my $file, '<:raw', $path or die "$path: $!";
    local $/;
    my $bytes = <$file>;
    return $bytes // '';
}

sub spew {
    my ($path, $bytes) = @_;
    open my $file, '>:raw', $path or die "$path: $!";
    print {$file} $bytes;
    close $file or die "$path: $!";
    return $path;
}

# An empty folder that goes away with the test, open to other users.
sub work_folder {
    my $folder = File::Temp::tempdir('check-hyperv-XXXXXX', TMPDIR => 1, CLEANUP => 1);
    chmod 0755, $folder;
    return $folder;
}

# Opens $path as descriptor $number in a child; undef closes the descriptor.
sub redirect {
    my ($number, $path, $flags) = @_;
    POSIX::close($number);
    return if !defined $path;
    my $got = POSIX::open($path, $flags, 0600);
    POSIX::_exit(126) if !defined $got;
    if ($got != $number) {
        POSIX::dup2($got, $number);
        POSIX::close($got);
    }
    return;
}

# Starts the program and returns what finish() needs. Options:
#   arguments => [...], stdin => bytes, stdin_path/stdout_path => file,
#   closed => [descriptors], environment => {name => value or undef},
#   clean_environment => 1, folder => working directory, command => [...] instead of
#   the program itself, user => numeric id, program => another copy of it
sub start {
    my (%option) = @_;
    my $files   = File::Temp::tempdir('check-hyperv-run-XXXXXX', TMPDIR => 1, CLEANUP => 1);
    my @command = @{$option{command} // [$option{program} // program()]};
    my %closed  = map { $_ => 1 } @{$option{closed} // []};
    my $stdin   = $option{stdin_path} // '/dev/null';

    $stdin = spew("$files/stdin", $option{stdin}) if defined $option{stdin};
    spew("$files/$_", '') for qw(stdout stderr);
    my $stdout = $option{stdout_path} // "$files/stdout";
    my $pid = fork // die "fork: $!";
    if (!$pid) {
        setpgrp 0, 0;
        redirect(0, $closed{0} ? undef : $stdin, POSIX::O_RDONLY());
        redirect(1, $closed{1} ? undef : $stdout, POSIX::O_WRONLY() | POSIX::O_APPEND());
        redirect(2, $closed{2} ? undef : "$files/stderr", POSIX::O_WRONLY() | POSIX::O_APPEND());
        chdir($option{folder}) || POSIX::_exit(125) if defined $option{folder};
        %ENV = () if $option{clean_environment};
        my %change = %{$option{environment} // {}};
        for my $name (keys %change) {
            if (defined $change{$name}) { $ENV{$name} = $change{$name} }
            else                        { delete $ENV{$name} }
        }
        if (defined $option{user}) {
            $) = "$option{user} $option{user}";
            POSIX::setgid($option{user}) && POSIX::setuid($option{user}) or POSIX::_exit(124);
        }
        no warnings 'exec';
        exec { $command[0] } @command, @{$option{arguments} // []} or POSIX::_exit(127);
    }
    return {pid => $pid, files => $files, option => \%option};
}

# Waits for a started program; returns stdout, stderr, exit, signal and whether the outer
# timeout had to end it.
sub finish {
    my ($started) = @_;
    my $pid       = $started->{pid};
    my $timed_out = 0;
    my $status;

    local $SIG{ALRM} = sub { $timed_out = 1; kill 'KILL', -$pid };
    alarm($started->{option}{outer_timeout} // $OUTER_TIMEOUT_S);
    while (waitpid($pid, 0) < 0) { die "waitpid: $!" if !$!{EINTR} }
    $status = $?;
    alarm 0;
    return {
        stdout    => slurp("$started->{files}/stdout"),
        stderr    => slurp("$started->{files}/stderr"),
        exit      => $status >> 8,
        signal    => $status & 127,
        timed_out => $timed_out,
    };
}

# Runs the program to its end and checks its answer. Beside the options of start():
# name => what the test is called, unchecked => 1 where no answer can be expected.
sub run {
    my (%option) = @_;
    my $answer = finish(start(%option));
    check_answer($answer, %option) if !$option{unchecked};
    return $answer;
}

# What is wrong with a text for a monitoring page, or nothing.
sub text_faults {
    my ($bytes) = @_;
    my @faults;
    my $text = eval { Encode::decode('UTF-8', $bytes, Encode::FB_CROAK | Encode::LEAVE_SRC) };

    return 'not UTF-8' if !defined $text;
    push @faults, 'a control character' if $text =~ /[\x00-\x09\x0B-\x1F\x7F-\x9F]/;
    (my $rest = $text) =~ s/ -> //g;
    push @faults, 'markup' if $rest =~ /[<>]/;
    push @faults, 'a backslash' if $text =~ /\\/;
    return @faults;
}

# What is wrong with the perfdata of a first line, or nothing.
sub perfdata_faults {
    my ($line) = @_;
    my $number = qr/-?\d+(?:\.\d+)?/;
    my $range  = qr/[@~:\d.-]*/;
    my ($text, $perfdata) = split /\|/, $line, 2;
    my @faults;

    return if !defined $perfdata;
    push @faults, 'a second | on the first line' if $perfdata =~ /\|/;
    push @faults, 'first line not under 160 characters before the bar' if length $text >= 160;
    push @faults, 'not one space around the bar' if $text !~ /\S $/ || $perfdata !~ /^ \S/;
    my @items = split / /, substr($perfdata, 1), -1;
    for my $item (@items) {
        push @faults, "perfdata item '$item'"
            if $item !~ /^[a-z_]+=${number}s?;${range};${range};0(?:;${number})?$/;
    }
    my %seen;
    push @faults, "perfdata label $_ twice" for grep { $seen{$_}++ } map { /^([^=]*)/ } @items;
    return @faults;
}

# What is wrong with an answer in the Nagios format, or nothing.
sub nagios_faults {
    my ($answer, $max_output) = @_;
    my ($first, @rest) = split /\n/, $answer->{stdout};
    my @faults = (text_faults($answer->{stdout}), perfdata_faults($first));
    my ($state) = $first =~ /^(?:HYPERV DELEGATION )?(OK|WARNING|CRITICAL|UNKNOWN) - \S/;

    push @faults, "no status line: $first" if !$state;
    push @faults, 'no newline at the end'  if $answer->{stdout} !~ /\n\z/;
    push @faults, 'more than ' . $max_output . ' bytes: ' . length $answer->{stdout}
        if length $answer->{stdout} > $max_output;
    push @faults, "state $state with exit code $answer->{exit}"
        if $state && $EXIT_CODES{$state} != $answer->{exit};
    for my $line (@rest) {
        push @faults, "a second status line: $line" if $line =~ /^HYPERV DELEGATION|^[A-Z]+ - /;
        push @faults, "a bar below the first line: $line" if $line =~ /\|/;
        push @faults, 'an empty line' if $line eq '';
    }
    return @faults;
}

# What is wrong with an answer in the JSON format, or nothing.
sub json_faults {
    my ($answer) = @_;
    my $report = eval { $json->decode($answer->{stdout}) };

    return "not JSON: $@" if !$report;
    return "state $report->{state} with exit code $answer->{exit}"
        if $EXIT_CODES{$report->{state}} != $answer->{exit};
    return why_invalid($answer->{stdout});
}

# One test: whatever was asked, the answer is one that a scheduler can use.
sub check_answer {
    my ($answer, %option) = @_;
    my @arguments = @{$option{arguments} // []};
    my $name = $option{name} // join ' ', @arguments;
    my ($max_output, @faults) = (4096);

    for my $i (1 .. $#arguments) {
        $max_output = $arguments[$i]
            if $arguments[$i - 1] eq '--max-output' && $arguments[$i] =~ /^\d{4,9}$/;
    }
    push @faults, 'ended by the outer timeout' if $answer->{timed_out};
    push @faults, "killed by signal $answer->{signal}" if $answer->{signal};
    push @faults, "standard error: $answer->{stderr}" if $answer->{stderr} ne '';
    push @faults, "exit code $answer->{exit}" if $answer->{exit} > 3;
    if ($answer->{stdout} eq '') {
        push @faults, 'no output';
    } elsif ($answer->{stdout} =~ /^\{/) {
        push @faults, json_faults($answer);
    } elsif ($answer->{stdout} =~ /^check_hyperv_delegation /) {
        push @faults, "help or version with exit code $answer->{exit}" if $answer->{exit} != 3;
    } else {
        push @faults, nagios_faults($answer, $max_output);
    }
    my $fine = ok(!@faults, "$name: a sound answer");
    diag($_) for @faults;
    diag('output: ' . substr $answer->{stdout}, 0, 400) if @faults;
    return $fine;
}

# The Nagios output taken apart: state, text, perfdata (by label: value, uom, warn, crit,
# min, max), labels (in their order), lines.
sub parse_output {
    my ($output) = @_;
    my ($first, @lines) = split /\n/, $output;
    my ($text, $items) = split /\s*\|\s*/, $first // '', 2;
    my ($state) = ($text // '') =~ /^(?:HYPERV DELEGATION )?([A-Z]+) - /;
    my (%perfdata, @labels);

    for my $item (split / /, $items // '') {
        my ($label, $value, $uom, $rest) = $item =~ /^([^=]*)=([-\d.]*)([^;]*);?(.*)$/;
        my ($warn, $crit, $min, $max) = split /;/, $rest, -1;
        $perfdata{$label} = {value => $value, uom => $uom, warn => $warn, crit => $crit,
            min => $min, max => $max};
        push @labels, $label;
    }
    return {state => $state, text => $text, perfdata => \%perfdata, labels => \@labels,
        lines => \@lines};
}

# The Nagios output without what differs from run to run.
sub normalize {
    my ($output) = @_;
    $output =~ s/ time=\d+\.\d+s;/ time=TIMEs;/;
    $output =~ s/^\[([A-Z]+)\] time is \d+\.\d+ s,/[$1] time is TIME s,/mg;
    return $output;
}

sub report_of {
    my ($output) = @_;
    return $json->decode($output);
}

# The report without what differs from run to run, as text with sorted keys.
sub normalize_report {
    my ($output) = @_;
    my $report = $json->decode($output);
    my $pretty = JSON::PP->new->canonical->utf8->pretty->indent_length(2)->space_before(0);

    $report->{version} = 'VERSION';
    $report->{origin}{read_at} = '2000-01-01T00:00:00Z'
        if $report->{origin}{read_at} =~ /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
    for my $item (@{$report->{perfdata}}) {
        $item->{value} = 0 if $item->{label} eq 'time';
    }
    return $pretty->encode($report);
}

# A text as the Nagios format prints it (written anew here, from its contract).
sub harmless {
    my ($text) = @_;
    $text =~ tr{|\\<>}{//()};
    $text =~ s/[\x00-\x1F\x7F-\x9F]/ /g;
    $text =~ s/\x{FFFD}/?/g;
    return $text;
}

# What stands before the names, the names, and what stands behind them in each line that the
# findings of a report make in the Nagios output, in their order: one for all of which the same
# is said, but for those with commands below them.
sub findings_lines {
    my ($report) = @_;
    my %rank  = (OK => 0, UNKNOWN => 1, WARNING => 2, CRITICAL => 3);
    my $order = 0;
    my @sorted =
        map { $_->[1] }
        sort { $rank{$b->[1]{state}} <=> $rank{$a->[1]{state}} || $a->[0] <=> $b->[0] }
        map { [$order++, $_] } @{$report->{findings}};
    my (@lines, %line_of, $before);

    for my $finding (@sorted) {
        my ($begin, $end) = ("[$finding->{state}] ", ': ' . harmless($finding->{detail}) . " ($finding->{rule})");
        my $line = $line_of{"$begin$end"};

        if (!$line || $finding->{fix}) {
            push @lines, $line = $line_of{"$begin$end"} = {begin => encode_line($begin), names => [], end => encode_line($end)};
            $before = undef;
        } else {
            $before = $line->{last};
        }
        push @{$line->{names}}, encode_line(name_behind($finding, $before));
        $line->{last} = $finding;
    }
    return @lines;
}

sub encode_line {
    my ($text) = @_;
    return Encode::encode('UTF-8', $text);
}

# "hv01 -> a", and with what separates it from the finding before it in its line.
sub name_behind {
    my ($finding, $before) = @_;
    my $subject = harmless($finding->{subject});
    my $object  = defined $finding->{object} ? harmless($finding->{object}) : undef;
    my $name    = defined $object ? "$subject -> $object" : $subject;

    return $name if !$before;
    return ", $object" if defined $object && $before->{subject} eq $finding->{subject};
    return defined $before->{object} ? "; $name" : ", $name";
}

# Whether a line of the output is that one of findings_lines: with all its names, or with some
# and the number of the others.
sub is_line {
    my ($shown, $line) = @_;
    my @names = @{$line->{names}};

    return 1 if $shown eq join '', $line->{begin}, @names, $line->{end};
    for my $named (1 .. @names - 1) {
        my $more = @names - $named;
        return 1 if $shown eq join '', $line->{begin}, @names[0 .. $named - 1], " and $more more", $line->{end};
    }
    return 0;
}

my ($to_validator, $from_validator, $validator_pid, $no_validator);

# Why a report does not follow contrib/report.schema.json; nothing where it does. The
# validator is one process for the whole test; where python3-jsonschema is missing,
# nothing is validated and that is said once.
sub why_invalid {
    my ($report) = @_;

    return if $no_validator;
    if (!$validator_pid) {
        my $tests  = dirname(dirname(abs_path(__FILE__)));
        my $python = -x '/usr/bin/python3' ? '/usr/bin/python3' : 'python3';
        local $SIG{PIPE} = 'IGNORE';
        $validator_pid = eval {
            open2($from_validator, $to_validator, $python, "$tests/validate-report",
                '--lines', "$tests/../contrib/report.schema.json");
        };
        my $ready = $validator_pid ? <$from_validator> : undef;
        if (($ready // '') ne "ready\n") {
            $no_validator = 1;
            diag('reports are not validated: ' . ($ready // 'python3 does not run'));
            return;
        }
    }
    my $line = $json->encode($json->decode($report));
    print {$to_validator} "$line\n";
    $to_validator->flush;
    my $verdict = <$from_validator> // "the validator ended\n";
    chomp $verdict;
    return if $verdict eq 'valid';
    return "against the schema: $verdict";
}

END {
    if ($validator_pid) {
        my $status = $?;
        close $to_validator;
        waitpid $validator_pid, 0;
        $? = $status;
    }
}

1;
