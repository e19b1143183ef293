package io.millwright.wamp.net;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A process of another's WAMP client, driven by a script of the folder {@code foreign}. Its interpreter is found in the {@code PATH}, packages of
 * npm in the {@code NODE_PATH}; a test of a client that is not there is skipped.
 */
final class ForeignClient implements AutoCloseable {
    private static final String END = "\u0000";

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final List<String> seen = new ArrayList<>();

    /** A client's script and how its package is asked for. */
    enum Kind {
        AUTOBAHN_PYTHON("autobahn_python.py", "python3", "-c", "import autobahn.twisted.component, umsgpack, nacl"),
        AUTOBAHN_JS("autobahn_js.js", "node", "-e", "require('autobahn')"),
        WAMPY("wampy.js", "node", "-e", "require('wampy')");

        private final String script;
        private final String interpreter;
        private final String[] check;

        Kind(String script, String interpreter, String... check) {
            this.script = script;
            this.interpreter = interpreter;
            this.check = check;
        }

        /** The interpreter that has the package: the first of the path; skips the test if there is none. */
        private String find() throws IOException, InterruptedException {
            for (String folder : System.getenv("PATH").split(File.pathSeparator)) {
                Path program = Path.of(folder).resolve(interpreter);
                if (Files.isExecutable(program) && works(program)) {
                    return program.toString();
                }
            }
            assumeTrue(
                    false,
                    "SKIPPED: no " + interpreter + " of the PATH has the client " + this
                            + " (Debian: python3-autobahn; npm: autobahn and wampy, with NODE_PATH set)");
            throw new IllegalStateException();
        }

        private boolean works(Path program) throws IOException, InterruptedException {
            List<String> command = new ArrayList<>(List.of(program.toString()));
            command.addAll(List.of(check));
            Process probe = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return probe.waitFor() == 0;
        }
    }

    ForeignClient(Kind kind, Path scratch, String... arguments) throws IOException, InterruptedException {
        Path script = scratch.resolve(kind.script);
        try (InputStream in =
                Objects.requireNonNull(ForeignClient.class.getResourceAsStream("/foreign/" + kind.script))) {
            Files.write(script, in.readAllBytes());
        }
        List<String> command = new ArrayList<>(List.of(kind.find(), script.toString()));
        command.addAll(List.of(arguments));
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Thread reader = new Thread(this::read, "foreign-client");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            lines.add(String.valueOf(e));
        }
        lines.add(END);
    }

    /** Reads until a line begins like this; fails with all lines if none does. */
    String await(String start) throws InterruptedException {
        for (String line = next(); !line.equals(END); line = next()) {
            if (line.startsWith(start)) {
                return line;
            }
        }
        throw new AssertionError("no line begins with '" + start + "': " + seen);
    }

    /** All lines, when the process has ended. */
    List<String> all() throws InterruptedException {
        String line = next();
        while (!line.equals(END)) {
            line = next();
        }
        process.waitFor();
        return seen;
    }

    private String next() throws InterruptedException {
        String line = lines.poll(30, TimeUnit.SECONDS);
        if (line == null) {
            throw new AssertionError("nothing more came after " + seen);
        }
        if (!line.equals(END)) {
            seen.add(line);
        }
        return line;
    }

    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .start()
                .waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
