package io.millwright.shell.local.internal;

/** The numbers of the protocol that the package comment describes. */
final class Protocol {
    static final byte[] OPENING = {'M', 'W', 'S', 1};

    static final byte RUN = 'R';
    static final byte SHELL = 'S';
    static final byte LIST = 'L';
    static final byte PING = 'P';
    static final byte INPUT = 'I';
    static final byte INTERRUPT = 'C';

    static final byte OUTPUT = 'O';
    static final byte ERROR = 'E';
    static final byte NEED_INPUT = 'N';
    static final byte EXIT = 'X';

    /** Larger than any command line Linux or macOS lets a client have. */
    static final int MAX_FRAME = 8 << 20;

    static final int EXIT_OK = 0;
    static final int EXIT_FAILED = 1;
    static final int EXIT_USAGE = 2;

    private Protocol() {}
}
