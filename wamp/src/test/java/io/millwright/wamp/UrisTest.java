package io.millwright.wamp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** URIs by the loose rule, patterns, and what a pattern matches. */
class UrisTest {
    private static final String LONG = "a".repeat(255);
    private static final String WIDE = "é".repeat(127);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "com.myapp.topic1      | true  | true  | true",
                "a                     | true  | true  | true",
                "Worker-7_x.on_log     | true  | true  | true",
                "ünïcode.☃             | true  | true  | true",
                "a.😀                  | true  | true  | true",
                "com.myapp.            | false | true  | true",
                "''                    | false | true  | true",
                "com..topic            | false | false | true",
                ".topic                | false | false | true",
                "...                   | false | false | true",
                "with blank.x          | false | false | false",
                "tab\tx.y              | false | false | false",
                "hash#.x               | false | false | false",
                "a\u0001b               | false | false | false",
                "a\u00a0b               | false | false | false",
                "half.\ud83d           | false | false | false",
                "half.\ude00x          | false | false | false",
            })
    void aTextIsAUriOrAPattern(String text, boolean exact, boolean prefix, boolean wildcard) {
        assertThat(Uris.isUri(text)).isEqualTo(exact);
        assertThat(Uris.isPattern(text, MatchPolicy.EXACT)).isEqualTo(exact);
        assertThat(Uris.isPattern(text, MatchPolicy.PREFIX)).isEqualTo(prefix);
        assertThat(Uris.isPattern(text, MatchPolicy.WILDCARD)).isEqualTo(wildcard);
    }

    @Test
    void theLengthIsCountedInBytes() {
        assertThat(Uris.isUri(LONG)).isTrue();
        assertThat(Uris.isUri(LONG + "a")).isFalse();
        assertThat(Uris.isUri(WIDE + "a")).isTrue();
        assertThat(Uris.isUri(WIDE + "é")).isFalse();
        assertThat(Uris.isUri("😀".repeat(63) + "abc")).isTrue();
        assertThat(Uris.isUri("😀".repeat(64))).isFalse();
        assertThatThrownBy(() -> Uris.check(LONG + "a", "the topic of SUBSCRIBE"))
                .isInstanceOf(WampProtocolException.class)
                .hasMessageContaining("the topic of SUBSCRIBE")
                .hasMessageContaining("longer than 255 bytes")
                .satisfies(e -> assertThat(((WampException) e).uri()).isEqualTo("wamp.error.invalid_uri"));
    }

    @Test
    void aWrongOneIsShownHarmless() {
        assertThatThrownBy(() -> Uris.check("ü.日本.\u202e\u001b.😀 x", "the topic"))
                .hasMessageContaining("('ü.日本.??.?? x')");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "EXACT    | a.b    | a.b     | true",
                "EXACT    | a.b    | a.b.c   | false",
                "PREFIX   | a.b    | a.bc    | true",
                "PREFIX   | a.b.   | a.b     | false",
                "PREFIX   | ''     | x       | true",
                "WILDCARD | a..c   | a.b.c   | true",
                "WILDCARD | a..c   | a.b.d   | false",
                "WILDCARD | a..c   | a.b.c.d | false",
                "WILDCARD | a..c   | a.c     | false",
                "WILDCARD | .      | a.b     | true",
                "WILDCARD | .      | a       | false",
                "WILDCARD | ''     | a       | true",
                "WILDCARD | ''     | a.b     | false",
                "WILDCARD | a.     | a.b     | true",
                "WILDCARD | a.     | b.b     | false",
                "WILDCARD | .bb    | a.b     | false",
                "WILDCARD | a.b    | a.b     | true",
            })
    void aPatternMatches(MatchPolicy policy, String pattern, String uri, boolean matches) {
        assertThat(policy.matches(pattern, uri)).isEqualTo(matches);
        assertThat(MatchPolicy.of(policy.word())).isEqualTo(policy);
    }
}
