package io.millwright.controller.internal.osgi.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** The node's own options as they are read, from a Config Admin of which only listing and reading work. */
class NodeConfigurationTest {
    private final List<Map<String, Object>> taken = new ArrayList<>();
    private Callable<Configuration[]> store = () -> null;
    private final NodeConfiguration configuration = new NodeConfiguration(
            () -> proxy(ConfigurationAdmin.class, () -> store.call()),
            proxy(ServiceReference.class, () -> null),
            taken::add);

    @Test
    void whatIsConfiguredIsTakenAndNothingTwice() {
        read(Map.of("title", "Mill", "shutdown.triggers", new String[] {"a", "b"}, "service.pid", "x"));
        read(Map.of("title", "Mill", "shutdown.triggers", new String[] {"a", "b"}));
        read(Map.of("title", "Mill", "shutdown.triggers", new String[] {"a"}));
        assertThat(taken).hasSize(2);
        assertThat(taken.get(0)).containsOnlyKeys("title", "shutdown.triggers");
        assertThat(taken.get(1)).containsEntry("shutdown.triggers", new String[] {"a"});
    }

    @Test
    void noConfigurationMeansDefaults() {
        read(Map.of("title", "Mill"));
        read(() -> null);
        read(Map.of("title", "Mill"));
        read(() -> gone(() -> null));
        assertThat(taken).containsExactly(Map.of("title", "Mill"), Map.of(), Map.of("title", "Mill"), Map.of());
    }

    @Test
    void whatCannotBeReadLeavesInForceWhatWas() {
        read(Map.of("title", "Mill"));
        read(() -> {
            throw new IOException("disk");
        });
        read(() -> gone(() -> configured(Map.of())));
        assertThat(taken).containsExactly(Map.of("title", "Mill"));
    }

    @Test
    void aReadingThatFailsTakesNothingFromAnEarlierOne() {
        read(() -> {
            read(() -> {
                throw new IOException("disk");
            });
            return configured(Map.of("title", "Mill"));
        });
        assertThat(taken).containsExactly(Map.of("title", "Mill"));
    }

    @Test
    void theReadingThatBeganLastCounts() {
        read(() -> {
            read(Map.of("title", "New"));
            return configured(Map.of("title", "Old"));
        });
        assertThat(taken).containsExactly(Map.of("title", "New"));
    }

    private void read(Map<String, Object> values) {
        read(() -> configured(values));
    }

    private void read(Callable<Configuration[]> content) {
        store = content;
        configuration.read();
    }

    /** One that cannot be read; the next listing is another. */
    private Configuration[] gone(Callable<Configuration[]> next) {
        store = next;
        return new Configuration[] {
            proxy(Configuration.class, () -> {
                throw new IllegalStateException("deleted");
            })
        };
    }

    private static Configuration[] configured(Map<String, Object> values) {
        return new Configuration[] {proxy(Configuration.class, () -> new Hashtable<>(values))};
    }

    /** Every method answers the same. */
    private static <T> T proxy(Class<T> type, Callable<?> answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> answer.call()));
    }
}
