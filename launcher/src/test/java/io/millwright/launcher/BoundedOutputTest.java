package io.millwright.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BoundedOutputTest {
    private final ByteArrayOutputStream file = new ByteArrayOutputStream();
    private final AtomicLong written = new AtomicLong();
    private final PrintStream out = new PrintStream(new BoundedOutput(file, 100, written), true);
    private final PrintStream err = new PrintStream(new BoundedOutput(file, 100, written), true);

    @Test
    void whatFitsIsWrittenAndTheEndIsSaidOnce() {
        out.print("a".repeat(60));
        err.print("b".repeat(40));
        assertThat(file.toString()).isEqualTo("a".repeat(60) + "b".repeat(40));
        for (int i = 0; i < 1000; i++) {
            err.println("c");
            out.print("d".repeat(5000));
        }
        assertThat(file.toString())
                .startsWith("a".repeat(60) + "b".repeat(40) + "\nmillwright: more than 100 bytes were printed")
                .contains("log/node.log")
                .doesNotContain("c\n")
                .doesNotContain("dd");
        assertThat(file.size()).isLessThan(300);
    }

    @Test
    void aPieceThatDoesNotFitIsTheEnd() {
        out.print("a".repeat(99));
        out.print("bb");
        out.print("c");
        assertThat(file.toString())
                .startsWith("a".repeat(99) + "\nmillwright: more than")
                .doesNotContain("bb");
    }
}
