package io.millwright.config.file.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.Problem;
import io.millwright.options.FlatOptions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a problem of an option stands in the file. */
class OptionsTest {
    /** The kind: what is missing is told at the place where it would stand, beside what is there. */
    @ParameterizedTest
    @CsvSource({
        "executable, workers[0].executable, 2",
        "sockets.web.listen, workers[0].options.sockets.web.listen, 3",
        "sockets.other.listen, workers[0].options.sockets.other.listen, 3",
        "sockets, workers[0].options.sockets, 3",
        "sockets.web.backlog, workers[0].options.sockets.web.backlog, 3",
        "sock, workers[0].sock, 2",
        "'', workers[0], 2",
    })
    void aProblemIsAtItsPlace(String key, String path, int line) {
        List<Problem> problems = new ArrayList<>();
        Options options = new Options("workers[0]", 2, new FlatOptions(List.of()));
        options.put("workers[0].options.", "sockets.web.backlog", "sockets.web.backlog", new Node(3, 7L), problems);
        assertThat(problems).isEmpty();
        Problem found = options.locate(Problem.definition(key, "is wrong"));
        assertThat(found.path()).isEqualTo(path);
        assertThat(found.line()).isEqualTo(line);
    }
}
