package io.millwright.controller.internal.options;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.worker.OptionValues;
import io.millwright.options.Checked;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kind: a limit in the words of people is the kernel's line, or is refused with the right spelling. */
class CgroupOptionsTest {
    private static Checked check(String key, Object value) {
        return CommonOptions.checker(List.of(), name -> null)
                .check(Map.of(key, value), new OptionValues(Map.of(), Set.of()));
    }

    private static Object value(String text) {
        return text.matches("-?\\d+")
                ? (Object) Long.valueOf(text)
                : text.startsWith("[")
                        ? Arrays.stream(text.substring(1, text.length() - 1).split(","))
                                .map(String::strip)
                                .collect(Collectors.toList())
                        : text;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cpu.max         | 150%            | 150000 100000",
                "cpu.max         | 12.5%           | 12500 100000",
                "cpu.max         | 1%              | 1000 100000",
                "cpu.max         | 50000 200000    | 50000 200000",
                "cpu.max         | max             | max",
                "cpu.weight      | 10000           | 10000",
                "io.weight       | 50              | default 50",
                "memory.max      | 64MiB           | 67108864",
                "memory.max      | 1048576         | 1048576",
                "memory.max      | max             | max",
                "memory.high     | 1GB             | 1000000000",
                "memory.swap.max | 0               | 0",
                "pids.max        | 200             | 200",
                "pids.max        | max             | max",
                "io.max          | [8:0 rbps=1MiB] | 8:0 rbps=1048576 wbps=max riops=max wiops=max",
                "io.max          | [/dev/sda  wiops=10 riops=max, 8:16 wbps=5] | /dev/sda rbps=max wbps=max riops=max wiops=10;"
                        + "8:16 rbps=max wbps=5 riops=max wiops=max",
            })
    void isTheKernelsLine(String file, String text, String line) {
        Checked checked = check("cgroup." + file, value(text));
        assertThat(checked.problems()).isEmpty();
        assertThat(CgroupOptions.isAsked(checked.values())).isTrue();
        assertThat(CgroupOptions.limits(checked.values())).isEqualTo(Map.of(file, List.of(line.split(";"))));
        // A file of etc/ and a command line have texts only.
        Object flat = value(text) instanceof List<?> list ? list : text;
        assertThat(CgroupOptions.limits(check("cgroup." + file, flat).values()))
                .isEqualTo(CgroupOptions.limits(checked.values()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cgroup.cpu.max         | 2               | must be a share of one processor (\"150%\")",
                "cgroup.cpu.max         | 0.5%            | must be a share of one processor",
                "cgroup.cpu.max         | 500 100000      | must be a share of one processor",
                "cgroup.cpu.max         | 5000 2000000    | must be a share of one processor",
                "cgroup.cpu.max         | unlimited       | or max",
                "cgroup.cpu.weight      | 0               | cgroup.cpu.weight",
                "cgroup.io.weight       | 10001           | cgroup.io.weight",
                "cgroup.memory.max      | lots            | must be a size (256MiB), or max",
                "cgroup.memory.max      | -1              | must be a size (256MiB), or max",
                "cgroup.memory.high     | infinity        | must be a size (256MiB), or max",
                "cgroup.pids.max        | 1.5             | must be a number (100), or max",
                "cgroup.pids.max        | -1              | must be a number (100), or max",
                "cgroup.io.max          | [8:0]           | must be a device and its limits",
                "cgroup.io.max          | [sda rbps=1]    | must be a device and its limits",
                "cgroup.io.max          | [8:0 rbps=x]    | must be a device and its limits",
                "cgroup.io.max          | [8:0 rbps=1 rbps=2] | must be a device and its limits",
                "cgroup.io.max          | [8:0 speed=1]   | must be a device and its limits",
                "cgroup.memory.maximum  | 5               | cgroup.memory.max",
                "trees                  | group           | trees",
            })
    void isRefused(String key, String text, String sentence) {
        assertThat(check(key, value(text)).problems())
                .singleElement()
                .asString()
                .contains(sentence);
    }

    @ParameterizedTest
    @CsvSource({"trees, cgroup, true", "trees, process, false", "nice, 5, false"})
    void aGroupIsMadeForThoseWhoAsk(String key, String text, boolean asked) {
        assertThat(CgroupOptions.isAsked(check(key, value(text)).values())).isEqualTo(asked);
    }
}
