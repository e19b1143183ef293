package io.millwright.worker.runtime.container;

import java.util.Collection;
import org.osgi.framework.Bundle;
import org.osgi.framework.hooks.resolver.ResolverHook;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;

/**
 * Lets no bundle be wired to one that is uninstalled and still used by others: the framework would prefer it to the one that has been
 * installed in its place. Stateless.
 */
final class WithoutUninstalled implements ResolverHook {
    @Override
    public void filterMatches(BundleRequirement requirement, Collection<BundleCapability> candidates) {
        candidates.removeIf(one -> one.getRevision().getBundle().getState() == Bundle.UNINSTALLED);
    }

    @Override
    public void filterResolvable(Collection<BundleRevision> candidates) {
        // What is uninstalled is not resolved anyway.
    }

    @Override
    public void filterSingletonCollisions(
            BundleCapability singleton, Collection<BundleCapability> collisionCandidates) {
        // As the framework has it.
    }

    @Override
    public void end() {
        // Nothing is held.
    }
}
