# A worker of bench/soak: writes numbered lines and keeps a ledger of what it has done. soak.pl LEDGERS ID STUBBORN
use strict;
use warnings;
use Time::HiRes qw(time sleep);
use POSIX ();

my ($ledgers, $id, $stubborn) = @ARGV;
my $run = sprintf "%d-%d", $$, time * 1e6;
srand($$ ^ (time * 1e6));
my $flood = 0;
my $end = 0;
$SIG{USR1} = sub { $flood = 1 };
$SIG{TERM} = sub { $end = 1 } if $stubborn;
open my $ledger, '+>', "$ledgers/.$id.$run" or die "ledger: $!";
syswrite $ledger, sprintf "%010d running   \n", 0;
rename "$ledgers/.$id.$run", "$ledgers/$id.$run" or die "ledger: $!";
my $number = 0;

sub line {
    $number++;
    my $text = "$run $number\n";
    # at once: shorter than what a pipe takes in one piece
    syswrite STDOUT, $text;
    sysseek $ledger, 0, 0;
    syswrite $ledger, sprintf "%010d", $number;
}

sub leave {
    my $code = shift;
    sysseek $ledger, 11, 0;
    syswrite $ledger, sprintf "exit %-5d", $code;
    POSIX::_exit($code);
}

while (1) {
    line();
    if ($flood) {
        line() for 1 .. 20000;
        $flood = 0;
    }
    if ($end) {
        sleep rand 0.3;
        line();
        leave(3);
    }
    leave(1 + int rand 200) if rand() < 0.004;
    sleep 0.005 + rand 0.05;
}
