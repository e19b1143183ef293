#!/usr/bin/env perl
# Prints as many MiB as the first argument says (default 200), as fast as it can: numbered lines of 64 bytes.
use strict;
my $mib = shift // 200;
my $number = 0;
for (1 .. $mib) {
    my $block = '';
    $block .= sprintf("%-63d\n", ++$number) for 1 .. 16384;
    while (length $block) {
        my $written = syswrite STDOUT, $block;
        defined $written or die $!;
        substr $block, 0, $written, '';
    }
}
