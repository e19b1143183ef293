package io.millwright.itest;

import static io.millwright.itest.Fixture.ME;
import static io.millwright.itest.Fixture.await;
import static io.millwright.itest.Fixture.configure;
import static io.millwright.itest.Fixture.get;
import static io.millwright.itest.Fixture.guest;
import static io.millwright.itest.Fixture.script;
import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.ConfigurationChange;
import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.PlannedChange;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import io.millwright.controller.api.worker.PlanRequest;
import io.millwright.controller.api.worker.WorkerType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationPlugin;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.MetaTypeService;
import org.osgi.service.metatype.ObjectClassDefinition;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;
import org.osgi.test.junit5.context.BundleContextExtension;
import org.osgi.test.junit5.service.ServiceExtension;

/** Config Admin is the one source of truth at run time. */
@ExtendWith({BundleContextExtension.class, ServiceExtension.class})
public class ConfigurationTest {
    @InjectBundleContext
    BundleContext context;

    @InjectService(timeout = 20_000)
    NodeController controller;

    @InjectService
    ConfigurationAdmin admin;

    @InjectService
    MetaTypeService metatype;

    private Fixture node;

    @BeforeEach
    void begin() {
        node = Fixture.ready(context, controller);
    }

    @AfterEach
    void end() {
        node.clear();
    }

    @Test
    void aConfigurationStartsItsWorkerAndItsDeletionStopsIt() throws IOException {
        Configuration configuration = configure(admin, "cfg", script("exec sleep 60"));
        node.awaitStarted("cfg");
        assertThat(node.info("cfg").origin()).isEqualTo("config:io.millwright.worker.guest~cfg");
        configuration.delete();
        await("it has stopped", () -> node.state("cfg") == WorkerState.EXITED);
    }

    @Test
    void textValuesAsFilesGiveThemAreCoerced() throws IOException {
        Configuration configuration = configure(
                admin, "text", script("exec sleep 60", "log.ring", "7", "stop.timeout", "3s", "log.file", "false"));
        node.awaitStarted("text");
        assertThat(node.info("text").options()).containsEntry("log.ring", 7L).containsEntry("log.file", false);
        configuration.delete();
        await("it has stopped", () -> node.state("text") == WorkerState.EXITED);
    }

    @Test
    void onlyWhatNeedsARestartRestarts() throws IOException {
        Configuration configuration = configure(admin, "diff", script("exec sleep 60"));
        long pid = node.awaitStarted("diff");
        configure(admin, "diff", script("exec sleep 60", "restart.policy", "always", "log.ring", 9));
        await("it is changed in place", () -> Long.valueOf(9)
                .equals(node.info("diff").options().get("log.ring")));
        assertThat(node.info("diff").pid()).isEqualTo(pid);
        configure(admin, "diff", script("exec sleep 61"));
        await(
                "it restarts",
                () -> node.state("diff") == WorkerState.STARTED
                        && !Long.valueOf(pid).equals(node.info("diff").pid()));
        configuration.delete();
        await("it has stopped", () -> node.state("diff") == WorkerState.EXITED);
    }

    @Test
    void aBadUpdateChangesNothingAndSaysWhy() throws IOException {
        Configuration configuration = configure(admin, "bad", script("exec sleep 60"));
        long pid = node.awaitStarted("bad");
        configure(admin, "bad", script("exec sleep 60", "stop.timout", "1s"));
        await("the reason is there", () -> String.valueOf(node.info("bad").reason())
                .contains("stop.timeout"));
        assertThat(node.info("bad").pid()).isEqualTo(pid);
        configuration.delete();
        await("it has stopped", () -> node.state("bad") == WorkerState.EXITED);
    }

    @Test
    void aPlanSaysWhatTheChangeThenDoes() throws IOException {
        Configuration configuration = configure(admin, "planned", script("exec sleep 60"));
        long pid = node.awaitStarted("planned");
        Map<String, Object> inPlace = script("exec sleep 60", "log.ring", "9");
        Map<String, Object> restart = script("exec sleep 61", "log.ring", "9");
        assertThat(plan("planned", inPlace)).isEqualTo(PlannedChange.Action.IN_PLACE);
        assertThat(plan("planned", restart)).isEqualTo(PlannedChange.Action.RESTART);
        assertThat(node.info("planned").pid()).isEqualTo(pid);
        assertThat(node.info("planned").options()).doesNotContainEntry("log.ring", 9L);

        configure(admin, "planned", inPlace);
        await("it is changed in place", () -> Long.valueOf(9)
                .equals(node.info("planned").options().get("log.ring")));
        assertThat(node.info("planned").pid()).isEqualTo(pid);
        assertThat(plan("planned", inPlace)).isEqualTo(PlannedChange.Action.UNCHANGED);
        configure(admin, "planned", restart);
        await(
                "it restarts",
                () -> node.state("planned") == WorkerState.STARTED
                        && !Long.valueOf(pid).equals(node.info("planned").pid()));
        assertThat(plan("planned", null)).isEqualTo(PlannedChange.Action.STOP);
        configuration.delete();
        await("it has stopped", () -> node.state("planned") == WorkerState.EXITED);
        assertThat(plan("planned", restart)).isEqualTo(PlannedChange.Action.START);
    }

    private PlannedChange.Action plan(String id, Map<String, Object> options) {
        ConfigurationChange change = ConfigurationChange.of("io.millwright.worker.guest~" + id, options);
        List<PlannedChange> planned = get(controller.getPlanner().configurations(List.of(change)));
        assertThat(planned).hasSize(1);
        return planned.get(0).action();
    }

    @Test
    void aSavedWorkerIsAConfigurationUntilItIsDeleted() throws Exception {
        Map<String, Object> options = script("exec sleep 60", "env.vars", Map.of("T", Map.of("secret", "s3cret")));
        get(controller.saveWorker(guest("kept", options), ME));
        assertThat(node.info("kept").origin()).isEqualTo("config:io.millwright.worker.guest~kept");
        assertThat(node.info("kept").options().toString()).doesNotContain("s3cret");
        Configuration[] kept = admin.listConfigurations("(service.pid=io.millwright.worker.guest~kept)");
        assertThat(kept).hasSize(1);
        assertThat(kept[0].getProperties().get("env.vars.T.secret")).isEqualTo("s3cret");
        assertThat(plan("kept", options)).isEqualTo(PlannedChange.Action.UNCHANGED);
        get(controller.deleteWorker(new WorkerId("kept"), ME));
        assertThat(node.state("kept")).isEqualTo(WorkerState.EXITED);
        assertThat(admin.listConfigurations("(service.pid=io.millwright.worker.guest~kept)"))
                .isNull();
    }

    @Test
    void consolesFindFormsForTheNodeAndForEachType() {
        var information = metatype.getMetaTypeInformation(node.bundle("io.millwright.controller.impl"));
        assertThat(information.getPids()).contains("io.millwright.controller");
        assertThat(information.getFactoryPids()).contains("io.millwright.worker.guest");
        ObjectClassDefinition form = information.getObjectClassDefinition("io.millwright.worker.guest", null);
        AttributeDefinition[] fields = form.getAttributeDefinitions(ObjectClassDefinition.ALL);
        assertThat(Arrays.stream(fields).map(AttributeDefinition::getID)).contains("executable", "restart.policy");
        assertThat(fields)
                .allSatisfy(field -> assertThat(field.getDescription()).isNotBlank());
    }

    @Test
    void aFormFollowsTheBundleThatServesTheType() {
        ServiceRegistration<WorkerType> first = register(0, "old");
        awaitField("old", "new");
        ServiceRegistration<WorkerType> second = register(10, "new");
        awaitField("new", "old");
        second.unregister();
        awaitField("old", "new");
        first.unregister();
        await("the form is gone", () -> fields("formed").isEmpty());
    }

    /** Forms are made in a thread of the node, one after another. */
    private void awaitField(String there, String notThere) {
        await("the form has " + there + " and not " + notThere, () -> {
            List<String> fields = fields("formed");
            return fields.contains(there) && fields.contains("restart.policy") && !fields.contains(notThere);
        });
    }

    private ServiceRegistration<WorkerType> register(int ranking, String option) {
        WorkerType type = new WorkerType() {
            @Override
            public List<OptionDefinition> options() {
                return List.of(OptionDefinition.option(option, OptionType.STRING, "Some text.")
                        .build());
            }

            @Override
            public LaunchPlan plan(PlanRequest request) {
                return request.plan("type", List.of("/bin/true"));
            }
        };
        return context.registerService(
                WorkerType.class,
                type,
                new Hashtable<>(Map.of(WorkerType.WORKER_TYPE, "formed", Constants.SERVICE_RANKING, ranking)));
    }

    /** The fields of a type's form as a console finds them now; none if there is no form. */
    private List<String> fields(String type) {
        var information = metatype.getMetaTypeInformation(node.bundle("io.millwright.controller.impl"));
        if (!Arrays.asList(information.getFactoryPids()).contains("io.millwright.worker." + type)) {
            return List.of();
        }
        ObjectClassDefinition form;
        try {
            form = information.getObjectClassDefinition("io.millwright.worker." + type, null);
        } catch (IllegalArgumentException gone) {
            // Between the two looks the form made room for the next one.
            return List.of();
        }
        return Arrays.stream(form.getAttributeDefinitions(ObjectClassDefinition.ALL))
                .map(AttributeDefinition::getID)
                .toList();
    }

    @Test
    void optionsOfTheNodeAreTakenAndBadOnesRefused() throws IOException {
        Configuration configuration = admin.getConfiguration("io.millwright.controller", "?");
        configuration.update(new java.util.Hashtable<>(Map.of("title", "Mill", "shutdown.scope", "workers")));
        await("the title is taken", () -> controller.getStatus().title().startsWith("Mill ("));
        configuration.update(new java.util.Hashtable<>(Map.of("title", "Other", "history.size", "lots")));
        configuration.update(new java.util.Hashtable<>(Map.of("title", "Third", "shutdown.scope", "workers")));
        await(
                "the good one after it is taken",
                () -> controller.getStatus().title().startsWith("Third ("));
        configuration.delete();
    }

    /** A second update in the middle of the reading of the first: DS takes it for read, and never reads it. */
    @Test
    void anUpdateOfTheNodeWhileOneIsReadIsNotLost() throws IOException {
        Configuration configuration = admin.getConfiguration("io.millwright.controller", "?");
        AtomicBoolean overtaken = new AtomicBoolean();
        ConfigurationPlugin overtaking = (reference, properties) -> {
            if ("First".equals(properties.get("title")) && overtaken.compareAndSet(false, true)) {
                try {
                    configuration.update(new Hashtable<>(Map.of("title", "Second")));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
        ServiceRegistration<ConfigurationPlugin> plugin = context.registerService(
                ConfigurationPlugin.class,
                overtaking,
                new Hashtable<>(Map.of("cm.target", new String[] {"io.millwright.controller"})));
        try {
            configuration.update(new Hashtable<>(Map.of("title", "First")));
            await("the first is being read", overtaken::get);
            await("the second is taken", () -> controller.getStatus().title().startsWith("Second ("));
        } finally {
            plugin.unregister();
            configuration.delete();
        }
        await("defaults again", () -> controller.getStatus().title().startsWith("Millwright "));
    }
}
