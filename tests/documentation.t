#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Holds what is written twice together: the rules, options and perfdata labels of the
# program and its manual page, the options and the CheckCommand of Icinga, the sections and
# keys of policies and the example. The names are read from the sources and from --help;
# the example is given to the program.
use strict;
use warnings;
use FindBin;
use JSON::PP ();
use lib "$FindBin::Bin/lib";
use Plugin qw(run slurp);
use Test::More;

my $top     = "$FindBin::Bin/..";
my $page    = "$top/contrib/check_hyperv_delegation.8";
my $example = "$top/contrib/policy.ini";
my $export  = "$FindBin::Bin/scenarios/guard-pages-joined/directory.ldif";

# The lines of a section of the page (.SH), as the reader sees its letters; with a second
# name, of that subsection (.SS) alone.
sub section {
    my ($name, $subsection) = @_;
    my ($lines) = slurp($page) =~ /^\.SH \Q$name\E\n(.*?)(?=^\.SH |\z)/ms
        or BAIL_OUT("the page has no section $name");
    if (defined $subsection) {
        ($lines) = $lines =~ /^\.SS \Q$subsection\E\n(.*?)(?=^\.SS |\z)/ms;
        $lines //= '';
    }
    $lines =~ s/\\-/-/g;
    return $lines;
}

# The first line after each .TP: what is explained there, without its fonts.
sub tags {
    my ($lines) = @_;
    return map { s/^\.[BI]R? //r =~ s/\\f[BIR]//gr } $lines =~ /^\.TP\n(.+)$/mg;
}

# One test: two sets of names are the same, each name once.
sub same_names {
    my ($got, $expected, $name) = @_;
    cmp_ok(scalar @{$expected}, '>', 0, "$name: there are some");
    return is_deeply([sort @{$got}], [sort @{$expected}], $name)
        || diag('differ: ' . join ' ', differing($got, $expected));
}

sub differing {
    my ($got, $expected) = @_;
    my %count;
    $count{$_}++ for @{$got};
    $count{$_}-- for @{$expected};
    return grep { $count{$_} } sort keys %count;
}

# rule => [default state, whether thresholds grade it], from the catalogue.
sub read_catalogue {
    my $source = slurp("$top/plugins/policy/finding.c");
    my %rules  = $source =~ /\[RULE_[A-Z0-9_]+\]\s*=\s*\{\s*"([a-z-]+)",\s*STATE_([A-Z]+)/g;
    my $rows   = () = slurp("$top/plugins/policy/finding.h") =~ /^\s*RULE_(?!COUNT)[A-Z0-9_]+,/mg;
    is(scalar keys %rules, $rows, 'every rule of finding.h was read');
    $rules{'admin-unprotected'} = 'by threshold';
    return %rules;
}

# "short long argument" of each option, from --help or from the page.
sub read_help {
    my $help = run(arguments => ['--help'], name => '--help')->{stdout};
    return map { join ' ', grep { defined && length } @{$_} }
        map { [/^  (-\w)?,? *(--[a-z0-9-]+)(?: (\S+))?$/] }
        grep { /^  (?:-\w, |    )--/ } split /\n/, $help;
}

sub read_options {
    return map { join ' ', grep { defined && length } /^(?:(-\w), )?(--[a-z0-9-]+)(?: (\S+))?$/ }
        grep { /^-/ } tags(section('OPTIONS'));
}

# section => [keys] that the reader of policies knows; of [rules] none.
sub read_known_keys {
    my $source = slurp("$top/plugins/policy/policy_file.c");
    my ($rows)     = $source =~ /\} keys\[\] = \{(.*?)^\};/ms or BAIL_OUT('policy_file.c has no table of keys');
    my ($sections) = $source =~ /const sections\[\] = \{(.*?)\}/s or BAIL_OUT('policy_file.c has no sections');
    my %keys       = map { $_ => [] } $sections =~ /"([a-z]+)"/g, 'group NAME';

    while ($rows =~ /\{(group_section|"[a-z]+"), "([a-z-]+)"/g) {
        my ($section, $key) = ($1 eq 'group_section' ? 'group NAME' : $1 =~ tr/"//dr, $2);
        push @{ $keys{$section} // BAIL_OUT("there is no section [$section]") }, $key;
    }
    is(scalar(map { @$_ } values %keys), scalar(() = $rows =~ /\{/g), 'keys that this test knows');
    return %keys;
}

# section => {key => 1} of the example; groups are one section, "group NAME".
sub read_example {
    my (%keys, $section);
    for my $line (split /\n/, slurp($example)) {
        if ($line =~ /^\[(.+)\]$/) {
            $section = $1 =~ s/^group .+/group NAME/r;
            $keys{$section} //= {};
        } elsif ($line =~ /^([a-z-]+) *= *\S/) {
            $keys{$section}{$1} = 1;
        }
    }
    return %keys;
}

subtest 'rules' => sub {
    my %rules = read_catalogue();
    my @told  = map { /^([a-z-]+) \((.+)\)$/ ? [$1, $2] : () } tags(section('RULES'));
    my %told  = map { @{$_} } @told;
    same_names([map { $_->[0] } @told], [keys %rules], 'the page explains each rule, and no other');
    is($told{$_} // 'nothing', $rules{$_}, "$_: the default state") for sort keys %rules;
    for my $rule (sort keys %told) {
        my ($text) = section('RULES') =~ /^\\fB\Q$rule\E\\fR.*\n((?:(?!\.TP|\.SS|\.SH|\.PP).*\n)+)/m;
        cmp_ok(length($text // ''), '>', 60, "$rule: what it means");
    }
};

subtest 'options' => sub {
    same_names([read_options()], [read_help()], 'the page has the options of --help, with the same arguments');
};

subtest 'version' => sub {
    my ($version) = slurp("$top/configure.ac") =~ /^AC_INIT\(\[\w+\], \[([\d.]+)\]/m;
    my %others = (
        'debian/changelog' => qr/\A[\w-]+ \(([^)]+)\)/,
        NEWS               => qr/^(\d\S+) /m,
        'contrib/check_hyperv_delegation.8' => qr/^\.TH .* "check_hyperv_delegation (\S+)"/m,
        'contrib/nagios-plugins-hyperv-delegation.spec' => qr/^Version: +(\S+)$/m,
    );
    for my $file (sort keys %others) {
        my ($told) = slurp("$top/$file") =~ $others{$file};
        is($told, $version, "$file has the version of the program");
    }
    like(run(arguments => ['--version'])->{stdout}, qr/ \Q$version\E$/, 'and --version');
};

subtest 'exports' => sub {
    my ($body) = slurp("$top/plugins/ad/attribute.c") =~ /names\[ATTRIBUTE_COUNT\] = \{(.*?)\};/s;
    my @read    = $body =~ /"(\w[\w-]*)"/g;
    my $page    = section('EXPORTS');
    my @told    = grep { /\w\w/ } map { split ' ' } $page =~ /"\(objectClass=\*\)"([^>]*)>/g, $page =~ /(\S+) >aliases/;
    # read of accounts that drifted only, which no export can tell, or to find the catalogue, or
    # of deleted objects, which these commands do not show
    @read = grep { !/^(?:replPropertyMetaData|invocationId|isGlobalCatalogReady|isDeleted)$/ } @read;
    same_names(\@told, \@read, 'the page names the attributes that an export needs');
};

# Not for a scheduler: the first is a decision of humans.
my @not_scheduled = qw(--accept --help --version);

subtest 'the CheckCommand of Icinga' => sub {
    my $source    = slurp("$top/contrib/icinga2/hyperv_delegation.conf");
    my @arguments = $source =~ /^\t\t"(--[a-z0-9-]+)" = \{$/mg;
    my @options   = map { /(--\S+)/ } read_help();
    same_names([@arguments, @not_scheduled], \@options, 'it has the options of --help');
    for my $argument (@arguments) {
        my ($body) = $source =~ /^\t\t"$argument" = \{\n(.*?)^\t\t\}/ms;
        my $variable = $argument =~ s/^--//r =~ tr/-/_/r;
        like($body, qr/\$hyperv_delegation_$variable\$/, "$argument: its variable");
        like($body, qr/^\t\t\tdescription = "[A-Za-z0-9].+\."$/m, "$argument: its description");
    }
    my $basket = JSON::PP::decode_json(slurp("$top/contrib/icinga2/director-basket.json"));
    same_names([map { $_->{varname} } values %{$basket->{Datafield}}],
        [map { 'hyperv_delegation_' . s/^--//r =~ tr/-/_/r } @arguments], 'the basket of the Director has its variables');
};

subtest 'perfdata' => sub {
    my @labels = slurp("$top/plugins/policy/metric.c") =~ /\[METRIC_[A-Z_]+\] = \{"([a-z_]+)"/g;
    my $rows   = () = slurp("$top/plugins/policy/metric.h") =~ /^\s*METRIC_(?!COUNT)[A-Z_]+,/mg;
    is(scalar @labels, $rows, 'every label was read');
    same_names([tags(section('PERFORMANCE DATA'))], \@labels, 'the page has the labels of the program');
};

subtest 'policy' => sub {
    my %known   = read_known_keys();
    my %example = read_example();
    my @headings = section('POLICY FILE') =~ /^\.SS \[(.+)\]$/mg;

    same_names(\@headings, [keys %known], 'the page has the sections');
    same_names([keys %example], [keys %known], 'the example has the sections');
    for my $section (sort grep { $_ ne 'rules' } keys %known) {
        same_names([tags(section('POLICY FILE', "[$section]"))], $known{$section}, "[$section]: the page has the keys");
        same_names([keys %{$example{$section}}], $known{$section}, "[$section]: the example has the keys");
    }
    cmp_ok(scalar keys %{$example{rules}}, '>', 0, 'the example sets the state of a rule');
    my $answer = run(arguments => ['--ldif', $export, '--policy', $example], name => 'the example');
    like($answer->{stdout}, qr/^HYPERV DELEGATION [A-Z]+ - \d+ of \d+ hosts? wrong/, 'the example is judged by')
        or diag($answer->{stdout});
};

subtest 'page' => sub {
    my $text = slurp($page);
    like($text, qr/^\.B $_$/m, "ENVIRONMENT: $_")
        for qw(LDAPNOINIT KRB5CCNAME KRB5_CLIENT_KTNAME KRB5_CONFIG MP_CONFIG_FILE NAGIOS_CONFIG_PATH);
    unlike($text, qr/(?<![\\'])--/, 'an option is written with \\-, so that it can be copied');
    my $mandoc = (grep { -x } map { "$_/mandoc" } split /:/, $ENV{PATH})[0];
    SKIP: {
        skip 'mandoc is not there', 1 if !$mandoc;
        is(`$mandoc -T lint -W warning $page 2>&1`, '', 'mandoc finds nothing');
    }
    my ($date) = $text =~ /^\.TH \S+ 8 (\S+)/m;
    my ($day, $month, $year) = slurp("$top/debian/changelog") =~ /^ -- .*> +\w+, (\d+) (\w+) (\d+) /m;
    my $number = index('JanFebMarAprMayJunJulAugSepOctNovDec', $month) / 3 + 1;
    is($date, sprintf('%d-%02d-%02d', $year, $number, $day), 'its date is that of the release');
    my $groff = (grep { -x } map { "$_/groff" } split /:/, $ENV{PATH})[0];
    SKIP: {
        skip 'groff is not there', 2 if !$groff;
        is(`$groff -man -ww -z -K utf8 -T utf8 $page 2>&1`, '', 'groff finds nothing');
        my @lines = split /\n/, `$groff -man -K utf8 -T ascii -P -cbou -rLL=80n $page`;
        is_deeply([grep { length > 80 } @lines], [], 'no line is wider than a terminal');
    }
};

done_testing();
