#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What a run touches, seen by strace: no file but those that were named, and those of the
# loader, the resolver and Kerberos; nothing is written, no other program started, and the
# process leaves no core dump, in which a key might be.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Lab;
use Plugin qw(program);
use Test::More;

plan skip_all => 'strace is not there' if !grep { -x "$_/strace" } split /:/, $ENV{PATH};
enter_lab('demo');

my $program = $ENV{PLUGIN_PLAIN} // program();
my @loader  = (qr{/etc/ld\.so\.(?:cache|preload)}, qr{/(?:usr/)?lib(?:64)?/(?:[^/]+/)*(?:[^/]+\.so[.\d]*|krb5/plugins(?:/\w+)?|sasl2/?)});
my @common  = (@loader, '/dev/null', '/etc/localtime', qr{/usr/share/zoneinfo/.*});
my @resolver = map { "/etc/$_" } qw(nsswitch.conf host.conf resolv.conf hosts gai.conf services protocols);
my $mechanisms = qr{/etc/gss/mech(?:\.d)?};    # listed by libgssapi as soon as it is loaded
my @kerberos = (qr{/proc/self/fd/\d+}, $ENV{KRB5_CONFIG}, qr{/etc/krb5\.conf.*}, $mechanisms);
my @tls = ($mechanisms, qr{/etc/gnutls/.*}, qr{/(?:etc/pkcs11|usr/share/p11-kit)/.*}, qr{/usr/lib/ssl/openssl\.cnf|/etc/ssl/openssl\.cnf},
    '/dev/urandom', qr{/proc/sys/crypto/fips_enabled}, qr{/sys/devices/system/cpu.*});

# One run under strace: the lines it wrote.
sub trace {
    my (@arguments) = @_;
    lab_command('sh', '-c', 'strace -f -qq -e trace=open,openat,openat2,creat,execve,fork,vfork,clone,clone3,unlink,rename,mkdir,prctl,prlimit64 '
        . '-o "$0" "$@" >/dev/null; test $? -le 2', "$tmp/trace", $program, '-t', 60, @arguments);
    return split /\n/, slurp("$tmp/trace");
}

# Files, other programs and processes, core dumps.
sub touches_only {
    my ($name, $arguments, $processes, @allowed) = @_;
    my @lines = trace(@{$arguments});
    my @opened = grep { !/ = -1 / } grep { /\bopen(?:at2?)?\(|\bcreat\(/ } @lines;
    my ($allowed) = map { qr/^(?:$_)$/ } join '|', map { ref ? $_ : quotemeta } @allowed;
    my @strange = grep { my ($path) = /"([^"]*)"/; $path !~ $allowed } @opened;
    my @changed = grep { (/O_WRONLY|O_RDWR|O_CREAT/ && !m{"/dev/null"}) || /\b(?:creat|unlink|rename|mkdir)\(/ } @lines;
    my @started = grep { /\bexecve\(/ } @lines;
    my @forked = grep { /\b(?:v?fork|clone3?)\(/ } @lines;

    cmp_ok(scalar @opened, '>', 5, "$name: strace sees files");
    is(join("\n", @strange), '', "$name: no other file is opened");
    is(join("\n", @changed), '', "$name: nothing is written");
    is(scalar @started, 1, "$name: no other program") or diag(join "\n", @started);
    is(scalar @forked, $processes, "$name: no process but what gets the tickets") or diag(join "\n", @forked);
    ok((grep { /PR_SET_DUMPABLE, (?:0|SUID_DUMP_DISABLE)/ } @lines) == 1, "$name: it can not be dumped");
    ok((grep { /RLIMIT_CORE, \{rlim_cur=0, rlim_max=0\}/ } @lines) == 1, "$name: no core file");
    return;
}

my @simple = ('-D', $ENV{LAB_DOMAIN}, '-H', $ENV{LAB_DC}, '--ca-file', $ENV{LAB_CA}, '--bind-dn', $ENV{LAB_BIND_DN},
    '--password-file', $ENV{LAB_PASSWORD_FILE});
touches_only('by keytab', [by_keytab()], 1, @common, @resolver, @kerberos, $ENV{LAB_KEYTAB});
touches_only('by ldaps', [@simple, '--transport', 'ldaps'], 0, @common, @resolver, @tls, $ENV{LAB_CA}, $ENV{LAB_PASSWORD_FILE});
my $export = "$Bin/../scenarios/healthy-domain/directory.ldif";
touches_only('an export', ['--ldif', $export], 0, @common, $export);

done_testing;
