package io.millwright.shell.gogo.internal.doctor;

import io.millwright.controller.api.Document;
import io.millwright.controller.api.Documents;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thing the doctor found. Immutable.
 *
 * @param severity how bad it is
 * @param subject what it is about: a bundle, a component, a worker, a service
 * @param what what is wrong
 * @param remedy what to do about it
 */
public record Finding(Severity severity, String subject, String what, String remedy) implements Document {
    /** How bad a finding is; the worst first. */
    public enum Severity {
        /** Something does not work. */
        ERROR,
        /** Something works with less than it could. */
        WARNING,
        /** Worth knowing. */
        INFO
    }

    static Finding error(String subject, String what, String remedy) {
        return new Finding(Severity.ERROR, subject, what, remedy);
    }

    static Finding warning(String subject, String what, String remedy) {
        return new Finding(Severity.WARNING, subject, what, remedy);
    }

    static Finding info(String subject, String what, String remedy) {
        return new Finding(Severity.INFO, subject, what, remedy);
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of("severity", severity, "subject", subject, "what", what, "remedy", remedy);
    }
}
