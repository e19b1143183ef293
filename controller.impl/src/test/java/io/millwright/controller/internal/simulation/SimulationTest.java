package io.millwright.controller.internal.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.internal.launch.PluginPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The core in simulation: a fixed number of lives of fixed seeds. */
class SimulationTest {
    private static final int LIVES = 10_000;
    private static final int CHOICES = 600;

    @Test
    void noLifeBreaksARule() {
        try (PluginPool plugins = new PluginPool("simulated", 1, Duration.ofSeconds(5), () -> 0, (nanos, task) -> {})) {
            long steps = 0;
            for (long seed = 0; seed < LIVES; seed++) {
                Choices choices = Choices.ofSeed(seed, CHOICES);
                Simulation simulation = new Simulation(choices, plugins);
                List<String> broken = simulation.run();
                steps += simulation.steps();
                String where = "seed " + seed + ", " + steps + " steps in all; ";
                assertThat(broken)
                        .as(() -> where + shortest(choices.taken(), kind(broken), plugins))
                        .isEmpty();
            }
            System.out.println("simulation: " + steps + " steps in " + LIVES + " lives");
        }
    }

    /** The rule that was broken first, without the numbers in its sentence. */
    private static String kind(List<String> broken) {
        return broken.isEmpty() ? "" : broken.get(0).replaceAll("[0-9]+", "");
    }

    /** Takes choices away as long as some rule stays broken. */
    private static String shortest(List<Integer> choices, String kind, PluginPool plugins) {
        List<Integer> best = choices;
        for (int size = best.size() / 2; size > 0; size /= 2) {
            for (int from = 0; from + size <= best.size(); ) {
                List<Integer> fewer = new ArrayList<>(best.subList(0, from));
                fewer.addAll(best.subList(from + size, best.size()));
                if (!kind.equals(kind(new Simulation(Choices.again(fewer), plugins).run()))) {
                    from += size;
                } else {
                    best = fewer;
                }
            }
        }
        Simulation last = new Simulation(Choices.again(best), plugins);
        List<String> broken = last.run();
        return "choices " + best + "\n  " + String.join("\n  ", last.story()) + "\n  breaks: " + broken;
    }
}
