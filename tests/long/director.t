#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The basket in a real Icinga Director, with a MariaDB and a configuration of its own: it is
# restored, a service is made of its template with the fields that it defines, the
# configuration is deployed to a real Icinga 2, and the check of the lab's domain is OK there.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";

use Icinga;
use JSON::PP ();
use Lab;
use Monitoring;
use Stores;
use Test::More;

enter_monitoring('healthy', '/usr/sbin/icinga2', '/usr/bin/curl', '/usr/bin/icingacli', '/usr/sbin/mariadbd',
    '/usr/bin/mariadb-install-db');
-d '/usr/share/icingaweb2/modules/director' or plan skip_all => 'the Director is not there';

my $node   = 'monitor.hv.example.com';
my $folder = "$ENV{LAB_DIR}/director";
my $basket = documentation() . '/icinga2/director-basket.json';
my $json   = JSON::PP->new->utf8->canonical;

# ---- the instance ------------------------------------------------------------------

sub configure_director {
    my ($password) = slurp('/etc/icinga2/conf.d/api-users.conf') =~ /password = "(.*)"/;
    my $web = "$folder/web";
    my %files = (
        'config.ini'    => "[global]\nconfig_backend = \"ini\"\nmodule_path = \"/usr/share/icingaweb2/modules\"\n"
            . "[logging]\nlog = \"file\"\nfile = \"$web/log\"\nlevel = \"INFO\"\n",
        'resources.ini' => "[director]\ntype = \"db\"\ndb = \"mysql\"\nhost = \"127.0.0.1\"\nport = \"3306\"\ndbname = \"director\"\n"
            . "username = \"director\"\npassword = \"director\"\ncharset = \"utf8mb4\"\n",
        'modules/director/config.ini'    => "[db]\nresource = \"director\"\n",
        'modules/director/kickstart.ini' => "[config]\nendpoint = \"$node\"\nhost = \"127.0.0.1\"\nport = \"5665\"\n"
            . "username = \"root\"\npassword = \"$password\"\n",
    );
    shell("mkdir -p $web/enabledModules $web/modules/director");
    spew("$web/$_", $files{$_}) for keys %files;
    symlink "/usr/share/icingaweb2/modules/$_", "$web/enabledModules/$_" for qw(director incubator reactbundle);
    shell("chown -Rh nobody $web");
    return;
}

# Runs the Director's command line; it must succeed. stdin => bytes.
sub director {
    my ($input, @words) = @_;
    return lab_command({stdin => $input, clean_environment => 1, environment => {PATH => '/usr/sbin:/usr/bin:/sbin:/bin',
        TERM => 'dumb', HOME => $folder, ICINGAWEB_CONFIGDIR => "$folder/web"}},
        nobody(), 'icingacli', 'director', @words);
}

my $hosts = "$ENV{LAB_DIR}/etc/hosts";
spew($hosts, slurp($hosts) . "127.0.0.1 $node\n");
mkdir $folder;
shell("chown nobody $folder");
run_mariadb($folder, 'director');
set_up_icinga($node);
start_icinga($node, "$Bin/../../README");
configure_director();

# ---- the basket ----------------------------------------------------------------------

director('', 'migration', 'run');
director('', 'kickstart', 'run');
director(slurp($basket), 'basket', 'restore');

my $command = $json->decode(director('', 'command', 'show', 'hyperv_delegation', '--json'));
is($command->{object_type}, 'external_object', 'the command stays the one of the file');

my $restored = $json->decode(slurp($basket));
my %type = map { ($_->{varname} => $_->{datatype} =~ s/.*DataType//r) } values %{$restored->{Datafield}};
my $answer = api('GET', 'objects/checkcommands/hyperv_delegation');
my $arguments = $answer->{results}[0]{attrs}{arguments};
is_deeply([sort keys %type], [sort map { 'hyperv_delegation_' . s/^--//r =~ tr/-/_/r } keys %$arguments],
    'a field for each variable of the CheckCommand');
for my $option (sort keys %$arguments) {
    my $variable = 'hyperv_delegation_' . $option =~ s/^--//r =~ tr/-/_/r;
    my $expected = $arguments->{$option}{repeat_key} ? 'Array'
        : $arguments->{$option}{set_if} && !$arguments->{$option}{value} ? 'Boolean' : 'String';
    is($type{$variable}, $expected, "$variable: $expected");
}
my $fields = mariadb($folder, 'director', q{-e "select count(*) from icinga_command_field f join icinga_command c on c.id = f.command_id where c.object_name = 'hyperv_delegation'"});
is($fields + 0, scalar keys %type, 'and the Director offers them');

director('', 'host', 'create', 'by-director', '--json', $json->encode({check_command => 'dummy'}));
director('', 'service', 'create', '--json', $json->encode({
    object_name => 'delegation', host => 'by-director', object_type => 'object', imports => ['hyperv-delegation'],
    vars => {hyperv_delegation_domain => 'hv.example.com', hyperv_delegation_logname => 'svc-monitor',
        hyperv_delegation_keytab => '/etc/icinga2/keytabs/svc-monitor.keytab', hyperv_delegation_host => ['hv01', 'hv02']}}));
director('', 'config', 'deploy');
wait_for('the service is deployed', sub { service('by-director!delegation') }) or BAIL_OUT('it is not there');
my $service = settled('by-director!delegation');
has_state($service, 0, 'OK');
like($service->{last_check_result}{output}, qr/^HYPERV DELEGATION OK - 0 of 2 hosts wrong/, 'the two hosts that were named');
is($service->{check_interval}, 900, 'from the template');

done_testing;
