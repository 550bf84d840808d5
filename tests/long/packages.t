#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The packages, made from the release tarball: Debian's is built twice and is the same to
# the bit, lintian has nothing to say, and installed in a throw-away view of this machine (an
# overlay in a mount namespace) it runs the check and passes its autopkgtest, Nagios takes its
# command, bash finds its completion, and nothing is left when it is purged. The RPM is built
# without looking at the packages that it needs, which are of another distribution, unpacked,
# and run.
use strict;
use warnings;
use FindBin qw($Bin);
use File::Basename qw(basename);
use File::Temp qw(tempdir);
use lib "$Bin/../lib";
use Plugin qw(slurp spew);
use Test::More;

$SIG{TERM} = $SIG{INT} = $SIG{HUP} = sub { exit 1 };    # so that the folder goes away
my $top      = "$Bin/../..";
my $work     = tempdir('packages-XXXXXX', TMPDIR => 1, CLEANUP => 1);
my $package  = 'monitoring-plugins-hyperv-delegation';
my $doc      = "/usr/share/doc/$package";
my $scenario = "$top/tests/scenarios/everything-wrong";
my $verdict  = (split / \|/, slurp("$scenario/expected.txt"))[0];

# What make install and both packages bring; a package may hold more.
my @everywhere = qw(share/man/man8/check_hyperv_delegation.8 share/check_hyperv_delegation/report.schema.json
    share/bash-completion/completions/check_hyperv_delegation);

# The files that lie in the folder of the documentation, too.
my @documents = ('policy.ini', split /\n/, qx(cd "$top/contrib" && find grafana icinga2 icingaweb2 nagios -type f));

plan skip_all => 'packages are tried by root, in namespaces' if $> != 0;
for my $program (qw(dpkg-buildpackage dh lintian rpmbuild rpm2archive rpmlint nagios4 unshare)) {
    next if grep { -x "$_/$program" } split(/:/, $ENV{PATH}), '/usr/sbin';
    plan skip_all => "$program is not installed; contrib/install-packages package installs it";
}

# Runs a command whose processes, all of them, end with this test.
sub run_apart {
    my ($command, %how) = @_;
    my @apart = qw(setpriv --pdeathsig KILL unshare --mount --mount-proc --pid --fork --kill-child);
    return Plugin::finish(Plugin::start(command => [@apart, @$command], outer_timeout => 1800, %how));
}

# Runs a shell command in a folder: its output, or undef and a failed test.
sub shell {
    my ($name, $folder, $command, %environment) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my $answer = run_apart(
        ['bash', '-c', "set -eu; $command"],
        folder      => $folder,
        environment => {(map { $_ => undef } qw(PLUGIN PLUGIN_PLAIN BUILD_PLAIN TESTS_LONG CMOCKA_MESSAGE_OUTPUT
            LSAN_OPTIONS ASAN_OPTIONS UBSAN_OPTIONS MAKEFLAGS)), %environment});
    return $answer->{stdout} if ok($answer->{exit} == 0 && !$answer->{timed_out}, $name);
    diag(substr "$answer->{stdout}$answer->{stderr}", -6000);
    return;
}

# Every name of the list is among the lines, perhaps compressed.
sub holds {
    my ($name, $lines, @names) = @_;
    my %held    = map { s/\.gz$//r => 1 } split /\n/, $lines // '';
    my @missing = grep { !$held{$_} } @names;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    return ok(!@missing, $name) || diag("without: @missing\n", $lines // '');
}

# The tarball and what make install installs, from a build that is there or a new one.
sub make_tarball {
    my $build = $ENV{BUILD_PLAIN};
    if (!$build) {
        mkdir($build = "$work/build") or die $!;
        shell('configure', $build, "'$top/configure' && make -j2") // BAIL_OUT('the build failed');
    }
    shell('make dist', $build, 'make dist') // BAIL_OUT('there is no tarball');
    shell('make install', $build, "make install DESTDIR='$work/root' prefix=/usr libexecdir=/usr/lib/nagios/plugins");
    holds('make install puts everything in its place', shell('its files', "$work/root/usr", 'find * -type f'),
        'lib/nagios/plugins/check_hyperv_delegation', (map { "share/doc/check_hyperv_delegation/$_" } @documents), @everywhere);
    my ($tarball) = glob "$build/*.tar.xz" or BAIL_OUT('there is no tarball');
    return $tarball;
}

# The commands that README gives for a package there.
sub readme_commands {
    my ($where) = @_;
    my ($text) = slurp("$top/README") =~ /^As a package[\s\S]*?\b\Q$where\E\n\n((?:    .*\n)+)/m or BAIL_OUT("README: $where");
    return $text =~ s/^    //gmr;
}

# Builds Debian's packages in a folder by README's commands; their names. distcheck.t runs the
# tests of the same tarball, so that they are left out here, but with PACKAGES_CHECK. Nothing
# is installed: apt-get would have to reach a mirror.
sub build_debian {
    my ($tarball, $name, %environment) = @_;
    my $folder = "$work/$name";
    my $commands = readme_commands('Debian') =~ s/^apt-get build-dep .*\n//mr =~ s/^apt-get install /ls /mr;
    mkdir $folder or die $!;
    shell("$name: README's commands", $folder, "cp '$tarball' .\n$commands",
        DEB_BUILD_OPTIONS => ($ENV{PACKAGES_CHECK} ? '' : 'nocheck ') . 'parallel=2', %environment);
    return map { basename($_) } glob "$folder/*.deb $folder/*.tar.xz $folder/*.dsc";
}

# The steps below, run in the view of this machine: name => {status, output}.
sub try_installed {
    my ($deb, $tarball) = @_;
    my $answer = run_apart(['bash', "$work/enter", $work, $deb, $tarball]);
    my (undef, @parts) = split /^== (\S+) (\d+)\n/m, $answer->{stdout};
    my %steps;
    while (my ($name, $status, $output) = splice @parts, 0, 3) {
        $steps{$name} = {status => $status, output => $output};
    }
    return ($answer, %steps);
}

spew("$work/enter", <<'BASH');
set -eu
mkdir "$1/view"
mount -t tmpfs none "$1/view"
mkdir "$1/view/upper" "$1/view/work" "$1/view/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/view/upper,workdir=$1/view/work" "$1/view/root"
mount --rbind /dev "$1/view/root/dev"
mount -t proc proc "$1/view/root/proc"
# the machine's own packages may change meanwhile, which an overlay does not stand
mkdir "$1/view/root/packages" "$1/view/dpkg"
cp -a /var/lib/dpkg/. "$1/view/dpkg"
mount --bind "$1/view/dpkg" "$1/view/root/var/lib/dpkg"
cp -r "$2" "$1/steps" "$1/export" "$1/service.cfg" "$1/validate-report" "$1/view/root/packages"
mkdir "$1/view/root/packages/source"
tar -C "$1/view/root/packages/source" --strip-components 1 -xf "$3"
exec chroot "$1/view/root" bash /packages/steps
BASH

spew("$work/steps", <<'BASH');
step() {
    local status=0 output
    output=$("${@:2}" 2>&1) || status=$?
    printf '== %s %s\n%s\n' "$1" "$status" "$output"
}
package=monitoring-plugins-hyperv-delegation
program=/usr/lib/nagios/plugins/check_hyperv_delegation
as_nobody() { cd / && env -i setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; }
report() { ! as_nobody $program --ldif /packages/export/directory.ldif --output-format json; }
validate() {
    report > /packages/report.json
    test -s /packages/report.json
    /usr/bin/python3 /packages/validate-report /usr/share/check_hyperv_delegation/report.schema.json /packages/report.json
}
completion() {
    . /usr/share/bash-completion/bash_completion
    _completion_loader check_hyperv_delegation
    complete -p check_hyperv_delegation
}
# what control names, in the folder of the source, as autopkgtest runs it
autopkgtest() {
    cd /packages/source
    local test
    for test in $(sed -n 's/^Tests: //p' debian/tests/control); do
        setpriv --reuid 65534 --regid 65534 --clear-groups env -i PATH="$PATH" "debian/tests/$test" || return
    done
}
left() { find /usr /etc -name '*hyperv[-_]delegation*' -newer /packages/steps; }

export DEBIAN_FRONTEND=noninteractive
step install dpkg -i /packages/*.deb
step check as_nobody $program --ldif /packages/export/directory.ldif
step validate validate
step policy as_nobody $program --ldif /packages/export/directory.ldif --policy /usr/share/doc/$package/policy.ini
step autopkgtest autopkgtest
step completion completion
step nagios nagios4 -v /etc/nagios4/nagios.cfg
cp /packages/service.cfg /etc/nagios4/conf.d/hyperv.cfg
step service nagios4 -v /etc/nagios4/nagios.cfg
step purge dpkg -P $package
step left left
step no-command nagios4 -v /etc/nagios4/nagios.cfg
BASH

my $tarball = make_tarball();

subtest 'Debian' => sub {
    my @built = build_debian($tarball, 'first');
    my @again = build_debian($tarball, 'second', TZ => 'Asia/Tokyo', LC_ALL => 'C.UTF-8', HOME => "$work/home");
    my ($deb) = grep { /^\Q$package\E_.*\.deb$/ } @built;

    is_deeply(\@again, \@built, 'the same packages');
    cmp_ok(scalar @built, '>=', 4, 'the package, its symbols, its source') or return;
    shell("$_: the same bits", $work, "cmp 'first/$_' 'second/$_'") for @built;
    is(shell('lintian', "$work/first", 'lintian --allow-root --fail-on none *.changes'), '', 'lintian says nothing');
    my $list = shell('its files', "$work/first", "dpkg-deb --fsys-tarfile '$deb' | tar -t");
    holds('everything is in its place', ($list // '') =~ s{^\./}{/}gmr, '/usr/lib/nagios/plugins/check_hyperv_delegation',
        '/etc/nagios-plugins/config/hyperv_delegation.cfg', "$doc/copyright", "$doc/changelog",
        (map { "$doc/$_" } @documents), map { "/usr/$_" } @everywhere);
    like(shell('what it needs', "$work/first", "dpkg-deb -f '$deb' Depends"), qr/\blibsasl2-modules-gssapi-mit\b/,
        'it needs the plug-in for Kerberos');

    mkdir "$work/export" or die $!;
    shell('an export', $work, "cp '$scenario/directory.ldif' export; cp '$top/tests/validate-report' .; chmod -R a+rX '$work'");
    spew("$work/service.cfg", join "\n", 'define service {', 'use generic-service', 'host_name localhost',
        'service_description delegation', '_ad_domain hv.example.com', 'check_command check_hyperv_delegation!--fix', '}', '');
    my ($answer, %step) = try_installed("$work/first/$deb", $tarball);
    is($answer->{exit}, 0, 'installed in a view of this machine') or diag("$answer->{stdout}$answer->{stderr}");
    for my $case (
        ['install', 0, qr/Setting up/, 'it installs, its dependencies are there'],
        ['check', 2, qr/\A\Q$verdict\E \|/, 'the installed program runs the check'],
        ['validate', 0, qr/\A\n?\z/, 'its report is that of the installed schema'],
        ['policy', 2, qr/\AHYPERV DELEGATION CRITICAL /, 'the example policy is where the package says'],
        ['autopkgtest', 0, qr/^Result: PASS$/m, 'it passes its autopkgtest'],
        ['completion', 0, qr/complete -F \w+ check_hyperv_delegation/, 'bash-completion finds the completion'],
        ['nagios', 0, qr/Total Errors: +0/, 'Nagios takes the command'],
        ['service', 0, qr/Total Errors: +0/, 'and a service of it'],
        ['purge', 0, qr/Purging configuration/, 'it can be purged'],
        ['left', 0, qr/\A\n?\z/, 'and leaves nothing'],
        ['no-command', 1, qr/check_hyperv_delegation/, 'without it Nagios misses the command'],
    ) {
        my ($name, $status, $expected, $claim) = @$case;
        my $got = $step{$name} // {status => 'none', output => ''};
        ok($got->{status} eq $status && $got->{output} =~ $expected, $claim)
            or diag("status $got->{status}: " . substr $got->{output}, -3000);
    }
};

subtest 'RPM' => sub {
    shell('rpmbuild', $work, "cp '$tarball' .\n"
            . readme_commands('where RPM is at home') =~ s/^rpmbuild /rpmbuild --nodeps --nocheck --define '_topdir $work\/rpm' /r) // return;
    my ($rpm) = glob "$work/rpm/RPMS/*/*.rpm";
    # no signature, packager nor group: a distribution gives them
    my $said = shell('rpmlint', $work, "rpmlint '$top/contrib/nagios-plugins-hyperv-delegation.spec' rpm/RPMS/*/*.rpm || :") // '';
    like($said, qr/^ \d+ packages? and 1 specfiles checked; /m, 'rpmlint looked at it');
    is_deeply([grep { !/: E: no-(?:signature|packager-tag|group-tag)$/ } $said =~ /^(.*: E: .*?)\s*$/mg], [], 'and has no error to tell');
    my $list = shell('its files', $work, "rpm -qpl '$rpm'") // '';
    my ($program) = $list =~ m{^(/usr/\S+/nagios/plugins/check_hyperv_delegation)$}m;
    ok($program, 'the program is among the plugins') or diag($list);
    holds('everything is in its place', $list, (map { "/usr/share/doc/nagios-plugins-hyperv-delegation/$_" } @documents),
        map { "/usr/$_" } @everywhere);
    like(shell('what it needs', $work, "rpm -qp --requires '$rpm'"), qr/^cyrus-sasl-gssapi$/m, 'the plug-in for Kerberos');
    shell('unpack', $work, "mkdir unpacked && cd unpacked && rpm2archive - <'$rpm' | tar -xz");
    my $answer = run_apart(["$work/unpacked$program", '--ldif', "$scenario/directory.ldif"]);
    is($answer->{exit}, 2, 'the program in it runs the check');
    like($answer->{stdout}, qr/\A\Q$verdict\E \|/, 'and comes to the same verdict');
};

done_testing;
