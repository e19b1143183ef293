package io.millwright.controller.internal.node;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.ObjIntConsumer;

/**
 * The exits that no restart follows, on their way to the shutdown triggers. One after which nothing lives waits while starts are being
 * checked: only when that is done can be told whether it was the last. Runs in the controller loop.
 */
final class Exits {
    private final Executor loop;
    private final IntSupplier live;
    private final BooleanSupplier startsAreChecked;
    private final ObjIntConsumer<Triggers.Question> triggers;
    private final Deque<Triggers.Question> waiting = new ArrayDeque<>();

    /**
     * None yet.
     *
     * @param loop runs what comes after the present turn: only then is each worker in the state that it keeps
     * @param live how many workers live
     * @param startsAreChecked whether a start may still make a worker live
     * @param triggers are asked about each exit, in order, with how many workers live
     */
    Exits(
            Executor loop,
            IntSupplier live,
            BooleanSupplier startsAreChecked,
            ObjIntConsumer<Triggers.Question> triggers) {
        this.loop = loop;
        this.live = live;
        this.startsAreChecked = startsAreChecked;
        this.triggers = triggers;
    }

    void add(Triggers.Question question) {
        if (question.names().isEmpty()) {
            triggers.accept(question, 0);
            return;
        }
        waiting.add(question);
        proceed();
    }

    /** A worker lives, or a start has been checked. */
    void proceed() {
        if (!waiting.isEmpty()) {
            loop.execute(this::ask);
        }
    }

    private void ask() {
        while (!waiting.isEmpty()) {
            int now = live.getAsInt();
            if (now == 0 && startsAreChecked.getAsBoolean()) {
                return;
            }
            triggers.accept(waiting.remove(), now);
        }
    }
}
