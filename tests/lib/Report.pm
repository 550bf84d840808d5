# SPDX-License-Identifier: GPL-3.0-or-later
#
# Looks at the reports for browsers and for Prometheus, with grammars of its own that are
# stricter than those programs: what is not expressly allowed is a fault. Also makes an
# export of a domain in which every name is hostile.
package Report;

use strict;
use warnings;
use Encode ();
use Exporter qw(import);
use MIME::Base64 qw(encode_base64);

our @EXPORT_OK = qw(page_faults page_text metrics_faults metrics_samples hostile_domain hostile_policy
    @HOSTILE);

# ---- pages -------------------------------------------------------------------------

# The elements that the page is made of, and their attributes with what these may hold.
my $words     = qr/[a-z][a-z ]*/;
my %ELEMENTS = (
    (map { $_ => {} } qw(head title style body main small br wbr thead ul li pre h1 h2 h3 i)),
    html    => {lang => qr/en/},
    meta    => {charset => qr/utf-8/, 'http-equiv' => qr/Content-Security-Policy/,
        name => qr/referrer|viewport|color-scheme/, content => qr/[a-z ;=',-]*/},
    header  => {class => $words},
    nav     => {},
    section => {id => qr/findings|matrix|hosts|admins|counts/},
    div     => {class => $words, tabindex => qr/0/, role => qr/region/, 'aria-label' => $words},
    p       => {class => $words},
    a       => {class => $words, href => qr/#(?:f\d+|findings|matrix|hosts|admins|counts)/},
    b       => {class => $words},
    i       => {class => $words, style => qr/flex:\d+/},
    span    => {id => qr/f\d+/},
    table   => {class => $words},
    tbody   => {class => $words},
    tr      => {class => qr/many/},
    th      => {scope => qr/row|col|rowgroup/, colspan => qr/\d/},
    td      => {class => qr/[a-z]+/, title => qr/.*/},
);
my %ENDLESS  = map { $_ => 1 } qw(meta br wbr);
my %OPTIONAL = map { $_ => 1 } qw(td th tr li tbody);    # end tags that may be left out

# What is wrong with the attributes of a tag.
sub attribute_faults {
    my ($element, $text) = @_;
    my @faults;

    while ($text =~ /\G\s+([a-z-]+)(?:=(?:"([^"]*)"|([^\s"'`=<>]+)))?/gc) {
        my ($name, $value) = ($1, $2 // $3 // '');
        my $allowed = $ELEMENTS{$element}{$name};
        push @faults, "<$element $name>: not allowed" if !$allowed;
        push @faults, "<$element $name>: $value" if $allowed && $value !~ /^(?:$allowed)\z/;
        push @faults, entity_faults($value);
    }
    push @faults, "<$element>: " . substr $text, pos($text) // 0 if (pos($text) // 0) != length $text;
    return @faults;
}

sub entity_faults {
    my ($text) = @_;
    return map {"a bare &: $_"} $text =~ /(&(?!amp;|lt;|gt;|quot;|#39;).{0,20})/g;
}

# What is wrong with a page, or nothing.
sub page_faults {
    my ($bytes) = @_;
    my (@open, @faults, %ids, %links);
    my $page = eval { Encode::decode('UTF-8', $bytes, Encode::FB_CROAK | Encode::LEAVE_SRC) };

    return 'not UTF-8' if !defined $page;
    return 'no document type' if $page !~ s/\A<!DOCTYPE html>\n//;
    push @faults, 'a character that nobody sees'
        if $page =~ /[\x00-\x09\x0B-\x1F\x7F-\x9F\x{200B}-\x{200F}\x{2028}-\x{202E}\x{2060}-\x{206F}\x{FEFF}]/;
    push @faults, 'no policy' if $page !~ /^<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'/m;
    push @faults, 'not one style' if 1 != (() = $page =~ m{<style>.*?</style>}gs);
    my ($style) = $page =~ s{<style>(.*?)</style>}{<style></style>}s ? $1 : '';
    push @faults, 'a style that loads something' if $style =~ /url|import|\@font|[\\<]/i;
    while ($page =~ m{([^<]*)(?:<(/?)([a-z][a-z0-9]*)([^<>]*)>|(<)|\z)}gc) {
        my ($text, $end, $element, $attributes, $bare) = ($1, $2, $3, $4, $5);
        push @faults, entity_faults($text);
        push @faults, 'a bare >' if $text =~ />/;
        push @faults, 'a bare <: ' . substr $page, pos($page), 30 if $bare;
        last if !defined $element && !$bare;
        next if $bare;
        if (!$ELEMENTS{$element}) { push @faults, "<$end$element>: not allowed"; next }
        if ($end) {
            pop @open while @open && $open[-1] ne $element && $OPTIONAL{$open[-1]};
            push @faults, "</$element> closes <" . ($open[-1] // 'nothing') . '>'
                if !@open || pop @open ne $element;
            next;
        }
        push @faults, attribute_faults($element, $attributes);
        $ids{$1}++ while $attributes =~ / id="([^"]*)"/g;
        $links{$1}++ while $attributes =~ / href="?#([^"]*)/g;
        my %ends = (td => 'td|th', th => 'td|th', tr => 'td|th|tr', li => 'li', tbody => 'td|th|tr|tbody');
        if (my $ended = $ends{$element}) { pop @open while @open && $open[-1] =~ /^(?:$ended)$/ }
        push @open, $element if !$ENDLESS{$element};
    }
    push @faults, "left open: @open" if @open;
    push @faults, "id $_ twice" for grep { $ids{$_} > 1 } keys %ids;
    push @faults, "a link to nowhere: $_" for grep { !$ids{$_} } keys %links;
    return @faults > 10 ? (@faults[0 .. 9], '...') : @faults;
}

# What the reader of a page sees: no markup, entities as characters.
sub page_text {
    my ($bytes) = @_;
    my $text = Encode::decode('UTF-8', $bytes);
    my %entity = (amp => '&', lt => '<', gt => '>', quot => '"', '#39' => q{'});

    $text =~ s{<style>.*?</style>}{}s;
    $text =~ s{<wbr>}{}g;
    $text =~ s{<[^>]*>}{ }g;
    $text =~ s{&(amp|lt|gt|quot|#39);}{$entity{$1}}g;
    return $text;
}

# ---- metrics -----------------------------------------------------------------------

# "name{labels}" => value, with the labels as they are written.
sub metrics_samples {
    my ($text) = @_;
    return {$text =~ /^([a-z][^\s{]*\{.*\}) (\S+)$/mg};
}

# What is wrong with the metrics, or nothing.
sub metrics_faults {
    my ($bytes) = @_;
    my (@faults, %families, %series, $family);
    my $text = eval { Encode::decode('UTF-8', $bytes, Encode::FB_CROAK | Encode::LEAVE_SRC) };

    return 'not UTF-8' if !defined $text;
    push @faults, 'it does not end with # EOF' if $text !~ s/# EOF\n\z//;
    push @faults, 'a control character' if $text =~ /[\x00-\x09\x0B-\x1F\x7F-\x9F]/;
    my $state = '';
    for my $line (split /\n/, $text, -1) {
        if ($line =~ /^# HELP (hyperv_delegation_[a-z_]+) [^\\"]+$/) {
            $family = $1;
            push @faults, "$family twice" if $families{$family}++;
        } elsif ($line =~ /^# TYPE (\S+) gauge$/ || $line =~ /^# UNIT (\S+) seconds$/) {
            push @faults, "out of place: $line" if $1 ne $family;
        } elsif ($line =~ /^(hyperv_delegation_[a-z_]+)\{((?:[a-z]+="(?:[^"\\]|\\[\\"n])*",?)+)\} (-?\d+(?:\.\d+)?)$/) {
            push @faults, "out of place: $line" if $1 ne $family;
            push @faults, "twice: $line" if $series{"$1 $2"}++;
            push @faults, "no domain: $line" if $2 !~ /^domain="/;
        } elsif ($line ne '') {
            push @faults, "not understood: $line";
        }
    }
    push @faults, 'no samples' if !%series;
    return @faults;
}

# ---- a hostile domain --------------------------------------------------------------

# Each would do something to a page or a label that is put together carelessly. MARK is what
# a script would change.
our @HOSTILE = (
    q{<script>document.title='MARK'</script>},
    q{"><img src=x onerror="document.title='MARK'">},
    q{' onmouseover='document.title="MARK"' x='},
    q{</title><script>document.title='MARK'</script>},
    q{</style></table></pre><script>document.title='MARK'</script>},
    q{<svg/onload=document.title='MARK'>},
    q{<link rel=stylesheet href=//127.0.0.1:PORT/style>},
    q{<img src=http://127.0.0.1:PORT/picture>},
    q{<iframe src="http://127.0.0.1:PORT/frame">},
    q{<meta http-equiv=refresh content="0;url=http://127.0.0.1:PORT/refresh">},
    q{javascript:document.title='MARK'},
    q{&lt;script&gt;document.title='MARK'&lt;/script&gt;},
    q{&#60;script>document.title='MARK'</script>},
    q{<!-- <!--},
    q{]]><?php},
    q{{{constructor.constructor('document.title="MARK"')()}}},
    "\xE2\x80\xAEnimda\xE2\x80\xAC",
    "\xE2\x81\xA6a\xE2\x80\x8Bb\xEF\xBB\xBF",
    "a\nb\r\nc\td",
    "\x01\x07\x1B[31m\x1B]0;MARK\x07\x7F",
    "\xC2\x85\xC2\x9B31m",
    "\xFF\xFE\xC3",
    "\xC0\xBCscript\xC0\xBE",
    "\xED\xA0\x80\xF4\x90\x80\x80",
    "\xEF\xBF\xBE\xEF\xBF\xBF",
    qq(a"} 1\nevil_metric{x="),
    q{back\\slash\\},
    q{percent %s %n %99999d},
    "J\xC3\xBCrgen \xE2\x82\xAC \xF0\x9F\x98\x80",
    'x' x 250,
);

sub line {
    my ($name, $value) = @_;
    return "${name}:: " . encode_base64($value, '') . "\n";
}

# A DN with name in it, spelled as Active Directory does.
sub dn_of {
    my ($name) = @_;
    $name =~ s/([,+"\\<>;=])/\\$1/g;
    $name =~ s/([\x00-\x1F])/sprintf '\\%02X', ord $1/ge;
    return "CN=$name,DC=hostile,DC=test";
}

# An export in which each of @HOSTILE names a host and an admin, and stands in what is told
# of them. port: where a page that falls for it would ask.
sub hostile_domain {
    my ($port) = @_;
    my @names = map { s/PORT/$port/gr } @HOSTILE;
    my $base  = 'DC=hostile,DC=test';
    my ($text, $members) = ('', '');

    for my $i (0 .. $#names) {
        my ($name, $rid) = ($names[$i], 2000 + $i);
        $members .= line('member', dn_of("admin$i $name"));
        $text .= "\n" . line('dn', dn_of("admin$i $name")) . "objectClass: user\n"
            . line('sAMAccountName', $name) . "objectSid: S-1-5-21-1-2-3-$rid\nuserAccountControl: 512\n";
        $rid += 1000;
        $text .= "\n" . line('dn', dn_of("host$i $name")) . "objectClass: computer\n"
            . "objectCategory: CN=Computer,CN=Schema,$base\n" . line('sAMAccountName', "$name\$")
            . "objectSid: S-1-5-21-1-2-3-$rid\nuserAccountControl: 528384\n"
            . line('operatingSystem', $name) . line('dNSHostName', "$name.hostile.test")
            . line('servicePrincipalName', "Microsoft Virtual System Migration Service/$name")
            . line('msDS-AllowedToDelegateTo', "cifs/$name");
    }
    return <<"END" . "$text\n";
version: 1

dn: $base
objectClass: domainDNS
objectSid: S-1-5-21-1-2-3
msDS-Behavior-Version: 7

dn: CN=Protected Users,$base
objectClass: group
sAMAccountName: Protected Users
groupType: -2147483646
objectSid: S-1-5-21-1-2-3-525

dn: CN=Domain Admins,$base
objectClass: group
sAMAccountName: <b>Domain</b> Admins
groupType: -2147483646
objectSid: S-1-5-21-1-2-3-512
$members
END
}

# Groups of all its hosts, their names as hostile as an INI file allows.
sub hostile_policy {
    my ($port) = @_;
    return join '', map {"[group $_]\nhosts = *\nservices = cifs, $_\n"}
        map { s/PORT/$port/gr } grep { !/[\x00-\x1F\[\],;#]/ && length $_ < 100 } @HOSTILE[0 .. 9];
}

1;
