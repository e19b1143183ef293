package io.millwright.launcher;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells systemd (or whoever made the socket in {@code NOTIFY_SOCKET}) how the node is. Java has no datagram sockets of
 * the Unix kind, so perl sends, or systemd-notify where there is no perl. The sender is a child of the node: the unit
 * needs {@code NotifyAccess=all}. Blocks until the message is sent; thread-safe.
 */
final class SystemdNotifier {
    private static final String SEND =
            """
            my ($path, $message) = @ARGV;
            substr($path, 0, 1) = "\\0" if substr($path, 0, 1) eq "\\x40";
            socket(my $s, AF_UNIX, SOCK_DGRAM, 0) or die "$!\\n";
            defined send($s, $message, 0, pack_sockaddr_un($path)) or die "$path: $!\\n";
            """;

    private final @Nullable String socket;

    SystemdNotifier(@Nullable String socket) {
        this.socket = socket == null || socket.isEmpty() ? null : socket;
    }

    void send(String... assignments) {
        if (socket == null) {
            return;
        }
        try {
            if (!run(List.of("perl", "-MSocket", "-e", SEND, socket, String.join("\n", assignments)))) {
                Console.error("no notification was sent to " + socket);
            }
        } catch (IOException noPerl) {
            try {
                List<String> command = new ArrayList<>(List.of("systemd-notify"));
                command.addAll(List.of(assignments));
                if (!run(command)) {
                    Console.error("systemd-notify sent no notification to " + socket);
                }
            } catch (IOException e) {
                Console.error("cannot notify " + socket + ": neither perl nor systemd-notify is on the PATH");
            }
        }
    }

    private boolean run(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        if (socket != null) {
            builder.environment().put("NOTIFY_SOCKET", socket);
        }
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            if (process.waitFor(10, TimeUnit.SECONDS)) {
                return process.exitValue() == 0;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        return false;
    }
}
