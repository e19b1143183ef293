package io.millwright.wamp.net.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/** Bytes encrypted by TLS. What takes long in a handshake runs elsewhere, and the pipe rests meanwhile. Used by the loop's thread. */
final class TlsPipe implements Pipe {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SocketChannel channel;
    private final Loop loop;
    private final SSLEngine engine;
    private final Executor elsewhere;
    private final Runnable resume;
    private final ByteBuffer encryptedIn;
    private final ByteBuffer encryptedOut;
    private boolean resting;
    private boolean ended;

    /**
     * A pipe whose handshake has not begun.
     *
     * @param elsewhere where what takes long is done
     * @param resume called in the loop when that is over: to read and to write
     */
    TlsPipe(Loop loop, SocketChannel channel, SSLEngine engine, Executor elsewhere, Runnable resume) {
        this.loop = loop;
        this.channel = channel;
        this.engine = engine;
        this.elsewhere = elsewhere;
        this.resume = resume;
        int length = engine.getSession().getPacketBufferSize();
        // Two of them fit, decrypted, into the loop's buffer.
        this.encryptedIn = ByteBuffer.allocate(length);
        this.encryptedOut = ByteBuffer.allocate(length).limit(0);
    }

    @Override
    public int read(ByteBuffer into, int most) throws IOException {
        int start = into.position();
        if (!ended && channel.read(encryptedIn) < 0) {
            ended = true;
        }
        encryptedIn.flip();
        try {
            decrypt(into);
        } catch (SSLException e) {
            sayWhy();
            throw e;
        } finally {
            encryptedIn.compact();
        }
        int count = into.position() - start;
        return count == 0 && (ended || engine.isInboundDone()) ? -1 : count;
    }

    /** What is wrong is told as an alert, if the channel takes it at once. */
    private void sayWhy() throws IOException {
        while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP && encrypt(NOTHING)) {
            // One record after the other.
        }
    }

    private void decrypt(ByteBuffer into) throws IOException {
        while (!resting) {
            HandshakeStatus need = engine.getHandshakeStatus();
            if (need == HandshakeStatus.NEED_TASK) {
                rest();
            } else if (need == HandshakeStatus.NEED_WRAP) {
                if (!encrypt(NOTHING)) {
                    return;
                }
            } else {
                SSLEngineResult result = engine.unwrap(encryptedIn, into);
                boolean progress = result.bytesConsumed() > 0 || result.bytesProduced() > 0;
                if (result.getStatus() != Status.OK || !progress) {
                    return;
                }
            }
        }
    }

    /** Encrypts and writes; false if the channel takes no more now, or nothing can be encrypted. */
    private boolean encrypt(ByteBuffer bytes) throws IOException {
        if (!writeEncrypted()) {
            return false;
        }
        encryptedOut.clear();
        Status status;
        try {
            status = engine.wrap(bytes, encryptedOut).getStatus();
        } finally {
            encryptedOut.flip();
        }
        return writeEncrypted() && status == Status.OK;
    }

    private boolean writeEncrypted() throws IOException {
        if (encryptedOut.hasRemaining()) {
            channel.write(encryptedOut);
        }
        return !encryptedOut.hasRemaining();
    }

    @Override
    public boolean write(Outgoing outgoing) throws IOException {
        while (writeEncrypted()) {
            HandshakeStatus need = resting ? HandshakeStatus.NEED_TASK : engine.getHandshakeStatus();
            if (need == HandshakeStatus.NEED_WRAP) {
                encrypt(NOTHING);
            } else if (need == HandshakeStatus.NEED_TASK) {
                rest();
                return true;
            } else if (outgoing.isEmpty() || need == HandshakeStatus.NEED_UNWRAP || engine.isOutboundDone()) {
                return true;
            } else {
                ByteBuffer bytes = loop.output();
                outgoing.peek(bytes);
                bytes.flip();
                encrypt(bytes);
                outgoing.taken(bytes.position());
            }
        }
        return false;
    }

    private void rest() {
        Runnable task = resting ? null : engine.getDelegatedTask();
        if (task == null) {
            return;
        }
        resting = true;
        elsewhere.execute(() -> {
            try {
                for (Runnable next = task; next != null; next = engine.getDelegatedTask()) {
                    next.run();
                }
            } finally {
                loop.post(() -> {
                    resting = false;
                    resume.run();
                });
            }
        });
    }

    @Override
    public boolean isResting() {
        return resting;
    }

    @Override
    public void finish() throws IOException {
        if (!resting) {
            engine.closeOutbound();
            encrypt(NOTHING);
        }
        channel.shutdownOutput();
    }
}
