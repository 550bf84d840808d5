#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# --fix mends. In the healthy domain one thing after another is broken; the check must find
# exactly that, the commands that it prints for a Unix shell are run as they are, by a
# domain administrator over LDAP, and the check must be content again. In the demo domain
# (fix.t --template=demo, which fix-demo.t runs) everything is mended that
# commands can mend.
#
# Two limits of this lab. There is no PowerShell: its commands are only parsed, by a strict
# grammar of this file, and never run. And Samba refuses every change of
# msDS-AllowedToActOnBehalfOfOtherIdentity over LDAP ("can only be modified as system"), as
# Active Directory does not: where that is its answer, the same command is run again on
# the controller's own database.
use strict;
use warnings;
use utf8;

use Encode qw(encode);
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Lab;
use MIME::Base64 qw(encode_base64);
use Plugin ();
use Test::More;

my ($template) = map { /^--template=(\w+)$/ ? $1 : () } @ARGV;
$template //= 'healthy';
enter_lab($template);
binmode Test::More->builder->$_, ':utf8' for qw(output failure_output todo_output);

my $base     = $ENV{LAB_BASE};
my $hyperv   = "OU=Hyper-V,$base";
my $people   = "OU=People,$base";
my $admins   = "OU=Admins,$base";
my $cache    = "FILE:$tmp/administrator";
my $service  = 'Microsoft Virtual System Migration Service';
my $targets  = 'msDS-AllowedToDelegateTo';
my $trustees = 'msDS-AllowedToActOnBehalfOfOtherIdentity';

my ($normal, $workstation, $disabled)          = (0x10200, 0x1000, 0x2);
my ($unconstrained, $not_delegated, $protocol) = (0x80000, 0x100000, 0x1000000);

# ---- the commands ------------------------------------------------------------------

# A value of PowerShell: a string whose quotes, of all five kinds, come in pairs, or one
# decoded from base64.
my $string = qr/'(?:[^'‘’‚‛\x00-\x1F\x7F|<>\\]|''|‘‘|’’|‚‚|‛‛)*'/;
my $value  = qr/(?:$string|\(\[Text\.Encoding\]::UTF8\.GetString\(\[Convert\]::FromBase64String\('[A-Za-z0-9+\/=]+'\)\)\))/;
my $values = qr/$value(?:,$value)*/;
my $bool   = qr/\$(?:true|false)/;
my $powershell = qr/^(?:
      Set-ADAccountControl\ -Identity\ $value(?:\ -(?:TrustedForDelegation|TrustedToAuthForDelegation|AccountNotDelegated)\ $bool)+
    | Set-ADComputer\ -Identity\ $value\ -(?:Add|Remove)\ @\{'\Q$targets\E'=$values\}
    | Set-ADComputer\ -Identity\ $value\ -Clear\ $values
    | Set-ADComputer\ -Identity\ $value\ -PrincipalsAllowedToDelegateToAccount\ (?:$values|\$null)
    | Remove-ADGroupMember\ -Identity\ $value\ -Members\ $value\ -Confirm:\$false
    | Get-ADObject\ -LDAPFilter\ $value\ -Properties\ servicePrincipalName
    | Invoke-Command\ -ComputerName\ $value\ -ScriptBlock\ \{\ Restart-Service\ -Name\ vmms\ \}
)$/x;
my $comment = qr/^# [A-Za-z0-9\x{C0}-\x{FFFF} .\/:;,=\@_"-]+$/;

# The commands of a finding for a Unix shell. One test: all others are well-formed, and
# PowerShell is offered wherever a Unix shell is.
sub unix_commands {
    my ($finding, $name) = @_;
    my (@unix, @windows, @wrong);

    for my $command (@{$finding->{fix}}) {
        if    ($command =~ /^# /)                                  { push @wrong, $command if $command !~ $comment }
        elsif ($command =~ /^(?:samba-tool|ldapmodify|ldapsearch) /) { push @unix, $command }
        elsif ($command =~ $powershell)                            { push @windows, $command }
        else                                                       { push @wrong, $command }
    }
    push @wrong, 'nothing for PowerShell' if @unix && !@windows && !grep { /^# no cmdlet/ } @{$finding->{fix}};
    ok(!@wrong, "$name: well-formed commands") or diag(join "\n", @wrong);
    return @unix;
}

# Runs a command as it was printed, in a folder of its own. Returns its answer.
sub run_command {
    my ($command) = @_;
    my $answer = Plugin::finish(Plugin::start(
        command     => ['/bin/bash', '-c', encode('UTF-8', $command)],
        environment => {KRB5CCNAME => $cache, SMB_CONF_PATH => $ENV{LAB_SMBCONF}},
        folder      => $tmp,
    ));
    note("$command\n$answer->{stdout}$answer->{stderr}");
    return $answer;
}

# The same; where Samba refuses it over LDAP, on the controller's own database.
sub run_change {
    my ($command) = @_;
    my $answer = run_command($command);
    my $local = "-H $ENV{LAB_DIR}/dc1/private/sam.ldb";

    return $answer if $answer->{exit} == 0 || "$answer->{stdout}$answer->{stderr}" !~ /can only be modified as system/;
    $command =~ s/ -H ldap:\S+ --use-kerberos=required/ $local/
        || $command =~ s/^ldapmodify -H ldap:\S+ -Q -Y GSSAPI -N /ldbmodify $local /
        || die $command;
    return run_command($command);
}

# One test: the commands succeed.
sub mend {
    my ($finding, $name) = @_;
    my @failed;
    for my $command (unix_commands($finding, $name)) {
        my $answer = run_change($command);
        push @failed, "$command: status $answer->{exit}: $answer->{stdout}$answer->{stderr}" if $answer->{exit} != 0;
    }
    return ok(!@failed, "$name: the commands succeed") || diag(join "\n", @failed);
}

sub fix_report {
    return report(by_keytab('--fix', @_));
}

# ---- what is broken ----------------------------------------------------------------

# A change record; lines: "add|delete|replace: attribute" with the values after it.
sub record {
    my ($dn, @changes) = @_;
    my $text = "dn:: " . encode_base64(encode('UTF-8', $dn), '') . "\nchangetype: modify\n";
    while (my ($what, $list) = splice @changes, 0, 2) {
        my ($attribute) = $what =~ /: (.*)/;
        $text .= "$what\n";
        $text .= "${attribute}:: " . encode_base64(utf8::is_utf8($_) ? encode('UTF-8', $_) : $_, '') . "\n"
            for ref $list ? @$list : $list;
        $text .= "-\n";
    }
    return "$text\n";
}

sub host { return "CN=$_[0],$hyperv" }

sub uac {
    my ($dn, $flags) = @_;
    return record($dn, 'replace: userAccountControl' => $flags);
}

sub sid_of {
    my ($account) = @_;
    my ($sid) = lab_command('ldbsearch', '-H', "$ENV{LAB_DIR}/dc1/private/sam.ldb", "(sAMAccountName=$account)", 'objectSid')
        =~ /^objectSid: (\S+)/m;
    return $sid;
}

sub sid_bytes {
    my (undef, undef, $authority, @rest) = split /-/, $_[0];
    return pack 'CCnNV*', 1, scalar @rest, 0, $authority, @rest;
}

# A descriptor: allow entries for the SIDs, deny entries for those with "!" in front.
sub descriptor {
    my @aces = map {
        my $bytes = sid_bytes(s/^!//r);
        pack('CCvV', /^!/ ? 1 : 0, 0, 8 + length $bytes, 0xF01FF) . $bytes;
    } @_;
    my $acl = join '', @aces;
    my $owner = sid_bytes('S-1-5-32-544');
    return pack('CCvVVVV', 1, 0, 0x8004, 20, 0, 0, 20 + length $owner) . $owner
        . pack('CCvvv', 4, 0, 8 + length $acl, scalar @aces, 0) . $acl;
}

sub host_of {
    my ($report, $name) = @_;
    my ($host) = grep { $_->{name} eq $name } @{$report->{hosts}};
    return $host;
}

# One case: break, see exactly the findings, mend, be content. restore: what else has to
# be undone; arguments: of the check; then: code for the report after mending.
sub case {
    my ($name, %case) = @_;
    my @arguments = @{$case{arguments} // []};

    subtest $name => sub {
        change($case{break});
        my $broken = fix_report(@arguments);
        is_deeply(
            [map { join ' ', $_->{rule}, $_->{subject}, $_->{object} // '-' } @{$broken->{findings}}],
            $case{finds}, 'exactly that is found');
        mend($_, $_->{rule}) for @{$broken->{findings}};
        my $mended = fix_report(@arguments);
        is($mended->{state}, 'OK', 'and mended') or diag(explain($mended->{findings}));
        $case{then}->($mended) if $case{then};
        change($case{restore}) if $case{restore};
        ok(!-e "$tmp/pwned", 'no name was run as a command');
    };
    return;
}

sub policy {
    my ($name, $text) = @_;
    return ('--policy', spew("$tmp/$name.ini", encode('UTF-8', $text)));
}

sub peers_targets {
    my ($peer) = @_;
    return [map { my $class = $_; map { "$class/$_" } $peer, "$peer.$ENV{LAB_DOMAIN}" } $service, 'cifs'];
}

lab_command({stdin => "$ENV{LAB_ADMIN_PASSWORD}\n", environment => {KRB5CCNAME => $cache}}, 'kinit', "Administrator\@$ENV{LAB_REALM}");

# ---- the demo domain: everything that commands can mend ---------------------------------

if ($template eq 'demo') {
    my $round = 0;
    my $report;
    my %human = map { $_ => 1 } qw(migration-service-unregistered);

    while (1) {
        $report = fix_report();
        my @mendable = grep { !$human{$_->{rule}} } @{$report->{findings}};
        last if !@mendable || ++$round > 3;
        note("round $round: " . scalar @mendable);
        my @failed;
        for my $finding (@mendable) {
            for my $command (unix_commands($finding, "$finding->{rule} $finding->{subject}")) {
                my $answer = run_change($command);
                # several findings may want the same bit of the same host
                push @failed, "$command: $answer->{stderr}"
                    if $answer->{exit} != 0 && $answer->{stderr} !~ /already set/;
            }
        }
        ok(!@failed, "round $round: the commands succeed") or diag(join "\n", @failed);
    }
    # what a host whose unconstrained delegation is taken away lacks is found only then
    is($round, 2, 'twice was enough');
    is_deeply([map { "$_->{rule} $_->{subject}" } @{$report->{findings}}],
        ['migration-service-unregistered hv-lab06'], 'only what needs a human is left');
    done_testing;
    exit;
}

# ---- one mistake after the other -----------------------------------------------------------

is(fix_report()->{state}, 'OK', 'nothing is wrong at first');

case('unconstrained',
    break => uac(host('hv01'), $workstation | $protocol | $unconstrained),
    finds => ['unconstrained-delegation hv01 -']);
case('Kerberos only',
    break => uac(host('hv01'), $workstation),
    finds => ['protocol-transition-missing hv01 -']);
case('an old host with protocol transition',
    break   => record(host('hv01'), 'replace: operatingSystemVersion' => '6.3 (9600)'),
    finds   => ['protocol-transition-unneeded hv01 -'],
    restore => record(host('hv01'), 'replace: operatingSystemVersion' => '10.0 (20348)',
        'replace: userAccountControl' => $workstation | $protocol));

my @group = policy('group', "[group all]\nhosts = hv0*\n");
case('a pair that is not ready',
    arguments => \@group,
    break     => record(host('hv01'), "delete: $targets" => peers_targets('hv02')),
    finds     => ['migration-target-missing hv01 hv02']);
case('a host without any delegation',
    arguments => \@group,
    break     => record(host('hv01'), "delete: $targets" => [], 'replace: userAccountControl' => $workstation)
        . join('', map { record(host($_), "add: $trustees" => descriptor(sid_of('hv01$'))) } 'hv02', 'hv03'),
    finds   => ['migration-target-missing hv01 hv04'],
    restore => record(host('hv01'), "replace: $targets" => [map { @{peers_targets($_)} } qw(hv02 hv03 hv04)])
        . join('', map { record(host($_), "delete: $trustees" => []) } 'hv02', 'hv03'));
case('a one-way road',
    break => record(host('hv01'), "delete: $targets" => peers_targets('hv02')),
    finds => ['migration-one-way hv01 hv02']);
case('only one name',
    break => record(host('hv01'), "delete: $targets" => ['cifs/hv02', "$service/hv02.$ENV{LAB_DOMAIN}"]),
    finds => ['migration-name-missing hv01 hv02'],
    then  => sub { is(@{host_of($_[0], 'hv01')->{targets}}, 12, 'both names are back') });

case('targets that nothing needs',
    break => record(host('hv01'), "add: $targets" => ['http/hv02', "ldap/$ENV{LAB_DC}", 'cifs/gone']),
    finds => ["target-domain-controller hv01 ldap/$ENV{LAB_DC}", 'target-unknown hv01 cifs/gone', 'unexpected-target hv01 http/hv02'],
    then  => sub { is(@{host_of($_[0], 'hv01')->{targets}}, 12, 'the others are still there') });
case('a target whose owner is disabled',
    break => "dn: CN=old01,$people\nchangetype: add\nobjectClass: computer\nsAMAccountName: old01\$\n"
        . "servicePrincipalName: HOST/old01\nuserAccountControl: 4098\n\n"
        . record(host('hv01'), "add: $targets" => 'cifs/old01'),
    finds   => ['target-disabled hv01 cifs/old01'],
    restore => "dn: CN=old01,$people\nchangetype: delete\n");

my @hostile = ("cifs/a'b\$(touch pwned)`touch pwned`;touch pwned", "cifs/a\nb", '--x/y', 'cifs/a’b', 'cifs/x|y<z>\\w', 'cifs/a!b"c');
case('targets with hostile names',
    break => record(host('hv01'), "add: $targets" => \@hostile),
    finds => [map { "target-unknown hv01 $_" } sort { lc $a cmp lc $b } @hostile],
    then  => sub { is(@{host_of($_[0], 'hv01')->{targets}}, 12, 'the others are still there') });

my ($hv01, $user01) = map { sid_of($_) } 'hv01$', 'user01';
my $orphan = $hv01 =~ s/\d+$/99999/r;
for my $case (
    ['an account',                  "rbcd-unexpected-trustee hv02 user01",        $hv01, $user01],
    ['an account beside a denial',  "rbcd-unexpected-trustee hv02 user01",        "!$orphan", $user01, $hv01],
    ['everyone',                    'rbcd-unexpected-trustee hv02 S-1-1-0',       $hv01, 'S-1-1-0'],
    ['an orphan',                   "rbcd-unknown-trustee hv02 $orphan",          $orphan, $hv01],
) {
    my ($name, $finds, @aces) = @$case;
    case("RBCD for $name",
        break   => record(host('hv02'), "add: $trustees" => descriptor(@aces)),
        finds   => [$finds],
        then    => sub { is_deeply(host_of($_[0], 'hv02')->{rbcd_trustees}, [$hv01], 'the right one is still there') },
        restore => record(host('hv02'), "delete: $trustees" => []));
}
case('RBCD for a group alone',
    break   => record(host('hv02'), "add: $trustees" => descriptor(sid_of('Domain Users'))),
    finds   => ['rbcd-unexpected-trustee hv02 Domain Users'],
    then    => sub { is_deeply(host_of($_[0], 'hv02')->{rbcd_trustees}, [], 'nobody is left') },
    restore => record(host('hv02'), "delete: $trustees" => []));
case('RBCD for an orphan alone',
    break => record(host('hv02'), "add: $trustees" => descriptor($orphan)),
    finds => ["rbcd-unknown-trustee hv02 $orphan"]);
case('RBCD without a DACL',
    break => record(host('hv02'), "add: $trustees" => pack('CCvVVVV', 1, 0, 0x8000, 0, 0, 0, 0)),
    finds => ['rbcd-unexpected-trustee hv02 S-1-1-0']);

case('an administrator',
    break => uac("CN=adm-anna,$admins", $normal),
    finds => ['admin-unprotected adm-anna -']);
my $anna = record("CN=adm-anna,$admins", 'replace: sAMAccountName' => 'adm-anna');
for my $name ('adm-jürgen', "a'b\$(touch pwned)", '-H', 'S-1-5-21-1', 'x`touch pwned`', 'x{y}!z') {
    case("an administrator called $name",
        break   => uac("CN=adm-anna,$admins", $normal) . record("CN=adm-anna,$admins", 'replace: sAMAccountName' => $name),
        finds   => ["admin-unprotected $name -"],
        restore => $anna);
}
case('a computer that is an administrator',
    break => "dn: CN=mgmt\\, 01,$admins\nchangetype: add\nobjectClass: computer\nsAMAccountName: mgmt01\$\nuserAccountControl: 4096\n\n"
        . record("CN=Domain Admins,CN=Users,$base", 'add: member' => "CN=mgmt\\, 01,$admins"),
    finds   => ['admin-unprotected mgmt01$ -'],
    restore => "dn: CN=mgmt\\, 01,$admins\nchangetype: delete\n");

my @operator = policy('operator', "[operators]\naccounts = hvop1\n");
case('an operator',
    arguments => \@operator,
    break     => uac("CN=Hyper-V Operator 1,$people", $normal | $not_delegated)
        . record("CN=Protected Users,CN=Users,$base", 'add: member' => "CN=Hyper-V Operator 1,$people"),
    finds => ['operator-not-delegable hvop1 -']);
case('krbtgt',
    break => uac("CN=krbtgt,CN=Users,$base", 0x202 | $not_delegated),
    finds => ['krbtgt-not-delegable krbtgt -']);

# ---- what only a human can mend ----------------------------------------------------------------

subtest 'the owner is shown' => sub {
    change(record("CN=user01,$people", 'add: servicePrincipalName' => 'cifs/hv02'));
    my ($hijacked) = finding(fix_report('-n', 'hv01'), 'target-hijacked', 'hv01', 'cifs/hv02');
    my ($command) = unix_commands($hijacked, 'target-hijacked');
    like(run_command($command)->{stdout}, qr/^dn: CN=user01,/m, 'the hijacker');
    # Samba, like Windows today, registers no name twice: an ambiguous one can not be made here
    change(record("CN=user01,$people", 'delete: servicePrincipalName' => []));
    is(fix_report()->{state}, 'OK', 'all back');
};

subtest 'somebody was faster' => sub {
    change(record("CN=adm-anna,$admins", 'replace: sAMAccountName' => 'adm-änna', 'replace: userAccountControl' => $normal));
    my ($finding) = finding(fix_report(), 'admin-unprotected');
    my ($command) = unix_commands($finding, 'admin-unprotected');
    like($command, qr/^ldapmodify /, 'told to ldapmodify');
    change(uac("CN=adm-anna,$admins", $normal | $disabled));
    isnt(run_command($command)->{exit}, 0, 'the command fails where the value is another by now');
    change(uac("CN=adm-anna,$admins", $normal | $not_delegated) . $anna);
    is(fix_report()->{state}, 'OK', 'all back');
};

subtest 'a host that is disabled' => sub {
    change(uac(host('hv04'), $workstation | $protocol | $disabled) . record(host('hv04'), "add: $trustees" => descriptor($hv01)));
    my $report = fix_report();
    is_deeply([map { "$_->{rule} $_->{subject}" } @{$report->{findings}}], ['host-disabled hv04'], 'exactly that is found');
    mend($report->{findings}[0], 'host-disabled');
    $report = fix_report();
    is($report->{state}, 'OK', 'and mended') or diag(explain($report->{findings}));
    is(@{host_of($report, 'hv01')->{targets}}, 8, 'the others still list each other');
};

done_testing;
