#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Logins as they are in the field: keytabs of several accounts, computer accounts, the client
# keytab, caches that several checks share, clocks that are wrong, controllers that demand
# more, and every reason for a refusal that Active Directory knows.
use strict;
use warnings;

use FindBin qw($Bin);
use lib "$Bin/../lib";
use Lab;
use Test::More;

enter_lab('healthy');

my $dc = $ENV{LAB_DC};
my @domain = ('-D', $ENV{LAB_DOMAIN});
my @ldaps = ('--transport', 'ldaps', '--ca-file', $ENV{LAB_CA});
my @loud = ('-vv', '--max-output', 100000);
my $several = "$tmp/several.keytab";

# A keytab as it grows in the field: several accounts, a computer's among them.
spew($several, slurp($ENV{LAB_KEYTAB}));
lab_command('samba-tool', 'domain', 'exportkeytab', $several, '--principal', 'DC1$', '-s', $ENV{LAB_SMBCONF});

# A run that is OK, and logged in as that principal.
sub logged_in {
    my ($name, $principal, @run) = @_;
    my $how = ref $run[0] ? shift @run : {};
    my $answer = check($how, @run, @loud);
    is($answer->{exit}, 0, "$name: OK") or diag($answer->{stdout});
    like($answer->{stdout}, qr/: ticket for \Q$principal\E$/m, "$name: as $principal");
    return;
}

subtest 'a keytab of several accounts' => sub {
    my ($user, $computer) = ($ENV{LAB_PRINCIPAL}, 'DC1$@HV.EXAMPLE.COM');

    logged_in('without -l', $user, @domain, '-k', $several);
    logged_in('-l, a user', $user, @domain, '-k', $several, '-l', 'svc-monitor');
    logged_in('-l, a computer', $computer, @domain, '-k', $several, '-l', 'DC1$');
    logged_in('-l in other letters', $computer, @domain, '-k', $several, '-l', 'dc1$@hv.example.com');
    logged_in('over TLS', $computer, @domain, @ldaps, '-k', $several, '-l', 'DC1$');
    refused({}, [@domain, '-k', $several, '-l', 'HV99$'],
        qr/keytab has no key of HV99\$\@HV\.EXAMPLE\.COM, only of \Q$user\E, \Q$computer\E$/,
        'an account that is not in it: those that are');
};

subtest 'the client keytab' => sub {
    my %client = (environment => {KRB5_CLIENT_KTNAME => $several});
    my $cache = "FILE:$tmp/client-cache";

    logged_in('its first account', $ENV{LAB_PRINCIPAL}, {%client}, @domain);
    logged_in('-l', 'DC1$@HV.EXAMPLE.COM', {%client}, @domain, '-l', 'dc1$');
    refused({%client}, [@domain, '-l', 'HV99$'], qr/keytab has no key of HV99\$/, 'an account that is not in it');
    refused({environment => {KRB5_CLIENT_KTNAME => '/nonexistent'}}, [@domain],
        qr{keytab /nonexistent: No such file}, 'a file that is not there');
    refused({%client}, [@domain, '--ccache', "FILE:$tmp/none"], qr/credential cache is missing/, '--ccache keeps it out');
    lab_command('kinit', '-c', $cache, '-k', '-t', $ENV{LAB_KEYTAB}, $ENV{LAB_PRINCIPAL});
    my $answer = check({environment => {KRB5_CLIENT_KTNAME => '/nonexistent', KRB5CCNAME => $cache}}, @domain, @loud);
    is($answer->{exit}, 0, 'a ticket that is there comes first') or diag($answer->{stdout});
};

# Checks that start at once, with tickets that have run out: each finds a cache that is whole.
subtest 'a cache that many checks share' => sub {
    my $cache = "$tmp/shared";
    my @run = by_keytab('--ccache', "FILE:$cache", @loud);

    lab_command('kinit', '-l', '1s', '-c', "FILE:$cache", '-k', '-t', $ENV{LAB_KEYTAB}, $ENV{LAB_PRINCIPAL});
    sleep 2;
    for my $round (1 .. 3) {
        my @started = map { Plugin::start(arguments => [@run, '-t', 50]) } 1 .. 8;
        my @answers = map { Plugin::finish($_) } @started;
        my $asked = grep { $_->{stdout} =~ /: ticket for/ } @answers;

        is(scalar(grep { $_->{exit} == 0 } @answers), 8, "round $round: all are OK")
            or diag(map { $_->{stdout} =~ /^(.*)/ ? "$1\n" : '' } @answers);
        is(scalar(grep { $_->{stderr} ne '' } @answers), 0, 'nothing on standard error');
        ok($round == 1 ? $asked >= 1 : $asked == 0, "$asked asked the KDC");
        like(lab_command('klist', '-c', "FILE:$cache"), qr/krbtgt\/HV\.EXAMPLE\.COM/, 'the cache is whole');
    }
    is_deeply([glob "$cache.*"], [], 'nothing is left beside it');
    is((stat $cache)[2] & 0777, 0600, 'it is nobody else\'s to read');
    mkdir "$tmp/caches" or die "$tmp/caches: $!";
    logged_in('a cache that is no file', $ENV{LAB_PRINCIPAL}, by_keytab('--ccache', "DIR:$tmp/caches"));
    unlike(check(by_keytab('--ccache', "DIR:$tmp/caches"), @loud)->{stdout}, qr/ticket for/, 'serves too');
};

# A ticket that was issued by another key, as after a change of the KDC's or the controller's
# password: a byte of it is another one.
sub spoil {
    my ($file, $at) = @_;
    my $bytes = slurp($file);
    substr($bytes, $at, 1) ^= "\x55";
    spew($file, $bytes);
    return;
}

subtest 'tickets that are kept and refused' => sub {
    my $cache = "$tmp/refused";
    my @kinit = ('kinit', '-c', "FILE:$cache", '-k', '-t', $ENV{LAB_KEYTAB}, $ENV{LAB_PRINCIPAL});
    my @keytab = by_keytab('--ccache', "FILE:$cache");
    my @alone = (@domain, '--ccache', "FILE:$cache");
    my $renewed = qr/^tickets that were kept are renewed: login/m;

    # the second half of the file is that of the ticket for the KDC, or of the one for the controller
    lab_command(@kinit);
    spoil($cache, 0.6 * -s $cache);
    refused({}, [@alone], qr/no ticket for ldap\/\Q$dc\E: /, 'by the KDC, without a keytab');
    logged_in('by the KDC', $ENV{LAB_PRINCIPAL}, @keytab);
    unlike(check(@keytab, @loud)->{stdout}, qr/: ticket for/, 'the new one is kept');

    spoil($cache, -20);
    logged_in('by the controller', $ENV{LAB_PRINCIPAL}, @keytab);
    unlike(check(@keytab, @loud)->{stdout}, qr/: ticket for|renewed/, 'the new one is kept');

    spoil($cache, -20);
    my $answer = check(@alone, @loud);
    is($answer->{exit}, 0, 'by the controller, without a keytab: the KDC gives another') or diag($answer->{stdout});
    like($answer->{stdout}, $renewed, 'said');
    like(check(@domain, @ldaps, '--ccache', "FILE:$cache", @loud)->{stdout}, $renewed, 'over TLS too');

    $answer = refused({}, [@alone, '-k', $ENV{LAB_KEYTAB_STALE}],
        qr/\Q$dc\E: login.*; and with new tickets: the KDC refuses the key/, 'a keytab that does no better');
    my $tries = () = $answer->{stdout} =~ /login/g;
    is($tries, 1, 'is tried once');
};

subtest 'clocks' => sub {
    my $program = $ENV{PLUGIN_PLAIN};
    plan skip_all => 'PLUGIN_PLAIN names no program (the sanitizers bear no faketime)' if !$program || !-x $program;
    plan skip_all => 'faketime is not installed' if !grep { -x "$_/faketime" } split /:/, $ENV{PATH};
    my $strict = spew("$tmp/strict.conf", slurp($ENV{KRB5_CONFIG}) =~ s/\[libdefaults\]/[libdefaults]\nkdc_timesync = 0/r);
    my $at = sub {
        my ($shift, %environment) = @_;
        my $arguments = delete $environment{arguments} // [by_keytab()];
        return Plugin::finish(Plugin::start(command => ['faketime', '-f', $shift, $program],
            arguments => $arguments, environment => \%environment));
    };

    for my $shift ('-10m', '+10m') {
        my $answer = $at->($shift);
        is($answer->{exit}, 0, "$shift: libkrb5 takes the KDC's time") or diag($answer->{stdout});
        $answer = $at->($shift, KRB5_CONFIG => $strict);
        is($answer->{exit}, 3, "$shift, where it may not: UNKNOWN");
        like($answer->{stdout}, qr/the clocks of this machine and the KDC .* are too far apart: set both by NTP/,
            'and what to do') or diag($answer->{stdout});
    }
    lab_command('kinit', '-c', "FILE:$tmp/clocks", '-k', '-t', $ENV{LAB_KEYTAB}, $ENV{LAB_PRINCIPAL});
    my $answer = $at->('+10m', KRB5_CONFIG => $strict, arguments => [@domain, '--ccache', "FILE:$tmp/clocks"]);
    like($answer->{stdout}, qr/the clocks of this machine and of the KDC are too far apart: set both by NTP/,
        'by a credential cache, too') or diag($answer->{stdout});
};

subtest 'a controller that demands signing' => sub {
    lab_command('lab-dc', 'restart', '--option', 'ldap server require strong auth=yes');
    logged_in('gssapi', $ENV{LAB_PRINCIPAL}, by_keytab());
    refused({}, [by_keytab(@ldaps)], qr/controller demands signing: use --transport gssapi/, 'ldaps, without a SASL layer');
    lab_command('lab-dc', 'restart');
};

# What Samba does not say, by the proxy: the words are those of Windows.
subtest 'reasons of a refusal' => sub {
    my @simple = (@domain, '-H', $dc, '--bind-dn', $ENV{LAB_BIND_DN}, '--password-file', $ENV{LAB_PASSWORD_FILE}, @ldaps);
    my %reasons = (
        525 => qr/no such account: look at its name/, '52e' => qr/wrong password/, 530 => qr/change its logon hours/,
        531 => qr/add it to its workstations/, 532 => qr/password has expired: set a new one/, 533 => qr/is disabled: enable it/,
        701 => qr/has expired: set a later date/, 773 => qr/must change its password first: /, 775 => qr/is locked out: unlock it/,
        57 => qr/channel binding was refused: use --transport gssapi/, 80090346 => qr/channel binding was refused: /,
    );
    start_proxy();
    for my $code (sort keys %reasons) {
        proxy_rules({bind => 49, words => "80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext error, data $code, v4563"});
        refused({}, [@simple], qr/login refused, .*$reasons{$code}.*data $code/, "data $code, simple bind");
        refused({}, [by_keytab(@ldaps, '-H', $dc)], qr/login refused, .*$reasons{$code}.*data $code/, "data $code, Kerberos");
    }
};

done_testing;
