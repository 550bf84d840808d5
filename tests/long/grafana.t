#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The dashboards for Grafana, without Grafana, which Debian does not have: every query of
# theirs is put to a real InfluxDB and a real graphite-web, which a real Icinga 2 fills with
# the defaults of its features, and returns what the directory holds, before and after a
# change. What Grafana would put in for its variables is put in here.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";

use Icinga;
use JSON::PP ();
use Lab;
use Monitoring;
use Plugin qw(parse_output);
use Stores;
use Test::More;

enter_monitoring('healthy', '/usr/sbin/icinga2', '/usr/bin/curl', '/usr/bin/influxd', '/usr/bin/carbon-cache', '/usr/bin/graphite-manage');

my $domain  = 'active-directory!hyperv-delegation hv.example.com';
my $folder  = "$ENV{LAB_DIR}/metrics";
my $influx  = 'http://127.0.0.1:8086';
my @labels  = qw(admins_protected admins_unprotected drift hosts_not_ok pairs pairs_ready time unreadable);

# ---- the data bases ------------------------------------------------------------------

sub run_influxdb {
    spew("$folder/influxdb.conf", <<"CONFIGURATION");
reporting-disabled = true
bind-address = "127.0.0.1:8088"
[meta]
  dir = "$folder/influxdb/meta"
[data]
  dir = "$folder/influxdb/data"
  wal-dir = "$folder/influxdb/wal"
[http]
  bind-address = "127.0.0.1:8086"
  log-enabled = false
[monitor]
  store-enabled = false
CONFIGURATION
    daemon('influxdb', nobody(), 'env', "HOME=$folder", 'influxd', '-config', "$folder/influxdb.conf");
    wait_for('InfluxDB is there', sub { ask("$influx/query", q => 'CREATE DATABASE icinga2') })
        or BAIL_OUT('it did not start');
    return;
}

# ---- the dashboards ------------------------------------------------------------------

sub dashboard {
    my ($kind) = @_;
    return JSON::PP->new->utf8->decode(slurp(documentation() . "/grafana/hyperv_delegation-$kind.json"));
}

# What the variable "service" offers, as Grafana would: what the query returns and its
# regular expression takes; text => value.
sub offered {
    my ($kind, $dashboard) = @_;
    my ($variable) = grep { $_->{name} eq 'service' } @{$dashboard->{templating}{list}};
    my ($pattern) = $variable->{regex} =~ m{^/(.*)/$};
    my @found;

    if ($kind eq 'influxdb') {
        my $answer = ask("$influx/query", db => 'icinga2', q => $variable->{query});
        @found = map { $_->[1] } @{$answer->{results}[0]{series}[0]{values} // []};
    } else {
        @found = map { $_->{text} } @{ask("$graphite/metrics/find", query => $variable->{query}) // []};
    }
    return {map { /$pattern/ ? ($+{text} => $+{value}) : () } @found};
}

# What Grafana puts in for the variable "service" where these are chosen; where they are all
# that there are, what it puts in for "All" as well.
sub put_in {
    my ($kind, $dashboard, $all, @services) = @_;
    my ($variable) = grep { $_->{name} eq 'service' } @{$dashboard->{templating}{list}};
    my @values = $kind eq 'graphite' ? @services : map { s/([\\^\$*+?.()|\[\]{}\/])/\\$1/gr } @services;
    my $several = $kind eq 'graphite' ? '{' . join(',', @values) . '}' : '(' . join('|', @values) . ')';

    return (@values > 1 ? $several : $values[0], $all && $variable->{allValue} ? $variable->{allValue} : ());
}

# The last value of each series of a query: name => value.
sub series {
    my ($kind, $target, $service) = @_;
    my %last;

    if ($kind eq 'influxdb') {
        my $query = $target->{query};
        $query =~ s/\$\{service:regex\}/$service/;
        $query =~ s/\$timeFilter/time > now() - 1h/;
        $query =~ s/\$__interval/1s/;
        my $answer = ask("$influx/query", db => 'icinga2', q => $query);
        $last{$_->{tags}{service}} = $_->{values}[-1][1] for @{$answer->{results}[0]{series} // []};
    } else {
        my $path = $target->{target} =~ s/\$service/$service/r;
        for my $series (@{ask("$graphite/render", target => $path, from => '-1h', format => 'json') // []}) {
            my @known = grep { defined } map { $_->[0] } @{$series->{datapoints}};
            $last{$series->{target}} = $known[-1] if @known;
        }
    }
    return \%last;
}

# One test for each panel: its query returns one series for each of the services, which are
# keys of perfdata, with the value of the label that it names.
sub shows {
    my ($kind, $dashboard, $service, $perfdata) = @_;
    my @seen;

    for my $panel (@{$dashboard->{panels}}) {
        for my $target (@{$panel->{targets}}) {
            my $query = $target->{query} // $target->{target};
            my ($label) = $query =~ /"metric" = '(\w+)'|perfdata\.(\w+)\.value/ ? $1 // $2 : '';
            push @seen, $label;
            wait_for("$kind, $service: $panel->{title}", sub {
                my $series = series($kind, $target, $service);
                return keys %$series == keys %$perfdata && !grep {
                    my $value = $perfdata->{$_}{$label}{value};
                    ($series->{$_} // '') !~ ($label eq 'time' ? qr/^\d/ : qr/^\Q$value\E(?:\.0)?$/)
                } keys %$perfdata;
            }) or diag(explain(series($kind, $target, $service)));
        }
    }
    is_deeply([sort @seen], \@labels, "$kind: all panels");
    return;
}

# ---- what they show --------------------------------------------------------------------

mkdir $folder;
shell("chown nobody $folder");
run_influxdb();
run_graphite($folder);
set_up_icinga('monitor.hv.example.com');
shell('icinga2 feature enable influxdb graphite');
start_icinga('monitor.hv.example.com', "$Bin/../../README");

my $policy   = spew("$tmp/policy.ini", "[group all]\nhosts = hv0*\n");
my $baseline = hostile_folder() . '/baseline.json';
my @login    = ('-D', 'hv.example.com', '-l', 'svc-monitor', '-k', '/etc/icinga2/keytabs/svc-monitor.keytab', '-t', 30);
chmod 0755, $tmp;
chmod 0644, $policy;
by_daemon(@login, '--policy', $policy, '--baseline', $baseline, '--accept');
api('POST', "objects/services/$domain", {attrs => {
    'vars.hyperv_delegation_policy' => $policy, 'vars.hyperv_delegation_baseline' => $baseline}});
# another domain to choose from; it has two hosts of the same one
api('PUT', 'objects/services/active-directory!hyperv-delegation two.example.com', {
    templates => ['hyperv-delegation-service'],
    attrs => {map { ("vars.hyperv_delegation_$_->[0]" => $_->[1]) } ['domain', 'hv.example.com'], ['logname', 'svc-monitor'],
        ['keytab', '/etc/icinga2/keytabs/svc-monitor.keytab'], ['policy', $policy], ['host', ['hv02', 'hv03']]}});
my $other = 'active-directory!hyperv-delegation two.example.com';
my %dashboard = map { ($_ => dashboard($_)) } 'influxdb', 'graphite';

# Compares both with what the program says now, of each domain and of all of them.
sub compare {
    my ($state) = @_;
    is(checked($domain)->{state}, $state, "the state is $state");
    checked($other);
    my %perfdata = map { my ($name, @more) = @$_; ($name => parse_output(by_daemon(@login, '--policy', $policy, @more)->{stdout})->{perfdata}) }
        ['hv.example.com', '--baseline', $baseline], ['two.example.com', '-n', 'hv02', '-n', 'hv03'];
    for my $kind (sort keys %dashboard) {
        my @names = map { $kind eq 'influxdb' ? $_ : tr/./_/r } sort keys %perfdata;
        my $offered;
        wait_for("$kind: the variable", sub { keys %{$offered = offered($kind, $dashboard{$kind})} == @names });
        is_deeply([sort keys %$offered], \@names, "$kind: it offers the domains, and not the line on top");
        my %of = map { ($offered->{$kind eq 'influxdb' ? $_ : tr/./_/r} => $perfdata{$_}) } keys %perfdata;
        shows($kind, $dashboard{$kind}, $_, \%of) for put_in($kind, $dashboard{$kind}, 1, sort keys %of);
        for my $one (sort keys %of) {
            shows($kind, $dashboard{$kind}, $_, {$one => $of{$one}}) for put_in($kind, $dashboard{$kind}, 0, $one);
        }
    }
    return $perfdata{'hv.example.com'};
}

checked('active-directory!hyperv-delegation of all domains');
# what is checked before a writer has its connection is lost
wait_for('metrics arrive', sub { checked($domain); %{offered('graphite', $dashboard{graphite})} });
my $perfdata = compare(0);
is("$perfdata->{pairs_ready}{value} of $perfdata->{pairs}{value}", '12 of 12', 'all pairs are ready');
is($perfdata->{drift}{value}, 0, 'nothing drifted');

change("dn: CN=adm-anna,OU=Admins,$ENV{LAB_BASE}\nchangetype: modify\nreplace: userAccountControl\nuserAccountControl: 512\n-\n\n");
user_account_control('hv01', $WORKSTATION);
$perfdata = compare(2);
is($perfdata->{admins_unprotected}{value}, 1, 'an administrator can be delegated');
is($perfdata->{hosts_not_ok}{value}, 1, 'a host is wrong');
cmp_ok($perfdata->{drift}{value}, '>', 1, 'what drifted is counted');
is($perfdata->{pairs_ready}{value}, 9, 'three pairs are not ready');

done_testing;
