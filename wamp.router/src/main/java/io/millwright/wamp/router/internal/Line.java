package io.millwright.wamp.router.internal;

import io.millwright.wamp.router.Outbound;
import io.millwright.wamp.router.Outbound.Offer;
import io.millwright.wamp.serial.SharedMessage;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The way to a session's peer: what is lost on it, and the callers that wait until the peer has read. */
final class Line {
    private final Outbound out;
    private final Consumer<RuntimeException> failures;
    private @Nullable Queue<Runnable> whenRoom;
    private boolean full;
    private long lost;
    private long sent;

    Line(Outbound out, Consumer<RuntimeException> failures) {
        this.out = out;
        this.failures = failures;
    }

    /** A fault of a transport or a serializer is this session's: the turn may be another's, that of a publisher. */
    Offer offer(SharedMessage message) {
        try {
            Offer offer = out.offer(message);
            sent += offer == Offer.TAKEN ? 1 : 0;
            return offer;
        } catch (RuntimeException e) {
            failures.accept(e);
            return Offer.NO_FORM;
        }
    }

    void end() {
        out.end();
    }

    /** Whether more waits than may; said once. */
    boolean isFull(long bound) {
        if (full || out.queuedBytes() <= bound) {
            return false;
        }
        full = true;
        return true;
    }

    /** How many messages the transport has taken. */
    long sent() {
        return sent;
    }

    long receivedBytes() {
        return out.receivedBytes();
    }

    long sentBytes() {
        return out.sentBytes();
    }

    long queuedBytes() {
        return out.queuedBytes();
    }

    long lost() {
        return lost;
    }

    /** Counts an event if it is lost; why, if that is to be told. */
    @Nullable
    String lost(Offer offer) {
        if (offer == Offer.TAKEN || offer == Offer.CLOSED) {
            return null;
        }
        lost++;
        if (Long.bitCount(lost) > 1) {
            return null;
        }
        return switch (offer) {
            case TOO_LARGE -> "longer than its peer takes";
            case NO_FORM -> "with a value that its serializer has no form for";
            default -> "too many wait already";
        };
    }

    void whenRoom(Runnable task) {
        if (whenRoom == null) {
            whenRoom = new ArrayDeque<>(1);
        }
        whenRoom.add(task);
    }

    /** Calls what waits, while no more than the bound waits to be read. */
    void room(long bound) {
        while (whenRoom != null && !whenRoom.isEmpty() && out.queuedBytes() <= bound) {
            whenRoom.remove().run();
        }
    }
}
