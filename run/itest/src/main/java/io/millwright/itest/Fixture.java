package io.millwright.itest;

import static org.assertj.core.api.Assertions.fail;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerSelector;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import java.time.Duration;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** What the in-framework tests share: the node as a caller sees it, and waiting for a condition with a deadline. */
final class Fixture {
    static final Caller ME = Caller.api("itest");
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long LOOK_MILLIS = 20;

    final BundleContext context;
    final NodeController controller;

    Fixture(BundleContext context, NodeController controller) {
        this.context = context;
        this.controller = controller;
    }

    /** One for a node that can start guests now. */
    static Fixture ready(BundleContext context, NodeController controller) {
        await(
                "the guest type is there",
                () -> controller.getStatus().workerTypes().contains("guest"));
        return new Fixture(context, controller);
    }

    static Map<String, Object> script(String script, Object... keysAndValues) {
        Map<String, Object> options = new HashMap<>();
        options.put("executable", "/bin/sh");
        options.put("arguments", new String[] {"-c", script});
        for (int i = 0; i < keysAndValues.length; i += 2) {
            options.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return options;
    }

    static WorkerSpec guest(String id, Map<String, Object> options) {
        return WorkerSpec.of(new WorkerId(id), "guest", options);
    }

    WorkerInfo info(String id) {
        return controller.getWorker(new WorkerId(id), NodeController.Detail.WITH_STATS);
    }

    WorkerState state(String id) {
        try {
            return info(id).status();
        } catch (NodeException unknown) {
            return null;
        }
    }

    long awaitStarted(String id) {
        await(id + " is started", () -> state(id) == WorkerState.STARTED);
        Long pid = info(id).pid();
        return pid == null ? fail(id + " has no process") : pid;
    }

    /** Looks again and again, for a minute at least. The looks are counted: a machine that stood still has not been waited for. */
    static void await(String what, Callable<Boolean> condition) {
        try {
            for (long looks = LIMIT.toMillis() / LOOK_MILLIS; !condition.call(); looks--) {
                if (looks == 0) {
                    fail("not within " + LIMIT + ": " + what + "; meanwhile" + stacks());
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            }
        } catch (Exception e) {
            throw new AssertionError(what, e);
        }
    }

    static <T> T get(CompletionStage<T> stage) {
        try {
            for (long looks = LIMIT.toMillis() / LOOK_MILLIS; looks > 0; looks--) {
                try {
                    return stage.toCompletableFuture().get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException notYet) {
                    // the looks are counted, as in await
                }
            }
            throw new AssertionError("no answer; meanwhile" + stacks());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof NodeException failure) {
                throw failure;
            }
            throw new AssertionError(e.getCause());
        } catch (InterruptedException e) {
            throw new AssertionError("no answer", e);
        }
    }

    /** What each thread is doing, for a failure that nobody will see a second time. */
    private static String stacks() {
        StringBuilder text = new StringBuilder();
        Thread.getAllStackTraces().forEach((thread, frames) -> {
            text.append("\n  ").append(thread.getName()).append(' ').append(thread.getState());
            for (StackTraceElement frame : frames) {
                text.append("\n    ").append(frame);
            }
        });
        return text.toString();
    }

    static Configuration configure(ConfigurationAdmin admin, String id, Map<String, Object> options) {
        try {
            Configuration configuration = admin.getFactoryConfiguration("io.millwright.worker.guest", id, "?");
            Dictionary<String, Object> properties = new Hashtable<>(options);
            configuration.update(properties);
            return configuration;
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    Bundle bundle(String symbolicName) {
        for (Bundle bundle : context.getBundles()) {
            if (symbolicName.equals(bundle.getSymbolicName())) {
                return bundle;
            }
        }
        return fail("no bundle " + symbolicName);
    }

    /** Stops and forgets everything, so that each test begins with an empty node. */
    void clear() {
        get(controller.stopWorkers(WorkerSelector.ALL, StopOptions.KILL, ME));
        await("nothing runs", () -> controller.getWorkers(List.of()).isEmpty());
        for (WorkerInfo info : controller.listWorkers(NodeController.Scope.ALL)) {
            if (info.origin().equals("call")) {
                get(controller.forgetWorker(info.id(), ME));
            }
        }
    }
}
