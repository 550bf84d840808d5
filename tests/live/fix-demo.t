#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
#
# fix.t in the demo domain: everything that commands can mend is mended by them.
use strict;
use warnings;
use FindBin qw($Bin);

exec $^X, "$Bin/fix.t", '--template=demo' or die "$Bin/fix.t: $!";
