#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What holds for every domain, tried on many that were made by chance (RandomDomain):
# a hidden fact never silences a finding without another one that says so, nor does it pass
# for drift; an export that is cut is never taken for a whole one; a right that is given never
# makes an admin protected, and a protection that is taken away is missed; order and letter
# case change nothing, beside a baseline neither; other names change nothing but the names. A
# failure tells the number of its domain, which
# PROPERTIES_SEED makes again alone. PROPERTIES_COUNT sets how many there are.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/lib";
use List::Util qw(shuffle);
use Plugin qw(program report_of spew work_folder);
use RandomDomain qw(make_domain export_of chance pick some %WORDS);
use Test::More;

my $program = $ENV{PLUGIN_PLAIN} // program();
my $folder  = work_folder();
my $count   = $ENV{PROPERTIES_COUNT} // ($ENV{TESTS_LONG} ? 500 : 15);
my @seeds   = defined $ENV{PROPERTIES_SEED} ? $ENV{PROPERTIES_SEED} : 1 .. $count;

# The program's answer about a domain, a list of entries or an export of it; format as for
# --output-format.
sub judge {
    my ($format, $domain, $policy, @more) = @_;
    my $export = ref $domain ? export_of(@{$domain}) : $domain;
    my @arguments = ('-t', 60, '--ldif', spew("$folder/export", $export), '--output-format', $format, @more);
    push @arguments, '--policy', spew("$folder/policy", $policy) if $policy ne '';
    push @arguments, '--max-output', 10_000_000 if $format eq 'nagios';
    open my $pipe, '-|', $program, @arguments or die "$program: $!";
    local $/;
    my $answer = <$pipe>;
    close $pipe;
    $answer =~ s/ time=[\d.]+s;//;
    $answer =~ s/("label": "time",.*?"value": )[\d.e-]+/${1}0/s;
    $answer =~ s/("read_at": )"[^"]*"/$1""/;
    return $answer;
}

# A file with the report of a domain, to compare with.
sub baseline_of {
    my ($domain) = @_;
    return spew("$folder/baseline", judge('json', $domain->{entries}, $domain->{policy}));
}

# "subject -> object (rule)" => state of each finding of WARNING or CRITICAL, and of each other
sub findings {
    my ($answer) = @_;
    my (%bad, %all);
    while ($answer =~ /^\[([A-Z]+)\] (.*?): .*\(([a-z-]+)\)$/mg) {
        $all{"$2 ($3)"} = $1;
        $bad{"$2 ($3)"} = $1 if $1 eq 'WARNING' || $1 eq 'CRITICAL';
    }
    return (\%bad, \%all);
}

# A copy of the entries, deep enough to be changed.
sub copy_of {
    return map { {dn => $_->{dn}, values => [map { [@{$_}] } @{$_->{values}}]} } @_;
}

sub holding {
    my ($name, @entries) = @_;
    return grep { grep { $_->[0] eq $name } @{$_->{values}} } @entries;
}

# ---- what can be hidden ------------------------------------------------------------

# Attributes that every object of its kind has, or that leave a trace elsewhere (memberOf).
my @NEVER_ABSENT = qw(member userAccountControl objectClass objectSid primaryGroupID groupType sAMAccountName objectCategory
    domainControllerFunctionality);

# Hides something of the entries, in place; says what.
sub hide {
    my ($entries) = @_;
    if (chance(0.7)) {
        my $name   = pick(@NEVER_ABSENT);
        my @having = holding($name, @{$entries}) or return;
        my @hidden = chance(0.8) ? pick(@having) : some(2, scalar @having, @having);
        $_->{values} = [grep { $_->[0] ne $name } @{$_->{values}}] for @hidden;
        return "$name of " . join ' and ', map { $_->{dn} } @hidden;
    }
    if (chance(0.5)) {
        my $name   = pick(qw(member servicePrincipalName msDS-AllowedToDelegateTo));
        my @having = holding($name, @{$entries}) or return;
        my $entry  = pick(@having);
        my @values = grep { $_->[0] eq $name } @{$entry->{values}};
        my $left   = int rand @values;
        return if !$left;
        $entry->{values} = [(grep { $_->[0] ne $name } @{$entry->{values}}),
            map { ["$name;range=0-" . ($left - 1), $_->[1]] } @values[0 .. $left - 1]];
        return "$name of $entry->{dn} from $left on";
    }
    if (chance(0.3)) { # one member, which its memberOf still tells
        my $entry   = pick(holding('member', @{$entries}));
        my @members = grep { $_->[0] eq 'member' } @{$entry->{values}};
        my $member  = pick(@members);
        $entry->{values} = [grep { $_ != $member } @{$entry->{values}}];
        return "the member $member->[1] of $entry->{dn}";
    }
    my %named = map { map { $_->[0] eq 'member' ? ($_->[1] => 1) : () } @{$_->{values}} } @{$entries};
    my $dn    = pick(sort keys %named);
    @{$entries} = grep { $_->{dn} ne $dn } @{$entries};
    return "the entry $dn";
}

# The findings that are gone although nothing new says why; more: further arguments.
sub silenced {
    my ($domain, $entries, $what, @more) = @_;
    my ($before) = findings(judge('nagios', $domain->{entries}, $domain->{policy}, @more));
    my $answer = judge('nagios', $entries, $domain->{policy}, @more);
    my ($bad, $all) = findings($answer);

    return if $answer =~ /^HYPERV DELEGATION UNKNOWN - [^|]*$/;    # could not judge at all
    my @gone = grep { !$all->{$_} } sort keys %{$before};
    my @new  = grep { !$before->{$_} && $all->{$_} ne 'OK' } sort keys %{$all};
    return if !@gone || @new;
    return "without $what nothing says why this is gone: @gone";
}

sub hidden_is_said {
    my ($domain) = @_;
    my @entries = copy_of(@{$domain->{entries}});
    my $what = hide(\@entries) or return;
    return silenced($domain, \@entries, $what);
}

# Beside a report of the domain as it was: what can not be read is no drift.
sub hidden_is_no_drift {
    my ($domain) = @_;
    my @baseline = ('--baseline', baseline_of($domain));
    my @entries  = copy_of(@{$domain->{entries}});
    my $account  = pick(holding('userAccountControl', @entries));
    my ($name) = map { $_->[1] =~ s/\$$//r } grep { $_->[0] eq 'sAMAccountName' } @{$account->{values}};

    $account->{values} = [grep { $_->[0] ne 'userAccountControl' } @{$account->{values}}];
    my $answer = judge('nagios', \@entries, $domain->{policy}, @baseline);
    my @drift  = $answer =~ /^\[[A-Z]+\] (\Q$name\E -> \S+): .*\(drift\)$/mg;
    return "hidden flags of $account->{dn} pass for drift: @drift" if @drift;
    return silenced($domain, \@entries, "flags of $account->{dn}, beside a baseline", @baseline);
}

# As ldapsearch writes it by itself, with its end.
sub cut_is_said {
    my ($domain) = @_;
    my $whole = "# extended LDIF\n#\n# LDAPv3\n\n" . export_of(@{$domain->{entries}}) . "# search result\nsearch: 2\nresult: 0 Success\n";
    my $left  = int rand(length($whole) - 1);
    my $plain = judge('nagios', $domain->{entries}, $domain->{policy});

    return 'whole it is another one' if judge('nagios', $whole, $domain->{policy}) ne $plain;
    my $answer = judge('nagios', substr($whole, 0, $left), $domain->{policy});
    return if $answer =~ /\AHYPERV DELEGATION UNKNOWN - [^|\n]*\n\z/ || $answer =~ /\AHYPERV DELEGATION (?!OK).*^\[UNKNOWN\] .*\(incomplete\)$/ms;
    return "cut after $left bytes of " . length($whole) . ': ' . substr $answer, 0, 100;
}

# ---- the others --------------------------------------------------------------------

# Gives somebody a right, in place; never a protection.
sub give_right {
    my ($domain, $entries) = @_;
    my %at = map { $_->{dn} => $_ } @{$entries};
    if (chance(0.4)) {
        my ($group) = grep { defined } map { $at{$_->{dn}} } pick(grep { $_->{dn} !~ /^CN=Protected Users/ } @{$domain->{groups}});
        my $member = $at{pick(@{$domain->{people}}, @{$domain->{groups}})->{dn}};
        # a group in Protected Users gives its members a protection
        return if $group->{dn} =~ /^CN=\Q$domain->{words}{group}/;
        $domain->add_member($group, $member);
        return "$member->{dn} in $group->{dn}";
    }
    my $host = $at{pick(@{$domain->{hosts}})->{dn}};
    if (chance(0.5)) {
        $_->[1] |= pick(0x80000, 0x1000000) for grep { $_->[0] eq 'userAccountControl' } @{$host->{values}};
        return "flags of $host->{dn}";
    }
    push @{$host->{values}}, ['msDS-AllowedToDelegateTo', 'cifs/' . pick(@{$domain->{host_names}})];
    return "a target of $host->{dn}";
}

# DN => whether it is protected, of the admins of a report
sub protection_of {
    return {map { $_->{dn} => $_->{protected} } @{report_of($_[0])->{admins}}};
}

sub rights_do_not_protect {
    my ($domain) = @_;
    my @entries = copy_of(@{$domain->{entries}});
    my $what = give_right($domain, \@entries) or return;
    my $before = protection_of(judge('json', $domain->{entries}, $domain->{policy}));
    my $after  = protection_of(judge('json', \@entries, $domain->{policy}));
    my @lost = grep { !exists $after->{$_} } sort keys %{$before};
    my @protected = grep { !$before->{$_} && $after->{$_} } sort keys %{$before};

    return if !@lost && !@protected;
    return "with $what: protected: @protected; no admin any more: @lost";
}

# Takes all that protects an admin away, in place, which may be several rights; it is one
# that is judged and protected.
sub taken_protection_is_missed {
    my ($domain) = @_;
    my $report = report_of(judge('json', $domain->{entries}, $domain->{policy}));
    my @protected = grep { $_->{protected} && $_->{enabled} && !$_->{exempt} } @{$report->{admins}} or return;
    my $admin   = pick(@protected);
    my @entries = copy_of(@{$domain->{entries}});

    for my $entry (@entries) {
        if ($entry->{dn} eq $admin->{dn}) {
            $_->[1] &= ~0x100000 for grep { $_->[0] eq 'userAccountControl' } @{$entry->{values}};
        }
        $entry->{values} = [grep { $_->[0] ne 'member' } @{$entry->{values}}] if $entry->{dn} =~ /^CN=Protected Users,/;
        $entry->{values} = [grep { $_->[0] ne 'memberOf' || $_->[1] !~ /^CN=Protected Users,/ } @{$entry->{values}}];
    }
    my $after = report_of(judge('json', \@entries, $domain->{policy}));
    my ($now) = grep { $_->{dn} eq $admin->{dn} } @{$after->{admins}};
    my @found = grep { $_->{rule} eq 'admin-unprotected' && $_->{subject} eq $admin->{name} } @{$after->{findings}};
    return if $now && !$now->{protected} && @found == 1;
    return "$admin->{dn} has no protection any more, which nobody says";
}

# Entries and values in another order.
sub shuffled {
    my (@entries) = @_;
    $_->{values} = [shuffle @{$_->{values}}] for @entries;
    return shuffle @entries;
}

# Attribute names, classes and DNs where they only refer, in other letters.
sub respelled {
    my (@entries) = @_;
    my $other = sub { return join '', map { chance(0.5) ? uc : lc } split //, $_[0] };
    for my $entry (@entries) {
        $entry->{values} = [map {
            my ($name, $value) = @{$_};
            $value = $other->($value) if $name =~ /^(?:objectClass|objectCategory|member|memberOf|.*NamingContext)$/;
            [$other->($name), $value];
        } @{$entry->{values}}];
    }
    return @entries;
}

# Where two reports differ, or nothing.
sub difference {
    my ($before, $after) = @_;
    return if $before eq $after;
    my @left  = split /\n/, $before;
    my @right = split /\n/, $after;
    my ($at)  = grep { ($left[$_] // '') ne ($right[$_] // '') } 0 .. ($#left > $#right ? $#left : $#right);
    return "line $at: " . ($left[$at] // 'nothing') . ' became ' . ($right[$at] // 'nothing');
}

sub same {
    my ($domain, @entries) = @_;
    return difference(map { judge('json', $_, $domain->{policy}) } $domain->{entries}, \@entries);
}

# The same again, beside the report of what it was before.
sub same_beside_baseline {
    my ($domain) = @_;
    my @baseline = ('--baseline', baseline_of($domain));
    my @entries  = respelled(shuffled(copy_of(@{$domain->{entries}})));
    return difference(judge('json', $domain->{entries}, $domain->{policy}), judge('json', \@entries, $domain->{policy}, @baseline));
}

# The words of the names others, in the same order.
my %OTHER = (host => 'rxh', person => 'rxp', group => 'rxg', domain => 'rxd', unit => 'rxu', sid => '1112-2223-3334');

sub renamed_report {
    my ($seed, $domain) = @_;
    my $other  = make_domain($seed, %OTHER);
    my $before = judge('json', $domain->{entries}, $domain->{policy});
    my $after  = judge('json', $other->{entries}, $other->{policy});

    $before =~ s/\Q$WORDS{$_}\E/$OTHER{$_}/g for keys %WORDS;
    return difference($before, $after);
}

my %properties = (
    'what is hidden is said' => sub { hidden_is_said($_[1]) },
    'hidden flags are no drift' => sub { hidden_is_no_drift($_[1]) },
    'a cut is said' => sub { cut_is_said($_[1]) },
    'a protection that is taken away is missed' => sub { taken_protection_is_missed($_[1]) },
    'beside its own report nothing drifts' => sub { same_beside_baseline($_[1]) },
    'a right protects nobody' => sub { rights_do_not_protect($_[1]) },
    'order changes nothing' => sub { same($_[1], shuffled(copy_of(@{$_[1]{entries}}))) },
    'letter case changes nothing' => sub { same($_[1], respelled(copy_of(@{$_[1]{entries}}))) },
    'other names change the names' => sub { renamed_report(@_) },
);

for my $name (sort keys %properties) {
    my @wrong;
    for my $seed (@seeds) {
        my $domain = make_domain($seed);
        # what is done to the domain is made of the number too
        srand($seed + 1_000_000);
        my $fault = $properties{$name}->($seed, $domain);
        push @wrong, "PROPERTIES_SEED=$seed: $fault" if defined $fault;
    }
    ok(!@wrong, "$name: " . @seeds . ' domains') or diag(join "\n", map { substr $_, 0, 400 } @wrong[0 .. ($#wrong > 9 ? 9 : $#wrong)]);
    diag(@wrong . ' in all') if @wrong > 10;
}

done_testing;
