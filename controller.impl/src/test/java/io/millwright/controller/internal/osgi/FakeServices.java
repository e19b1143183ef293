package io.millwright.controller.internal.osgi;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;

/** As much of a framework as bindings look at. */
final class FakeServices {
    private static final AtomicLong NEXT = new AtomicLong(1);

    private FakeServices() {}

    /** A service reference with the next id; its properties may be changed later. */
    static <S> ServiceReference<S> reference(Map<String, Object> properties) {
        properties.put(Constants.SERVICE_ID, NEXT.getAndIncrement());
        @SuppressWarnings("unchecked")
        ServiceReference<S> reference =
                (ServiceReference<S>) proxy(ServiceReference.class, (self, method, args) -> switch (method.getName()) {
                    case "getProperty" -> properties.get(args[0]);
                    case "getBundle" -> bundle("org.example.plugin");
                    case "equals" -> self == args[0];
                    case "hashCode" -> System.identityHashCode(self);
                    default -> throw new UnsupportedOperationException(method.getName());
                });
        return reference;
    }

    static Map<String, Object> properties(Object... keysAndValues) {
        Map<String, Object> properties = new HashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            properties.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return properties;
    }

    static Bundle bundle(String name) {
        return proxy(Bundle.class, (self, method, args) -> switch (method.getName()) {
            case "getSymbolicName" -> name;
            case "getVersion" -> new Version(1, 2, 3);
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    /** A bundle's context in a framework with these properties. */
    static BundleContext context(Map<String, String> properties) {
        return proxy(BundleContext.class, (self, method, args) -> switch (method.getName()) {
            case "getProperty" -> properties.get(args[0]);
            case "getBundle" -> bundle("io.millwright.controller.impl");
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
