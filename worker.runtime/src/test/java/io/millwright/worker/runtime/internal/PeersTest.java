package io.millwright.worker.runtime.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tickets are those of {@code IntroductionsTest} in the controller. */
class PeersTest {
    private static final String PROOF = "CYeqDUsj1cxC-bVoowKJdBdYdHFI6TFb7kZdcaO2WXo";

    private final Peers peers =
            new Peers(Map.of("socket", "/n/run/peers/r1", "key", "JYiugwJMb7oQqeUclT36Tk4rzveCceuf-TtCn9Lzcs0"));

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "com.realm, w, 7.app." + PROOF + ", app",
                "com.other, w, 7.app." + PROOF + ", -",
                "com.realm, v, 7.app." + PROOF + ", -",
                "com.realm, w, 8.app." + PROOF + ", -",
                "com.realm, w, 7.admin." + PROOF + ", -",
                "com.realm, w, " + PROOF + ", -",
                "com.realm, w, 7.app., -",
                "com.realm, w, x, -",
            })
    void aTicketIsGoodForItsWorkerRealmAndRole(String realm, String worker, String ticket, String role) {
        assertThat(peers.role(realm, worker, ticket)).isEqualTo(role);
    }

    @Test
    void aNodeThatIsTooOldIsNamed() {
        assertThatThrownBy(() -> new Peers(Map.of())).hasMessageContaining("too old");
    }
}
