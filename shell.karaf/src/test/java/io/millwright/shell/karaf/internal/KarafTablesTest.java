package io.millwright.shell.karaf.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class KarafTablesTest {
    @Test
    void everyCellIsInItsColumn() {
        String text = new KarafTables()
                .apply(List.of("ID", "WHY"), List.of(List.of("web", ""), List.of("errand", "code 1 %s {} ü")));
        List<String> lines = text.replaceAll("[│┼─]", "|").lines().toList();
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0)).matches("ID +\\| WHY *");
        assertThat(lines.get(2)).matches("web +\\| *");
        assertThat(lines.get(3)).matches("errand \\| code 1 %s \\{\\} ü *");
        assertThat(lines.get(0).indexOf('|')).isEqualTo(lines.get(3).indexOf('|'));
    }
}
