#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Three real Icinga 2, each with a network address, a name and folders of its own, set up
# with contrib/icinga2/distributed: the master hands out the configuration, the satellite
# schedules the check, and the agent, which alone reaches the domain controller, runs it.
# What the master shows is what the directory holds; and when the agent is gone, it says so.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";

use Icinga;
use Lab;
use Monitoring;
use Test::More;

enter_monitoring('healthy', '/usr/sbin/icinga2', '/usr/bin/curl');

my %address = (master => '192.0.2.31', satellite => '192.0.2.32', agent => '192.0.2.33');
my @folders = ((map { "$_/icinga2" } qw(/etc /var/lib /var/log /var/cache /var/spool)), '/run/icinga2');
my $contrib = documentation() . '/icinga2';
my $domain  = 'agent.example.com!hyperv-delegation hv.example.com';
my $summary = 'active-directory!hyperv-delegation of all domains';

# ---- three machines ------------------------------------------------------------------

sub folder_of { return "$ENV{LAB_DIR}/machines/$_[0]" }

# The words that run a command on that machine.
sub at_machine {
    my ($name, @command) = @_;
    return ('nsenter', "--net=/run/netns/$name", 'unshare', '--mount', '--uts', '--propagation', 'private', '/bin/sh', '-euc',
        'hostname "$1"; base=$2; shift 2; for folder in ' . join(' ', @folders)
            . '; do mount --bind "$base$folder" $folder; done; exec "$@"',
        'sh', "$name.example.com", folder_of($name), @command);
}

# A namespace on the lab's network, and folders as the package leaves them, without its
# examples, which watch the machine itself.
sub make_machine {
    my ($name) = @_;
    my $folder = folder_of($name);

    lab_command('bash', '-euc', '. "$1"; add_host "$2" "$3"', 'bash', "$Bin/../lab/functions.bash", $name, $address{$name});
    for my $path (@folders) {
        shell("mkdir -p $folder$path $path");
        shell("cp -a $path/. $folder$path/ && chown --reference=$path $folder$path && chmod --reference=$path $folder$path");
    }
    shell("cd $folder/etc/icinga2 && rm conf.d/hosts.conf conf.d/services.conf conf.d/notifications.conf conf.d/apt.conf"
            . ' && rm -rf zones.d/*');
    lab_command('cp', "$contrib/distributed/zones.conf", "$folder/etc/icinga2/zones.conf");
    return;
}

# What "icinga2 node setup" does for a machine that is not the master: a certificate of the
# master's authority, and the API that takes configuration and commands from its parent.
sub join_master {
    my ($name) = @_;
    my ($master, $folder) = map { folder_of($_) } 'master', $name;
    my $certificates = "$folder/var/lib/icinga2/certs";
    my $file = "$certificates/$name.example.com";

    shell("install -d -o nagios -g nagios $certificates && cp $master/var/lib/icinga2/certs/ca.crt $certificates/");
    lab_command(at_machine('master', 'icinga2', 'pki', 'new-cert', '--cn', "$name.example.com", '--key', "$file.key", '--csr', "$file.csr"));
    lab_command(at_machine('master', 'icinga2', 'pki', 'sign-csr', '--csr', "$file.csr", '--cert', "$file.crt"));
    shell("rm -r $folder/etc/icinga2/conf.d/* && cp -p $master/etc/icinga2/conf.d/api-users.conf $folder/etc/icinga2/conf.d/");
    shell("chown -R nagios:nagios $certificates");
    spew("$folder/etc/icinga2/features-enabled/api.conf",
        "object ApiListener \"api\" {\n\taccept_config = true\n\taccept_commands = true\n}\n");
    return;
}

my $hosts = "$ENV{LAB_DIR}/etc/hosts";
spew($hosts, join '', slurp($hosts), map { "$address{$_} $_.example.com\n" } sort keys %address);
shell('/usr/lib/icinga2/prepare-dirs /etc/default/icinga2');
make_machine($_) for sort keys %address;
# by its name: what an earlier "icinga2 daemon -C" left in the machine's cache has another one
lab_command(at_machine('master', 'icinga2', 'api', 'setup', '--cn', 'master.example.com'));
join_master($_) for qw(satellite agent);
lab_command('ip', '-n', $_, 'route', 'add', 'blackhole', "$ENV{LAB_DC_ADDRESS}/32") for qw(master satellite);

my $zones = folder_of('master') . '/etc/icinga2/zones.d';
shell("mkdir $zones/master $zones/satellite $zones/global-templates");
shell("cp $contrib/hyperv_delegation.conf $contrib/hyperv_delegation_services.conf $zones/global-templates/");
shell("cp $contrib/distributed/$_.conf $zones/$_/") for qw(master satellite);
my $keytabs = folder_of('agent') . '/etc/icinga2/keytabs';
shell("install -d -o nagios -g nagios -m 700 $keytabs && install -o nagios -g nagios -m 600 $ENV{LAB_KEYTAB} $keytabs/svc-monitor.keytab");

# ---- a day of a domain ---------------------------------------------------------------

my %pid = map { ($_ => daemon($_, at_machine($_, 'icinga2', 'daemon'))) } qw(agent satellite master);
my ($master, $satellite) = map { {name => "$_.example.com", address => $address{$_}, folder => folder_of($_)} } 'master', 'satellite';
icinga_at(%$master);
wait_for('the master knows the service', sub { service($domain) }) or BAIL_OUT('it did not start');
# the configuration reaches the satellite first, then the agent
wait_for('the agent runs the check', sub { checked($domain, $satellite)->{last_check_result}{state} == 0 });

my $service = settled($domain, $satellite);
has_state($service, 0, 'OK');
is($service->{last_check_result}{check_source}, 'agent.example.com', 'seen by the agent');
is($service->{zone}, 'satellite', 'for the satellite');
is($service->{display_name}, 'Hyper-V delegation of hv.example.com', 'its name');
like($service->{last_check_result}{output}, qr/^HYPERV DELEGATION OK - 0 of 4 hosts wrong; 0 of 6 admins unprotected $/, 'its text');
like(join(' ', @{$service->{last_check_result}{performance_data}}), qr/^hosts=4;;;0 .* time=[\d.]+s;;;0$/, 'its perfdata');
has_state(settled($summary), 0, 'the line on top');

user_account_control('hv01', $WORKSTATION | $PROTOCOL | $UNCONSTRAINED);
has_state(settled($domain, $satellite), 2, 'a host is broken: CRITICAL');
has_state(settled($summary), 2, 'the line on top');
user_account_control('hv01', $WORKSTATION | $PROTOCOL);
has_state(settled($domain, $satellite), 0, 'OK again');
has_state(settled($summary), 0, 'the line on top');

# Icinga waits five minutes before it says itself that an agent is not there.
kill 'TERM', $pid{agent};
waitpid $pid{agent}, 0;
api('POST', "objects/services/$domain", {attrs => {check_interval => 1}});
wait_for('where no results come any more, the line on top is UNKNOWN', sub { checked($summary)->{state} == 3 });
is(service($domain)->{state}, 0, 'though the last result was OK');

done_testing;
