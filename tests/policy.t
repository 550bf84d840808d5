#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# How the policy file is read: its grammar, its lists, and what is an error. What its
# settings do to the verdict is in the scenarios. No server is asked.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Plugin qw(run report_of spew work_folder);
use Test::More;

my $healthy = "$FindBin::Bin/scenarios/healthy-domain/directory.ldif";
my $work    = work_folder();
my $policy  = "$work/site.policy";

# One line that begins with UNKNOWN and names file, line and each of the words; exit 3.
sub refused {
    my ($name, $text, $line, @words) = @_;
    spew($policy, $text);
    my $answer = run(name => $name, arguments => ['--ldif', $healthy, '--policy', $policy]);
    my $place = defined $line ? "$policy:$line: " : "$policy: ";
    my @missing = grep { index($answer->{stdout}, $_) < 0 } $place, @words;
    ok($answer->{exit} == 3 && $answer->{stdout} =~ /\AHYPERV DELEGATION UNKNOWN - policy [^\n]+\n\z/ && !@missing,
        "$name: refused in one line")
        or diag("without: @missing\n$answer->{stdout}");
    return;
}

# The report of the healthy domain, judged by this policy.
sub judged {
    my ($name, $text, %option) = @_;
    spew($policy, $text) if defined $text;
    my $answer = run(
        name      => $name,
        arguments => ['--ldif', $healthy, '--policy', $policy, '--output-format', 'json',
            @{$option{arguments} // []}]);
    like($answer->{stdout}, qr/\A\{/, "$name: taken") or return {findings => [], hosts => []};
    return report_of($answer->{stdout});
}

# rule, subject and object of each finding, sorted.
sub found {
    my ($report) = @_;
    return [sort map { join ' ', grep { defined } @$_{qw(rule subject object)} } @{$report->{findings}}];
}

# The words of a policy that name nobody come back as findings: a look into its lists.
sub names {
    my ($name, $text, @words) = @_;
    my $findings = found(judged($name, $text));
    return is_deeply($findings, [sort @words], "$name: each word for itself");
}

subtest 'a policy that says nothing' => sub {
    for my $case (['empty', ''], ['comments', "; one\n# two\n\n   \n"], ['a section alone', "[hosts]\n[rules]\n"],
        ['a byte order mark', "\xEF\xBB\xBF[rules]\n"], ['CRLF', "[rules]\r\nno-hosts = warning\r\n"],
        ['no newline at the end', "[rules]\nno-hosts = warning"]) {
        my $report = judged(@{$case});
        is($report->{state}, 'OK', "$case->[0]: OK");
    }
};

subtest 'sections' => sub {
    refused('an unknown section', "[hosts]\nadd = hv01\n\n[host]\nadd = hv01\n", 4, '[host]', '[group NAME]');
    refused('an unknown section without a line in it', "[rule]\n", 1, '[rule]');
    refused('a section in other letters', "[Hosts]\n", 1, '[Hosts]');
    refused('a group without a name', "[group]\nhosts = hv01\n", 1, '[group]');
    refused('a group of blanks', "[group  ]\nhosts = hv01\n", 1);
    refused('a section that is not closed', "\n[hosts\nadd = hv01\n", 2, ']');
    refused('a later one', "[hosts]\nadd = hv01\n[rules\nno-hosts = ok\n", 3, ']');
    refused('an indented section', "[hosts]\nallow = a\n [rules]\nno-hosts = ok\n", 3, '[rules]');
    refused('an indented group', "[admins]\nexempt = a\n\t[group x]\n", 3, '[group x]');
    refused('a key before any section', "add = hv01\n[hosts]\n", 1, 'add');
    refused('a group without hosts', "[group lab]\nallow = cifs/x\n", undef, 'lab');
    refused('a group with nothing', "[hosts]\nadd = hv01\n[group lab]\n", undef, 'lab');
    refused('a group whose hosts are commas', "[group lab]\nhosts = , ,\n", 2, 'the list hosts is empty');
    refused('a key behind a section', "[hosts] add = hv01\n", 1, 'line of its own');
    refused('a key behind a later one', "[hosts]\nadd = hv01\n[admins] exempt = a\n", 3, 'line of its own');
    refused('an indented section right below another', "[group lab]\n  [hosts]\nallow = *\n", 2, 'beginning of its line');
    refused('an indented section above all others', "  [rules]\nno-hosts = ok\n", 1, 'beginning of its line');
    refused('the same behind a comment', "[hosts]\n; ours\n\n\t[admins]\nexempt = *\n", 4, 'beginning of its line');
};

subtest 'keys' => sub {
    my %keys = (
        hosts        => [qw(add exclude allow trustees)],
        'group east' => [qw(hosts services allow trustees)],
        admins       => [qw(groups ignore-groups exempt exempt-dn)],
        operators    => [qw(accounts)],
    );
    for my $section (sort keys %keys) {
        for my $key (map { @{$_} } values %keys) {
            next if grep { $_ eq $key } @{$keys{$section}};
            refused("$key in [$section]", "[$section]\n$key = x\n", 2, $key);
        }
        refused("$keys{$section}[0] in other letters", "[$section]\n\U$keys{$section}[0]\E = x\n", 2);
        for my $key (@{$keys{$section}}) {
            refused("$key without a value", "[$section]\n$key =\n", 2, $key);
            refused("$key with a comment for a value", "[$section]\n$key = ; none\n", 2, $key);
            refused("$key with nothing but a comma", "[$section]\n$key = ,\n", 2, "the list $key is empty") if $key ne 'exempt-dn';
        }
    }
    refused('a line without =', "[hosts]\nadd = hv01\nexclude\n", 3);
    refused('a line of text', "[hosts]\nthese are ours\n", 2);
    refused('an indented key', "[admins]\n  exempt = a\n  ignore-groups = b*\n", 3, 'ignore-groups = b*');
    refused('an indented key without blanks', "[hosts]\nallow = a\n exclude=b\n", 3, 'exclude=b');
    refused('an indented rule', "[rules]\n  no-hosts = ok\n  no-admins = ok\n", 3, 'no-admins');
    refused('an empty key', "[hosts]\n= hv01\n", 2);
};

subtest 'states of rules' => sub {
    refused('a rule that is set twice', "[rules]\nno-hosts = critical\nno-admins = ok\n[rules]\nno-hosts = ok\n", 5, 'no-hosts is set twice');
    refused('a pattern of services', "[group lab]\nhosts = hv01\nservices = cifs, Microsoft*\n", 3, 'no patterns: Microsoft*');
    refused('an unknown rule', "[rules]\n\nno-such-rule = ok\n", 3, 'no-such-rule');
    refused('a rule in other letters', "[rules]\nNo-Hosts = ok\n", 2, 'No-Hosts');
    refused('an unknown state', "[rules]\nno-hosts = fine\n", 2, 'fine', 'critical');
    refused('a number for a state', "[rules]\nno-hosts = 2\n", 2);
    refused('two states', "[rules]\nno-hosts = ok, warning\n", 2);
    refused('no state', "[rules]\nno-hosts =\n", 2, 'no-hosts');
    refused('admin-unprotected', "[rules]\nadmin-unprotected = critical\n", 2, 'admin-unprotected', '--warning');
    for my $state (qw(ok warning critical unknown)) {
        my $text = "[hosts]\nexclude = hv*\n[rules]\nno-hosts = $state\n";
        my $report = judged("state $state", $text);
        is($report->{state}, uc $state, "$state is the state of the run");
        is_deeply(found($report), ['no-hosts corp.example.com'], "$state: listed");
    }
    is(judged('CRITICAL', "[hosts]\nexclude = hv*\n[rules]\nno-hosts = CRITICAL\n")->{state},
        'CRITICAL', 'states are taken in capitals too');
};

subtest 'lists' => sub {
    names('commas and blanks between hosts', "[hosts]\nadd = a,b c\td , e,,f\n",
        map { "host-missing $_" } qw(a b c d e f));
    names('blanks in names of accounts', "[operators]\naccounts = Joe Doe ,  ann\n",
        'unreadable Joe Doe accounts', 'unreadable ann accounts');
    names('the same key twice', "[hosts]\nadd = a\nexclude = hv-lab\nadd = b\n",
        'host-missing a', 'host-missing b', 'unreadable hv-lab exclude');
    names('the same section twice', "[admins]\nexempt = a\n[operators]\naccounts = c\n[admins]\nexempt = b\n",
        'unreadable a exempt', 'unreadable b exempt', 'unreadable c accounts');
    names('continuation lines', "[admins]\nexempt = a,\n\tb, c,\n  d\nignore-groups = e\n",
        (map { "unreadable $_ exempt" } qw(a b c d)), 'unreadable e ignore-groups');
    names('a second DN in a continuation line', "[admins]\nexempt-dn = CN=a,DC=x\n  cn=b,DC=x\n",
        'unreadable CN=a,DC=x exempt-dn', 'unreadable cn=b,DC=x exempt-dn');
    names('a continuation that begins with a key\'s name', "[operators]\naccounts = a,\n  groups\n  [ab]cd\n",
        'unreadable [ab]cd accounts', 'unreadable a accounts', 'unreadable groups accounts');
    names('an indented first line', "[operators]\n  accounts = a\n", 'unreadable a accounts');
    names('inline comments', "[operators] ; who migrates\naccounts = a, b ; and c\n",
        'unreadable a accounts', 'unreadable b accounts');
    names('a semicolon in a name', "[operators]\naccounts = a;b\n", 'unreadable a;b accounts');
    names('a number sign in a name', "[operators]\naccounts = a#b\n", 'unreadable a#b accounts');
    names('a colon for =', "[operators]\naccounts: a\n", 'unreadable a accounts');
    names('no blanks around =', "[operators]\naccounts=a\n", 'unreadable a accounts');
    names('a DN with commas is one', "[admins]\nexempt-dn = CN=Joe\\, Doe,OU=x y,DC=other,DC=example\n",
        'unreadable CN=Joe\\, Doe,OU=x y,DC=other,DC=example exempt-dn');
    names('two DNs are two lines', "[admins]\nexempt-dn = CN=a,DC=x\nexempt-dn = CN=b,DC=x\n",
        'unreadable CN=a,DC=x exempt-dn', 'unreadable CN=b,DC=x exempt-dn');
    names('one word in two lists', "[admins]\nexempt = a\n[operators]\naccounts = a\n",
        'unreadable a accounts', 'unreadable a exempt');
    names('one word twice in a list', "[hosts]\nadd = a A a\n", 'host-missing A', 'host-missing a');
};

subtest 'groups' => sub {
    my $report = judged('two sections of one group', "[group east]\nhosts = hv01\n[group east]\nhosts = hv02\n");
    is_deeply([map { $_->{groups} } @{$report->{hosts}}], [['east'], ['east']], 'one group');
    is(scalar @{$report->{pairs}}, 2, 'of two hosts');
    $report = judged('a name with blanks', "[group  Rack 1, left]\nhosts = hv0?\n");
    is($report->{pairs}[0]{group}, 'Rack 1, left', 'a name may hold blanks and commas');
    $report = judged('groups in any order', "[group west]\nhosts = hv0?\n[group East]\nhosts = hv0?\n");
    is_deeply([map { $_->{group} } @{$report->{pairs}}], [('East') x 2, ('west') x 2], 'pairs are sorted by group');
    refused('the second of two sections is wrong', "[group e]\nhosts = hv01\n[group e]\nhost = hv02\n", 4, 'host');
};

subtest 'lengths' => sub {
    my $long = 'exempt = ' . join ', ', ('account') x 40;
    refused('a line longer than inih reads', "[admins]\n$long\n", 2, 'longer');
    refused('a comment that long', "[admins]\nexempt = a\n; " . 'x' x 300 . "\n", 3, 'longer');
    refused('a last line that long', "[admins]\n" . $long, 2, 'longer');
    my ($longest) = (0);
    for my $length (150 .. 205) {
        my $name = 'x' x ($length - length 'exempt = ');
        spew($policy, "[admins]\nexempt = $name\n");
        my $answer = run(name => "a line of $length bytes",
            arguments => ['--ldif', $healthy, '--policy', $policy, '--max-output', '65536']);
        if ($answer->{stdout} =~ /^\[UNKNOWN\] (x+) -> exempt: /m) {
            is($1, $name, "a line of $length bytes: read whole");
            $longest = $length;
        } else {
            like($answer->{stdout}, qr/^HYPERV DELEGATION UNKNOWN - policy \Q$policy\E:2: .*longer than $longest bytes/,
                "a line of $length bytes: refused, and how long it may be is said");
        }
    }
    cmp_ok($longest, '>=', 190, 'lines of 190 bytes are read');
    names('many lines', "[admins]\nexempt = a0,\n" . join('', map { "  a$_,\n" } 1 .. 299),
        map { "unreadable a$_ exempt" } 0 .. 299);
};

subtest 'files' => sub {
    my $missing = run(arguments => ['--ldif', $healthy, '--policy', "$work/none"]);
    is($missing->{exit}, 3, 'a file that is not there');
    like($missing->{stdout}, qr/\AHYPERV DELEGATION UNKNOWN - can not open the policy \Q$work\E\/none: No such file/, 'named, with the reason');
    my $folder = run(arguments => ['--ldif', $healthy, '--policy', $work]);
    is($folder->{exit}, 3, 'a folder');
    like($folder->{stdout}, qr/\AHYPERV DELEGATION UNKNOWN - can not read policy \Q$work\E: Is a directory$/, 'named, with the reason');
    my $unicode = spew("$work/unicode.ini", "\xFF\xFE[\0r\0u\0l\0e\0s\0]\0\r\0\n\0");
    is(run(arguments => ['--ldif', $healthy, '--policy', $unicode])->{stdout},
        "HYPERV DELEGATION UNKNOWN - policy $unicode:1: the file is saved as UTF-16: save it as UTF-8\n", 'as PowerShell writes it');
    my $input = run(arguments => ['--ldif', $healthy, '--policy', '-'], stdin => "[rules]\nno-host = ok\n");
    like($input->{stdout}, qr/\AHYPERV DELEGATION UNKNOWN - policy - \(standard input\):2: .*no-host/, 'standard input, with its line');
    $input = run(arguments => ['--ldif', $healthy, '--policy', '-'], stdin => "[hosts]\nadd = ghost\n");
    like($input->{stdout}, qr/^\[CRITICAL\] ghost: /m, 'standard input is read');
    my $both = run(arguments => ['--ldif', '-', '--policy', '-'], stdin => '');
    like($both->{stdout}, qr/\AUNKNOWN - .*standard input.*--policy/, 'standard input can be read once');
    spew("$work/a\n\\x|b", "[nonsense]\n");
    my $hostile = run(arguments => ['--ldif', $healthy, '--policy', "$work/a\n\\x|b"]);
    is($hostile->{exit}, 3, 'a hostile name of a file');
    refused('hostile words', "[rules]\na|b<c>\\nd = ok\n", 2);
    refused('a NUL byte', "[hosts]\nadd = hv\0x01\n", 2);
};

done_testing();
