# Talks to the node that runs in a node directory; the protocol is described in the package comment of
# io.millwright.shell.local.internal. No modules: loading them takes longer than a whole command does.

sub fail { my ($code, $text) = @_; syswrite STDERR, "millwright: $text\n"; exit $code }

sub usage {
    fail(2, "$_[0]\nusage: millwright [-d DIR] [--timeout TIME] COMMAND [ARGUMENT...]\n"
          . "       millwright [-d DIR] [--timeout TIME] --ping | --shell | --commands\n"
          . "DIR is the node directory; else \$MILLWRIGHT_DIR, ./.millwright if there is one, or .\n"
          . "TIME is how long the command may take, as 30, 30s, 5m or 1h");
}

sub cwd {
    my $named = $ENV{PWD};
    if (defined $named && $named =~ m{^/}) {
        my @here = stat '.';
        my @there = stat $named;
        return $named if @here && @there && $here[0] == $there[0] && $here[1] == $there[1];
    }
    my $link = readlink '/proc/self/cwd';
    return defined $link ? $link : eval { require Cwd; Cwd::getcwd() } || '';
}

my ($dir, $place, $type, $node, $address, $eintr, $again, $interrupts, $patience, $limit, $deadline);

# The node took a connection, or the system took it for the node, and nothing comes.
sub silent {
    my $process = '';
    if (open my $file, '<', "$dir/run/pid") {
        my $pid = readline $file;
        if (defined $pid && $pid =~ /^([0-9]+)$/) {
            $pid = $1;
            my ($about, $stat);
            $stat = readline $about if open $about, '<', "/proc/$pid/stat";
            $process = defined $stat && $stat =~ /^.*\) [Tt] /s
              ? "; its process $pid is halted, 'kill -CONT $pid' lets it go on"
              : "; its process is $pid";
        }
    }
    fail(1, "the node in $place does not answer$process");
}

# Writes all of it; false when nobody reads any more.
sub put {
    my ($to, $data) = @_;
    my $at = 0;
    while ($at < length $data) {
        my $count = syswrite $to, $data, length($data) - $at, $at;
        if (defined $count) { $at += $count }
        elsif ($! == $again) { vec(my $w = '', fileno $to, 1) = 1; select undef, $w, undef, undef }
        elsif ($! != $eintr) { return 0 }
    }
    return 1;
}

# Done before Perl has read the rest of this file: the node works meanwhile.
BEGIN {
    # PERL_UNICODE may have turned arguments into characters and streams into decoders
    utf8::is_utf8($_) && utf8::encode($_) for @ARGV;
    binmode $_ for STDIN, STDOUT, STDERR;

    while (@ARGV && $ARGV[0] =~ /^-/) {
        my $option = shift @ARGV;
        if ($option eq '-d') {
            @ARGV && length $ARGV[0] or usage('-d needs the node directory');
            $dir = shift @ARGV;
        }
        elsif ($option eq '--timeout') {
            my $time = @ARGV ? shift @ARGV : '';
            $time =~ /^([1-9][0-9]{0,7})([smh]?)$/ or usage("--timeout needs a time above 0, as 30, 30s, 5m or 1h");
            $limit = $1 * { '' => 1, s => 1, m => 60, h => 3600 }->{$2};
        }
        elsif ($option =~ /^--(ping|shell|commands)$/) {
            !$type or usage("$option comes after another of its kind");
            $type = { ping => 'P', shell => 'S', commands => 'L' }->{$1};
        }
        else { usage("there is no option $option before the command") }
    }
    !$type || !@ARGV or usage("there is nothing to say after --ping, --shell or --commands");
    $type || @ARGV or usage('which command?');
    $type ||= 'R';

    $dir = $ENV{MILLWRIGHT_DIR} unless defined $dir;
    $dir = -d '.millwright' ? '.millwright' : '.' unless defined $dir && length $dir;

    # a closed standard stream would make the socket take its number, and the output go to the node
    do { open my $null, '+<', '/dev/null' or fail(1, "/dev/null: $!"); push our @held, $null } until fileno($held[-1]) > 2;

    my $path = "$dir/run/node.sock";
    my $bsd = $^O =~ /darwin|bsd/;
    # %! would load a module
    ($eintr, $again) = (4, $bsd ? 35 : 11);
    # what a node can have: NodeDirectory of the launcher says why
    my $room = 100;
    length $path <= $room
      or fail(69, "no node can run in $dir: the path of its socket, $path, is longer than $room bytes");
    # Silence of half as many seconds is a reason to ask whether the node is still there; it has all of them to answer.
    $patience = ($ENV{MILLWRIGHT_PATIENCE} || '') =~ /^([1-9][0-9]{0,3})$/ ? $1 : 10;
    $deadline = time + $limit + 1 if $limit;
    $place = $dir =~ m{^/} ? $dir : $dir eq '.' ? cwd() : cwd() . '/' . ($dir =~ s{^\./}{}r);
    # connecting and writing wait for a node that takes nothing
    $SIG{ALRM} = \&silent;
    alarm($limit && $limit < $patience ? $limit : $patience);
    socket($node, 1, 1, 0) or fail(1, "cannot make a Unix socket: $!");
    $address = $bsd ? pack('CCa104', 106, 1, $path) : pack('Sa108', 1, $path);
    connect($node, $address) or do {
        my ($number, $why) = ($! + 0, "$!");
        fail(69, "no node runs in $place: there is no such directory") unless -e $dir;
        fail(1, "cannot reach the node in $place: $path: $why") if $number == 13 || $number == 1;    # EACCES, EPERM
        fail(69, "no node runs in $place");
    };

    my $columns = 0;
    if (-t STDOUT) {
        my $size = "\0" x 8;
        $columns = (unpack 'S4', $size)[1] if ioctl STDOUT, $bsd ? 0x40087468 : 0x5413, $size;
        $columns = $ENV{COLUMNS} || 0 unless $columns;
    }

    $interrupts = 0;
    # in a session ^C is for what runs in it; the third without an answer ends the session
    $SIG{INT} = sub { exit 130 if ++$interrupts > 2 } if $type eq 'S';
    # a node that goes meanwhile is no reason to die without a word
    $SIG{PIPE} = 'IGNORE';
    my $request = pack 'n C (N/a*)*', $columns, (-t STDOUT ? 1 : 0) | (-t STDIN ? 2 : 0), cwd(), @ARGV;
    put($node, "MWS\x01" . pack 'a N/a*', $type, $request);
    alarm 0;
}

# Whether the node answers anything at all, asked by a connection of its own.
sub ask_whether_there {
    my ($other, $some);
    alarm $patience;
    my $answer = socket($other, 1, 1, 0) && connect($other, $address)
      && put($other, "MWS\x01" . pack 'a N/a*', 'P', pack 'n C N', 0, 0, 0)
      && sysread $other, $some, 64;
    alarm 0;
    $answer or silent();
}

my $silence = $patience / 2;

# Nothing came for a while. A command may be silent for hours, but not its node.
sub nothing_came {
    fail(1, "the command has not ended within $limit s, and is given up") if $deadline && time >= $deadline;
    # half a session is somebody who thinks
    ask_whether_there();
    $silence *= 2 if $silence < 60;
}

my $told = 0;

sub show {
    my ($to, $data) = @_;
    put($to, $data) and return;
    if ($! == 32) {    # EPIPE
        $SIG{PIPE} = 'DEFAULT'; kill PIPE => $$ }
    fail(1, "cannot write the output: $!");
}

sub frame { put($node, pack 'a N/a*', @_) }

my ($received, $wanted) = ('', 0);
while (1) {
    if ($interrupts > $told) { frame('C', ''); $told = $interrupts }
    my $ready = '';
    vec($ready, fileno $node, 1) = 1;
    vec($ready, 0, 1) = 1 if $wanted;
    my $wait = $silence;
    if ($deadline) {
        my $left = $deadline - time;
        $wait = $left < 0 ? 0 : $left if $left < $wait;
    }
    my $count_ready = select($ready, undef, undef, $wait);
    if ($count_ready <= 0) {
        nothing_came() if $count_ready == 0;
        next;
    }
    $silence = $patience / 2;
    fail(1, "the command has not ended within $limit s, and is given up") if $deadline && time >= $deadline;
    if ($wanted && vec $ready, 0, 1) {
        my $count = sysread STDIN, my $data, 32768;
        if (defined $count || !($! == $eintr || $! == $again)) {
            frame('I', $count ? $data : '');
            $wanted = 0;
        }
    }
    vec $ready, fileno $node, 1 or next;
    my $count = sysread $node, $received, 65536, length $received;
    if (!$count) {
        next if !defined $count && $! == $eintr;
        fail(1, 'the node ended before the command did');
    }
    my $at = 0;
    while (length($received) - $at >= 5) {
        my ($kind, $length) = unpack 'a N', substr $received, $at, 5;
        last if length($received) - $at - 5 < $length;
        my $payload = substr $received, $at + 5, $length;
        $at += 5 + $length;
        $interrupts = $told = 0 if $interrupts == $told;
        if    ($kind eq 'O') { show(\*STDOUT, $payload) }
        elsif ($kind eq 'E') { show(\*STDERR, $payload) }
        elsif ($kind eq 'N') { $wanted = 1 }
        elsif ($kind eq 'X') { exit unpack 'N', $payload }
    }
    substr($received, 0, $at) = '';
}
