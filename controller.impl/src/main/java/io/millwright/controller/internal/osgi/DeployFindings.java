package io.millwright.controller.internal.osgi;

import io.millwright.controller.api.Finding;
import io.millwright.controller.internal.node.DirectoryFindings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/** Finds what lies in {@code deploy/} and was not installed. Thread-safe. */
final class DeployFindings {
    private final BundleContext context;
    private final Path deploy;

    DeployFindings(BundleContext context, Path nodeDirectory) {
        this.context = context;
        this.deploy = nodeDirectory.resolve("deploy");
    }

    List<Finding> all() {
        List<Finding> findings = new ArrayList<>();
        Set<Path> installed = installed();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(deploy)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                if (!installed.contains(file) && Files.isRegularFile(file) && !name.startsWith(".")) {
                    findings.add(finding(file, "file deploy/" + name));
                }
            }
        } catch (NoSuchFileException e) {
            // a node without it, or in a Karaf, whose deploy/ is its own
        } catch (IOException | DirectoryIteratorException e) {
            findings.add(DirectoryFindings.unreadable("deploy/", e));
        }
        return findings;
    }

    private Set<Path> installed() {
        Set<Path> paths = new HashSet<>();
        for (Bundle bundle : context.getBundles()) {
            Path path = path(bundle.getLocation());
            if (path != null) {
                paths.add(path);
            }
        }
        return paths;
    }

    private static @Nullable Path path(String location) {
        try {
            return location.startsWith("file:") ? Path.of(URI.create(location)) : null;
        } catch (IllegalArgumentException e) {
            try {
                return Path.of(location.substring("file:".length()));
            } catch (InvalidPathException none) {
                return null;
            }
        }
    }

    private Finding finding(Path file, String subject) {
        if (!String.valueOf(file.getFileName()).endsWith(".jar")) {
            return Finding.warning(subject, "is no bundle: its name does not end in .jar", "remove it from deploy/");
        }
        try (JarFile jar = new JarFile(file.toFile())) {
            Manifest manifest = jar.getManifest();
            String name =
                    manifest == null ? null : manifest.getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME);
            if (name == null) {
                return Finding.error(
                        subject,
                        "is no bundle: its manifest has no " + Constants.BUNDLE_SYMBOLICNAME,
                        "build it as a bundle, or remove it from deploy/");
            }
            String plain = name.split(";", 2)[0].strip();
            Bundle other = sameName(plain);
            return other == null
                    ? Finding.error(
                            subject,
                            "is not installed (yet)",
                            "wait a moment; if this stays, log/node.log says why it was refused")
                    : Finding.warning(
                            subject,
                            "is not installed: a bundle of that name is there already, " + plain + " "
                                    + other.getVersion() + " from " + other.getLocation(),
                            "remove one of the two");
        } catch (IOException e) {
            return Finding.error(
                    subject,
                    "cannot be read as a jar: " + e.getMessage(),
                    "put a whole copy there (copy it beside, then rename it), or remove it");
        }
    }

    private @Nullable Bundle sameName(String name) {
        for (Bundle bundle : context.getBundles()) {
            if (name.equals(bundle.getSymbolicName())) {
                return bundle;
            }
        }
        return null;
    }
}
