# SPDX-License-Identifier: GPL-3.0-or-later
#
# A real Icinga 2: setting it up as README says, and what a test asks of it by its REST API,
# as the user that "icinga2 api setup" made.
package Icinga;

use strict;
use warnings;

use Exporter qw(import);
use JSON::PP ();
use Lab;
use Monitoring;
use Plugin ();
use Test::More;
use Time::HiRes qw(sleep time);

our @EXPORT = qw(set_up_icinga start_icinga icinga_at api service checked settled has_state);

my $json = JSON::PP->new->utf8->canonical;
my $asked;

# A private copy of the machine's Icinga with that name, without the package's examples, which
# watch the machine itself; they lie in its folder "examples" then.
sub set_up_icinga {
    my ($name) = @_;
    cover(map { ("/etc/$_", "/var/lib/$_", "/var/log/$_", "/var/cache/$_", "/var/spool/$_") } 'icinga2');
    shell('cd /etc/icinga2/conf.d && mkdir ../examples && mv hosts.conf services.conf notifications.conf apt.conf ../examples');
    shell("icinga2 api setup --cn $name");
    return;
}

# Runs README's commands for the first check and starts Icinga; three tests, the last that
# the service which they make is there.
sub start_icinga {
    my ($name, $readme) = @_;
    my @asked = run_readme($readme, 'First check in Icinga');

    is_deeply(\@asked, ['reload icinga2'], 'and nothing else was asked for');
    shell('/usr/lib/icinga2/prepare-dirs /etc/default/icinga2');
    daemon('icinga', 'icinga2', 'daemon');
    icinga_at(name => $name, address => '127.0.0.1', folder => '');
    wait_for('Icinga is there', sub { service('active-directory!hyperv-delegation hv.example.com') })
        or BAIL_OUT('it did not start');
    return;
}

# Which instance is asked from now on: the name in its certificate, its address, and the
# folder below which its /etc and /var lie.
sub icinga_at {
    my (%instance) = @_;
    $asked = \%instance;
    return;
}

# A request to the REST API; the decoded answer, or nothing.
sub api {
    return api_at($asked, @_);
}

sub api_at {
    my ($at, $method, $path, $body) = @_;
    my ($password) = slurp("$at->{folder}/etc/icinga2/conf.d/api-users.conf") =~ /password = "(.*)"/;
    $path =~ s/ /%20/g;
    my $answer = Plugin::finish(Plugin::start(command => [
        'curl', '-s', '--cacert', "$at->{folder}/var/lib/icinga2/certs/ca.crt", '--resolve', "$at->{name}:5665:$at->{address}",
        '-u', "root:$password", '-H', 'Accept: application/json', '-X', $method,
        $body ? ('-d', $json->encode($body)) : (), "https://$at->{name}:5665/v1/$path"]));
    return if $answer->{exit} != 0;
    return eval { $json->decode($answer->{stdout}) };
}

# What Icinga knows of a service, "HOST!SERVICE"; nothing while it is not there.
sub service {
    my ($name) = @_;
    my $answer = api('GET', "objects/services?service=$name");
    return $answer->{results} ? $answer->{results}[0]{attrs} : undef;
}

# Has the service checked now and returns it with its new result. scheduler: the instance
# that schedules it, where that is another one: in its first minute it takes no such order
# through the cluster.
sub checked {
    my ($name, $scheduler) = @_;
    my $begin = time;

    for my $tries (0 .. 600) {
        # an order that finds the check running, or its agent not there yet, is lost
        api_at($scheduler // $asked, 'POST', 'actions/reschedule-check', {type => 'Service', service => $name, force => JSON::PP::true})
            if $tries % 20 == 0;
        my $service = service($name);
        return $service if $service->{last_check_result} && $service->{last_check_result}{execution_start} >= $begin;
        sleep 0.1;
    }
    BAIL_OUT("$name is not checked");
}

# The same until the state is a hard one.
sub settled {
    my (@which) = @_;
    my $service;
    for (1 .. 5) {
        $service = checked(@which);
        last if $service->{state_type} == 1;
    }
    return $service;
}

# One test: it is that state, and a hard one.
sub has_state {
    my ($service, $state, $name) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    return is("$service->{state} $service->{state_type}", "$state 1", $name)
        || diag(explain($service->{last_check_result}));
}

1;
