package io.millwright.controller.internal.process.linux;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.util.Locale;

/**
 * The functions of the GNU C library this package calls, under their own names; addresses are {@code long}. Thread-safe once
 * {@link #load} has returned.
 */
@SuppressWarnings("MemberName")
final class LibC {
    static final int O_RDWR = 2;
    static final int O_WRONLY = 1;
    static final int O_CREAT = 0x40;
    static final int O_NOCTTY = 0x100;
    static final int O_APPEND = 0x400;
    static final int O_NONBLOCK = 0x800;
    static final int O_CLOEXEC = 0x80000;
    static final int F_GETFD = 1;
    static final int F_SETFL = 4;
    static final int F_DUPFD_CLOEXEC = 1030;
    static final int F_SETPIPE_SZ = 1031;
    static final int F_GETPIPE_SZ = 1032;

    static final int ENOENT = 2;
    static final int EPERM = 1;
    static final int ESRCH = 3;
    static final int EINTR = 4;
    static final int E2BIG = 7;
    static final int ENOEXEC = 8;
    static final int EAGAIN = 11;
    static final int EACCES = 13;
    static final int ENFILE = 23;
    static final int EMFILE = 24;
    static final int EADDRINUSE = 98;
    static final int EADDRNOTAVAIL = 99;

    static final int WNOHANG = 1;
    static final int SIGKILL = 9;
    static final int SPAWN_SETSIGDEF = 0x04;
    static final int SPAWN_SETSIGMASK = 0x08;
    static final int SPAWN_SETSID = 0x80;
    static final int PR_SET_CHILD_SUBREAPER = 36;
    static final int PR_GET_CHILD_SUBREAPER = 37;
    static final int RLIMIT_NOFILE = 7;
    static final int RLIMIT_LOCKS = 10;

    static final int EPOLLIN = 1;
    static final int EPOLLOUT = 4;
    static final int EPOLL_CTL_ADD = 1;
    static final int EPOLL_CTL_DEL = 2;

    /** The number of pidfd_open on every architecture supported here; the function itself came with glibc 2.36 only. */
    private static final long PIDFD_OPEN = 434;

    /** Of pidfd_getfd, which glibc has since 2.36 too. */
    private static final long PIDFD_GETFD = 438;

    private LibC() {}

    /**
     * Binds the functions.
     *
     * @throws IOException if this machine is not one they are known to work on; the message says why
     */
    static void load() throws IOException {
        try {
            bind();
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Error e) {
            // JNA throws all kinds: its own library may not be for this machine, or not be allowed to be unpacked.
            throw new IOException("JNA cannot be used: " + e.getMessage(), e);
        }
    }

    private static void bind() throws IOException {
        checkMachine(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
        NativeLibrary process = NativeLibrary.getProcess();
        try {
            process.getFunction("gnu_get_libc_version");
        } catch (UnsatisfiedLinkError e) {
            throw new IOException("the C library is not glibc", e);
        }
        try {
            Native.register(LibC.class, process);
        } catch (UnsatisfiedLinkError e) {
            throw new IOException(
                    "glibc " + new Pointer(version(process)).getString(0) + " is too old, 2.34 would do: "
                            + e.getMessage(),
                    e);
        }
    }

    private static long version(NativeLibrary process) {
        return Pointer.nativeValue(process.getFunction("gnu_get_libc_version").invokePointer(new Object[0]));
    }

    static void checkMachine(String system, String architecture) throws IOException {
        if (!system.toLowerCase(Locale.ROOT).contains("linux")) {
            throw new IOException("this is " + system + ", not Linux");
        }
        if (!architecture.equals("amd64") && !architecture.equals("aarch64")) {
            throw new IOException("the processor is " + architecture + ", not x86-64 or aarch64");
        }
    }

    /** The error number of the last call of this thread. */
    static int errno() {
        return Native.getLastError();
    }

    static String text(int error) {
        long text = strerror(error);
        return text == 0 ? "error " + error : new Pointer(text).getString(0);
    }

    static IOException failure(String what) {
        return new IOException(what + ": " + text(errno()));
    }

    static int pidfdOpen(long pid) {
        return (int) syscall(PIDFD_OPEN, pid, 0);
    }

    /** A copy of another process's descriptor, closed by an exec; needs Linux 5.6. */
    static int pidfdGetfd(int pidfd, int fd) {
        return (int) syscall(PIDFD_GETFD, pidfd, fd, 0);
    }

    static native int unshare(int flags);

    static native int close_range(int first, int last, int flags);

    static native int posix_spawn(long pid, long path, long actions, long attributes, long argv, long envp);

    static native int posix_spawn_file_actions_init(long actions);

    static native int posix_spawn_file_actions_adddup2(long actions, int from, int to);

    static native int posix_spawn_file_actions_addchdir_np(long actions, long path);

    static native int posix_spawn_file_actions_addclosefrom_np(long actions, int from);

    static native int posix_spawn_file_actions_destroy(long actions);

    static native int posix_spawnattr_init(long attributes);

    static native int posix_spawnattr_setflags(long attributes, short flags);

    static native int posix_spawnattr_setsigdefault(long attributes, long set);

    static native int posix_spawnattr_setsigmask(long attributes, long set);

    static native int posix_spawnattr_destroy(long attributes);

    static native int sigfillset(long set);

    static native int sigemptyset(long set);

    static native int pipe2(long pair, int flags);

    static native int open(long path, int flags, int mode);

    static native int close(int fd);

    static native long read(int fd, long buffer, long size);

    static native long pread(int fd, long buffer, long size, long offset);

    static native long write(int fd, long buffer, long size);

    static native int fcntl(int fd, int command, long argument);

    static native int epoll_create1(int flags);

    static native int epoll_ctl(int epoll, int operation, int fd, long event);

    static native int epoll_wait(int epoll, long events, int size, int timeout);

    static native int eventfd(int value, int flags);

    static native int socket(int family, int type, int protocol);

    static native int setsockopt(int socket, int level, int option, long value, int size);

    static native int bind(int socket, long address, int size);

    static native int listen(int socket, int backlog);

    static native int poll(long descriptors, long count, int timeout);

    static native long recvmsg(int socket, long message, int flags);

    static native int shutdown(int socket, int how);

    static native int waitpid(int pid, long status, int options);

    static native int waitid(int type, int id, long info, int options);

    static native int kill(int pid, int signal);

    static native int prlimit(int pid, int resource, long limit, long old);

    static native int prctl(int option, long argument, long zero2, long zero3, long zero4);

    static native int malloc_trim(long left);

    private static native long syscall(long number, long first, long second);

    private static native long syscall(long number, long first, long second, long third);

    private static native long strerror(int error);
}
