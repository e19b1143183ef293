#!/usr/bin/env perl
# Fills its pipe with numbered lines (1 to 1000) by one write and is gone before anyone can have read them.
my $lines = join '', map { "line $_\n" } 1 .. 1000;
syswrite STDOUT, $lines;
exit 0;
