package io.millwright.worker.runtime.internal;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/** The program of a worker of type {@code java}, from the JVM's start to the end of its {@code main}. */
public final class Program {
    private static final String SLF4J = "org/slf4j/spi/SLF4JServiceProvider";

    private Program() {}

    /** Runs it, as {@link io.millwright.worker.runtime.Main} says. A program that cannot begin, or whose main method throws, ends the JVM with code 1. */
    public static void run(String[] args) {
        try {
            Deque<String> rest = new ArrayDeque<>(Arrays.asList(args));
            boolean readyFirst = "--ready".equals(rest.peek()) && rest.poll() != null;
            Member member = Member.get();
            endIfRefused(member);
            configureLogging();
            Method main = main(rest);
            if (readyFirst) {
                member.ready();
            }
            main.invoke(null, (Object) rest.toArray(new String[0]));
            if (!member.isTaken()) {
                member.ready();
            }
        } catch (InvocationTargetException e) {
            Throwable thrown = Objects.requireNonNullElse(e.getCause(), e);
            System.err.print("Exception in thread \"" + Thread.currentThread().getName() + "\" ");
            thrown.printStackTrace();
            System.exit(1);
        } catch (ReflectiveOperationException | IOException | RuntimeException | LinkageError e) {
            end(String.valueOf(e.getMessage()));
        }
    }

    /** Ends the JVM if the node does not let the worker in. */
    public static void endIfRefused(Member member) {
        member.channel().joined().whenComplete((session, refused) -> {
            if (refused != null) {
                end("the node does not let the worker in: " + refused.getMessage());
            }
        });
    }

    /** Ends the JVM with code 1 and a sentence. */
    public static void end(String why) {
        System.err.println("worker: " + why);
        System.exit(1);
    }

    private static Method main(Deque<String> rest) throws IOException, ReflectiveOperationException {
        String first = rest.poll();
        String name = "-jar".equals(first) ? ofJar(rest.poll()) : first;
        if (name == null) {
            throw new IllegalArgumentException("no main class and no jar was given");
        }
        Class<?> type;
        try {
            type = Class.forName(name, true, ClassLoader.getSystemClassLoader());
        } catch (ClassNotFoundException e) {
            throw new ClassNotFoundException(
                    "the main class '" + name + "' is not on the class path: " + System.getProperty("java.class.path"),
                    e);
        }
        try {
            Method main = type.getMethod("main", String[].class);
            if (Modifier.isStatic(main.getModifiers())) {
                main.setAccessible(true);
                return main;
            }
        } catch (NoSuchMethodException e) {
            // Said below.
        }
        throw new NoSuchMethodException("the class '" + name + "' has no method 'public static void main(String[])'");
    }

    private static String ofJar(@Nullable String file) throws IOException {
        if (file == null) {
            throw new IllegalArgumentException("no jar follows '-jar'");
        }
        try (JarFile jar = new JarFile(new File(file))) {
            Manifest manifest = jar.getManifest();
            String name = manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.MAIN_CLASS);
            if (name == null) {
                throw new IOException("the manifest of " + file + " names no Main-Class");
            }
            return name.trim();
        } catch (IOException e) {
            throw new IOException("the jar '" + file + "' cannot be run: " + e.getMessage(), e);
        }
    }

    /** Logs go to the node as records, unless the program has its own way. */
    public static void configureLogging() throws IOException {
        if (System.getProperty("java.util.logging.config.class") == null
                && System.getProperty("java.util.logging.config.file") == null) {
            System.setProperty("java.util.logging.config.class", "io.millwright.worker.runtime.log.JulConfig");
        }
        ClassLoader loader = ClassLoader.getSystemClassLoader();
        if (System.getProperty("slf4j.provider") == null
                && loader.getResource(SLF4J + ".class") != null
                && loader.getResource("META-INF/services/" + SLF4J.replace('/', '.')) == null) {
            System.setProperty("slf4j.provider", "io.millwright.worker.runtime.log.Slf4jProvider");
            if (System.getProperty("slf4j.internal.verbosity") == null) {
                // It would say that it has been told which one.
                System.setProperty("slf4j.internal.verbosity", "WARN");
            }
        }
    }
}
