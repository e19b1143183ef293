package io.millwright.wamp.net.internal;

import io.millwright.wamp.WampErrors;
import io.millwright.wamp.WampProtocolException;
import io.millwright.wamp.message.Abort;
import io.millwright.wamp.message.Call;
import io.millwright.wamp.message.ErrorMessage;
import io.millwright.wamp.message.Event;
import io.millwright.wamp.message.Goodbye;
import io.millwright.wamp.message.Hello;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.message.Result;
import io.millwright.wamp.message.WampMessage;
import io.millwright.wamp.message.Welcome;
import io.millwright.wamp.router.Connection;
import io.millwright.wamp.router.Limits;
import io.millwright.wamp.router.Outbound;
import io.millwright.wamp.router.Outbound.Offer;
import io.millwright.wamp.router.Peer;
import io.millwright.wamp.router.Realm;
import io.millwright.wamp.router.Router;
import io.millwright.wamp.serial.SharedMessage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** A router that welcomes everybody and answers calls itself: {@code echo}, {@code large} (n bytes), {@code flood} (n events, of m bytes each). */
final class FakeRouter implements Router {
    final List<Seen> connections = new CopyOnWriteArrayList<>();
    /** Is told of each call before it is answered, in the loop's thread. */
    volatile Consumer<Call> onCall = call -> {};

    private final AtomicLong ids = new AtomicLong();

    /** A connection as the router saw it. */
    final class Seen implements Connection {
        final Peer peer;
        final Outbound out;
        final List<String> violations = new CopyOnWriteArrayList<>();
        final List<String> closed = new CopyOnWriteArrayList<>();
        final AtomicLong drained = new AtomicLong();
        private final long id;
        private volatile boolean joined;

        Seen(long id, Peer peer, Outbound out) {
            this.id = id;
            this.peer = peer;
            this.out = out;
        }

        @Override
        public void receive(WampMessage message) {
            if (message instanceof Hello) {
                joined = true;
                send(new Welcome(id, Map.of()));
            } else if (message instanceof Goodbye) {
                send(new Goodbye(Map.of(), WampErrors.GOODBYE_AND_OUT));
                out.end();
            } else if (message instanceof Call call) {
                answer(call);
            }
        }

        private void answer(Call call) {
            onCall.accept(call);
            List<?> args = call.payload().args();
            switch (call.procedure()) {
                case "echo" -> reply(call, call.payload());
                case "large" -> reply(call, Payload.args("x".repeat(number(args, 0))));
                case "flood" -> {
                    SharedMessage event =
                            SharedMessage.of(new Event(1, 1, Map.of(), Payload.args("x".repeat(number(args, 1)))));
                    for (int i = 0; i < number(args, 0); i++) {
                        out.offer(event);
                    }
                    reply(call, Payload.EMPTY);
                }
                default -> throw new IllegalStateException("a fault of the router");
            }
        }

        private int number(List<?> args, int index) {
            return ((Number) args.get(index)).intValue();
        }

        private void reply(Call call, Payload payload) {
            if (send(new Result(call.request(), Map.of(), payload)) == Offer.TOO_LARGE) {
                send(new ErrorMessage(
                        call.type().code(), call.request(), Map.of(), WampErrors.PAYLOAD_SIZE_EXCEEDED, Payload.EMPTY));
            }
        }

        private Offer send(WampMessage message) {
            return out.offer(SharedMessage.of(message));
        }

        @Override
        public void violation(WampProtocolException what) {
            violations.add(String.valueOf(what.getMessage()));
            send(new Abort(what.uri(), String.valueOf(what.getMessage())));
            out.end();
        }

        @Override
        public void closed(String why) {
            closed.add(why);
            joined = false;
            out.end();
        }

        @Override
        public void drained() {
            drained.incrementAndGet();
        }

        @Override
        public int maxMessageBytes() {
            return joined ? Limits.DEFAULT.messageBytes() : Limits.DEFAULT.helloBytes();
        }

        @Override
        public boolean isJoined() {
            return joined;
        }
    }

    @Override
    public Realm addRealm(String name, Limits limits) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Realm realm(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean removeRealm(String name, String reason, String message) {
        return false;
    }

    @Override
    public Connection connect(Peer peer, Outbound outbound) {
        Seen seen = new Seen(ids.incrementAndGet(), peer, outbound);
        connections.add(seen);
        return seen;
    }
}
