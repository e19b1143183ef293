package io.millwright.controller.internal.osgi;

import io.millwright.controller.internal.launch.PluginProblems;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.osgi.framework.ServiceReference;

/**
 * The services of one kind that are bound now, highest first: by service ranking, then the older one. A service whose
 * properties are wrong is left out, and what is wrong is noted for as long as it is there. Thread-safe: changes are told one
 * after another, so that of two services that come at once none is lost.
 *
 * @param <S> the services
 * @param <E> what is made of one and its properties
 */
final class Whiteboard<S, E> {
    /** Makes of a service and its properties what is used of it. */
    @FunctionalInterface
    interface Reader<S, E> {
        /** Reads the properties; throws {@link ServiceProperties.Refused} if the service cannot be used. */
        E read(ServiceProperties properties, S service);
    }

    /** The order is kept as it was when the service was bound: a framework may change it at any moment. */
    private record Bound<E>(int ranking, long id, E element) {}

    private final String kind;
    private final PluginProblems problems;
    private final Reader<S, E> reader;
    private final Consumer<List<E>> changed;
    private final Map<ServiceReference<S>, Bound<E>> bound = new HashMap<>();

    /**
     * A whiteboard without a service.
     *
     * @param kind what one is called, for example {@code shutdown trigger}
     * @param problems takes what is wrong with services
     * @param reader makes of one what is used of it
     * @param changed told of all that are bound after each change, highest first; must not block
     */
    Whiteboard(String kind, PluginProblems problems, Reader<S, E> reader, Consumer<List<E>> changed) {
        this.kind = kind;
        this.problems = problems;
        this.reader = reader;
        this.changed = changed;
    }

    /** A listener of changes that is told of each element that went, and then of each that came. */
    static <E> Consumer<List<E>> each(Consumer<E> added, Consumer<E> removed) {
        // By identity: what is equal is for the services to say, and they are not asked.
        Set<E> present = Collections.newSetFromMap(new IdentityHashMap<>());
        return next -> {
            Set<E> after = Collections.newSetFromMap(new IdentityHashMap<>());
            after.addAll(next);
            List<E> before = List.copyOf(present);
            before.stream().filter(element -> !after.contains(element)).forEach(removed);
            next.stream().filter(element -> !present.contains(element)).forEach(added);
            present.clear();
            present.addAll(after);
        };
    }

    /** Adds a service, or takes its changed properties. */
    synchronized void bind(ServiceReference<S> reference, S service) {
        ServiceProperties properties = new ServiceProperties(reference, kind);
        try {
            int ranking = properties.ranking();
            bound.put(reference, new Bound<>(ranking, properties.id(), reader.read(properties, service)));
            problems.set(reference, properties.problems());
        } catch (ServiceProperties.Refused refused) {
            bound.remove(reference);
            problems.set(reference, List.of(String.valueOf(refused.getMessage())));
        }
        tell();
    }

    /** Removes a service. */
    synchronized void unbind(ServiceReference<S> reference) {
        bound.remove(reference);
        problems.forget(reference);
        tell();
    }

    private void tell() {
        Comparator<Bound<E>> highest =
                Comparator.comparingInt(Bound<E>::ranking).reversed();
        changed.accept(bound.values().stream()
                .sorted(highest.thenComparingLong(Bound::id))
                .map(Bound::element)
                .toList());
    }
}
