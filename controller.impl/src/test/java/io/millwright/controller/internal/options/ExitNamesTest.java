package io.millwright.controller.internal.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.WorkerExit.ExitClass;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExitNamesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0            | 0 |      | true",
                "3 4,5        | 4 |      | true",
                "3 4,5        | 5 |      | true",
                "3 4,5        | 6 |      | false",
                "42           | 4 |      | false",
                "'3 ,\t KILL' |   | KILL | true",
                "sigkill      |   | KILL | true",
                "KILL         |   | TERM | false",
                "KILL         | 9 |      | false",
                "9            |   | KILL | false",
            })
    void listsNameEnds(String list, @Nullable Integer code, @Nullable String signal, boolean named) {
        WorkerExit exit = WorkerExit.of(ExitClass.ERROR, code, signal, "it ended", Instant.EPOCH);
        assertEquals(named, ExitNames.contains(List.of("77", list), exit));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "255", "1,2", " 1 ,\n2 ", "SEGV", "SIGSEGV term"})
    void goodListsHaveNoProblem(String list) {
        assertNull(ExitNames.problem(List.of(list)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "256", "1000", "01", "-1", "+1", "1.0", "\u0661", ",1", "1,", "1;2", "SIG", "KILL9"})
    void badOnesHave(String list) {
        assertNotNull(ExitNames.problem(List.of(list)));
    }
}
