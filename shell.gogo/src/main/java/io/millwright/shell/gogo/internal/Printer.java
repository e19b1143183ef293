package io.millwright.shell.gogo.internal;

import io.millwright.controller.api.Document;
import io.millwright.controller.api.Documents;
import io.millwright.controller.api.text.Json;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Prints what a command follows, item by item, until it ends, nobody reads any more or the thread is interrupted. For the
 * command's thread.
 *
 * @param <T> what is followed
 */
public final class Printer<T extends Document> {
    /** How often an idle command looks whether somebody still reads. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Invocation call;
    private final Function<T, String> view;
    private final String things;

    /**
     * A printer.
     *
     * @param call where to
     * @param view the text of an item
     * @param things what items are called when some are lost
     */
    public Printer(Invocation call, Function<T, String> view, String things) {
        this.call = call;
        this.view = view;
        this.things = things;
    }

    /**
     * Prints what comes. An interrupt is the usual end of it, no failure.
     *
     * @param feed where it comes from
     * @param wanted which of it
     */
    public void follow(Feed<T> feed, Predicate<T> wanted) {
        try {
            printAll(feed, wanted);
        } catch (InterruptedException e) {
            // The flag stays cleared: with it set, Gogo would close the session's channels at the next write.
            call.exitCode(Command.INTERRUPTED);
        }
    }

    private void printAll(Feed<T> feed, Predicate<T> wanted) throws InterruptedException {
        while (true) {
            Feed.Batch<T> batch = feed.poll(LOOK);
            if (batch == null) {
                if (!call.isRead()) {
                    return;
                }
            } else if (batch.end()
                    || !print(batch.items().stream().filter(wanted).toList(), batch.lost())) {
                return;
            }
        }
    }

    /**
     * Prints some items.
     *
     * @param items oldest first
     * @param lost how many were lost before them
     * @return whether somebody still reads
     */
    public boolean print(List<T> items, long lost) {
        if (lost > 0 && !call.print(note(lost))) {
            return false;
        }
        for (T item : items) {
            if (!call.print(call.json() ? Json.write(item.toMap()) : view.apply(item))) {
                return false;
            }
        }
        return true;
    }

    private String note(long lost) {
        return call.json() ? Json.write(Documents.of("lost", lost)) : "... " + lost + " " + things + " lost ...";
    }
}
