#!/usr/bin/env perl
# Prints one line of bytes that are no UTF-8, with a NUL among them, then "end".
binmode STDOUT;
print "\xff\xfe\xc3\x28\x00\xed\xa0\x80\xf0\x9f\n";
print "end\n";
