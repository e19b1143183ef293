package io.millwright.controller.internal.process.portable;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The words before a command that give its process, in place, a session of its own, default signal dispositions and an empty
 * signal mask, found by trying. Immutable.
 *
 * <p>If the program cannot be executed the process these words began exits 126 or 127 with a line on standard error.
 *
 * @param words absolute path and arguments of the tools, may be empty
 * @param grouped whether a process gets its own group
 * @param description for people: which tools, and what is missing
 */
record ExecPrefix(List<String> words, boolean grouped, String description) {
    private static final long PROBE_SECONDS = 10;
    private static final int DIED_OF_INT = 128 + 2;
    private static final int GROUP_ONLY = 40;

    private static final String PERL = "use POSIX (); POSIX::setsid();"
            + " POSIX::sigprocmask(POSIX::SIG_SETMASK(), POSIX::SigSet->new);"
            + " $SIG{$_} = 'DEFAULT' for grep { !/^(KILL|STOP|ZERO|NUM\\d+)$/ } keys %SIG;"
            + " exec { $ARGV[0] } @ARGV; print STDERR \"$ARGV[0]: $!\\n\"; exit 127";

    /**
     * Tries what this machine has, best first. Blocks for a few milliseconds.
     *
     * @return the best that works; one without words if nothing does
     */
    static ExecPrefix probe() {
        String env = find("env");
        String setsid = find("setsid");
        String perl = find("perl");
        List<ExecPrefix> candidates = new ArrayList<>();
        if (env != null && setsid != null) {
            candidates.add(new ExecPrefix(List.of(env, "--default-signal", setsid), true, "env + setsid"));
        }
        if (perl != null) {
            candidates.add(perl(perl));
        }
        if (setsid != null) {
            candidates.add(new ExecPrefix(
                    List.of(setsid),
                    true,
                    "setsid; signals the node ignores stay ignored, for want of an env with --default-signal or perl"));
        }
        return best(candidates);
    }

    static ExecPrefix perl(String perl) {
        return new ExecPrefix(List.of(perl, "-e", PERL), true, "perl");
    }

    static ExecPrefix best(List<ExecPrefix> candidates) {
        ExecPrefix second = null;
        for (ExecPrefix candidate : candidates) {
            int exit = exitOfProbe(candidate.words);
            if (exit == DIED_OF_INT) {
                return candidate;
            }
            if (exit == GROUP_ONLY && second == null) {
                second = candidate;
            }
        }
        if (second != null) {
            return second;
        }
        return new ExecPrefix(
                List.of(),
                false,
                "no sessions: only main processes are signalled, for want of setsid (util-linux) or perl");
    }

    /**
     * A process that begins with INT ignored sends INT to its group: with both a group and default dispositions it dies of
     * it; with a group alone it lives to say so.
     */
    private static int exitOfProbe(List<String> words) {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "trap '' INT; exec \"$@\"", "sh"));
        command.addAll(words);
        command.addAll(
                List.of("/bin/sh", "-c", "kill -s INT -- -$$ && exit " + GROUP_ONLY + "; exit " + (GROUP_ONLY + 1)));
        try {
            Process probe = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .redirectInput(new File("/dev/null"))
                    .start();
            if (probe.waitFor(PROBE_SECONDS, TimeUnit.SECONDS)) {
                return probe.exitValue();
            }
            probe.destroyForcibly();
        } catch (IOException e) {
            return -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return -1;
    }

    private static @Nullable String find(String name) {
        for (String directory : List.of("/usr/bin", "/bin", "/usr/local/bin", "/opt/homebrew/bin")) {
            Path file = Path.of(directory, name);
            if (Files.isExecutable(file)) {
                return file.toString();
            }
        }
        return null;
    }
}
