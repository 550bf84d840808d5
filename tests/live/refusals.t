#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Everything that keeps the check from reading the directory: wrong secrets, wrong
# certificates, dead and silent servers, files that are not there, and an environment
# that would like to weaken it. Each time: one line, UNKNOWN, the cause in words that an
# administrator can act on, nothing on standard error, before the deadline.
use strict;
use warnings;

use FindBin qw($Bin);
use lib "$Bin/../lib";
use IO::Socket::INET;
use Lab;
use Test::More;

enter_lab('healthy');

my ($dc, $address) = @ENV{qw(LAB_DC LAB_DC_ADDRESS)};
my $client = 'client.hv.example.com';    # where nothing listens but what a test starts
my @domain = ('-D', $ENV{LAB_DOMAIN});
my @simple = (@domain, '--bind-dn', $ENV{LAB_BIND_DN}, '--password-file');
my @starttls = ('--transport', 'starttls', '--ca-file', $ENV{LAB_CA});
my @ldaps = ('--transport', 'ldaps', '--ca-file', $ENV{LAB_CA});
my $wrong_password = spew("$tmp/wrong.password", "Wr0ng-of-the-Lab!\n");

sub healthy {
    my ($name, @how) = @_;
    my $answer = check(@how);
    is($answer->{exit}, 0, "$name: exit 0") or diag($answer->{stdout});
    like($answer->{stdout}, qr/^HYPERV DELEGATION OK - /, "$name: OK");
    is($answer->{stderr}, '', "$name: nothing on standard error");
    return;
}

subtest 'logins' => sub {
    healthy('the healthy domain', by_keytab());
    for my $tls (\@starttls, \@ldaps) {
        refused({}, [@simple, $wrong_password, @$tls], qr/login refused, wrong password/, "$tls->[1]: wrong password");
        refused({}, [@domain, '--bind-dn', "CN=nobody,$ENV{LAB_BASE}", '--password-file', $wrong_password, @$tls],
            qr/login refused.*no such account/, "$tls->[1]: a DN that is no account");
    }
    for my $case (['disabled', qr/is disabled/], ['expired', qr/has expired/], ['locked', qr/is locked out/],
        ['mustchange', qr/must change its password/]) {
        my ($name, $cause) = @$case;
        my $dn = "CN=svc-$name,OU=Service Accounts,$ENV{LAB_BASE}";

        refused({}, [@domain, @ldaps, '--bind-dn', $dn, '--password-file', $ENV{LAB_PASSWORD_FILE}],
            $cause, "simple bind, account $name");
        refused({}, [@domain, '-k', $ENV{'LAB_KEYTAB_' . uc $name}],
            qr/svc-$name\@HV\.EXAMPLE\.COM.*(?:disabled|expired|locked)/, "keytab, account $name");
    }
    refused({}, [@domain, '-k', $ENV{LAB_KEYTAB_STALE}],
        qr/password was changed after the keytab was written/, 'a stale keytab');
    refused({}, [@domain, '-k', $ENV{LAB_KEYTAB_DEPARTED}],
        qr/no account svc-departed\@HV\.EXAMPLE\.COM/, 'a keytab of an account that is gone');
    refused({}, [@domain, '-k', $ENV{LAB_KEYTAB_FOREIGN}],
        qr/no KDC is known for svc-monitor\@OTHER\.EXAMPLE: is the keytab of the domain that --domain names\?$/m, 'a keytab of another realm');
    refused({usage => 1}, [@domain, '-k', $ENV{LAB_KEYTAB}, '-l', 'HV\\svc-monitor'],
        qr/--logname takes NAME or NAME\@REALM, not DOMAIN and a backslash/, 'a name as Windows writes it');
    refused({}, [@domain, '-k', $ENV{LAB_KEYTAB_FOREIGN}, '-l', 'svc-monitor'],
        qr/keytab has no key of svc-monitor\@HV\.EXAMPLE\.COM/, 'and not of the principal that was asked for');
    refused({}, [@domain, '-k', $ENV{LAB_KEYTAB}, '-l', 'svc-other'],
        qr/keytab has no key of svc-other\@HV\.EXAMPLE\.COM/, 'a principal that the keytab has not');
    refused({usage => 1}, [@simple, $ENV{LAB_PASSWORD_FILE}],
        qr/--bind-dn needs --transport starttls or ldaps/, 'simple bind without TLS is a usage error');
    refused({environment => {SASL_PATH => '/nonexistent'}}, [by_keytab()],
        qr/libsasl2-modules-gssapi-mit/, 'SASL without its Kerberos plug-in names the package');
};

subtest 'credential caches' => sub {
    my $expired = "FILE:$tmp/expired";
    my $other = "FILE:$tmp/other";

    lab_command('kinit', '-l', '1s', '-c', $expired, '-k', '-t', $ENV{LAB_KEYTAB}, $ENV{LAB_PRINCIPAL});
    lab_command('kinit', '-c', $other, '-k', '-t', $ENV{LAB_KEYTAB}, $ENV{LAB_PRINCIPAL});
    spew("$tmp/empty", '');
    spew("$tmp/garbage", "no cache at all\n" x 20);
    refused({}, [@domain, '--ccache', "FILE:$tmp/none"], qr/cache.*(?:missing|empty)/, 'none');
    refused({}, [@domain], qr/cache.*(?:missing|empty)/, 'none, by KRB5CCNAME');
    refused({}, [@domain, '--ccache', "FILE:$tmp/empty"], qr/cache/, 'empty');
    refused({}, [@domain, '--ccache', "FILE:$tmp/garbage"], qr/cache/, 'garbage');
    refused({}, [@domain, '--ccache', 'NOSUCHTYPE:x'], qr/cache/, 'of no type that there is');
    refused({}, [@domain, '--ccache', $other, '-l', 'svc-other'],
        qr/belongs to svc-monitor\@HV\.EXAMPLE\.COM, not to svc-other\@HV\.EXAMPLE\.COM/, 'of somebody else');
    refused({}, [by_keytab('--ccache', "FILE:$tmp/no/such/folder/cache")],
        qr{cache \S*\Q$tmp\E/no/such/folder/cache can not be written: No such file}, 'a keytab, and a cache that can not be written');
    refused({}, [@domain, '--ccache', $expired], qr/holds no ticket of svc-monitor.* that has not expired/, 'expired');
};

subtest 'files' => sub {
    spew("$tmp/no-certificate", "nothing of the kind\n");
    spew("$tmp/no-keytab", "nothing of the kind\n");
    spew("$tmp/no-password", '');
    refused({}, [by_keytab('--transport', 'ldaps', '--ca-file', '/nonexistent/ca.pem')],
        qr{/nonexistent/ca\.pem: No such file}, 'no CA file');
    refused({}, [by_keytab('--transport', 'ldaps', '--ca-file', "$tmp/no-certificate")],
        qr{no-certificate}, 'a CA file without a certificate');
    refused({}, [by_keytab('--transport', 'ldaps', '--ca-file', $tmp)], qr{\Q$tmp\E}, 'a CA file that is a folder');
    refused({}, [@domain, '-k', '/nonexistent/keytab'], qr{keytab /nonexistent/keytab: No such file}, 'no keytab');
    refused({}, [@domain, '-k', "$tmp/no-keytab"], qr{keytab \Q$tmp/no-keytab\E: Unsupported key table format}, 'a keytab that is none');
    refused({}, [@domain, '-k', $tmp], qr{keytab \Q$tmp\E: Is a directory}, 'a keytab that is a folder');
    refused({}, [@simple, '/nonexistent/password', @ldaps], qr{/nonexistent/password: No such file}, 'no password file');
    refused({}, [@simple, "$tmp/no-password", @ldaps], qr{no-password: no password in it}, 'an empty password');
    refused({stdin => ''}, [@simple, '-', @ldaps], qr{standard input.*no password in it}, 'an empty password on standard input');
    refused({stdin => "\n"}, [@simple, '-', @ldaps], qr{no password in it}, 'an empty line as password');
};

subtest 'certificates' => sub {
    for my $transport (qw(starttls ldaps)) {
        my @way = by_keytab('--transport', $transport, '--ca-file');

        refused({}, [@way, $ENV{LAB_OTHER_CA}],
            qr/certificate does not verify \(\Q$ENV{LAB_OTHER_CA}\E\): name the domain's CA by --ca-file/, "$transport: wrong authority");
        refused({}, [@simple, $ENV{LAB_PASSWORD_FILE}, '--transport', $transport, '--ca-file', $ENV{LAB_OTHER_CA}],
            qr/certificate does not verify/, "$transport: no password is sent to a wrong one");
        refused({}, [@way, $ENV{LAB_CA}, '-H', $address], qr/certificate is not for \Q$address\E: name the controller as/, "$transport: an address");
    }
    lab_command('lab-dc', 'restart', '--certificate', 'dc1-expired');
    refused({}, [by_keytab(@$_)], qr/certificate is expired since 2020-02-01/, "$_->[1]: expired") for \@starttls, \@ldaps;
    lab_command('lab-dc', 'restart', '--certificate', 'dc1-wrong-name');
    refused({}, [by_keytab(@$_)], qr/certificate is not for \Q$dc\E/, "$_->[1]: another name in it") for \@starttls, \@ldaps;
    lab_command('lab-dc', 'restart');
    healthy('the right certificate again', by_keytab(@ldaps));
};

subtest 'an environment that would weaken it' => sub {
    my $home = "$tmp/home";
    my $here = "$tmp/here";
    my $weak = "TLS_REQCERT never\nTLS_CACERT $ENV{LAB_CA}\nURI ldap://$client\nSASL_SECPROPS none\n";
    my @wrong = (by_keytab('--transport', 'ldaps', '--ca-file', $ENV{LAB_OTHER_CA}));
    my %hostile = (
        HOME => $home, LDAPCONF => "$home/.ldaprc", LDAPRC => 'ldaprc', LDAPTLS_REQCERT => 'never',
        LDAPTLS_CACERT => $ENV{LAB_CA}, LDAPURI => "ldap://$client", LDAPSASL_SECPROPS => 'none',
        KRB5_TRACE => '/dev/stderr', LDAPDEBUG => -1, KRB5_KTNAME => '/nonexistent', LANG => 'C', LC_ALL => 'C',
    );

    mkdir $_ or die "$_: $!" for $home, $here;
    spew("$_", $weak) for "$home/.ldaprc", "$home/ldaprc", "$here/ldaprc", "$here/.ldaprc";
    my %how = (environment => \%hostile, folder => $here);
    refused({%how}, [@wrong], qr/certificate does not verify/, 'a wrong authority is still refused');
    refused({%how}, [by_keytab(@ldaps, '-H', $address)], qr/certificate is not for/, 'and a wrong name');
    healthy('hostile environment, gssapi', {%how}, by_keytab());
    healthy('hostile environment, ldaps', {%how}, by_keytab(@ldaps));
    healthy('no HOME', {environment => {HOME => undef}}, by_keytab());
    healthy('HOME is nowhere', {environment => {HOME => '/nonexistent'}}, by_keytab());
    healthy('no environment at all', {clean_environment => 1}, by_keytab());
    refused({clean_environment => 1}, [@wrong], qr/certificate does not verify/, 'no environment: a wrong authority is refused');

    SKIP: {
        skip 'only one user here', 4 if lab_command('cat', '/proc/self/uid_map') =~ /^\s*\d+\s+\d+\s+1\s*$/m;
        my ($keytab, $program) = ("$tmp/nobody.keytab", "$tmp/program");
        my $nobody = 65534;

        refused({user => $nobody, program => copy($ENV{PLUGIN}, $program, 0755)}, [by_keytab()],
            qr/keytab .*: Permission denied for user /, 'as nobody: a keytab that is not theirs');
        copy($ENV{LAB_KEYTAB}, $keytab, 0400);
        chown $nobody, $nobody, $keytab;
        healthy('as nobody', {user => $nobody, program => $program, environment => {HOME => undef, KRB5CCNAME => undef}},
            @domain, '-k', $keytab);
    }
};

sub copy {
    my ($from, $to, $mode) = @_;
    spew($to, slurp($from));
    chmod $mode, $to;
    return $to;
}

subtest 'names' => sub {
    refused({}, ['-D', 'other.example', '-H', $dc, '-l', $ENV{LAB_PRINCIPAL}, '-k', $ENV{LAB_KEYTAB}],
        qr/is a controller of \Q$ENV{LAB_BASE}\E, not of other\.example/, 'a controller of another domain');
    refused({}, ['-D', 'other.example', '-k', $ENV{LAB_KEYTAB}], qr{DNS names no controller of other\.example: is this its full DNS name, and does /etc/resolv\.conf ask its DNS\?}, 'no such domain');
    refused({}, [@domain, '-H', 'gone.hv.example.com', '-k', $ENV{LAB_KEYTAB}],
        qr/gone\.hv\.example\.com: its address can not be found/, 'no such controller');
    refused({}, [@domain, '-H', $address, '-k', $ENV{LAB_KEYTAB}],
        qr/KDC knows no service ldap\/\Q$address\E/, 'an address instead of a name');
    spew("$ENV{LAB_DIR}/etc/hosts", slurp("$ENV{LAB_DIR}/etc/hosts") . "$address alias.hv.example.com\n");
    refused({}, [@domain, '-H', 'alias.hv.example.com', '-k', $ENV{LAB_KEYTAB}],
        qr/KDC knows no service ldap\/alias\.hv\.example\.com/, 'a name without a service principal');
};

# Servers of our own in place of the controller's; the KDC goes on to work.
my @there = (@domain, '-k', $ENV{LAB_KEYTAB}, '-H', $dc);
my @silent = ('-t', 2, @there);
my $starttls_yes = pack 'H*', '300c02010178070a010004000400';

subtest 'servers that do not do what they should' => sub {
    my $hosts = slurp("$ENV{LAB_DIR}/etc/hosts");
    my $proxy = start_proxy();
    my ($mute) = listener(sub { });
    my ($rude) = listener(sub { close $_[0] });
    my ($ssh) = listener(sub { print {$_[0]} "SSH-2.0-OpenSSH_9.2\r\n" });
    my ($halfway) = listener(sub { sysread $_[0], my $request, 4096; print {$_[0]} $starttls_yes });
    my ($no_tls) = listener(sub { sysread $_[0], my $request, 4096; print {$_[0]} $starttls_yes, 'no TLS here' x 10 });
    my ($drip) = listener(sub {
        my ($connection) = @_;
        return if fork;
        for my $byte (split //, "\x30\x84\x00\x00\x10\x00" . 'x' x 200) {
            last if !syswrite $connection, $byte;
            select undef, undef, undef, 0.2;
        }
        POSIX::_exit(0);
    });
    my ($boaster) = listener(sub { sysread $_[0], my $request, 4096; print {$_[0]} "\x30\x84\x7f\xff\xff\xf0\x02\x01\x01"; sleep 9 });
    my @simple_ldaps = (@simple, $ENV{LAB_PASSWORD_FILE}, @ldaps, '-t', 2, '-H', $dc);
    my $no_answer = qr/no answer/;

    refused({within => 5}, [@silent, '-p', $mute], $no_answer, 'silent: gssapi');
    refused({within => 5}, [@silent, '-p', $mute, @starttls], $no_answer, 'silent: starttls');
    refused({within => 5}, [@silent, '-p', $mute, @ldaps], qr/TLS.*no answer|no answer.*TLS/, 'silent in the handshake: ldaps');
    refused({within => 5}, [@silent, '-p', $halfway, @starttls], qr/TLS.*no answer|no answer.*TLS/, 'silent in the handshake: starttls');
    refused({within => 5}, [@simple_ldaps, '-p', $mute], $no_answer, 'silent: simple bind, ldaps');
    refused({within => 5}, [@silent, '-p', $drip], $no_answer, 'one byte at a time');
    refused({within => 5}, [@silent, '-p', $boaster, @starttls], qr/the connection was lost/, 'announces two gigabytes: not waited for');
    refused({within => 5, exit => 2}, [@there, '-t', '2:critical', '-p', $mute],
        $no_answer, '-t 2:critical makes that CRITICAL');
    refused({within => 5, exit => 2}, [@there, '-t', '2:critical', '-p', $mute, @ldaps],
        $no_answer, 'in the handshake too');
    refused({}, [@there, '-p', 1, '-t', '5:critical'], qr/no connection to port 1 .*refused/i,
        'a closed port is no timeout: still UNKNOWN');
    refused({}, [@silent, '-p', $rude], qr/connection|Can't contact/i, 'hangs up at once');
    refused({}, [@silent, '-p', $rude, @ldaps], qr/TLS: no handshake|connection/i, 'hangs up at once: ldaps');
    refused({within => 5}, [@silent, '-p', $ssh], qr/\Q$dc\E: .*(?:lost|no answer|login failed|Can't contact)/i, 'is no LDAP server');
    refused({within => 5}, [@silent, '-p', $ssh, @ldaps], qr/TLS: no handshake with port $ssh/, 'is no LDAP server: ldaps');
    refused({within => 5}, [@silent, '-p', $no_tls, @starttls], qr/TLS/, 'says yes to StartTLS and talks on');
    refused({within => 5}, [@silent, '-p', 389, @ldaps],
        qr/TLS/, 'ldaps to the port of LDAP');
    stop($proxy);
    spew("$ENV{LAB_DIR}/etc/hosts", $hosts);
    refused({within => 6}, [@domain, '-t', 4, '-k', $ENV{LAB_KEYTAB}, '-H', $client, '-H', $client, '-p', $mute],
        qr/no answer for 1\.8 s; \Q$client\E/, 'two silent servers share the time');
    refused({within => 15}, [@domain, '-k', $ENV{LAB_KEYTAB}, '-H', $client, '-H', 'gone.hv.example.com'],
        qr/\Q$client\E: .*refused.*; gone\.hv\.example\.com: /i, 'two dead ones: both are named');
};

subtest 'a controller that is not there' => sub {
    my @quick = by_keytab('-t', 2, '-H', $dc);
    my @by_address = by_keytab('-t', 2, '-H', $address);
    my @by_dns = by_keytab('-t', 2);
    my $waiting = qr/no answer|no connection|can not be found|DNS names no controller/;

    lab_command('lab-dc', 'freeze');
    refused({within => 5}, [@by_address], qr/no answer.*\Q$address\E|\Q$address\E.*no answer/, 'frozen');
    refused({within => 5}, [@by_dns], $waiting, 'frozen, with its DNS');
    refused({within => 5}, ['-H', $address, '-t', 2, @simple, $ENV{LAB_PASSWORD_FILE}, @ldaps], $waiting, 'frozen: ldaps');
    for my $signal (qw(TERM INT HUP)) {
        refused({within => 5, while => sub { select undef, undef, undef, 0.7; kill $signal, $_[0] }},
            [by_keytab('-t', 8, '-H', $address)], qr/stopped by a signal.*waiting for/, "SIG$signal while it waits");
    }
    lab_command('lab-dc', 'thaw');
    healthy('thawed', by_keytab());

    lab_command('lab-dc', 'blackhole');
    refused({within => 5}, [@by_address], qr/no connection to port 389.*timed out|no answer/i, 'black hole');
    refused({within => 5}, [@by_dns], $waiting, 'black hole, with its DNS');
    lab_command('lab-dc', 'unblackhole');
    lab_command('lab-dc', 'unplug');
    refused({within => 5}, [@by_address], qr/no connection to port 389|no answer/i, 'cable pulled');
    lab_command('lab-dc', 'plug');
    lab_command('lab-dc', 'stop');
    refused({within => 5}, [@by_address], qr/no connection to port 389.*refused/i, 'stopped');
    refused({within => 5}, [@quick], $waiting, 'stopped, with its DNS');
    refused({within => 5}, [by_keytab('-t', 5)], qr/DNS does not answer/, 'stopped, nobody to ask for SRV records');
};

done_testing;
