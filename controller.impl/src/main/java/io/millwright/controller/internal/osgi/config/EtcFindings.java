package io.millwright.controller.internal.osgi.config;

import io.millwright.controller.api.Finding;
import io.millwright.controller.internal.node.DirectoryFindings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** Finds files in {@code etc/} that did not become a configuration. Thread-safe. */
public final class EtcFindings {
    private static final String FILE = "felix.fileinstall.filename";

    private final Supplier<@Nullable ConfigurationAdmin> admin;
    private final Path etc;

    /**
     * An examination.
     *
     * @param admin Config Admin, if there is one
     * @param nodeDirectory the node directory
     */
    public EtcFindings(Supplier<@Nullable ConfigurationAdmin> admin, Path nodeDirectory) {
        this.admin = admin;
        this.etc = nodeDirectory.resolve("etc");
    }

    /**
     * Looks. Blocks for the disk.
     *
     * @return a finding for each file that was not taken
     */
    public List<Finding> all() {
        List<Finding> findings = new ArrayList<>();
        ConfigurationAdmin present = admin.get();
        if (present == null) {
            return findings;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(etc, "io.millwright.*.{cfg,config}")) {
            Set<Path> taken = taken(present);
            for (Path file : files) {
                boolean missing = Files.isRegularFile(file) && !taken.contains(file.toAbsolutePath());
                // What is wrong with its name says enough.
                if (missing && DirectoryFindings.ofName(file) == null) {
                    findings.add(Finding.error(
                            "file etc/" + file.getFileName(),
                            "has not been taken (yet)",
                            "wait a moment; if this stays, its text cannot be read: log/node.log says what is wrong"));
                }
            }
        } catch (NoSuchFileException e) {
            // a node without it, or in a Karaf, whose etc/ is its own
        } catch (IOException | DirectoryIteratorException | InvalidSyntaxException e) {
            findings.add(DirectoryFindings.unreadable("etc/", e));
        }
        return findings;
    }

    private static Set<Path> taken(ConfigurationAdmin admin) throws IOException, InvalidSyntaxException {
        Set<Path> taken = new HashSet<>();
        Configuration[] all = admin.listConfigurations("(" + FILE + "=*)");
        for (Configuration configuration : all == null ? new Configuration[0] : all) {
            try {
                Object file = configuration.getProperties().get(FILE);
                taken.add(Path.of(URI.create(String.valueOf(file))));
            } catch (IllegalArgumentException | IllegalStateException e) {
                // no file's, or deleted just now
            }
        }
        return taken;
    }
}
