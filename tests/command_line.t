#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What the program does with its command line, its configuration files, its input and its
# surroundings, up to the point where there is a directory to judge (that is
# scenarios.t). No server is asked. Tests that need root, strace or a build without
# sanitizers are skipped elsewhere.
use strict;
use warnings;
use Fcntl qw(O_RDWR);
use FindBin;
use lib "$FindBin::Bin/lib";
use MIME::Base64 qw(encode_base64);
use Plugin qw(program run check_answer parse_output report_of slurp spew work_folder is_sanitized);
use POSIX ();
use Test::More;
use Time::HiRes qw(time sleep);

my $scenarios = "$FindBin::Bin/scenarios";
my $healthy   = "$scenarios/healthy-domain/directory.ldif";
my @healthy   = ('--ldif', $healthy);
my $baseline  = "$scenarios/healthy-domain/expected.json";
my $export    = slurp($healthy);
my $work      = work_folder();

# The program with these arguments says OK.
sub works {
    my ($name, $arguments, %option) = @_;
    my $answer = run(name => $name, arguments => $arguments, %option);
    is($answer->{exit}, 0, "$name: OK") or diag($answer->{stdout});
    return $answer;
}

# One line that begins with UNKNOWN and holds every one of the words; exit 3.
sub refused {
    my ($name, $arguments, $words, %option) = @_;
    my $answer = run(name => $name, arguments => $arguments, %option);
    my @missing = grep { index($answer->{stdout}, $_) < 0 } @{$words};
    my $begin = $option{begin} // 'UNKNOWN - ';
    ok($answer->{exit} == 3 && $answer->{stdout} =~ /^\Q$begin\E[^\n]+\n\z/ && !@missing,
        "$name: refused in one line")
        or diag("without: @missing\n" . $answer->{stdout});
    return $answer;
}

sub failed {
    my ($name, $arguments, $words, %option) = @_;
    return refused($name, $arguments, $words, begin => 'HYPERV DELEGATION UNKNOWN - ', %option);
}

subtest 'help and version' => sub {
    for my $option ('-h', '--help') {
        my $help = run(arguments => [$option]);
        is($help->{exit}, 3, "$option: exit 3");
        is(scalar(grep { length > 80 } split /\n/, $help->{stdout}), 0, "$option: 80 columns");
    }
    for my $option ('-V', '--version') {
        my $version = run(arguments => [$option]);
        is($version->{exit}, 3, "$option: exit 3");
        like($version->{stdout}, qr/^check_hyperv_delegation \d+\.\d+\S*\n\z/, "$option: one line");
    }
    my $help = run(arguments => ['-h'])->{stdout};
    like($help, qr/--ldif FILE/, 'help names the options');
    run(arguments => ['-hV']);
    run(arguments => ['-V', '--ldif', '/nowhere']);
    refused('-h with a broken option beside it', ['-h', '--nonsense'], ['--nonsense']);
};

# Every option that --help lists: how it is used rightly with an export, or which message
# it brings there.
subtest 'each option of --help' => sub {
    my %with_export = (
        'host'          => [['hv01'], 0],
        'only'          => [['hosts'], 0],
        'policy'        => [['/dev/null'], 0],
        'fix'           => [[], 0],
        'baseline'      => [[$baseline], 0],
        'accept'        => [[], undef],
        'warning'       => [['5'], 0],
        'critical'      => [['admins=10'], 0],
        'timeout'       => [['5:critical'], 0],
        'output-format' => [['json'], 0],
        'output'        => [['-'], undef],    # reports.t
        'verbose'       => [[], 0],
        'max-output'    => [['2048'], 0],
        'ldif'          => [[$healthy], 0],
        'domain'        => [['example.com'], '--domain'],
        'site'          => [['Branch'], '--site'],
        'hostname'      => [['dc01'], '--hostname'],
        'port'          => [['389'], '--port'],
        'use-ipv4'      => [[], '--use-ipv4'],
        'use-ipv6'      => [[], '--use-ipv6'],
        'transport'     => [['ldaps'], '--transport'],
        'ca-file'       => [['/etc/ca.pem'], '--ca-file'],
        'all-servers'   => [[], '--all-servers'],
        'gc'            => [['dc01'], '--gc'],
        'logname'       => [['svc@EXAMPLE.COM'], '--logname'],
        'keytab'        => [['/etc/krb5.keytab'], '--keytab'],
        'ccache'        => [['MEMORY:'], '--ccache'],
        'kdc'           => [[], '--kdc'],
        'kdc-control'   => [['user01'], '--kdc-control'],
        'kdc-limit'     => [['5'], '--kdc-limit'],
        'bind-dn'       => [['CN=x'], '--bind-dn'],
        'password-file' => [['/etc/secret'], '--password-file'],
        'extra-opts'    => [['none@/nowhere'], undef],
        'help'          => [[], undef],
        'version'       => [[], undef],
    );
    my $help = run(arguments => ['-h'])->{stdout};
    my %takes = $help =~ /^ +(?:-\w, |    )--([a-z0-9-]+)( \S+)?$/mg;
    cmp_ok(scalar keys %takes, '>', 20, 'options are read from --help');
    for my $name (sort keys %takes) {
        my $case = $with_export{$name};
        if (!$case) {
            fail("--$name is in --help and not in this test");
            next;
        }
        my ($values, $expected) = @{$case};
        is(!!@{$values}, !!$takes{$name}, "--$name takes a value as --help says");
        if (defined $expected && $expected eq '0') {
            works("--$name", [@healthy, "--$name", @{$values}]);
            works("--$name=", [@healthy, join '=', "--$name", @{$values}]);
        } elsif (defined $expected) {
            refused("--$name with --ldif", [@healthy, "--$name", @{$values}], [$expected, '--ldif']);
        }
        refused("--$name without a value", [@healthy, "--$name"], ["--$name", 'value'])
            if @{$values} && $name ne 'extra-opts';
        refused("--$name with an empty value", [@healthy, "--$name="], ["--$name"])
            if @{$values} && $name ne 'extra-opts';
        refused("--$name with a value it does not take", [@healthy, "--$name=x"], ["--$name"])
            if !@{$values};
    }
    my %letters = $help =~ /^  -(\w), --([a-z0-9-]+)/mg;
    for my $letter (sort keys %letters) {
        my ($values, $expected) = @{$with_export{$letters{$letter}} // [[], undef]};
        works("-$letter", [@healthy, "-$letter", @{$values}]) if defined $expected && $expected eq '0';
        refused("-$letter without a value", [@healthy, "-$letter"], ['value']) if @{$values};
    }
    works('--ldi is enough', ['--ldi', $healthy]);
};

subtest 'usage errors' => sub {
    refused('no arguments', [], ['--domain', '--hostname', '--ldif']);
    refused('an unknown long option', [@healthy, '--nonsense'], ['--nonsense']);
    refused('an unknown letter', [@healthy, '-x'], ['-x']);
    refused('an unknown letter at the end of a cluster', [@healthy, '-vx'], ['-x']);
    refused('an unknown letter at the start of a cluster', ['-xv', @healthy], ['-x']);
    refused('an ambiguous option', [@healthy, '--output-f=json', '--h'], ['--h']);
    refused('a word that is no option', [@healthy, 'hv01'], ['hv01', 'blanks', 'quotes']);
    refused('a word behind --', [@healthy, '--', '-v'], ['-v']);
    refused('an option of later times', [@healthy, '--site', 'x'], ['--site']);
    refused('a long word', ['--only', 'x' x 20000], ['--only']);
    refused('a word with markup', ['--only', "<a>|b\n\x1b\xff\\n"], ['--only']);

    my %wrong = (
        '--only'          => ['both', 'HOSTS', 'hosts,admins'],
        '--output-format' => ['xml', 'JSON', 'html '],
        '--transport'     => ['tls', 'LDAPS'],
        '--port'          => ['0', '65536', '-1', '389x', ' 389', '1e3', '99999999999999999999'],
        '--timeout'       => ['0', '-1', '1.5', '5s', '5:', '5:never', ':critical', '86401', ''],
        '--kdc-limit'     => ['0', '-1', '5x', '1.5', '99999999999999999999'],
        '--max-output'    => ['0', '1023', '4k', '-4096', '99999999999999999999'],
    );
    for my $option (sort keys %wrong) {
        refused("$option '$_'", [$option, $_], [$option]) for @{$wrong{$option}};
    }
    my @wrong_ranges = ('', 'x', '5:1', '1,5', '1e3', '0x10', 'nan', 'inf', '@', ':', '@:', '~',
        '10:~', '5:~', '1:2:3', '-5', '5 ', ' 5', '--5', '1.2.3', '.', 'nonsense=5', '=5', 'admins=',
        'ADMINS=5', 'admins==5', '9' x 40);
    for my $option ('-w', '-c') {
        my $long = $option eq '-w' ? '--warning' : '--critical';
        refused("$option '$_'", [@healthy, $option, $_], [$long]) for @wrong_ranges;
    }
    works("a range '$_'", [@healthy, '-w', "hosts=$_"])
        for '2', '0:2', ':2', '~:2', '1:', '2:2', '@3:', '@0:1', '1.5:2.5', '-3:3', '@-2:-1', '2.';

    my @contradictions = (
        [['-4', '-6', '-D', 'x'], '--use-ipv4', '--use-ipv6'],
        [['-D', 'x', '--only', 'admins', '-n', 'hv01'], '--host', '--only'],
        [['-D', 'x', '--only', 'admins', '-w', 'hosts=5'], '--warning', '--only'],
        [['-D', 'x', '--only', 'hosts', '-c', '5'], '--critical', '--only'],
        [['-D', 'x', '--output-format', 'json', '--max-output', '2048'], '--output-format', '--max-output'],
        [['-D', 'x', '--kdc-control', 'x'], '--kdc-control', '--kdc'],
        [['-D', 'x', '--kdc', '--only', 'hosts', '--kdc-control', 'x'], '--kdc-control', '--only'],
        [['-D', 'x', '--kdc', '--transport', 'ldaps', '--bind-dn', 'CN=x', '--password-file', 'x'],
            '--kdc', '--bind-dn'],
        [['-D', 'x', '--bind-dn', 'CN=x'], '--bind-dn', '--password-file'],
        [['-D', 'x', '--password-file', 'x'], '--password-file', '--bind-dn'],
        [['-D', 'x', '--bind-dn', 'CN=x', '--password-file', 'x'], '--bind-dn', '--transport'],
        [['-D', 'x', '--ca-file', 'x'], '--ca-file', '--transport'],
    );
    for my $with (['-l', 'x'], ['-k', 'x'], ['--ccache', 'x']) {
        my %long = ('-l' => '--logname', '-k' => '--keytab', '--ccache' => '--ccache');
        push @contradictions, [['-D', 'x', '--transport', 'ldaps', '--bind-dn', 'CN=x',
            '--password-file', 'x', @{$with}], $long{$with->[0]}, '--bind-dn'];
    }
    push @contradictions, [['-D', 'x', $_, '--output-format', 'json'], '--verbose', '--output-format'] for '-v', '-vv';
    push @contradictions, map { [['-D', 'x', @{$_}], $_->[0]] } ['--only', 'hosts', '--only', 'admins'],
        ['--policy', 'a', '--policy', 'b'], ['--baseline', 'a', '--baseline', 'b'],
        ['--timeout', '5', '--timeout', '6'], ['--output-format', 'json', '--output-format', 'nagios'];
    for my $case (@contradictions) {
        my ($arguments, @names) = @{$case};
        refused("@{$arguments}", $arguments, \@names);
    }
    refused("port $_", ['-H', 'dc1.example.com', '-p', $_], ["--port $_", 'global catalogue']) for 3268, 3269;
    works('the same value twice', [@healthy, '--only', 'hosts', '--only', 'hosts', '-t', 5, '-t', 5]);
    works('-vvv beside a JSON report', [@healthy, '--output-format', 'json', '-vvv'], unchecked => 1);
    refused('a secret is no argument', [@healthy, '--password', 'secret'], []);
};

# A long word of the user loses its middle, but not what is wrong with it.
subtest 'error lines are short' => sub {
    my $folder = "$work/" . join '/', ('y' x 200) x 18;
    my $long   = 'x' x 20000;
    my $path   = '/' . join '/', map { "folder$_" } 1 .. 400;
    my @cases  = (
        ['a word', ['--only', $long], 'UNKNOWN - --only takes hosts or admins'],
        ['a word with blanks', ['--only', 'x ' x 10000], 'UNKNOWN - --only takes hosts or admins'],
        ['a word that is no option', [$long], 'no option'],
        ['two words', ['-D', 'x', '--only', 'hosts', '--policy', $long, '--policy', "y$long"], '--policy is given as'],
        ['a missing policy', [@healthy, '--policy', $path], 'No such file', begin => 'HYPERV DELEGATION UNKNOWN - '],
        ['a missing export', ['--ldif', $path], 'No such file', begin => 'HYPERV DELEGATION UNKNOWN - '],
        ['a missing baseline', [@healthy, '--baseline', $path], 'No such file', begin => 'HYPERV DELEGATION UNKNOWN - '],
    );
    system 'mkdir', '-p', $folder and die "mkdir: $?";
    my @broken = ("$folder/broken.ldif", "$folder/broken.ini");
    spew($broken[0], "dn: DC=corp\nnonsense\n\n");
    spew($broken[1], "[hosts]\n\nnonsense = 1\n");
    push @cases, ['a broken export', ['--ldif', $broken[0]], 'broken.ldif:2: not a line of LDIF',
        begin => 'HYPERV DELEGATION UNKNOWN - '];
    push @cases, ['a broken policy', [@healthy, '--policy', $broken[1]], 'broken.ini:3: there is no key nonsense',
        begin => 'HYPERV DELEGATION UNKNOWN - '];
    for my $case (@cases) {
        my ($name, $arguments, $words, %option) = @{$case};
        my $answer = refused($name, $arguments, [$words], %option);
        cmp_ok(length $answer->{stdout}, '<=', 160, "$name: short");
        like($answer->{stdout}, qr/\.\.\./, "$name: that says so");
    }
};

subtest 'thresholds keep the output within its room' => sub {
    my @labels = @{parse_output(run(arguments => [@healthy])->{stdout})->{labels}};
    is(scalar @labels, 17, 'all labels of a whole run');
    my @thresholds = map { ('-w', "$_=~:" . '9' x 28, '-c', "$_=\@-2:-1." . '0' x 24) } @labels;
    my ($least) = run(arguments => ['--max-output', '1'])->{stdout} =~ /from (\d+) on/;
    my @same = map { "$scenarios/drift-none/$_" } qw(directory.ldif baseline.json);
    my @run = ('--ldif', $same[0], '--baseline', $same[1], @thresholds);
    run(name => 'long thresholds on every label', arguments => \@run);
    run(name => "long thresholds on every label, least room ($least)",
        arguments => [@run, '--max-output', $least]);
};

subtest '--extra-opts' => sub {
    my $ini = spew("$work/plugins.ini", <<"END");
; a comment
# another one
[check_hyperv_delegation]
ldif = $healthy
host=hv01
  host = hv02
	timeout	=	5:critical

[json]
ldif=$healthy
output-format=json
[one_letter]
ldif=$healthy
v=
w=hosts=5
n=hv01
[check_hyperv_delegation]
verbose=
[check_other_plugin]
colour=red
END
    my $whole = works('the default section of a file', ["--extra-opts=\@$ini"]);
    my @hosts = $whole->{stdout} =~ /^host (\S+):/mg;
    is("@hosts", 'hv01 hv02', 'repeated keys, indentation, a section in two parts, an empty value');
    works('the value as its own argument', ['--extra-opts', "\@$ini"]);
    my $json = works('a named section', ["--extra-opts=json\@$ini"]);
    like($json->{stdout}, qr/^\{/, 'its options are in force');
    my $override = works('the command line goes over the file',
        ["--extra-opts=json\@$ini", '--output-format', 'nagios']);
    like($override->{stdout}, qr/^HYPERV/, 'whatever their order, it wins');
    $override = works('the command line before --extra-opts',
        ['--output-format', 'nagios', "--extra-opts=json\@$ini"]);
    like($override->{stdout}, qr/^HYPERV/, 'it wins there too');
    my $letters = works('one-letter keys', ["--extra-opts=one_letter\@$ini"]);
    like($letters->{stdout}, qr/hosts=1;5;/, 'with values');
    like($letters->{stdout}, qr/^host hv01:/m, 'and without');
    my $policies = spew("$work/policies.ini", "[a]\npolicy=/nowhere.ini\n[b]\npolicy=/elsewhere.ini\n");
    works('a policy goes over that of a file', [@healthy, "--extra-opts=a\@$policies", '--policy', '/dev/null']);
    refused('two values in files', [@healthy, "--extra-opts=a\@$policies", "--extra-opts=b\@$policies"],
        ['--policy', '/nowhere.ini', '/elsewhere.ini']);
    works('two times', ["--extra-opts=json\@$ini", "--extra-opts=one_letter\@$ini", '--output-format=nagios']);

    my $content = slurp($ini);
    works('standard input', ['--extra-opts=@-'], stdin => $content);
    works('standard input, a section', ['--extra-opts=json@-'], stdin => $content);
    refused('standard input for a policy, too', ['--extra-opts=@-', '--policy', '-'], ['standard input', '--extra-opts'],
        stdin => $content);
    works('MP_CONFIG_FILE', ['--extra-opts'], environment => {MP_CONFIG_FILE => $ini});
    works('MP_CONFIG_FILE with a section', ['--extra-opts=json'], environment => {MP_CONFIG_FILE => $ini});
    works('NAGIOS_CONFIG_PATH', ['--extra-opts'],
        environment => {MP_CONFIG_FILE => undef, NAGIOS_CONFIG_PATH => "/nowhere:$work"});
    works('--extra-opts before another option', ['--extra-opts', '-v'], environment => {MP_CONFIG_FILE => $ini});
    works('CRLF', ["--extra-opts=\@" . spew("$work/crlf.ini",
        "[check_hyperv_delegation]\r\nldif=$healthy\r\nhost=hv01\r\n")]);

    refused('a missing file', ['--extra-opts=@/nowhere.ini'], ['/nowhere.ini', 'No such file']);
    refused('a folder', ["--extra-opts=\@$work"], [$work]);
    refused('a missing file in MP_CONFIG_FILE', ['--extra-opts'], ['/nowhere.ini'],
        environment => {MP_CONFIG_FILE => '/nowhere.ini'});
    refused('a missing section', ["--extra-opts=nosuch\@$ini"], [$ini, '[nosuch]']);
    refused('a section named by its beginning', ["--extra-opts=js\@$ini"], ['[js]']);
    my $broken = spew("$work/broken.ini",
        "[check_hyperv_delegation]\nldif=$healthy\nthis is no option\n[fine]\nldif=$healthy\n");
    refused('a broken line', ["--extra-opts=\@$broken"], ["$broken:3"]);
    works('a broken line in the section of another plugin', ["--extra-opts=fine\@$broken"]);
    refused('an unknown key', ["--extra-opts=unknown-key\@" . spew("$work/unknown.ini",
        "[unknown-key]\nldif=$healthy\ncolour=red\n")], ['--colour']);
    my $nested = spew("$work/nested.ini", "[check_hyperv_delegation]\nldif=$healthy\nextra-opts=\@/nowhere.ini\n");
    refused('extra-opts inside of a file', ["--extra-opts=\@$nested"], ['extra-opts']);
    refused('--extra-opts shortened', [@healthy, '--extra-o=@/nowhere.ini'], ['nowhere.ini']);
    refused('a line longer than any', ["--extra-opts=\@" . spew("$work/long.ini",
        "[check_hyperv_delegation]\nldif=" . 'x' x 100000 . "\n")], ["$work/long.ini:2"]);
};

subtest 'exports that can not be read' => sub {
    my $head  = "dn: DC=corp,DC=example,DC=com\nobjectClass: domainDNS\n";
    my @cases = (
        ['broken base64',        $head . "objectSid:: AQU=AA\n\n",                     3],
        ['base64 with a letter', $head . "objectSid:: AQ*A\n\n",                       3],
        ['a value from a file',  $head . "dc:< file:///etc/passwd\n\n",                3],
        ['an include',           "include: file:///etc/passwd\n\n",                    1],
        ['an include inside',    $head . "\ninclude: file:///etc/passwd\n\n",          4],
        ['a modify record',      "dn: DC=corp\nchangetype: modify\nreplace: a\na: b\n-\n\n", 2],
        ['a delete record',      $head . "\ndn: DC=corp\nchangetype: delete\n\n",      5],
        ['a file cut in a record', $head,                                              2],
        ['a file cut in a line', $head . "dc: co",                                     3],
        ['a line without colon', $head . "nonsense\n\n",                               3],
        ['a continuation of nothing', " x\n$head\n",                                   1],
        ['a record without dn',  "objectClass: top\n\n",                               1],
        ['records that are not apart', "${head}dn: CN=a,DC=corp\n\n",                3],
        ['records with blanks between', "$head \ndn: CN=a,DC=corp\n\n",             3],
        ['a result in an entry', "${head}search: 2\nresult: 4 Size limit exceeded\n\n", 3],
        ['an entry in a result', "$head\nsearch: 2\nresult: 0\ndn: CN=a,DC=corp\n\n", 6],
        ['a cut export and a whole one', "$head# extended LDIF\n\n${head}\nresult: 0\n\n", 3],
        ['a message inside', "${head}ldap_result: Can't contact LDAP server (-1)\n\n", 3],
        ['UTF-16, little end',   "\xFF\xFEd\0n\0:\0 \0\n\0",                           1],
        ['UTF-16, big end',      "\xFE\xFF\0d\0n\0:\0 \0\n",                           1],
        ['a NUL byte',           $head . "dc: a\0b\n\n",                               3],
        ['a NUL byte in a DN',   'dn:: ' . encode_base64("DC=a\0b", '') . "\n\n",      1],
        ['not LDIF at all',      "\x7FELF\x01\x02\n",                                  1],
    );
    for my $case (@cases) {
        my ($name, $bytes, $line) = @{$case};
        my $file = spew("$work/broken.ldif", $bytes);
        my $answer = failed($name, ['--ldif', $file], ["$file:$line:"]);
        unlike($answer->{stdout}, qr/root:/, "$name: nothing of other files");
        failed("$name, JSON", ['--ldif', $file, '--output-format', 'json'], ["$file:$line:"]);
    }
    my $marker = "secret-" . 'x' x 20;
    my $secret = spew("$work/secret", "$marker\n");
    my $answer = failed('a file on this machine', ['--ldif',
        spew("$work/url.ldif", "${head}dc:< file://$secret\n\n")], [':3:']);
    unlike($answer->{stdout}, qr/$marker/, 'is not opened');

    failed('an empty file', ['--ldif', spew("$work/empty.ldif", '')], ["$work/empty.ldif", 'empty']);
    failed('a missing file', ['--ldif', '/nowhere.ldif'], ['/nowhere.ldif', 'No such file']);
    failed('a folder', ['--ldif', $work], [$work, 'directory']);
    failed('nothing but comments', ['--ldif', spew("$work/comments.ldif", "# nothing\n\n")], ['domain']);
    failed('the second of two is missing', [@healthy, '--ldif', '/nowhere.ldif'], ['/nowhere.ldif']);
    failed('an export without domain object', ['--ldif',
        spew("$work/nodomain.ldif", "dn: CN=x,DC=corp\nobjectClass: user\n\n")], ['domainDNS']);
    failed('the rootDSE of another domain', [@healthy, '--ldif', spew("$work/rootdse.ldif",
        "dn:\ndefaultNamingContext: DC=kid,DC=corp,DC=example,DC=com\n\n")],
        ['DC=kid,DC=corp,DC=example,DC=com', 'of DC=corp,DC=example,DC=com']);
    failed('an export of two domains', [@healthy, '--ldif', spew("$work/two.ldif",
        "dn: DC=other,DC=com\nobjectClass: domainDNS\nobjectSid: S-1-5-21-1-2-3\n\n")], ['domainDNS', 'one']);
    my $cut = substr $export, 0, length($export) * 0.6;
    my $half = failed('the export cut in the middle', ['--ldif', spew("$work/cut.ldif", $cut)], ['cut.ldif:']);
    SKIP: {
        skip 'needs root', 2 if $> != 0;
        my $copy = "$work/plugin";
        spew($copy, slurp(program()));
        chmod 0755, $copy;
        my $locked = spew("$work/locked.ldif", $export);
        chmod 0600, $locked;
        failed('a file that may not be read', ['--ldif', $locked], [$locked, 'Permission denied for user id 65534'],
            user => 65534, program => $copy, folder => '/');
    }
};

subtest 'exports that can be read' => sub {
    works('standard input', ['--ldif', '-'], stdin => $export);
    works('standard input beside a file', ['--ldif', '-', @healthy], stdin => $export);
    failed('empty standard input', ['--ldif', '-'], ['standard input']);
    works('a byte order mark', ['--ldif', spew("$work/bom.ldif", "\xEF\xBB\xBF$export")]);
    works('a version line', ['--ldif', spew("$work/version.ldif", "version: 1\n\n$export")]);
    works('a version line before the first record', ['--ldif',
        spew("$work/version.ldif", "version: 1\n" . $export =~ s/^(?:#.*\n|\n)+//r)]);
    (my $crlf = $export) =~ s/\n/\r\n/g;
    works('CRLF', ['--ldif', spew("$work/crlf.ldif", $crlf)]);
    (my $folded = $export) =~ s/^([^#\n ].{20})(?=.)/$1\n /mg;
    works('lines folded early', ['--ldif', spew("$work/folded.ldif", $folded)]);
    works('a name with a blank', ['--ldif', spew("$work/a name.ldif", $export)]);
    my $answer = works('two runs', [@healthy, '--output-format', 'json']);
    my $again  = works('two runs, again', [@healthy, '--output-format', 'json']);
    is(Plugin::normalize_report($answer->{stdout}), Plugin::normalize_report($again->{stdout}),
        'two runs give the same report');
};

subtest 'standard descriptors' => sub {
    SKIP: {
        skip 'no /dev/full', 1 if !-c '/dev/full';
        for my $arguments ([@healthy], ['-h'], ['-V'], ['--nonsense'], [@healthy, '--output-format', 'json']) {
            my $answer = run(arguments => $arguments, stdout_path => '/dev/full', unchecked => 1);
            is($answer->{exit}, 3, "/dev/full as standard output: @{$arguments}: exit 3");
            is($answer->{stderr}, '', 'and nothing on standard error');
        }
        for (['unconstrained-host', 2], ['target-unknown', 1]) {
            my ($scenario, $exit) = @$_;
            my $answer = run(arguments => ['--ldif', "$scenarios/$scenario/directory.ldif"],
                stdout_path => '/dev/full', unchecked => 1);
            is($answer->{exit}, $exit, "/dev/full as standard output: $scenario: what was found counts");
        }
    }
    for my $closed ([1], [0, 1], [1, 2], [0, 1, 2]) {
        my $answer = run(arguments => [@healthy], closed => $closed, unchecked => 1);
        is($answer->{exit}, 3, "closed @{$closed}: nobody can be told, exit 3");
        is($answer->{signal}, 0, "closed @{$closed}: no signal");
    }
    works("closed @{$_}", [@healthy], closed => $_) for [0], [2], [0, 2];
    failed('closed standard input that is to be read', ['--ldif', '-'], ['standard input'], closed => [0]);
};

# A FIFO that nobody writes: the open of the export waits for ever.
sub make_fifo {
    my $fifo = "$work/fifo";
    unlink $fifo;
    POSIX::mkfifo($fifo, 0644) or die "mkfifo: $!";
    return $fifo;
}

subtest 'timeout' => sub {
    my $fifo = make_fifo();
    for my $case (['1', 3, 'UNKNOWN'], ['1:critical', 2, 'CRITICAL'], ['1:warning', 1, 'WARNING'],
        ['1:OK', 0, 'OK'], ['1:unknown', 3, 'UNKNOWN']) {
        my ($timeout, $exit, $state) = @{$case};
        my $begin  = time;
        my $answer = run(arguments => ['-t', $timeout, '--ldif', $fifo], outer_timeout => 10);
        my $took   = time - $begin;
        is($answer->{exit}, $exit, "-t $timeout: exit $exit");
        like($answer->{stdout}, qr/^HYPERV DELEGATION $state - [^\n]*1 s[^\n]*\Q$fifo\E[^\n]*\n\z/,
            "-t $timeout: one line that says what it waited for");
        cmp_ok($took, '<', 3, "-t $timeout: in time");
    }
    my $hidden = "$work/a|b<c>\xff\n[OK] d";
    POSIX::mkfifo($hidden, 0644);
    run(name => 'a FIFO with a hostile name', arguments => ['-t', '1', '--ldif', $hidden], outer_timeout => 10);
    my $long = "$work/" . join '/', ('x' x 200) x 2;
    (my $parent = $long) =~ s{/[^/]*$}{};
    mkdir $parent;
    POSIX::mkfifo($long, 0644);
    run(name => 'a FIFO with a long name', arguments => ['-t', '1', '--ldif', $long], outer_timeout => 10);
};

subtest 'signals' => sub {
    my $fifo = make_fifo();
    for my $signal (qw(TERM INT HUP QUIT)) {
        my $started = Plugin::start(arguments => ['--ldif', $fifo], outer_timeout => 10);
        for (1 .. 100) {    # until its handlers stand: SigCgt holds the signal
            my $status = eval { slurp("/proc/$started->{pid}/status") } // '';
            last if $status =~ /^Name:\s+check_hyperv/m && $status =~ /^SigCgt:\s+([0-9a-f]+)/m
                && hex(substr $1, -8) & (1 << (POSIX->can("SIG$signal")->() - 1));
            sleep 0.02;
        }
        sleep 0.1;
        kill $signal, $started->{pid};
        my $answer = Plugin::finish($started);
        check_answer($answer, name => "SIG$signal");
        is($answer->{exit}, 3, "SIG$signal: exit 3");
        like($answer->{stdout}, qr/^HYPERV DELEGATION UNKNOWN - [^\n]*signal[^\n]*\n\z/,
            "SIG$signal: one line that says why");
    }
    my $piped = run(name => 'nobody reads', unchecked => 1, command =>
        ['/bin/sh', '-c', '{ "$0" "$@"; echo $? >"$OUT"; } | exit 0; sleep 0.3', program(), @healthy],
        environment => {OUT => "$work/piped"});
    like(slurp("$work/piped"), qr/^[03]$/, 'a reader that went away does not kill it');
};

subtest 'out of memory' => sub {
    plan skip_all => 'the program is built with sanitizers' if is_sanitized();
    my $large = "$work/large.ldif";
    open my $file, '>', $large or die;
    print {$file} $export;
    print {$file} "dn: CN=user$_,CN=Users,DC=corp,DC=example,DC=com\nobjectClass: user\n"
        . "sAMAccountName: user$_\nuserAccountControl: 512\n\n" for 1 .. 20000;
    close $file;
    my ($told, $done) = (0, 0);
    for my $limit (map { $_ * 1000 } 8 .. 40) {
        my $answer = run(unchecked => 1, command => ['/bin/sh', '-c',
            "ulimit -v $limit; exec \"\$0\" \"\$@\"", program(), '--ldif', $large]);
        if ($answer->{exit} == 127 || $answer->{stderr} =~ /error while loading|cannot fork/) {
            next;    # the loader itself had no room: not ours to answer
        }
        check_answer($answer, name => "with $limit kB");
        $told++ if $answer->{exit} == 3 && $answer->{stdout} =~ /out of memory/;
        $done++ if $answer->{exit} == 0;
        ok($answer->{exit} == 0 || $answer->{stdout} =~ /^HYPERV DELEGATION UNKNOWN[^\n]*out of memory[^\n]*\n\z/,
            "with $limit kB: the verdict or one line") or diag($answer->{stdout});
    }
    cmp_ok($told, '>', 0, 'memory ran out somewhere on the way');
    cmp_ok($done, '>', 0, 'and was enough in the end');
};

subtest 'one write' => sub {
    my $strace = (grep { -x } map { "$_/strace" } split /:/, $ENV{PATH})[0];
    plan skip_all => 'strace is not there' if !$strace;
    my $trace = "$work/trace";
    for my $arguments ([@healthy], [@healthy, '--output-format', 'json'], ['-h'], ['-V'], ['--nonsense'],
        ['--ldif', '/nowhere'], ['--ldif', "$scenarios/more-names-than-room/directory.ldif"]) {
        my $answer = run(unchecked => 1, command => [$strace, '-f', '-o', $trace, '-e',
            'trace=write,writev,pwrite64,sendto', program(), @{$arguments}],
            environment => {ASAN_OPTIONS => 'detect_leaks=0'});
        SKIP: {
            skip 'strace may not trace here', 1 if $answer->{stderr} =~ /ptrace|PTRACE/;
            my @writes = grep { /\b(?:write|writev|pwrite64|sendto)\(/ } split /\n/, slurp($trace);
            is(scalar @writes, 1, "@{$arguments}: one write") or diag(join "\n", @writes);
            like($writes[0] // '', qr/write\(1, .*= @{[length $answer->{stdout}]}$/,
                "@{$arguments}: of everything, to standard output");
        }
    }
};

subtest 'surroundings' => sub {
    works('an empty environment', [@healthy], clean_environment => 1);
    works('in /', [@healthy], folder => '/');
    works('a German locale', [@healthy, '-w', 'hosts=1.5:2.5'],
        environment => {LC_ALL => 'de_DE.UTF-8', LANG => 'de_DE.UTF-8'});
    works('POSIXLY_CORRECT', ['-v', @healthy], environment => {POSIXLY_CORRECT => 1});
    spew("$work/ldaprc", "TLS_REQCERT never\n");
    spew("$work/.ldaprc", "TLS_REQCERT never\n");
    works('an ldaprc in the working directory', [@healthy], folder => $work, environment => {HOME => $work});
    SKIP: {
        skip 'needs root', 2 if $> != 0;
        my $copy = "$work/plugin";
        spew($copy, slurp(program()));
        chmod 0755, $copy;
        my $file = spew("$work/open.ldif", $export);
        chmod 0644, $file;
        works('as another user, in /, with an empty environment', ['--ldif', $file],
            user => 65534, program => $copy, folder => '/', clean_environment => 1);
    }
    my $gone = "$work/gone";
    mkdir $gone;
    my $answer = run(name => 'in a folder that is gone', command => ['/bin/sh', '-c',
        'cd "$1" && rmdir "$1" && exec "$0" --ldif "$2"', program(), $gone, $healthy]);
    is($answer->{exit}, 0, 'in a folder that is gone: OK');
};

done_testing();
