#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What a run touches, seen by strace: no file but those that were named, and those of the
# loader, the resolver and Kerberos; nothing is written but what was named, no other program
# started, and the process leaves no core dump, in which a key might be.
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
    lab_command('sh', '-c', 'strace -f -qq -e trace=open,openat,openat2,creat,execve,execveat,fork,vfork,clone,clone3,unlink,'
        . 'unlinkat,rename,renameat,renameat2,mkdir,mkdirat,prctl,prlimit64 '
        . '-o "$0" "$@" >/dev/null; test $? -le 2', "$tmp/trace", $program, '-t', 60, @arguments);
    return split /\n/, slurp("$tmp/trace");
}

# One subtest: files, other programs, core dumps. changes: what may be written, made or
# replaced; children: how many processes of its own it has, which
# get tickets, or read another controller.
sub touches_only {
    my ($name, $how, @allowed) = @_;
    subtest $name => sub {
        my @lines = trace(@{$how->{arguments}});
        my @opened = grep { !/ = -1 / } grep { /\bopen(?:at2?)?\(|\bcreat\(/ } @lines;
        my ($changes, $allowed) = map { my @list = @{$_}; my $one = join '|', map { ref ? $_ : quotemeta } @list; qr/^(?:$one)$/ }
            [@{$how->{changes} // []}], [@allowed, @{$how->{changes} // []}];
        my @strange = grep { my ($path) = /"([^"]*)"/; $path !~ $allowed } @opened;
        my @changed = grep { my @paths = /"([^"]*)"/g; grep { $_ !~ $changes } @paths }
            grep { (/O_WRONLY|O_RDWR|O_CREAT/ && !m{"/dev/null"}) || /\b(?:creat|unlink|rename|mkdir)\w*\(/ } @lines;
        my @started = grep { /\bexecve(?:at)?\(/ } @lines;
        my @children = grep { /\b(?:v?fork|clone3?)\(/ } @lines;

        cmp_ok(scalar @opened, '>', 5, 'strace sees files');
        is(join("\n", @strange), '', 'no other file is opened');
        is(join("\n", @changed), '', 'nothing else is written');
        is(scalar @started, 1, 'no other program') or diag(join "\n", @started);
        is(scalar @children, $how->{children} // 1, 'no other process') or diag(join "\n", @children);
        is((grep { /PR_SET_DUMPABLE, (?:0|SUID_DUMP_DISABLE)/ } @lines), 1, 'it can not be dumped');
        is((grep { /RLIMIT_CORE, \{rlim_cur=0, rlim_max=0\}/ } @lines), 1, 'no core file');
        ok((grep { /\Q$_\E/ } @lines) > 0, "it does touch $_") for @{$how->{touches} // []};
    };
    return;
}

# A file that is replaced: a new one is made beside it.
sub replaced { my ($path) = @_; return ($path, qr/\Q$path\E\.[\w-]+/) }

my @simple = ('-D', $ENV{LAB_DOMAIN}, '-H', $ENV{LAB_DC}, '--ca-file', $ENV{LAB_CA}, '--bind-dn', $ENV{LAB_BIND_DN},
    '--password-file', $ENV{LAB_PASSWORD_FILE});
my $seed = '/dev/urandom';    # of jansson's hash tables
my @by_keytab = (@common, @resolver, @kerberos, $ENV{LAB_KEYTAB});
touches_only('by keytab', {arguments => [by_keytab()]}, @by_keytab);
touches_only('by ldaps', {arguments => [@simple, '--transport', 'ldaps'], children => 0}, @common, @resolver, @tls, $ENV{LAB_CA}, $ENV{LAB_PASSWORD_FILE});
touches_only('--all-servers', {arguments => [by_keytab('--all-servers')], children => 2}, @by_keytab);
touches_only('--kdc', {arguments => [by_keytab('--kdc')], children => 2}, @by_keytab);
touches_only('--site', {arguments => [by_keytab('--site', 'Default-First-Site-Name')]}, @by_keytab);
my $cache = "$tmp/kept";
touches_only('a new cache', {arguments => [by_keytab('--ccache', "FILE:$cache")], changes => [replaced($cache)], touches => [$cache]}, @by_keytab);
touches_only('a cache', {arguments => ['-D', $ENV{LAB_DOMAIN}, '--ccache', "FILE:$cache"], changes => [$cache]},
    @common, @resolver, @kerberos);
touches_only('--output', {arguments => [by_keytab('--output-format', $_, '-o', "$tmp/report.$_")],
    changes => [replaced("$tmp/report.$_")], touches => ["$tmp/report.$_"]}, @by_keytab, $tmp, $seed) for qw(json html openmetrics);
my $baseline = "$tmp/baseline.json";
touches_only('--accept', {arguments => [by_keytab('--baseline', $baseline, '--accept')], changes => [replaced($baseline)], touches => [$baseline]},
    @by_keytab, $tmp, $seed);
touches_only('--baseline', {arguments => [by_keytab('--baseline', $baseline)]}, @by_keytab, $baseline, $seed);

# two controllers in DNS: both are asked for the site
my $administrator = "FILE:$tmp/administrator";
lab_command({stdin => "$ENV{LAB_ADMIN_PASSWORD}\n"}, 'kinit', '-c', $administrator, 'Administrator');
lab_command('samba-tool', 'dns', 'add', $ENV{LAB_DC}, @{$_}, "--use-krb5-ccache=$administrator")
    for [$ENV{LAB_DOMAIN}, 'far', 'A', '192.0.2.1'], ["_msdcs.$ENV{LAB_DOMAIN}", '_ldap._tcp.dc', 'SRV', "far.$ENV{LAB_DOMAIN} 389 0 100"];
touches_only('two controllers', {arguments => [by_keytab()]}, @by_keytab);

my $export = "$Bin/../scenarios/healthy-domain/directory.ldif";
my $options = spew("$tmp/options.ini", "[check]\nldif=$export\npolicy=$tmp/policy.ini\n");
my $policy = spew("$tmp/policy.ini", "[hosts]\nallow = http/*\n");
touches_only('an export', {arguments => ['--ldif', $export], children => 0}, @common, $export);
touches_only('an export by options from a file', {arguments => ["--extra-opts=check\@$options"], children => 0}, @common, $export, $options, $policy);

done_testing;
