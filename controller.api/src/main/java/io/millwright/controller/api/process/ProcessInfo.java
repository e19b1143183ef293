package io.millwright.controller.api.process;

import io.millwright.controller.api.Document;
import io.millwright.controller.api.Documents;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a process is. Immutable. */
public final class ProcessInfo implements Document {
    private final long pid;
    private final @Nullable Long parentPid;
    private final String user;
    private final @Nullable String executable;
    private final String directory;
    private final Instant started;
    private final String java;
    private final String system;

    private ProcessInfo(Builder builder) {
        this.pid = builder.pid;
        this.parentPid = builder.parentPid;
        this.user = Objects.requireNonNull(builder.user, "user");
        this.executable = builder.executable;
        this.directory = Objects.requireNonNull(builder.directory, "directory");
        this.started = Objects.requireNonNull(builder.started, "started");
        this.java = Objects.requireNonNull(builder.java, "java");
        this.system = Objects.requireNonNull(builder.system, "system");
    }

    /**
     * Begins one.
     *
     * @param pid its id
     * @param started when it was started
     * @return a builder whose {@code build()} makes it
     */
    public static Builder builder(long pid, Instant started) {
        return new Builder(pid, started);
    }

    /**
     * A builder that holds the same.
     *
     * @return for a changed copy
     */
    public Builder toBuilder() {
        Builder builder = new Builder(pid, started);
        builder.parentPid = parentPid;
        builder.user = user;
        builder.executable = executable;
        builder.directory = directory;
        builder.java = java;
        builder.system = system;
        return builder;
    }

    /** Its id. */
    public long pid() {
        return pid;
    }

    /** Its parent's, {@code null} if it may not be seen. */
    public @Nullable Long parentPid() {
        return parentPid;
    }

    /** Whose it is. */
    public String user() {
        return user;
    }

    /** Its program, {@code null} if it may not be seen. */
    public @Nullable String executable() {
        return executable;
    }

    /** Its working directory. */
    public String directory() {
        return directory;
    }

    /** When it was started. */
    public Instant started() {
        return started;
    }

    /** Version and vendor of its virtual machine. */
    public String java() {
        return java;
    }

    /** Name, version and architecture of the operating system. */
    public String system() {
        return system;
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of(
                "pid", pid,
                "parent_pid", parentPid,
                "user", user,
                "executable", executable,
                "directory", directory,
                "started", started,
                "java", java,
                "system", system);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof ProcessInfo that
                        && pid == that.pid
                        && Objects.equals(parentPid, that.parentPid)
                        && user.equals(that.user)
                        && Objects.equals(executable, that.executable)
                        && directory.equals(that.directory)
                        && started.equals(that.started)
                        && java.equals(that.java)
                        && system.equals(that.system);
    }

    @Override
    public int hashCode() {
        return Objects.hash(pid, parentPid, user, executable, directory, started, java, system);
    }

    @Override
    public String toString() {
        return "ProcessInfo" + toMap();
    }

    /** Makes a {@link ProcessInfo}; for one thread. Each method returns the builder itself. */
    public static final class Builder {
        private final long pid;
        private @Nullable Long parentPid;
        private String user = "";
        private @Nullable String executable;
        private String directory = "";
        private final Instant started;
        private String java = "";
        private String system = "";

        private Builder(long pid, Instant started) {
            this.pid = pid;
            this.started = started;
        }

        /** Its parent's, {@code null} if it may not be seen. */
        public Builder parentPid(@Nullable Long value) {
            parentPid = value;
            return this;
        }

        /** Whose it is. */
        public Builder user(String value) {
            user = value;
            return this;
        }

        /** Its program, {@code null} if it may not be seen. */
        public Builder executable(@Nullable String value) {
            executable = value;
            return this;
        }

        /** Its working directory. */
        public Builder directory(String value) {
            directory = value;
            return this;
        }

        /** Version and vendor of its virtual machine. */
        public Builder java(String value) {
            java = value;
            return this;
        }

        /** Name, version and architecture of the operating system. */
        public Builder system(String value) {
            system = value;
            return this;
        }

        /** Makes the value; the builder can go on being used. */
        public ProcessInfo build() {
            return new ProcessInfo(this);
        }
    }
}
