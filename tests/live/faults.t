#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Libraries that refuse and memory that runs out while a healthy domain is read: a run
# answers OK, as it does without, or UNKNOWN, never anything else. Every some-th failure, and
# with TESTS_LONG each call, and more of the allocations.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Faults qw(fail_each);
use Lab;
use Plugin qw(program);
use Test::More;

enter_lab('healthy');

my $long  = $ENV{TESTS_LONG};
my $plain = $ENV{PLUGIN_PLAIN} // program();
my @tls   = ('-D', $ENV{LAB_DOMAIN}, '-H', $ENV{LAB_DC}, '--ca-file', $ENV{LAB_CA},
    '--bind-dn', $ENV{LAB_BIND_DN}, '--password-file', $ENV{LAB_PASSWORD_FILE});

fail_each('call', arguments => [by_keytab()], step => $long ? 37 : 1009, name => 'by keytab');
fail_each('call', arguments => [@tls, '--transport', 'ldaps'], step => $long ? 151 : 5003, name => 'by ldaps');
fail_each('call', arguments => [@tls, '--transport', 'starttls'], step => $long ? 151 : 5003, name => 'by starttls');
fail_each('memory', program => $plain, arguments => [by_keytab()], step => $long ? 101 : 2001,
    libraries => 1, name => 'by keytab');
fail_each('memory', program => $plain, arguments => [@tls, '--transport', 'ldaps'], step => $long ? 501 : 5001,
    libraries => 1, name => 'by ldaps');

done_testing;
