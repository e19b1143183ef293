package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.WorkerExit.ExitClass;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.process.tree.ProcessTable;
import io.millwright.controller.internal.process.tree.TreeSizes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kind: a worker that takes ever more memory, itself or by its children; it is restarted before the machine is out of it. */
class MemoryLimitTest {
    /** Python holds 60 MiB in a child of the main process. */
    private static final String CHILD_HOLDS =
            "python3 -c 'import time; x = bytearray(60 << 20); print(\"up\", flush=True);" + " time.sleep(600)' & wait";

    @TempDir
    Path temp;

    private TestNode node;

    @BeforeEach
    void open() throws IOException {
        node = new TestNode(temp.resolve("n"));
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void aWorkerAboveItsLimitIsRestarted() throws IOException {
        node.start("hungry", script(CHILD_HOLDS, "restart.memory", "40MiB"));
        node.start("content", script(CHILD_HOLDS, "restart.memory", "1GiB"));
        node.start("free", script("exec sleep 600"));
        node.awaitLog("content", "up");
        long pid = node.info("content").pid();
        assertThat(new TreeSizes(ProcessTable.ofThisSystem()).of(List.of(pid)).get(pid))
                .isGreaterThan(60L << 20);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> node.info("hungry").restarts() > 0
                        && node.info("hungry").status() == WorkerState.STARTED);
        assertThat(node.info("hungry").who()).hasToString("memory:hungry");
        assertThat(node.controller.getHistory().get(0).exit().exitClass()).isEqualTo(ExitClass.ERROR);
        assertThat(node.controller.getHistory().get(0).exit().reason())
                .matches("its processes hold [0-9.]+ MiB of memory, restart.memory allows 40.0 MiB; .*");
        assertThat(node.info("content").pid()).isEqualTo(pid);
        node.stop("hungry");
    }

    @Test
    void aLimitThatNoProgramFitsIntoIsRefused() {
        assertThatThrownBy(() -> node.start("bad", script("true", "restart.memory", "100KiB")))
                .hasMessageContaining("restart.memory");
    }
}
