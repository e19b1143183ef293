package io.millwright.controller.internal.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.internal.simulation.Simulation.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The core in simulation: a fixed number of lives, half of them of fixed seeds, half of seeds of the commit. With the system property {@code simulation.minutes} as many lives of
 * fresh seeds as fit into that time ({@code bench/soak --simulate}).
 */
class SimulationTest {
    /** A short build lives a part of the lives, with the seeds that come first. */
    private static final int SHARE = Integer.getInteger("simulation.share", 1);

    private static final int LIVES = 10_000 / SHARE;
    private static final int CHOICES = 600;
    /** Lives of the soak that broke a rule once. */
    private static final List<Long> FOUND = List.of(1883190144566071476L, 113696998770586L);

    /** How many lives are of workers with commands beside their programs. */
    private static final int COMMANDED = 2_000 / SHARE;
    /** Lives of these that broke a rule once. */
    private static final List<Long> FOUND_COMMANDED = List.of(7001053L);

    /** How many lives are of workers that run at certain times. */
    private static final int SCHEDULED = 4_000 / SHARE;

    /** Lives of these that broke a rule once. */
    private static final List<Long> FOUND_SCHEDULED = List.of(
            700000776L,
            70751397777451L,
            70751397778159L,
            258535070317317L,
            1796028838020688L,
            1796028838054145L,
            30686000252787L);

    /** How many lives are of groups. */
    private static final int GROUPED = 2_000 / SHARE;
    /** Lives of these that broke a rule once. */
    private static final List<Long> FOUND_GROUPED = List.of(
            5000422L,
            6001903L,
            6002058L,
            6002074L,
            6003758L,
            6005076L,
            6008488L,
            7004015L,
            8007558L,
            1796032045003089L,
            77000132791L,
            77000229903L,
            93000000533L,
            94000046440L,
            97500007354L,
            97500007942L,
            97500008510L,
            97500010283L,
            97500010952L,
            99000013371L);

    /** Lives of groups whose files change that broke a rule once. */
    private static final List<Long> FOUND_WATCHED = List.of(
            1796028838001654L,
            1796028838001695L,
            1796028838023026L,
            1796028838041527L,
            1796028838042402L,
            6283000140241L,
            6283000254428L,
            6283000418807L,
            6283000574128L,
            11943000047072L,
            32641000005094L,
            32641000006636L,
            32641000014815L,
            32641000034314L);

    /** How many lives are of workers whose next runs begin beside their current ones. */
    private static final int OVERLAPPED = 2_000 / SHARE;
    /** Lives of these that broke a rule once. */
    private static final List<Long> FOUND_OVERLAPPED =
            List.of(20040091L, 1796032045020709L, 1796033874000543L, 1796033874049843L);

    /** How many lives are of workers that callers save and delete. */
    private static final int SAVED = 2_000 / SHARE;
    /** Lives of these that broke a rule once. */
    private static final List<Long> FOUND_SAVED = List.of(1796028838060396L);

    /** How many lives are of nodes that shutdown triggers may end. */
    private static final int TRIGGERED = 2_000 / SHARE;
    /** Lives of these that broke a rule once. */
    private static final List<Long> FOUND_TRIGGERED =
            List.of(1883289624185409497L, 1883289946686490306L, 115096771060753L);

    /** How many lives are of workers in groups whose limits change. */
    private static final int LIMITED = 2_000 / SHARE;
    /** Lives of these that broke a rule once. */
    private static final List<Long> FOUND_LIMITED = List.of(
            124087190523376L, 28214000019346L, 28214000077126L, 28214000103418L, 28214000122955L, 8076000259906L);

    private long steps;

    @AfterAll
    static void removeFiles() throws IOException {
        Simulation.removeFiles();
    }

    @Test
    void noLifeBreaksARule() {
        FOUND.forEach(seed -> live(seed, false));
        long fresh = seedOfCommit();
        for (int i = 0; i < LIVES / 2; i++) {
            live(i);
            live(fresh + i);
        }
        System.out.println("simulation: " + steps + " steps in " + LIVES + " lives, seeds from 0 and from " + fresh);
    }

    @Test
    void noLifeWithCommandsBreaksARule() {
        FOUND_COMMANDED.forEach(seed -> live(seed, true));
        long fresh = seedOfCommit();
        for (int i = 0; i < COMMANDED / 2; i++) {
            live(i, true);
            live(fresh + i, true);
        }
        System.out.println("simulation: " + COMMANDED + " lives with commands, seeds from 0 and from " + fresh);
    }

    @Test
    void noLifeWithSchedulesBreaksARule() {
        FOUND_SCHEDULED.forEach(seed -> live(seed, true, Kind.SCHEDULES));
        FOUND_SCHEDULED.forEach(seed -> live(seed, false, Kind.SCHEDULES));
        long fresh = seedOfCommit();
        for (int i = 0; i < SCHEDULED / 2; i++) {
            live(i, i % 4 == 0, Kind.SCHEDULES);
            live(fresh + i, i % 4 == 0, Kind.SCHEDULES);
        }
        System.out.println("simulation: " + SCHEDULED + " lives with schedules, seeds from 0 and from " + fresh);
    }

    @Test
    void noLifeWithGroupsBreaksARule() {
        FOUND_GROUPED.forEach(this::liveInGroups);
        FOUND_WATCHED.forEach(this::liveInWatchedGroups);
        // Rarer ones may break a rule yet, by configurations that are wrong and ask for each other's ids: those are for
        // the soak.
        for (int i = 0; i < GROUPED; i++) {
            liveInGroups(i);
        }
        for (int i = 0; i < GROUPED / 4; i++) {
            liveInWatchedGroups(i);
        }
        System.out.println("simulation: " + GROUPED + " lives with groups, seeds from 0");
    }

    @Test
    void noLifeWithTwoRunsAtOnceBreaksARule() {
        FOUND_OVERLAPPED.forEach(seed -> live(seed, false, Kind.OVERLAP));
        long fresh = seedOfCommit();
        for (int i = 0; i < OVERLAPPED / 2; i++) {
            live(i, i % 2 == 0, Kind.OVERLAP);
            live(fresh + i, i % 2 == 0, Kind.OVERLAP);
        }
        System.out.println("simulation: " + OVERLAPPED + " lives with overlap, seeds from 0 and from " + fresh);
    }

    @Test
    void noLifeWithSavedWorkersBreaksARule() {
        FOUND_SAVED.forEach(seed -> live(seed, false, Kind.SAVED));
        long fresh = seedOfCommit();
        for (int i = 0; i < SAVED / 2; i++) {
            live(i, false, Kind.SAVED);
            live(fresh + i, false, Kind.SAVED);
        }
        System.out.println("simulation: " + SAVED + " lives with saved workers, seeds from 0 and from " + fresh);
    }

    @Test
    void noLifeWithTriggersBreaksARule() {
        FOUND_TRIGGERED.forEach(seed -> live(seed, seed % 2 == 0, Kind.TRIGGERS));
        long fresh = seedOfCommit();
        for (int i = 0; i < TRIGGERED / 2; i++) {
            live(i, i % 2 == 0, Kind.TRIGGERS);
            live(fresh + i, (fresh + i) % 2 == 0, Kind.TRIGGERS);
        }
        System.out.println("simulation: " + TRIGGERED + " lives with triggers, seeds from 0 and from " + fresh);
    }

    @Test
    void noLifeWithLimitsBreaksARule() {
        FOUND_LIMITED.forEach(seed -> live(seed, seed % 2 == 0, Kind.LIMITS));
        long fresh = seedOfCommit();
        for (int i = 0; i < LIMITED / 2; i++) {
            live(i, i % 2 == 0, Kind.LIMITS);
            live(fresh + i, (fresh + i) % 2 == 0, Kind.LIMITS);
        }
        System.out.println("simulation: " + LIMITED + " lives with limits, seeds from 0 and from " + fresh);
    }

    @Test
    @EnabledIfSystemProperty(named = "simulation.minutes", matches = "[1-9][0-9]*")
    void noLifeOfALongTimeBreaksARule() {
        long end = System.nanoTime()
                + Duration.ofMinutes(Long.getLong("simulation.minutes")).toNanos();
        long first = System.currentTimeMillis() << 20;
        long seed = first;
        while (System.nanoTime() < end) {
            live(seed, seed % 2 == 0, Kind.values()[(int) (seed % Kind.values().length)]);
            liveInGroups(seed);
            liveInWatchedGroups(seed);
            seed++;
        }
        System.out.println("simulation: " + steps + " steps in " + (seed - first) + " lives, seeds from " + first);
    }

    private void live(long seed) {
        live(seed, false, Kind.PLAIN);
    }

    private void live(long seed, boolean commands) {
        live(seed, commands, Kind.PLAIN);
    }

    private void live(long seed, boolean commands, Kind more) {
        live(seed, choices -> new Simulation(choices, commands, more));
    }

    private void liveInGroups(long seed) {
        live(seed, choices -> new GroupSimulation(choices, false));
    }

    private void liveInWatchedGroups(long seed) {
        live(seed, choices -> new GroupSimulation(choices, true));
    }

    private void live(long seed, Function<Choices, Simulation> lives) {
        Choices choices = Choices.ofSeed(seed, CHOICES);
        Simulation simulation = lives.apply(choices);
        List<String> broken = simulation.run();
        steps += simulation.steps();
        String where = "seed " + seed + ", " + steps + " steps in all; ";
        assertThat(broken)
                .as(() -> where + shortest(choices.taken(), kind(broken), lives))
                .isEmpty();
    }

    /** Another one for each commit, the same when it is run again; outside a repository always the same. */
    private static long seedOfCommit() {
        try {
            Process git = new ProcessBuilder("git", "rev-parse", "HEAD")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String id = new String(git.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            return id.matches("[0-9a-f]{12,}") ? Long.parseLong(id.substring(0, 12), 16) : LIVES;
        } catch (IOException noGit) {
            return LIVES;
        }
    }

    /** The rule that was broken first, without the numbers in its sentence. */
    private static String kind(List<String> broken) {
        return broken.isEmpty() ? "" : broken.get(0).replaceAll("[0-9]+", "");
    }

    /** Takes choices away as long as some rule stays broken. */
    private static String shortest(List<Integer> choices, String kind, Function<Choices, Simulation> lives) {
        List<Integer> best = choices;
        for (int size = best.size() / 2; size > 0; size /= 2) {
            for (int from = 0; from + size <= best.size(); ) {
                List<Integer> fewer = new ArrayList<>(best.subList(0, from));
                fewer.addAll(best.subList(from + size, best.size()));
                if (!kind.equals(kind(lives.apply(Choices.again(fewer)).run()))) {
                    from += size;
                } else {
                    best = fewer;
                }
            }
        }
        Simulation last = lives.apply(Choices.again(best));
        List<String> broken = last.run();
        return "choices " + best + "\n  " + String.join("\n  ", last.story()) + "\n  breaks: " + broken;
    }
}
