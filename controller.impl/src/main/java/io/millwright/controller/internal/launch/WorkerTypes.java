package io.millwright.controller.internal.launch;

import io.millwright.controller.api.worker.WorkerType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.osgi.framework.Version;

/**
 * The worker types that bundles offer now. Where two offer one type, the higher service ranking serves, then the higher bundle
 * version, then the older service. Thread-safe; listeners are called by the thread that adds or removes, without a lock.
 */
public final class WorkerTypes {
    /**
     * One offer. Immutable.
     *
     * @param type the type's name
     * @param service the plug-in
     * @param bundle symbolic name of its bundle
     * @param version version of its bundle
     * @param ranking service ranking
     * @param serviceId service id
     */
    public record Provider(
            String type, WorkerType service, String bundle, Version version, int ranking, long serviceId) {}

    private static final Comparator<Provider> SERVING_FIRST = Comparator.comparingInt(Provider::ranking)
            .thenComparing(Provider::version)
            .reversed()
            .thenComparingLong(Provider::serviceId);

    private final Object lock = new Object();
    private Map<String, List<Provider>> byType = Map.of();
    private final List<BiConsumer<String, Boolean>> listeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<String>> servingListeners = new CopyOnWriteArrayList<>();

    /**
     * Adds an offer.
     *
     * @param provider the offer
     */
    public void add(Provider provider) {
        boolean first;
        boolean serves;
        synchronized (lock) {
            Map<String, List<Provider>> changed = new TreeMap<>(byType);
            List<Provider> offers = new ArrayList<>(changed.getOrDefault(provider.type(), List.of()));
            first = offers.isEmpty();
            offers.add(provider);
            offers.sort(SERVING_FIRST);
            serves = offers.get(0) == provider;
            changed.put(provider.type(), List.copyOf(offers));
            byType = changed;
        }
        if (first) {
            listeners.forEach(listener -> listener.accept(provider.type(), true));
        }
        if (serves) {
            servingListeners.forEach(listener -> listener.accept(provider.type()));
        }
    }

    /**
     * Removes an offer.
     *
     * @param type the type's name
     * @param serviceId the offer's service id
     */
    public void remove(String type, long serviceId) {
        boolean last;
        boolean served;
        synchronized (lock) {
            Map<String, List<Provider>> changed = new TreeMap<>(byType);
            List<Provider> offers = new ArrayList<>(changed.getOrDefault(type, List.of()));
            served = !offers.isEmpty() && offers.get(0).serviceId() == serviceId;
            boolean removed = offers.removeIf(offer -> offer.serviceId() == serviceId);
            last = removed && offers.isEmpty();
            if (offers.isEmpty()) {
                changed.remove(type);
            } else {
                changed.put(type, List.copyOf(offers));
            }
            byType = changed;
        }
        if (last) {
            listeners.forEach(listener -> listener.accept(type, false));
        }
        if (served) {
            servingListeners.forEach(listener -> listener.accept(type));
        }
    }

    /**
     * Hears of types that become available ({@code true}) or go away ({@code false}).
     *
     * @param listener called with the name
     */
    public void onChange(BiConsumer<String, Boolean> listener) {
        listeners.add(listener);
    }

    /**
     * Hears of types that another offer, the first, or none serves now.
     *
     * @param listener called with the name
     */
    public void onServing(Consumer<String> listener) {
        servingListeners.add(listener);
    }

    /**
     * The offer that serves a type.
     *
     * @param type the name
     * @return empty if there is none
     */
    public Optional<Provider> serving(String type) {
        synchronized (lock) {
            return byType.getOrDefault(type, List.of()).stream().findFirst();
        }
    }

    /**
     * All offers by type.
     *
     * @return sorted by name, the serving one first
     */
    public Map<String, List<Provider>> all() {
        synchronized (lock) {
            return byType;
        }
    }
}
