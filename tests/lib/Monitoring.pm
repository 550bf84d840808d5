# SPDX-License-Identifier: GPL-3.0-or-later
#
# What the tests in real monitoring programs share. A test goes by enter_monitoring into the
# lab, where it finds the program as "make install" left it in /usr/lib/nagios/plugins, the
# files of contrib as they are in the documentation, and private copies of the folders that
# the daemons work in. Daemons get the environment that they have in real life: their own
# user, no HOME, and a world-writable folder to work in, in which somebody left an ldaprc.
# They end with the lab, in whatever way the test ends.
package Monitoring;

use strict;
use warnings;

use Encode qw(encode);
use Exporter qw(import);
use Lab;
use MIME::Base64 qw(encode_base64);
use Plugin ();
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep time);

our @EXPORT = qw(
    enter_monitoring documentation hostile_folder cover shell run_readme daemon wait_for
    user_account_control mend big_export by_daemon same_answer $WORKSTATION $PROTOCOL $UNCONSTRAINED
);

our ($WORKSTATION, $UNCONSTRAINED, $PROTOCOL) = (0x1000, 0x80000, 0x1000000);

my $PATIENCE_S = 180;
my $plugins = '/usr/lib/nagios/plugins';
my %environment = (PATH => '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LANG => 'C.UTF-8');

# ---- into the lab ------------------------------------------------------------------

# Starts this script again inside a lab of that template; returns where it is there, with
# the program installed. The test is skipped where one of the programs it needs is missing.
sub enter_monitoring {
    my ($template, @programs) = @_;

    if (!$ENV{LAB_DIR}) {
        plan skip_all => 'BUILD_PLAIN names no build (tests/run does)' if !$ENV{BUILD_PLAIN};
        -x or plan skip_all => "$_ is not there; contrib/install-packages monitoring installs it" for @programs;
        plan skip_all => 'only root can start daemons that run as another user' if $> != 0;
    }
    enter_lab($template);
    delete @ENV{qw(ASAN_OPTIONS UBSAN_OPTIONS LSAN_OPTIONS MAKEFLAGS MAKELEVEL MFLAGS)};
    plan skip_all => 'only root can start daemons that run as another user'
        if slurp('/proc/self/uid_map') !~ /^\s*0\s+0\s+(\d{5,})$/m;
    install_program();
    mkdir hostile_folder();
    chmod 01777, hostile_folder();
    # what would weaken or break a connection of a program that reads it
    spew(hostile_folder() . '/ldaprc', <<'LDAPRC');
URI ldap://127.0.0.1:1
TLS_REQCERT never
TLS_CIPHER_SUITE NONE
SIZELIMIT 1
SASL_MECH EXTERNAL
SASL_SECPROPS none,minssf=0,maxssf=0
LDAPRC
    return;
}

sub root { return "$ENV{LAB_DIR}/root" }

# Where the installed documentation lies.
sub documentation {
    my ($folder) = glob root() . '/usr/share/doc/*hyperv*';
    return $folder;
}

sub hostile_folder { return "$ENV{LAB_DIR}/hostile" }

# "make install", then the plugins' folder of this machine with the program in it.
sub install_program {
    lab_command('make', '-s', '-C', $ENV{BUILD_PLAIN}, 'install', 'DESTDIR=' . root(), 'prefix=/usr', "libexecdir=$plugins");
    cover($plugins);
    lab_command('cp', root() . "$plugins/check_hyperv_delegation", "$plugins/");
    return;
}

# Puts private copies of folders of this machine over them, inside the lab alone. Of a
# folder that is not there nothing is made.
sub cover {
    for my $folder (@_) {
        next if !-d $folder;
        my $copy = "$ENV{LAB_DIR}/covers" . $folder;
        lab_command('mkdir', '-p', $copy);
        lab_command('cp', '-a', "$folder/.", "$copy/");
        lab_command('chown', '--reference', $folder, $copy);
        lab_command('chmod', '--reference', $folder, $copy);
        lab_command('mount', '--bind', $copy, $folder);
    }
    return;
}

# ---- commands and daemons ------------------------------------------------------------

# Runs a shell command that must succeed, as an administrator would: root, no settings of
# the lab; returns what it prints.
sub shell {
    my ($command) = @_;
    return lab_command({clean_environment => 1, environment => \%environment}, '/bin/sh', '-euc', $command);
}

# Runs the commands that README gives in its section of that name, as they stand there, in a
# folder with the installed contrib and the lab's keytab; one test. An editor changes
# nothing, for the examples are made for this domain; returns what was asked of systemctl.
sub run_readme {
    my ($readme, $section) = @_;
    my ($text) = slurp($readme) =~ /^\Q$section\E\n-+\n(.*?)(?=^\S[^\n]*\n-{3,}\n|\z)/ms or die "README: $section";
    my @commands = $text =~ /^    (\S.*)$/mg;
    my $folder = "$ENV{LAB_DIR}/clone";
    my $stubs = "$ENV{LAB_DIR}/stubs";

    lab_command('mkdir', '-p', $folder, $stubs);
    symlink documentation(), "$folder/contrib" if !-e "$folder/contrib";
    lab_command('cp', $ENV{LAB_KEYTAB}, "$folder/svc-monitor.keytab");
    spew("$stubs/systemctl", "#!/bin/sh\necho \"\$*\" >> '$ENV{LAB_DIR}/systemctl'\n");
    spew("$stubs/editor", "#!/bin/sh\ntest -w \"\$1\"\n");
    chmod 0755, "$stubs/systemctl", "$stubs/editor";
    my $answer = Plugin::finish(Plugin::start(
        command => ['/bin/sh', '-exc', join "\n", @commands],
        clean_environment => 1,
        environment => {%environment, PATH => "$stubs:$environment{PATH}"},
        folder => $folder,
    ));
    ok(@commands && $answer->{exit} == 0, "README's commands: $section") or diag("$answer->{stdout}$answer->{stderr}");
    return split /\n/, slurp("$ENV{LAB_DIR}/systemctl");
}

# Starts a daemon as an init system does, with the hostile folder for /tmp and to work in;
# its process id. What it prints goes to NAME.out, shown should the test fail.
sub daemon {
    my ($name, @command) = @_;
    my $output = "$tmp/$name.out";
    my $folder = hostile_folder();

    spew($output, '');
    return start(sub {
        %ENV = %environment;
        open STDIN, '<', '/dev/null';
        open STDOUT, '>>', $output;
        open STDERR, '>&', \*STDOUT;
        exec 'unshare', '--mount', '--propagation', 'private', '/bin/sh', '-c',
            'mount --bind "$0" /tmp && cd /tmp && exec "$@"', $folder, @command or POSIX::_exit(127);
    });
}

# Waits until code returns something true, and returns it; one test, that this happens. The
# limit is far beyond what a loaded machine needs.
sub wait_for {
    my ($what, $code) = @_;
    my $end = time + $PATIENCE_S;
    my $got;

    sleep 0.1 while !($got = $code->()) && time < $end;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    ok($got, $what) or diag(map { "$_:\n" . substr(slurp($_), -3000) . "\n" } glob "$tmp/*.out");
    return $got;
}

# What the program answers when it is run by hand in the environment of the daemons.
sub by_daemon {
    my (@arguments) = @_;
    return Plugin::run(
        program           => "$plugins/check_hyperv_delegation",
        arguments         => \@arguments,
        clean_environment => 1,
        environment       => \%environment,
        folder            => hostile_folder(),
        user              => scalar getpwnam('nagios'),
        name              => 'by hand',
    );
}

# One test: two texts are the same but for what differs from run to run.
sub same_answer {
    my ($got, $expected, $name) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    s/\n\z//, s/ time=[\d.]+s;;;0\b/ time=TIMEs;;;0/ for $got, $expected;
    return is($got, $expected, $name);
}

# ---- the directory -------------------------------------------------------------------

# Changes the flags of a host of the template "healthy".
sub user_account_control {
    my ($host, $flags) = @_;
    change("dn: CN=$host,OU=Hyper-V,$ENV{LAB_BASE}\nchangetype: modify\n"
            . "replace: userAccountControl\nuserAccountControl: $flags\n-\n\n");
    return;
}

# Runs the commands for a Unix shell that an answer with --fix printed, as the
# domain's administrator; one test: there are some, they succeed, and what else was printed
# is for PowerShell or a remark.
sub mend {
    my ($text) = @_;
    my @printed  = $text =~ /^    (\S.*)$/mg;
    my @commands = grep { /^(?:samba-tool|ldapmodify) / } @printed;
    my $cache    = "FILE:$tmp/administrator";
    my @failed   = grep { !/^(?:samba-tool |ldapmodify |(?:Set|Remove)-AD\w+ |# )/ } @printed;

    lab_command({stdin => "$ENV{LAB_ADMIN_PASSWORD}\n", environment => {KRB5CCNAME => $cache}},
        'kinit', "Administrator\@$ENV{LAB_REALM}");
    for my $command (@commands) {
        my $answer = Plugin::finish(Plugin::start(
            command     => ['/bin/bash', '-c', $command],
            environment => {KRB5CCNAME => $cache, SMB_CONF_PATH => $ENV{LAB_SMBCONF}},
            folder      => $tmp,
        ));
        push @failed, "$command: $answer->{stdout}$answer->{stderr}" if $answer->{exit} != 0;
    }
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    return ok(@commands && !@failed, 'the printed commands succeed') || diag(join "\n", $text, @failed);
}

# Writes an export whose domain has that many unprotected administrators more than the one
# it is made from; its path.
sub big_export {
    my ($scenario, $count) = @_;
    my $ldif = slurp($scenario);
    my ($domain) = $ldif =~ /^objectSid:: (\S+)$/m;
    my $sid = MIME::Base64::decode_base64($domain);
    my $people = 'CN=Users,DC=corp,DC=example,DC=com';
    my @names = map { sprintf "n\x{e4}me %d", $_ } 1 .. $count;

    substr $sid, 1, 1, "\5";
    my $members = join '', map { 'member:: ' . encode_base64(encode('UTF-8', "CN=$_,$people"), '') . "\n" } @names;
    $ldif =~ s/^(member: CN=admin00,)/$members$1/m or die $scenario;
    my $rid = 5000;
    for my $name (@names) {
        $ldif .= "\ndn:: " . encode_base64(encode('UTF-8', "CN=$name,$people"), '')
            . "\nobjectClass: user\nuserAccountControl: 512\nprimaryGroupID: 513\nobjectSid:: "
            . encode_base64($sid . pack('V', $rid++), '') . "\nsAMAccountName:: " . encode_base64(encode('UTF-8', $name), '') . "\n";
    }
    my $path = spew(hostile_folder() . '/big.ldif', "$ldif\n");
    chmod 0644, $path;
    return $path;
}

1;
