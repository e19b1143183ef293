package io.millwright.worker.runtime.container;

import io.millwright.wamp.client.ProcedureCall;
import io.millwright.wamp.client.Registration;
import io.millwright.worker.runtime.internal.Channel;
import io.millwright.worker.runtime.log.Records;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;

/**
 * Makes procedures of services: one with the property {@code wamp.procedure.prefix} has each method of its interfaces registered as {@code
 * PREFIX.METHOD}, for as long as it is there. Arguments come by their place, or by the names of parameters where the class file has them.
 */
final class ServiceProcedures extends ServiceTracker<Object, List<CompletableFuture<Registration>>> {
    private static final String PREFIX = "wamp.procedure.prefix";
    private static final Map<Class<?>, Class<?>> BOXES = Map.of(
            int.class,
            Integer.class,
            long.class,
            Long.class,
            boolean.class,
            Boolean.class,
            double.class,
            Double.class,
            float.class,
            Float.class,
            short.class,
            Short.class,
            byte.class,
            Byte.class);

    private final Supplier<Channel> channel;

    ServiceProcedures(BundleContext context, Supplier<Channel> channel) {
        super(context, filter(context), null);
        this.channel = channel;
    }

    private static org.osgi.framework.Filter filter(BundleContext context) {
        try {
            return context.createFilter("(" + PREFIX + "=*)");
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public List<CompletableFuture<Registration>> addingService(ServiceReference<Object> reference) {
        Object service = context.getService(reference);
        List<CompletableFuture<Registration>> made = new ArrayList<>();
        if (service == null) {
            return made;
        }
        String prefix = String.valueOf(reference.getProperty(PREFIX));
        Set<String> names = new HashSet<>();
        Set<String> offered = Set.of((String[]) reference.getProperty(Constants.OBJECTCLASS));
        for (Class<?> type : types(service.getClass(), new HashSet<>())) {
            for (Method method : offered.contains(type.getName()) ? type.getMethods() : new Method[0]) {
                boolean own = method.getDeclaringClass() != Object.class && !Modifier.isStatic(method.getModifiers());
                if (own && names.add(method.getName())) {
                    made.add(register(
                            prefix.isEmpty() ? method.getName() : prefix + "." + method.getName(), service, method));
                }
            }
        }
        return made;
    }

    private static Set<Class<?>> types(@Nullable Class<?> type, Set<Class<?>> found) {
        if (type != null && found.add(type)) {
            types(type.getSuperclass(), found);
            for (Class<?> one : type.getInterfaces()) {
                types(one, found);
            }
        }
        return found;
    }

    private CompletableFuture<Registration> register(String name, Object service, Method method) {
        method.setAccessible(true);
        CompletableFuture<Registration> made = channel.get().offer(name, call -> invoke(service, method, call));
        made.whenComplete((registration, refused) -> {
            if (refused != null) {
                Records.write(
                        "warn", "container", "the procedure '" + name + "' of a service cannot be registered", refused);
            }
        });
        return made;
    }

    private static @Nullable Object invoke(Object service, Method method, ProcedureCall call) throws Exception {
        Parameter[] parameters = method.getParameters();
        @Nullable Object[] values = new Object[parameters.length];
        for (int i = 0; i < values.length; i++) {
            Class<?> type = BOXES.getOrDefault(parameters[i].getType(), parameters[i].getType());
            values[i] = call.args().isEmpty() ? call.kwarg(parameters[i].getName(), type) : call.arg(i, type);
            if (values[i] == null && parameters[i].getType().isPrimitive()) {
                throw new IllegalArgumentException("argument " + i + " ('" + parameters[i].getName() + "') is missing");
            }
        }
        try {
            return value(method, method.invoke(service, values));
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static @Nullable Object value(Method method, @Nullable Object result) {
        if (result == null
                || result instanceof String
                || result instanceof Boolean
                || result instanceof Number
                || result instanceof byte[]
                || result instanceof Collection
                || result instanceof Map) {
            return result;
        }
        if (result instanceof Object[] array) {
            return Arrays.asList(array);
        }
        throw new IllegalStateException("the method " + method.getName() + " answers a "
                + result.getClass().getName() + "; a procedure can answer texts, numbers, booleans, lists and maps");
    }

    @Override
    public void removedService(ServiceReference<Object> reference, List<CompletableFuture<Registration>> made) {
        made.forEach(one -> one.thenAccept(Registration::unregister));
        context.ungetService(reference);
    }
}
