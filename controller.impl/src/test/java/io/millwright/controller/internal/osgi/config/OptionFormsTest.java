package io.millwright.controller.internal.osgi.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.internal.configured.Configured;
import io.millwright.controller.internal.options.CommonOptions;
import io.millwright.controller.internal.options.NodeOptions;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.ObjectClassDefinition;

/** What a web console needs of the forms, as the Felix one was seen to use them. */
class OptionFormsTest {
    private static final String TYPE = "io.millwright.worker.thing";

    private final OptionForms worker = OptionForms.worker(TYPE, "thing", CommonOptions.definitions());

    @Test
    void aWorkerIsNamedInItsForm() {
        AttributeDefinition id = field(worker, TYPE, "worker.id");
        assertThat(id.getDefaultValue()).isNull();
        assertThat(fields(worker, TYPE, ObjectClassDefinition.REQUIRED)).contains(id);
        assertThat(fields(worker, TYPE, ObjectClassDefinition.OPTIONAL)).doesNotContain(id);
        assertThat(Configured.of(TYPE + ".b7c1", TYPE, Map.of("worker.id", "web"))
                        .spec()
                        .id()
                        .value())
                .isEqualTo("web");
        // A required field is always sent, empty too: the PID says who it is then.
        assertThat(Configured.of(TYPE + "~api", TYPE, Map.of("worker.id", ""))
                        .spec()
                        .id()
                        .value())
                .isEqualTo("api");
        assertThat(field(worker, TYPE, "webconsole.configurationFactory.nameHint")
                        .getDefaultValue())
                .containsExactly("{worker.id}");
    }

    @Test
    void aReferenceToTheEnvironmentIsNotMadeACheckBox() {
        assertThat(field(worker, TYPE, "disabled").getType()).isEqualTo(AttributeDefinition.STRING);
        assertThat(field(worker, TYPE, "log.file").getType()).isEqualTo(AttributeDefinition.BOOLEAN);
    }

    @Test
    void variablesAreALineEach() {
        assertThat(field(worker, TYPE, "env.vars").getCardinality()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void aChoiceWithoutDefaultIsNotShownAsMade() {
        OptionForms node = OptionForms.node(NodeOptions.PID, NodeOptions.definitions());
        AttributeDefinition scope = field(node, NodeOptions.PID, "shutdown.scope");
        assertThat(scope.getOptionValues()).containsExactly("", "workers", "framework");
        assertThat(scope.getOptionLabels()).containsExactly("(not set)", "workers", "framework");
        assertThat(field(worker, TYPE, "restart.policy").getOptionValues())
                .containsExactly("never", "on-failure", "always");
        assertThat(field(worker, TYPE, "stop.signal").getOptionLabels())
                .contains("TERM")
                .doesNotContain("(not set)");
    }

    @Test
    void whatIsRequiredIsTheSameFieldEachTimeItIsAskedFor() {
        // Consoles look fields of one answer up in another.
        assertThat(fields(worker, TYPE, ObjectClassDefinition.ALL))
                .containsAll(Arrays.asList(fields(worker, TYPE, ObjectClassDefinition.OPTIONAL)));
    }

    private static AttributeDefinition field(OptionForms forms, String pid, String key) {
        return Arrays.stream(fields(forms, pid, ObjectClassDefinition.ALL))
                .filter(field -> field.getID().equals(key))
                .findFirst()
                .orElseThrow();
    }

    private static AttributeDefinition[] fields(OptionForms forms, String pid, int filter) {
        return forms.getObjectClassDefinition(pid, null).getAttributeDefinitions(filter);
    }
}
