package io.millwright.worker.runtime.container;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs classes of the class path: made by a constructor that takes the configuration as a {@link Map}, or by one that takes nothing. A {@link
 * Runnable} is run in a thread of its own, whose end is the component's; an {@link AutoCloseable} is closed when the component is stopped.
 */
final class ClassHost implements ComponentHost {
    @Override
    public Running start(ComponentSpec spec, Consumer<@Nullable Throwable> ended) throws Exception {
        Object made = make(spec);
        Thread thread = made instanceof Runnable code ? thread(spec, code, ended) : null;
        if (thread != null) {
            thread.start();
        }
        return () -> {
            if (made instanceof AutoCloseable open) {
                open.close();
            }
            if (thread != null) {
                thread.interrupt();
                thread.join();
            }
        };
    }

    private static Thread thread(ComponentSpec spec, Runnable code, Consumer<@Nullable Throwable> ended) {
        return new Thread(
                () -> {
                    Throwable thrown = null;
                    try {
                        code.run();
                    } catch (Throwable e) {
                        thrown = e;
                    }
                    ended.accept(thrown);
                },
                "component-" + spec.id());
    }

    private static Object make(ComponentSpec spec) throws Exception {
        Class<?> type;
        try {
            type = Class.forName(spec.location());
        } catch (ClassNotFoundException e) {
            throw new ClassNotFoundException(
                    "the class '" + spec.location() + "' is not on the class path: "
                            + System.getProperty("java.class.path"),
                    e);
        }
        try {
            Constructor<?> withConfig = find(type, Map.class);
            return withConfig != null
                    ? withConfig.newInstance(spec.config())
                    : type.getDeclaredConstructor().newInstance();
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw e;
        } catch (NoSuchMethodException e) {
            throw new NoSuchMethodException("the class '" + spec.location()
                    + "' has no public constructor that takes a java.util.Map, or nothing");
        }
    }

    private static @Nullable Constructor<?> find(Class<?> type, Class<?> parameter) {
        try {
            return type.getConstructor(parameter);
        } catch (NoSuchMethodException e) {
            return null;
        }
    }
}
