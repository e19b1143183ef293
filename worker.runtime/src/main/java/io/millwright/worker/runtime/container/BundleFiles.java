package io.millwright.worker.runtime.container;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The files of bundles by their locations: {@code mvn:GROUP/ARTIFACT/VERSION[/TYPE[/CLASSIFIER]]} in the local Maven repository, {@code
 * node:SYMBOLIC-NAME[/VERSION]}, of which the node has made copies, {@code https:} with the hash of what is there, and paths. Thread-safe.
 */
final class BundleFiles {
    private static final String MVN = "mvn:";
    private static final String HTTPS = "https:";
    private static final String DOWNLOADS = "cache/downloads";
    private static final String NODE = "node:";
    private static final String OF_NODE = "node:[A-Za-z0-9_-][A-Za-z0-9._-]*(/[0-9][A-Za-z0-9._-]*)?";
    private static final String SCHEME = "[a-z][a-z0-9+.-]+:.*";
    private static final String HASH = "[0-9a-f]{64}";
    private static final String PART = "[A-Za-z0-9_-][A-Za-z0-9._-]*";
    private static final int PATIENCE_MILLIS = 10_000;

    private final Path nodeDirectory;
    private final Path repository;
    private final Downloads downloads;
    private final Folder elsewhere;
    private @Nullable Path ownDownloads;

    /** Opens what is at an address. */
    interface Downloads {
        /**
         * Opens it. May block for some seconds at each read.
         *
         * @throws IOException if it cannot be opened
         */
        InputStream open(URI address) throws IOException;
    }

    /** Makes a folder. */
    interface Folder {
        /**
         * Makes it.
         *
         * @throws IOException if it cannot be made
         */
        Path open() throws IOException;
    }

    /**
     * Finds files.
     *
     * @param nodeDirectory where paths begin, and where {@code cache/downloads} is
     * @param repository the local Maven repository
     * @param elsewhere where downloads are kept if {@code cache/downloads} cannot be written to; asked once
     */
    BundleFiles(Path nodeDirectory, Path repository, Downloads downloads, Folder elsewhere) {
        this.nodeDirectory = nodeDirectory;
        this.repository = repository;
        this.downloads = downloads;
        this.elsewhere = elsewhere;
    }

    /** The local Maven repository: the system property {@code maven.repo.local}, else {@code .m2/repository} of the user. */
    static Path localRepository() {
        String given = System.getProperty("maven.repo.local");
        return given == null ? Path.of(System.getProperty("user.home"), ".m2", "repository") : Path.of(given);
    }

    /** Opens an address of the network; a redirection to another protocol is none. */
    static InputStream connect(URI address) throws IOException {
        URLConnection connection = address.toURL().openConnection();
        connection.setConnectTimeout(PATIENCE_MILLIS);
        connection.setReadTimeout(PATIENCE_MILLIS);
        if (connection instanceof HttpURLConnection http && http.getResponseCode() != HttpURLConnection.HTTP_OK) {
            throw new IOException("the answer is " + http.getResponseCode());
        }
        return connection.getInputStream();
    }

    /**
     * Why a location and a hash cannot be those of a bundle.
     *
     * @return a sentence, {@code null} if they can be
     */
    static @Nullable String trouble(String location, @Nullable String sha256) {
        if (sha256 != null && !sha256.matches(HASH)) {
            return "'sha256' must be 64 lower-case hex digits, is '" + sha256 + "'";
        } else if (location.startsWith(HTTPS)) {
            return sha256 == null ? "a bundle by https: needs 'sha256', the hash that it must have" : null;
        } else if (location.startsWith(MVN)) {
            return coordinates(location) == null
                    ? "'" + location
                            + "' must be mvn:GROUP/ARTIFACT/VERSION, with /TYPE and /CLASSIFIER where it has them"
                    : null;
        } else if (location.startsWith(NODE)) {
            return location.matches(OF_NODE)
                    ? null
                    : "'" + location + "' must be node:SYMBOLIC-NAME, with /VERSION where it is to be that one";
        }
        return location.indexOf(':') > 0 && location.matches(SCHEME)
                ? "'" + location
                        + "' is none of a path, mvn:GROUP/ARTIFACT/VERSION, node:SYMBOLIC-NAME, https: with 'sha256'"
                : null;
    }

    private static String @Nullable [] coordinates(String location) {
        String[] parts = location.substring(MVN.length()).split("/", -1);
        for (String part : parts) {
            if (!part.matches(PART)) {
                return null;
            }
        }
        return parts.length < 3 || parts.length > 5 ? null : parts;
    }

    /**
     * The file of a bundle. Blocks while it is downloaded, which happens once.
     *
     * @param sha256 the hash that it must have, {@code null} for any
     * @throws IOException if there is none, or it is another one, with a sentence
     */
    Path find(String location, @Nullable String sha256) throws IOException {
        Path file = location.startsWith(HTTPS) && sha256 != null
                ? download(URI.create(location), sha256)
                : location.startsWith(MVN)
                        ? inRepository(location)
                        : location.startsWith(NODE) ? ofNode(location) : nodeDirectory.resolve(location);
        if (!Files.isRegularFile(file)) {
            throw new FileNotFoundException("there is no bundle " + file.toAbsolutePath());
        }
        if (sha256 != null) {
            String is = copy(Files.newInputStream(file), OutputStream.nullOutputStream());
            if (!is.equals(sha256)) {
                throw new IOException("the bundle " + file.toAbsolutePath()
                        + " has not the hash that is given: its 'sha256' is " + is);
            }
        }
        return file;
    }

    private Path inRepository(String location) throws IOException {
        String[] parts = coordinates(location);
        if (parts == null) {
            throw new IOException(trouble(location, null));
        }
        String type = parts.length > 3 ? parts[3] : "jar";
        String classifier = parts.length > 4 ? "-" + parts[4] : "";
        Path file = repository
                .resolve(parts[0].replace('.', '/'))
                .resolve(parts[1])
                .resolve(parts[2])
                .resolve(parts[1] + "-" + parts[2] + classifier + "." + type);
        if (!Files.isRegularFile(file)) {
            throw new FileNotFoundException("the local Maven repository has no " + file.toAbsolutePath()
                    + "; nothing is fetched for it: 'mvn dependency:get' does that");
        }
        return file;
    }

    /** Copied by the node when it plans the container: for a start of it, or a change of its configuration. */
    private Path ofNode(String location) throws IOException {
        String name = location.substring(NODE.length());
        Path file = nodeDirectory.resolve("cache/bundles").resolve(name.replace('/', '@') + ".jar");
        if (!Files.isRegularFile(file)) {
            throw new FileNotFoundException("there is no copy of the node's bundle " + name + ", "
                    + file.toAbsolutePath() + ": the node makes one, if it has such a bundle, for a component of the"
                    + " configuration or a saved one when the container is started or its configuration changes");
        }
        return file;
    }

    /** What was downloaded before is not downloaded again. */
    private Path download(URI address, String sha256) throws IOException {
        String name = sha256 + ".jar";
        Path kept = nodeDirectory.resolve(DOWNLOADS).resolve(name);
        if (Files.isReadable(kept)) {
            return kept;
        }
        Path folder = downloadFolder();
        Path file = folder.resolve(name);
        if (Files.isRegularFile(file)) {
            return file;
        }
        Path part = Files.createTempFile(folder, "download", ".part");
        try {
            String is = copy(downloads.open(address), Files.newOutputStream(part));
            if (!is.equals(sha256)) {
                throw new IOException(
                        "what is at " + address + " has not the hash that is given: its 'sha256' is " + is);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            return file;
        } catch (IOException e) {
            throw new IOException("the bundle cannot be had from " + address + ": " + e.getMessage(), e);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Of the node's folders a worker of another user can write to none: it has one of its own. */
    private synchronized Path downloadFolder() throws IOException {
        Path own = ownDownloads;
        if (own != null) {
            return own;
        }
        try {
            Path folder = Files.createDirectories(nodeDirectory.resolve(DOWNLOADS));
            if (Files.isWritable(folder)) {
                return folder;
            }
        } catch (IOException e) {
            // Then it is as if it could not be written to.
        }
        Path made = elsewhere.open();
        ownDownloads = made;
        return made;
    }

    /** Copies, closes both, and answers the hash. */
    private static String copy(InputStream from, OutputStream to) throws IOException {
        try (from;
                DigestOutputStream out = new DigestOutputStream(to, MessageDigest.getInstance("SHA-256"))) {
            from.transferTo(out);
            return HexFormat.of().formatHex(out.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM has no SHA-256", e);
        }
    }
}
