package io.millwright.itest;

import static io.millwright.itest.Fixture.ME;
import static io.millwright.itest.Fixture.await;
import static io.millwright.itest.Fixture.get;
import static io.millwright.itest.Fixture.guest;
import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.event.EventProperties;
import io.millwright.controller.api.event.NodeTopics;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;
import org.osgi.test.junit5.context.BundleContextExtension;
import org.osgi.test.junit5.service.ServiceExtension;

/** The kind: a service the node hands things to is there twice, or goes while the other stays. Two real EventAdmins. */
@ExtendWith({BundleContextExtension.class, ServiceExtension.class})
public class EventAdminsTest {
    private static final String FELIX = "org.apache.felix.eventadmin";

    @InjectBundleContext
    BundleContext context;

    @InjectService(timeout = 20_000)
    NodeController controller;

    private final List<Long> heard = Collections.synchronizedList(new ArrayList<>());
    private Fixture node;
    private Bundle first;
    private Bundle second;
    private ServiceRegistration<EventHandler> handler;
    private int next;

    @BeforeEach
    void begin() throws Exception {
        node = Fixture.ready(context, controller);
        first = node.bundle(FELIX);
        second = context.installBundle("copy:" + FELIX, copy(first, FELIX + ".copy"));
        second.start();
        handler = context.registerService(
                EventHandler.class,
                event -> {
                    if (String.valueOf(event.getProperty(EventProperties.WORKER_ID))
                            .startsWith("two-")) {
                        heard.add((Long) event.getProperty(EventProperties.SEQ));
                    }
                },
                new Hashtable<>(Map.of(EventConstants.EVENT_TOPIC, "io/millwright/worker/*")));
    }

    @AfterEach
    void end() throws Exception {
        first.start();
        handler.unregister();
        second.uninstall();
        node.clear();
    }

    /** The same bundle under another name: a framework has each name but once. */
    private static InputStream copy(Bundle bundle, String name) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarInputStream in =
                new JarInputStream(URI.create(bundle.getLocation().replaceFirst("^reference:", ""))
                        .toURL()
                        .openStream())) {
            Manifest manifest = new Manifest(in.getManifest());
            manifest.getMainAttributes().putValue(Constants.BUNDLE_SYMBOLICNAME, name);
            try (JarOutputStream out = new JarOutputStream(bytes, manifest)) {
                for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
                    out.putNextEntry(new JarEntry(entry.getName()));
                    in.transferTo(out);
                    out.closeEntry();
                }
            }
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }

    @Test
    void everyEventComesOnceWhicheverOfTwoEventAdminsComesOrGoes() throws Exception {
        try (EventLedger ledger = new EventLedger(controller)) {
            awaitEnd(begin(20));
            awaitAll(ledger);
            List<Bundle> both = List.of(first, second);
            for (int round = 0; round < 6; round++) {
                Bundle going = both.get(round % 2);
                List<CompletionStage<StartResult>> started = begin(10);
                going.stop();
                awaitEnd(started);
                awaitEnd(begin(5));
                started = begin(10);
                going.start();
                awaitEnd(started);
                awaitAll(ledger);
            }
        }
        assertThat(controller.doctor()).noneMatch(finding -> finding.subject().equals("EventAdmin"));
    }

    private List<CompletionStage<StartResult>> begin(int count) {
        List<CompletionStage<StartResult>> starts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            starts.add(controller.startWorker(guest("two-" + next++, Map.of("executable", "/bin/true")), ME));
        }
        return starts;
    }

    private void awaitEnd(List<CompletionStage<StartResult>> starts) {
        starts.forEach(start -> get(controller.awaitExit(get(start).id())));
    }

    private void awaitAll(EventLedger ledger) {
        await(
                "all have ended",
                () -> ledger.all().stream()
                                .filter(event -> event.topic().equals(NodeTopics.WORKER_EXITED))
                                .filter(event -> String.valueOf(
                                                event.properties().get(EventProperties.WORKER_ID))
                                        .startsWith("two-"))
                                .count()
                        == next);
        List<Long> expected = ledger.all().stream()
                .filter(event -> String.valueOf(event.properties().get(EventProperties.WORKER_ID))
                        .startsWith("two-"))
                .map(NodeEvent::seq)
                .toList();
        long last = expected.get(expected.size() - 1);
        await("the last event", () -> heard.contains(last));
        assertThat(List.copyOf(heard)).isEqualTo(expected);
    }
}
