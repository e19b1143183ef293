package io.millwright.controller.api.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReservedOptionsTest {
    @ParameterizedTest
    @CsvSource({
        "log,true",
        "log.level,true",
        "logs,false",
        "restart.mine,true",
        "worker.id,true",
        "executable,false",
        "components,false",
        "component.name,true",
        "python.version,false",
        "service.pid,true",
        "ready.http,true"
    })
    void aKeyIsReservedByItsFirstWord(String key, boolean reserved) {
        assertThat(ReservedOptions.isReserved(key)).isEqualTo(reserved);
    }

    @Test
    void allThatAreTakenAreNamed() {
        assertThat(ReservedOptions.takenBy(List.of(
                        OptionDefinition.option("stop.soon", OptionType.STRING, "A.")
                                .build(),
                        OptionDefinition.option("own", OptionType.STRING, "B.").build(),
                        OptionDefinition.option("after", OptionType.STRING, "C.")
                                .build())))
                .containsExactly("after", "stop.soon");
    }
}
