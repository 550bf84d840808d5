#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What people see: a real Icinga Web 2 with Icinga DB and the Graphite module, with the
# dashboard and the graphs of contrib, opened in a real browser. While all is well, the list
# of problems is empty; then hosts and an administrator go wrong in the directory, and the
# list, the service's page and the graphs show it. ICINGAWEB_PNG=FILE takes some minutes more
# and keeps a picture, such as contrib/icingaweb.png.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";

use Icinga;
use Lab;
use Monitoring;
use Plugin ();
use Stores;
use Test::More;

enter_monitoring('healthy', map { "/usr/$_" } qw(sbin/icinga2 bin/curl sbin/mariadbd bin/mariadb-install-db sbin/icingadb
    bin/redis-server bin/carbon-cache bin/graphite-manage bin/php bin/chromium));
-d "/usr/share/icingaweb2/modules/$_" or plan skip_all => "Icinga Web has no module $_" for qw(icingadb graphite);

my $node    = 'monitor.hv.example.com';
my $domain  = 'active-directory!hyperv-delegation hv.example.com';
my $summary = 'active-directory!hyperv-delegation of all domains';
my $folder  = "$ENV{LAB_DIR}/web";
my $public  = '/usr/share/icingaweb2/public';
my $web     = 'http://127.0.0.1:8081';
my $pane    = "$web/dashboard?pane=hyperv-delegation";
my $page    = "icingadb/service?name=hyperv-delegation%20hv.example.com&host.name=active-directory&graphs_limit=3";

# ---- the instance ------------------------------------------------------------------

sub run_icingadb {
    run_mariadb($folder, 'icingadb');
    mariadb($folder, 'icingadb', "< $_") for '/usr/share/icingadb/schema/mysql/schema.sql', '/usr/share/icingaweb2/schema/mysql.schema.sql';
    daemon('redis', nobody(), 'redis-server', '--port', 6380, '--bind', '127.0.0.1', '--save', '""', '--dir', $folder);
    spew("$folder/icingadb.yml", <<'CONFIGURATION');
database: { type: mysql, host: 127.0.0.1, port: 3306, database: icingadb, user: icingadb, password: icingadb }
redis: { host: 127.0.0.1, port: 6380 }
logging: { output: console }
CONFIGURATION
    wait_for('Redis is there', sub { system('redis-cli -p 6380 ping >/dev/null 2>&1') == 0 }) or BAIL_OUT('it did not start');
    daemon('icingadb', nobody(), 'icingadb', '-c', "$folder/icingadb.yml");
    return;
}

# Icinga Web, which takes everybody for the user "operator".
sub run_icingaweb {
    my %files = (
        'config.ini'         => "[global]\nconfig_resource = \"icingadb\"\nmodule_path = \"/usr/share/icingaweb2/modules\"\n"
            . "[logging]\nlog = \"file\"\nfile = \"$folder/icingaweb.log\"\nlevel = \"ERROR\"\n",
        'resources.ini'      => "[icingadb]\ntype = \"db\"\ndb = \"mysql\"\nhost = \"127.0.0.1\"\nport = \"3306\"\n"
            . "dbname = \"icingadb\"\nusername = \"icingadb\"\npassword = \"icingadb\"\ncharset = \"utf8mb4\"\n",
        'authentication.ini' => "[external]\nbackend = \"external\"\n",
        'roles.ini'          => "[operators]\nusers = \"operator\"\npermissions = \"*\"\n",
        'modules/icingadb/config.ini' => "[icingadb]\nresource = \"icingadb\"\n[redis]\ntls = \"0\"\n",
        'modules/icingadb/redis.ini'  => "[redis1]\nhost = \"127.0.0.1\"\nport = \"6380\"\n",
        'modules/graphite/config.ini' => "[graphite]\nurl = \"$graphite/\"\n"
            . "[ui]\ndefault_time_range = \"5\"\ndefault_time_range_unit = \"minutes\"\n",
        'modules/graphite/templates/hyperv_delegation.ini' => slurp(documentation() . '/icingaweb2/graphs.ini'),
        'dashboards/operator/dashboard.ini' => slurp(documentation() . '/icingaweb2/dashboard.ini'),
        'router.php' => <<"ROUTER",
<?php
\$_SERVER['REMOTE_USER'] = 'operator';
\$path = parse_url(\$_SERVER['REQUEST_URI'], PHP_URL_PATH);
if (\$path !== '/' && is_file('$public' . \$path)) { return false; }
\$_SERVER['SCRIPT_FILENAME'] = '$public/index.php';
\$_SERVER['SCRIPT_NAME'] = \$_SERVER['PHP_SELF'] = '/index.php';
require '$public/index.php';
ROUTER
    );
    my $etc = "$folder/icingaweb2";

    shell("mkdir -p $etc/enabledModules $etc/modules/icingadb $etc/modules/graphite/templates $etc/dashboards/operator");
    spew("$etc/$_", $files{$_}) for keys %files;
    symlink "/usr/share/icingaweb2/modules/$_", "$etc/enabledModules/$_" for qw(icingadb graphite);
    shell("chown -Rh nobody $etc");
    daemon('icingaweb', nobody(), 'env', "ICINGAWEB_CONFIGDIR=$etc", 'PHP_CLI_SERVER_WORKERS=4',
        'php', '-S', '127.0.0.1:8081', '-t', $public, "$etc/router.php");
    wait_for('Icinga Web is there', sub { system("curl -s -f -o /dev/null $web/about") == 0 }) or BAIL_OUT('it did not start');
    return;
}

my $visits = 0;

# Opens a page in Chromium, and writes a picture of it should a file be named; the document
# as it is when nothing moves any more.
sub open_page {
    my ($address, $picture) = @_;
    $visits++;
    my $answer = Plugin::finish(Plugin::start(command => ['timeout', '-k', '5', '120', 'chromium', '--headless', '--no-sandbox',
        '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
        '--disable-sync', "--user-data-dir=$tmp/browser-$visits", '--window-size=1500,1100', '--virtual-time-budget=10000',
        '--dump-dom', $picture ? "--screenshot=$picture" : (), $address]));
    return $answer->{stdout};
}

# A piece of a document as it reads; what shows a state is put back as the program wrote it.
sub text {
    my ($html) = @_;
    $html =~ s/<span class="state-ball[^"]* state-(\w+)[^>]*><\/span> ?/"[" . uc($1) . "] "/ge;
    $html =~ s/<[^>]*>//g;
    $html =~ s/&(\w+);/{gt => '>', lt => '<', quot => '"', amp => '&', nbsp => ' '}->{$1}/ge;
    return $html =~ s/\s*\n\s*/\n/gr =~ s/^\s+|\s+\z//gr;
}

# The part of the dashboard with that title.
sub dashlet {
    my ($dom, $title) = @_;
    my ($found) = grep { /data-icinga-url=/ && />\s*\Q$title\E\s*</ } split /(?=<div [^>]*class="container )/, $dom;
    return $found // '';
}

mkdir $folder;
shell("chown nobody $folder");
run_graphite($folder);
run_icingadb();
set_up_icinga($node);
shell('icinga2 feature enable icingadb graphite');
start_icinga($node, "$Bin/../../README");
run_icingaweb();

my $policy = spew("$tmp/policy.ini", "[group all]\nhosts = hv0*\n");
chmod 0755, $tmp;
chmod 0644, $policy;
api('POST', "objects/services/$domain", {attrs => {'vars.hyperv_delegation_policy' => $policy}});

# ---- what they see -----------------------------------------------------------------

# Checks the domain until the numbers of a check have reached Graphite: those from before
# there is a connection are lost.
sub drawn {
    my ($label, $value) = @_;
    my $metric = "icinga2.active-directory.services.hyperv-delegation_hv_example_com.hyperv_delegation.perfdata.$label.value";
    return wait_for("$label is $value in Graphite", sub {
        checked($domain);
        my ($series) = @{ask("$graphite/render", target => $metric, from => '-1h', format => 'json') // []};
        my @known = grep { defined } map { $_->[0] } @{$series->{datapoints} // []};
        return @known && $known[-1] == $value;
    });
}

# The last values of what Graphite was asked to draw, by a piece of its log: legend => value.
sub asked_for {
    my ($log) = @_;
    my %last;
    for my $query ($log =~ m{"(?:GET|POST) /render/?\?(\S+)}g) {
        for my $target (map { /^target=(.*)/ ? $1 : () } split /&/, $query) {
            $target =~ tr/+/ /;
            $target =~ s/%(..)/chr hex $1/ge;
            for my $series (@{ask("$graphite/render", target => $target, from => '-1h', format => 'json') // []}) {
                my @known = grep { defined } map { $_->[0] } @{$series->{datapoints}};
                $last{$series->{target}} = $known[-1] + 0 if @known;
            }
        }
    }
    return \%last;
}

# What the program says now, run by hand.
sub by_hand {
    return by_daemon('-D', 'hv.example.com', '-l', 'svc-monitor', '-k', '/etc/icinga2/keytabs/svc-monitor.keytab',
        '-c', 'admins_unprotected=3', '-t', 30, '--policy', $policy)->{stdout};
}

# A text without its perfdata, as Icinga Web shows it.
sub findings {
    my ($text) = @_;
    return $text =~ s/ \| [^\n]*//r =~ s/\s+\z//r;
}

# What the program said, in a piece of a document.
sub output_in {
    my ($html) = @_;
    return $html =~ /(<div [^>]*class="plugin-output.*?<\/div>)/s ? text($1) : '';
}

# The dashboard with the service's page beside it, as soon as both show what the program
# said, the line on top too, and the graphs are there.
sub seen {
    my ($what, $said, $top, $picture) = @_;
    my $dom;
    wait_for($what, sub {
        $dom = open_page("$pane#!/$page", $picture);
        return output_in($dom =~ /<div id="col2".*/s ? $& : '') eq findings($said)
            && output_in(dashlet($dom, 'All domains')) eq $top && dashlet($dom, 'Over time') =~ /<img /;
    }) or diag($dom);
    return $dom;
}

# Checks again and again for a while, if the graphs are to be looked at.
sub live {
    my $end = time + ($ENV{ICINGAWEB_PNG} ? 100 : 0);
    while (time < $end) {
        checked($domain);
        sleep 1;
    }
    return;
}

is(checked($domain)->{state}, 0, 'all is well');
has_state(settled($summary), 0, 'in all domains');
drawn('hosts_not_ok', 0);
live();
my $dom = seen('a service that is OK', by_hand(), '0 of 1 domains not OK');
like(text(dashlet($dom, 'Domains that are not OK')), qr/^Domains that are not OK\nNo items found\.$/m, 'no domain has a problem');
like(dashlet($dom, 'All domains'), qr/<div class="visual"><span class="state-ball state-ok /, 'the line on top is green');

user_account_control('hv01', $WORKSTATION | $PROTOCOL | $UNCONSTRAINED);
user_account_control('hv02', $WORKSTATION);
change("dn: CN=adm-anna,OU=Admins,$ENV{LAB_BASE}\nchangetype: modify\nreplace: userAccountControl\nuserAccountControl: 512\n-\n\n");
has_state(settled($domain), 2, 'two hosts and an administrator are wrong');
has_state(settled($summary), 2, 'the line on top');
drawn('hosts_not_ok', 2);
live();
my $said = by_hand();
my $picture = $ENV{ICINGAWEB_PNG} // "$tmp/icingaweb.png";
my $earlier = slurp("$tmp/graphite.out");
$dom = seen('a service that is CRITICAL', $said, '1 of 1 domains not OK: CRITICAL hv.example.com', $picture);

like(dashlet($dom, 'All domains'), qr/<div class="visual"><span class="state-ball state-critical /, 'the line on top is red');
my @items = dashlet($dom, 'Domains that are not OK') =~ /<li class="list-item.*?<\/li>/gs;
is(scalar @items, 1, 'one domain has a problem');
like($items[0], qr/<div class="visual"><span class="state-ball state-critical /, 'it is red');
like(text($items[0]), qr/^\[CRITICAL\] Hyper-V delegation of hv\.example\.com on .*active-directory is critical/, 'it is the domain');
is(output_in($items[0]), findings($said), 'with the findings');
my @findings = findings($said) =~ /^\[(\w+)\] (\S+):/mg;
is("@findings", 'CRITICAL hv02 CRITICAL hv01 WARNING adm-anna', 'those that there are');

my $graphs = asked_for(substr slurp("$tmp/graphite.out"), length $earlier);
is_deeply($graphs, {
    'Administrators that are protected'    => 5,
    'Administrators that can be delegated' => 1,
    'Hosts that are wrong'                 => 2,
    'Facts that drifted'                   => 0,
    'Pairs of hosts'                       => 12,
    'Pairs that are ready'                 => 9,
}, 'the graphs draw what the directory holds') or diag(explain($graphs));
my @images = map { text($_) } dashlet($dom, 'Over time') =~ /<img [^>]*?src="([^"]+)"/g;
is(scalar @images, 3, 'there are three');
for my $image (@images) {
    my $bytes = Plugin::finish(Plugin::start(command => ['curl', '-s', '-f', "$web$image"]))->{stdout};
    is(substr($bytes, 0, 8), "\x89PNG\r\n\x1a\n", 'a graph is a picture');
}
is(substr(slurp($picture), 0, 8), "\x89PNG\r\n\x1a\n", 'the picture is there');
ok(!-s "$folder/icingaweb.log", 'Icinga Web complains of nothing') or diag(slurp("$folder/icingaweb.log"));

done_testing;
