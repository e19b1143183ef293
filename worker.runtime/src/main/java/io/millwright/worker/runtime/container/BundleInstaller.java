package io.millwright.worker.runtime.container;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * Installs, resolves and uninstalls the bundles of a framework. Bundles that are started at the same time are all installed before any of
 * them is resolved: they may need each other, or be fragments, in any order. Thread-safe.
 */
final class BundleInstaller {
    private static final String LOCATION = "component:";

    /** How long a bundle that is to be started is waited for by others. */
    private static final long EXPECTED_NANOS = 10_000_000_000L;

    /** How long after the last install a bundle still waits for others that it needs. */
    private static final long PATIENCE_NANOS = 1_000_000_000;

    /** Held while bundles are installed, resolved and uninstalled, never while their code runs. Guards what is below. */
    private final Object lock = new Object();

    /** Those that are to be started and are not installed yet, with the time until which others wait for them. */
    private final Map<ComponentSpec, Long> expected = new IdentityHashMap<>();

    /** Those that are installed and wait to be resolved. */
    private final Set<Bundle> waiting = new LinkedHashSet<>();

    private long lastInstall;
    private boolean installedSince;
    private boolean hooked;

    /** A bundle is to be started: others are not resolved before it is installed. */
    void expect(ComponentSpec spec) {
        synchronized (lock) {
            expected.putIfAbsent(spec, System.nanoTime() + EXPECTED_NANOS);
        }
    }

    /** A bundle is not installed any more, if it has not been. */
    void expectNoMore(ComponentSpec spec) {
        synchronized (lock) {
            if (expected.remove(spec) != null) {
                lock.notifyAll();
            }
        }
    }

    /** Installs a bundle; blocks while others are resolved. */
    Bundle install(BundleContext context, ComponentSpec spec, Path file) throws BundleException, IOException {
        synchronized (lock) {
            try (InputStream in = Files.newInputStream(file)) {
                Bundle bundle = context.installBundle(LOCATION + spec.id(), in);
                waiting.add(bundle);
                installedSince = true;
                lastInstall = System.nanoTime();
                return bundle;
            } finally {
                expected.remove(spec);
                lock.notifyAll();
            }
        }
    }

    /**
     * Resolves a bundle, together with all others that wait. Blocks while others are expected, and a moment longer if it needs some that are
     * not there; its start says then what is missing. A fragment without a host stays as it is until the host comes.
     *
     * @throws BundleException if it is a fragment whose host is resolved already
     */
    void resolve(BundleContext context, Bundle bundle) throws BundleException, InterruptedException {
        boolean fragment = BundleHost.isFragment(bundle);
        synchronized (lock) {
            try {
                while (!isResolved(bundle)) {
                    long left = leftForExpected();
                    if (left <= 0) {
                        resolveWaiting(context);
                        left = fragment || isResolved(bundle) ? 0 : lastInstall + PATIENCE_NANOS - System.nanoTime();
                    }
                    if (left <= 0) {
                        break;
                    }
                    lock.wait(left / 1_000_000 + 1);
                }
            } finally {
                waiting.remove(bundle);
            }
            if (fragment && !isResolved(bundle)) {
                throwIfHostIsResolved(context, bundle);
            }
        }
    }

    /** How long others may still be on their way, in nanoseconds; 0 or less if none is. */
    private long leftForExpected() {
        long now = System.nanoTime();
        long left = 0;
        for (Iterator<Long> ends = expected.values().iterator(); ends.hasNext(); ) {
            long end = ends.next() - now;
            if (end <= 0) {
                ends.remove();
            }
            left = Math.max(left, end);
        }
        return left;
    }

    private void resolveWaiting(BundleContext context) {
        if (installedSince) {
            installedSince = false;
            List<Bundle> unresolved = new ArrayList<>(waiting);
            unresolved.removeIf(BundleInstaller::isResolved);
            wiring(context).resolveBundles(unresolved);
            lock.notifyAll();
        }
    }

    private static FrameworkWiring wiring(BundleContext context) {
        return context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
    }

    /** A host that is resolved does not take a fragment any more. */
    private static void throwIfHostIsResolved(BundleContext context, Bundle fragment) throws BundleException {
        List<BundleRequirement> hosts =
                fragment.adapt(BundleRevision.class).getDeclaredRequirements(HostNamespace.HOST_NAMESPACE);
        for (Bundle bundle : context.getBundles()) {
            boolean isHost = isResolved(bundle)
                    && bundle.adapt(BundleRevision.class).getDeclaredCapabilities(HostNamespace.HOST_NAMESPACE).stream()
                            .anyMatch(one -> hosts.stream().anyMatch(host -> host.matches(one)));
            if (isHost) {
                throw new BundleException("its host, " + bundle.getSymbolicName()
                        + ", was started before the fragment came: stop the host's component, start the fragment's,"
                        + " then the host's");
            }
        }
    }

    private static boolean isResolved(Bundle bundle) {
        return bundle.getState() != Bundle.INSTALLED;
    }

    /** Uninstalls a bundle, which has been stopped. Others that use it keep what they have of it, and nobody gets anything of it any more. */
    void uninstall(BundleContext context, Bundle bundle) throws BundleException {
        synchronized (lock) {
            bundle.uninstall();
            FrameworkWiring wiring = wiring(context);
            Collection<Bundle> left = wiring.getRemovalPendingBundles();
            if (left.isEmpty()) {
                return;
            }
            if (!hooked) {
                hooked = true;
                context.registerService(ResolverHookFactory.class, triggers -> new WithoutUninstalled(), null);
            }
            List<Bundle> unused = left.stream()
                    .filter(one ->
                            wiring.getDependencyClosure(List.of(one)).stream().noneMatch(BundleInstaller::isInstalled))
                    .toList();
            if (!unused.isEmpty()) {
                wiring.refreshBundles(unused);
            }
        }
    }

    /** The components whose bundles use what an uninstalled bundle of the same symbolic name had, by their ids. */
    Set<String> outdated(BundleContext context, Bundle bundle) {
        Collection<Bundle> pending = wiring(context).getRemovalPendingBundles();
        if (pending.isEmpty()) {
            return Set.of();
        }
        List<Bundle> before = pending.stream()
                .filter(one -> !isInstalled(one)
                        && Objects.equals(one.getSymbolicName(), bundle.getSymbolicName())
                        && !BundleHost.isFragment(one))
                .toList();
        Set<Bundle> outdated = new LinkedHashSet<>(before);
        boolean more = !before.isEmpty();
        while (more) {
            more = false;
            for (Bundle one : context.getBundles()) {
                more |= uses(one, outdated) && outdated.add(one);
            }
        }
        before.forEach(outdated::remove);
        return outdated.stream()
                .map(Bundle::getLocation)
                .filter(location -> location.startsWith(LOCATION))
                .map(location -> location.substring(LOCATION.length()))
                .collect(Collectors.toSet());
    }

    /** Whether a bundle is wired to one of some; a fragment has no code that could use anything. */
    private static boolean uses(Bundle bundle, Set<Bundle> some) {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        return wiring != null
                && !BundleHost.isFragment(bundle)
                && wiring.getRequiredWires(null).stream()
                        .anyMatch(wire -> some.contains(wire.getProvider().getBundle()));
    }

    private static boolean isInstalled(Bundle bundle) {
        return bundle.getState() != Bundle.UNINSTALLED;
    }
}
