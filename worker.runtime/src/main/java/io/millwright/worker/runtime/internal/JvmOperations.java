package io.millwright.worker.runtime.internal;

import io.millwright.wamp.WampErrorException;
import io.millwright.wamp.WampErrors;
import io.millwright.wamp.client.Procedure;
import io.millwright.wamp.client.ProcedureCall;
import io.millwright.worker.runtime.log.Levels;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.time.Instant;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.management.JMException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/** What each JVM of a native worker answers on itself. The classes behind an operation are loaded when it is called first. */
final class JvmOperations {
    private static final List<String> NAMES = List.of(
            "utcnow",
            "started",
            "uptime",
            "trigger_gc",
            "get_heap_info",
            "get_class_histogram",
            "get_thread_dump",
            "dump_heap",
            "set_log_level",
            "shutdown");
    private static final double NANOS = 1e9;

    private final Birth birth;
    private final Instant started = Instant.now();
    private final long startedNanos = System.nanoTime();

    JvmOperations(Birth birth) {
        this.birth = birth;
    }

    /** Registers them. */
    void register(Channel channel) {
        for (String name : NAMES) {
            channel.register(name, new Operation(name));
        }
        if (ModuleLayer.boot().findModule("jdk.jfr").isPresent()) {
            FlightRecorder recorder = new FlightRecorder(birth);
            channel.register("start_jfr", call -> recorder.start(text(call, 0, "settings", "default")));
            channel.register("stop_jfr", call -> recorder.stop());
        }
    }

    /** One class for all of them: a lambda each would take a start two milliseconds. */
    private final class Operation implements Procedure {
        private final String name;

        Operation(String name) {
            this.name = name;
        }

        @Override
        public @Nullable Object call(ProcedureCall call) throws Exception {
            return switch (name) {
                case "utcnow" -> time(Instant.now());
                case "started" -> time(started);
                case "uptime" -> seconds(startedNanos);
                case "trigger_gc" -> collect();
                case "get_heap_info" -> heap();
                case "get_class_histogram" -> histogram(call);
                case "get_thread_dump" -> diagnose("threadPrint", "-l");
                case "dump_heap" -> new Dumps(birth).heap(flag(call, 0, "live", true));
                case "set_log_level" -> setLogLevel(call);
                case "shutdown" -> shutdown();
                default -> throw new IllegalStateException(name);
            };
        }
    }

    private static String time(Instant instant) {
        return new DateTimeFormatterBuilder().appendInstant(3).toFormatter().format(instant);
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / NANOS;
    }

    private static double collect() {
        long begin = System.nanoTime();
        System.gc();
        return seconds(begin);
    }

    private static Map<String, Object> heap() {
        Map<String, Object> heap =
                new LinkedHashMap<>(usage(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage()));
        List<Object> pools = new ArrayList<>();
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", pool.getName());
            one.putAll(usage(pool.getUsage()));
            pools.add(one);
        }
        heap.put("pools", pools);
        return heap;
    }

    private static Map<String, Object> usage(MemoryUsage usage) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("used", usage.getUsed());
        map.put("committed", usage.getCommitted());
        map.put("max", usage.getMax() < 0 ? null : usage.getMax());
        return map;
    }

    /** The classes that hold the most, as the JVM prints them. */
    private String histogram(ProcedureCall call) throws JMException {
        Long limit = argument(call, 0, "limit", Long.class);
        long lines = limit == null ? 50 : limit;
        if (lines < 1) {
            throw invalid("'limit' is " + lines + "; it must be 1 or more");
        }
        String all = diagnose("gcClassHistogram");
        StringBuilder some = new StringBuilder();
        // Two lines are its head.
        all.lines().limit(lines + 3).forEach(line -> some.append(line).append('\n'));
        return some.toString();
    }

    private static String diagnose(String command, String... arguments) throws JMException {
        Object answer = ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        command,
                        new Object[] {arguments},
                        new String[] {String[].class.getName()});
        return String.valueOf(answer);
    }

    private static @Nullable Object setLogLevel(ProcedureCall call) {
        String level = argument(call, 0, "level", String.class);
        if (level == null) {
            throw invalid("'level' is missing; it must be one of " + Levels.WORDS);
        }
        String logger = argument(call, 1, "logger", String.class);
        try {
            Levels.set(logger == null ? "" : logger, Levels.parse(level));
        } catch (IllegalArgumentException e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
        return null;
    }

    /** Answers, then ends the JVM in order: a node that got no answer would end it by a signal. */
    private static Object shutdown() {
        CompletableFuture<@Nullable Object> answer = new CompletableFuture<>();
        Thread exit = new Thread(
                () -> {
                    // Its completion sends the answer as soon as the client has what we return.
                    while (answer.getNumberOfDependents() == 0) {
                        Thread.onSpinWait();
                    }
                    answer.complete(null);
                    System.exit(0);
                },
                "worker-shutdown");
        exit.start();
        return answer;
    }

    private static <T> @Nullable T argument(ProcedureCall call, int index, String name, Class<T> type) {
        try {
            T named = call.kwarg(name, type);
            return named != null ? named : call.arg(index, type);
        } catch (IllegalArgumentException e) {
            throw invalid("'" + name + "': " + e.getMessage());
        }
    }

    private static boolean flag(ProcedureCall call, int index, String name, boolean otherwise) {
        Boolean given = argument(call, index, name, Boolean.class);
        return given == null ? otherwise : given;
    }

    private static String text(ProcedureCall call, int index, String name, String otherwise) {
        String given = argument(call, index, name, String.class);
        return given == null ? otherwise : given;
    }

    static WampErrorException invalid(String sentence) {
        return new WampErrorException(WampErrors.INVALID_ARGUMENT, sentence);
    }

    static WampErrorException failed(IOException e) {
        return new WampErrorException(WampErrors.RUNTIME_ERROR, String.valueOf(e.getMessage()));
    }
}
