package io.millwright.shell.gogo.internal.doctor;

import io.millwright.controller.api.Finding;
import io.millwright.controller.api.NodeController;
import io.millwright.shell.gogo.internal.NodeAccess;
import io.millwright.shell.gogo.internal.text.Screen;
import io.millwright.shell.gogo.internal.text.Texts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/**
 * Examines the framework and the node; called by {@code node:doctor}. Works when any part of the node is missing. Never sees
 * a secret: it reads no options. Thread-safe.
 *
 * <p>Bundles that are just being started look wrong for a moment: their components are disabled, those that wait for them are
 * stopped. So what is wrong right after a change of a bundle is looked at again, until no bundle has changed for two seconds.
 */
@Component(configurationPolicy = ConfigurationPolicy.IGNORE, service = Doctor.class, immediate = true)
public class Doctor {
    private static final String CONTROLLER = "io.millwright.controller.impl";
    private static final Duration QUIET = Duration.ofSeconds(2);
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final Duration AGAIN = Duration.ofMillis(100);

    private final BundleContext context;
    private final NodeAccess node;
    private final Duration quiet;
    final BundleChanges changes = new BundleChanges();

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable ServiceComponentRuntime components;

    /**
     * Called by Declarative Services.
     *
     * @param context the framework
     * @param node where the controller is found
     */
    @Activate
    public Doctor(BundleContext context, @Reference NodeAccess node) {
        this(context, node, QUIET);
        context.addBundleListener(changes);
    }

    /** One that calls a time of the caller's choice quiet, and hears of no change. */
    Doctor(BundleContext context, NodeAccess node, Duration quiet) {
        this.context = context;
        this.node = node;
        this.quiet = quiet;
    }

    /** Called by Declarative Services. */
    @Deactivate
    public void close() {
        context.removeBundleListener(changes);
    }

    /**
     * Everything that is missing or wrong. Blocks while something is wrong and bundles have changed in the last two seconds; at
     * most ten seconds, or until the thread is interrupted.
     *
     * @return the worst first; empty if all is well
     */
    public List<Finding> examine() {
        long end = System.nanoTime() + LONGEST.toNanos();
        List<Finding> findings = look();
        while (isWrong(findings) && changes.quiet().compareTo(quiet) < 0 && System.nanoTime() - end < 0 && pause()) {
            findings = look();
        }
        return findings;
    }

    private static boolean isWrong(List<Finding> findings) {
        return findings.stream().anyMatch(finding -> finding.severity() != Finding.Severity.INFO);
    }

    /** False if the thread is interrupted; it stays so. */
    private static boolean pause() {
        try {
            Thread.sleep(AGAIN.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private List<Finding> look() {
        List<Finding> findings = new ArrayList<>();
        NodeController controller = node.find();
        if (controller == null) {
            guarded("node controller", findings, () -> List.of(noController()));
        } else {
            guarded("node", findings, controller::doctor);
        }
        guarded("bundles", findings, () -> new BundleCheck(context).findings());
        ServiceComponentRuntime runtime = components;
        if (runtime != null) {
            guarded("components", findings, () -> new ComponentCheck(context, runtime).findings());
        } else {
            findings.add(Finding.info(
                    "components",
                    "were not examined: there is no ServiceComponentRuntime service",
                    "install a Declarative Services runtime that registers it, for example org.apache.felix.scr"));
        }
        services(findings);
        findings.sort(Comparator.comparing(Finding::severity));
        return findings;
    }

    /** One part that fails, because something goes away meanwhile, does not hide the others. */
    private static void guarded(String part, List<Finding> findings, Supplier<List<Finding>> check) {
        try {
            findings.addAll(check.get());
        } catch (RuntimeException e) {
            findings.add(Finding.warning(part, "could not be examined: " + e, "try again; the log may say more"));
        }
    }

    private Finding noController() {
        boolean installed = new BundleCheck(context).isInstalled(CONTROLLER);
        return Finding.error(
                "node controller",
                "there is no NodeController service: "
                        + (installed
                                ? "the bundle " + CONTROLLER + " is installed but does not register it"
                                : "the bundle " + CONTROLLER + " is not installed"),
                installed
                        ? "see what is said of that bundle and its components here; it may just be starting"
                        : "install and start " + CONTROLLER);
    }

    private void services(List<Finding> findings) {
        optional(
                findings,
                "org.osgi.service.event.EventAdmin",
                "there is no EventAdmin: events reach nobody but the shell",
                "install an EventAdmin, for example org.apache.felix.eventadmin");
        optional(
                findings,
                "org.osgi.service.cm.ConfigurationAdmin",
                "there is no Config Admin: node.json and files in etc/ have no effect",
                "install a Config Admin, for example org.apache.felix.configadmin");
        if (context.getServiceReference("io.millwright.controller.api.monitor.SystemMonitor") == null) {
            findings.add(Finding.info(
                    "system monitor",
                    "there is none: node:stats and the figures of processes are unavailable",
                    "install io.millwright.monitor.oshi if they are wanted"));
        }
    }

    private void optional(List<Finding> findings, String service, String what, String remedy) {
        if (context.getServiceReference(service) == null) {
            findings.add(Finding.warning(service.substring(service.lastIndexOf('.') + 1), what, remedy));
        }
    }

    /**
     * Findings for people.
     *
     * @param findings the findings
     * @param screen where they are shown
     * @return a paragraph for each
     */
    public static String text(List<Finding> findings, Screen screen) {
        if (findings.isEmpty()) {
            return "nothing is missing and nothing is wrong";
        }
        List<String> lines = new ArrayList<>();
        for (Finding finding : findings) {
            lines.addAll(Texts.wrap(
                    finding.severity().name().toLowerCase(Locale.ROOT) + ": " + finding.subject(), screen.width()));
            Texts.wrap(finding.what(), screen.width() - 2).forEach(line -> lines.add("  " + line));
            String indent = "  -> ";
            for (String line : Texts.wrap(finding.remedy(), screen.width() - 5)) {
                lines.add(indent + line);
                indent = "     ";
            }
        }
        return String.join("\n", lines);
    }
}
