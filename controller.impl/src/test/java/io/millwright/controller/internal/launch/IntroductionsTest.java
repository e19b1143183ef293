package io.millwright.controller.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.worker.OptionValues;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IntroductionsTest {
    private static final Path NODE = Path.of("/n");

    private final Introductions introductions = new Introductions("s");

    /** The values are those that {@code PeersTest} of the worker runtime checks. */
    @Test
    void aWorkerGetsATicketThatTheOtherOneCanCheckByItsKey() {
        Map<String, Object> options =
                Map.of("connect.router", "r1", "connect.realm", "com.realm", "connect.role", "app");
        Map<String, Object> line =
                introductions.of(NODE, new WorkerId("w"), 7, new OptionValues(options, options.keySet()));
        assertThat(line.get("connect"))
                .isEqualTo(Map.of(
                        "router", "r1",
                        "realm", "com.realm",
                        "role", "app",
                        "socket", "/n/run/peers/r1",
                        "authid", "w",
                        "ticket", "7.app.CYeqDUsj1cxC-bVoowKJdBdYdHFI6TFb7kZdcaO2WXo"));
    }

    @Test
    void eachWorkerHasAKeyOfItsOwnAndNoTicketUnlessItConnects() {
        OptionValues none = new OptionValues(Map.of(), Set.of());
        Map<String, Object> one = introductions.of(NODE, new WorkerId("r1"), 1, none);
        assertThat(one.get("peers"))
                .isEqualTo(Map.of("socket", "/n/run/peers/r1", "key", "JYiugwJMb7oQqeUclT36Tk4rzveCceuf-TtCn9Lzcs0"));
        assertThat(one).doesNotContainKey("connect");
        assertThat(introductions.of(NODE, new WorkerId("r2"), 1, none).get("peers"))
                .isNotEqualTo(one.get("peers"));
    }
}
