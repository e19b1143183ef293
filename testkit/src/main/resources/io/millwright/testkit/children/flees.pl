#!/usr/bin/env perl
# A child of it starts a session of its own and stays. Prints "fled PID" once it has, then "ready".
use strict;
use POSIX ();
$| = 1;
pipe(my $read, my $write) or die $!;
my $child = fork() // die $!;
if (!$child) {
    close $read;
    POSIX::setsid();
    syswrite $write, "x";
    close $write;
    sleep 3600 while 1;
}
close $write;
sysread $read, my $byte, 1;
print "fled $child\nready\n";
sleep 3600 while 1;
