package io.millwright.launcher;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.hooks.bundle.FindHook;
import org.osgi.framework.hooks.resolver.ResolverHook;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.namespace.BundleNamespace;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;

/**
 * Keeps what users install from reaching under the distribution, so that no library in {@code deploy/} refreshes the
 * controller and ends its workers: the distribution's bundles take packages only from each other, no matter how new others
 * are, and File Install does not see them, because it updates a bundle of the same name and version instead of installing a
 * second one, and refreshes who could import something new. Registered by the launcher; thread-safe.
 */
final class OwnBundles implements ResolverHookFactory, ResolverHook, FindHook {
    private static final String FILE_INSTALL = "org.apache.felix.fileinstall";
    private static final Set<String> WIRES =
            Set.of(PackageNamespace.PACKAGE_NAMESPACE, BundleNamespace.BUNDLE_NAMESPACE, HostNamespace.HOST_NAMESPACE);

    private final Set<String> locations;

    OwnBundles(List<BundleFolders.Jar> jars) {
        locations = jars.stream().map(BundleFolders.Jar::location).collect(Collectors.toUnmodifiableSet());
    }

    private boolean isOurs(Bundle bundle) {
        return bundle.getBundleId() == 0 || locations.contains(bundle.getLocation());
    }

    @Override
    public ResolverHook begin(Collection<BundleRevision> triggers) {
        return this;
    }

    @Override
    public void filterMatches(BundleRequirement requirement, Collection<BundleCapability> candidates) {
        if (!WIRES.contains(requirement.getNamespace())) {
            return;
        }
        boolean host = requirement.getNamespace().equals(HostNamespace.HOST_NAMESPACE);
        boolean ours = isOurs(requirement.getRevision().getBundle());
        // A fragment of a user's would become a part of the bundle it attaches to.
        candidates.removeIf(candidate -> isOurs(candidate.getRevision().getBundle()) ? host && !ours : ours);
    }

    @Override
    public void filterResolvable(Collection<BundleRevision> candidates) {
        // whatever can be resolved may be
    }

    @Override
    public void filterSingletonCollisions(
            BundleCapability singleton, Collection<BundleCapability> collisionCandidates) {
        // as the framework has it
    }

    @Override
    public void end() {
        // nothing is kept for one resolution
    }

    @Override
    public void find(BundleContext context, Collection<Bundle> bundles) {
        if (FILE_INSTALL.equals(context.getBundle().getSymbolicName())) {
            // Itself neither: it would refresh itself, and wait for its own end for ever.
            bundles.removeIf(bundle -> locations.contains(bundle.getLocation()));
        }
    }
}
