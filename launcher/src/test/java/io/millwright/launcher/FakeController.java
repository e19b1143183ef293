package io.millwright.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;

/**
 * Stands in for the controller in a framework of its own process: does what the file {@code node.json} of its node
 * directory says in words, and leaves marks in {@code marks}.
 */
public final class FakeController implements BundleActivator, ServiceFactory<Object> {
    private String orders = "";
    private Path directory = Path.of("");
    private ServiceRegistration<?> ready;
    private volatile boolean restarting;

    @Override
    public void start(BundleContext context) throws Exception {
        directory = Path.of(context.getProperty("millwright.dir"));
        orders = Files.readString(directory.resolve("node.json"));
        if (orders.contains("fail")) {
            throw new IllegalStateException("told to fail");
        }
        if (context.getProperty("millwright.mode").equals("check")) {
            context.addFrameworkListener(event -> {
                if (event.getType() == FrameworkEvent.STARTED && !orders.contains("mute")) {
                    boolean bad = orders.contains("bad");
                    call(context, Map.of("exit.code", bad ? 1 : 0, "message", bad ? "it is bad" : "it is good"));
                }
            });
            return;
        }
        mark("started lock=" + context.getProperty("millwright.lock") + " debug="
                + context.getProperty("millwright.debug.lifecycle"));
        if (orders.contains("where")) {
            boolean system = getClass().getClassLoader() == ClassLoader.getSystemClassLoader();
            mark((system ? "class path " : "framework ")
                    + FrameworkUtil.getBundle(getClass()).getVersion());
        }
        Dictionary<String, Object> line = new Hashtable<>();
        line.put("millwright.node", true);
        context.registerService(Function.class, (Function<String, Object>) this::answer, line);
        if (orders.contains("slow")) {
            while (!Files.exists(directory.resolve("release"))) {
                Thread.sleep(20);
            }
        }
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put("osgi.condition.id", "io.millwright.node.ready");
        ready = context.registerService("org.osgi.service.condition.Condition", this, properties);
        if (orders.contains("again") && !Files.exists(directory.resolve("restarted"))) {
            Thread restarter = new Thread(() -> restartWhenReleased(context), "restarter");
            restarter.setDaemon(true);
            restarter.start();
        }
        if (orders.contains("restart") && !Files.exists(directory.resolve("restarted"))) {
            Files.createFile(directory.resolve("restarted"));
            if (orders.contains("replace")) {
                Path own = Path.of(System.getProperty("millwright.home"), "bundle/2/fake.jar");
                Files.move(directory.resolve("new.jar"), own, StandardCopyOption.REPLACE_EXISTING);
            }
            call(context, Map.of("exit.code", 0, "restart", true));
        } else if (orders.contains("exit")) {
            int code = Integer.parseInt(orders.replaceAll("\\D", ""));
            call(context, Map.of("exit.code", code, "message", "the controller ends with " + code));
        }
    }

    /** Goes down when it is released, for some time, to come back. */
    private void restartWhenReleased(BundleContext context) {
        try {
            while (!Files.exists(directory.resolve("again"))) {
                Thread.sleep(20);
            }
            restarting = true;
            ready.unregister();
            while (!Files.exists(directory.resolve("release"))) {
                Thread.sleep(20);
            }
            Files.createFile(directory.resolve("restarted"));
            call(context, Map.of("exit.code", 0, "restart", true));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private Object answer(String question) {
        try {
            return switch (question) {
                case "waiting" -> Files.exists(directory.resolve("release")) ? 0 : 1;
                case "restart" -> restarting;
                case "kill" -> {
                    mark("killed");
                    Files.createFile(directory.resolve("release"));
                    yield null;
                }
                default -> null;
            };
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void stop(BundleContext context) throws Exception {
        while (orders.contains("wedge") && !Files.exists(directory.resolve("release"))) {
            Thread.sleep(20);
        }
        if (context.getProperty("millwright.mode").equals("run")) {
            mark("stopped");
        }
    }

    private void mark(String text) throws Exception {
        Path marks = directory.resolve("marks");
        String before = Files.exists(marks) ? Files.readString(marks) : "";
        Files.writeString(marks, before + text + "\n");
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static void call(BundleContext context, Map<String, Object> request) {
        try {
            for (ServiceReference<Consumer> door :
                    context.getServiceReferences(Consumer.class, "(millwright.launcher=true)")) {
                context.getService(door).accept(request);
            }
        } catch (org.osgi.framework.InvalidSyntaxException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public Object getService(Bundle bundle, ServiceRegistration<Object> registration) {
        return this;
    }

    @Override
    public void ungetService(Bundle bundle, ServiceRegistration<Object> registration, Object service) {}
}
