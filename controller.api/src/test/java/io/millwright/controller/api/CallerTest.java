package io.millwright.controller.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class CallerTest {
    static Stream<Arguments> callers() {
        return Stream.of(
                Arguments.of(Caller.shell("root"), "shell:root"),
                Arguments.of(Caller.config("io.millwright.worker.guest~w"), "config:io.millwright.worker.guest~w"),
                Arguments.of(Caller.trigger("t"), "trigger:t"),
                Arguments.of(Caller.remote("joe", "17"), "remote:joe"),
                Arguments.of(Caller.worker(new WorkerId("w")), "worker:w"),
                Arguments.of(Caller.watch(new WorkerId("w")), "watch:w"),
                Arguments.of(Caller.api("my.bundle"), "api:my.bundle"),
                Arguments.of(Caller.of(CallerKind.WEB, " ann\n"), "web:ann"),
                Arguments.of(Caller.shell("a\nb"), "shell:a?b"),
                Arguments.of(Caller.of(CallerKind.HEALTH, "w"), "health:w"),
                Arguments.of(Caller.of(CallerKind.FRAMEWORK, ""), "framework"));
    }

    @ParameterizedTest
    @MethodSource("callers")
    void whoIsKindAndName(Caller caller, String who) {
        assertThat(caller.who()).isEqualTo(who).isEqualTo(caller.toString());
        assertThat(Documents.convert(caller)).as("in every document").isEqualTo(who);
    }

    @ParameterizedTest
    @EnumSource
    void onlyTheFrameworkHasNoName(CallerKind kind) {
        if (kind == CallerKind.FRAMEWORK) {
            assertThat(Caller.of(kind, " ")).isSameAs(Caller.FRAMEWORK);
        } else {
            assertThatThrownBy(() -> Caller.of(kind, " \t"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a caller of kind '" + kind.text() + "' needs a name");
        }
    }

    @Test
    void aRemoteCallerSaysWhereItComesFrom() {
        Caller bare = Caller.remote("joe", "17");
        Caller whole = bare.withRole("observer").withListener("office").withAddress("192.0.2.7:51234");
        assertThat(whole.who()).isEqualTo(bare.who());
        assertThat(whole).isNotEqualTo(bare);
        assertThat(whole.session()).isEqualTo("17");
        assertThat(whole.role()).isEqualTo("observer");
        assertThat(whole.listener()).isEqualTo("office");
        assertThat(whole.address()).isEqualTo("192.0.2.7:51234");
        assertThat(whole.withSession("17")).isEqualTo(whole).hasSameHashCodeAs(whole);
    }
}
