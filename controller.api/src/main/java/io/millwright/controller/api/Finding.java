package io.millwright.controller.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One thing that is not as it should be, and what to do about it. Immutable. */
public final class Finding implements Document {
    /** How bad a finding is; the worst first. More may come: a switch needs a default branch. */
    public enum Severity {
        /** Something does not work. */
        ERROR,
        /** Something works with less than it could. */
        WARNING,
        /** Worth knowing. */
        INFO
    }

    private final Severity severity;
    private final String subject;
    private final String what;
    private final String remedy;
    private final List<WorkerId> workers;

    private Finding(Severity severity, String subject, String what, String remedy, List<WorkerId> workers) {
        this.severity = severity;
        this.subject = subject;
        this.what = what;
        this.remedy = remedy;
        this.workers = List.copyOf(workers);
    }

    /**
     * A finding.
     *
     * @param severity how bad it is
     * @param subject a noun: a bundle, a file, a worker, a service
     * @param what the rest of the sentence: what is wrong with it
     * @param remedy what to do, an imperative
     * @return the finding
     */
    public static Finding of(Severity severity, String subject, String what, String remedy) {
        return new Finding(severity, subject, what, remedy, List.of());
    }

    /**
     * Something that does not work.
     *
     * @param subject a noun
     * @param what the rest of the sentence
     * @param remedy what to do
     * @return the finding
     */
    public static Finding error(String subject, String what, String remedy) {
        return of(Severity.ERROR, subject, what, remedy);
    }

    /**
     * Something that works with less than it could.
     *
     * @param subject a noun
     * @param what the rest of the sentence
     * @param remedy what to do
     * @return the finding
     */
    public static Finding warning(String subject, String what, String remedy) {
        return of(Severity.WARNING, subject, what, remedy);
    }

    /**
     * Something worth knowing.
     *
     * @param subject a noun
     * @param what the rest of the sentence
     * @param remedy what to do
     * @return the finding
     */
    public static Finding info(String subject, String what, String remedy) {
        return of(Severity.INFO, subject, what, remedy);
    }

    /**
     * The same about workers.
     *
     * @param about their ids
     * @return a copy with them
     */
    public Finding about(List<WorkerId> about) {
        return new Finding(severity, subject, what, remedy, about);
    }

    /**
     * How bad it is.
     *
     * @return the severity
     */
    public Severity severity() {
        return severity;
    }

    /**
     * The thing it is about.
     *
     * @return a noun
     */
    public String subject() {
        return subject;
    }

    /**
     * The trouble.
     *
     * @return a sentence without its subject
     */
    public String what() {
        return what;
    }

    /**
     * The way out.
     *
     * @return an imperative
     */
    public String remedy() {
        return remedy;
    }

    /**
     * The workers it is about.
     *
     * @return their ids; empty if it is about something else
     */
    public List<WorkerId> workers() {
        return workers;
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of(
                "severity", severity, "subject", subject, "what", what, "remedy", remedy, "workers", workers);
    }

    @Override
    public String toString() {
        return severity + " " + subject + " " + what;
    }
}
