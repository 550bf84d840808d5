#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The reports in the programs that they are for. A page made of hostile names is opened in
# Chromium, runs no script and asks nobody, as does one into which markup was put by force;
# that scripts and requests would be seen is shown by a page that has them. The metrics are
# read by promtool, by node_exporter's textfile collector and by Prometheus in both formats.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use HTTP::Tiny ();
use IO::Select ();
use IO::Socket::INET ();
use JSON::PP ();
use Lab ();
use Plugin qw(run report_of slurp spew work_folder);
use Report qw(page_faults page_text hostile_domain hostile_policy @HOSTILE);
use Test::More;
use Time::HiRes qw(sleep);

my $PATIENCE_S = 60;    # for a program to come up on a busy machine
my @needed  = qw(chromium tidy pdftotext promtool prometheus prometheus-node-exporter setpriv);
my @missing = grep { my $name = $_; !grep { -x "$_/$name" } split /:/, $ENV{PATH} } @needed;
plan skip_all => "not installed: @missing (contrib/install-packages show)" if @missing;

my $work = work_folder();
my $http = HTTP::Tiny->new(timeout => 10);
$SIG{TERM} = $SIG{INT} = $SIG{HUP} = sub { exit 1 };    # so that END ends what was started

# ---- helpers -----------------------------------------------------------------------

# A server on loopback for the files of a folder, .txt files as OpenMetrics; notes each path
# asked for in requests.log. Returns its port.
mkdir "$work/served" or die $!;
my $socket = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 16, ReuseAddr => 1) or die "listen: $!";
my $port   = $socket->sockport;

sub serve {
    my %types = (html => 'text/html; charset=utf-8', prom => 'text/plain; version=0.0.4; charset=utf-8',
        txt => 'application/openmetrics-text; version=1.0.0; charset=utf-8');

    my $parent = getppid;

    $SIG{PIPE} = 'IGNORE';
    while (getppid == $parent) {
        next if !IO::Select->new($socket)->can_read(1);    # the test may have been killed
        my $connection = $socket->accept or next;
        my ($path) = (<$connection> // '') =~ m{^GET (/\S*)};
        while (my $line = <$connection>) { last if $line =~ /^\r?\n$/ }
        next if !defined $path;
        open my $log, '>>', "$work/requests.log" or die $!;
        print {$log} "$path\n";
        close $log;
        my ($name, $type) = $path =~ m{^/([a-z0-9-]+\.([a-z]+))};
        my $body = defined $name && -e "$work/served/$name" ? slurp("$work/served/$name") : undef;
        print {$connection} defined $body
            ? "HTTP/1.1 200 OK\r\nContent-Type: $types{$type}\r\nContent-Length: " . length($body)
            . "\r\nConnection: close\r\n\r\n$body"
            : "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        close $connection;
    }
    return;
}
Lab::start(\&serve);

# What was asked for since the last call.
sub requests {
    my @paths = -e "$work/requests.log" ? split /\n/, slurp("$work/requests.log") : ();
    spew("$work/requests.log", '');
    return \@paths;
}

# Starts a program that ends with this one; what it says goes to a file.
sub start_program {
    my ($name, @arguments) = @_;
    return Lab::start(sub {
        open STDERR, '>', "$work/$name.log" or die $!;
        open STDOUT, '>&', \*STDERR or die $!;
        exec 'setpriv', '--pdeathsig', 'KILL', $name, @arguments or die "$name: $!";
    });
}

sub free_port {
    return IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 1)->sockport;
}

# Asks again until the answer satisfies; the last answer.
sub wait_for {
    my ($ask, $satisfies) = @_;
    my $end = time + $PATIENCE_S;
    my $answer = $ask->();

    while (!$satisfies->($answer) && time < $end) {
        sleep 0.2;
        $answer = $ask->();
    }
    return $answer;
}

# Opens a page of the server in Chromium; the document as it is when nothing moves any more.
sub open_page {
    my ($name, @options) = @_;
    my @command = ('timeout', '-k', '5', '120', 'chromium', '--headless', '--no-sandbox', '--disable-gpu',
        '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
        '--disable-sync', "--user-data-dir=$work/browser-$name", '--virtual-time-budget=3000',
        @options ? @options : '--dump-dom', "http://127.0.0.1:$port/$name");
    open my $pipe, '-|', 'sh', '-c', 'exec "$@" 2>/dev/null', 'sh', @command or die "sh: $!";
    local $/;
    my $dom = <$pipe> // '';
    close $pipe;
    return $dom;
}

# Writes a report into the server's folder.
sub report_to {
    my ($format, $name, @arguments) = @_;
    return run(name => $name, arguments => [@arguments, '-t', 60, '--output-format', $format, '-o', "$work/served/$name"]);
}

# ---- the page ----------------------------------------------------------------------

my $export  = spew("$work/hostile.ldif", hostile_domain($port));
my @hostile = ('--ldif', $export, '--policy', spew("$work/hostile.ini", hostile_policy($port)));

subtest 'a page that has scripts and requests is told apart' => sub {
    my $evil = join '', map {"<p>$_</p>\n"} map { s/PORT/$port/gr } grep { !/-->|meta|style>|<!--/ } @HOSTILE;
    spew("$work/served/control.html", "<!DOCTYPE html><title>innocent</title>\n$evil");
    requests();
    my $dom = open_page('control.html');
    like($dom, qr{<title>MARK</title>}, 'its script changes the title');
    my @asked = grep {m{^/(?:picture|frame|style)$}} @{requests()};
    cmp_ok(scalar @asked, '>', 0, "its markup asks: @asked");
};

subtest 'hostile names' => sub {
    for my $more ([], ['--fix']) {
        report_to('html', 'hostile.html', @hostile, @$more);
        requests();
        my $dom = open_page('hostile.html');
        like($dom, qr{<title>CRITICAL: Kerberos delegation in hostile\.test</title>}, "@$more the title stays");
        is_deeply(requests(), ['/hostile.html'], "@$more nothing but the page is asked for");
        my @elements = $dom =~ /<(script|img|iframe|link|svg|object|embed|form|base)\b/gi;
        is_deeply(\@elements, [], "@$more no element came from a name");
        my @hosts = $dom =~ /class="state critical">CRITICAL<\/b><\/td><th scope="row">/g;
        is(scalar @hosts, scalar @HOSTILE, "@$more every host has its row");
    }
};

subtest 'markup that got through all the same' => sub {
    my $evil = join '', map { s/PORT/$port/gr } grep {/MARK|PORT/ && !/refresh|title>|style>/} @HOSTILE;
    spew("$work/served/forced.html", slurp("$work/served/hostile.html") =~ s/<main>/<main>$evil/r);
    requests();
    my $dom = open_page('forced.html');
    like($dom, qr/<script>/, 'there is a script');
    unlike($dom, qr{<title>MARK}, 'it does not run');
    is_deeply(requests(), ['/forced.html'], 'and nothing is asked for');
};

# What every browser must mend is an error here; empty elements are parts of bars.
sub tidy_faults {
    my ($name) = @_;
    return [grep { $_ ne '' && !/trimming empty <i>/ } split /\n/, qx(tidy -q -e "$work/served/$name" 2>&1)];
}

# An estate in which every host lists every other one, some wrongly.
sub large_domain {
    my ($count) = @_;
    my $base = 'DC=large,DC=test';
    my @names = map { sprintf 'hv%03d', $_ } 1 .. $count;
    my $text = "dn: $base\nobjectClass: domainDNS\nobjectSid: S-1-5-21-1-2-3\n\n";

    for my $i (0 .. $#names) {
        my $uac = $i % 97 == 5 ? 4096 : 16781312;
        $text .= "dn: CN=$names[$i],$base\nobjectClass: computer\nobjectCategory: CN=Computer,$base\n"
            . "sAMAccountName: $names[$i]\$\ndNSHostName: $names[$i].large.test\nuserAccountControl: $uac\n"
            . 'objectSid: S-1-5-21-1-2-3-' . (2000 + $i) . "\noperatingSystemVersion: 10.0 (20348)\n";
        for my $class ('Microsoft Virtual System Migration Service', 'cifs') {
            $text .= "servicePrincipalName: $class/$names[$i]\nservicePrincipalName: $class/$names[$i].large.test\n";
            $text .= join '', map {"msDS-AllowedToDelegateTo: $class/$_\nmsDS-AllowedToDelegateTo: $class/$_.large.test\n"}
                grep { $_ ne $names[$i] && !($i % 50 == 3 && $_ eq 'hv007') } @names;
        }
        $text .= "\n";
    }
    return $text;
}

subtest 'three hundred hosts' => sub {
    my @large = ('--ldif', spew("$work/large.ldif", large_domain(300)),
        '--policy', spew("$work/large.ini", "[group all]\nhosts = *\n"));
    report_to('html', 'large.html', @large, '--only', 'hosts');
    my $page = slurp("$work/served/large.html");
    is_deeply([page_faults($page)], [], 'the page is sound');
    cmp_ok(length $page, '<', 1 << 20, 'of less than a megabyte');
    note('it has ' . length($page) . ' bytes');
    my $dom = open_page('large.html');
    my ($grid) = $dom =~ m{<table class="grid">(.*?)</table>}s;
    is(scalar(() = ($grid // '') =~ /<td/g), 90000, 'all cells are there');
    is(scalar(() = ($grid // '') =~ /<td class="p">/g), 4 * 299, 'with those that are not ready');
    is_deeply(tidy_faults('large.html'), [], 'valid HTML');
};

# The names of hosts and rules that a page holds more often than the paper does on which the
# browser prints it. What is cut off at an edge of the paper is not in the file at all.
sub unprinted {
    my ($name) = @_;
    open_page($name, '--no-pdf-header-footer', "--print-to-pdf=$work/page.pdf");
    my $paper = qx(pdftotext -raw "$work/page.pdf" -) =~ s/\s+//gr;
    my $page  = slurp("$work/served/$name") =~ s{<div class="scroll wide".*?</div>}{}sr;
    my %names = map { $_ => 1 } grep { defined } $page =~ m{<th scope="row">([a-z][a-z0-9-]*)<td|</b> ([a-z-]+) <small>}g;
    my $text  = page_text($page) =~ s/\s+//gr;

    return ['no name at all'] if !%names;
    return [grep { (() = $paper =~ /\Q$_\E/g) < (() = $text =~ /\Q$_\E/g) } sort keys %names];
}

subtest 'valid, and to be printed' => sub {
    is_deeply(tidy_faults('hostile.html'), [], 'hostile names');
    spew("$work/served/broken.html", slurp("$work/served/hostile.html") =~ s{</section>}{}r);
    isnt(scalar @{tidy_faults('broken.html')}, 0, 'what is broken is seen');
    report_to('html', 'wrong.html', '--ldif', "$Bin/../scenarios/everything-wrong/directory.ldif");
    is_deeply(tidy_faults('wrong.html'), [], 'a usual page');
    is_deeply(unprinted($_), [], "$_: all of it is on paper") for 'wrong.html', 'large.html';
    spew("$work/served/narrow.html", slurp("$work/served/wrong.html")
            =~ s{</style>}{\@media print{.list{overflow:hidden;width:20em}}</style>}r);
    isnt(scalar @{unprinted('narrow.html')}, 0, 'what is cut off is seen');
};

# What does not fit into a window of that width and would have to be moved sideways: the page,
# or one of its lists. A matrix may be wider.
sub too_wide {
    my ($name, $width) = @_;
    spew("$work/served/frame.html", <<"END");
<!DOCTYPE html>
<title>nothing</title>
<iframe src="/$name" style="width:${width}px;height:800px;border:0"></iframe>
<script>
onload = () => {
    const page = document.querySelector('iframe').contentDocument;
    const wide = [page.documentElement, ...page.querySelectorAll('.list')].filter(e => e.scrollWidth > e.clientWidth);
    document.title = 'of ' + page.querySelectorAll('.list').length + ' wide: ' + wide.map(e => e.localName + ' ' + e.className);
};
</script>
END
    my ($lists, $wide) = open_page('frame.html') =~ m{<title>of (\d+) wide: ?(.*?)</title>};
    return $lists ? $wide : 'not seen at all';
}

subtest 'on a telephone' => sub {
    for my $width (360, 768, 1100) {
        is(too_wide($_, $width), '', "$_: $width pixels are wide enough")
            for 'wrong.html', $width < 768 ? 'hostile.html' : ();
    }
    spew("$work/served/stiff.html", slurp("$work/served/wrong.html") =~ s{</style>}{.hosts tr{flex-wrap:nowrap}</style>}r);
    is(too_wide('stiff.html', 360), 'div list', 'what is too wide is seen');
};

# ---- the metrics -------------------------------------------------------------------

my @wrong = ('--ldif', "$Bin/../scenarios/everything-wrong/directory.ldif");
report_to('openmetrics', 'wrong.prom', @wrong);
report_to('openmetrics', 'hostile.prom', @hostile);
spew("$work/served/wrong.txt", slurp("$work/served/wrong.prom"));
spew("$work/served/hostile.txt", slurp("$work/served/hostile.prom"));
spew("$work/served/cut.txt", slurp("$work/served/wrong.prom") =~ s/# EOF\n//r);

subtest 'promtool' => sub {
    is(qx(promtool check metrics <"$work/served/$_" 2>&1), '', "$_: nothing to say") for 'wrong.prom', 'hostile.prom';
    spew("$work/bad.prom", slurp("$work/served/hostile.prom") =~ s/\\"/"/gr);
    isnt(system("promtool check metrics <$work/bad.prom >/dev/null 2>&1"), 0, 'what is not escaped is seen');
};

mkdir "$work/textfile" or die $!;
spew("$work/textfile/$_", slurp("$work/served/$_")) for 'wrong.prom', 'hostile.prom';
my $exporter = '127.0.0.1:' . free_port();
start_program('prometheus-node-exporter', '--collector.disable-defaults', '--collector.textfile',
    "--collector.textfile.directory=$work/textfile", "--web.listen-address=$exporter");

sub scrape {
    return $http->get("http://$exporter/metrics")->{content} // '';
}

subtest 'node_exporter' => sub {
    my $text = wait_for(\&scrape, sub { $_[0] =~ /^node_textfile_scrape_error/m });
    like($text, qr/^node_textfile_scrape_error 0$/m, 'it can read the files');
    my $expected = join '', map { slurp("$work/served/$_") } 'hostile.prom', 'wrong.prom';
    my %samples = map { $_ => 1 } $text =~ /^(hyperv_delegation_(?:state|host_state|hosts|findings)\{.*)$/mg;
    my @lost = grep { !$samples{$_} } $expected =~ /^(hyperv_delegation_(?:state|host_state|hosts|findings)\{.*)$/mg;
    is_deeply(\@lost, [], 'every sample comes out as it is in the file');
    spew("$work/textfile/bad.prom", slurp("$work/bad.prom"));
    $text = wait_for(\&scrape, sub { $_[0] =~ /^node_textfile_scrape_error 1$/m });
    like($text, qr/^node_textfile_scrape_error 1$/m, 'a broken file is seen');
    unlink "$work/textfile/bad.prom";
    is(report_to('openmetrics', '../textfile/wrong.prom', @wrong)->{exit}, 2, 'the file is replaced beside it');
    $text = wait_for(\&scrape, sub { $_[0] =~ /^node_textfile_scrape_error 0$/m });
    like($text, qr/^node_textfile_scrape_error 0$/m, 'which it does not notice');
};

my $prometheus = '127.0.0.1:' . free_port();
my %jobs = (exporter => [$exporter, '/metrics'],
    map { $_ => ["127.0.0.1:$port", "/" . s/-/./r] } qw(wrong-prom wrong-txt hostile-txt cut-txt));
spew("$work/prometheus.yml", "global: {scrape_interval: 1s, scrape_timeout: 1s}\nscrape_configs:\n" . join '',
    map {"- {job_name: $_, metrics_path: '$jobs{$_}[1]', static_configs: [{targets: ['$jobs{$_}[0]']}]}\n"} sort keys %jobs);
start_program('prometheus', "--config.file=$work/prometheus.yml", "--storage.tsdb.path=$work/tsdb",
    "--web.listen-address=$prometheus");

# The values of a query: "labels that differ" => value.
sub query {
    my ($query, @labels) = @_;
    my $url = "http://$prometheus/api/v1/query?" . $http->www_form_urlencode({query => $query});
    my $answer = eval { JSON::PP->new->utf8->decode($http->get($url)->{content}) } // {};
    return {map { my $metric = $_->{metric}; join(' ', map { $metric->{$_} // '' } @labels) => $_->{value}[1] }
            @{$answer->{data}{result} // []}};
}

subtest 'Prometheus' => sub {
    my $up = wait_for(sub { query('up', 'job') },
        sub { keys %{$_[0]} == keys %jobs && !grep { $_[0]{$_} != ($_ ne 'cut-txt') } keys %jobs });
    is_deeply($up, {map { $_ => $_ eq 'cut-txt' ? 0 : 1 } keys %jobs}, 'reads both formats, and sees one that is cut');
    my $report = report_of(run(arguments => [@wrong, '--output-format', 'json'])->{stdout});
    my $domain = $report->{origin}{domain};
    for my $job (qw(wrong-prom wrong-txt exporter)) {
        my $of = qq({job="$job",domain="$domain"});
        for my $metric (grep { $_->{label} ne 'time' } @{$report->{perfdata}}) {
            is_deeply(query("hyperv_delegation_$metric->{label}$of"), {'' => $metric->{value}}, "$job: $metric->{label}");
        }
        is_deeply(query("hyperv_delegation_state$of"), {'' => 2}, "$job: state");
        is_deeply(query("sum(hyperv_delegation_findings$of)"), {'' => scalar @{$report->{findings}}}, "$job: findings");
        is_deeply(query("time() - hyperv_delegation_read_timestamp_seconds$of < bool 7200"), {'' => 1}, "$job: young enough");
    }
    my $hosts = query('hyperv_delegation_host_state{job="hostile-txt"}', 'host');
    is(scalar keys %$hosts, scalar @HOSTILE, 'each hostile host is a series');
    ok(exists $hosts->{lc qq(a"} 1\nevil_metric{x=")}, 'with its name as it is');
    is_deeply(query('evil_metric'), {}, 'and none of them made a metric');
};

done_testing();
