package io.millwright.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.channel.ChannelListener;
import io.millwright.controller.api.channel.ChannelTraffic;
import io.millwright.controller.api.channel.ComponentChange;
import io.millwright.controller.api.channel.Credentials;
import io.millwright.controller.api.channel.ExpectedRun;
import io.millwright.controller.api.channel.ReadyInfo;
import io.millwright.controller.api.worker.Fingerprint;
import io.millwright.controller.api.worker.WorkerCapability;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The fake channels tell what a test says, and nothing of a run that is forgotten. */
class FakeChannelsTest {
    private static final WorkerId W = new WorkerId("w");
    private static final ReadyInfo INFO = ReadyInfo.of("test", List.of(), List.of("add"));

    private final List<String> told = new ArrayList<>();
    private final ChannelListener listener = new ChannelListener() {
        @Override
        public void up(String session) {
            told.add("up");
        }

        @Override
        public void ready(ReadyInfo info) {
            told.add("ready " + info.runtime());
        }

        @Override
        public void lost(String reason) {
            told.add("lost " + reason);
        }

        @Override
        public void component(ComponentChange change) {}

        @Override
        public void traffic(ChannelTraffic received, ChannelTraffic sent) {}
    };

    private static ExpectedRun run(long number) {
        return ExpectedRun.builder(W, "test", number, Credentials.of("t" + number), Credentials.of("r" + number))
                .build();
    }

    @Test
    void aSilentOneTellsWhatTheTestSays() {
        FakeChannels channels = FakeChannels.silent();
        channels.expect(run(1), listener);
        assertThat(channels.expected()).containsExactly(run(1));
        channels.join(W);
        channels.ready(W, INFO);
        channels.lose(W, "why");
        assertThat(told).containsExactly("up", "ready test", "lost why");
        channels.expect(run(2), listener);
        channels.forget(run(1));
        assertThat(channels.expected()).containsExactly(run(2));
        channels.forget(run(2));
        assertThat(channels.expected()).isEmpty();
        assertThatThrownBy(() -> channels.join(W)).hasMessageContaining("no run of worker 'w' is expected");
    }

    @Test
    void anObligingOneIsReadyAtOnceAndAnswers() {
        FakeChannels channels = FakeChannels.ready(INFO);
        channels.expect(run(1), listener);
        assertThat(told).containsExactly("up", "ready test");
        channels.answer("add", call -> call.arguments().size());
        assertThat(channels.call(run(1), "add", Map.of("a", 1))
                        .toCompletableFuture()
                        .join()
                        .value())
                .isEqualTo(1);
        assertThat(channels.call(run(1), "other", Map.of()).toCompletableFuture())
                .isCompletedExceptionally();
        assertThat(channels.calls()).extracting(FakeChannels.Call::operation).containsExactly("add", "other");
    }

    @Test
    void aNativeTypeHasNoStandardInput() {
        Sleeper type = new Sleeper() {
            @Override
            public boolean isNative() {
                return true;
            }

            @Override
            public Fingerprint fingerprint() {
                return Fingerprint.ok(WorkerCapability.STDIN);
            }
        };
        assertThat(WorkerTypeConformance.of("sleeper", type, Samples.running(Map.of("seconds", 60))).checks().stream()
                        .filter(check -> check.name().startsWith("the fingerprint"))
                        .flatMap(check -> check.run().failures().stream()))
                .singleElement()
                .asString()
                .contains("standard input");
    }
}
