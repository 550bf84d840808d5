# SPDX-License-Identifier: GPL-3.0-or-later
#
# Domains by chance, as exports and policies, many a second: what tests/lab/random-domain
# makes of a real directory, without one. A domain is a list of entries, each a DN and a list
# of [attribute, value]; nothing in it is hidden or broken, much is wrong. The same number
# makes the same domain, whatever the words that its names are made of.
package RandomDomain;

use strict;
use warnings;
use Exporter qw(import);
use MIME::Base64 qw(encode_base64);

our @EXPORT_OK = qw(make_domain export_of chance pick some %WORDS);

# Words of the names that differ from domain to domain; none is part of another text.
our %WORDS = (host => 'qhst', person => 'qprs', group => 'qgrp', domain => 'qdom', unit => 'qunt', sid => '1111-2222-3333');

use constant {
    DISABLED => 0x2, NORMAL => 0x200, WORKSTATION => 0x1000, CONTROLLER => 0x2000, UNCONSTRAINED => 0x80000,
    SENSITIVE => 0x100000, ANY_PROTOCOL => 0x1000000,
};
my $MIGRATION = 'Microsoft Virtual System Migration Service';
my $CONSOLE   = 'Microsoft Virtual Console Service';
my @CLASSES   = ($MIGRATION, $MIGRATION, 'cifs', 'cifs', 'Hyper-V Replica Service', $CONSOLE, 'HOST', 'ldap', 'http');
my @VERSIONS  = ('6.3 (9600)', '10.0 (14393)', '10.0 (17763)', '10.0 (20348)', '10.0 (26100)');

sub chance { return rand() < $_[0] }
sub pick   { return $_[int rand @_] }

# So many of the items, each once.
sub some {
    my ($least, $most, @items) = @_;
    my $count = $least + int rand($most - $least + 1);
    my @taken;
    while ($count-- > 0 && @items) { push @taken, splice @items, int rand @items, 1 }
    return @taken;
}

sub sid_bytes {
    my (undef, undef, $authority, @parts) = split /-/, $_[0];
    return pack 'CCnNV*', 1, scalar @parts, 0, $authority, @parts;
}

# A descriptor that grants (or denies) delegation to the trustees; undef: no DACL.
sub descriptor {
    my ($aces) = @_;
    return pack 'CCvVVVV', 1, 0, 0x8000, 0, 0, 0, 0 if !$aces;
    my $list = join '', map {
        my ($type, $flags, $mask, $sid) = @{$_};
        my $bytes = sid_bytes($sid);
        pack('CCvV', $type, $flags, 8 + length $bytes, $mask) . $bytes;
    } @{$aces};
    return pack('CCvVVVV', 1, 0, 0x8004, 0, 0, 0, 20) . pack('CCvvv', 2, 0, 8 + length $list, scalar @{$aces}, 0) . $list;
}

# ---- the domain --------------------------------------------------------------------

sub add {
    my ($self, $dn, @values) = @_;
    my $entry = {dn => $dn, values => [map { my ($n, $v) = @{$_}; ref $v ? map { [$n, $_] } @{$v} : [$n, $v] } @values]};
    push @{$self->{entries}}, $entry;
    return $entry;
}

sub account {
    my ($self, $cn, $where, $rid, $classes, $category, @more) = @_;
    my $sid = $rid =~ /^S-/ ? $rid : "$self->{sid}-$rid";
    my $dn  = "CN=$cn,$where";

    $self->{sids}{$dn} = $sid;
    return $self->add($dn, [objectClass => ['top', @{$classes}]],
        [objectCategory => "CN=$category,CN=Schema,CN=Configuration,$self->{base}"],
        [objectSid => sid_bytes($sid)], @more);
}

sub group {
    my ($self, $cn, $where, $rid, $type) = @_;
    my $group = $self->account($cn, $where, $rid, ['group'], 'Group', [sAMAccountName => $cn], [groupType => $type]);
    push @{$self->{groups}}, $group;
    return $group;
}

sub person {
    my ($self, $name, $where, $rid, $flags, $primary) = @_;
    return $self->account($name, $where, $rid, ['person', 'organizationalPerson', 'user'], 'Person',
        [sAMAccountName => $name], [userAccountControl => $flags], [primaryGroupID => $primary]);
}

sub spns {
    my ($self, $class, $name) = @_;
    return ("$class/$name", "$class/$name.$self->{dns}");
}

sub host {
    my ($self, $number) = @_;
    my $name  = sprintf '%s%02d', $self->{words}{host}, $number;
    my $flags = WORKSTATION;
    my @classes = ($MIGRATION, $CONSOLE, 'HOST', some(0, 1, 'Hyper-V Replica Service'));

    $flags |= DISABLED      if chance(0.1);
    $flags |= UNCONSTRAINED if chance(0.1);
    $flags |= ANY_PROTOCOL  if chance(0.7);
    my $host = $self->account($name, $self->{unit}, 2000 + $number, ['person', 'organizationalPerson', 'user', 'computer'],
        'Computer', [sAMAccountName => "$name\$"], [userAccountControl => $flags], [primaryGroupID => 515],
        [dNSHostName => "$name.$self->{dns}"], [operatingSystemVersion => pick(@VERSIONS)],
        [servicePrincipalName => [map { $self->spns($_, $name) } @classes]]);
    $self->add("CN=Microsoft Hyper-V,$host->{dn}", [objectClass => ['top', 'leaf', 'connectionPoint', 'serviceConnectionPoint']])
        if chance(0.5);
    push @{$self->{hosts}}, $host;
    push @{$self->{host_names}}, $name;
    return;
}

sub random_target {
    my ($self) = @_;
    my $name = pick(@{$self->{host_names}}, "$self->{words}{host}gone", "$self->{words}{host}dc");
    return pick($self->spns(pick(@CLASSES), $name)) . (chance(0.1) ? pick(':5985', "/$self->{dns}") : '');
}

sub random_trustee {
    my ($self) = @_;
    return pick(map({ $self->{sids}{$_->{dn}} } pick(@{$self->{hosts}}), pick(@{$self->{hosts}}), pick(@{$self->{people}}), pick(@{$self->{groups}})),
        chance(0.3) ? ('S-1-1-0', 'S-1-5-11', "$self->{sid}-9999") : ());
}

sub delegate {
    my ($self) = @_;
    for my $index (0 .. $#{$self->{hosts}}) {
        my %targets = map { $_ => 1 } map { $self->random_target() } 1 .. int rand 3;
        for my $other (@{$self->{host_names}}) {
            next if $other eq $self->{host_names}[$index] || !chance(0.7);
            $targets{$_} = 1 for $self->spns($MIGRATION, $other), $self->spns('cifs', $other);
        }
        push @{$self->{hosts}[$index]{values}}, map { ['msDS-AllowedToDelegateTo', $_] } sort keys %targets if chance(0.8);
        next if !chance(0.4);
        my @aces = map { [pick(0, 0, 0, 1, 5, 6), pick(0, 0, 0, 8), pick(0x100, 0x10000000 | 0x100, 0xF01FF, 1), $self->random_trustee()] } 0 .. int rand 4;
        $_->[0] = $_->[0] == 5 ? 0 : $_->[0] == 6 ? 1 : $_->[0] for @aces;
        push @{$self->{hosts}[$index]{values}},
            ['msDS-AllowedToActOnBehalfOfOtherIdentity', descriptor(chance(0.05) ? undef : \@aces)];
    }
    return;
}

# Adds a member, and the link back.
sub add_member {
    my ($self, $group, $member) = @_;
    return if $group == $member || grep { $_->[0] eq 'member' && $_->[1] eq $member->{dn} } @{$group->{values}};
    push @{$group->{values}}, [member => $member->{dn}];
    push @{$member->{values}}, [memberOf => $group->{dn}];
    return;
}

sub write_policy {
    my ($self) = @_;
    my @hosts = @{$self->{host_names}};
    my @people = map { $_->{dn} =~ /^CN=([^,]*)/ } @{$self->{people}};
    my $policy = '';

    $policy .= "[hosts]\nallow = http/*\n" if chance(0.3);
    $policy .= "[group one]\nhosts = " . join(' ', some(1, 4, @hosts)) . "\n" if chance(0.5);
    $policy .= "[admins]\nexempt = " . join(', ', some(1, 2, @people)) . "\n" if chance(0.3);
    $policy .= "[operators]\naccounts = " . join(', ', some(1, 2, @people)) . "\n" if chance(0.3);
    return $policy;
}

# The domain of that number; words replace those of %WORDS.
sub make_domain {
    my ($seed, %words) = @_;
    srand $seed;
    %words = (%WORDS, %words);
    my $self = bless {words => \%words, sid => "S-1-5-21-$words{sid}", base => "DC=$words{domain},DC=test",
        dns => "$words{domain}.test", unit => "OU=$words{unit},DC=$words{domain},DC=test"}, __PACKAGE__;
    my ($users, $builtin) = ("CN=Users,$self->{base}", "CN=Builtin,$self->{base}");
    my $level = pick(7, 7, 7, 6, 3);

    $self->{root} = $self->add('', [defaultNamingContext => $self->{base}], [rootDomainNamingContext => $self->{base}],
        [configurationNamingContext => "CN=Configuration,$self->{base}"], [domainControllerFunctionality => $level]);
    $self->add($self->{base}, [objectClass => ['top', 'domain', 'domainDNS']], [objectSid => sid_bytes($self->{sid})],
        ['msDS-Behavior-Version' => $level]);
    $self->{admins} = $self->group('Domain Admins', $users, 512, -2147483646);
    $self->group(@{$_}) for ['Schema Admins', $users, 518, -2147483640], ['Enterprise Admins', $users, 519, -2147483640],
        ['Administrators', $builtin, 'S-1-5-32-544', -2147483643], ['Account Operators', $builtin, 'S-1-5-32-548', -2147483643],
        ['Backup Operators', $builtin, 'S-1-5-32-551', -2147483643];
    my @privileged = @{$self->{groups}};
    my $protected = $self->group('Protected Users', $users, 525, -2147483646);
    $self->group(sprintf('%s%02d', $words{group}, $_), $self->{unit}, 3000 + $_, pick(-2147483646, -2147483640, -2147483644, 2))
        for 1 .. 1 + int rand 4;
    my @own = grep { $_->{dn} =~ /OU=/ } @{$self->{groups}};
    my $administrator = $self->person('Administrator', $users, 500, NORMAL | (chance(0.7) ? SENSITIVE : 0), 513);
    $self->person('krbtgt', $users, 502, NORMAL | DISABLED | (chance(0.1) ? SENSITIVE : 0), 513);
    $self->host($_) for 1 .. 2 + int rand 4;
    $self->account("$words{host}dc", "OU=Domain Controllers,$self->{base}", 1000,
        ['person', 'organizationalPerson', 'user', 'computer'], 'Computer', [sAMAccountName => "$words{host}dc\$"],
        [userAccountControl => CONTROLLER | UNCONSTRAINED], [primaryGroupID => 516], [dNSHostName => "$words{host}dc.$self->{dns}"],
        [operatingSystemVersion => '10.0 (20348)'], [servicePrincipalName => [map { $self->spns($_, "$words{host}dc") } 'HOST', 'ldap']]);
    for my $number (1 .. 3 + int rand 8) {
        my $flags = NORMAL | (chance(0.7) ? SENSITIVE : 0) | (chance(0.1) ? DISABLED : 0);
        push @{$self->{people}}, $self->person(sprintf('%s%02d', $words{person}, $number), $self->{unit}, 4000 + $number, $flags,
            chance(0.1) && @own ? $self->{sids}{pick(@own)->{dn}} =~ s/.*-//r : 513);
    }
    my @all = (@{$self->{people}}, @own);
    $self->add_member($self->{admins}, $administrator);
    $self->add_member($privileged[3], $_) for $administrator, $self->{admins};
    for my $group (@privileged, $protected, @own) {
        $self->add_member($group, $_) for some(0, 2, @all);
    }
    push @{pick(@{$self->{people}})->{values}}, [servicePrincipalName => $self->random_target()] if chance(0.3);
    $self->delegate();
    $self->{policy} = $self->write_policy();
    return $self;
}

# The entries as LDIF.
sub export_of {
    my (@entries) = @_;
    my $text = '';
    for my $entry (@entries) {
        $text .= $entry->{dn} eq '' ? "dn:\n" : "dn: $entry->{dn}\n";
        $text .= $_->[1] =~ /^[!-9;=-~][ -~]*(?<! )$/ ? "$_->[0]: $_->[1]\n" : "$_->[0]:: " . encode_base64($_->[1], '') . "\n"
            for @{$entry->{values}};
        $text .= "\n";
    }
    return $text;
}

1;
