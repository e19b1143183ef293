package io.millwright.shell.gogo.internal.doctor;

import io.millwright.controller.api.Finding;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.resource.Namespace;

/** Finds bundles that do not run, and why. Changes nothing. Thread-safe. */
final class BundleCheck {
    private final BundleContext context;
    private final Bundle framework;

    BundleCheck(BundleContext context) {
        this.context = context;
        this.framework = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
    }

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        for (Bundle bundle : context.getBundles()) {
            if (bundle.getState() == Bundle.INSTALLED) {
                findings.add(unresolved(bundle));
            } else if (bundle.getState() == Bundle.RESOLVED && !isFragment(bundle)) {
                findings.add(notStarted(bundle));
            }
        }
        return findings;
    }

    /** Whether a bundle with this symbolic name is installed. */
    boolean isInstalled(String symbolicName) {
        for (Bundle bundle : context.getBundles()) {
            if (symbolicName.equals(bundle.getSymbolicName())) {
                return true;
            }
        }
        return false;
    }

    /** Whether a bundle belongs to the node or extends it. */
    static boolean isOurs(Bundle bundle) {
        String name = bundle.getSymbolicName();
        String imports = bundle.getHeaders("").get(Constants.IMPORT_PACKAGE);
        return (name != null && name.startsWith("io.millwright."))
                || (imports != null && imports.contains("io.millwright.controller.api"));
    }

    static String name(Bundle bundle) {
        String name = bundle.getSymbolicName();
        return "bundle " + (name == null ? bundle.getLocation() : name + " " + bundle.getVersion()) + " ["
                + bundle.getBundleId() + "]";
    }

    private static boolean isFragment(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return revision != null && (revision.getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
    }

    private Finding unresolved(Bundle bundle) {
        if (isFragment(bundle) && hasHost(bundle)) {
            return Finding.info(
                    name(bundle),
                    "is a fragment that came after its host was resolved, and is not attached",
                    "refresh its host; workers of a type in it live on");
        }
        Set<String> missing = missing(bundle);
        String what = missing.isEmpty()
                ? "is installed and not resolved, though each of its requirements has a provider"
                : "is installed and cannot be resolved: nothing provides " + String.join("; nor ", missing);
        String remedy = missing.isEmpty()
                ? "start it (start " + bundle.getBundleId() + ") and read what the resolver says: its providers are"
                        + " unresolved themselves or contradict each other"
                : "install a bundle that provides it, or remove this one";
        return isOurs(bundle) ? Finding.error(name(bundle), what, remedy) : Finding.warning(name(bundle), what, remedy);
    }

    private Set<String> missing(Bundle bundle) {
        Set<String> missing = new LinkedHashSet<>();
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        FrameworkWiring wiring = framework.adapt(FrameworkWiring.class);
        if (revision == null || wiring == null) {
            return missing;
        }
        for (BundleRequirement requirement : revision.getDeclaredRequirements(null)) {
            if (isMandatory(requirement) && !hasProvider(requirement, revision, wiring)) {
                missing.add(describe(requirement));
            }
        }
        return missing;
    }

    private static boolean hasProvider(BundleRequirement requirement, BundleRevision own, FrameworkWiring wiring) {
        for (BundleCapability capability : own.getDeclaredCapabilities(requirement.getNamespace())) {
            if (requirement.matches(capability)) {
                return true;
            }
        }
        return !wiring.findProviders(requirement).isEmpty();
    }

    /** Whether a fragment's host is installed; one that is resolved already does not count as a provider any more. */
    private boolean hasHost(Bundle fragment) {
        BundleRevision revision = fragment.adapt(BundleRevision.class);
        List<BundleRequirement> needed = revision.getDeclaredRequirements(HostNamespace.HOST_NAMESPACE);
        for (Bundle bundle : context.getBundles()) {
            BundleRevision host = bundle.adapt(BundleRevision.class);
            if (host != null
                    && host.getDeclaredCapabilities(HostNamespace.HOST_NAMESPACE).stream()
                            .anyMatch(capability ->
                                    needed.stream().allMatch(requirement -> requirement.matches(capability)))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isMandatory(BundleRequirement requirement) {
        String resolution = requirement.getDirectives().get(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE);
        String effective = requirement.getDirectives().get(Namespace.REQUIREMENT_EFFECTIVE_DIRECTIVE);
        boolean needed = resolution == null || resolution.equals(Namespace.RESOLUTION_MANDATORY);
        return needed && (effective == null || effective.equals(Namespace.EFFECTIVE_RESOLVE));
    }

    private static String describe(BundleRequirement requirement) {
        String filter = requirement.getDirectives().get(Namespace.REQUIREMENT_FILTER_DIRECTIVE);
        String kind = requirement.getNamespace().equals(PackageNamespace.PACKAGE_NAMESPACE)
                ? "the package"
                : requirement.getNamespace();
        return kind + " " + (filter == null ? requirement.getAttributes().toString() : filter);
    }

    private Finding notStarted(Bundle bundle) {
        BundleStartLevel level = bundle.adapt(BundleStartLevel.class);
        FrameworkStartLevel now = framework.adapt(FrameworkStartLevel.class);
        String start = "start it (start " + bundle.getBundleId() + ")";
        if (level == null || now == null || !level.isPersistentlyStarted()) {
            String what = "is resolved and was stopped, or never started";
            return isOurs(bundle)
                    ? Finding.warning(name(bundle), what, start + ", or remove it")
                    : Finding.info(name(bundle), what, start + " if something needs it");
        }
        if (level.getStartLevel() > now.getStartLevel()) {
            return Finding.info(
                    name(bundle),
                    "waits for start level " + level.getStartLevel() + ", the framework is at " + now.getStartLevel(),
                    "wait, or raise the framework's start level");
        }
        String what = "should run and does not: its start failed";
        String remedy = start + " and read the error, which is in the log too";
        return isOurs(bundle) ? Finding.error(name(bundle), what, remedy) : Finding.warning(name(bundle), what, remedy);
    }
}
