#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The tarball: make distcheck builds, tests, installs and uninstalls from it, with its
# source read-only and its build elsewhere; the installed program runs.
use strict;
use warnings;
use FindBin qw($Bin);
use File::Temp qw(tempdir);
use Test::More;

my $build = tempdir(CLEANUP => 1);
my $log = "$build/log";

# Runs a shell command in the build folder; its output is shown where it fails.
sub step {
    my ($name, $command) = @_;
    my $status = system "cd '$build' && ($command) >'$log' 2>&1 </dev/null";
    ok($status == 0, $name) or diag(`tail -n 60 '$log'`);
    return $status == 0;
}

# as somebody has it who never heard of tests/run
delete @ENV{qw(PLUGIN PLUGIN_PLAIN BUILD_PLAIN ASAN_OPTIONS LSAN_OPTIONS UBSAN_OPTIONS TESTS_LONG CMOCKA_MESSAGE_OUTPUT)};
step('configure', "'$Bin/../../configure'")
    && step('make distcheck', 'make -j2 distcheck')
    && step('make install', "make install DESTDIR='$build/root' prefix=/usr libexecdir=/usr/lib/nagios/plugins");
my $program = "$build/root/usr/lib/nagios/plugins/check_hyperv_delegation";
like(`'$program' --version`, qr/^check_hyperv_delegation \d/, 'the installed program says its version');

done_testing;
