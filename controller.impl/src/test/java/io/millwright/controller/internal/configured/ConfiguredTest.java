package io.millwright.controller.internal.configured;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfiguredTest {
    private static final String GUEST = "io.millwright.worker.guest";
    private static final String NUMBERED = GUEST + ".0e5b8a3c-9e5e-4c35-8c5e-6f0f1b6d3a51";

    @Test
    void whatFollowsTheTildeIsTheId() {
        assertThat(Configured.idOf(GUEST + "~web", GUEST, null)).isEqualTo("web");
        assertThat(Configured.idOf(GUEST + "~web", GUEST, "file:/etc/" + GUEST + "-other.cfg"))
                .isEqualTo("web");
    }

    @ParameterizedTest
    @CsvSource({
        "file:/karaf/etc/io.millwright.worker.guest-web.cfg, web",
        "file:/karaf/etc/io.millwright.worker.guest-my-web_2.cfg, my-web_2",
        "file:/karaf/etc/io.millwright.worker.guest-web.config, web",
        "file:/karaf/etc/io.millwright.worker.guest~web.cfg, web",
        // of an id that is none all of it is kept, so that the refusal shows what was written
        "file:/karaf/etc/io.millwright.worker.guest-web.1.cfg, web.1",
        "io.millwright.worker.guest-web.cfg, web",
    })
    void aNumberedPidTakesItFromTheNameOfItsFile(String file, String id) {
        assertThat(Configured.idOf(NUMBERED, GUEST, file)).isEqualTo(id);
    }

    @ParameterizedTest
    @CsvSource({
        "file:/karaf/etc/io.millwright.worker.guest.cfg",
        "file:/karaf/etc/io.millwright.worker.guest-.cfg",
        "file:/karaf/etc/io.millwright.worker.guestbook-web.cfg",
        "file:/karaf/etc/io.millwright.worker.guest-web",
        "file:/karaf/io.millwright.worker.guest-web.d/other.cfg",
    })
    void aFileThatNamesNoneGivesNone(String file) {
        assertThat(Configured.idOf(NUMBERED, GUEST, file)).isNull();
    }

    @Test
    void aNumberedPidWithoutAFileGivesNone() {
        assertThat(Configured.idOf(NUMBERED, GUEST, null)).isNull();
        assertThat(Configured.idOf(NUMBERED, GUEST, 7)).isNull();
    }
}
