# SPDX-License-Identifier: GPL-3.0-or-later
#
# What the live tests share: a test goes into the lab by enter_lab, then runs the program
# under test ($PLUGIN) by check or report against the lab's domain controller. Every run
# has an outer time limit, and no output may hold a password of the lab. What a test
# starts by `start` ends with it; and when the test is killed, the whole lab ends.
package Lab;

use strict;
use warnings;

use Cwd qw(abs_path);
use Exporter qw(import);
use File::Basename qw(dirname);
use FindBin ();
use IO::Socket::INET;
use JSON::PP ();
use Plugin qw(slurp spew);
use POSIX ();
use Test::More;
use Time::HiRes qw(time);

our @EXPORT = qw(
    enter_lab enter_labs lab_command change check report start stop listener start_proxy proxy_rules proxy_requests count_packets
    sample by_keytab same_report differences refused not_ok finding has_finding slurp spew $tmp
);

my $here = dirname(abs_path(__FILE__));
my %started;
my $made = '';    # how the fault that reigns was made
our $tmp;

# Of many like cases every step-th, and with TESTS_LONG each: a developer is not to wait.
sub sample {
    my ($step, @cases) = @_;
    return $ENV{TESTS_LONG} ? @cases : @cases[grep { $_ % $step == 0 } 0 .. $#cases];
}

# ---- into the lab ------------------------------------------------------------------

# Starts this script again inside a lab of that template; returns where it is there.
sub enter_lab {
    my ($template) = @_;

    if (!$ENV{LAB_DIR}) {
        require_lab($template);
        exec lab_with($template) or die "lab: $!";
    }
    $tmp = "$ENV{LAB_DIR}/tmp";
    chdir $tmp or die "$tmp: $!";
    $SIG{TERM} = $SIG{INT} = $SIG{HUP} = sub { exit 1 };    # so that END is run
    $ENV{LSAN_OPTIONS} ||= "suppressions=$here/../lsan.suppressions:print_suppressions=0";
    if (!$ENV{TESTS_LONG}) {
        $ENV{LSAN_OPTIONS} =~ s/lsan\.suppressions/lsan.modules/;
        $ENV{ASAN_OPTIONS} = join ':', grep { defined } $ENV{ASAN_OPTIONS}, 'symbolize=0';
    }
    $ENV{KRB5CCNAME} = "FILE:$tmp/none";    # nothing is taken from a cache by accident
    return;
}

# The same for several templates, one lab after the other: each is one test out here.
sub enter_labs {
    my (@templates) = @_;

    return enter_lab() if $ENV{LAB_DIR};
    $SIG{TERM} = $SIG{INT} = $SIG{HUP} = sub { exit 1 };
    for my $template (@templates) {
        require_lab($template);
        local $ENV{LAB_TEMPLATE} = $template;
        my $pid = open my $output, '-|', 'setpriv', '--pdeathsig', 'TERM', '/bin/sh', '-c', 'exec "$@" 2>&1', 'sh',
            lab_with($template);
        $started{$pid} = 1;
        my $tap = do { local $/; <$output> };
        close $output;
        my $status = $?;
        delete $started{$pid};
        ok($status == 0 && $tap =~ /^1\.\.[1-9]/m, "in the domain $template") ? note($tap) : diag($tap);
    }
    done_testing();
    exit(Test::More->builder->is_passing ? 0 : 1);
}

# Skips the test where this machine can not run a lab; builds the domain where it is new.
sub require_lab {
    my ($template) = @_;

    plan skip_all => 'PLUGIN names no program to test' if !$ENV{PLUGIN};
    $ENV{$_} = abs_path($ENV{$_}) for grep { $ENV{$_} } qw(PLUGIN PLUGIN_PLAIN);
    my $answer = qx("$here/../lab/lab" template --template $template 2>&1);
    if ($? >> 8 == 77) {
        my ($why) = $answer =~ /^lab: (.*)/m;
        plan skip_all => $why;
    }
    die "lab: $answer" if $? != 0;
    return;
}

sub lab_with {
    my ($template) = @_;
    return ("$here/../lab/lab", 'run', '--template', $template, '--', $^X, $0, @ARGV);
}

# Runs a command that must succeed; returns what it prints. A hash before it holds options
# of Plugin::start.
sub lab_command {
    my $how = ref $_[0] ? shift : {};
    my @words = @_;
    my $answer = Plugin::finish(Plugin::start(outer_timeout => 300, %$how, command => \@words));

    die "@words: ended by signal $answer->{signal}" . ($answer->{timed_out} ? ', it took too long' : '') if $answer->{signal};
    die "@words: status $answer->{exit}: $answer->{stdout}$answer->{stderr}" if $answer->{exit} != 0;
    $made = made_by($how, @words) if $words[0] =~ /^(?:lab-(?!ldb)|sd\.py)/;
    return $answer->{stdout};
}

# What a command of the lab does to it, for tests/faults-table; nothing where it mends it.
sub made_by {
    my ($how, @words) = @_;
    my $line = "@words";

    return "$line: " . $how->{stdin} =~ s/\nchangetype: modify\n/; /r if $line =~ /^lab-slapd change/;
    return $line =~ / (?:(?:re)?start|join|un\w+|thaw|plug|del\b.*)$/ ? '' : $line;
}

# Applies LDIF change records, given as text, to the directory. batch_mode: without it
# each addition would copy the index.
sub change {
    my ($ldif) = @_;
    return lab_command({stdin => $ldif}, 'lab-ldb', '-o', 'batch_mode:1', '--controls=relax:0', '-');
}

# ---- processes ---------------------------------------------------------------------

# Starts a child that runs code (or the words given); its process id.
sub start {
    my ($what, @words) = @_;
    my $pid = fork // die "fork: $!";
    if (!$pid) {
        %started = ();
        $SIG{$_} = 'DEFAULT' for qw(TERM INT HUP);
        if (ref $what) {
            $what->();
            POSIX::_exit(0);
        }
        exec { $what } $what, @words or POSIX::_exit(127);
    }
    $started{$pid} = 1;
    return $pid;
}

sub stop {
    my ($pid) = @_;
    return if !delete $started{$pid};
    kill 'KILL', $pid;
    waitpid $pid, 0;
    return;
}

END {
    my $status = $?;
    stop($_) for keys %started;
    $? = $status;
}

# A TCP server on the client's side of the lab: code is given each connection, one after
# the other. Returns its port and its process id.
sub listener {
    my ($code, $port) = @_;
    my $socket = IO::Socket::INET->new(
        LocalAddr => '192.0.2.1', LocalPort => $port || 0, Listen => 16, ReuseAddr => 1)
        or die "listen: $!";
    my $pid = start(sub {
        $SIG{CHLD} = 'IGNORE';
        my @kept;
        while (my $connection = $socket->accept) {
            $connection->autoflush(1);
            $code->($connection);
            push @kept, $connection;
        }
    });
    return ($socket->sockport, $pid);
}

# Starts lab/ldap-proxy between the program and the controller and maps the controller's
# name to it; its process id. rules are set by proxy_rules.
sub start_proxy {
    my $hosts = "$ENV{LAB_DIR}/etc/hosts";
    my $pid;

    spew($hosts, slurp($hosts) . "192.0.2.1 $ENV{LAB_DC}\n");
    proxy_rules({});
    spew("$tmp/proxy.log", '');
    pipe my $from, my $to or die "pipe: $!";
    $pid = start(sub {
        open STDOUT, '>&', $to or die;
        exec 'ldap-proxy', "$tmp/proxy.rules", "$tmp/proxy.log" or POSIX::_exit(127);
    });
    close $to;
    die 'the proxy did not start' if (<$from> // '') ne "ready\n";
    return $pid;
}

# What the proxy does to connections from now on.
sub proxy_rules {
    my ($rules) = @_;
    spew("$tmp/proxy.rules", JSON::PP->new->encode($rules));
    $made = %$rules ? 'ldap-proxy ' . JSON::PP->new->canonical->encode($rules) : '';
    return;
}

# The requests that passed through the proxy since the last call, by name.
sub proxy_requests {
    my %count;
    $count{(split)[0]}++ for split /\n/, slurp("$tmp/proxy.log");
    spew("$tmp/proxy.log", '');
    return \%count;
}

# Runs code; what the client's side of the lab asked the controllers meanwhile, as
# lab/lab-packets counts it.
sub count_packets {
    my ($code) = @_;
    my $file = "$tmp/packets";
    my $pid;

    pipe my $from, my $to or die "pipe: $!";
    $pid = start(sub {
        open STDOUT, '>&', $to or die;
        exec 'lab-packets', $file or POSIX::_exit(127);
    });
    close $to;
    die 'lab-packets did not start' if (<$from> // '') ne "ready\n";
    $code->();
    delete $started{$pid};
    kill 'TERM', $pid;
    waitpid $pid, 0;
    die "lab-packets: status $?" if $? != 0;
    my $packets = JSON::PP::decode_json(slurp($file));
    die "$packets->{dropped} packets were not seen" if $packets->{dropped};
    return $packets;
}

# ---- the program under test --------------------------------------------------------

# Log in by keytab at the controller that DNS names.
sub by_keytab {
    return ('-D', $ENV{LAB_DOMAIN}, '-l', $ENV{LAB_PRINCIPAL}, '-k', $ENV{LAB_KEYTAB}, @_);
}

# Runs the program with arguments; a hash before them holds options of Plugin::start, and
# while: code that is given the process id as soon as it runs. The answer is Plugin's,
# with its arguments and seconds.
sub check {
    my %how = ref $_[0] ? %{+shift} : ();
    my @arguments = @_;
    my $while = delete $how{while};
    my $begin = time;

    $how{environment} = {LSAN_OPTIONS => $ENV{LSAN_OPTIONS}, %{$how{environment} || {}}}
        if $how{clean_environment};
    my $started = Plugin::start(%how, arguments => \@arguments);
    $while->($started->{pid}) if $while;
    my $answer = Plugin::finish($started);
    $answer->{seconds} = time - $begin;
    $answer->{arguments} = \@arguments;
    note(sprintf 'slow, %.1f s: %.200s', $answer->{seconds}, $answer->{stdout} =~ s/\s+/ /gr) if $answer->{seconds} > 2;
    for my $secret (secrets()) {
        fail("a password in the output of @arguments") if index("$answer->{stdout}$answer->{stderr}", $secret) >= 0;
    }
    return $answer;
}

my @secrets;

sub secrets {
    if (!@secrets) {
        @secrets = (slurp($ENV{LAB_PASSWORD_FILE}), 'Wr0ng-of-the-Lab!', 'The-0ld-password!');
        chomp @secrets;
    }
    return @secrets;
}

# One test: the answer is one that a scheduler can use.
sub sound {
    my ($answer, $name) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 2;
    return Plugin::check_answer($answer, arguments => $answer->{arguments}, name => $name);
}

# Runs the program, which must judge: its JSON report, with the answer itself in "run".
sub report {
    my $how = ref $_[0] ? shift : {};
    my $answer = check($how, @_, '--output-format', 'json');
    my $report;

    sound($answer, "@_");
    $report = eval { Plugin::report_of($answer->{stdout}) } || {
        state => 'none', origin => {}, hosts => [], admins => [], findings => [], perfdata => [],
    };
    $report->{run} = $answer;
    return $report;
}

# ---- what a report must be ---------------------------------------------------------

# Two reports are the same but for origin and time.
sub same_report {
    my ($got, $expected, $name) = @_;
    my @differences = differences($got, $expected);
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my $same = ok(!@differences, $name);
    diag(join "\n", @differences[0 .. ($#differences > 15 ? 15 : $#differences)]) if !$same;
    diag(scalar(@differences) . ' differences in all') if @differences > 16;
    return $same;
}

# Where two reports differ but for origin and time.
sub differences {
    my ($got, $expected) = @_;
    my @differences;
    compare('', comparable($got), comparable($expected), \@differences);
    return @differences;
}

sub comparable {
    my %report = %{$_[0]};
    delete @report{qw(run origin)};
    $report{complete} = $_[0]{origin}{complete};
    $report{dc_functional_level} = $_[0]{origin}{dc_functional_level};
    $report{domain} = $_[0]{origin}{domain};
    $report{domain_sid} = $_[0]{origin}{domain_sid};
    $report{perfdata} = [grep { $_->{label} ne 'time' } @{$report{perfdata}}];
    return \%report;
}

# Lines "path: got X, expected Y" for each place where two values differ.
sub compare {
    my ($path, $got, $expected, $differences) = @_;
    if (ref $got eq 'HASH' && ref $expected eq 'HASH') {
        my %keys = (%$got, %$expected);
        compare("$path/$_", $got->{$_}, $expected->{$_}, $differences) for sort keys %keys;
    } elsif (ref $got eq 'ARRAY' && ref $expected eq 'ARRAY') {
        my ($left, $right) = (by_name($got), by_name($expected));
        if ($left && $right) {
            my %keys = (%$left, %$right);
            compare("$path\[$_]", $left->{$_}, $right->{$_}, $differences) for sort keys %keys;
            return if @$got == @$expected;
        }
        my $most = @$got > @$expected ? @$got : @$expected;
        compare("$path\[$_]", $got->[$_], $expected->[$_], $differences) for 0 .. $most - 1;
    } else {
        my ($left, $right) = map { shown($_) } $got, $expected;
        push @$differences, "$path: got $left, expected $right" if $left ne $right;
    }
    return;
}

# The elements of a list by what names them, so that one more does not shift all others.
sub by_name {
    my ($list) = @_;
    my %named;
    for my $element (@$list) {
        return if ref $element ne 'HASH';
        my $name = join ' ', map { $element->{$_} // '-' } grep { exists $element->{$_} } qw(rule subject object dn name label);
        return if $name eq '' || exists $named{$name};
        $named{$name} = $element;
    }
    return \%named;
}

sub shown {
    my ($value) = @_;
    return JSON::PP->new->allow_nonref->canonical->ascii->encode($value);
}

# A run that could not judge: one line with the cause, exit 3 (or $how->{exit}), nothing
# on standard error, in time ($how->{within} seconds); $how->{usage} where the command line
# is at fault. Other options are those of check, whose answer it returns.
sub refused {
    my ($how, $arguments, $cause, $name) = @_;
    my %how = %$how;
    my ($exit, $usage, $within) = delete @how{qw(exit usage within)};
    $exit ||= 3;
    $within ||= 15;
    my $prefix = $usage ? 'UNKNOWN - ' : 'HYPERV DELEGATION ' . {2 => 'CRITICAL', 3 => 'UNKNOWN'}->{$exit} . ' - ';
    my $answer = check(\%how, @$arguments);
    my @wrong;

    push @wrong, "exit $answer->{exit}" if $answer->{exit} != $exit;
    push @wrong, 'ended by the outer timeout' if $answer->{timed_out};
    push @wrong, "killed by signal $answer->{signal}" if $answer->{signal};
    push @wrong, 'not one line' if $answer->{stdout} !~ /\A[^\n]+\n\z/;
    push @wrong, 'a bar' if $answer->{stdout} =~ /\|/;
    push @wrong, "does not begin with $prefix" if index($answer->{stdout}, $prefix) != 0;
    push @wrong, "the cause is not said: $cause" if $answer->{stdout} !~ $cause;
    push @wrong, 'standard error: ' . substr $answer->{stderr}, 0, 2000 if $answer->{stderr} ne '';
    push @wrong, "took $answer->{seconds} s" if $answer->{seconds} > $within;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    ok(!@wrong, $name) or diag(join("\n", @wrong) . "\n$answer->{stdout}");
    record_fault($name, $arguments, $answer->{stdout});
    note(sprintf '%.1f s: %s', $answer->{seconds}, $answer->{stdout});
    return $answer;
}

# For tests/faults-table: a fault, how it was made, what the program said of it.
sub record_fault {
    my ($name, $arguments, $printed) = @_;
    return if !$ENV{FAULTS_TABLE};
    open my $table, '>>', $ENV{FAULTS_TABLE} or die "$ENV{FAULTS_TABLE}: $!";
    print {$table} JSON::PP->new->canonical->encode(
        {test => $0, fault => $name, made => $made, arguments => $arguments, printed => $printed}), "\n";
    close $table or die "$ENV{FAULTS_TABLE}: $!";
    return;
}

# What was not seen is never OK: UNKNOWN at least, and a finding that says so.
sub not_ok {
    my ($report, $name) = @_;
    my @said = grep { $_->{rule} =~ /^(?:unreadable|incomplete|no-hosts|no-admins)$/ } @{$report->{findings}};
    my @words = map { "$_->{detail} ($_->{rule})" } @said;
    record_fault($name, $report->{run}{arguments}, "HYPERV DELEGATION $report->{state} - " . ($words[0] // $report->{summary}));
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    return ok($report->{state} ne 'OK' && $report->{run}{exit} != 0 && @said, $name)
        || diag("$report->{state}: " . ($report->{summary} // ''));
}

# The findings of that rule, subject and object (undef: any).
sub finding {
    my ($report, $rule, $subject, $object) = @_;
    return grep {
               $_->{rule} eq $rule
            && (!defined $subject || lc $_->{subject} eq lc $subject)
            && (!defined $object || lc($_->{object} // '') eq lc $object)
    } @{$report->{findings}};
}

sub has_finding {
    my ($report, $rule, $subject, $object, $name) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    return ok(finding($report, $rule, $subject, $object) == 1, $name)
        || diag(map { shown($_) . "\n" } @{$report->{findings}});
}

1;
