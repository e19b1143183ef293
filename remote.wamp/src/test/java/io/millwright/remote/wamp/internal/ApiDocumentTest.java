package io.millwright.remote.wamp.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.event.NodeTopics;
import io.millwright.controller.api.text.Json;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code docs/api.json} is what a node answers. With {@code -Ddocs.write=true} the test writes it. */
class ApiDocumentTest {
    private static final Path DOCS = Path.of("..", "docs", "api.json");

    /** One line an element: a change is a line of a diff. */
    private static String text() {
        return Json.write(ApiDocument.of("P"))
                        .replace("{\"uri\"", "\n  {\"uri\"")
                        .replace("],\"topics\"", "\n],\n\"topics\"")
                        .replace("],\"errors\":[", "\n],\n\"errors\":[\n  ")
                        .replace("{\"procedures\"", "{\n\"procedures\"")
                + "\n";
    }

    @Test
    void theDocumentIsWhatANodeAnswers() throws IOException {
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(DOCS, text());
        } else {
            assertThat(Files.readString(DOCS))
                    .as(
                            "docs/api.json; mvn -pl remote.wamp -am -Dtest=ApiDocumentTest -Ddocs.write=true test writes it")
                    .isEqualTo(text());
        }
    }

    @Test
    void eachTopicOfTheNodeIsInIt() throws IllegalAccessException {
        List<String> topics = new ArrayList<>();
        for (Field field : NodeTopics.class.getFields()) {
            if (!field.getName().equals("ALL")) {
                topics.add((String) field.get(null));
            }
        }
        assertThat(ApiDocument.EVENTS).containsExactlyInAnyOrderElementsOf(topics);
    }
}
