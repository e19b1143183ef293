package io.millwright.shell.local.client;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Sees whether the node is still there while a command is silent, as {@code lib/client.pl} does: after some seconds without a
 * byte the node is asked by a connection of its own, and has twice as many to answer. Ends the command too when its time
 * is over. Thread-safe; works in a daemon thread.
 */
final class NodeWatch {
    private static final int DEFAULT_PATIENCE = 10;
    private static final int LONGEST_SILENCE_MILLIS = 60_000;
    private static final byte[] PING = {'M', 'W', 'S', 1, 'P', 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0};

    private final Path directory;
    private final Consumer<String> failed;
    private final int patience;
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(2, work -> {
        Thread thread = new Thread(work, "millwright-watch");
        thread.setDaemon(true);
        return thread;
    });
    private volatile long heard = System.nanoTime();

    /**
     * Begins to watch: connecting and sending must be done in the time a node has to answer.
     *
     * @param directory the node directory
     * @param limit seconds the command may take, 0 for no limit
     * @param failed gets the reason to give up, in a thread of this
     */
    NodeWatch(Path directory, long limit, Consumer<String> failed) {
        this.directory = directory;
        this.failed = failed;
        String named = System.getenv("MILLWRIGHT_PATIENCE");
        this.patience = named != null && named.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(named) : DEFAULT_PATIENCE;
        if (limit > 0) {
            timer.schedule(
                    () -> failed.accept("the command has not ended within " + limit + " s, and is given up"),
                    limit,
                    TimeUnit.SECONDS);
        }
        later(firstSilence());
    }

    private long firstSilence() {
        return TimeUnit.SECONDS.toMillis(patience) / 2;
    }

    /** A byte of the node came. */
    void heard() {
        heard = System.nanoTime();
    }

    private void later(long silence) {
        timer.schedule(() -> look(silence), silence, TimeUnit.MILLISECONDS);
    }

    private void look(long silence) {
        if (System.nanoTime() - heard < TimeUnit.MILLISECONDS.toNanos(silence)) {
            later(firstSilence());
            return;
        }
        var alarm = timer.schedule(() -> failed.accept(silent()), patience, TimeUnit.SECONDS);
        try (SocketChannel other = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            other.connect(UnixDomainSocketAddress.of(directory.resolve("run/node.sock")));
            other.write(ByteBuffer.wrap(PING));
            if (other.read(ByteBuffer.allocate(64)) <= 0) {
                failed.accept(silent());
            }
        } catch (IOException e) {
            failed.accept(silent());
        }
        alarm.cancel(false);
        later(Math.min(silence * 2, LONGEST_SILENCE_MILLIS));
    }

    private String silent() {
        return "the node in " + directory + " does not answer" + process();
    }

    private String process() {
        try {
            String pid = Files.readString(directory.resolve("run/pid")).strip();
            if (!pid.matches("[0-9]+")) {
                return "";
            }
            Path stat = Path.of("/proc", pid, "stat");
            return Files.exists(stat) && Files.readString(stat).matches("(?s).*\\) [Tt] .*")
                    ? "; its process " + pid + " is halted, 'kill -CONT " + pid + "' lets it go on"
                    : "; its process is " + pid;
        } catch (IOException e) {
            return "";
        }
    }
}
