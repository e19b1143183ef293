package io.millwright.controller.internal.launch;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.options.CgroupOptions;
import io.millwright.controller.internal.options.IdentityOptions;
import io.millwright.controller.internal.options.ResourceLimit;
import io.millwright.controller.internal.options.SocketOptions;
import io.millwright.controller.internal.options.SocketOptions.Listen;
import io.millwright.controller.internal.process.Enclosure;
import io.millwright.controller.internal.process.Enclosures;
import io.millwright.controller.internal.process.Launch;
import io.millwright.controller.internal.process.ProcessBackend;
import io.millwright.controller.internal.process.ProcessListener;
import io.millwright.controller.internal.process.SystemPath;
import io.millwright.controller.internal.process.WorkerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What happens in a worker's process before its program: a short shell script gives it its user, groups, limits and priorities, and
 * tells it its sockets (LISTEN_PID is known to itself alone), and then becomes the program, so that the pid stays. It says by a file whether it got there. Workers that ask for none of it are started
 * without it. Immutable.
 */
public final class LaunchStep {
    private static final String SHELL = "/bin/sh";
    private static final List<String> DIRECTORIES = List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin");
    private static final String NAME = "[A-Za-z_][A-Za-z0-9_]*";
    private static final String DONE = "ok";

    /** What a step says before it fails; {@code $1} is the sentence. The shell's own words are on standard error, in the log. */
    private static final String FAIL = "fail() { printf '%s' \"$1\" >&9; exit 126; }\n";

    private static final long LIMIT_MILLIS = 10_000;
    private static final long END_MILLIS = 5_000;

    private final OptionValues values;

    private LaunchStep(OptionValues values) {
        this.values = values;
    }

    /** The step that options ask for, {@code null} if they ask for none. */
    public static @Nullable LaunchStep of(OptionValues values) {
        return isAsked(values) ? new LaunchStep(values) : null;
    }

    /** Whether options ask for a step. */
    static boolean isAsked(OptionValues values) {
        return IdentityOptions.isGiven(values) || CgroupOptions.isAsked(values) || SocketOptions.isGiven(values);
    }

    /** A problem for each program that is not installed and that a step would need. */
    static List<Problem> missingTools(OptionValues values) {
        Map<String, String> needed = new LinkedHashMap<>();
        for (String key : List.of(IdentityOptions.USER, IdentityOptions.GROUP, IdentityOptions.GROUPS)) {
            needed.put(key, "setpriv");
        }
        IdentityOptions.LIMITS.forEach(key -> needed.put(key, "prlimit"));
        needed.put(IdentityOptions.NICE, "renice");
        needed.put(IdentityOptions.IONICE, "ionice");
        needed.put(IdentityOptions.CPU_AFFINITY, "taskset");
        List<Problem> problems = new ArrayList<>();
        needed.forEach((key, tool) -> {
            if (values.isGiven(key) && tool(tool) == null) {
                problems.add(Problem.environment(
                        key,
                        "needs the program " + tool + ", which is not installed; it is in the package util-linux"));
            }
        });
        return problems;
    }

    private static @Nullable String tool(String name) {
        return DIRECTORIES.stream()
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElse(null);
    }

    /**
     * Starts a process by this step.
     *
     * @param backend makes it
     * @param launch what to start
     * @param listener told of its end, never if this method throws
     * @param status a file that is not there, in a directory of the node
     * @param groups makes its group, if it asks for one
     * @return the process, in which the program is, or will be at once
     * @throws IOException if the step or the program's start fails; nothing is left behind
     */
    public WorkerProcess spawn(
            ProcessBackend backend, Launch launch, ProcessListener listener, Path status, Enclosures groups)
            throws IOException {
        if (!CgroupOptions.isAsked(values)) {
            return spawn(backend, launch, listener, status, (Enclosure) null);
        }
        Enclosure group = groups.make(launch.id().value(), Confinement.limits(values));
        try {
            return spawn(backend, launch, listener, status, group);
        } catch (IOException | RuntimeException | Error e) {
            group.discard();
            throw e;
        }
    }

    private WorkerProcess spawn(
            ProcessBackend backend, Launch launch, ProcessListener listener, Path status, @Nullable Enclosure group)
            throws IOException {
        HeldListener held = new HeldListener(listener);
        try {
            Files.createFile(status);
            WorkerProcess process = backend.spawn(withStep(launch, status, group), held);
            String failure = failure(status, held);
            if (failure != null) {
                process.endTree();
                held.awaitEnd(END_MILLIS);
                throw new IOException("cannot start " + launch.program() + ": " + failure);
            }
            held.release();
            return process;
        } finally {
            Files.deleteIfExists(status);
        }
    }

    /** Looks every millisecond whether the step is done: it takes some, and only workers with a step wait for one. */
    private static @Nullable String failure(Path status, HeldListener held) throws IOException {
        long end = System.nanoTime() + LIMIT_MILLIS * 1_000_000;
        while (System.nanoTime() < end) {
            boolean ended = held.isEnded();
            String said = Files.readString(status);
            if (said.equals(DONE)) {
                return null;
            }
            if (!said.isEmpty()) {
                return said;
            }
            if (ended) {
                return "the step before it ended; what it said is in the worker's log";
            }
            held.awaitEnd(1);
        }
        return "the step before it is not done after " + LIMIT_MILLIS / 1000
                + " s; perhaps a directory does not answer";
    }

    private Launch withStep(Launch launch, Path status, @Nullable Enclosure group) {
        boolean handed = !launch.sockets().isEmpty();
        List<String> command = new ArrayList<>(
                List.of(SHELL, "-c", script(launch.plan(), launch.program(), status, group, handed), "millwright"));
        command.add(SystemPath.text(launch.program()));
        command.addAll(
                launch.plan().command().subList(1, launch.plan().command().size()));
        Map<String, String> environment = new HashMap<>(launch.plan().environment());
        // No shell hands on a variable whose name is none to it; the documentation says so.
        environment.keySet().removeIf(name -> !name.matches(NAME));
        if (handed) {
            environment.put("LISTEN_FDS", Integer.toString(launch.sockets().size()));
            environment.put(
                    "LISTEN_FDNAMES",
                    SocketOptions.sockets(values).stream().map(Listen::name).collect(Collectors.joining(":")));
        }
        LaunchPlan plan = launch.plan().withCommand(command).toBuilder()
                .environment(environment)
                .build();
        return new Launch(
                launch.id(),
                plan,
                Path.of(SHELL),
                launch.stdout(),
                launch.stderr(),
                values.isGiven("limits.nofile"),
                group,
                launch.sockets());
    }

    /**
     * Another command of the worker, to be run as its program is.
     *
     * @param plan the worker's launch
     * @param program the command's program, absolute
     * @param arguments what it gets
     * @param group the group of the worker's run, in which it is to be too; {@code null} if it has none
     * @return the words to run
     */
    public List<String> command(LaunchPlan plan, Path program, List<String> arguments, @Nullable Enclosure group) {
        List<String> words = new ArrayList<>(List.of(
                SHELL,
                "-c",
                script(plan, program, Path.of("/dev/null"), group, false),
                "millwright",
                SystemPath.text(program)));
        words.addAll(arguments);
        return words;
    }

    /** Names of variables that no shell hands on. */
    static List<String> lost(Iterable<String> names) {
        List<String> lost = new ArrayList<>();
        names.forEach(name -> {
            if (!name.matches(NAME)) {
                lost.add(name);
            }
        });
        return lost;
    }

    /** The script; its descriptor 9 is the status file, those from 3 on are the program's sockets, if it gets them. */
    private String script(LaunchPlan plan, Path program, Path status, @Nullable Enclosure group, boolean handsSockets) {
        StringBuilder script =
                new StringBuilder("exec 9>>" + quoted(SystemPath.text(status)) + " || exit 126\n").append(FAIL);
        if (group != null) {
            // First, so that the tools that follow are in it too.
            script.append(group.enter())
                    .append(" || fail 'it could not join its group; why is in the worker'\\''s log'\n");
        }
        set(IdentityOptions.OOM_SCORE_ADJ, text -> "echo " + text + " >/proc/$$/oom_score_adj", script);
        set(IdentityOptions.CPU_AFFINITY, text -> tool("taskset") + " -p -c " + text + " $$ >/dev/null", script);
        set(IdentityOptions.NICE, text -> tool("renice") + " -n " + text + " -p $$ >/dev/null", script);
        set(IdentityOptions.IONICE, LaunchStep::ionice, script);
        for (String key : IdentityOptions.LIMITS) {
            // The address space of the tools that follow is the program's: the smallest limits last.
            set(
                    key,
                    text -> tool("prlimit") + " --pid $$ --" + key.substring("limits.".length()) + "="
                            + ResourceLimit.of(key, text).text(),
                    script);
        }
        String last = "cd " + quoted(SystemPath.text(plan.directory())) + " || fail "
                + quoted("its user may not enter " + SystemPath.text(plan.directory())) + "\n"
                + "[ -x \"$1\" ] || fail " + quoted("its user may not execute " + SystemPath.text(program)) + "\n"
                + (plan.environment().containsKey("PWD") ? "" : "unset PWD\n")
                + "printf " + DONE + " >&9\nexec 9>&-\n"
                + umask()
                + (handsSockets ? "LISTEN_PID=$$\nexport LISTEN_PID\n" : "")
                + "exec \"$@\"\n";
        String privileges = privileges();
        return privileges.isEmpty()
                ? script.append(last).toString()
                : script.append("exec " + privileges + " " + SHELL + " -c " + quoted(FAIL + last)
                                + " millwright \"$@\"\n")
                        .toString();
    }

    private interface Command {
        String of(String text);
    }

    private void set(String key, Command command, StringBuilder script) {
        String text = IdentityOptions.value(values, key);
        if (text != null) {
            script.append(command.of(text))
                    .append(" || fail ")
                    .append(quoted("its " + key + " " + text + " could not be set; why is in the worker's log"))
                    .append('\n');
        }
    }

    private static String ionice(String text) {
        String[] parts = text.split(":", 2);
        String kind =
                switch (parts[0]) {
                    case "realtime" -> "1";
                    case "best-effort" -> "2";
                    default -> "3";
                };
        return tool("ionice") + " -c " + kind + (parts.length > 1 ? " -n " + parts[1] : "") + " -p $$";
    }

    private String umask() {
        String mask = IdentityOptions.value(values, IdentityOptions.UMASK);
        return mask == null ? "" : "umask " + mask + "\n";
    }

    /** The words that change user and groups, none if they stay. */
    private String privileges() {
        String user = IdentityOptions.value(values, IdentityOptions.USER);
        String group = IdentityOptions.value(values, IdentityOptions.GROUP);
        List<String> groups = values.strings(IdentityOptions.GROUPS);
        if (user == null && group == null && groups.isEmpty()) {
            return "";
        }
        StringBuilder words = new StringBuilder(String.valueOf(tool("setpriv")));
        if (user != null) {
            words.append(" --reuid=").append(user);
        }
        if (group != null) {
            words.append(" --regid=").append(group);
        } else if (user != null) {
            words.append(" --regid=\"$(id -g ").append(user).append(")\"");
        }
        if (!groups.isEmpty()) {
            words.append(" --groups=").append(String.join(",", groups));
        } else if (user == null) {
            words.append(" --keep-groups");
        } else if (Accounts.isNumber(user)) {
            words.append(" --clear-groups");
        } else {
            words.append(" --init-groups");
        }
        return words.toString();
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    /**
     * Makes a working directory that belongs to the user of the process. Blocks.
     *
     * @param directory what to make; one that is there stays as it is
     * @throws IOException if it cannot be made or given away
     */
    public void makeDirectory(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Files.createDirectories(directory);
        String text = IdentityOptions.value(values, IdentityOptions.USER);
        Accounts accounts = new Accounts(Path.of("/etc"));
        Accounts.User user = text == null ? null : accounts.user(text);
        if (text != null) {
            Files.setAttribute(directory, "unix:uid", user == null ? Integer.parseInt(text) : (int) user.uid());
        }
        String groupText = IdentityOptions.value(values, IdentityOptions.GROUP);
        Long group = groupText == null ? null : accounts.group(groupText);
        if (group == null && user != null) {
            group = user.gid();
        }
        if (group != null) {
            Files.setAttribute(directory, "unix:gid", group.intValue());
        }
    }

    /** What is in force in a process that a step has started; empty where the system does not tell. Reads files. */
    public Map<String, Object> inForce(WorkerProcess process) {
        Map<String, Object> all = new LinkedHashMap<>();
        if (IdentityOptions.isGiven(values)) {
            InForce read = InForce.read(Path.of("/proc", Long.toString(process.pid())));
            all.putAll(read == null ? Map.of() : read.document());
        }
        Enclosure enclosure = process.enclosure();
        if (enclosure != null) {
            all.putAll(Confinement.document(enclosure));
        }
        return all;
    }
}
