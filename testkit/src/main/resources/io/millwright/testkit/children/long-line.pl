#!/usr/bin/env perl
# Prints one line of as many KiB as the first argument says (default 256), then "end".
my $kib = shift // 256;
print "x" x 1024 for 1 .. $kib;
print "\nend\n";
