# Talks to the node that runs in a node directory; the protocol is described in the package comment of
# io.millwright.shell.local.internal. No modules: loading them takes longer than a whole command does.

sub fail { my ($code, $text) = @_; syswrite STDERR, "millwright: $text\n"; exit $code }

sub usage {
    fail(2, "$_[0]\nusage: millwright [-d DIR] COMMAND [ARGUMENT...]\n"
          . "       millwright [-d DIR] --ping | --shell | --commands\n"
          . "DIR is the node directory; else \$MILLWRIGHT_DIR, ./.millwright if there is one, or .");
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

my ($dir, $type, $node, $eintr, $again, $interrupts);

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
    my $room = $bsd ? 103 : 107;
    length $path <= $room
      or fail(69, "no node can run in $dir: the path of its socket, $path, is longer than $room bytes");
    socket($node, 1, 1, 0) or fail(1, "cannot make a Unix socket: $!");
    connect($node, $bsd ? pack('CCa104', 106, 1, $path) : pack('Sa108', 1, $path)) or do {
        my ($number, $why) = ($! + 0, "$!");
        my $place = $dir =~ m{^/} ? $dir : $dir eq '.' ? cwd() : cwd() . '/' . ($dir =~ s{^\./}{}r);
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
    select($ready, undef, undef, undef) > 0 or next;
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
