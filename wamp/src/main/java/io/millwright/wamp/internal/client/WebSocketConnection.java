package io.millwright.wamp.internal.client;

import io.millwright.wamp.WampProtocolException;
import io.millwright.wamp.client.Transport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A WebSocket: one message is sent at a time, the others wait; one is asked for when the one before was handled. */
final class WebSocketConnection implements Transport.Connection {
    private static final int CLOSE_SECONDS = 2;
    /** Stands in the queue for the end. */
    private static final byte[] END = new byte[0];

    private final boolean binary;
    private final int maxLength;
    private final Listener listener = new Listener();
    private final BlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
    private final CompletableFuture<WebSocket> socket = new CompletableFuture<>();
    private volatile @Nullable Throwable failure;
    /** Guards what is below. */
    private final Object lock = new Object();

    private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private boolean sending;
    private boolean closed;

    WebSocketConnection(boolean binary, int maxLength) {
        this.binary = binary;
        this.maxLength = maxLength;
    }

    WebSocket.Listener listener() {
        return listener;
    }

    void opened(WebSocket opened) {
        socket.complete(opened);
    }

    /** Called by threads of the HTTP client, one after the other. */
    private final class Listener implements WebSocket.Listener {
        private final ByteArrayOutputStream message = new ByteArrayOutputStream();

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            part(from, bytes, last);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            part(from, data.toString().getBytes(StandardCharsets.UTF_8), last);
            return null;
        }

        private void part(WebSocket from, byte[] bytes, boolean last) {
            if (message.size() + bytes.length > maxLength) {
                end(new WampProtocolException("a message is longer than " + maxLength + " bytes"));
                from.abort();
                return;
            }
            message.writeBytes(bytes);
            if (last) {
                received.add(message.toByteArray());
                message.reset();
            } else {
                from.request(1);
            }
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            end(
                    code == WebSocket.NORMAL_CLOSURE
                            ? null
                            : new IOException("the router closed the connection: " + code + " " + reason));
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            end(error);
        }
    }

    private void end(@Nullable Throwable why) {
        if (failure == null) {
            failure = why;
        }
        received.add(END);
    }

    @Override
    public void run(Consumer<byte[]> receiver) throws IOException {
        try {
            for (byte[] bytes = received.take(); bytes != END; bytes = received.take()) {
                receiver.accept(bytes);
                socket.join().request(1);
            }
        } catch (InterruptedException e) {
            // The client is to end: the session's own end was not waited for.
            return;
        } finally {
            close();
        }
        Throwable why = failure;
        if (why instanceof WampProtocolException e) {
            throw e;
        }
        if (why != null) {
            throw new IOException(why.getMessage(), why);
        }
    }

    @Override
    public void send(byte[] message) throws IOException {
        synchronized (lock) {
            if (closed) {
                throw new ClosedChannelException();
            }
            waiting.add(message);
            waitingBytes += message.length;
            if (sending) {
                return;
            }
            sending = true;
        }
        sendAll();
    }

    /** Sends until one is not sent at once; its end goes on with the next. */
    private void sendAll() {
        WebSocket to = socket.join();
        for (byte[] message = next(); message != null; message = next()) {
            CompletableFuture<WebSocket> sent = binary
                    ? to.sendBinary(ByteBuffer.wrap(message), true)
                    : to.sendText(new String(message, StandardCharsets.UTF_8), true);
            if (!sent.isDone() || sent.isCompletedExceptionally()) {
                sent.whenComplete((done, error) -> sent(error));
                return;
            }
        }
    }

    private byte @Nullable [] next() {
        synchronized (lock) {
            byte[] message = waiting.poll();
            sending = message != null;
            waitingBytes -= message == null ? 0 : message.length;
            return message;
        }
    }

    private void sent(@Nullable Throwable error) {
        if (error == null) {
            sendAll();
        } else {
            end(error);
            close();
        }
    }

    @Override
    public long waiting() {
        synchronized (lock) {
            return waitingBytes;
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            waiting.clear();
            waitingBytes = 0;
        }
        received.add(END);
        WebSocket open = socket.join();
        open.sendClose(WebSocket.NORMAL_CLOSURE, "")
                .orTimeout(CLOSE_SECONDS, TimeUnit.SECONDS)
                .whenComplete((done, error) -> open.abort());
    }
}
