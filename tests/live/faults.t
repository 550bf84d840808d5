#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Libraries that refuse and memory that runs out while a healthy domain is read: a run
# answers OK, as it does without, or UNKNOWN, never anything else. Every some-th failure, and
# with TESTS_LONG more of both, and runs with options that call what others do not.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Encode qw(encode);
use Faults qw(fail_each);
use Lab;
use MIME::Base64 qw(encode_base64);
use Plugin qw(program);
use Test::More;

enter_lab('healthy');

my $long  = $ENV{TESTS_LONG};
my $plain = $ENV{PLUGIN_PLAIN} // program();
my @tls   = ('-D', $ENV{LAB_DOMAIN}, '-H', $ENV{LAB_DC}, '--ca-file', $ENV{LAB_CA},
    '--bind-dn', $ENV{LAB_BIND_DN}, '--password-file', $ENV{LAB_PASSWORD_FILE});

fail_each('call', arguments => [by_keytab()], step => $long ? 37 : 1009, name => 'by keytab');
fail_each('call', arguments => [@tls, '--transport', 'ldaps'], step => $long ? 151 : 5003, name => 'by ldaps');
fail_each('memory', program => $plain, arguments => [by_keytab()], step => $long ? 101 : 2001,
    libraries => 1, name => 'by keytab');
if (!$long) {
    done_testing;
    exit 0;
}
fail_each('call', arguments => [@tls, '--transport', 'starttls'], step => 151, name => 'by starttls');
fail_each('memory', program => $plain, arguments => [@tls, '--transport', 'ldaps'], step => 501,
    libraries => 1, name => 'by ldaps');

# ---- what only some options do -------------------------------------------------------

my $kept = "$tmp/kept";
fail_each('call', arguments => [by_keytab('--ccache', "FILE:$kept")], step => 101, name => 'a cache that is filled',
    before => sub { unlink $kept }, after => sub { map {"left: $_"} grep { unlink } glob "$kept.*" });
lab_command('kinit', '-c', "FILE:$kept", '-k', '-t', $ENV{LAB_KEYTAB}, $ENV{LAB_PRINCIPAL});
fail_each('call', arguments => ['-D', $ENV{LAB_DOMAIN}, '--ccache', "FILE:$kept"], step => 101, name => 'by cache');
fail_each('call', arguments => [by_keytab('--all-servers')], step => 101, name => '--all-servers');

my $base = $ENV{LAB_BASE};
my $monitor = "CN=svc-monitor,OU=Service Accounts,$base";
change(<<"LDIF");
dn: $monitor
changetype: modify
replace: servicePrincipalName
servicePrincipalName: check/monitor
-
replace: userAccountControl
userAccountControl: 16843264

dn: CN=adm-emil,OU=Admins,$base
changetype: modify
replace: userAccountControl
userAccountControl: 1114624
LDIF
for my $host (map {"hv0$_"} 1 .. 4) {
    # they never joined, so they have no keys; and Samba's KDC looks for names with escaped blanks
    my $password = encode_base64(encode('UTF-16LE', "\"Key-of-the-Lab!$host\""), '');
    my $service = 'Microsoft\\ Virtual\\ System\\ Migration\\ Service';
    change(<<"LDIF");
dn: CN=$host,OU=Hyper-V,$base
changetype: modify
replace: unicodePwd
unicodePwd:: $password
-
add: servicePrincipalName
servicePrincipalName: $service/$host
servicePrincipalName: $service/$host.$ENV{LAB_DOMAIN}
LDIF
}
is(report(by_keytab('--kdc'))->{state}, 'OK', 'the KDC agrees with the directory');
fail_each('call', arguments => [by_keytab('--kdc')], step => 53, name => '--kdc');
fail_each('memory', program => $plain, arguments => [by_keytab('--kdc')], step => 997, libraries => 1, name => '--kdc');

# With two controllers in DNS both are asked for the site of this machine; behind the second
# name nothing listens.
my $administrator = "FILE:$tmp/administrator";
lab_command({stdin => "$ENV{LAB_ADMIN_PASSWORD}\n"}, 'kinit', '-c', $administrator, 'Administrator');
lab_command('samba-tool', 'dns', 'add', $ENV{LAB_DC}, @{$_}, "--use-krb5-ccache=$administrator")
    for [$ENV{LAB_DOMAIN}, 'far', 'A', '192.0.2.1'], ["_msdcs.$ENV{LAB_DOMAIN}", '_ldap._tcp.dc', 'SRV', "far.$ENV{LAB_DOMAIN} 389 0 100"];
fail_each('call', arguments => [by_keytab()], step => 101, name => 'two controllers');
fail_each('call', arguments => [by_keytab('--site', 'Default-First-Site-Name')], step => 101, name => '--site');

done_testing;
