#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# No password and no key of a keytab is in the memory of the process any more when it answers:
# it is held in the middle of its last write, and all its memory is looked through. Nor is the
# memory there for others of the same user, or for a core dump.
use strict;
use warnings;
no warnings qw(portable);    # addresses have 64 bits
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Fcntl qw(O_RDONLY);
use Lab;
use Plugin qw(program);
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep time);

plan skip_all => 'the memory of another process is for root alone' if $> != 0;
enter_lab('healthy');

my $program = $ENV{PLUGIN_PLAIN} // program();

# Starts the program with a pipe for its standard output that has no room; its process id and
# the end to read from.
sub start_held {
    my (@arguments) = @_;
    pipe my $from, my $to or die "pipe: $!";
    my $F_SETPIPE_SZ = 1031;
    fcntl $to, $F_SETPIPE_SZ, 4096 or die "F_SETPIPE_SZ: $!";
    my $filler = 'x' x 4096;
    syswrite $to, $filler or die "write: $!";
    my $pid = start(sub {
        POSIX::dup2(fileno $to, 1);
        exec $program, @arguments or POSIX::_exit(127);
    });
    close $to;
    return ($pid, $from);
}

# Waits until the process writes to its standard output, or 50 s.
sub writes {
    my ($pid) = @_;
    my $end = time + 50;
    while (time < $end) {
        return 1 if eval { slurp("/proc/$pid/syscall") } =~ /^1 0x1 /;    # write, of x86-64
        sleep 0.02;
    }
    return 0;
}

# All memory of the process that can be written, as one text.
sub memory_of {
    my ($pid) = @_;
    my $all = '';
    sysopen my $memory, "/proc/$pid/mem", O_RDONLY or return '';
    for my $line (split /\n/, slurp("/proc/$pid/maps")) {
        my ($begin, $end) = $line =~ /^([0-9a-f]+)-([0-9a-f]+) rw/ or next;
        my ($at, $size) = (hex $begin, hex($end) - hex $begin);
        sysseek $memory, $at, 0 or next;
        sysread $memory, my $bytes, $size or next;
        $all .= $bytes;
    }
    return $all;
}

# The keys in a keytab (its format is version 2), those of 16 bytes and more.
sub keys_of {
    my ($bytes) = @_;
    my @keys;
    my $at = 2;
    while ($at + 4 <= length $bytes) {
        my $size = unpack 'l>', substr $bytes, $at, 4;
        my $entry = substr $bytes, $at + 4, abs $size;
        $at += 4 + abs $size;
        next if $size <= 0;
        my ($count) = unpack 'n', $entry;
        my $offset = 2;
        $offset += 2 + unpack 'n', substr $entry, $offset, 2 for 0 .. $count;
        $offset += 4 + 4 + 1 + 2;    # type of the name, time, version, type of the key
        push @keys, substr $entry, $offset + 2, unpack 'n', substr $entry, $offset, 2;
    }
    return grep { length >= 16 } @keys;
}

# One subtest: by these arguments the secrets are gone when the answer is written.
sub forgets {
    my ($name, $secrets, @arguments) = @_;
    subtest $name => sub {
        my ($pid, $from) = start_held('-t', 60, @arguments);
        ok(writes($pid), 'it is held while it answers') or return;
        my $memory = memory_of($pid);
        like($memory, qr/\Q$ENV{LAB_DC}\E/, 'its memory can be looked through');
        like($memory, qr/HYPERV DELEGATION OK - /, 'and holds the answer, so that all is done');
        for my $number (1 .. @{$secrets}) {
            my $secret = $secrets->[$number - 1];
            my $count = () = $memory =~ /\Q$secret\E/g;
            is($count, 0, "secret $number is not there any more");
        }
        is(slurp("/proc/$pid/limits") =~ /^Max core file size +0 +0 /m, 1, 'no core file');
        is((stat "/proc/$pid/mem")[4], 0, 'its memory belongs to root, whoever runs it');
        stop($pid);
    };
    return;
}

chomp(my $password = slurp($ENV{LAB_PASSWORD_FILE}));
my @keys = keys_of(slurp($ENV{LAB_KEYTAB}));
my @simple = ('-D', $ENV{LAB_DOMAIN}, '-H', $ENV{LAB_DC}, '--ca-file', $ENV{LAB_CA}, '--bind-dn', $ENV{LAB_BIND_DN},
    '--password-file', $ENV{LAB_PASSWORD_FILE});

cmp_ok(length $password, '>', 8, 'there is a password');
cmp_ok(scalar @keys, '>', 0, 'there are keys');
forgets('by ldaps', [$password], @simple, '--transport', 'ldaps');
forgets('by starttls', [$password], @simple, '--transport', 'starttls');
forgets('by keytab', \@keys, by_keytab());
forgets('by keytab over TLS', \@keys, by_keytab('-H', $ENV{LAB_DC}, '--transport', 'ldaps', '--ca-file', $ENV{LAB_CA}));
forgets('--all-servers', [$password], @simple, '--transport', 'ldaps', '--all-servers');

done_testing;
