package io.millwright.wamp.net.internal;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listener's TLS: its identity, read again when its files have changed, and the thread for what takes long. Connections that are there stay
 * as they are. Used by the loop's thread where nothing else is said.
 */
final class Tls implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Tls.class);
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final TlsFiles files;
    private final ExecutorService thread;
    private long looked = System.nanoTime();
    /** The files that could not be read, by their stamp, so that it is told once. */
    private String refused = "";

    private volatile TlsIdentity identity;
    private volatile String trouble = "";

    /** Reads the files; blocks. */
    Tls(TlsFiles files) throws IOException {
        this.files = files;
        this.identity = TlsIdentity.read(files);
        ThreadPoolExecutor one =
                new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread made = new Thread(task, "millwright-wamp-tls");
                    made.setDaemon(true);
                    return made;
                });
        one.allowCoreThreadTimeOut(true);
        this.thread = one;
    }

    /** When the certificate ends. */
    Instant ends() {
        return identity.ends();
    }

    /** Why changed files are not used, a sentence; empty if they are. */
    String trouble() {
        return trouble;
    }

    /** Looks at the files; complete when it has. For any thread. */
    CompletableFuture<Void> looked() {
        try {
            return CompletableFuture.runAsync(this::look, thread);
        } catch (RejectedExecutionException closed) {
            return CompletableFuture.completedFuture(null);
        }
    }

    /** The other side of a connection; in a second or more, changed files are looked at for the next. */
    Pipe pipe(Loop loop, SocketChannel channel, Runnable resume) {
        long now = System.nanoTime();
        if (now - looked > LOOK_NANOS) {
            looked = now;
            thread.execute(this::look);
        }
        SSLEngine engine = identity.context().createSSLEngine();
        engine.setUseClientMode(false);
        return new TlsPipe(loop, channel, engine, thread, resume);
    }

    /** In the thread of its own. */
    private void look() {
        String stamp = "";
        try {
            stamp = files.stamp();
            if (stamp.equals(identity.stamp())) {
                // They were away, or others were there for a while.
                trouble = "";
                refused = "";
            } else if (!stamp.equals(refused)) {
                identity = TlsIdentity.read(files);
                trouble = "";
                refused = "";
                LOG.info("The certificate {} was read again; it ends {}", files, identity.ends());
            }
        } catch (IOException e) {
            if (!stamp.equals(refused) || trouble.isEmpty()) {
                LOG.warn("The certificate of before is used on: {}", String.valueOf(e.getMessage()));
            }
            refused = stamp;
            trouble = "the certificate of before is used on: " + e.getMessage();
        }
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
