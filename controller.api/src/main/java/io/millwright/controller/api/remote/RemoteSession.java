package io.millwright.controller.api.remote;

import io.millwright.controller.api.Document;
import io.millwright.controller.api.Documents;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A session of the remote management, as it was at one moment. Immutable; made by {@link #builder}. */
public final class RemoteSession implements Document {
    private final long id;
    private final String principal;
    private final String role;
    private final String method;
    private final String listener;
    private final String address;
    private final String transport;
    private final Instant since;
    private final boolean worker;
    private final long received;
    private final long sent;
    private final long lost;
    private final long refused;
    private final long queued;

    private RemoteSession(Builder from) {
        id = from.id;
        principal = from.principal;
        role = from.role;
        method = from.method;
        listener = from.listener;
        address = from.address;
        transport = from.transport;
        since = from.since;
        worker = from.worker;
        received = from.received;
        sent = from.sent;
        lost = from.lost;
        refused = from.refused;
        queued = from.queued;
    }

    /**
     * Makes one.
     *
     * @param id its number
     * @param principal the name by which it is known
     * @param role the name of its role
     * @param since when it joined
     * @return a builder; what it is not told is empty, false or 0
     */
    public static Builder builder(long id, String principal, String role, Instant since) {
        return new Builder(id, principal, role, since);
    }

    /**
     * Its number.
     *
     * @return the value
     */
    public long id() {
        return id;
    }

    /**
     * The name by which it is known.
     *
     * @return the value
     */
    public String principal() {
        return principal;
    }

    /**
     * The name of its role.
     *
     * @return the value
     */
    public String role() {
        return role;
    }

    /**
     * How it proved who it is, for example {@code ticket}.
     *
     * @return the value
     */
    public String method() {
        return method;
    }

    /**
     * The name of the listener it came by.
     *
     * @return the value
     */
    public String listener() {
        return listener;
    }

    /**
     * Where it came from: {@code HOST:PORT}, or {@code user UID} by a Unix socket.
     *
     * @return the value
     */
    public String address() {
        return address;
    }

    /**
     * What it speaks, for example {@code rawsocket msgpack}, with {@code tls} if that is so.
     *
     * @return the value
     */
    public String transport() {
        return transport;
    }

    /**
     * When it joined.
     *
     * @return the value
     */
    public Instant since() {
        return since;
    }

    /**
     * Whether it is the control channel of a worker.
     *
     * @return the value
     */
    public boolean isWorker() {
        return worker;
    }

    /**
     * How many messages it has sent to the node.
     *
     * @return the value
     */
    public long received() {
        return received;
    }

    /**
     * How many messages the node has sent to it.
     *
     * @return the value
     */
    public long sent() {
        return sent;
    }

    /**
     * How many events could not be sent to it.
     *
     * @return the value
     */
    public long lost() {
        return lost;
    }

    /**
     * How many of its requests a limit has refused.
     *
     * @return the value
     */
    public long refused() {
        return refused;
    }

    /**
     * How many bytes wait for it to be read.
     *
     * @return the value
     */
    public long queued() {
        return queued;
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of(
                "id",
                id,
                "principal",
                principal,
                "role",
                role,
                "method",
                method,
                "listener",
                listener,
                "address",
                address,
                "transport",
                transport,
                "since",
                since,
                "worker",
                worker,
                "received",
                received,
                "sent",
                sent,
                "lost",
                lost,
                "refused",
                refused,
                "queued",
                queued);
    }

    @Override
    public String toString() {
        return "session " + id + " of '" + principal + "' (" + role + ") from " + address;
    }

    /** Makes a session. For one thread. */
    public static final class Builder {
        private final long id;
        private final String principal;
        private final String role;
        private String method = "";
        private String listener = "";
        private String address = "";
        private String transport = "";
        private final Instant since;
        private boolean worker;
        private long received;
        private long sent;
        private long lost;
        private long refused;
        private long queued;

        private Builder(long id, String principal, String role, Instant since) {
            this.id = id;
            this.principal = principal;
            this.role = role;
            this.since = since;
        }

        /**
         * How it proved who it is, for example {@code ticket}.
         *
         * @param value the value
         * @return this
         */
        public Builder method(String value) {
            method = value;
            return this;
        }

        /**
         * The name of the listener it came by.
         *
         * @param value the value
         * @return this
         */
        public Builder listener(String value) {
            listener = value;
            return this;
        }

        /**
         * Where it came from: {@code HOST:PORT}, or {@code user UID} by a Unix socket.
         *
         * @param value the value
         * @return this
         */
        public Builder address(String value) {
            address = value;
            return this;
        }

        /**
         * What it speaks, for example {@code rawsocket msgpack}, with {@code tls} if that is so.
         *
         * @param value the value
         * @return this
         */
        public Builder transport(String value) {
            transport = value;
            return this;
        }

        /**
         * Whether it is the control channel of a worker.
         *
         * @param value the value
         * @return this
         */
        public Builder worker(boolean value) {
            worker = value;
            return this;
        }

        /**
         * How many messages it has sent to the node.
         *
         * @param value the value
         * @return this
         */
        public Builder received(long value) {
            received = value;
            return this;
        }

        /**
         * How many messages the node has sent to it.
         *
         * @param value the value
         * @return this
         */
        public Builder sent(long value) {
            sent = value;
            return this;
        }

        /**
         * How many events could not be sent to it.
         *
         * @param value the value
         * @return this
         */
        public Builder lost(long value) {
            lost = value;
            return this;
        }

        /**
         * How many of its requests a limit has refused.
         *
         * @param value the value
         * @return this
         */
        public Builder refused(long value) {
            refused = value;
            return this;
        }

        /**
         * How many bytes wait for it to be read.
         *
         * @param value the value
         * @return this
         */
        public Builder queued(long value) {
            queued = value;
            return this;
        }

        /**
         * Makes it.
         *
         * @return the session
         */
        public RemoteSession build() {
            return new RemoteSession(this);
        }
    }
}
