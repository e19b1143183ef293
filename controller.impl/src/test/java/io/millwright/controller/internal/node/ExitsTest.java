package io.millwright.controller.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.WorkerExit.ExitClass;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerRun;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When exits come to the shutdown triggers. */
class ExitsTest {
    private final Deque<Runnable> loop = new ArrayDeque<>();
    private final List<String> asked = new ArrayList<>();
    private int live;
    private boolean checking;
    private final Exits exits = new Exits(
            loop::add,
            () -> live,
            () -> checking,
            (question, left) -> asked.add(question.run().id() + " " + left));

    private void ended(String id) {
        WorkerExit exit = WorkerExit.of(ExitClass.SUCCESS, 0, null, "done", Instant.EPOCH);
        exits.add(new Triggers.Question(
                WorkerRun.builder(new WorkerId(id), "guest", Instant.EPOCH, exit)
                        .build(),
                List.of("t"),
                null));
    }

    private List<String> asked() {
        while (!loop.isEmpty()) {
            loop.remove().run();
        }
        List<String> now = List.copyOf(asked);
        asked.clear();
        return now;
    }

    @Test
    void anExitBesideOthersThatLiveIsAskedAboutInTheNextTurn() {
        live = 1;
        checking = true;
        ended("a");
        assertThat(asked).isEmpty();
        assertThat(asked()).containsExactly("a 1");
    }

    /** Else the end of a short worker at boot would be the last one, while the type of the next is still asked. */
    @Test
    void oneAfterWhichNothingLivesWaitsForTheStartsThatAreChecked() {
        checking = true;
        ended("a");
        ended("b");
        assertThat(asked()).isEmpty();
        live = 1;
        exits.proceed();
        assertThat(asked()).containsExactly("a 1", "b 1");
    }

    @Test
    void startsThatComeToNothingMakeItTheLast() {
        checking = true;
        ended("a");
        exits.proceed();
        assertThat(asked()).isEmpty();
        checking = false;
        exits.proceed();
        assertThat(asked()).containsExactly("a 0");
    }
}
