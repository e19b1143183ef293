package io.millwright.itest;

import static io.millwright.itest.Fixture.ME;
import static io.millwright.itest.Fixture.await;
import static io.millwright.itest.Fixture.configure;
import static io.millwright.itest.Fixture.get;
import static io.millwright.itest.Fixture.guest;
import static io.millwright.itest.Fixture.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Role;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.WorkerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;
import org.osgi.test.junit5.context.BundleContextExtension;
import org.osgi.test.junit5.service.ServiceExtension;

/** Callers' views and the audit log of a node in a framework. */
@ExtendWith({BundleContextExtension.class, ServiceExtension.class})
public class AuditTest {
    private static final Pattern NUMBER = Pattern.compile("^\\{\"number\":(\\d+),");
    private static final String PID = "config:io.millwright.worker.guest~audited";

    @InjectBundleContext
    BundleContext context;

    @InjectService(timeout = 20_000)
    NodeController controller;

    @InjectService(timeout = 20_000)
    ConfigurationAdmin admin;

    private Fixture node;

    @BeforeEach
    void begin() {
        node = Fixture.ready(context, controller);
    }

    @AfterEach
    void end() {
        node.clear();
    }

    private List<String> lines() throws IOException {
        Path file = controller.getStatus().directory().resolve("log").resolve("audit.log");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    private void awaitLine(String pattern) {
        await("a line " + pattern, () -> lines().stream().anyMatch(line -> line.matches(".*" + pattern + ".*")));
    }

    @Test
    public void configurationsAreThereByTheirPids() throws IOException {
        Configuration configuration =
                configure(admin, "audited", script("exec sleep 3600", "env.vars.TOKEN", "not-to-be-seen"));
        node.awaitStarted("audited");
        awaitLine("\"who\":\"" + PID + "\".*bundle io.millwright.itest.*\"operation\":\"update_configuration\","
                + "\"target\":\"audited\","
                + "\"keys\":\\[\"arguments\",\"env.vars.TOKEN\",\"executable\"\\],\"result\":\"ok\"");
        configuration.delete();
        await("it is gone", () -> controller.getWorkers(List.of()).isEmpty());
        awaitLine("\"who\":\"" + PID
                + "\".*\"operation\":\"delete_configuration\",\"target\":\"audited\".*\"result\":\"ok\"");
        assertThat(String.join("\n", lines())).doesNotContain("not-to-be-seen");
    }

    @Test
    public void aViewDoesItInTheNameOfItsCaller() throws IOException {
        Caller joe = Caller.remote("joe", "17").withRole("operator").withAddress("192.0.2.7:51234");
        get(controller.as(joe, Role.OPERATOR).startWorker(guest("viewed", script("exec sleep 3600")), ME));
        assertThat(node.info("viewed").who()).isEqualTo(joe);
        NodeController observer = controller.as(joe, Role.OBSERVER);
        assertThat(observer.getWorker(new WorkerId("viewed"), NodeController.Detail.PLAIN)
                        .pid())
                .isNotNull();
        assertThatThrownBy(() -> get(observer.stopWorker(new WorkerId("viewed"), StopOptions.KILL, ME)))
                .isInstanceOf(NodeException.class)
                .extracting(e -> ((NodeException) e).code())
                .isEqualTo(ErrorCode.NOT_AUTHORIZED);
        assertThatThrownBy(() -> observer.getWorkerLog(new WorkerId("viewed"), 1))
                .hasMessageContaining("takes the role 'log_observer'");
        awaitLine(
                "\"who\":\"remote:joe\",\"session\":\"17\",\"role\":\"operator\",\"listener\":null,"
                        + "\"address\":\"192.0.2.7:51234\",\"operation\":\"start_worker\",\"target\":\"viewed\".*\"result\":\"ok\"");
        awaitLine(
                "\"operation\":\"stop_worker\",\"target\":\"viewed\",\"keys\":\\[\"kill\"\\],\"result\":\"not_authorized\"");
    }

    @Test
    public void numbersGoOnByOne() throws IOException {
        get(controller.reopenLogs(ME));
        get(controller.reopenLogs(ME));
        awaitLine("\"operation\":\"reopen_logs\"");
        long before = -1;
        for (String line : lines()) {
            Matcher number = NUMBER.matcher(line);
            assertThat(number.find()).as(line).isTrue();
            long now = Long.parseLong(number.group(1));
            assertThat(before < 0 || now == before + 1).as(line).isTrue();
            before = now;
        }
    }
}
