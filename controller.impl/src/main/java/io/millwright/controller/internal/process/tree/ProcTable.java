package io.millwright.controller.internal.process.tree;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The table in Linux's {@code /proc}, parsed from bytes; about 12 µs a process. Thread-safe. */
final class ProcTable implements ProcessTable {
    /** The fields before the start time come to about 400 bytes at most. */
    private static final int STAT_BYTES = 1024;

    private static final boolean SHOWS_CHILDREN = showsChildren();

    /** Names the kernel's own threads, which are most of the processes of many a machine and nobody's descendants. */
    private static final @Nullable File KERNEL_THREADS = kernelThreads();

    private static final String LOCKS = "\nMax file locks ";
    private static final int MOST_LOOKS = 5;
    private static final int FIELD_STATE = 3;
    private static final int FIELD_FLAGS = 9;
    /** PF_KTHREAD of the kernel's sched.h. */
    private static final long KERNEL_FLAG = 0x00200000;

    private static final int FIELD_PARENT = 4;
    private static final int FIELD_GROUP = 5;
    private static final int FIELD_SESSION = 6;
    private static final int FIELD_THREADS = 20;
    private static final int FIELD_START = 22;

    @Override
    public List<ProcessEntry> list() throws IOException {
        return list(Set.of());
    }

    @Override
    public String program(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/comm"), StandardCharsets.ISO_8859_1)
                    .strip();
        } catch (IOException e) {
            return "?";
        }
    }

    @Override
    public String user(long pid) {
        try {
            return Files.getOwner(Path.of("/proc/" + pid)).getName();
        } catch (IOException e) {
            return "?";
        }
    }

    @Override
    public List<ProcessEntry> list(Set<Long> except) throws IOException {
        String[] names = new File("/proc").list();
        if (names == null) {
            throw new IOException("/proc cannot be listed; is the limit of open files reached?");
        }
        byte[] buffer = new byte[STAT_BYTES];
        List<ProcessEntry> entries = new ArrayList<>(names.length);
        Set<String> kernel = KERNEL_THREADS == null
                ? Set.of()
                : new HashSet<>(Arrays.asList(children(KERNEL_THREADS).split(" ")));
        for (String name : names) {
            if (!isNumber(name)
                    || kernel.contains(name)
                    || (!except.isEmpty() && except.contains(Long.parseLong(name)))) {
                continue;
            }
            ProcessEntry entry = read(name, buffer);
            if (entry != null) {
                entries.add(entry);
            }
        }
        return entries;
    }

    @Override
    public @Nullable List<ProcessEntry> descendants(long pid, long start) throws IOException {
        if (!SHOWS_CHILDREN) {
            return null;
        }
        Map<Long, ProcessEntry> found = new LinkedHashMap<>();
        if (!descend(Long.toString(pid), found)) {
            return null;
        }
        // Its number was no other's before, if it is its own now.
        return found.isEmpty() || startTime(pid) != start ? List.of() : List.copyOf(found.values());
    }

    /** Whether the system shows this process among the children of its parent, if it shows a parent: not each kernel is built to. */
    private static boolean showsChildren() {
        if (!new File("/proc/thread-self/children").exists()) {
            return false;
        }
        ProcessHandle self = ProcessHandle.current();
        Optional<ProcessHandle> parent = self.parent();
        return parent.isEmpty() || isAmongChildren(parent.get().pid(), Long.toString(self.pid()));
    }

    private static boolean isAmongChildren(long parent, String child) {
        File tasks = new File("/proc/" + parent + "/task");
        String[] threads = tasks.list();
        try {
            for (String thread : threads == null ? new String[0] : threads) {
                if (Arrays.asList(
                                children(new File(tasks, thread + "/children")).split(" "))
                        .contains(child)) {
                    return true;
                }
            }
        } catch (IOException e) {
            // Then it does not.
        }
        return false;
    }

    /** The children of the thread that makes all others of the kernel; {@code null} in a name space that has it not. */
    private static @Nullable File kernelThreads() {
        try {
            String stat = Files.readString(Path.of("/proc/2/stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            boolean isKernel = (Long.parseLong(fields[FIELD_FLAGS - FIELD_STATE]) & KERNEL_FLAG) != 0;
            return SHOWS_CHILDREN && isKernel ? new File("/proc/2/task/2/children") : null;
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    /** Each thread has the children that it made. False if they change too fast to be seen so. */
    private static boolean descend(String pid, Map<Long, ProcessEntry> found) throws IOException {
        File tasks = new File("/proc/" + pid + "/task");
        String[] threads = tasks.list();
        if (threads == null && tasks.exists()) {
            throw new IOException(tasks + " cannot be listed; is the limit of open files reached?");
        }
        for (String thread : threads == null ? new String[0] : threads) {
            File file = new File(tasks, thread + "/children");
            String children = children(file);
            if (children.isEmpty() && !file.exists() && tasks.exists()) {
                // The thread has ended, and left its children to one that may have been looked at before.
                return false;
            }
            String again = children.isEmpty() ? children : children(file);
            // The kernel may leave out one if that before it goes just then.
            for (int looks = 2; !again.equals(children); looks++) {
                if (looks == MOST_LOOKS) {
                    return false;
                }
                children = again;
                again = children(file);
            }
            for (String child : children.isEmpty() ? new String[0] : children.split(" ")) {
                ProcessEntry entry = read(child, new byte[STAT_BYTES]);
                boolean isNew = entry != null && !entry.zombie() && found.putIfAbsent(entry.pid(), entry) == null;
                if (isNew && !descend(child, found)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static String children(File file) throws IOException {
        byte[] text;
        try (FileInputStream in = new FileInputStream(file)) {
            text = in.readAllBytes();
        } catch (IOException e) {
            if (file.exists()) {
                throw e;
            }
            return "";
        }
        return new String(text, StandardCharsets.US_ASCII).strip();
    }

    @Override
    public @Nullable ProcessEntry find(long pid) throws IOException {
        return read(Long.toString(pid), new byte[STAT_BYTES]);
    }

    @Override
    public long startTime(long pid) {
        try {
            ProcessEntry entry = find(pid);
            return entry == null ? UNKNOWN : entry.start();
        } catch (IOException e) {
            return UNKNOWN;
        }
    }

    @Override
    public Tag tag(long pid) {
        try {
            byte[] environment = read(pid, "environ");
            if (environment.length == 0 && read(pid, "cmdline").length > 0) {
                // While a program is just being executed neither is there. Unless that is over now, there is no
                // environment.
                environment = read(pid, "environ");
                return environment.length == 0 ? Tag.NONE : parseTag(environment);
            }
            return environment.length == 0 ? Tag.UNREADABLE : parseTag(environment);
        } catch (IOException e) {
            return Tag.NONE;
        }
    }

    @Override
    public String worker(long pid) {
        try {
            return variable('\0' + new String(read(pid, "environ"), StandardCharsets.ISO_8859_1), Tag.WORKER);
        } catch (IOException e) {
            return "";
        }
    }

    private static byte[] read(long pid, String file) throws IOException {
        try (FileInputStream in = new FileInputStream("/proc/" + pid + "/" + file)) {
            return in.readAllBytes();
        }
    }

    @Override
    public long lockLimit(long pid) {
        try {
            return parseLockLimit(new String(read(pid, "limits"), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            return 0;
        }
    }

    static long parseLockLimit(String limits) {
        int at = limits.indexOf(LOCKS);
        if (at < 0) {
            return 0;
        }
        String soft = limits.substring(at + LOCKS.length()).stripLeading().split("\\s", 2)[0];
        return soft.matches("\\d{1,18}|1\\d{18}") ? Long.parseLong(soft) : 0;
    }

    static Tag parseTag(byte[] environment) {
        String text = '\0' + new String(environment, StandardCharsets.ISO_8859_1);
        return new Tag(variable(text, Tag.NODE), variable(text, Tag.LAUNCH), true);
    }

    private static String variable(String text, String name) {
        String key = '\0' + name + '=';
        int from = text.indexOf(key);
        if (from < 0) {
            return "";
        }
        int to = text.indexOf('\0', from + key.length());
        return text.substring(from + key.length(), to < 0 ? text.length() : to);
    }

    private static @Nullable ProcessEntry read(String pid, byte[] buffer) throws IOException {
        File stat = new File("/proc/" + pid + "/stat");
        int length;
        try (FileInputStream in = new FileInputStream(stat)) {
            length = in.read(buffer);
        } catch (IOException e) {
            // Gone is normal. Anything else, too many open files above all, must not be taken for gone.
            if (stat.exists()) {
                throw e;
            }
            return null;
        }
        return length <= 0 ? null : parse(Long.parseLong(pid), buffer, length);
    }

    /** Parses by position after the last parenthesis: the program's name may contain blanks and parentheses itself. */
    static ProcessEntry parse(long pid, byte[] stat, int length) {
        int at = length - 1;
        while (at > 0 && stat[at] != ')') {
            at--;
        }
        at += 2;
        char state = (char) stat[at];
        long parent = 0;
        long group = 0;
        long session = 0;
        long threads = 0;
        long start = 0;
        int field = FIELD_STATE;
        for (; at < length && field <= FIELD_START; at++) {
            byte b = stat[at];
            if (b == ' ') {
                field++;
            } else if (b >= '0' && b <= '9') {
                int digit = b - '0';
                switch (field) {
                    case FIELD_PARENT -> parent = parent * 10 + digit;
                    case FIELD_GROUP -> group = group * 10 + digit;
                    case FIELD_SESSION -> session = session * 10 + digit;
                    case FIELD_THREADS -> threads = threads * 10 + digit;
                    case FIELD_START -> start = start * 10 + digit;
                    default -> {}
                }
            }
        }
        // A process whose first thread has ended shows Z while its other threads run on.
        boolean zombie = state == 'X' || state == 'x' || (state == 'Z' && threads <= 1);
        return new ProcessEntry(pid, parent, group, session, start, zombie);
    }

    private static boolean isNumber(String name) {
        char first = name.charAt(0);
        return first >= '0' && first <= '9';
    }
}
