package io.millwright.wamp.serial;

import io.millwright.wamp.message.Payload;
import io.millwright.wamp.message.Result;
import io.millwright.wamp.message.WampMessage;
import java.util.List;
import java.util.Map;
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

/** A message with a worker in it, as a router takes it in, passes it on, and makes it; time a message. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CodecBenchmark {
    /** The serializer's name. */
    @Param({"json", "msgpack", "cbor"})
    String serializer;

    private Serializer codec;
    private byte[] bytes;

    /** Makes the message. */
    @Setup
    public void open() {
        codec = Serializers.all().stream()
                .filter(one -> one.name().equals(serializer))
                .findFirst()
                .orElseThrow();
        bytes = make();
    }

    /** Encodes values of the application. */
    @Benchmark
    public byte[] make() {
        Map<String, Object> worker = Map.of(
                "id", "web", "pid", 4711L, "status", "started", "uptime", 12.5, "options", List.of("a", "b", true));
        return codec.encode(new Result(7, Map.of(), Payload.args(List.of(worker, worker))));
    }

    /** Decodes the message and checks its payload, which nobody looks at. */
    @Benchmark
    public WampMessage takeIn() {
        return codec.decode(bytes);
    }

    /** The same, and encodes it again: its payload is copied. */
    @Benchmark
    public byte[] passOn() {
        return codec.encode(codec.decode(bytes));
    }
}
