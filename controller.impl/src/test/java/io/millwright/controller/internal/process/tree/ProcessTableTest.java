package io.millwright.controller.internal.process.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ProcessTableTest {
    private static ProcessEntry parse(String stat) {
        byte[] bytes = stat.getBytes(StandardCharsets.ISO_8859_1);
        return ProcTable.parse(7, bytes, bytes.length);
    }

    @Test
    void readsLinesWithAnyName() {
        String rest = " 12 34 56 0 -1 4194304 136 0 0 0 0 0 0 0 20 0 1 0 151271 3133440 360";
        ProcessEntry expected = new ProcessEntry(7, 12, 34, 56, 151271, false);
        assertThat(parse("7 (cat) S" + rest)).isEqualTo(expected);
        assertThat(parse("7 (a) Z 1 (2\n) R" + rest)).isEqualTo(expected);
        assertThat(parse("7 () D" + rest)).isEqualTo(expected);
        assertThat(parse("7 (cat) Z" + rest).zombie()).isTrue();
    }

    @Test
    void aProcessWhoseFirstThreadHasEndedIsNoZombie() {
        assertThat(parse("7 (x) Z 12 34 56 0 -1 4194304 136 0 0 0 0 0 0 0 20 0 5 0 151271 0 0")
                        .zombie())
                .isFalse();
    }

    @Test
    void readsTheMarksOfAnEnvironment() {
        byte[] environment =
                "A=MILLWRIGHT_NODE=no\0MILLWRIGHT_NODE=n1\0MILLWRIGHT_LAUNCH=5\0".getBytes(StandardCharsets.UTF_8);
        assertThat(ProcTable.parseTag(environment)).isEqualTo(new Tag("n1", "5", true));
        assertThat(ProcTable.parseTag("A=1".getBytes(StandardCharsets.UTF_8))).isEqualTo(Tag.NONE);
        assertThat(ProcTable.parseTag("MILLWRIGHT_NODE=x".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(new Tag("x", "", true));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void bothTablesTellTheSame() throws IOException {
        ProcessEntry proc = own(new ProcTable());
        ProcessEntry ps = own(new PsTable());
        assertThat(ps.group()).isEqualTo(proc.group());
        assertThat(ps.parent()).isEqualTo(proc.parent());
        assertThat(ps.zombie()).isFalse();
        assertThat(new PsTable().ownGroup()).isEqualTo(new ProcTable().ownGroup());
        assertThat(ps.start()).isEqualTo(new PsTable().startTime(ps.pid())).isNotZero();
        assertThat(proc.start())
                .isEqualTo(new ProcTable().startTime(proc.pid()))
                .isNotZero();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void descendantsAreThoseOfEveryThreadAndOfNobodyWhoHadThePidBefore() throws Exception {
        ProcTable table = new ProcTable();
        long own = ProcessHandle.current().pid();
        Process child = new ProcessBuilder("/bin/sh", "-c", "sleep 300 & echo $!; wait").start();
        try {
            long grandchild = Long.parseLong(child.inputReader().readLine());
            assumeThat(table.descendants(own, table.startTime(own))).isNotNull();
            assertThat(table.descendants(own, table.startTime(own)))
                    .extracting(ProcessEntry::pid)
                    .contains(child.pid(), grandchild);
            assertThat(table.descendants(child.pid(), table.startTime(child.pid())))
                    .extracting(ProcessEntry::pid)
                    .containsExactly(grandchild);
            assertThat(table.descendants(grandchild, table.startTime(grandchild)))
                    .isEmpty();
            assertThat(table.descendants(child.pid(), table.startTime(child.pid()) - 1))
                    .isEmpty();
        } finally {
            child.descendants().forEach(ProcessHandle::destroyForcibly);
            child.destroyForcibly().waitFor();
        }
        assertThat(table.descendants(child.pid(), 1)).isEmpty();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void onlyTheKernelsThreadsAreLeftOut() throws IOException {
        Set<Long> shown = new ProcTable().list().stream().map(ProcessEntry::pid).collect(Collectors.toSet());
        List<ProcessHandle> programs = ProcessHandle.allProcesses()
                .filter(process -> process.info().command().isPresent())
                .toList();
        assertThat(programs).isNotEmpty().allMatch(program -> shown.contains(program.pid()) || !program.isAlive());
    }

    private static ProcessEntry own(ProcessTable table) throws IOException {
        Optional<ProcessEntry> own = table.list().stream()
                .filter(entry -> entry.pid() == ProcessHandle.current().pid())
                .findFirst();
        return own.orElseThrow();
    }

    @Test
    void whoIsNotThereHasNoStartTime() throws Exception {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        assertThat(ProcessTable.ofThisSystem().startTime(process.pid())).isEqualTo(ProcessTable.UNKNOWN);
        assertThat(ProcessTable.ofThisSystem().tag(process.pid())).isEqualTo(Tag.NONE);
    }

    @Test
    void onlyTheProcessMeantIsKilled() throws Exception {
        ProcessTable table = ProcessTable.ofThisSystem();
        Process process = new ProcessBuilder("sleep", "300").start();
        try {
            long start = table.startTime(process.pid());
            assertThat(Kills.end(table, process.pid(), start + 1, true)).isFalse();
            assertThat(Kills.end(table, process.pid(), ProcessTable.UNKNOWN, true))
                    .isFalse();
            assertThat(process.isAlive()).isTrue();
            assertThat(Kills.end(table, process.pid(), start, true)).isTrue();
            assertThat(process.waitFor()).isEqualTo(137);
        } finally {
            process.destroyForcibly();
        }
        long own = ProcessHandle.current().pid();
        assertThat(Kills.end(table, own, table.startTime(own), false)).isFalse();
        assertThat(Kills.end(table, 1, table.startTime(1), false)).isFalse();
    }
}
