package io.millwright.shell.local.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** A node reduced to its command socket: a directory, a real Gogo and {@link DemoCommands}; closed without a trace. */
final class Node implements AutoCloseable {
    /** The clients that are shipped. */
    enum Kind {
        PERL,
        JAVA
    }

    /** A client's end. */
    record Result(int code, String out, String err) {}

    final Path directory;
    final CommandProcessorImpl gogo = new CommandProcessorImpl(null);
    final DemoCommands demo = new DemoCommands();
    final Map<ServiceReference<Function>, Function> services = new ConcurrentHashMap<>();
    final LocalShell shell;
    /** Seconds of silence after which a client asks whether the node is there. */
    String patience = "20";

    private final List<Process> clients = new ArrayList<>();

    Node() {
        this(shortDirectory());
    }

    Node(Path directory) {
        this.directory = directory;
        gogo.addCommand("demo", demo);
        BundleContext context = stub(BundleContext.class, (method, arguments) -> switch (method) {
            case "getService" -> services.get((ServiceReference<?>) arguments[0]);
            case "ungetService" -> true;
            default -> throw new UnsupportedOperationException(method);
        });
        this.shell = new LocalShell(null, directory, new SessionCommands(context), Duration.ofMillis(20));
        shell.processor = gogo;
    }

    /** Registers a command that needs no Gogo line. */
    ServiceReference<Function> register(String scope, Object functions, int ranking, Function command) {
        @SuppressWarnings("unchecked")
        ServiceReference<Function> reference = stub(ServiceReference.class, (method, arguments) -> switch (method) {
            case "getProperty" ->
                Map.of("osgi.command.scope", scope, "osgi.command.function", functions, "rank", ranking)
                        .get((String) arguments[0]);
            case "compareTo" ->
                Integer.compare(ranking, (Integer) ((ServiceReference<?>) arguments[0]).getProperty("rank"));
            default -> throw new UnsupportedOperationException(method);
        });
        services.put(reference, command);
        shell.addCommand(reference);
        return reference;
    }

    void unregister(ServiceReference<Function> reference) {
        shell.removeCommand(reference);
        services.remove(reference);
    }

    static <T> T stub(Class<T> type, BiFunction<String, Object[], @Nullable Object> methods) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> switch (method.getName()) {
                    case "hashCode" -> System.identityHashCode(self);
                    case "equals" -> self == arguments[0];
                    case "toString" -> type.getSimpleName();
                    default -> methods.apply(method.getName(), arguments);
                }));
    }

    /** The path of a socket must be short, so not where the build is. */
    static Path shortDirectory() {
        try {
            return Files.createTempDirectory(Path.of("/tmp"), "mw");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path socket() {
        return directory.resolve("run/node.sock");
    }

    Process start(Kind kind, String... words) throws IOException {
        return start(kind, directory, Redirect.PIPE, words);
    }

    Process start(Kind kind, Redirect output, String... words) throws IOException {
        return start(kind, directory, output, words);
    }

    Process start(Kind kind, Path of, String... words) throws IOException {
        return start(kind, of, Redirect.PIPE, words);
    }

    private Process start(Kind kind, Path of, Redirect output, String... words) throws IOException {
        List<String> command = new ArrayList<>();
        if (kind == Kind.PERL) {
            command.add(Path.of("../run/src/main/lib/client")
                    .toAbsolutePath()
                    .normalize()
                    .toString());
        } else {
            command.addAll(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    Path.of("target/classes").toAbsolutePath().toString(),
                    "io.millwright.shell.local.client.Client"));
        }
        command.addAll(List.of("-d", of.toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectOutput(output);
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().put("MILLWRIGHT_PATIENCE", patience);
        Process process = builder.start();
        synchronized (clients) {
            clients.add(process);
        }
        return process;
    }

    Result run(Kind kind, String... words) throws Exception {
        return finish(start(kind, words), new byte[0]);
    }

    static Result finish(Process process, byte[] input) throws Exception {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Thread errors = new Thread(() -> copy(process.getErrorStream(), err));
        errors.start();
        Thread feeder = new Thread(() -> feed(process.getOutputStream(), input));
        feeder.start();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        copy(process.getInputStream(), out);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        errors.join();
        feeder.join();
        return new Result(
                process.exitValue(), out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static void copy(InputStream from, OutputStream to) {
        try (from) {
            from.transferTo(to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void feed(OutputStream to, byte[] input) {
        try (to) {
            to.write(input);
        } catch (IOException e) {
            // a client that wants no input ends without reading it
            return;
        }
    }

    static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("millwright-") || name.startsWith("pipe-"))
                .toList();
    }

    @Override
    public void close() throws IOException {
        for (Process client : clients) {
            client.destroyForcibly();
        }
        shell.close();
        gogo.stop();
        assertThat(socket()).doesNotExist();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        await().untilAsserted(() -> assertThat(threads()).isEmpty());
    }
}
