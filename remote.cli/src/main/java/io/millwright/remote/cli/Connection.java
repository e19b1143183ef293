package io.millwright.remote.cli;

import io.millwright.wamp.WampException;
import io.millwright.wamp.client.ClientListener;
import io.millwright.wamp.client.SessionInfo;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Whether there is a session with the node. Thread-safe. */
final class Connection implements ClientListener, Followings.Link {
    private final Consumer<String> messages;
    private final CompletableFuture<Void> first = new CompletableFuture<>();
    private boolean connected;
    private boolean over;

    Connection(Consumer<String> messages) {
        this.messages = messages;
    }

    /** Complete with the first session, or why there is none: nobody waits at the beginning. */
    CompletableFuture<Void> first() {
        return first;
    }

    @Override
    public synchronized void joined(SessionInfo session, boolean again) {
        first.complete(null);
        connected = true;
        notifyAll();
    }

    @Override
    public synchronized void disconnected(WampException why, boolean again) {
        first.completeExceptionally(why);
        connected = false;
        over = !again;
        notifyAll();
    }

    @Override
    public synchronized boolean await() throws InterruptedException {
        while (!connected && !over) {
            wait();
        }
        return connected;
    }

    @Override
    public void say(String sentence) {
        messages.accept(sentence);
    }
}
