package io.millwright.controller.internal.process.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millwright.controller.api.Signal;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every signal of the system arrives as the one that was meant; real-time signals are counted from either end. */
@EnabledOnOs(OS.LINUX)
@ParameterizedClass
@EnumSource(
        value = Kind.class,
        names = {"PORTABLE", "LINUX"})
class SignalTest {
    @RegisterExtension
    final BackendFixture fixture;

    private final Kind kind;

    SignalTest(Kind kind) {
        this.kind = kind;
        fixture = new BackendFixture(kind);
    }

    @ParameterizedTest
    @CsvSource({
        "SIGTTIN, 21",
        "ttou, 22",
        "PWR, 30",
        "WINCH, 28",
        "SIGPOLL, 29",
        "SIGCLD, 17",
        "URG, 23",
        "SIGSYS, 31",
        "RTMIN, 34",
        "SIGRTMIN+0, 34",
        "rtmin+3, 37",
        "SIGRTMIN+15, 49",
        "RTMAX-14, 50",
        "SIGRTMAX-1, 63",
        "RTMAX, 64"
    })
    void aProgramThatTakesItSeesItsNumber(String name, int number) throws IOException {
        Running running =
                fixture.sh("trap 'echo got " + number + "' " + number + "; echo ready; while :; do sleep 0.05; done");
        running.awaitOutput("ready");
        assertThat(Running.get(running.process().signalMain(Signal.of(name)))).isTrue();
        running.awaitOutput("got " + number);
    }

    @ParameterizedTest
    @CsvSource({"RTMIN+1", "RTMIN+30", "ILL", "XFSZ", "STKFLT"})
    void aProgramThatDiesOfItSaysSo(String name) throws IOException {
        // The JDK reports an exit code of such a number as the same.
        assumeTrue(kind == Kind.LINUX || !name.startsWith("RT"));
        Running running = fixture.sh("echo ready; exec sleep 300");
        running.awaitOutput("ready");
        Awaitility.await()
                .atMost(Running.LIMIT, TimeUnit.SECONDS)
                .until(() -> fixture.table.program(running.process().pid()).equals("sleep"));
        assertThat(Running.get(running.process().signalGroup(Signal.of(name)))).isTrue();
        assertThat(running.exit().signal()).isEqualTo(name);
    }
}
