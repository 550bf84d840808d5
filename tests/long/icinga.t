#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# In a real Icinga 2: set up by the commands of README with the files of contrib, it runs the
# installed program against the lab's domain. A host is broken in the directory: the service
# becomes CRITICAL, somebody is notified, the metrics reach Graphite; the commands that the
# program prints are run, and all is well again. Every variable of the CheckCommand arrives
# as its option, and output at its longest arrives whole.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";

use Encode qw(encode);
use Icinga;
use JSON::PP ();
use Lab;
use Monitoring;
use Plugin qw(parse_output);
use Test::More;

enter_monitoring('healthy', '/usr/sbin/icinga2', '/usr/bin/curl');

my $node    = 'monitor.hv.example.com';
my $domain  = 'active-directory!hyperv-delegation hv.example.com';
my $summary = 'active-directory!hyperv-delegation of all domains';
my $notified = hostile_folder() . '/notified';
my $metrics = "$tmp/metrics";

# ---- the instance ------------------------------------------------------------------

spew($metrics, '');
my ($graphite_port) = listener(sub {
    my ($connection) = @_;
    open my $file, '>>', $metrics or die;
    $file->autoflush(1);
    while (my $line = <$connection>) { print {$file} $line }
});

set_up_icinga($node);
spew('/etc/icinga2/conf.d/test.conf', <<"CONFIGURATION");
object NotificationCommand "note" {
	command = [ "/bin/sh", "-c", "echo \\"\$\$WHAT|\$\$SERVICE|\$\$STATE|\$\$OUTPUT\\" >> $notified" ]
	env = {
		WHAT = "\$notification.type\$"
		SERVICE = "\$service.name\$"
		STATE = "\$service.state\$"
		OUTPUT = "\$service.output\$"
	}
}
object User "operator" { }
apply Notification "note" to Service {
	command = "note"
	users = [ "operator" ]
	assign where true
}
object GraphiteWriter "graphite" {
	host = "192.0.2.1"
	port = $graphite_port
	enable_send_thresholds = true
}
object CheckCommand "environment" {
	command = [ "/bin/sh", "-c", "id -un; pwd; env; cat ldaprc" ]
}
object Service "environment" {
	host_name = "active-directory"
	check_command = "environment"
}
CONFIGURATION

start_icinga($node, "$Bin/../../README");

# ---- what it is asked --------------------------------------------------------------

# What the program printed, put together from what Icinga made of it; as bytes.
sub output_of {
    my ($service) = @_;
    my $result = $service->{last_check_result};
    my ($first, $rest) = $result->{output} =~ /^([^\n]*?) ?(\n.*)?\z/s;
    return encode('UTF-8', join '', $first, ' | ', join(' ', @{$result->{performance_data}}), $rest // '');
}

# A service made for a test; code is given its name, and at the end it is gone again.
sub with_service {
    my ($name, $vars, $code) = @_;
    my $made = api('PUT', "objects/services/active-directory!$name", {attrs => {
        check_command => 'hyperv_delegation', enable_active_checks => JSON::PP::false,
        map { ("vars.hyperv_delegation_$_" => $vars->{$_}) } keys %$vars}});
    is($made->{results}[0]{code}, 200, "the service $name is made") or diag(explain($made));
    $code->("active-directory!$name");
    api('DELETE', "objects/services/active-directory!$name?cascade=1");
    return;
}


# ---- a day of a domain ---------------------------------------------------------------

subtest 'the environment' => sub {
    my $said = checked('active-directory!environment')->{last_check_result}{output};
    like($said, qr{\Anagios\n/tmp\n}, 'another user, in /tmp');
    unlike($said, qr/^(?:HOME|KRB5|LDAP)\w*=/m, 'neither HOME nor settings for Kerberos or LDAP');
    like($said, qr/^TLS_REQCERT never$/m, 'and somebody left an ldaprc there');
};

my $by_hand = by_daemon('-D', 'hv.example.com', '-l', 'svc-monitor', '-k', '/etc/icinga2/keytabs/svc-monitor.keytab',
    '-c', 'admins_unprotected=3', '-t', 30)->{stdout};

subtest 'all is well' => sub {
    my $service = settled($domain);
    has_state($service, 0, 'OK');
    same_answer(output_of($service), $by_hand, 'text and perfdata are whole');
    is($service->{display_name}, 'Hyper-V delegation of hv.example.com', 'its name');
    is_deeply($service->{groups}, ['hyperv-delegation'], 'its group');
    has_state(settled($summary), 0, 'the line on top');
    ok(!-e $notified, 'nobody is notified');
};

subtest 'Graphite' => sub {
    my $perfdata = parse_output($by_hand)->{perfdata};
    my %field = (value => 'value', warn => 'warn', crit => 'crit', min => 'min', max => 'max');
    my %expected = map {
        my $label = $_;
        map { ("$label.$_" => $perfdata->{$label}{$field{$_}} + 0) }
            grep { length($perfdata->{$label}{$field{$_}} // '') } keys %field
    } grep { $_ ne 'time' } keys %$perfdata;
    my %got;

    wait_for('metrics arrive', sub {
        my $path = 'icinga2.active-directory.services.hyperv-delegation_hv_example_com.hyperv_delegation.perfdata';
        checked($domain);    # those of the first check came before there was a connection
        %got = slurp($metrics) =~ /^\Q$path\E\.(\S+) (\S+) \d+$/mg;
        return exists $got{'time.value'} && exists $got{'unreadable.value'};
    });
    delete $got{$_} for grep { /^time\./ } keys %got;
    is_deeply({map { ($_ => $got{$_} + 0) } keys %got}, \%expected, 'all labels with thresholds and bounds, and nothing else');
    is($got{'admins_unprotected.crit'}, 3, 'the threshold of the variable');
};

subtest 'a mistake is made and mended' => sub {
    my $vars = {attrs => {'vars.hyperv_delegation_fix' => JSON::PP::true}};
    api('POST', "objects/services/$domain", $vars);
    user_account_control('hv01', $WORKSTATION | $PROTOCOL | $UNCONSTRAINED);

    my $service = settled($domain);
    has_state($service, 2, 'CRITICAL');
    my $text = $service->{last_check_result}{output};
    like($text, qr/^\[CRITICAL\] hv01: trusted for unconstrained delegation/m, 'it says what');
    my $top = settled($summary);
    has_state($top, 2, 'the line on top');
    is($top->{last_check_result}{output}, '1 of 1 domains not OK: CRITICAL hv.example.com', 'it says where');
    is_deeply($top->{last_check_result}{performance_data}, ['domains=1;;;0', 'domains_not_ok=1;;;0;1'], 'and counts');
    with_service('never checked', {domain => 'other.example.com'}, sub {
        is(checked($summary)->{last_check_result}{output}, '2 of 2 domains not OK: CRITICAL hv.example.com; UNKNOWN never checked',
            'and tells what is wrong from what was not seen');
    });
    wait_for('somebody is notified', sub {
        -e $notified && slurp($notified) =~ /^PROBLEM\|hyperv-delegation hv\.example\.com\|CRITICAL\|HYPERV DELEGATION CRITICAL - 1 of 4 hosts wrong/m;
    });

    mend($text);
    has_state(settled($domain), 0, 'OK again');
    has_state(settled($summary), 0, 'the line on top too');
    wait_for('somebody is notified', sub {
        slurp($notified) =~ /^RECOVERY\|hyperv-delegation hv\.example\.com\|OK\|HYPERV DELEGATION OK - 0 of 4 hosts wrong/m;
    });
    unlike(slurp($notified), qr/all domains/, 'once for each');
};

# What Icinga's own notifications.conf makes of the examples, without asking the instance.
sub notifications {
    shell('icinga2 daemon -C');
    return [shell('icinga2 object list --type Notification') =~ /^Object '([^']*)!mail-icingaadmin' /mg];
}

subtest 'notifications of the example' => sub {
    my $hosts = '/etc/icinga2/conf.d/hyperv_delegation_hosts.conf';
    my $text  = slurp($hosts);
    my $said  = $text =~ s{// (vars\.notification\["mail"\])}{$1}r;

    isnt($said, $text, 'the variable is there');
    shell('cp /etc/icinga2/examples/notifications.conf /etc/icinga2/conf.d');
    is_deeply(notifications(), [], 'without it nobody is told');
    spew($hosts, $said);
    is_deeply([sort grep { /!hyperv-/ } @{notifications()}], [$domain, $summary], 'with it somebody is');
    spew($hosts, $text);
    shell('rm /etc/icinga2/conf.d/notifications.conf');
};

subtest 'what is not seen is not OK' => sub {
    with_service('never checked', {domain => 'other.example.com'}, sub {
        my $top = checked($summary);
        is($top->{state}, 3, 'a check that never ran makes the line on top UNKNOWN');
        is($top->{last_check_result}{output}, '1 of 2 domains not OK: UNKNOWN never checked', 'and is named');
    });
    lab_command('lab-dc', 'stop');
    is(checked($domain)->{state}, 3, 'nor is a domain without a controller');
    is(checked($summary)->{state}, 3, 'nor the line on top');
    lab_command('lab-dc', 'start');
    is(checked($domain)->{state}, 0, 'it is back');
};

# ---- the CheckCommand ------------------------------------------------------------------

# option => value of its variable, for all options that the command has.
my %values = (
    'extra-opts' => 'section@/file', domain => 'a.example', site => 'Plant', hostname => ['dc1', 'dc2'], port => 390,
    'use-ipv4' => JSON::PP::true, 'use-ipv6' => JSON::PP::true, transport => 'ldaps', 'ca-file' => '/ca', logname => 'me',
    keytab => '/keytab', ccache => 'MEMORY:', 'bind-dn' => 'CN=a b,DC=x', 'password-file' => '/password',
    ldif => ['/one', '/two'], host => ['hv1*', 'hv2'], only => 'hosts', policy => '/policy', baseline => '/baseline',
    warning => ['1', 'drift=2'], critical => ['3:', 'hosts=@4:5'], timeout => '7:critical', fix => JSON::PP::true,
    'max-output' => 5000, output => '/page', 'output-format' => 'html', kdc => JSON::PP::true, 'kdc-control' => 'user01', 'kdc-limit' => 20,
    'all-servers' => JSON::PP::true, gc => 'gc.a.example',
);

subtest 'every option' => sub {
    my $answer = api('GET', 'objects/checkcommands/hyperv_delegation');
    my @known = map { s/^--//r } keys %{$answer->{results}[0]{attrs}{arguments}};
    is_deeply([sort @known], [sort 'verbose', keys %values], 'this test knows all of them');

    with_service('all options', {map { (tr/-/_/r => $values{$_}) } keys %values}, sub {
        my ($program, $first, @rest) = @{checked($_[0])->{last_check_result}{command}};
        is($program, '/usr/lib/nagios/plugins/check_hyperv_delegation', 'the program');
        is($first, '--extra-opts=section@/file', 'in one word, and first');
        my %got;
        while (defined(my $word = shift @rest)) {
            push @{$got{$word =~ s/^--//r}}, @rest && $rest[0] !~ /^--/ ? shift @rest : 'set';
        }
        delete $values{'extra-opts'};
        is_deeply(\%got, {map { ($_ => ref $values{$_} eq 'ARRAY' ? $values{$_}
            : [ref $values{$_} ? 'set' : $values{$_}]) } keys %values}, 'each with its values');
    });
    for my $case ([0], [JSON::PP::false], [JSON::PP::true, '-v'], [1, '-v'], ['2', '-vv'], [3, '-vvv'], [9, '-vvv']) {
        my ($level, @expected) = @$case;
        with_service('verbose', {ldif => '/nothing', verbose => $level}, sub {
            my $command = checked($_[0])->{last_check_result}{command};
            is_deeply([grep { /^-[^-]|verbose/ } @$command], \@expected, "verbose = $level");
        });
    }
};

# With --fix each finding has a line of its own.
subtest 'output at its longest' => sub {
    my $export = big_export("$Bin/../scenarios/more-names-than-room/directory.ldif", 400);
    for my $bytes (4096, 65536) {
        my $expected = by_daemon('--ldif', $export, '--fix', '--max-output', $bytes, '-t', 30)->{stdout};
        cmp_ok(length $expected, '>', $bytes * 0.9, 'more than enough: ' . length $expected);
        with_service("longest $bytes", {ldif => [$export], fix => JSON::PP::true, max_output => $bytes}, sub {
            my $service = checked($_[0]);
            is($service->{state}, 2, 'CRITICAL');
            same_answer(output_of($service), $expected, "$bytes bytes arrive whole");
        });
    }
};

unlike(slurp('/var/log/icinga2/icinga2.log'), qr/invalid perfdata|\bcritical\/(?!checker)/, 'Icinga complains of nothing');

done_testing;
