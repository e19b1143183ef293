package io.millwright.worker.runtime.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.ParseException;
import java.util.Map;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import org.jspecify.annotations.Nullable;

/** One recording of the JDK's Flight Recorder at a time. Thread-safe. */
final class FlightRecorder {
    private final Birth birth;
    /** A {@link Recording}, whose class is loaded with the first one. */
    private @Nullable Object recording;

    FlightRecorder(Birth birth) {
        this.birth = birth;
    }

    /** Begins one with the settings {@code default} or {@code profile}. */
    synchronized @Nullable Object start(String settings) throws IOException {
        if (recording != null) {
            throw JvmOperations.invalid("a recording is on its way; stop it first");
        }
        if (!settings.equals("default") && !settings.equals("profile")) {
            throw JvmOperations.invalid("'settings' is '" + settings + "'; it must be 'default' or 'profile'");
        }
        try {
            Recording begun = new Recording(Configuration.getConfiguration(settings));
            begun.start();
            recording = begun;
        } catch (ParseException e) {
            throw new IOException("the settings '" + settings + "' of this JVM cannot be read: " + e.getMessage(), e);
        }
        return null;
    }

    /** Ends it and writes its file. */
    synchronized Map<String, Object> stop() throws IOException {
        if (!(recording instanceof Recording begun)) {
            throw JvmOperations.invalid("no recording is on its way; start one first");
        }
        recording = null;
        try (begun) {
            begun.stop();
            Path file = new Dumps(birth).newFile(".jfr");
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            begun.dump(file);
            return Dumps.finished(file);
        }
    }
}
