package io.millwright.shell.gogo.internal.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.Finding;
import io.millwright.controller.api.WorkerTypeInfo;
import io.millwright.shell.gogo.internal.FakeNode;
import io.millwright.shell.gogo.internal.NodeAccess;
import io.millwright.shell.gogo.internal.node.DoctorCommand;
import io.millwright.shell.gogo.internal.text.Screen;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.felix.framework.FrameworkFactory;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.PrototypeServiceFactory;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.dto.BundleDTO;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.ReferenceDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/** The doctor in a real framework, with bundles that are wrong in every way, over a fake node. */
class DoctorTest {
    @TempDir
    Path dir = Path.of("");

    private final FakeNode node = new FakeNode();

    /** An access whose controller a test can take away. */
    private static final class Access extends NodeAccess {
        private io.millwright.controller.api.@Nullable NodeController found;

        @Override
        public io.millwright.controller.api.@Nullable NodeController find() {
            return found;
        }
    }

    private final Access access = new Access();
    private Framework framework = new FrameworkFactory().newFramework(Map.of());
    private Doctor doctor = new Doctor(null_(), access, Duration.ZERO);

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T null_() {
        return null;
    }

    @BeforeEach
    void start() throws BundleException {
        framework = new FrameworkFactory()
                .newFramework(
                        Map.of(Constants.FRAMEWORK_STORAGE, dir.resolve("cache").toString(), "felix.log.level", "0"));
        framework.start();
        access.found = node;
        node.types.add(type("guest", true, null, false));
        doctor = new Doctor(framework.getBundleContext(), access, Duration.ZERO);
    }

    @AfterEach
    void stop() throws Exception {
        framework.stop();
        framework.waitForStop(30_000);
    }

    private static WorkerTypeInfo type(String name, boolean usable, @Nullable String reason, boolean shadowed) {
        return WorkerTypeInfo.builder(name, "org.example.b", "1.0.0")
                .usable(usable)
                .reason(reason)
                .shadowed(shadowed)
                .build();
    }

    private static InputStream jar(String... headers) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        manifest.getMainAttributes().putValue("Bundle-ManifestVersion", "2");
        for (int i = 0; i < headers.length; i += 2) {
            manifest.getMainAttributes().putValue(headers[i], headers[i + 1]);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new JarOutputStream(bytes, manifest).close();
        return new ByteArrayInputStream(bytes.toByteArray());
    }

    private Bundle install(String name, String... headers) throws IOException, BundleException {
        String[] all = new String[headers.length + 2];
        all[0] = "Bundle-SymbolicName";
        all[1] = name;
        System.arraycopy(headers, 0, all, 2, headers.length);
        return framework.getBundleContext().installBundle("test:" + name, jar(all));
    }

    private Finding find(String subject) {
        List<Finding> found = doctor.examine().stream()
                .filter(finding -> finding.subject().contains(subject))
                .toList();
        assertThat(found).as(subject).hasSize(1);
        return found.get(0);
    }

    @Test
    void bundlesThatDoNotRunAreNamedWithTheReason() throws Exception {
        install(
                "io.millwright.broken",
                "Import-Package",
                "org.gone;version=\"[1,2)\",java.util,org.opt;resolution:=optional");
        install("org.other.broken", "Require-Capability", "some.ns;filter:=\"(a=b)\",x.active;effective:=active");
        install("org.fine").start();
        install("org.fragment", "Fragment-Host", "org.fine");
        install(
                "org.failing",
                "Bundle-Activator",
                "no.Such",
                "Import-Package",
                "io.millwright.controller.api;resolution:=optional");
        install("org.self", "Export-Package", "org.selfmade", "Import-Package", "org.selfmade")
                .start();
        Bundle late = install("org.late");
        late.adapt(BundleStartLevel.class).setStartLevel(50);
        late.start();
        Bundle stopped = install("io.millwright.stopped");
        stopped.start();
        stopped.stop();
        Bundle failing = framework.getBundleContext().getBundle("test:org.failing");
        try {
            failing.start();
        } catch (BundleException e) {
            // its activator is not there
        }
        // resolves it
        assertThat(late.getResource("META-INF/MANIFEST.MF")).isNotNull();

        assertThat(find("io.millwright.broken"))
                .satisfies(f -> assertThat(f.severity()).isEqualTo(Finding.Severity.ERROR))
                .satisfies(f -> assertThat(f.what())
                        .contains("nothing provides the package (")
                        .contains("org.gone")
                        .doesNotContain("org.opt"));
        assertThat(find("org.other.broken"))
                .satisfies(f -> assertThat(f.severity()).isEqualTo(Finding.Severity.WARNING))
                .satisfies(f -> assertThat(f.what()).contains("some.ns (a=b)").doesNotContain("x.active"));
        assertThat(find("org.failing"))
                .satisfies(f -> assertThat(f.severity()).isEqualTo(Finding.Severity.ERROR))
                .satisfies(f -> assertThat(f.what()).contains("its start failed"));
        assertThat(find("org.late").what()).contains("start level 50, the framework is at 1");
        assertThat(find("io.millwright.stopped").severity()).isEqualTo(Finding.Severity.WARNING);
        assertThat(find("org.fragment").what()).contains("came after its host");
        assertThat(doctor.examine()).noneMatch(f -> f.subject().contains("org.self"));
        assertThat(framework
                        .getBundleContext()
                        .getBundle("test:io.millwright.broken")
                        .getState())
                .isEqualTo(Bundle.INSTALLED);
    }

    @Test
    void aMissingControllerIsExplained() throws Exception {
        access.found = null;
        assertThat(find("node controller").what()).contains("io.millwright.controller.impl is not installed");
        install("io.millwright.controller.impl");
        assertThat(find("node controller").what()).contains("is installed but does not register it");
    }

    @Test
    void servicesThatAreMissingAreNamed() throws Exception {
        assertThat(doctor.examine())
                .extracting(Finding::subject)
                .containsExactly("EventAdmin", "ConfigurationAdmin", "components", "system monitor");
    }

    @Test
    void whatTheControllerFindsIsToldWithTheRestTheWorstFirst() throws Exception {
        node.findings.add(io.millwright.controller.api.Finding.info("node n1", "is shutting down", "wait"));
        node.findings.add(io.millwright.controller.api.Finding.error("worker web", "could not be started", "see it"));
        install("org.other.broken", "Require-Capability", "some.ns;filter:=\"(a=b)\"");
        assertThat(doctor.examine()).extracting(Finding::severity).isSorted().startsWith(Finding.Severity.ERROR);
        assertThat(Doctor.text(doctor.examine(), Screen.terminal(80)))
                .startsWith("error: worker web\n  could not be started\n  -> see it\n");
    }

    private static ComponentDescriptionDTO component(Bundle bundle) {
        ComponentDescriptionDTO component = new ComponentDescriptionDTO();
        component.name = "io.millwright.Thing";
        component.bundle = new BundleDTO();
        component.bundle.id = bundle.getBundleId();
        component.bundle.symbolicName = bundle.getSymbolicName();
        return component;
    }

    private static ServiceComponentRuntime runtime(
            ComponentDescriptionDTO component,
            Collection<ComponentConfigurationDTO> configurations,
            BooleanSupplier enabled) {
        return (ServiceComponentRuntime) Proxy.newProxyInstance(
                DoctorTest.class.getClassLoader(),
                new Class<?>[] {ServiceComponentRuntime.class},
                (proxy, method, args) -> switch (method.getName()) {
                    case "getComponentDescriptionDTOs" -> List.of(component);
                    case "getComponentConfigurationDTOs" -> configurations;
                    case "isComponentEnabled" -> enabled.getAsBoolean();
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    /**
     * The kind: what is on its way when a bundle starts is not wrong. Declarative Services enables the components of a bundle
     * one after the other, and features are started one after the other: KarafSshTest saw "is disabled" right after a start.
     */
    @Test
    void whatIsJustBeingStartedIsNotCalledWrong() throws Exception {
        service("org.osgi.service.event.EventAdmin");
        service("org.osgi.service.cm.ConfigurationAdmin");
        doctor = new Doctor(framework.getBundleContext(), access, Duration.ofDays(1));
        Bundle starting = install("io.millwright.thing");
        Bundle next = install("io.millwright.next");
        starting.start();
        AtomicInteger looks = new AtomicInteger();
        doctor.components = runtime(component(starting), List.of(), () -> {
            if (looks.incrementAndGet() > 2) {
                start(next);
            }
            return looks.get() > 3;
        });
        assertThat(doctor.examine()).allMatch(finding -> finding.severity() == Finding.Severity.INFO);
        assertThat(looks).hasValueGreaterThan(3);
    }

    private void service(String name) {
        framework
                .getBundleContext()
                .registerService(
                        name,
                        new PrototypeServiceFactory<Object>() {
                            @Override
                            public Object getService(Bundle bundle, ServiceRegistration<Object> registration) {
                                return registration;
                            }

                            @Override
                            public void ungetService(
                                    Bundle bundle, ServiceRegistration<Object> registration, Object service) {
                                // nothing is held
                            }
                        },
                        null);
    }

    private static void start(Bundle bundle) {
        try {
            bundle.start();
        } catch (BundleException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theStartOfABundleIsHeard() throws Exception {
        doctor = new Doctor(framework.getBundleContext(), access);
        Bundle bundle = install("io.millwright.thing");
        long before = System.nanoTime();
        bundle.start();
        Duration quiet = doctor.changes.quiet();
        assertThat(quiet).isLessThan(Duration.ofNanos(System.nanoTime() - before));
        doctor.close();
    }

    /** What stays as it is, is told: at once if no bundle has changed lately, and to a thread that is interrupted. */
    @Test
    void whatStaysWrongIsTold() throws Exception {
        Bundle disabled = install("io.millwright.thing");
        disabled.start();
        doctor.components = runtime(component(disabled), List.of(), () -> false);
        assertThat(find("component io.millwright.Thing").what()).isEqualTo("is disabled");
        doctor = new Doctor(framework.getBundleContext(), access, Duration.ofMillis(300));
        doctor.components = runtime(component(disabled), List.of(), () -> false);
        assertThat(find("component io.millwright.Thing").what()).isEqualTo("is disabled");
        doctor = new Doctor(framework.getBundleContext(), access, Duration.ofDays(1));
        doctor.components = runtime(component(disabled), List.of(), () -> false);
        Thread.currentThread().interrupt();
        try {
            assertThat(find("component io.millwright.Thing").what()).isEqualTo("is disabled");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void unsatisfiedComponentsNameWhatTheyMiss() throws Exception {
        Bundle ours = install("io.millwright.thing");
        ours.start();
        ComponentDescriptionDTO component = component(ours);
        component.configurationPid = new String[] {"io.millwright.thing"};
        ReferenceDTO reference = new ReferenceDTO();
        reference.name = "$000";
        reference.interfaceName = "org.example.Needed";
        component.references = new ReferenceDTO[] {reference};
        ComponentConfigurationDTO configuration = new ComponentConfigurationDTO();
        UnsatisfiedReferenceDTO missing = new UnsatisfiedReferenceDTO();
        missing.name = "$000";
        missing.target = "(x=y)";
        configuration.unsatisfiedReferences = new UnsatisfiedReferenceDTO[] {missing};
        doctor.components = runtime(component, List.of(configuration), () -> true);
        configuration.state = ComponentConfigurationDTO.UNSATISFIED_REFERENCE;
        assertThat(find("component io.millwright.Thing").what())
                .isEqualTo("is not satisfied: there is no org.example.Needed (reference $000, target (x=y))");
        configuration.state = ComponentConfigurationDTO.FAILED_ACTIVATION;
        configuration.failure = "java.lang.IllegalStateException: no luck\n\tat x";
        assertThat(find("component io.millwright.Thing").what()).endsWith("IllegalStateException: no luck");
        configuration.state = ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION;
        assertThat(find("component io.millwright.Thing").severity()).isEqualTo(Finding.Severity.INFO);
        configuration.state = ComponentConfigurationDTO.ACTIVE;
        assertThat(doctor.examine()).noneMatch(f -> f.subject().startsWith("component "));
    }

    @Test
    void theCommandEndsWithOneOnlyForErrors() throws Exception {
        CommandProcessorImpl processor = new CommandProcessorImpl(null);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (CommandSession session = processor.createSession(new ByteArrayInputStream(new byte[0]), out, out)) {
            processor.addCommand("node", new DoctorCommand(access, doctor), "doctor");
            Object findings = session.execute("node:doctor");
            assertThat(session.get("exit.code")).isEqualTo(0);
            assertThat(String.valueOf(findings))
                    .contains("warning: EventAdmin\n  there is no EventAdmin")
                    .contains("\n  -> install");
            assertThat(session.format(findings, Converter.INSPECT)).isNotNull();
            access.found = null;
            assertThat(String.valueOf(session.execute("node:doctor --json")))
                    .startsWith("[{\"severity\":\"error\",\"subject\":\"node controller\",");
            assertThat(session.get("exit.code")).isEqualTo(1);
        } finally {
            processor.stop();
        }
    }
}
