package io.millwright.controller.api;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The node at one moment. Immutable.
 *
 * @param title product or configured title, with the version
 * @param started when the controller was activated
 * @param uptime since then
 * @param controllerPid the process of the controller
 * @param runningWorkers workers in live states
 * @param workersByType the same by worker type
 * @param directory the node directory, absolute
 * @param publicKey the node's Ed25519 public key, 32 bytes in hex
 * @param nodeId the node's configured id
 * @param workerTypes names of the worker types there are, sorted
 * @param state where the node stands
 * @param backend the process backend in use, and why where another was tried
 */
public record NodeStatus(
        String title,
        Instant started,
        Duration uptime,
        long controllerPid,
        int runningWorkers,
        Map<String, Integer> workersByType,
        Path directory,
        String publicKey,
        String nodeId,
        List<String> workerTypes,
        NodeState state,
        String backend)
        implements Document {
    /** Keeps unmodifiable collections. */
    public NodeStatus {
        workersByType = Map.copyOf(workersByType);
        workerTypes = List.copyOf(workerTypes);
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of(
                "title", title,
                "started", started,
                "uptime", uptime,
                "controller_pid", controllerPid,
                "running_workers", runningWorkers,
                "workers_by_type", new java.util.TreeMap<>(workersByType),
                "directory", directory,
                "pubkey", publicKey,
                "node_id", nodeId,
                "worker_types", workerTypes,
                "state", state,
                "backend", backend);
    }
}
