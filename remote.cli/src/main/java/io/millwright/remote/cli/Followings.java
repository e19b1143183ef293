package io.millwright.remote.cli;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.EventListener;
import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.LogListener;
import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Operation;
import io.millwright.controller.api.Subscription;
import io.millwright.controller.api.WorkerId;
import io.millwright.wamp.WampConnectionException;
import io.millwright.wamp.client.CallResult;
import io.millwright.wamp.client.PendingCall;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Followings that survive a lost connection: when there is one again, they go on after what came last. A loss of log lines that cannot be counted
 * is said. Thread-safe.
 */
final class Followings {
    /** As much as is asked for of a log that is another one than before: all that is in it is new. */
    private static final int RESUMED = 1000;

    private final Calls calls;
    private final Link link;

    /** Begins the call of a following. */
    private interface Beginning {
        /**
         * Makes the call.
         *
         * @throws ExecutionException if something that it must know first could not be had
         */
        PendingCall begin() throws ExecutionException, InterruptedException;
    }

    /** The connection as a following sees it. */
    interface Link {
        /** How many sessions there were so far, this one among them. */
        long sessions();

        /**
         * Waits until there is a session again.
         *
         * @param before how many there were before the call that failed, which may fail before the end of its session is told
         * @return false if there will be none
         */
        boolean await(long before) throws InterruptedException;

        /** Says something to the user that is no output of the command. */
        void say(String sentence);

        /** Ends the command, which has failed: what it follows is over, and nobody else tells it. */
        void fail();
    }

    Followings(Calls calls, Link link) {
        this.calls = calls;
        this.link = link;
    }

    /** What is refused is refused here, and not in the thread that follows. */
    Subscription log(WorkerId id, int backlog, LogListener listener) {
        calls.get(Operation.GET_WORKER_LOG, Map.of("id", id.value(), "limit", 1), answer -> answer);
        Log log = new Log(id, backlog, listener);
        return new Following(log::begin, listener::onEnd, log::fails);
    }

    Subscription events(@Nullable Long after, EventListener listener) {
        Events events = new Events(after, listener);
        return new Following(events::begin, link::fail, why -> {
            link.say(String.valueOf(why.getMessage()));
            return false;
        });
    }

    /** One following, over as many calls as there are connections. */
    private final class Following implements Subscription {
        private final Beginning begin;
        private final Runnable end;
        /** Says why it ends; true if it is to be begun anew. */
        private final Predicate<NodeException> failed;

        private final Thread thread;
        private volatile boolean closed;
        private boolean again;
        private long sessions;

        Following(Beginning begin, Runnable end, Predicate<NodeException> failed) {
            this.begin = begin;
            this.end = end;
            this.failed = failed;
            this.thread = new Thread(this::run, "millwright-follow");
            thread.setDaemon(true);
            thread.start();
        }

        private void run() {
            try {
                while (!closed && !followed()) {
                    if (again) {
                        again = false;
                        continue;
                    }
                    link.say("the connection to the node was lost; it is tried again");
                    if (!link.await(sessions)) {
                        break;
                    }
                    link.say("connected again");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                if (!closed) {
                    end.run();
                }
            }
        }

        /** Follows; true if it is over, false if the connection was lost. */
        private boolean followed() throws InterruptedException {
            PendingCall call = null;
            sessions = link.sessions();
            try {
                call = begin.begin();
                call.get();
                return true;
            } catch (ExecutionException e) {
                Throwable cause = e.getCause() instanceof CompletionException inner && inner.getCause() != null
                        ? inner.getCause()
                        : e.getCause();
                if (cause instanceof WampConnectionException) {
                    return false;
                }
                again = failed.test(Errors.of(cause == null ? e : cause));
                return !again;
            } catch (InterruptedException e) {
                if (call != null) {
                    call.cancel(true);
                }
                throw e;
            }
        }

        @Override
        public void close() {
            closed = true;
            thread.interrupt();
        }
    }

    /** A log: which line came last. Its parts come one after the other. */
    private final class Log {
        private final WorkerId id;
        private final int backlog;
        private final LogListener listener;
        /** Where it is; {@code null} if that is not known. */
        private volatile @Nullable Long position;

        private volatile boolean resumes;

        Log(WorkerId id, int backlog, LogListener listener) {
            this.id = id;
            this.backlog = backlog;
            this.listener = listener;
        }

        PendingCall begin() {
            Long after = position;
            Map<String, ?> arguments = after == null
                    ? Map.of("id", id.value(), "backlog", resumes ? RESUMED : backlog)
                    : Map.of("id", id.value(), "after", after);
            return calls.begin(Operation.FOLLOW_WORKER_LOG, arguments, this::part);
        }

        /** The node may have another log by now: then it is followed from its beginning. */
        boolean fails(NodeException why) {
            boolean another = position != null && why.code() == ErrorCode.INVALID_ARGUMENT;
            if (another) {
                position = null;
                resumes = true;
                link.say("lines that were written meanwhile are lost here; worker:log shows what is kept of them");
            } else {
                link.say(String.valueOf(why.getMessage()));
            }
            return another;
        }

        private void part(Values part) {
            List<LogEntry> entries = part.list("entries", WorkerDocuments::entry);
            if (part.has("position")) {
                position = part.number("position");
            }
            long lost = part.number("lost");
            if (!entries.isEmpty() || lost > 0) {
                listener.onLog(entries, lost);
            }
        }
    }

    /** Events: which number came last. */
    private final class Events {
        private final EventListener listener;
        private volatile @Nullable Long after;
        private volatile String life = "";

        Events(@Nullable Long after, EventListener listener) {
            this.after = after;
            this.listener = listener;
        }

        PendingCall begin() throws ExecutionException, InterruptedException {
            if (!life.isEmpty() && !life.equals(now())) {
                link.say("the node was started again meanwhile; its events before that are lost here");
                after = 0L;
            }
            Map<String, @Nullable Object> arguments = new HashMap<>();
            arguments.put("after", after);
            return calls.begin(Operation.FOLLOW_EVENTS, arguments, this::part);
        }

        private void part(Values part) {
            long lost = part.number("lost");
            for (NodeEvent event : part.list("events", NodeDocuments::event)) {
                listener.onEvent(event, lost);
                lost = 0;
                after = event.seq();
                life = event.life();
            }
        }

        private String now() throws ExecutionException, InterruptedException {
            CallResult status =
                    calls.begin(Operation.GET_STATUS, Map.of(), part -> {}).get();
            return Values.of(status.args().get(0)).text("life");
        }
    }
}
