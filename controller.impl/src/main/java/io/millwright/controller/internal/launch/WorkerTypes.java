package io.millwright.controller.internal.launch;

import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.WorkerType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The worker types that bundles offer now. Each offer is asked for its options once, when it is added, and serves when it has
 * answered. Where two offer one type, the higher service ranking serves, then the higher bundle version, then the older service.
 * Thread-safe; listeners are told in order, by the thread that changes something, and must not block.
 */
public final class WorkerTypes {
    private static final long MOMENT_MILLIS = 200;
    private static final Logger LOG = LoggerFactory.getLogger(WorkerTypes.class);

    /**
     * A service that offers a type. Immutable.
     *
     * @param type the type's name
     * @param service the plug-in
     * @param bundle symbolic name of its bundle
     * @param version version of its bundle
     * @param ranking service ranking
     * @param serviceId service id
     */
    public record Provider(
            String type, WorkerType service, String bundle, Version version, int ranking, long serviceId) {
        /**
         * What it is called in messages.
         *
         * @return the type with its bundle
         */
        public String what() {
            return "worker type '" + type + "' (bundle " + bundle + ")";
        }
    }

    /**
     * A provider with what it said of its options. Immutable.
     *
     * @param provider the provider
     * @param options its own options; empty while it has not said them
     * @param unavailable why it cannot serve, a sentence without a full stop; {@code null} if it can
     */
    public record Offer(Provider provider, List<OptionDefinition> options, @Nullable String unavailable) {
        /**
         * Whether its options are known.
         *
         * @return false if workers of it cannot be started
         */
        public boolean isAvailable() {
            return unavailable == null;
        }
    }

    private static final Comparator<Offer> SERVING_FIRST = Comparator.comparing(
            Offer::provider,
            Comparator.comparingInt(Provider::ranking)
                    .thenComparing(Provider::version)
                    .reversed()
                    .thenComparingLong(Provider::serviceId));

    private final Function<Provider, CompletableFuture<List<OptionDefinition>>> ask;
    private final Object lock = new Object();
    private Map<String, List<Offer>> byType = Map.of();
    /** Providers that have not answered yet, each with what is completed when it has; guarded by the lock. */
    private final Map<Long, CompletableFuture<Void>> asked = new TreeMap<>();

    private final List<BiConsumer<String, Boolean>> listeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<String>> servingListeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<String>> unavailableListeners = new CopyOnWriteArrayList<>();

    /**
     * Knows no type yet.
     *
     * @param ask asks a provider for its options; completed in bounded time
     */
    public WorkerTypes(Function<Provider, CompletableFuture<List<OptionDefinition>>> ask) {
        this.ask = ask;
    }

    /**
     * Adds a provider and asks it for its options. Does not wait for the answer.
     *
     * @param provider the provider
     */
    public void add(Provider provider) {
        CompletableFuture<Void> answered = new CompletableFuture<>();
        synchronized (lock) {
            asked.put(provider.serviceId(), answered);
            put(new Offer(provider, List.of(), provider.what() + " is being asked for its options"));
        }
        ask.apply(provider).whenComplete((options, fault) -> {
            Offer offer = fault == null
                    ? new Offer(provider, options, null)
                    : new Offer(provider, List.of(), whyUnavailable(provider, fault));
            synchronized (lock) {
                // It may have gone, or been added anew, meanwhile.
                if (asked.remove(provider.serviceId(), answered)) {
                    put(offer);
                }
            }
            answered.complete(null);
        });
        // One that answers at once is usable as soon as it is bound; one that does not holds its bundle no longer than
        // this.
        answered.copy()
                .completeOnTimeout(null, MOMENT_MILLIS, TimeUnit.MILLISECONDS)
                .join();
    }

    private static String whyUnavailable(Provider provider, Throwable fault) {
        Throwable cause = fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
        String again = "; it is asked again when its bundle is started again";
        if (cause instanceof TimeoutException) {
            String why = cause.getMessage() + " when it was asked for its options" + again;
            LOG.error("{}; the type is not available", why);
            return why;
        }
        if (cause instanceof NodeException refused) {
            LOG.error("{}; the type is not available", refused.getMessage());
            return String.valueOf(refused.getMessage());
        }
        String why = provider.what() + " does not say its options: " + cause + again;
        LOG.error("{}; the type is not available", why, cause);
        return why;
    }

    private void put(Offer offer) {
        change(offer.provider().type(), offers -> {
            List<Offer> changed = without(offers, offer.provider().serviceId());
            changed.add(offer);
            changed.sort(SERVING_FIRST);
            return changed;
        });
    }

    private static List<Offer> without(List<Offer> offers, long serviceId) {
        List<Offer> others = new ArrayList<>(offers);
        others.removeIf(offer -> offer.provider().serviceId() == serviceId);
        return others;
    }

    /**
     * Removes a provider.
     *
     * @param type the type's name
     * @param serviceId the provider's service id
     */
    public void remove(String type, long serviceId) {
        CompletableFuture<Void> waiting;
        synchronized (lock) {
            waiting = asked.remove(serviceId);
            change(type, offers -> without(offers, serviceId));
        }
        if (waiting != null) {
            waiting.complete(null);
        }
    }

    private void change(String type, UnaryOperator<List<Offer>> change) {
        synchronized (lock) {
            Optional<Offer> before = serving(type);
            Map<String, List<Offer>> changed = new TreeMap<>(byType);
            List<Offer> offers = change.apply(changed.getOrDefault(type, List.of()));
            if (offers.isEmpty()) {
                changed.remove(type);
            } else {
                changed.put(type, List.copyOf(offers));
            }
            byType = changed;
            Optional<Offer> after = serving(type);
            if (before.isPresent() != after.isPresent()) {
                listeners.forEach(listener -> listener.accept(type, after.isPresent()));
            }
            if (after.isEmpty()) {
                unavailableListeners.forEach(listener -> listener.accept(type));
            }
            // By identity: their equals asks the plug-in's.
            if (before.orElse(null) != after.orElse(null)) {
                servingListeners.forEach(listener -> listener.accept(type));
            }
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
     * Hears of types that no offer serves, each time when it may be for another reason.
     *
     * @param listener called with the name
     */
    public void onUnavailable(Consumer<String> listener) {
        unavailableListeners.add(listener);
    }

    /**
     * The offer that serves a type now.
     *
     * @param type the name
     * @return empty if there is none
     */
    public Optional<Offer> serving(String type) {
        return offers(type).stream().filter(Offer::isAvailable).findFirst();
    }

    /**
     * The offer that serves a type, or will when it has said its options.
     *
     * @param type the name
     * @return completed in bounded time, at once if one serves or none is being asked; empty if there is none
     */
    public CompletableFuture<Optional<Offer>> find(String type) {
        CompletableFuture<Void> waiting = null;
        synchronized (lock) {
            Optional<Offer> serving = serving(type);
            if (serving.isEmpty()) {
                for (Offer offer : offers(type)) {
                    waiting = waiting == null ? asked.get(offer.provider().serviceId()) : waiting;
                }
            }
            if (waiting == null) {
                return CompletableFuture.completedFuture(serving);
            }
        }
        return waiting.thenCompose(answered -> find(type));
    }

    /**
     * What is offered of a type.
     *
     * @param type the name
     * @return highest first, those that are not available too
     */
    public List<Offer> offers(String type) {
        synchronized (lock) {
            return byType.getOrDefault(type, List.of());
        }
    }

    /**
     * All offers by type.
     *
     * @return sorted by name, highest first, those that are not available too
     */
    public Map<String, List<Offer>> all() {
        synchronized (lock) {
            return byType;
        }
    }

    /**
     * The types of which workers can be started.
     *
     * @return sorted names
     */
    public List<String> names() {
        return all().keySet().stream().filter(type -> serving(type).isPresent()).toList();
    }
}
