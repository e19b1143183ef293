package io.millwright.remote.cli;

import io.millwright.wamp.WampErrorException;
import io.millwright.wamp.WampException;
import io.millwright.wamp.client.ClientListener;
import io.millwright.wamp.client.SessionInfo;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Whether there is a session with the node. Thread-safe. */
final class Connection implements ClientListener, Followings.Link {
    private final Consumer<String> messages;
    private final CompletableFuture<Void> first = new CompletableFuture<>();
    private final Runnable failing;
    private boolean connected;
    private long sessions;
    private boolean over;
    /** Why the node has let nobody in since the connection was lost, the last time it was said. */
    private String refusal = "";

    /**
     * No session yet.
     *
     * @param messages what is said to the user
     * @param failing ends the command
     */
    Connection(Consumer<String> messages, Runnable failing) {
        this.messages = messages;
        this.failing = failing;
    }

    /** Complete with the first session, or why there is none: nobody waits at the beginning. */
    CompletableFuture<Void> first() {
        return first;
    }

    @Override
    public synchronized void joined(SessionInfo session, boolean again) {
        first.complete(null);
        connected = true;
        sessions++;
        refusal = "";
        notifyAll();
    }

    @Override
    public void disconnected(WampException why, boolean again) {
        String sentence;
        synchronized (this) {
            boolean lost = !first.completeExceptionally(why) && !connected;
            connected = false;
            over = !again;
            notifyAll();
            sentence = lost && why instanceof WampErrorException ? String.valueOf(why.getMessage()) : refusal;
            if (sentence.equals(refusal)) {
                return;
            }
            refusal = sentence;
        }
        say("the node does not let this session in: " + sentence);
    }

    @Override
    public synchronized long sessions() {
        return sessions;
    }

    @Override
    public synchronized boolean await(long before) throws InterruptedException {
        while ((!connected || sessions <= before) && !over) {
            wait();
        }
        return connected;
    }

    @Override
    public void say(String sentence) {
        messages.accept(sentence);
    }

    @Override
    public void fail() {
        failing.run();
    }
}
