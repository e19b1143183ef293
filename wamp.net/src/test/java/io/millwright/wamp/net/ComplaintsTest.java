package io.millwright.wamp.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ComplaintsTest {
    private static final long SECOND = 1_000_000_000;

    @Test
    void tenInARowThenOneInTenSecondsWithTheNumberOfTheOthers() {
        List<String> said = new ArrayList<>();
        AtomicLong now = new AtomicLong(SECOND);
        Complaints complaints = new Complaints(said::add, now::get);
        for (int i = 1; i <= 600; i++) {
            assertThat(complaints.say("no " + i)).isEqualTo(i <= 10);
        }
        assertThat(said).hasSize(10).endsWith("no 10");
        now.addAndGet(10 * SECOND);
        complaints.say("no 601");
        complaints.say("no 602");
        assertThat(said).hasSize(11).endsWith("no 601 (590 more were refused since the last line of this kind)");
        now.addAndGet(1000 * SECOND);
        for (int i = 0; i < 20; i++) {
            complaints.say("again");
        }
        assertThat(said).hasSize(21).contains("again (1 more were refused since the last line of this kind)");
    }
}
