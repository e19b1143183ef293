package io.millwright.controller.internal.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Where a simulation's choices come from: a seed, or the choices of an earlier simulation, which repeats it exactly. */
final class Choices {
    private final Random random;
    private final List<Integer> taken;
    private final int most;
    private int next;

    private Choices(Random random, List<Integer> taken, int most) {
        this.random = random;
        this.taken = taken;
        this.most = most;
    }

    static Choices ofSeed(long seed, int most) {
        return new Choices(new Random(seed), new ArrayList<>(), most);
    }

    static Choices again(List<Integer> choices) {
        return new Choices(new Random(0), new ArrayList<>(choices), choices.size());
    }

    /** A number from 0 on below the bound. What comes after the last choice is always 0, the dull one. */
    int below(int bound) {
        if (next >= most) {
            return 0;
        }
        if (next == taken.size()) {
            taken.add(random.nextInt(1 << 20));
        }
        return taken.get(next++) % bound;
    }

    boolean oneIn(int n) {
        return below(n) == n - 1;
    }

    <T> T of(List<T> items) {
        return items.get(below(items.size()));
    }

    boolean isOver() {
        return next >= most;
    }

    List<Integer> taken() {
        return List.copyOf(taken);
    }
}
