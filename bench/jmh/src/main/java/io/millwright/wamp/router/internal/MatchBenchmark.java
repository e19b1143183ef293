package io.millwright.wamp.router.internal;

import io.millwright.wamp.MatchPolicy;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The subscriptions an event goes to, among patterns of all three kinds; time an event. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class MatchBenchmark {
    /** How many patterns of each kind there are. */
    @Param({"10", "1000"})
    int patterns;

    private final PatternMap<Integer> map = new PatternMap<>();
    private int sum;

    /** Puts the patterns there. */
    @Setup
    public void open() {
        for (int i = 0; i < patterns; i++) {
            map.put("millwright.worker.w" + i + ".on_log", MatchPolicy.EXACT, i);
            map.put("millwright.worker.w" + i, MatchPolicy.PREFIX, i);
            map.put("millwright..w" + i + ".", MatchPolicy.WILDCARD, i);
        }
    }

    /** One event. */
    @Benchmark
    public int match() {
        map.match("millwright.worker.w7.on_log", value -> sum += value);
        return sum;
    }

    /** One call. */
    @Benchmark
    public Integer best() {
        return map.best("millwright.worker.w7.on_log");
    }
}
