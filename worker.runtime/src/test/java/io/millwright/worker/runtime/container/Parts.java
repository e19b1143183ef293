package io.millwright.worker.runtime.container;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** What the tests have run as components. */
public final class Parts {
    private Parts() {}

    /** A service. */
    public interface Sums {
        long add(long a, long b);

        List<String> words(String first, String second);

        Object odd();
    }

    /** A service component. */
    public static final class SumsComponent implements Sums {
        @Override
        public long add(long a, long b) {
            return a + b;
        }

        @Override
        public List<String> words(String first, String second) {
            return List.of(first, second);
        }

        @Override
        public Object odd() {
            return Thread.currentThread();
        }
    }

    /** A service component that cannot be activated. */
    public static final class BrokenComponent {
        public BrokenComponent() {
            throw new IllegalStateException("no paper in the bundle");
        }
    }

    /** An activator whose stop takes for ever. */
    public static final class BlocksAtItsStop implements BundleActivator {
        @Override
        public void start(BundleContext context) {
            System.out.println("is started");
        }

        @Override
        public void stop(BundleContext context) throws InterruptedException {
            System.out.println("blocks");
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    /** An activator that throws when it is stopped. */
    public static final class ThrowsAtItsStop implements BundleActivator {
        @Override
        public void start(BundleContext context) {
            System.out.println("is started");
        }

        @Override
        public void stop(BundleContext context) {
            throw new IllegalStateException("no way to stop");
        }
    }

    /** An activator that says what a file of its bundle says, which may be a fragment's. */
    public static final class SaysItsFile implements BundleActivator {
        @Override
        public void start(BundleContext context) throws IOException {
            for (URL file : Collections.list(Objects.requireNonNullElse(
                    context.getBundle().findEntries("words", "*.txt", true), Collections.emptyEnumeration()))) {
                try (InputStream in = file.openStream()) {
                    System.out.println("file: " + new String(in.readAllBytes(), StandardCharsets.UTF_8));
                }
            }
        }

        @Override
        public void stop(BundleContext context) {
            System.out.println("file: none");
        }
    }

    /** An activator that says what a file says which it gets by a package of another bundle. */
    public static final class SaysItsImport implements BundleActivator {
        @Override
        public void start(BundleContext context) throws IOException {
            String name = context.getBundle().getSymbolicName();
            String file = String.valueOf(context.getBundle().getHeaders().get("Says"));
            try (InputStream in = SaysItsImport.class.getResourceAsStream(file)) {
                System.out.println(name + ": " + new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        }

        @Override
        public void stop(BundleContext context) {
            System.out.println(context.getBundle().getSymbolicName() + " is stopped");
        }
    }

    /** A class that only is there. */
    public static final class Quiet implements AutoCloseable {
        @Override
        public void close() {
            System.out.println("quiet is closed");
        }
    }

    /** A class with a configuration, which does something. */
    public static final class Does implements Runnable {
        private final Map<String, Object> config;

        public Does(Map<String, Object> config) {
            this.config = config;
        }

        @Override
        public void run() {
            if ("throw".equals(config.get("do"))) {
                throw new IllegalStateException("no paper");
            }
            try {
                Thread.sleep("wait".equals(config.get("do")) ? Long.MAX_VALUE : 0);
            } catch (InterruptedException e) {
                // This is its end.
                return;
            }
        }
    }

    /** A class that cannot be made. */
    public static final class Broken {
        public Broken() {
            throw new IllegalStateException("no ink");
        }
    }

    /** A class whose making takes for ever. */
    public static final class Blocks {
        public Blocks() throws InterruptedException {
            Thread.sleep(Long.MAX_VALUE);
        }
    }
}
