package io.millwright.config.file.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.millwright.controller.api.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines of values, and the sentence for each way a text can be broken. */
class TreeReaderTest {
    @ParameterizedTest
    @CsvSource(
            delimiterString = " -> ",
            quoteCharacter = '`',
            value = {
                "{\"a\": 1,\\n} -> 2 -> a key in double quotes should stand here",
                "{\"a\": [1,\\n2,\\n]} -> 3 -> no value can begin",
                "{\"a\": 1\\n\"b\": 2} -> 2 -> a comma or a closing bracket should stand here",
                "{\\n// no\\n\"a\": 1} -> 2 -> comments are not allowed in JSON",
                "{\\n/* no */\"a\": 1} -> 2 -> comments are not allowed in JSON",
                "{\\n# no\\n\"a\": 1} -> 2 -> comments are not allowed in JSON",
                "{\\n\"a\":\\n hunter2} -> 3 -> must be in double quotes",
                "{\\n\"a\": 'x'} -> 2 -> single quotes",
                "{\\na: 1} -> 2 -> a key in double quotes should stand here",
                "{\"a\": 1,\\n\"b\": [1,\\n2 -> 3 -> ends too early; what was opened in line 2 is not closed",
                "{\"a\": \\n\"x -> 2 -> the text ends too early",
                "{}\\n{} -> 2 -> there is more after the end",
                "{}\\n} -> 2 -> malformed",
                "{\"a\": 01} -> 1 -> needless zeros",
                "{\"a\": +1} -> 1 -> no '+' before it",
                "{\"a\": 5.} -> 1 -> digits before and after its point",
                "{\"a\": 1e} -> 1 -> digits before and after its point",
                "{\"a\": -x} -> 1 -> this is no number of JSON",
                "{\"a\": .5} -> 1 -> no value can begin",
                "{\"a\": NaN} -> 1 -> must be in double quotes",
                "{\"a\": -Infinity} -> 1 -> must be in double quotes",
                "{\"a\": \"\\x\"} -> 1 -> after a backslash",
                "{\"a\": \"\\u12G4\"} -> 1 -> after a backslash",
                "{\"a\" 1} -> 1 -> a colon should stand here",
                "{\"a\": [1}} -> 1 -> another bracket was opened last",
                "{\"a\": 1]} -> 1 -> another bracket was opened last",
                "{\\0\"a\": 1} -> 1 -> control character",
                "{\"a\": 1,,} -> 1 -> a key in double quotes",
                "{\"a\": \"x\\ny\"} -> 1 -> may not contain a line end",
            })
    void brokenJson(String text, int line, String sentence) {
        assertMalformed(Syntax.JSON, unescape(text), line, sentence);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " -> ",
            quoteCharacter = '`',
            value = {
                "a: 1\\n\\tb: 2 -> 2 -> not with tabs",
                "a:\\n  b: 1\\n c: 2 -> 3 -> is the indentation right",
                "a: b: c -> 1 -> is the indentation right",
                "a: [1, 2\\nb: 3 -> 2 -> malformed",
                "a: \"x\\nb: 3 -> 2 -> malformed",
                "a: &x 1\\nb: *x -> 2 -> aliases",
                "a: 1\\n---\\nb: 2 -> 3 -> there is more after the end",
                "a: 1\\nb: x\\0y -> 2 -> U+0001 is not allowed",
                "a: 1\\nb: @x -> 2 -> no value begins with",
                "a: 1\\n[1, 2]: 3 -> 2 -> a key must be a plain text",
                "- a\\nb: 1 -> 2 -> is the indentation right",
                "a: !!binary aGk= -> 1 -> special values are not supported",
                "a: 1\\nb: !foo x -> 2 -> tags ('!name') but those of plain values",
                "a: 1\\nb: !foo {c: 1} -> 2 -> tags ('!name') but those of plain values",
                "a: 1\\nb: !foo [1] -> 2 -> tags ('!name') but those of plain values",
                "a: 1\\nb: !!python/object:x.Y {} -> 2 -> tags ('!name') but those of plain values",
                "a: 1\\nb: !!set {c} -> 2 -> tags ('!name') but those of plain values",
                "a: 1\\n!foo b: 2 -> 2 -> tags ('!name') but those of plain values",
            })
    void brokenYaml(String text, int line, String sentence) {
        assertMalformed(Syntax.YAML, unescape(text), line, sentence);
    }

    /** The tags of YAML itself say what a plain value is. */
    @Test
    void tagsOfYamlItselfAreRead() throws MalformedException {
        Node root = TreeReader.read(
                Syntax.YAML,
                "a: !!str 12\nb: ! 12\nc: !!map {d: !!seq [1]}\n",
                new ArrayList<>(),
                "",
                (index, element) -> {});
        assertThat(root.plain()).hasToString("{a=12, b=12, c={d=[1]}}");
    }

    /** Kind: a text that no file, argument or variable can hold is told where it stands, not where it is used. */
    @ParameterizedTest
    @ValueSource(strings = {"\\ud800", "x\\udc00y", "\\udc00\\ud800", "\\ud800\\ud800\\udc00"})
    void halfACharacterIsTold(String escaped) throws MalformedException {
        for (Syntax syntax : Syntax.values()) {
            List<Problem> problems = new ArrayList<>();
            TreeReader.read(syntax, "{\"a\": 1,\n\"b\": [\"" + escaped + "\"]}", problems, "", (index, element) -> {});
            assertThat(problems).as(syntax + " " + escaped).singleElement().satisfies(problem -> assertThat(
                            problem.toString())
                    .contains("line 2", "b[0]", "half of a character"));
        }
    }

    @Test
    void halfACharacterOfAKeyIsTold() throws MalformedException {
        List<Problem> problems = new ArrayList<>();
        TreeReader.read(Syntax.YAML, "{\"a\": {\n\"\\ud83d\": 1}}", problems, "", (index, element) -> {});
        assertThat(problems).singleElement().satisfies(problem -> assertThat(problem.toString())
                .contains("line 2", "half of a character"));
    }

    @Test
    void wholeCharactersAreRead() throws MalformedException {
        List<Problem> problems = new ArrayList<>();
        Node root = TreeReader.read(
                Syntax.JSON, "{\"a\": \"\\ud83d\\ude00 \ud83d\ude00\"}", problems, "", (index, element) -> {});
        assertThat(problems).isEmpty();
        assertThat(root.plain()).hasToString("{a=\ud83d\ude00 \ud83d\ude00}");
    }

    /** The kind: a parser's own words, which name its classes and its switches and quote what may be a secret. */
    @ParameterizedTest
    @EnumSource(Syntax.class)
    void aSentenceSpeaksOfTheTextAndNotOfTheParser(Syntax syntax) {
        List<String> pieces = List.of(
                "{",
                "}",
                "[",
                "]",
                ":",
                ",",
                "'",
                "\"",
                "\\",
                "+",
                "-",
                ".",
                "#",
                "/",
                "\0",
                "\t",
                "\n",
                "é",
                "NaN",
                "Infinity",
                "hunter2",
                "1e",
                "0x1",
                "01",
                "%",
                "@",
                "&a",
                "*a",
                "!!x",
                "|",
                ">",
                "? ",
                "- ",
                "---",
                "...",
                "1".repeat(2000),
                "[".repeat(300));
        for (String before : List.of("", "{\"a\": ", "{\"a\": 1, \"b\": \"", "a: 1\n", "a: [1, ", "a:\n  - x\n")) {
            for (String piece : pieces) {
                for (String after : List.of("", " ", "}", "x\n  y", "\n]")) {
                    String text = before + piece + after;
                    try {
                        TreeReader.read(syntax, text, new ArrayList<>(), "", (index, element) -> {});
                    } catch (MalformedException e) {
                        assertThat(e.problem().message())
                                .as(text)
                                .doesNotContainPattern("[a-z][A-Z]|_|`|CTRL|code [0-9]|oken|enable|REDACTED|<|hunter2")
                                .hasSizeLessThan(250);
                    }
                }
            }
        }
    }

    @Test
    void aSecretIsNotQuoted() {
        assertThat(malformed(Syntax.JSON, "{\"secret\": hunter2}").message()).doesNotContain("hunter2");
    }

    @Test
    void anEmptyTextIsTold() {
        assertMalformed(Syntax.JSON, " \n", 1, "the file is empty");
        assertMalformed(Syntax.YAML, "", 1, "the file is empty");
        assertMalformed(Syntax.YAML, "# only a comment\n", 1, "the file is empty");
    }

    @Test
    void hugeNestingIsTold() {
        assertMalformed(Syntax.JSON, "[".repeat(100_000), 1, "more than 100 levels deep");
        assertMalformed(Syntax.YAML, "[".repeat(100_000), 1, "more than 100 levels deep");
        assertMalformed(Syntax.JSON, "{\"a\":\n".repeat(200), 101, "more than 100 levels deep");
    }

    @Test
    void linesAreThoseOfKeysAndElements() throws Exception {
        Node json = read(Syntax.JSON, "{\n \"a\":\n  1,\n \"b\": [\n  true,\n  {\"c\":\n null}]\n}", new ArrayList<>());
        Node yaml = read(Syntax.YAML, "\na:\n  1\nb:\n- true\n- c:\n    null\n", new ArrayList<>());
        for (Node root : List.of(json, yaml)) {
            assertThat(member(root, "a")).isEqualTo(new Node(2, 1L));
            assertThat(member(root, "b").line()).isEqualTo(4);
            assertThat(elements(member(root, "b")).get(0)).isEqualTo(new Node(5, true));
            assertThat(elements(member(root, "b")).get(1).line()).isEqualTo(6);
            assertThat(member(elements(member(root, "b")).get(1), "c").line()).isEqualTo(6);
        }
    }

    @Test
    void yamlScalarsAreWhatTheyLookLike() throws Exception {
        Node root = read(
                Syntax.YAML,
                "a:\nb: ''\nc: ~\nd: null\ne: 'null'\nf: 1_0\ng: 0755\nh: yes\ni: 2.50\nj: -3\nk: true\n",
                new ArrayList<>());
        assertThat(member(root, "a").value()).isNull();
        assertThat(member(root, "b").value()).isEqualTo("");
        assertThat(member(root, "c").value()).isNull();
        assertThat(member(root, "d").value()).isNull();
        assertThat(member(root, "e").value()).isEqualTo("null");
        assertThat(member(root, "f").value()).isEqualTo("1_0");
        assertThat(member(root, "g").value()).isEqualTo("0755");
        assertThat(member(root, "h").value()).isEqualTo("yes");
        assertThat(member(root, "i").value()).isInstanceOf(Number.class).hasToString("2.50");
        assertThat(member(root, "j").value()).isEqualTo(-3L);
        assertThat(member(root, "k").value()).isEqualTo(true);
    }

    @Test
    void keysGivenTwiceAndNumbersOutOfRangeAreAllTold() throws Exception {
        for (Map.Entry<Syntax, String> text : Map.of(
                        Syntax.JSON,
                                "{\"a\": [\n{\"x\": 1,\n\"x\": 2}],\n\"b\": 99999999999999999999,\n\"c\": 1e999,\n\"a\": 3}",
                        Syntax.YAML, "a:\n- x: 1\n  x: 2\nb: 99999999999999999999\nc: 1e999\na: 3\n")
                .entrySet()) {
            List<Problem> problems = new ArrayList<>();
            read(text.getKey(), text.getValue(), problems);
            assertThat(problems)
                    .extracting(Problem::path, Problem::line)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple("a[0].x", 3),
                            org.assertj.core.groups.Tuple.tuple("b", 4),
                            org.assertj.core.groups.Tuple.tuple("c", 5),
                            org.assertj.core.groups.Tuple.tuple("a", 6));
            assertThat(problems.get(0).message()).contains("twice").contains("line 2");
        }
    }

    private static String unescape(String text) {
        return text.replace("\\n", "\n").replace("\\t", "\t").replace("\\0", "\u0001");
    }

    private static Node member(Node node, String key) {
        Map<String, Node> members = node.members();
        Node member = members == null ? null : members.get(key);
        return member == null ? fail("no member " + key) : member;
    }

    private static List<Node> elements(Node node) {
        List<Node> elements = node.elements();
        return elements == null ? fail("no list") : elements;
    }

    private static Node read(Syntax syntax, String text, List<Problem> problems) throws MalformedException {
        return TreeReader.read(syntax, text, problems, "streamed", (index, element) -> fail("nothing is streamed"));
    }

    @Test
    void theStreamedListIsHandedOutAndNotKept() throws Exception {
        List<Node> elements = new ArrayList<>();
        Node root = TreeReader.read(
                Syntax.JSON,
                "{\"w\": [1,\n{\"w\": [2]}],\n\"x\": [3]}",
                new ArrayList<>(),
                "w",
                (index, element) -> elements.add(index, element));
        assertThat(elements).hasSize(2);
        assertThat(elements.get(0)).isEqualTo(new Node(1, 1L));
        assertThat(elements(member(elements.get(1), "w"))).containsExactly(new Node(2, 2L));
        assertThat(elements(member(root, "w"))).isEmpty();
        assertThat(elements(member(root, "x"))).containsExactly(new Node(3, 3L));
    }

    private static void assertMalformed(Syntax syntax, String text, int line, String sentence) {
        Problem problem = malformed(syntax, text);
        assertThat(problem.message()).contains(sentence);
        assertThat(problem.line()).isEqualTo(line);
    }

    private static Problem malformed(Syntax syntax, String text) {
        try {
            return fail("read as " + read(syntax, text, new ArrayList<>()));
        } catch (MalformedException e) {
            return e.problem();
        }
    }
}
