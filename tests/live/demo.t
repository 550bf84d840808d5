#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# contrib/demo with the program under test: it gives a verdict, and the README's example is
# what it prints. There "..." at the end of a line stands for the rest of the line, and on a
# line of its own for some lines.
use strict;
use warnings;

use FindBin qw($Bin);
use lib "$Bin/../lib";
use Plugin qw(program run slurp);
use Test::More;

my $demo = "$Bin/../../contrib/demo";

# The lines of the README's example.
sub read_example {
    my ($example) = slurp("$Bin/../../README") =~ /^((?:    .*\n)*    HYPERV DELEGATION .*\n(?:    .*\n)*)/m
        or BAIL_OUT('the README has no example');
    return map { s/^    //r } split /\n/, $example;
}

# The first line of the example that the output does not have where it should be.
sub find_stale {
    my ($example, $output) = @_;
    my @left = @$output;
    my $skip = 0;

    for my $line (@$example) {
        if ($line eq '...') {
            $skip = 1;
            next;
        }
        my $start = $line =~ s/ \.\.\.$/ /r;
        my $fits = sub { $start eq $line ? $_[0] eq $line : index($_[0], $start) == 0 };
        shift @left while $skip && @left && !$fits->($left[0]);
        return $line if !@left || !$fits->(shift @left);
        $skip = 0;
    }
    return;
}

plan skip_all => 'contrib/demo is run by root' if $> != 0;
my $lab = qx("$Bin/../lab/lab" template 2>&1);
plan skip_all => $lab =~ s/^lab: //r if $? >> 8 == 77;

for my $none ('/nowhere/at/all', '/tmp', "$Bin/../lab/domain.py", '/dev/null', '') {
    my $refused = run(name => "demo --program '$none'", unchecked => 1, command => [$demo, '--program', $none]);
    is_deeply([@{$refused}{qw(exit stdout stderr)}], [1, '', "demo: \"$none\" is no program\n"], "'$none' is refused at once");
}

my $answer = run(name => 'demo', unchecked => 1, command => [$demo, '--program', program()]);
my @output = split /\n/, $answer->{stdout};
is($answer->{exit}, 0, 'the demo gives a verdict') or diag("$answer->{stdout}$answer->{stderr}");
like($answer->{stdout}, qr/== exit code 2\b/, 'which is CRITICAL');
shift @output while @output && $output[0] !~ /^HYPERV DELEGATION /;

my @example = read_example();
cmp_ok(scalar @example, '>', 5, 'the README shows some lines');
is(find_stale(\@example, \@output), undef, 'the example of the README is what the demo prints')
    or diag(join "\n", @output);

subtest 'an old example would be noticed' => sub {
    my @middle = @example;
    splice @middle, 2, 1;
    my ($number) = $example[0] =~ /(\d+) of/;
    isnt(find_stale([$example[0] =~ s/\d+ of/($number + 1) . ' of'/er, @example[1 .. $#example]], \@output), undef,
        'another number');
    isnt(find_stale(\@middle, \@output), undef, 'a line that lacks');
    isnt(find_stale([@example, 'one more'], \@output), undef, 'a line too many');
};

done_testing;
