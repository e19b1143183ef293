package io.millwright.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The children misbehave as they are said to. */
@Timeout(60)
class MisbehavingChildTest {
    @TempDir
    Path directory;

    private final List<ProcessHandle> started = new ArrayList<>();

    @AfterEach
    void nothingIsLeft() {
        for (ProcessHandle process : started) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> started.stream().noneMatch(ProcessHandle::isAlive));
    }

    private Process start(MisbehavingChild child, String... arguments) throws IOException {
        Process process = new ProcessBuilder(child.command(directory, arguments))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        started.add(process.toHandle());
        return process;
    }

    private static BufferedReader lines(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    private ProcessHandle named(String line, String word) {
        assertThat(line).startsWith(word + " ");
        ProcessHandle process = ProcessHandle.of(Long.parseLong(line.substring(word.length() + 1)))
                .orElseThrow();
        started.add(process);
        return process;
    }

    @Test
    void ignoresTerm() throws Exception {
        Process process = start(MisbehavingChild.IGNORES_TERM);
        assertThat(lines(process).readLine()).isEqualTo("ready");
        process.destroy();
        assertThat(process.waitFor(300, TimeUnit.MILLISECONDS)).isFalse();
    }

    @Test
    void grandchildIgnoresTerm() throws Exception {
        Process process = start(MisbehavingChild.GRANDCHILD_IGNORES_TERM);
        BufferedReader lines = lines(process);
        ProcessHandle grandchild = named(lines.readLine(), "grandchild");
        assertThat(lines.readLine()).isEqualTo("ready");
        process.destroy();
        assertThat(process.waitFor()).isEqualTo(128 + 15);
        grandchild.destroy();
        assertThat(grandchild.isAlive()).isTrue();
    }

    @Test
    void flees() throws Exception {
        Process process = start(MisbehavingChild.FLEES);
        ProcessHandle fled = named(lines(process).readLine(), "fled");
        Process ps = new ProcessBuilder("ps", "-o", "sid=", "-p", "" + fled.pid()).start();
        assertThat(lines(ps).readLine().trim()).isEqualTo("" + fled.pid());
    }

    @Test
    void crashesLeavingAGrandchild() throws Exception {
        Process process = start(MisbehavingChild.CRASHES_LEAVING_GRANDCHILD);
        ProcessHandle grandchild = named(lines(process).readLine(), "grandchild");
        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(grandchild.isAlive()).isTrue();
    }

    @Test
    void floods() throws Exception {
        Process process = start(MisbehavingChild.FLOODS, "3");
        BufferedReader lines = lines(process);
        int count = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            assertThat(line).hasSize(63);
            assertThat(line.trim()).isEqualTo("" + ++count);
        }
        assertThat(count).isEqualTo(3 * 16384);
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void invalidUtf8() throws Exception {
        byte[] bytes = start(MisbehavingChild.INVALID_UTF8).getInputStream().readAllBytes();
        assertThat(bytes).startsWith(0xff, 0xfe, 0xc3, 0x28, 0x00).endsWith('\n', 'e', 'n', 'd', '\n');
    }

    @Test
    void longLine() throws Exception {
        BufferedReader lines = lines(start(MisbehavingChild.LONG_LINE, "100"));
        assertThat(lines.readLine()).hasSize(100 * 1024).containsOnlyOnce("x".repeat(100 * 1024));
        assertThat(lines.readLine()).isEqualTo("end");
    }

    @Test
    void closesItsOutput() throws Exception {
        Process process = start(MisbehavingChild.CLOSES_OUTPUT);
        assertThat(process.getInputStream().readAllBytes()).isEqualTo("ready\n".getBytes(StandardCharsets.UTF_8));
        assertThat(process.isAlive()).isTrue();
    }

    @Test
    void noNewline() throws Exception {
        Process process = start(MisbehavingChild.NO_NEWLINE);
        InputStream in = process.getInputStream();
        assertThat(new String(in.readNBytes(10), StandardCharsets.UTF_8)).isEqualTo("no newline");
        assertThat(process.isAlive()).isTrue();
    }

    @Test
    void diesAtOnce() throws Exception {
        assertThat(start(MisbehavingChild.DIES_AT_ONCE).waitFor()).isEqualTo(3);
        assertThat(start(MisbehavingChild.DIES_AT_ONCE, "0").waitFor()).isZero();
    }

    @Test
    void segfaults() throws Exception {
        assertThat(start(MisbehavingChild.SEGFAULTS).waitFor()).isEqualTo(128 + 11);
    }

    @Test
    void exitsUndrained() throws Exception {
        Process process = start(MisbehavingChild.EXITS_UNDRAINED);
        assertThat(process.waitFor()).isZero();
        assertThat(lines(process).lines()).hasSize(1000).last().isEqualTo("line 1000");
    }

    @Test
    void hangsBeforeReady() throws Exception {
        Process process = start(MisbehavingChild.HANGS_BEFORE_READY);
        assertThat(process.waitFor(300, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(process.getInputStream().available()).isZero();
    }

    @Test
    void startsSlowly() throws Exception {
        long before = System.nanoTime();
        assertThat(lines(start(MisbehavingChild.STARTS_SLOWLY, "1")).readLine()).isEqualTo("ready");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(900));
    }

    @Test
    void readsNoInput() throws Exception {
        Process process = start(MisbehavingChild.READS_NO_INPUT);
        assertThat(lines(process).readLine()).isEqualTo("ready");
        process.getOutputStream().write("unread".getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        process.getOutputStream().close();
        assertThat(process.isAlive()).isTrue();
    }
}
