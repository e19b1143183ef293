import io.millwright.wamp.client.Transports;
import io.millwright.wamp.client.WampClient;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * Native workers of a real node, asked over its socket: {@code NativesBench HOME [ready ROUNDS] [calls COUNT] [once WORKERS]}; without more, all of them. A JVM that says hello is a guest of the same node, ready with its line.
 */
public final class NativesBench {
    private static final List<String> SMALL = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx32m");
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private final Path home;
    private final Path dir;
    private WampClient client;

    private NativesBench(Path home, Path dir) {
        this.home = home;
        this.dir = dir;
    }

    public static void main(String[] args) throws Exception {
        Path dir = Files.createTempDirectory("millwright-natives");
        NativesBench bench = new NativesBench(Path.of(args[0]), dir);
        List<String> what = args.length > 1
                ? Arrays.asList(args).subList(1, args.length)
                : List.of("ready", "20", "calls", "20000", "once", "50");
        bench.prepare();
        try {
            bench.millwright("start", dir.toString());
            bench.client = WampClient.builder(Transports.unix(dir.resolve("run/wamp.sock")))
                    .realm("millwright")
                    .build();
            bench.client.connect().get(60, TimeUnit.SECONDS);
            bench.warmUp();
            for (int i = 0; i < what.size(); i++) {
                switch (what.get(i)) {
                    case "ready" -> bench.ready(Integer.parseInt(what.get(++i)));
                    case "calls" -> bench.calls(Integer.parseInt(what.get(++i)));
                    case "once" -> bench.once(Integer.parseInt(what.get(++i)));
                    default -> throw new IllegalArgumentException("there is no part '" + what.get(i) + "'");
                }
            }
        } finally {
            bench.millwright("stop", dir.toString());
            try (Stream<Path> all = Files.walk(dir)) {
                for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(one);
                }
            }
        }
        System.exit(0);
    }

    private String millwright(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(home.resolve("bin/millwright").toString()));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command + ": " + said);
        }
        return said;
    }

    private void prepare() throws IOException {
        Files.writeString(dir.resolve("node.json"), "{\"version\": 2}");
        Path source = Files.writeString(
                dir.resolve("Hello.java"),
                "public class Hello { public static void main(String[] args) throws Exception {"
                        + " System.out.println(\"hello\"); Thread.sleep(Long.MAX_VALUE); } }");
        ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", dir.resolve("classes").toString(), source.toString());
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", "part");
        main.putValue("Service-Component", "OSGI-INF/part.xml");
        try (OutputStream out = Files.newOutputStream(dir.resolve("part.jar"));
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            jar.putNextEntry(new JarEntry("OSGI-INF/part.xml"));
            jar.write(("<scr:component xmlns:scr=\"http://www.osgi.org/xmlns/scr/v1.3.0\" name=\"part\" immediate=\"true\">"
                            + "<implementation class=\"java.lang.Object\"/></scr:component>")
                    .getBytes(StandardCharsets.UTF_8));
        }
    }

    private static Map<String, Object> options(String type) {
        Map<String, Object> options = new HashMap<>();
        if (type.equals("guest")) {
            List<String> arguments = new ArrayList<>(SMALL);
            arguments.addAll(List.of("-cp", "classes", "Hello"));
            return Map.of("executable", JAVA, "arguments", arguments, "ready.log", "hello");
        }
        options.put("jvm.options", SMALL);
        if (type.equals("router")) {
            Map<String, Object> all = Map.of("uri", "*", "allow", List.of("call", "register", "publish", "subscribe"));
            options.put("realms", Map.of("one", Map.of("roles", Map.of("all", Map.of("permissions", List.of(all))))));
            options.put(
                    "transports",
                    Map.of("u", Map.of("type", "rawsocket", "path", "run/r.sock", "auth", Map.of("anonymous", "all"))));
            return options;
        }
        if (type.equals("java")) {
            options.put("main", "Hello");
            options.put("readiness", "main");
            options.put("classpath", List.of("classes"));
        } else {
            options.put("components", List.of(Map.of("id", "part", "bundle", "part.jar")));
        }
        return options;
    }

    private CompletableFuture<Map<?, ?>> begin(String id, String type) {
        return client.call(Map.class, "millwright.start_worker", id, type, options(type)).thenApply(map -> map);
    }

    private Map<?, ?> start(String id, String type) throws Exception {
        return begin(id, type).get(120, TimeUnit.SECONDS);
    }

    private void stop(String id) throws Exception {
        client.call("millwright.stop_worker", id, true).get(60, TimeUnit.SECONDS);
    }

    /** Until the class-data archives are made. */
    private void warmUp() throws Exception {
        start("w1", "java");
        start("w2", "container");
        start("w3", "router");
        for (int i = 0; i < 600 && archives() < 3; i++) {
            TimeUnit.MILLISECONDS.sleep(200);
        }
        System.out.println("class-data archives: " + archives());
        stop("w1");
        stop("w2");
        stop("w3");
    }

    private long archives() throws IOException {
        try (Stream<Path> all = Files.walk(dir.resolve("cache/runtime"))) {
            return all.filter(file -> file.toString().matches(".*/[0-9a-f]+\\.(jsa|aot)")).count();
        }
    }

    /** Proportional: what processes share counts for each by its share. */
    private static long residentKiB(Object pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", String.valueOf(pid), "smaps_rollup")).stream()
                .filter(line -> line.startsWith("Pss:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }

    private void ready(int rounds) throws Exception {
        Map<String, List<Double>> seconds = new LinkedHashMap<>();
        Map<String, Long> memory = new HashMap<>();
        for (int i = -2; i < rounds; i++) {
            for (String type : List.of("guest", "java", "container", "router")) {
                Map<?, ?> started = start("r", type);
                TimeUnit.MILLISECONDS.sleep(300);
                memory.put(type, residentKiB(started.get("pid")));
                stop("r");
                if (i >= 0) {
                    seconds.computeIfAbsent(type, key -> new ArrayList<>())
                            .add(((Number) started.get("startup_time")).doubleValue());
                }
            }
        }
        double hello = 0;
        for (Map.Entry<String, List<Double>> one : seconds.entrySet()) {
            Collections.sort(one.getValue());
            double median = one.getValue().get(rounds / 2);
            hello = hello == 0 ? median : hello;
            System.out.printf(
                    "ready: %-9s median %4.0f ms, least %4.0f ms, x%.2f of hello, %d MiB PSS%n",
                    one.getKey().equals("guest") ? "hello" : one.getKey(),
                    1000 * median,
                    1000 * one.getValue().get(0),
                    median / hello,
                    memory.get(one.getKey()) / 1024);
        }
    }

    private void calls(int count) throws Exception {
        start("c", "java");
        long[] micros = new long[count];
        for (int i = -count / 4; i < count; i++) {
            long begin = System.nanoTime();
            client.call("millwright.worker.c.uptime").get(10, TimeUnit.SECONDS);
            if (i >= 0) {
                micros[i] = (System.nanoTime() - begin) / 1000;
            }
        }
        Arrays.sort(micros);
        System.out.printf("calls: p50 %d us, p99 %d us of %d%n", micros[count / 2], micros[count * 99 / 100], count);
        stop("c");
    }

    private double atOnce(String type, int workers) throws Exception {
        long begin = System.nanoTime();
        List<CompletableFuture<Map<?, ?>>> starts = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            starts.add(begin("o" + i, type));
        }
        for (CompletableFuture<Map<?, ?>> one : starts) {
            one.get(300, TimeUnit.SECONDS);
        }
        double took = (System.nanoTime() - begin) / 1e9;
        for (int i = 0; i < workers; i++) {
            stop("o" + i);
        }
        return took;
    }

    private void once(int workers) throws Exception {
        double hello = atOnce("guest", workers);
        for (String type : List.of("java", "container")) {
            double took = atOnce(type, workers);
            System.out.printf("once: %d %s workers %.2f s, %d hellos %.2f s, x%.2f%n", workers, type, took, workers, hello, took / hello);
        }
    }
}
