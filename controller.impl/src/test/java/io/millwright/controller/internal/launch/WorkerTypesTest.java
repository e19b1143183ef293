package io.millwright.controller.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.internal.node.TestNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Version;

/** Which offer serves a type, and who hears of it. */
class WorkerTypesTest {
    private final Map<Long, CompletableFuture<List<OptionDefinition>>> answers = new HashMap<>();
    private final WorkerTypes types = new WorkerTypes(
            offer -> answers.getOrDefault(offer.serviceId(), CompletableFuture.completedFuture(List.of())));
    private final List<String> heard = new ArrayList<>();

    private static WorkerTypes.Provider offer(String version, int ranking, long id) {
        return new WorkerTypes.Provider(
                "t", new TestNode.Guest(), "bundle." + id, Version.parseVersion(version), ranking, id);
    }

    private String serving() {
        return bundle(types.serving("t"));
    }

    private static String bundle(Optional<WorkerTypes.Offer> offer) {
        return offer.map(found -> found.provider().bundle()).orElse("none");
    }

    private void listen() {
        types.onServing(type -> heard.add(type + " by " + serving()));
        types.onChange((type, available) -> heard.add(type + (available ? " came" : " went")));
    }

    @Test
    void eachChangeOfTheServingOfferIsToldAndNoOther() {
        listen();
        types.add(offer("1.0.0", 0, 1));
        types.add(offer("1.0.0", 0, 2));
        types.add(offer("1.1.0", 0, 3));
        types.add(offer("1.0.0", 5, 4));
        types.remove("t", 2);
        types.remove("t", 4);
        types.remove("t", 3);
        types.remove("t", 1);
        types.remove("t", 1);
        assertThat(heard)
                .containsExactly(
                        "t came",
                        "t by bundle.1",
                        "t by bundle.3",
                        "t by bundle.4",
                        "t by bundle.3",
                        "t by bundle.1",
                        "t went",
                        "t by none");
    }

    /** A type is there when it has said its options, not before; until then another goes on serving, and starts wait. */
    @Test
    void anOfferServesWhenItHasSaidItsOptions() {
        listen();
        CompletableFuture<List<OptionDefinition>> slow = new CompletableFuture<>();
        answers.put(1L, slow);
        types.add(offer("1.0.0", 5, 1));
        CompletableFuture<Optional<WorkerTypes.Offer>> found = types.find("t");
        assertThat(found).isNotDone();
        assertThat(types.names()).isEmpty();
        types.add(offer("1.0.0", 0, 2));
        assertThat(serving()).isEqualTo("bundle.2");
        assertThat(bundle(types.find("t").join())).isEqualTo("bundle.2");
        slow.complete(List.of());
        assertThat(bundle(found.join())).isEqualTo("bundle.1");
        assertThat(heard).containsExactly("t came", "t by bundle.2", "t by bundle.1");
    }

    @Test
    void anOfferThatDoesNotSayItsOptionsIsThereAndNotAvailableUntilItIsAddedAnew() {
        answers.put(
                1L,
                CompletableFuture.failedFuture(
                        new TimeoutException("worker type 't' (bundle bundle.1) did not answer within 5000 ms")));
        types.add(offer("1.0.0", 0, 1));
        assertThat(types.find("t").join()).isEmpty();
        assertThat(types.offers("t")).singleElement().satisfies(offer -> assertThat(offer.unavailable())
                .isEqualTo("worker type 't' (bundle bundle.1) did not answer within 5000 ms when it was asked for its"
                        + " options; it is asked again when its bundle is started again"));
        answers.remove(1L);
        types.remove("t", 1);
        types.add(offer("1.0.0", 0, 1));
        assertThat(serving()).isEqualTo("bundle.1");
    }

    @Test
    void aLateAnswerOfOneThatHasGoneChangesNothing() {
        listen();
        CompletableFuture<List<OptionDefinition>> slow = new CompletableFuture<>();
        answers.put(1L, slow);
        types.add(offer("1.0.0", 0, 1));
        CompletableFuture<Optional<WorkerTypes.Offer>> found = types.find("t");
        types.remove("t", 1);
        assertThat(found.join()).isEmpty();
        slow.complete(List.of());
        assertThat(types.all()).isEmpty();
        assertThat(heard).isEmpty();
    }
}
