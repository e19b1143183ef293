package io.millwright.controller.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.internal.node.TestNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Version;

/** Which offer serves a type, and who hears of it. */
class WorkerTypesTest {
    private final WorkerTypes types = new WorkerTypes();
    private final List<String> heard = new ArrayList<>();

    private static WorkerTypes.Provider offer(String version, int ranking, long id) {
        return new WorkerTypes.Provider(
                "t", new TestNode.Guest(), "bundle." + id, Version.parseVersion(version), ranking, id);
    }

    private String serving() {
        return types.serving("t").map(WorkerTypes.Provider::bundle).orElse("none");
    }

    @Test
    void eachChangeOfTheServingOfferIsToldAndNoOther() {
        types.onServing(type -> heard.add(type + " by " + serving()));
        types.onChange((type, available) -> heard.add(type + (available ? " came" : " went")));
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
}
