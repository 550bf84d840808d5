#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# In a real Nagios Core 4: set up by the commands of README with the files of contrib, it runs
# the installed program against the lab's domain, directly, with options from a file, over
# TLS, and by a real NRPE. A host is broken in the directory: the services become CRITICAL,
# somebody is notified; the commands that the program prints are run, and all is well again.
# What Nagios keeps is compared with what the program prints, at its longest too.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";

use Lab;
use Monitoring;
use Test::More;
use Time::HiRes qw(sleep);

my @programs = ('/usr/sbin/nagios4', '/usr/sbin/nrpe', map { "/usr/lib/nagios/plugins/check_$_" } 'nrpe', 'cluster');
enter_monitoring('healthy', @programs);

my $status   = '/var/lib/nagios4/status.dat';
my $notified = hostile_folder() . '/notified';
my $direct   = 'Hyper-V delegation of hv.example.com';
my $options  = 'Hyper-V delegation by a file of options';
my $nrpe     = 'Hyper-V delegation';
my $summary  = 'Hyper-V delegation of all domains';
my $several  = 'several on top';
my %host     = ($nrpe => 'branch');    # all other services are active-directory's
my $COPIES   = 5;

# ---- the instance ------------------------------------------------------------------

cover(qw(/etc/nagios4 /etc/nagios-plugins /etc/nagios /var/lib/nagios4 /var/log/nagios4));
my $hosts = "$ENV{LAB_DIR}/etc/hosts";
spew($hosts, slurp($hosts) . "127.0.0.1 nrpe.hv.example.com\n");
configure();

my @asked = run_readme("$Bin/../../README", 'First check in Nagios');
is_deeply(\@asked, ['reload nagios4', 'reload nagios-nrpe-server', 'reload nagios4'], 'and nothing else was asked for');

# what plugins.ini names for its domain without Kerberos
lab_command('install', '-m', 644, $ENV{LAB_CA}, '/etc/nagios/dmz-ca.pem');
lab_command('install', '-o', 'nagios', '-m', 600, $ENV{LAB_PASSWORD_FILE}, '/etc/nagios/svc-monitor.password');
shell('mkdir -p /run/nagios && chown nagios /run/nagios');
daemon('nrpe', 'nrpe', '-c', '/etc/nagios/nrpe.cfg', '-f');
daemon('nagios', 'nagios4', '/etc/nagios4/nagios.cfg');

# Nothing is checked but by command, and what happened is written at once; nobody gets mail.
sub configure {
    my $main = slurp('/etc/nagios4/nagios.cfg');
    my %setting = (status_update_interval => 1, check_result_reaper_frequency => 1, execute_service_checks => 0,
        execute_host_checks => 0, use_syslog => 0, check_for_updates => 0);
    $main =~ s{^cfg_file=/etc/nagios4/objects/localhost.cfg\n}{}m or die 'localhost.cfg';
    for my $name (keys %setting) {
        $main =~ s/^$name=.*/$name=$setting{$name}/m or die $name;
    }
    spew('/etc/nagios4/nagios.cfg', $main);
    spew('/etc/nagios4/objects/contacts.cfg', <<"CONTACTS");
define command {
    command_name  note
    command_line  /usr/bin/printf '%s|%s|%s|%s\\n' '\$NOTIFICATIONTYPE\$' '\$SERVICEDESC\$' '\$SERVICESTATE\$' '\$SERVICEOUTPUT\$' >> $notified
}
define contact {
    contact_name                   operator
    use                            generic-contact
    host_notification_commands     note
    service_notification_commands  note
}
define contactgroup {
    contactgroup_name  admins
    members            operator
}
CONTACTS
    my %command = (environment => 'id -un && pwd && env && cat ldaprc',
        export => '$USER1$/check_hyperv_delegation --fix --ldif=$ARG1$ --timeout=30',
        export_nrpe => '$USER1$/check_nrpe -H nrpe.hv.example.com -t 50 -c export');
    my %service = (environment => 'environment', 'longest by NRPE' => 'export_nrpe', dmz => 'check_hyperv_delegation_extra_opts',
        fix => 'check_hyperv_delegation_extra_opts!--fix',
        $several => "check_hyperv_delegation_all!\$SERVICESTATEID:active-directory:$direct\$,\$SERVICESTATEID:branch:$nrpe\$",
        map { ("longest $_" => 'export!' . hostile_folder() . '/big.ldif') } 1 .. $COPIES);
    spew('/etc/nagios/nrpe.d/test.cfg',
        'command[export]=/usr/lib/nagios/plugins/check_hyperv_delegation --fix --timeout=30 --ldif=' . hostile_folder() . "/big.ldif\n");
    my %domain = (dmz => 'dmz.example.com', fix => 'hv.example.com');
    # the service of the example in its other form
    my ($other) = slurp(documentation() . '/nagios/services.cfg') =~ /^(define service \{\n[^}]*\Q$direct\E\n[^}]*^\}\n)/m or die 'services.cfg';
    $other =~ s/\Q$direct\E/$options/;
    $other =~ s/^    check_command .*\n    # .*\n    #(check_command .*)$/    $1/m or die 'services.cfg';
    spew('/etc/nagios4/conf.d/test.cfg', join '', $other,
        (map { "define command {\n    command_name  $_\n    command_line  $command{$_}\n}\n" } keys %command),
        map { "define service {\n    use  hyperv-delegation-service\n    host_name  active-directory\n"
            . "    service_description  $_\n    check_command  $service{$_}\n    notifications_enabled  0\n"
            . ($domain{$_} ? "    _AD_DOMAIN  $domain{$_}\n" : '') . "}\n" } keys %service);
    return;
}

# ---- what it is asked --------------------------------------------------------------

# What Nagios knows of a service, from its own file; nothing before it does.
sub service {
    my ($name) = @_;
    return if !-e $status;
    for my $block (slurp($status) =~ /^servicestatus \{\n(.*?)^\s*\}/msg) {
        my %value = $block =~ /^\s*(\w+)=(.*)$/mg;
        return \%value if $value{service_description} eq $name;
    }
    return;
}

# Has the services checked now; their new results, in the same order. Nagios counts seconds.
sub checked {
    my (@names) = @_;
    my $latest = 0;
    for my $name (@names) {
        my $last = service($name)->{last_check};
        $latest = $last if $last > $latest;
    }
    sleep 0.1 while time <= $latest;
    open my $commands, '>', '/var/lib/nagios4/rw/nagios.cmd' or die "nagios.cmd: $!";
    for my $name (@names) {
        printf {$commands} "[%d] SCHEDULE_FORCED_SVC_CHECK;%s;%s;%d\n", time, $host{$name} // 'active-directory', $name, time;
    }
    close $commands or die "nagios.cmd: $!";
    return map {
        my $name = $_;
        my $service;
        for (1 .. 600) {
            $service = service($name);
            last if $service->{last_check} > $latest;
            sleep 0.1;
        }
        BAIL_OUT("$name is not checked") if $service->{last_check} <= $latest;
        $service;
    } @names;
}

# The same until the states are hard ones.
sub settled {
    my (@names) = @_;
    my @services;
    for (1 .. 5) {
        @services = checked(@names);
        last if !grep { $_->{state_type} != 1 } @services;
    }
    return @services;
}

sub long_output {
    my ($service) = @_;
    return $service->{long_plugin_output} =~ s/\\(.)/$1 eq 'n' ? "\n" : $1/ger;
}

# What the program printed, put together from what Nagios made of it; as bytes. Of the text
# in the first line Nagios keeps colons for semicolons, which its own files need.
sub output_of {
    my ($service) = @_;
    my $rest = long_output($service);
    return join '', $service->{plugin_output}, $service->{performance_data} eq '' ? '' : " | $service->{performance_data}",
        $rest eq '' ? '' : "\n$rest";
}

sub kept {
    my ($output) = @_;
    my ($text, $rest) = $output =~ /\A([^|\n]*)(.*)\z/s;
    return $text =~ tr/;/:/r . $rest;
}

sub has_state {
    my ($service, $state, $name) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    return is("$service->{current_state} $service->{state_type}", "$state 1", $name) || diag(explain($service));
}

wait_for('Nagios is there', sub { service($direct) }) or BAIL_OUT('it did not start');
wait_for('it takes commands', sub { -p '/var/lib/nagios4/rw/nagios.cmd' });

# ---- a day of a domain ---------------------------------------------------------------

my @domains = ($direct, $options, $nrpe, 'dmz');
my @login = ('-D', 'hv.example.com', '-l', 'svc-monitor', '-k', '/etc/nagios/svc-monitor.keytab', '-t', 30);
my %by_hand = (
    $direct  => by_daemon(@login, '-c', 'admins_unprotected=3')->{stdout},
    $options => by_daemon(@login, '-c', 'admins_unprotected=3', '-c', 'hosts=4:')->{stdout},
    $nrpe    => by_daemon(@login)->{stdout},
    dmz      => by_daemon(@login)->{stdout},
);

subtest 'the environment' => sub {
    my $said = output_of(checked('environment'));
    like($said, qr{\Anagios\n/tmp\n}, 'another user, in /tmp');
    unlike($said, qr/^(?:HOME|KRB5|LDAP)\w*=/m, 'neither HOME nor settings for Kerberos or LDAP');
    like($said, qr/^TLS_REQCERT never$/m, 'and somebody left an ldaprc there');
};

subtest 'what was not seen is not OK' => sub {
    is(service($direct)->{current_state}, 3, 'a service that was never checked is UNKNOWN');
    my ($top, $both) = checked($summary, $several);
    is($top->{current_state}, 2, 'the line on top is CRITICAL');
    like($top->{plugin_output}, qr/: 0 ok, 0 warning, 1 unknown, 0 critical/, 'and counts it');
    like($both->{plugin_output}, qr/: 0 ok, 0 warning, 2 unknown, 0 critical/, 'or several');
};

subtest 'all is well' => sub {
    my @services = settled(@domains);
    for my $i (0 .. $#domains) {
        has_state($services[$i], 0, "$domains[$i]: OK");
        same_answer(output_of($services[$i]), kept($by_hand{$domains[$i]}), "$domains[$i]: text and perfdata are whole");
    }
    my ($top, $both) = settled($summary, $several);
    has_state($top, 0, 'the line on top');
    like($top->{plugin_output}, qr/^CLUSTER OK: Hyper-V delegation of all domains: 1 ok/, 'and its text');
    like($both->{plugin_output}, qr/^CLUSTER OK: Hyper-V delegation of all domains: 2 ok/, 'that of several');
    ok(!-e $notified, 'nobody is notified') or diag(slurp($notified));
};

subtest 'a mistake is made and mended' => sub {
    user_account_control('hv01', $WORKSTATION | $PROTOCOL | $UNCONSTRAINED);
    my @services = settled(@domains, 'fix');
    has_state($services[$_], 2, "$domains[$_]: CRITICAL") for 0 .. $#domains;
    like(long_output($services[$_]), qr/^\[CRITICAL\] hv01: trusted for unconstrained delegation/m, "$domains[$_]: it says what")
        for 0 .. $#domains;
    like($services[0]{performance_data}, qr/ hosts_unconstrained=1;;;0;4 /, 'perfdata too');
    my ($top) = settled($summary);
    has_state($top, 2, 'the line on top');
    my $critical = 'HYPERV DELEGATION CRITICAL - 1 of 4 hosts wrong: 0 of 6 admins unprotected: critical: hv01 (unconstrained-delegation)';
    wait_for('somebody is notified of both', sub {
        my $text = -e $notified ? slurp($notified) : '';
        return 2 == grep { $text =~ /^PROBLEM\|\Q$_\E\|CRITICAL\|\Q$critical\E$/m } $direct, $nrpe;
    }) or diag(slurp($notified));

    mend(long_output($services[-1]));
    @services = settled(@domains);
    has_state($services[$_], 0, "$domains[$_]: OK again") for 0 .. $#domains;
    same_answer(output_of($services[$_]), kept($by_hand{$domains[$_]}), "$domains[$_]: as before") for 0 .. $#domains;
    ($top) = settled($summary);
    has_state($top, 0, 'the line on top too');
    wait_for('somebody is notified of both', sub {
        my $text = slurp($notified);
        return 2 == grep { $text =~ /^RECOVERY\|\Q$_\E\|OK\|HYPERV DELEGATION OK - 0 of 4 hosts wrong/m } $direct, $nrpe;
    }) or diag(slurp($notified));
    unlike(slurp($notified), qr/all domains/, 'once for each');
};

subtest 'a server that shows another certificate' => sub {
    lab_command('install', '-m', 644, $ENV{LAB_OTHER_CA}, '/etc/nagios/dmz-ca.pem');
    my ($service) = checked('dmz');
    is($service->{current_state}, 3, 'UNKNOWN, whatever ldaprc says');
    like($service->{plugin_output}, qr/certificate/i, 'and why');
};

# With --fix each finding has a line of its own.
subtest 'output at its longest' => sub {
    my $export = big_export("$Bin/../scenarios/more-names-than-room/directory.ldif", 400);
    my $expected = by_daemon('--ldif', $export, '--fix', '-t', 30)->{stdout};
    cmp_ok(length $expected, '>', 3800, length($expected) . ' bytes');
    for my $service (checked(map { "longest $_" } 1 .. $COPIES, 'by NRPE')) {
        is($service->{current_state}, 2, 'CRITICAL');
        same_answer(output_of($service), kept($expected), "$service->{service_description}: arrives whole");
    }
};

unlike(slurp('/var/log/nagios4/nagios.log'), qr/out of bounds|timed out|orphaned|Error/, 'Nagios complains of nothing');

done_testing;
