package io.millwright.controller.api.process;

import io.millwright.controller.api.Document;
import io.millwright.controller.api.Documents;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a process is. Immutable.
 *
 * @param pid its id
 * @param parentPid its parent's, {@code null} if it may not be seen
 * @param user whose it is
 * @param executable its program, {@code null} if it may not be seen
 * @param directory its working directory
 * @param started when it was started
 * @param java version and vendor of its virtual machine
 * @param system name, version and architecture of the operating system
 */
public record ProcessInfo(
        long pid,
        @Nullable Long parentPid,
        String user,
        @Nullable String executable,
        String directory,
        Instant started,
        String java,
        String system)
        implements Document {
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
}
