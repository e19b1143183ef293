package io.millwright.wamp.client;

import io.millwright.wamp.serial.Serializer;
import java.io.Closeable;
import java.io.IOException;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ConsumerType;

/** A way to a router. Thread-safe; used again at each reconnect. */
@ConsumerType
public interface Transport {
    /**
     * Connects and agrees on the serializer. Blocks, not for ever; an interrupt of the thread ends it.
     *
     * @param maxLength the longest message the client takes, in bytes
     * @throws IOException if it cannot
     * @throws io.millwright.wamp.WampProtocolException if the other side answers with something else
     */
    Connection open(Serializer serializer, int maxLength) throws IOException;

    /** Where it leads, for people. */
    @Override
    String toString();

    /** A connection to a router. */
    @ConsumerType
    interface Connection extends Closeable {
        /**
         * Reads messages until the connection ends. Called once, by the client's thread; the receiver does not block.
         *
         * @throws IOException if it does not end in order; returns normally if the other side or {@link #close} ended it
         * @throws io.millwright.wamp.WampProtocolException if what comes are no frames
         */
        void run(Consumer<byte[]> receiver) throws IOException;

        /**
         * Sends a message, after those sent before. Any thread; does not block: what the other side does not take yet waits.
         *
         * @throws io.millwright.wamp.WampErrorException if it is longer than the other side takes; nothing was sent
         * @throws IOException if the connection has ended
         */
        void send(byte[] message) throws IOException;

        /** How many bytes wait to be sent. */
        long waiting();

        /**
         * Ends it, from any thread; does not block. What waits may be sent yet, for some seconds, or be lost. Does nothing the second
         * time.
         */
        @Override
        void close();
    }
}
